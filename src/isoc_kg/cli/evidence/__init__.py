"""`isoc-kg evidence`: documents, their units, and what rests on them; a module a command."""

import click

from .audit import audit
from .check import check
from .confirm import confirm
from .conflicts import conflicts
from .coverage import coverage
from .drift import drift
from .index import index
from .show import show


@click.group()
def evidence() -> None:
    """Check statements against their sentences; index documents."""


for _command in (index, check, audit, coverage, show, conflicts, drift, confirm):
    evidence.add_command(_command)
