"""Claims of which one at most can hold: several values of a property that should have one.

All of them are rivals, whatever supports them. Sources disagree only where each value has evidence of its own; where
one and the same unit supports two, one of the two claims is a mistake.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Finding
from ..namespaces import DCTERMS, EV, RDF
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, triple_line
from .agreement import values_agree
from .annotations import SUPPORTING
from .cardinality import Cardinality
from .facts import Claim

__all__ = ["Rivals", "find_rivals", "rival_lines"]

_TYPE = iri_token(RDF.type)
_CONFLICTS = iri_token(EV.conflictsWith)
#: Up to so many claims each names all others; beyond, the next ones, so that hostile input cannot square.
_EACH_OTHER = 20


@dataclass(frozen=True, slots=True)
class Rivals:
    """The claims of one subject and property, in the order of their triples."""

    claims: tuple[Claim, ...]

    @property
    def live(self) -> list[Claim]:
        """Those that are not retracted."""
        return [claim for claim in self.claims if EV.retracted not in claim.evidence]

    @property
    def preferred(self) -> list[Claim]:
        """Those that an editor prefers."""
        return [claim for claim in self.live if EV.preferred in claim.evidence]

    @property
    def against(self) -> list[Claim]:
        """Those that an editor has settled against, by preferring one of the others."""
        preferred = self.preferred
        if len(preferred) != 1:
            return []
        return [claim for claim in self.live if claim not in preferred and not _agree([claim, *preferred])]

    @property
    def settled(self) -> bool:
        """Whether one value at most is left, or several that say the same."""
        against = self.against
        return _agree([claim for claim in self.live if claim not in against])

    @property
    def of_sources(self) -> bool:
        """Whether sources disagree: each value that is left has a unit or a source that no other one has."""
        return self.settled or _each_has_its_own(self.live)


def find_rivals(
    claims: Mapping[bytes, Claim], cardinality: Cardinality
) -> tuple[list[Rivals], list[Rivals], list[Finding]]:
    """The rivals among claims, in the order of their triples, and what an editor settled twice.

    In the middle, the claims of which several sources give values that agree, such as a year and a month of it: these
    are not rivals, and no count of values is broken by them.
    """
    by_property: dict[tuple[bytes, bytes], list[Claim]] = {}
    types: dict[bytes, list[bytes]] = {}
    used: dict[bytes, set[bytes]] = {}
    for triple, claim in claims.items():
        subject, predicate, object_, _ = split(triple)
        if predicate == _TYPE:
            types.setdefault(subject, []).append(object_)
        used.setdefault(subject, set()).add(predicate)
        if cardinality.concerns(predicate):
            by_property.setdefault((subject, predicate), []).append(claim)
    rivals: list[Rivals] = []
    agreeing: list[Rivals] = []
    findings = []
    for (subject, predicate), members in sorted(by_property.items(), key=lambda item: item[0]):
        if len(members) < 2 or not cardinality.single(predicate, subject, types.get(subject, ()), used[subject]):
            continue
        group = Rivals(tuple(sorted(members, key=lambda claim: claim.triple)))
        if _agree(group.claims):
            if _each_has_its_own(group.live):
                agreeing.append(group)
            continue
        rivals.append(group)
        if len(group.preferred) > 1:
            file, line = next(iter(group.preferred[1].evidence[EV.preferred].values()))
            findings.append(
                Finding(
                    f"{len(group.preferred)} values of <{iri(predicate)}> are preferred.",
                    file=file,
                    line=line,
                    iri=iri(subject),
                    advice="Prefer one value: take ev:preferred from the others.",
                )
            )
    return rivals, agreeing, findings


def _agree(claims: Sequence[Claim]) -> bool:
    """Whether the values of claims can all be true."""
    values = {split(claim.triple)[2] for claim in claims}
    # what is less exact agrees with the longest form, if it agrees at all
    exact = max(values, key=lambda value: len(literal(value)[0] if value.startswith(b'"') else value), default=b"")
    return all(values_agree(value, exact) for value in values)


def _each_has_its_own(claims: list[Claim]) -> bool:
    """Whether each claim has a unit or a source that no other one has."""
    count: dict[str, int] = {}
    for claim in claims:
        for source in _sources(claim):
            count[source] = count.get(source, 0) + 1
    return all(any(count[source] == 1 for source in _sources(claim)) for claim in claims)


def _sources(claim: Claim) -> set[str]:
    return {source for key in (*SUPPORTING, DCTERMS.source) for source in claim.evidence.get(key, ())}


def rival_lines(rivals: Iterable[Rivals]) -> Iterator[bytes]:
    """The links between the claims of each group, in both directions."""
    for group in rivals:
        names = [iri_token(claim.iri) for claim in group.claims]
        for position, name in enumerate(names):
            others = names if len(names) <= _EACH_OTHER else (names[position - 1], names[(position + 1) % len(names)])
            for other in others:
                if other != name:
                    yield triple_line(name, _CONFLICTS, other)
