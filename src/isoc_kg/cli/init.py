"""`isoc-kg init`."""

from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Write a small working project to start from.

    DIR gets a document, an ontology, shapes, facts with evidence, a query and a README.
    """
    from ..publication.start import start_project

    here = directory.resolve() == Path.cwd()
    project = start_project(directory)
    if here:  # a new folder took the place of the one in which the shell is: only its name leads there
        directory = Path(project.root)
    click.echo(f"{directory}: {project.title}. Next:\n\n  cd {directory}\n  isoc-kg build\n  isoc-kg evidence check")
