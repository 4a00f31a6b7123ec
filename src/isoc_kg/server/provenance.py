"""The sentences behind the solutions of a query, out of the store alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from ..namespaces import ISOC, RDF, SCHEMA, SKOS
from ..query.text import tokens

__all__ = ["sentences_behind"]


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name)


_SUPPORTING = ((_node(ISOC.supportedBy), False), (_node(ISOC.impliedBy), True))


def sentences_behind(
    store: ox.Store,
    claims: str,
    text: str,
    bindings: Sequence[Mapping[str, Mapping[str, str]]],
    prefixes: Mapping[str, str],
) -> list[list[dict[str, Any]]]:
    """For each solution the claims behind it, each with its sentences.

    Those are the claims whose subject and object are values in the solution or IRIs that the query names, with a
    property that it names (any, if it names none).
    """
    named = _named(text, prefixes)
    properties = {name for name in named if next(store.quads_for_pattern(None, _node(RDF.predicate), name), None)}
    result = []
    for binding in bindings:
        known = {_term(value) for value in binding.values()} | named
        found = [
            _claim(store, name)
            for subject in sorted(known, key=str)
            if isinstance(subject, ox.NamedNode)
            for name in _claims_of(store, claims, subject, known, properties)
        ]
        result.append(found)
    return result


def _named(text: str, prefixes: Mapping[str, str]) -> set[Any]:
    """The IRIs that a query names."""
    declared = dict(prefixes)
    found = list(tokens(text))
    for word, name, value in zip(found, found[1:], found[2:], strict=False):
        if word.kind == "word" and word.text.upper() == "PREFIX" and value.kind == "iri":
            declared[name.text.partition(":")[0]] = value.text[1:-1]
    result = set()
    for token in found:
        prefix, _, local = token.text.partition(":")
        iri = token.text[1:-1] if token.kind == "iri" else declared.get(prefix, "") + local
        if token.kind in ("iri", "name") and ":" in iri:
            result.add(_node(iri))
    return result


def _term(value: Mapping[str, str]) -> Any:
    if value["type"] == "uri":
        return _node(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    datatype = value.get("datatype")
    return ox.Literal(value["value"], datatype=_node(datatype) if datatype else None)


def _claims_of(
    store: ox.Store, claims: str, subject: ox.NamedNode, known: set[Any], properties: set[Any]
) -> Iterator[ox.NamedNode]:
    for quad in store.quads_for_pattern(None, _node(RDF.subject), subject):
        claim = quad.subject
        if not isinstance(claim, ox.NamedNode) or not claim.value.startswith(claims):
            continue
        object_ = next(store.quads_for_pattern(claim, _node(RDF.object), None)).object
        predicate = next(store.quads_for_pattern(claim, _node(RDF.predicate), None)).object
        if object_ in known and (not properties or predicate in properties):
            yield claim


def _claim(store: ox.Store, claim: ox.NamedNode) -> dict[str, Any]:
    sentences = []
    for property_, implied in _SUPPORTING:
        for quad in store.quads_for_pattern(claim, property_, None):
            unit = quad.object
            if not isinstance(unit, ox.NamedNode):
                continue
            sentence: dict[str, Any] = {"iri": unit.value, "number": unit.value.partition("#")[2]}
            if gist := _text(store, unit, ISOC.gist):
                sentence["gist"] = gist
            order = int(_text(store, unit, SCHEMA.position) or 0)
            sentences.append((unit.value.partition("#")[0], order, sentence | ({"implied": True} if implied else {})))
    found = (quad.object for quad in store.quads_for_pattern(claim, _node(SKOS.editorialNote), None))
    notes = [note.value for note in found if isinstance(note, ox.Literal)]
    sentences.sort(key=lambda row: row[:2])
    return {"claim": claim.value, "sentences": [row[2] for row in sentences]} | ({"notes": notes} if notes else {})


def _text(store: ox.Store, subject: ox.NamedNode, predicate: str) -> str:
    """The first literal that a subject has for a property; empty when there is none."""
    found = (quad.object for quad in store.quads_for_pattern(subject, _node(predicate), None))
    return next((value.value for value in found if isinstance(value, ox.Literal)), "")
