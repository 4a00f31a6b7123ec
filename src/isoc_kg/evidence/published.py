"""Evidence as a published graph tells it, wherever the graph is: claims are `rdf:Statement`s, found by queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import pyoxigraph as ox

from ..authoring.facts import Claim
from ..documents.unit_names import EditionName, prefixes_of_names
from ..documents.units import KINDS, Unit
from ..iris import local_name
from ..namespaces import DCTERMS, EV, OA, RDF, SCHEMA, SKOS, STATEMENT_PARTS
from ..query.evaluator import Row
from ..rdf.lines import literal, split
from .statement import TOLD_APART, Evidence, Sentence

__all__ = ["Published"]

_MOST_EDITIONS = 10_000  #: whose names are read
_BATCH = 50  #: resources that one query names
_KINDS = {name: kind for kind, name in KINDS.items()}


class _Selecting(Protocol):
    """Whatever answers SELECT queries."""

    def select(self, text: str, /) -> tuple[Sequence[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""


class Published:
    """The claims in a graph that can be asked; those whose IRIs start with `claims`."""

    def __init__(self, evaluator: _Selecting, claims: str) -> None:
        self._evaluator = evaluator
        self._claims = claims

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens of IRIs; others have none)."""
        for some in _batches(subjects):
            text = (
                f"SELECT ?claim ?s ?p ?o WHERE {{ VALUES ?s {{ {some} }} ?claim <{RDF.subject}> ?s ; "
                f"<{RDF.predicate}> ?p ; <{RDF.object}> ?o }}"
            )
            found = []
            for claim, subject, predicate, object_ in self._rows(text):
                if isinstance(claim, ox.NamedNode) and claim.value.startswith(self._claims):
                    found.append(Claim(f"{subject} {predicate} {object_} .\n".encode(), claim.value))
            yield from sorted(found, key=lambda claim: claim.triple)

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""
        found: set[bytes] = set()
        for some in _batches(among):
            text = f"SELECT DISTINCT ?p WHERE {{ VALUES ?p {{ {some} }} ?claim <{RDF.predicate}> ?p }}"
            found.update(str(row[0]).encode() for row in self._rows(text))
        return found

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        rows = self._rows(f"SELECT DISTINCT ?p ?o WHERE {{ {ox.NamedNode(claim.iri)} ?p ?o }}")
        values: dict[str, list[str]] = {}
        for predicate, value in rows:
            values.setdefault(predicate.value, []).append(str(value))
        stated = values.get(EV.supportedBy, [])
        implied = [unit for unit in values.get(EV.impliedBy, []) if unit not in stated]
        rivals = sorted(values.get(EV.conflictsWith, []))
        kept = values.keys() - TOLD_APART - {RDF.type, RDF.reifies, EV.conflictsWith, *STATEMENT_PARTS}
        subject, predicate, object_, _ = (token.decode() for token in split(claim.triple))
        return Evidence(
            claim.iri,
            (subject, predicate, object_),
            self._sentences([(unit, False) for unit in stated] + [(unit, True) for unit in implied]),
            _texts(values, SKOS.editorialNote),
            tuple(sorted(token[1:-1] for token in values.get(DCTERMS.source, []))),
            self._sentences([(unit, False) for unit in values.get(EV.contradictedBy, [])]),
            tuple((name[1:-1], self._object(name)) for name in rivals),
            _texts(values, EV.preferred),
            _texts(values, EV.retracted),
            tuple((name, value) for name in sorted(kept) for value in sorted(values[name])),
        )

    def _sentences(self, units: Sequence[tuple[str, bool]]) -> tuple[Sentence, ...]:
        """Units (tokens), each with whether the claim is only implied, in their document's order."""
        sentences = [self._sentence(unit[1:-1], implied) for unit, implied in units]
        return tuple(sorted(sentences, key=lambda sentence: (sentence.document, sentence.unit.start)))

    def _object(self, claim: str) -> str:
        """The token of the object of another claim's triple."""
        rows = self._rows(f"SELECT ?o WHERE {{ {claim} <{RDF.object}> ?o }} LIMIT 1")
        return str(rows[0][0]) if rows else claim

    def _about(self, name: str) -> list[tuple[str, str]]:
        """Predicates and values of a resource, literals without their datatype or language."""
        rows = self._rows(f"SELECT DISTINCT ?p ?o WHERE {{ {ox.NamedNode(name)} ?p ?o }}")
        return [(predicate.value, value.value) for predicate, value in rows if hasattr(value, "value")]

    def _rows(self, text: str) -> Sequence[Row]:
        return self._evaluator.select(text)[1]

    def _sentence(self, unit: str, implied: bool) -> Sentence:
        found = dict(self._about(unit))
        node = ox.NamedNode(unit)
        places = self._rows(
            f"SELECT DISTINCT ?p ?o WHERE {{ {node} <{OA.hasSelector}> ?place . ?place ?p ?o "
            f"FILTER(?p IN (<{OA.start}>, <{OA.end}>, <{OA.exact}>)) }}"
        )
        place = {predicate.value: value.value for predicate, value in places}
        edition = found.get(OA.hasSource, unit.partition("#")[0])
        source = dict(self._about(edition))
        number = found.get(DCTERMS.identifier, unit.partition("#")[2])
        return Sentence(
            unit,
            Unit(
                number,
                _KINDS.get(found.get(EV.unitKind, ""), "sentence"),
                _number(place.get(OA.start)),
                _number(place.get(OA.end)),
                found.get(SCHEMA.sha256, ""),
            ),
            source.get(DCTERMS.title, edition),
            source.get(SCHEMA.version, ""),
            found.get(EV.gist),
            place.get(OA.exact),
            implied,
            DCTERMS.isReplacedBy in source,
            self._unit_prefixes.get(edition, "") + number,
        )

    @cached_property
    def _unit_prefixes(self) -> dict[str, str]:
        """Edition → what stands before the numbers of its units."""
        rows = self._rows(
            f"SELECT DISTINCT ?edition ?document ?version ?later WHERE {{ ?edition a <{EV.Edition}> ; "
            f"<{DCTERMS.isVersionOf}> ?document ; <{SCHEMA.version}> ?version "
            f"OPTIONAL {{ ?edition <{DCTERMS.isReplacedBy}> ?later }} }} LIMIT {_MOST_EDITIONS}"
        )
        names = {
            edition.value: EditionName(edition.value, local_name(document.value), version.value, later is None)
            for edition, document, version, later in rows
            if isinstance(edition, ox.NamedNode) and isinstance(document, ox.NamedNode) and hasattr(version, "value")
        }
        return prefixes_of_names(names.values())


def _texts(values: Mapping[str, Sequence[str]], predicate: str) -> tuple[str, ...]:
    return tuple(sorted(literal(token.encode())[0] for token in values.get(predicate, ())))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _batches(tokens: Collection[bytes]) -> Iterator[str]:
    """Tokens of IRIs, in order, some at a time, as a query lists them."""
    known = sorted(token for token in tokens if token.startswith(b"<"))
    for start in range(0, len(known), _BATCH):
        yield b" ".join(known[start : start + _BATCH]).decode()
