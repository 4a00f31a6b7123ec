"""Sources that disagree: two values of a property that should have one, and sentences that deny what others say.

A conflict is no violation. An editor settles it: `ev:preferred` on one claim, or `ev:retracted`; every claim stays.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..iris import compact
from ..namespaces import EV, SH
from ..rdf.lines import iri, split
from ..rdf.tokens import PART_TOKENS
from ..validation import Report, Validation
from .statement import Evidence, Support

__all__ = ["Conflict", "Side", "find_conflicts", "without_conflicts"]

_CONFLICTS = f" <{EV.conflictsWith}> ".encode()


@dataclass(frozen=True, slots=True)
class Side:
    """One claim of a conflict, with what stands behind it and whether it is still stated."""

    evidence: Evidence
    state: str  #: "stated", "preferred", "settled against" or "retracted"
    place: tuple[str, int]  #: file and line


@dataclass(frozen=True, slots=True)
class Conflict:
    """What sources say differently of one thing."""

    kind: str  #: "values", or "denial" for one claim and the sentences that deny it
    subject: str
    property: str
    sides: tuple[Side, ...]
    settled: bool

    def to_json(self) -> dict[str, Any]:
        """The conflict as JSON values."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "property": self.property,
            "settled": self.settled,
            "claims": [_side(side) for side in self.sides],
        }

    def to_text(self, prefixes: Mapping[str, str]) -> str:
        """The conflict to read, a line a claim and a sentence."""
        state = "settled" if self.settled else "not settled"
        what = "one says so, another denies it" if self.kind == "denial" else f"{len(self.sides)} values"
        lines = [f"{compact(self.subject, prefixes)} {compact(self.property, prefixes)}: {what}, {state}"]
        for side in self.sides:
            file, number = side.place
            lines.append(f"  {side.evidence.value(prefixes)}  {side.state}  ({file}:{number})")
            lines += [f"    {sentence}" for sentence in side.evidence.sentences]
            lines += [f"    source: {source}" for source in side.evidence.sources]
            lines += [f"    {line}" for line in side.evidence.status(prefixes, rivals=False)]
        return "\n".join(lines)


def _side(side: Side) -> dict[str, Any]:
    evidence = side.evidence
    value: dict[str, Any] = {
        "claim": evidence.claim,
        "value": evidence.triple[2],
        "state": side.state,
        "file": side.place[0],
        "line": side.place[1],
        "supported_by": [sentence.iri for sentence in evidence.sentences],
    }
    return value | evidence.disagreement


def find_conflicts(dataset: Dataset, support: Support) -> list[Conflict]:
    """All conflicts among the claims of a dataset, settled ones included, in the order of their subjects."""
    conflicts = list(_conflicts(dataset, support))
    return sorted(conflicts, key=lambda conflict: (conflict.subject, conflict.property, conflict.sides[0].place))


def _conflicts(dataset: Dataset, support: Support) -> Iterator[Conflict]:
    in_groups = set()
    for group in dataset.rivals:
        subject, property_, _, _ = split(group.claims[0].triple)
        in_groups |= {claim.triple for claim in group.claims}
        # one that is denied, and has won against the other values, is settled with them
        sides = tuple(_as_side(dataset, support, claim) for claim in group.claims)
        denied = [claim for claim in group.live if EV.contradictedBy in claim.evidence]
        settled = group.settled and all(_is_settled(dataset, claim) for claim in denied)
        yield Conflict("values", iri(subject), iri(property_), sides, settled)
    for triple, claim in dataset.claims.items():
        if EV.contradictedBy in claim.evidence and triple not in in_groups:
            subject, property_, _, _ = split(triple)
            side = _as_side(dataset, support, claim)
            yield Conflict("denial", iri(subject), iri(property_), (side,), _is_settled(dataset, claim))


def _is_settled(dataset: Dataset, claim: Claim) -> bool:
    """Whether an editor has decided about a claim that some sentence denies."""
    return EV.preferred in claim.evidence or claim.triple in dataset.withdrawn


def _as_side(dataset: Dataset, support: Support, claim: Claim) -> Side:
    if EV.retracted in claim.evidence:
        state = "retracted"
    elif claim.triple in dataset.withdrawn:
        state = "settled against"
    else:
        state = "preferred" if EV.preferred in claim.evidence else "stated"
    file, line = claim.places[0]
    root = dataset.project.root
    name = file.relative_to(root) if file.is_relative_to(root) else file
    return Side(support.evidence(claim), state, (name.as_posix(), line))


def without_conflicts(
    lines: Collection[bytes], agreeing: Collection[tuple[str, str]], validation: Validation
) -> Validation:
    """What validation found, less the counts above one of properties of which sources give several values.

    `lines` are the triples of claims: those that conflict are linked with each other. `agreeing` are subjects and
    properties whose values agree.
    """
    counts = (result for report in validation.reports for result in report.results)
    if all(result.component != SH.MaxCountConstraintComponent for result in counts):
        return validation
    claims = {line[: line.index(b" ")] for line in lines if _CONFLICTS in line}
    parts: dict[bytes, dict[bytes, str]] = {}
    for line in lines:
        name, predicate, value, _ = split(line)
        if name in claims and predicate in PART_TOKENS[:2]:
            parts.setdefault(name, {})[predicate] = value.decode()
    disputed = {tuple(found.get(part) for part in PART_TOKENS[:2]) for found in parts.values()} | set(agreeing)

    def kept(report: Report) -> Report:
        results = tuple(
            result
            for result in report.results
            if result.component != SH.MaxCountConstraintComponent or (result.focus_node, result.path) not in disputed
        )
        return replace(report, results=results)

    return replace(validation, reports=tuple(map(kept, validation.reports)))
