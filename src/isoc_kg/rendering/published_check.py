"""What the evidence check raised, as a publication shows it: asked by this build, or recorded of the same data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..authoring.annotations import SUPPORTING
from ..authoring.facts import Place
from ..evidence.audit_record import AuditRecord
from ..evidence.check_record import CheckRecord
from ..publication.publication import Publication

__all__ = ["PublishedCheck", "claim_places", "published_check"]


@dataclass(frozen=True, slots=True)
class PublishedCheck:
    """What the evidence check raised, and where the evidence is written, as far as that is known."""

    check: CheckRecord
    recorded: bool  #: whether an earlier run compared the texts
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)  #: claim and unit → file and line


def published_check(publication: Publication, record: AuditRecord | None) -> PublishedCheck | None:
    """What the gate asked where all texts are at hand, else what is recorded of the same data, else what it asked.

    None where nobody compared a text.
    """
    dataset, gate = publication.dataset, publication.gate
    if dataset is None or gate is None:
        return None
    asked = gate.evidence
    recorded = record.check if record else None
    if recorded and (not asked.compared or asked.not_compared):
        check, is_record = recorded, True
    elif asked.compared:
        check, is_record = CheckRecord.of(asked), False
    else:
        return None
    flagged = {(flag.claim, flag.unit) for flag in check.flags}
    root = publication.project.root
    places = {}
    for claim in dataset.claims.values():
        for _, unit, place in claim.units(*SUPPORTING):
            if (claim.iri, unit) in flagged:
                places[claim.iri, unit] = _written(place, root)
    return PublishedCheck(check, is_record, places)


def claim_places(publication: Publication) -> dict[str, str]:
    """Claim → the file and the line where it stands first; nothing for what is no project's files."""
    claims = publication.dataset.claims.values() if publication.dataset else ()
    return {claim.iri: _written(claim.places[0], publication.project.root) for claim in claims}


def _written(place: Place, root: Path) -> str:
    file, line = place
    name = file.relative_to(root) if file.is_relative_to(root) else file
    return f"{name.as_posix()}:{line}"
