"""Sources that disagree: two values of a property that should have one, and sentences that deny what others say.

A conflict is no violation. An editor settles it: `ev:preferred` on one claim, or `ev:retracted`; every claim stays.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..authoring.cardinality import Cardinality
from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..authoring.rivals import find_rivals
from ..iris import compact
from ..namespaces import EV, SH
from ..rdf.lines import iri, split
from ..validation import Report, ShapesGraph, Validation
from .reification import claims_in
from .statement import Evidence, Support

__all__ = ["Conflict", "Side", "find_conflicts", "without_conflicts"]


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
    validation: Validation,
    about: Callable[[Collection[bytes]], Iterable[bytes]],
    ontology: Iterable[bytes],
    shapes: ShapesGraph,
) -> Validation:
    """What validation found, less the counts above one of properties on whose value sources disagree.

    Those are named in the report's notes. `about` gives the triples of some nodes and of the claims about them, as
    canonical lines; a count is broken all the same where a value has no evidence of its own.
    """
    counted = {
        (result.focus_node, result.path)
        for report in validation.reports
        for result in report.results
        if result.component == SH.MaxCountConstraintComponent
    }
    if not counted:
        return validation
    lines = list(about({node.encode() for node, _ in counted}))
    values: dict[tuple[str, str], set[bytes]] = {}
    for line in lines:
        subject, predicate, _, _ = split(line)
        values.setdefault((subject.decode(), predicate.decode()), set()).add(line)
    rivals, agreeing, _ = find_rivals(claims_in(lines), Cardinality(ontology, shapes.lines))
    disputed = {}
    for group in (*filter(lambda one: one.of_sources, rivals), *agreeing):
        subject, predicate, _, _ = split(group.claims[0].triple)
        pair = subject.decode(), predicate.decode()
        # a value without a claim has no source that could disagree
        if pair in counted and values.get(pair, set()) <= {claim.triple for claim in group.claims}:
            disputed[pair] = group
    notes = tuple(
        f"sources {'agree' if group in agreeing else 'disagree'}: {node} {path}: {len(group.claims)} values"
        + ("" if group in agreeing else f", {'' if group.settled else 'not '}settled")
        for (node, path), group in sorted(disputed.items())
    )

    def kept(report: Report) -> Report:
        results = tuple(
            result
            for result in report.results
            if result.component != SH.MaxCountConstraintComponent or (result.focus_node, result.path) not in disputed
        )
        here = notes if len(results) < len(report.results) else ()
        return replace(report, results=results, notes=(*report.notes, *here))

    return replace(validation, reports=tuple(map(kept, validation.reports)))
