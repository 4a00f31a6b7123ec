"""The JSON-LD context of a project, made of its ontology and its shapes: plain names, one shape for each member.

https://www.w3.org/TR/json-ld11/#context-definitions
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..namespaces import DCTERMS, EV, OA, ONTOLEX, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS, XSD
from ..project import Project
from ..rdf.jsonld_terms import UniformContext, usable_prefixes
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, is_iri
from .property_shapes import PropertyShapes
from .reading import project_order
from .terms import DeclaredTerms, namespace, vocabularies
from .vocabulary import DESCRIPTIONS

__all__ = ["context_of", "project_context"]

_TYPE, _RANGE = iri_token(RDF.type), iri_token(RDFS.range)
#: What every project's data use, whether or not an ontology declares it.
_BUILT_IN = frozenset((RDFS.label, RDF.Statement, OWL.deprecated, OWL.sameAs, DCTERMS.isReplacedBy))
#: Those of them whose names no other term gets.
_OURS = frozenset((RDFS.label, RDF.Statement))
_LINKS = frozenset((RDFS.seeAlso, OWL.sameAs, DCTERMS.isReplacedBy))
#: Datatypes that the build writes, or that a vocabulary gives.
_TYPED: Mapping[str, str] = {
    OA.start: XSD.nonNegativeInteger,
    OA.end: XSD.nonNegativeInteger,
    OWL.deprecated: XSD.boolean,
}
#: Properties whose values are texts, by the vocabularies that define them.
_TEXTS = frozenset(
    (
        *DESCRIPTIONS,
        *(SKOS.example, SKOS.scopeNote, SKOS.note, SKOS.changeNote, SKOS.editorialNote, SKOS.historyNote),
        *(DCTERMS.title, DCTERMS.abstract, DCTERMS.rights, DCTERMS.bibliographicCitation),
        *(EV.answer, EV.preferred, EV.retracted, ONTOLEX.phoneticRep),
    )
)
#: Values are any terms.
_ANY = frozenset((RDF.object, RDF.value))
#: Names that IRIs begin with, which a term must not be.
_SCHEMES = frozenset(("data", "doi", "file", "geo", "info", "news", "tag", "tel"))
#: Names that would be taken for keywords, and the one of what stands behind a statement.
_RESERVED = frozenset(("context", "id", "type", "claims"))
#: The terms that a name goes to first, then those of the other vocabularies by their prefixes.
_FIRST = (EV.iri, SCHEMA.iri, SKOS.iri, DCTERMS.iri)
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_-]*")
_DELIMITERS = ("/", "#", ":", "?")


def context_of(
    project: Project,
    ontology: Iterable[bytes],
    shapes: Iterable[bytes],
    data: Iterable[bytes] = (),
    declared: Mapping[bytes, int] | None = None,
) -> Any:
    """The context that a project has in a file of its own, else `project_context`; None for RDF without a project."""
    written = project.read_context()
    if written is not None or project.foreign:
        return written
    return project_context(project, ontology, shapes, data, declared)


def project_context(
    project: Project,
    ontology: Iterable[bytes],
    shapes: Iterable[bytes],
    data: Iterable[bytes] = (),
    declared: Mapping[bytes, int] | None = None,
) -> UniformContext:
    """The context of a project, given the canonical lines of its ontology and shapes.

    A term has the local name of its IRI. Of several with the same, the project's own has it, then those of evidence,
    schema.org, SKOS, Dublin Core and the others in the order of `PREFIXES`; the rest have their prefix before it. A
    property is one value where it is functional, or every shape that speaks of it says `sh:maxCount 1`, else an array;
    of texts, the same holds for each language, by `sh:uniqueLang`. Links and literals of one datatype are coerced where
    ontology or shapes say so. A withdrawn term has its local name where no other has it, else none. Of `data` only
    terms that no ontology declares are taken, and only of vocabularies whose terms are listed here; no name depends on
    which of them there are. Terms, and so members, are in reading order.
    """
    ontology, shapes = list(ontology), list(shapes)
    order = project_order(project, shapes, declared)
    usable = usable_prefixes(project.prefixes).items()
    # a document's name, such as “about”, must not take its own from a term
    named = project.document_prefixes.keys() - project.own_prefixes.keys()
    prefixes = {name: iri for name, iri in usable if iri.endswith(_DELIMITERS) and name not in named}
    terms = DeclaredTerms(ontology)
    withdrawn = {name for name, of in terms.withdrawn.items() if of}
    roles = {name: of for name, of in (terms.roles | terms.withdrawn).items() if of}
    own = (roles.keys() - withdrawn) | _BUILT_IN
    names = _names(project, own, withdrawn, _used(data) - own - withdrawn, prefixes)
    values = _Values(project, ontology, PropertyShapes(shapes))
    context: dict[str, Any] = {"@version": 1.1, "@protected": True} | dict(sorted(prefixes.items()))
    ranks = order.ranks
    for name, full in sorted(names.items(), key=lambda item: (ranks.get(iri_token(item[1]), len(ranks)), item)):
        context[name] = values.definition(full, _short(full, prefixes), prefixes, property_=not _is_class(full, roles))
    context["claims"] = {"@reverse": _short(RDF.subject, prefixes), "@container": "@set"}
    return UniformContext(context)


def _is_class(full: str, roles: Mapping[str, Any]) -> bool:
    """Whether a term is a class: as it is declared, else as terms of vocabularies are written."""
    kinds = roles.get(full)
    return "class" in kinds if kinds else full[len(namespace(full)) :][:1].isupper()


def _used(data: Iterable[bytes]) -> set[str]:
    """The properties and classes of the data."""
    properties, classes = set(), set()
    for line in data:
        _, predicate, rest = line.split(b" ", 2)
        if predicate != _TYPE:
            properties.add(predicate)
        elif is_iri(rest):
            classes.add(rest.split(b" ", 1)[0])
    return {iri(token) for token in properties | classes}


def _names(
    project: Project, declared: set[str], withdrawn: set[str], used: set[str], prefixes: Mapping[str, str]
) -> dict[str, str]:
    """Name → IRI of a term."""
    order = [*project.own_prefixes.values(), project.ids.ontology + "#", *_FIRST, *PREFIXES.values()]
    ranks = {space: rank for rank, space in reversed(list(enumerate(order)))}
    listed = vocabularies()
    names: dict[str, str] = {}

    def place(full: str) -> tuple[int, str]:
        return -1 if full in _OURS else ranks.get(namespace(full), len(order)), full

    for full in sorted(declared, key=place):
        _take(names, full, prefixes)
    for full in sorted(withdrawn, key=place):
        if full[len(namespace(full)) :] not in names:
            _take(names, full, prefixes)
    for full in sorted(used, key=place):
        space = namespace(full)
        local = full[len(space) :]
        if local not in listed.get(space, ()):
            continue  # nobody here knows it, so its IRI stays as it is
        others = (other for other in order[: ranks.get(space, 0)] if other in listed)
        _take(names, full, prefixes, plain=not any(local in listed[other] for other in others))
    return names


def _take(names: dict[str, str], full: str, prefixes: Mapping[str, str], *, plain: bool = True) -> None:
    """Give a term its local name where it is free, else one with its prefix; none where it has no prefix."""
    space = namespace(full)
    local = full[len(space) :]
    prefix = next((name for name, other in prefixes.items() if other == space), None)
    candidates = [local] if plain else []
    candidates += [prefix + local[:1].upper() + local[1:]] if prefix else []
    taken = {*names, *prefixes, *_SCHEMES, *_RESERVED}
    name = next((name for name in candidates if _NAME.fullmatch(name) and name not in taken), None)
    if name and full != RDF.type:
        names[name] = full


def _short(full: str, prefixes: Mapping[str, str]) -> str:
    """A term's IRI as the context has it: with a prefix, where there is one for its namespace."""
    space = namespace(full)
    prefix = next((name for name, other in prefixes.items() if other == space), None)
    return f"{prefix}:{full[len(space) :]}" if prefix else full


