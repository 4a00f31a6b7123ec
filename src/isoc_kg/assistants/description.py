"""Things, statements and evidence as JSON."""

from typing import Any

from ..errors import IsocKgError, UnknownName
from ..graph.knowledge_graph import Entity, Evidence, KnowledgeGraph
from ..iris import compact
from ..rdf import literal, split
from ..rdf.tokens import is_literal
from .deadline import Computed

__all__ = ["describe_evidence", "describe_thing", "objection_to"]


def describe_thing(kg: KnowledgeGraph, thing: str) -> dict[str, Any]:
    """What is said about a thing, with the sentences behind each statement, and what links to it.

    Both are computed as far as they are looked at. Raises `IsocKgError` for a thing that is not there.
    """
    entity = kg.entity(thing)
    claims = kg.dataset.claims if kg.dataset else {}
    seconds = kg.project.server.query_seconds

    def statement(line: bytes) -> dict[str, Any]:
        _, predicate, object_, _ = split(line)
        evidence = describe_evidence(kg.evidence_of(claims[line])) if line in claims else {}
        return {"property": _short(kg, predicate), "value": _value(kg, object_)} | evidence

    def link(line: bytes) -> dict[str, Any]:
        subject, predicate, _, _ = split(line)
        return {"thing": _value(kg, subject), "property": _short(kg, predicate)}

    return {
        "iri": entity.iri,
        "label": entity.label,
        **_citation(kg, entity),
        "statements": Computed(entity.ordered, statement, seconds),
        "links_here": Computed(entity.incoming, link, seconds),
    }


def objection_to(kg: KnowledgeGraph, evidence: Evidence) -> dict[str, str]:
    """The address that reports a statement as wrong, or that nobody is to be reached."""
    try:
        return {"objection": kg.objection(evidence)}
    except IsocKgError as error:
        return {"objection": str(error)}


def describe_evidence(evidence: Evidence) -> dict[str, Any]:
    """The claim with its sentences, notes and sources, what speaks against it, and how to cite it."""
    sentences = [
        {"iri": s.iri, "number": s.unit.number, "unit": s.called, "document": s.document}
        | {"characters": f"{s.unit.start}–{s.unit.end}"}
        | ({"gist": s.gist} if s.gist else {})
        | ({"quote": s.quote} if s.quote else {})
        | s.status
        for s in evidence.sentences
    ]
    result: dict[str, Any] = {"claim": evidence.claim, "sentences": sentences}
    if evidence.citing is not None:
        result["citation"] = evidence.cite()
    if evidence.notes:
        result["notes"] = list(evidence.notes)
    if evidence.sources:
        result["sources"] = list(evidence.sources)
    return result | evidence.disagreement


def _citation(kg: KnowledgeGraph, entity: Entity) -> dict[str, str]:
    """How to cite a thing; nothing where nobody is known to have made the whole."""
    try:
        return {"citation": kg.cite(entity)}
    except UnknownName:
        return {}


def _short(kg: KnowledgeGraph, token: bytes) -> str:
    return compact(token.decode()[1:-1], kg.prefixes)


def _value(kg: KnowledgeGraph, token: bytes) -> dict[str, str]:
    if is_literal(token):
        text, language, _ = literal(token)
        return {"text": text} | ({"language": language} if language else {})
    name = token.decode().strip("<>")
    labels = kg.labels.get(name)
    return {"iri": name} | ({"label": labels[0]} if labels else {})
