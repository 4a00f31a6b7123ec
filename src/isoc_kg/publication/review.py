"""What of a publication waits for a person: conflicts, evidence that is held, flags without an answer."""

from ..authoring.dataset import Dataset
from ..errors import counted
from ..evidence.authored import Authored
from ..evidence.conflicts import find_conflicts
from ..evidence.flags import EvidenceCheck
from ..evidence.held import held_units

__all__ = ["review_rows"]


def review_rows(dataset: Dataset, check: EvidenceCheck) -> list[tuple[str, str]]:
    """A row for each: its name, how much there is, and mostly the command that lists it."""
    rows = []
    if conflicts := find_conflicts(dataset, Authored(dataset)):
        unsettled = sum(not conflict.settled for conflict in conflicts)
        rows.append(("conflicts", f"{len(conflicts)}, {unsettled} not settled: isoc-kg evidence conflicts"))
    if held := list(held_units(dataset)):
        claims = len({claim.iri for unit in held for claim in unit.claims})
        units = counted(len({unit.edition.unit_iri(unit.number) for unit in held}), "unit")
        rows.append(("held", f"{counted(claims, 'claim')} on {units} that changed: isoc-kg evidence confirm"))
    rows.append(("check", check.summary))
    return rows
