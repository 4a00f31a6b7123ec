"""The order in which people read data: what it is about first, claims last; kinds and names before all else."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from ..namespaces import DCAT, DCTERMS, EV, OA, OWL, RDF, RDFS, SCHEMA, SH, SKOS
from ..project import NameProperties
from .tokens import PART_TOKENS, iri_token, is_blank

__all__ = ["SECTIONS", "ReadingOrder", "SortKey", "property_ranks"]

_NAMES = NameProperties()
#: What a reader wants to know of anything before the rest, and what may wait.
_FIRST = (
    *(SCHEMA.description, SKOS.definition, DCTERMS.description, DCTERMS.abstract, RDFS.comment, SCHEMA.text),
    *(SKOS.example, SKOS.scopeNote, SKOS.note),
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
    *(SH.name, SH.description, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path),
)
_LAST = tuple(map(iri_token, (SKOS.editorialNote, RDFS.seeAlso, RDFS.isDefinedBy)))
#: Between what is named here and what comes last.
_OTHERS, _AFTER_ALL = 1 << 30, 1 << 31

(_MAIN, _WHOLE, _TERMS, _CLASSES, _PROPERTIES, _THINGS, _DOCUMENTS, _MAIN_CLAIMS, _CLAIMS) = SECTIONS = range(9)
#: Class → the section of the things that it has; all others are in the one between.
_SECTIONS = {
    iri_token(name): section
    for section, names in (
        (_WHOLE, (OWL.Ontology, DCAT.Catalog, DCAT.Dataset, SCHEMA.Dataset)),
        (_CLASSES, (OWL.Class, RDFS.Class)),
        (
            _PROPERTIES,
            (RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.OntologyProperty),
        ),
        (_DOCUMENTS, (EV.Edition, EV.Unit, OA.SpecificResource, OA.TextPositionSelector, OA.FragmentSelector)),
        (_CLAIMS, (RDF.Statement,)),
    )
    for name in names
}
_DIGITS = re.compile(rb"(\d+)")
SortKey = tuple[tuple[int, bytes], ...]  #: a key by which blocks are sorted


def property_ranks(
    names: NameProperties = _NAMES, shown: Sequence[bytes] = (), declared: Iterable[bytes] = ()
) -> dict[bytes, int]:
    """Property → its rank in a block: kind, names, descriptions, then those `shown` first, then those `declared`."""
    first = (RDF.type, *names.labels, *names.alternatives, *_FIRST)
    ranks: dict[bytes, int] = {}
    for token in (*map(iri_token, first), *PART_TOKENS, *shown, *declared):
        ranks.setdefault(token, len(ranks))
    return ranks | {token: _AFTER_ALL + number for number, token in enumerate(_LAST)}


_RANKS = property_ranks()


@dataclass(frozen=True)
class ReadingOrder:
    """How blocks, and properties in a block, follow each other; whatever it leaves open is in the order of the lines.

    Without more it is for data of which nothing is known: what describes the whole comes first, then classes,
    properties, things, parts of documents, and at the end reified statements.
    """

    main: bytes = b""  #: the token of what the data are about
    ranks: Mapping[bytes, int] = field(default_factory=lambda: _RANKS)  #: property → rank
    terms: Mapping[bytes, int] = field(default_factory=dict)  #: what an ontology declares → its place there
    documents: bytes = b""  #: how the tokens of documents and their units begin
    claims: bytes = b""  #: how those of claims begin
    main_claims: bytes = b""  #: how those of claims about the main thing begin
    graphs: Sequence[bytes] = ()  #: the named graphs that come before others

    def about(self, main: bytes) -> "ReadingOrder":
        """The same for what is said of one thing."""
        return replace(self, main=main)

    def section(self, subject: bytes, kinds: Iterable[bytes]) -> int:
        """In which of the `SECTIONS` a subject's block stands, given its classes."""
        if subject == self.main:
            return _MAIN
        if self.claims and subject.startswith(self.claims):
            return _MAIN_CLAIMS if self.main_claims and subject.startswith(self.main_claims) else _CLAIMS
        if self.documents and subject.startswith(self.documents):
            return _DOCUMENTS
        if subject in self.terms:
            return _TERMS
        if is_blank(subject):
            return _THINGS
        for kind in kinds:
            if (section := _SECTIONS.get(kind)) is not None:
                return section
        return _THINGS

    #: the sections whose blocks are sorted; those of the others are in the order of the lines
    sorted_sections: ClassVar[frozenset[int]] = frozenset((_TERMS, _DOCUMENTS))

    def place(self, section: int, subject: bytes) -> SortKey:
        """The key by which blocks of a section are sorted, if they are."""
        return ((self.terms[subject], b""),) if section == _TERMS else _numbered(subject)

    def permutation(self, predicates: Sequence[bytes]) -> list[int]:
        """In which order the statements of a block are written, given their predicates."""
        keys = [self.ranks.get(predicate, _OTHERS) for predicate in predicates]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def graph_place(self, graph: bytes) -> tuple[int, bytes]:
        """The key by which named graphs are sorted; the default graph, whose token is empty, is the first."""
        if not graph:
            return -1, graph
        return (self.graphs.index(graph) if graph in self.graphs else len(self.graphs)), graph


def _numbered(token: bytes) -> SortKey:
    """A key that sorts by the numbers in an IRI, and an IRI before those that it is the beginning of.

    The digits of a number are compared as they are, since there is no end to how many there may be.
    """
    return tuple(
        (len(digits), digits) if number % 2 else (0, part)
        for number, part in enumerate(_DIGITS.split(token[:-1]))
        for digits in (part.lstrip(b"0"),)
    )
