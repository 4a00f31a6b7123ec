"""Options that several commands share."""

from pathlib import Path

import click

__all__ = ["engine_option", "project_option"]

project_option = click.option(
    "--project",
    "project",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The project folder (default: here, if there is a kg.toml; else the shipped publication).",
)

engine_option = click.option(
    "--engine",
    type=click.Choice(["shacl", "pyshacl", "compiled"]),
    help="The SHACL engine (default: shacl where it is installed); compiled: shapes as queries on an embedded store.",
)
