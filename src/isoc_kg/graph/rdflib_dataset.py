"""Canonical lines as an rdflib dataset."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..rdf.lines import iri, literal, split

__all__ = ["rdflib_dataset"]


def rdflib_dataset(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Any:
    """An rdflib `Dataset` whose default graph is the union; nothing is normalised."""
    import rdflib

    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        result = rdflib.Dataset(default_union=True)
        for prefix, namespace in prefixes.items():
            result.bind(prefix, namespace)
        for line in lines:
            subject, predicate, object_, graph = (_rdflib_term(token) for token in split(line))
            result.add((subject, predicate, object_, graph))
    finally:
        rdflib.NORMALIZE_LITERALS = before
    return result


def _rdflib_term(token: bytes) -> Any:
    import rdflib

    if not token:
        return None
    if token.startswith(b"<"):
        return rdflib.URIRef(iri(token))
    if token.startswith(b"_:"):
        return rdflib.BNode(token[2:].decode())
    value, language, datatype = literal(token)
    if language:
        return rdflib.Literal(value, lang=language)
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(value, datatype=None if plain else rdflib.URIRef(datatype or ""))
