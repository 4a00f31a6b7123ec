"""The option that names a SHACL engine; apart from the others, since it loads what knows the engines."""

import click

from ..validation import ENGINES

__all__ = ["engine_option"]

engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="SHACL engine (default: auto, which chooses per shape); compiled runs shapes as queries.",
)
