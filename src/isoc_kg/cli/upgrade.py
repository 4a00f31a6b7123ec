"""`isoc-kg upgrade`."""

from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def upgrade(directory: Path | None) -> None:
    """Rewrite a version 1 project for version 2.

    Evidence terms move from isoc: to ev: in facts, gists, shapes, queries and the JSON-LD context. Comments and layout
    stay. DIR is the project folder (default: the current folder). Commit your work first, then review the changes.
    """
    from ..atomic import alone_in
    from ..authoring.upgrade import upgrade_project
    from ..errors import counted
    from ..project import find_project

    root = find_project(directory or Path())
    count = 0
    with alone_in(root):
        for path in upgrade_project(root):
            count += 1
            click.echo(path.as_posix())
    click.echo(f"{counted(count, 'file')} changed" if count else "nothing to change: this is a version 2 project")