class _Values:
    """What the values of properties are, as an ontology and shapes say."""

    def __init__(self, project: Project, ontology: list[bytes], shapes: PropertyShapes) -> None:
        self._shapes = shapes
        self._texts = _TEXTS.union(project.names.labels, project.names.alternatives)
        self._links: set[str] = set(_LINKS)
        self._functional: set[str] = set()
        self._ranges: dict[str, set[str]] = {}
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == _TYPE and object_ == iri_token(OWL.ObjectProperty):
                self._links.add(iri(subject))
            elif predicate == _TYPE and object_ == iri_token(OWL.FunctionalProperty):
                self._functional.add(iri(subject))
            elif predicate == _RANGE and is_iri(object_):
                self._ranges.setdefault(iri(subject), set()).add(iri(object_))

    def definition(self, full: str, short: str, prefixes: Mapping[str, str], *, property_: bool) -> Any:
        """The definition of a term."""
        if not property_:
            return short
        single = full in self._functional or self._shapes.has_one_value(full)
        datatypes = self._datatypes(full)
        if full in _ANY:
            kind: dict[str, Any] = {}
        elif full in self._links or (self._shapes.is_link(full) and not datatypes):
            kind = {"@type": "@id"}
        elif datatypes == {RDF.langString} or (full in self._texts and datatypes <= {RDF.langString, XSD.string}):
            single = single or self._shapes.has_one_value_a_language(full)
            kind = {"@container": "@language" if single else ["@language", "@set"]}
        elif len(datatypes) == 1 and XSD.string not in datatypes and RDF.langString not in datatypes:
            kind = {"@type": _short(datatypes.pop(), prefixes)}
        else:
            kind = {}
        container = {} if single or "@container" in kind else {"@container": "@set"}
        return {"@id": short, **kind, **container}

    def _datatypes(self, full: str) -> set[str]:
        """The datatypes that a property's values have by its ranges and its shapes."""
        ranges = {name for name in self._ranges.get(full, ()) if name == RDF.langString or name.startswith(XSD.iri)}
        return ranges | self._shapes.datatypes(full) | ({_TYPED[full]} if full in _TYPED else set())
