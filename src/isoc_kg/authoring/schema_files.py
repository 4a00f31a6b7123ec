"""Ontology, shapes and queries: every term in them must exist, and no statement about a thing may hide in them.

Facts are published with what supports them, so that they have one place, `facts/`. Checks and answers rest on the terms
of the other files: a misspelt one there switches a check off, or finds nothing, in silence.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from ..errors import Finding
from ..namespaces import DCTERMS, OWL, RDF, RDFS, SCHEMA, SH, SKOS, VANN, VOID, XSD
from ..project import Project, bundled_ontology, bundled_shapes, files_in
from ..query.forms import declared_prefixes, name_iri, prologue_end
from ..query.tokens import tokens
from ..rdf.reading import read_located
from .terms import DeclaredTerms, Role, TermQuestion

__all__ = ["check_schema_files"]

#: Properties whose values are classes, and those whose values are properties.
_OF_CLASSES = frozenset(
    (
        *(RDFS.subClassOf, RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes, OWL.onClass),
        *(OWL.equivalentClass, OWL.disjointWith, OWL.someValuesFrom, OWL.allValuesFrom, SH["class"], SH.targetClass),
    )
)
_OF_PROPERTIES = frozenset(
    (
        *(RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, OWL.onProperty, SH.path, SH.inversePath),
        *(SH.targetSubjectsOf, SH.targetObjectsOf, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
    )
)
#: The vocabularies that type terms, shapes and the ontology itself.
_SCHEMA_CLASSES = (OWL.iri, RDFS.iri, RDF.iri, SH.iri)
#: Those whose properties describe anything, individuals and concepts of an ontology among it.
_DESCRIBING = (*_SCHEMA_CLASSES, SKOS.iri, DCTERMS.iri, VANN.iri, VOID.iri)
#: Datatypes are asked with literals.
_DATATYPES = (XSD.iri, RDF.langString, RDF.dirLangString, RDF.HTML, RDF.XMLLiteral, RDF.JSON)


def check_schema_files(project: Project, ontology: Iterable[bytes]) -> Iterator[Finding]:
    """What is wrong with the terms and statements of a project's ontology, shapes and queries, each once."""
    question = TermQuestion(project, DeclaredTerms(ontology))
    shared = (bundled_ontology(), bundled_shapes())
    files = [*project.ontology_files, *project.shapes_files]
    if style := project.ontology_shapes_file:
        files.append(style)
    for file in files:
        if file not in shared:
            yield from _of_file(project, question, file)
    for file in files_in(project.folder("queries"), ".rq"):
        yield from _of_query(project, question, file)


def _of_file(project: Project, question: TermQuestion, file: Path) -> Iterator[Finding]:
    quads = list(read_located(file, base=project.ids.base, limits=project.limits, confined=True))
    terms = {
        quad.subject
        for quad, _ in quads
        if quad.predicate.value == RDF.type and _is_schema_class(quad.object) and not _is_individual(quad.object)
    }
    described = {quad.subject.value for quad, _ in quads if isinstance(quad.subject, ox.NamedNode)}
    asked: set[tuple[str, Role]] = set()
    misplaced: set[str] = set()
    for quad, line in quads:
        subject, predicate, object_ = quad.subject, quad.predicate.value, quad.object
        if isinstance(subject, ox.NamedNode) and subject.value not in misplaced:
            about_things = subject.value.startswith(_things(project))
            if about_things or (subject not in terms and not _describes(predicate)):
                misplaced.add(subject.value)
                yield Finding(
                    f"{question.shown(subject.value)} is a thing, and what stands here is published "
                    "without a sentence behind it",
                    "error", file, line, subject.value, "Write it in facts/, with its evidence.",
                )  # fmt: skip
        uses: list[tuple[str, Role]] = [(predicate, "property")]
        if isinstance(object_, ox.NamedNode) and not object_.value.startswith(_DATATYPES):
            uses.append((object_.value, _role(predicate)))
        for term, role in uses:
            # a shape may have its name in the ontology's namespace
            if (term, role) in asked or term in described or term.startswith(project.ids.things):
                continue
            asked.add((term, role))
            answer = question.answer(term, role)
            if answer and answer[0] == "error":
                yield Finding(answer[1], "error", file, line, term, answer[2])


def _describes(predicate: str) -> bool:
    return predicate in _OF_CLASSES or predicate.startswith(_DESCRIBING)


def _things(project: Project) -> tuple[str, ...]:
    """Where the IRIs of what facts are about begin."""
    ids = project.ids
    return ids.things, ids.claims, f"{ids.base}document/"


def _is_schema_class(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(_SCHEMA_CLASSES)


def _is_individual(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value in (OWL.NamedIndividual, OWL.Thing, RDFS.Resource)


def _role(predicate: str) -> Role:
    """What a value of a property is used as."""
    if predicate == RDF.type or predicate in _OF_CLASSES:
        return "class"
    return "property" if predicate in _OF_PROPERTIES else "value"


def _of_query(project: Project, question: TermQuestion, file: Path) -> Iterator[Finding]:
    """Terms of a query that nothing declares; the query itself is parsed elsewhere."""
    text = file.read_text(encoding="utf-8", errors="replace")
    query = list(tokens(text))
    prefixes = {**project.prefixes, **declared_prefixes(query)}
    asked: set[str] = set()
    start = prologue_end(text, query)
    for token in query:
        if token.kind not in ("name", "iri") or token.start < start:
            continue
        name = name_iri(token.text, prefixes) if token.kind == "name" else token.text[1:-1]
        if not name or name in asked or name.startswith((project.ids.things, *_DATATYPES)):
            continue
        asked.add(name)
        answer = question.answer(name, "any")
        if answer and answer[0] == "error":
            line = text.count("\n", 0, token.start) + 1
            yield Finding(answer[1], "error", file, line, name, answer[2])
