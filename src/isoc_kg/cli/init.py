"""`isoc-kg init`."""

import sys
from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Title of the publication.")
@click.option("--base", metavar="IRI", help="Base IRI: a URL of yours that ends in a slash.")
@click.option("--language", metavar="TAG", help="Language of names and documents (default: en).")
@click.option("--licence", metavar="IRI", help="Licence of the data; can be added to kg.toml later.")
@click.option("--creator", metavar="NAME", help="Name of the publisher.")
@click.option(
    "--document", "documents", metavar="FILE", multiple=True, help="Document to start with; repeatable.",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)  # fmt: skip
@click.option("--example", metavar="NAME", help="Write a finished example instead: bakery.")
def init(
    directory: Path,
    title: str | None,
    base: str | None,
    language: str | None,
    licence: str | None,
    creator: str | None,
    documents: tuple[Path, ...],
    example: str | None,
) -> None:
    """Start a project, with or without documents.

    Writes settings, an ontology, shapes, a file for facts, and the documents with their index into DIR. The result
    builds as it is. At a terminal missing --title and --base are asked for. Repeating the command changes nothing.
    """
    from ..publication.start import EXAMPLES, NewProject, copy_example, start_project

    if example is None:
        if (missing := [name for name, value in (("--title", title), ("--base", base)) if not value]) and not _asks():
            names = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} required"
            raise click.UsageError(f"{names}; --example bakery writes a finished project.")
        title = title or _asked("Title of the publication")
        base = base or _asked("Base IRI, an address of yours such as https://example.org/harbour/")
        new = NewProject(title, base, language or "en", licence, creator, documents)
    elif any((title, base, language, licence, creator, documents)):
        raise click.UsageError("--example excludes all other options.")
    elif example not in EXAMPLES:
        raise click.UsageError(f"there is no example “{example}”: {', '.join(EXAMPLES)}.")
    here = directory.resolve() == Path.cwd()
    project, written = start_project(directory, new) if example is None else copy_example(directory, example)
    if not written:
        click.echo(f"{directory}: {project.title}. Already there: nothing changed.")
        return
    if here:  # a new folder took the place of the one in which the shell is: only its name leads there
        directory = Path(project.root)
    check = "evidence show --uncovered" if example is None and documents else "evidence check"
    click.echo(f"{directory}: {project.title}. Next:\n\n  cd {directory}\n  isoc-kg build\n  isoc-kg {check}")


def _asks() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(what: str) -> str:
    answer: str = click.prompt(what, err=True, value_proc=lambda text: text.strip())
    return answer
