"""The option that names a SHACL engine."""

import click

from ..validation.engine_names import ENGINES

__all__ = ["engine_option"]

engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="SHACL engine (default: auto, which chooses per shape); compiled runs shapes as queries.",
)
