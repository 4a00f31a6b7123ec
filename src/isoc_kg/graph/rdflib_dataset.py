"""Canonical lines as an rdflib dataset."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import CannotCarry
from ..rdf.lines import iri, literal, split

__all__ = ["rdflib_dataset"]


def rdflib_dataset(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Any:
    """An rdflib `Dataset` whose default graph is the union; nothing is normalised.

    Raises `CannotCarry` for a triple term, and for a text with a direction: rdflib has neither.
    """
    import rdflib

    result = rdflib.Dataset(default_union=True)
    for prefix, namespace in prefixes.items():
        result.bind(prefix, namespace)
    for line in lines:
        subject, predicate, object_, graph = split(line)
        if what := _unknown_kind(object_):
            raise CannotCarry(
                f"rdflib cannot carry this triple: it has no {what} (RDF 1.2).",
                excerpt=b" ".join((subject, predicate, object_)).decode(),
                advice="Use the pyoxigraph store, or a CONSTRUCT query that leaves the triple out.",
            )
        result.add(tuple(map(_rdflib_term, (subject, predicate, object_, graph))))
    return result


def _unknown_kind(token: bytes) -> str | None:
    """What rdflib has not, of which a term is one."""
    if token.startswith(b"<<("):
        return "triple terms"
    if token.startswith(b'"'):
        tag = token[token.rindex(b'"') + 1 :]
        return "texts with a direction" if tag.startswith(b"@") and b"--" in tag else None
    return None


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
    # by argument: the module's setting is that of all threads
    return rdflib.Literal(value, datatype=None if plain else rdflib.URIRef(datatype or ""), normalize=False)
