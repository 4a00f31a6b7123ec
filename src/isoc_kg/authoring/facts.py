"""Authored facts: triples, and the claims that annotations make of them.

Facts are written in Turtle 1.2 (https://www.w3.org/TR/rdf12-turtle/#reifying-triples) as triples with
annotation blocks, or in the lowered form of RDF 1.1 reification (`rdf:Statement`). This module turns the
parsed quads of either into `Facts`; it reads no file itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from ..errors import FactsError, Finding
from ..iris import compact
from ..namespaces import DCTERMS, EV, PREFIXES, RDF, SKOS, STATEMENT_PARTS
from ..rdf.lines import split
from ..rdf.tokens import PART_TOKENS, Term, iri_token, term_token, triple_line
from .annotations import ANNOTATIONS, CONTRADICTING, SUPPORTING

__all__ = ["Claim", "Facts", "Place", "collect_facts"]

_REIFIES = RDF.reifies
_TYPE, _STATEMENT = iri_token(RDF.type), iri_token(RDF.Statement)
#: The labels that the parser gives to reifiers that the author did not name.
_GENERATED = re.compile(r"[0-9a-f]{24,32}")

Place = tuple[Path, int]


@dataclass(slots=True)
class Claim:
    """One authored triple and all that the author says in its support.

    `triple` is its canonical N-Triples line. `evidence` maps an annotation predicate's IRI to the canonical
    tokens of its objects, each with the place where it is written.
    """

    triple: bytes
    iri: str
    places: list[Place] = field(default_factory=list)
    evidence: dict[str, dict[str, Place]] = field(default_factory=dict)

    def units(self, *predicates: str) -> Iterator[tuple[str, str, Place]]:
        """Predicate, unit IRI and place for each sentence the claim rests on, said or implied by default."""
        for predicate in predicates or SUPPORTING:
            for token, place in self.evidence.get(predicate, {}).items():
                yield predicate, token[1:-1], place

    def statement(self) -> Iterator[bytes]:
        """The lines of the claim as a named `rdf:Statement`, with its evidence."""
        name = iri_token(self.iri)
        yield triple_line(name, _TYPE, _STATEMENT)
        for part, token in zip(PART_TOKENS, split(self.triple), strict=False):
            yield triple_line(name, part, token)
        for predicate, values in self.evidence.items():
            for value in values:
                yield triple_line(name, iri_token(predicate), value.encode())

    @property
    def editorial(self) -> bool:
        """Whether only our own decision stands behind the claim: no sentence, no source."""
        return not any(key in self.evidence for key in (*SUPPORTING, DCTERMS.source))

    @property
    def supported(self) -> bool:
        """Whether anything stands behind the claim; what contradicts it, or is said of it besides, does not."""
        return not self.editorial or SKOS.editorialNote in self.evidence


@dataclass(slots=True)
class Facts:
    """Claims by the canonical line of their triple, and what the check of their form found."""

    claims: dict[bytes, Claim] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def collect_facts(
    files: Iterable[tuple[Path, Iterable[tuple[ox.Quad, int]]]],
    claim_iri: Callable[[bytes], str],
    further: Collection[str] = (),
) -> Facts:
    """The facts of several files: each with its quads and the lines on which they were read.

    `further` are the annotations that a project allows besides `ANNOTATIONS`.

    The same triple in two files, or with several annotation blocks, is one claim with the evidence of all.
    Raises `FactsError` for a form that is refused. Evidence on a triple that no file asserts, and a triple
    without evidence, become findings.
    """
    facts = Facts()
    asserted: set[bytes] = set()
    for file, quads in files:
        _File(file, facts, asserted, claim_iri, further).read(quads)
    for triple, claim in facts.claims.items():
        file, line = claim.places[0]
        if triple not in asserted:
            facts.findings.append(
                Finding(
                    f"evidence for a triple that no file asserts: {_readable(triple)}",
                    file=file,
                    line=line,
                    iri=claim.iri,
                    advice="Write the triple itself, with the evidence in an annotation block {| … |} behind it.",
                )
            )
        elif not claim.supported:
            only = "that is only contradicted" if EV.contradictedBy in claim.evidence else "without evidence"
            facts.findings.append(
                Finding(
                    f"a claim {only}: {_readable(triple)}",
                    file=file,
                    line=line,
                    iri=claim.iri,
                    advice="Add {| ev:supportedBy s:… |}, or skos:editorialNote with your reason.",
                    statement=(f"<{claim.iri}>", "", f"<{claim.iri}>"),
                )
            )
        if EV.preferred in claim.evidence and EV.retracted in claim.evidence:
            facts.findings.append(
                Finding(
                    f"a claim is preferred and retracted: {_readable(triple)}",
                    file=file,
                    line=line,
                    iri=claim.iri,
                    advice="Keep one of ev:preferred and ev:retracted.",
                )
            )
    return facts


def _readable(triple: bytes) -> str:
    text = triple.decode().rstrip("\n")
    return text if len(text) <= 300 else text[:300] + "…"


class _File:
    """One file of facts while it is read."""

    def __init__(
        self,
        file: Path,
        facts: Facts,
        asserted: set[bytes],
        claim_iri: Callable[[bytes], str],
        further: Collection[str],
    ) -> None:
        self.file, self.facts, self.asserted, self.claim_iri = file, facts, asserted, claim_iri
        self.further = further
        self.reifiers: dict[str, Claim] = {}
        self.annotations: list[tuple[str, str, str, int]] = []
        self.statements: dict[str, dict[str, tuple[Term, int]]] = {}

    def read(self, quads: Iterable[tuple[ox.Quad, int]]) -> None:
        plain: list[tuple[ox.Quad, int]] = []
        for quad, line in quads:
            self.check(quad, line)
            predicate = quad.predicate.value
            if predicate == _REIFIES:
                self.reifies(quad, line)
            elif str(quad.subject) in self.reifiers:
                self.annotations.append((str(quad.subject), predicate, str(quad.object), line))
            else:
                if predicate == RDF.type and str(quad.object) == f"<{RDF.Statement}>":
                    self.statements[str(quad.subject)] = {}
                plain.append((quad, line))
        for quad, line in plain:
            subject = str(quad.subject)
            if subject in self.statements:
                self.lowered(subject, quad, line)
            else:
                self.assertion(quad, line)
        self.lower()
        for reifier, predicate, value, line in self.annotations:
            self.annotate(self.reifiers[reifier], predicate, value, line)

    def error(self, message: str, line: int, advice: str) -> FactsError:
        return FactsError(message, file=self.file, line=line, advice=advice)

    def check(self, quad: ox.Quad, line: int) -> None:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise self.error("facts stand in no named graph.", line, "Remove the graph; the build adds it.")
        if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
            raise self.error("a literal with a base direction is not supported.", line, "Write the language tag alone.")
        if isinstance(quad.object, ox.Triple) and quad.predicate.value != _REIFIES:
            raise self.error(
                "a triple term as a value is not supported.", line, "Annotate the triple itself: s p o {| … |} ."
            )

    def claim(self, triple: bytes, line: int) -> Claim:
        claim = self.facts.claims.get(triple)
        if claim is None:
            claim = self.facts.claims[triple] = Claim(triple, self.claim_iri(triple))
        if (self.file, line) not in claim.places[-1:]:
            claim.places.append((self.file, line))
        return claim

    def reifies(self, quad: ox.Quad, line: int) -> None:
        name = str(quad.subject)
        if not isinstance(quad.subject, ox.BlankNode) or not _GENERATED.fullmatch(quad.subject.value):
            raise self.error(
                f"the reifier {name} is named.", line, "Leave the name out: a claim's IRI is made from its triple."
            )
        triple = quad.object
        if not isinstance(triple, ox.Triple):
            raise self.error("rdf:reifies without a triple term.", line, "Annotate a triple: s p o {| … |} .")
        if str(triple.subject) in self.reifiers:
            raise self.error(
                "an annotation on an annotation is not supported.", line, "Put all evidence into one block."
            )
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, (ox.BlankNode, ox.Triple)):
            raise self.error("an annotated triple needs IRIs or literals.", line, "Give the blank node an IRI.")
        line_ = triple_line(*map(term_token, (triple.subject, triple.predicate, triple.object)))
        claim = self.facts.claims.get(line_)
        self.reifiers[name] = claim if claim is not None else self.claim(line_, line)

    def assertion(self, quad: ox.Quad, line: int) -> None:
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.BlankNode):
                raise self.error(
                    "a blank node: nobody can refer to it, and stores duplicate it on reload.",
                    line,
                    "Give the thing an IRI such as id:its-name.",
                )
        if quad.predicate.value in (*SUPPORTING, *CONTRADICTING):
            raise self.error(
                f"{quad.predicate} stands outside an annotation block.",
                line,
                "Write it behind the triple that it is about: s p o {| ev:supportedBy s:… |} .",
            )
        triple = triple_line(*map(term_token, (quad.subject, quad.predicate, quad.object)))
        self.asserted.add(triple)
        self.claim(triple, line)

    def annotate(self, claim: Claim, predicate: str, value: str, line: int) -> None:
        kind = ANNOTATIONS.get(predicate)
        if kind is None and predicate not in self.further:
            raise self.error(
                f"<{predicate}> may not stand in an annotation block.",
                line,
                f"Allowed: {', '.join(compact(name, PREFIXES) for name in (*ANNOTATIONS, *self.further))}; "
                'more by [annotations] allow = ["prefix:term"] in kg.toml.',
            )
        if kind is not None and not kind.fits(value):
            raise self.error(f"{value} where <{predicate}> needs {kind.words}.", line, f"Write {kind.words}.")
        if value.startswith("_:"):
            raise self.error("a blank node in an annotation block.", line, "Give it an IRI.")
        claim.evidence.setdefault(predicate, {}).setdefault(value, (self.file, line))

    def lowered(self, name: str, quad: ox.Quad, line: int) -> None:
        """One property of an `rdf:Statement`: a part of its triple, or evidence."""
        predicate = quad.predicate.value
        if predicate in STATEMENT_PARTS:
            self.statements[name][predicate] = (quad.object, line)
        elif predicate != RDF.type:
            self.annotations.append((name, predicate, str(quad.object), line))
        else:
            self.statements[name].setdefault(RDF.type, (quad.object, line))

    def lower(self) -> None:
        """Make reifiers of the `rdf:Statement`s that were read."""
        for name, parts in self.statements.items():
            line = next(iter(parts.values()))[1]
            if any(part not in parts for part in STATEMENT_PARTS):
                raise self.error(
                    f"the statement {name} is not whole.", line, "Give it rdf:subject, rdf:predicate and rdf:object."
                )
            triple = triple_line(*(term_token(parts[part][0]) for part in STATEMENT_PARTS))
            iri = self.claim_iri(triple)
            if name.startswith(f"<{iri.rpartition('/')[0]}/") and name != f"<{iri}>":
                raise self.error(f"the claim {name} has the IRI of another triple.", line, f"Its IRI is <{iri}>.")
            self.reifiers[name] = self.facts.claims.get(triple) or self.claim(triple, line)
