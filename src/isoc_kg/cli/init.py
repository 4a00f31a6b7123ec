"""`isoc-kg init`."""

import sys
from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="What the publication is called.")
@click.option(
    "--base", metavar="IRI", help="What every IRI of it begins with: an address of yours, a slash at its end."
)
@click.option("--language", metavar="TAG", help="The language of its names, and of its documents (default: en).")
@click.option("--licence", metavar="IRI", help="The licence of the data; can be added to kg.toml before publishing.")
@click.option("--creator", metavar="NAME", help="Who publishes it.")
@click.option(
    "--document", "documents", metavar="FILE", multiple=True, help="A document to begin with; may be given again.",
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

    DIR gets settings, an ontology, shapes, a file for facts, and the documents with their sentences indexed; it builds
    at once. Asks for --title and --base at a terminal where they are missing. The same again changes nothing.
    """
    from ..publication.start import EXAMPLES, NewProject, copy_example, start_project

    if example is None:
        if (missing := [name for name, value in (("--title", title), ("--base", base)) if not value]) and not _asks():
            raise click.UsageError(f"Missing {' and '.join(missing)}; --example bakery writes a finished project.")
        title = title or _asked("Title of the publication")
        base = base or _asked("Base IRI, an address of yours such as https://example.org/harbour/")
        new = NewProject(title, base, language or "en", licence, creator, documents)
    elif any((title, base, language, licence, creator, documents)):
        raise click.UsageError("--example writes a finished project: it takes no other option.")
    elif example not in EXAMPLES:
        raise click.UsageError(f"There is no example “{example}”: {', '.join(EXAMPLES)}.")
    here = directory.resolve() == Path.cwd()
    project, written = start_project(directory, new) if example is None else copy_example(directory, example)
    if not written:
        click.echo(f"{directory}: {project.title}. It is there already: nothing changed.")
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
