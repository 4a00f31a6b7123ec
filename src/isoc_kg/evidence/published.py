"""Evidence as a published graph tells it, wherever the graph is: claims are `rdf:Statement`s, found by queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import pyoxigraph as ox

from ..authoring.entailment import AXIOMS, IN_SCHEME, TWO_WAY, Axioms
from ..authoring.facts import Claim
from ..documents.unit_names import EditionName, prefixes_of_names
from ..documents.units import KINDS, Unit
from ..iris import local_name
from ..namespaces import DCTERMS, EV, OA, OWL, RDF, SCHEMA, SKOS, STATEMENT_PARTS
from ..query.evaluator import Row
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri
from .statement import TOLD_APART, Citing, Evidence, Sentence

__all__ = ["Published"]

_MOST_EDITIONS = 10_000  #: whose names are read
_MOST_TERMS = 5_000  #: classes and properties whose axioms are read
_BATCH = 50  #: resources that one query names
_KINDS = {name: kind for kind, name in KINDS.items()}


class _Selecting(Protocol):
    """Whatever answers SELECT queries."""

    def select(self, text: str, /) -> tuple[Sequence[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""


class Published:
    """The claims in a graph that can be asked; those whose IRIs start with `claims`."""

    def __init__(
        self,
        evaluator: _Selecting,
        claims: str,
        prefixes: Mapping[str, str] | None = None,
        citing: Citing | None = None,
    ) -> None:
        self._citing = citing
        self._evaluator = evaluator
        self._claims = claims
        self._prefixes = prefixes or {}
        self._asked: set[bytes] = set()
        self._lines: set[bytes] = set()
        self._axioms: Axioms | None = None

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens of IRIs; others have none)."""
        return self._claims_of("?s", subjects)

    def called(self, names: Collection[bytes]) -> Iterator[Claim]:
        """The claims that have these names (tokens), in the order of their triples."""
        start = f"<{self._claims}".encode()
        return self._claims_of("?claim", [name for name in names if name.startswith(start)])

    def _claims_of(self, variable: str, values: Collection[bytes]) -> Iterator[Claim]:
        """The claims of which a part of a query, a variable, has one of these values."""
        for some in _batches(values):
            text = (
                f"SELECT ?claim ?s ?p ?o WHERE {{ VALUES {variable} {{ {some} }} ?claim <{RDF.subject}> ?s ; "
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

    def axioms(self, terms: Collection[bytes]) -> Axioms:
        """The axioms in the graph by which these classes and properties lead to others; each is read once."""
        waiting = set(terms) - self._asked
        if waiting or self._axioms is None:
            while waiting and len(self._asked) < _MOST_TERMS:
                self._asked |= waiting
                found = {line for some in _batches(waiting) for line in self._axioms_of(some)}
                self._lines |= found
                waiting = {term for line in found for term in split(line)[0:3:2] if is_iri(term)} - self._asked
            self._axioms = Axioms(self._lines)
        return self._axioms

    def _axioms_of(self, terms: str) -> Iterator[bytes]:
        """The axioms that lead on from terms, as a query lists them."""
        properties = b" ".join(AXIOMS).decode()
        either = b" ".join(TWO_WAY).decode()
        text = (
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?t {{ {terms} }} "
            f"{{ VALUES ?p {{ {properties} }} ?t ?p ?o BIND(?t AS ?s) }} UNION "
            f"{{ VALUES ?p {{ {either} }} ?s ?p ?t BIND(?t AS ?o) }} UNION "
            f"{{ ?t a <{OWL.SymmetricProperty}> BIND(?t AS ?s) "
            f"BIND(<{RDF.type}> AS ?p) BIND(<{OWL.SymmetricProperty}> AS ?o) }} }}"
        )
        return (f"{subject} {property_} {object_} .\n".encode() for subject, property_, object_ in self._rows(text))

    def schemes(self, concepts: Collection[bytes]) -> Mapping[bytes, Collection[bytes]]:
        """The schemes of those of these concepts that have any."""
        found: dict[bytes, set[bytes]] = {}
        for some in _batches(concepts):
            from_concept = "|".join(name.decode() for name, turned in IN_SCHEME.items() if not turned)
            from_scheme = "|".join(name.decode() for name, turned in IN_SCHEME.items() if turned)
            text = f"SELECT DISTINCT ?c ?s WHERE {{ VALUES ?c {{ {some} }} ?c {from_concept}|^({from_scheme}) ?s }}"
            for concept, scheme in self._rows(text):
                found.setdefault(str(concept).encode(), set()).add(str(scheme).encode())
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
        entailed = self._entailed(claim, values)
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
            tuple(
                pair
                for name in sorted(kept)
                for value in sorted(values[name])
                if (pair := (name, value)) not in entailed
            ),
            self._prefixes,
            self._citing,
        )

    def _entailed(self, claim: Claim, values: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        """Properties and values that follow from others of the claim: its authors did not write them."""
        axioms, subject = self.axioms(set(map(iri_token, values))), iri_token(claim.iri)
        return {
            (iri(predicate), value.decode())
            for name, tokens in values.items()
            for token in tokens
            for one, predicate, value in axioms.entailed(subject, iri_token(name), token.encode())
            if one == subject
        }

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
                _KINDS.get(found.get(EV.unitKind, ""), "unit"),
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
