"""`isoc-kg format`."""

import sys
from pathlib import Path

import click

from .options import project_option


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@project_option
@click.option(
    "--check", is_flag=True, help="Write nothing; list files in another layout, and exit with 1 if there are any."
)
def format(files: tuple[Path, ...], project: Path | None, check: bool) -> None:  # noqa: A001 – the command's name
    """Write Turtle files in canonical layout.

    Without FILE: the facts of the project. Only white space changes; terms, prefixes, comments and their order stay,
    and so does the digest. Standard input (-) is written to standard output.
    """
    from ..authoring.layout import lay_out_file, turtle_laid_out
    from ..errors import UsageError, counted
    from ..formats import TURTLE, format_from_path
    from ..project import bundled_project_path, find_project, load_project

    if files == (Path("-"),):
        data = sys.stdin.buffer.read()
        new = turtle_laid_out(data, "standard input")
        if not check:
            sys.stdout.buffer.write(new)
        sys.exit(1 if check and new != data else 0)
    limits = None
    if not files:
        settings = load_project(project)
        if find_project(project) == bundled_project_path() and project is None and settings.root != Path.cwd():
            raise UsageError("there is no project in this folder.", advice="Name files, or a project: --project DIR.")
        files, limits = tuple(settings.facts_files), settings.limits
    for file in files:
        if format_from_path(file) != TURTLE:
            raise UsageError(f"{file} is not a Turtle file.", advice="Name files that end in .ttl.")
    changed = 0
    for file in files:
        if lay_out_file(file, limits, write=not check):
            changed += 1
            click.echo(f"{file}: {'another layout' if check else 'laid out'}")
    click.echo(f"{counted(len(files), 'file')}, {changed} {'in another layout' if check else 'changed'}", err=True)
    sys.exit(1 if check and changed else 0)
