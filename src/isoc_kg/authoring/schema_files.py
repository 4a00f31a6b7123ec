"""Ontology, shapes and queries: every term in them must exist, and no statement about a thing may hide in them.

Facts are published with what supports them, so that they have one place, `facts/`. Checks and answers rest on the terms
of the other files: a misspelt one there switches a check off, or finds nothing, in silence.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..errors import Finding
from ..namespaces import DCTERMS, OWL, RDF, RDFS, SCHEMA, SH, SKOS, VANN, VOID, XSD
from ..project import Project, files_in
from ..query.forms import declared_prefixes, name_iri, prologue_end
from ..query.tokens import tokens
from ..rdf.lines import iri, split
from ..rdf.reading import read_located
from ..rdf.tokens import iri_token, is_blank, is_iri
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
_SCHEMA_TOKENS = tuple(f"<{start}".encode() for start in _SCHEMA_CLASSES)
_INDIVIDUALS = frozenset(map(iri_token, (OWL.NamedIndividual, OWL.Thing, RDFS.Resource)))
#: Those whose properties describe anything, individuals and concepts of an ontology among it.
_DESCRIBING = (*_SCHEMA_CLASSES, SKOS.iri, DCTERMS.iri, VANN.iri, VOID.iri)
#: Datatypes are asked with literals.
_DATATYPES = (XSD.iri, RDF.langString, RDF.dirLangString, RDF.HTML, RDF.XMLLiteral, RDF.JSON)
_DATATYPE_TOKENS = tuple(name.encode() for name in _DATATYPES)


def check_schema_files(project: Project, ontology: Iterable[bytes], shapes: Iterable[bytes]) -> Iterator[Finding]:
    """What is wrong with the terms and statements of a project's ontology, shapes and queries, each once.

    `ontology` and `shapes` are the canonical lines of these files, which are read again only to tell places.
    """
    ontology = list(ontology)
    question = TermQuestion(project, DeclaredTerms(ontology))
    wrong = {**_wrong(project, question, ontology), **_wrong(project, question, shapes)}
    if wrong:
        places = _places(project, wrong)
        for triple, findings in wrong.items():
            file, line = places.get(triple, (None, None))
            for finding in findings:
                yield replace(finding, file=file, line=line)
    for path in files_in(project.folder("queries"), ".rq"):
        yield from _of_query(project, question, path)


_Triple = tuple[bytes, bytes, bytes]


def _places(project: Project, triples: Collection[_Triple]) -> dict[_Triple, tuple[Path, int]]:
    """Where triples are written first. Blank nodes have other labels each time a file is read: any will do."""
    style = project.ontology_shapes_file
    places: dict[_Triple, tuple[Path, int]] = {}
    wanted = {_without_labels(triple): triple for triple in triples}
    for file in (*project.ontology_files, *project.shapes_files, *([style] if style else ())):
        for quad, line in read_located(file, base=project.ids.base, limits=project.limits, confined=True):
            key = _without_labels((str(quad.subject).encode(), str(quad.predicate).encode(), str(quad.object).encode()))
            if key in wanted:
                places.setdefault(wanted[key], (file, line))
    return places


def _without_labels(triple: _Triple) -> _Triple:
    subject, predicate, object_ = triple
    return b"_:" if is_blank(subject) else subject, predicate, b"_:" if is_blank(object_) else object_


def _wrong(project: Project, question: TermQuestion, lines: Iterable[bytes]) -> dict[_Triple, list[Finding]]:
    """Triple → what is wrong with it, the file and line not told yet."""
    triples = [split(line)[:3] for line in lines]
    type_ = iri_token(RDF.type)
    terms = {
        subject
        for subject, predicate, object_ in triples
        if predicate == type_ and object_.startswith(_SCHEMA_TOKENS) and object_ not in _INDIVIDUALS
    }
    described = {subject for subject, _, _ in triples}
    asked: set[tuple[bytes, Role]] = set()
    misplaced: set[bytes] = set()
    wrong: dict[_Triple, list[Finding]] = {}
    things = tuple(iri_token(start)[:-1] for start in _things(project))
    for triple in triples:
        subject, predicate, object_ = triple
        if not is_blank(subject) and subject not in misplaced:
            if subject.startswith(things) or (subject not in terms and not _describes(iri(predicate))):
                misplaced.add(subject)
                shown = question.shown(iri(subject))
                message = f"{shown} is a thing, and what stands here is published without a sentence behind it"
                finding = Finding(message, iri=iri(subject), advice="Write it in facts/, with its evidence.")
                wrong.setdefault(triple, []).append(finding)
        uses: list[tuple[bytes, Role]] = [(predicate, "property")]
        if is_iri(object_) and not object_[1:].startswith(_DATATYPE_TOKENS):
            uses.append((object_, _role(iri(predicate))))
        for term, role in uses:
            # a shape may have its name in the ontology's namespace
            if (term, role) in asked or term in described or term.startswith(things[0]):
                continue
            asked.add((term, role))
            answer = question.answer(iri(term), role)
            if answer and answer[0] == "error":
                finding = Finding(answer[1], iri=iri(term), advice=answer[2])
                wrong.setdefault(triple, []).append(finding)
    return wrong


def _describes(predicate: str) -> bool:
    return predicate in _OF_CLASSES or predicate.startswith(_DESCRIBING)


def _things(project: Project) -> tuple[str, ...]:
    """Where the IRIs of what facts are about begin."""
    ids = project.ids
    return ids.things, ids.claims, f"{ids.base}document/"


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
