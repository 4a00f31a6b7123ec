"""The sentences behind the solutions of a query, out of the data alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from ..query.text import tokens
from ..rdf.lines import split
from .statement import Support

__all__ = ["sentences_behind"]


def sentences_behind(
    support: Support, text: str, rows: Sequence[Sequence[Any]], prefixes: Mapping[str, str]
) -> list[list[dict[str, Any]]]:
    """For each solution (terms, None for what is unbound) the claims behind it, each with its sentences.

    Those are the claims whose subject and object are values in the solution or IRIs that the query names, with a
    property that it names (any, if it names none).
    """
    named = _named(text, prefixes)
    properties = support.properties(named)
    result = []
    for row in rows:
        known = {str(term).encode() for term in row if term is not None} | named
        found = []
        for claim in support.about(known):
            _, predicate, object_, _ = split(claim.triple)
            if object_ in known and (not properties or predicate in properties):
                evidence = support.evidence(claim)
                sentences = [
                    {"iri": sentence.iri, "number": sentence.unit.number}
                    | ({"gist": sentence.gist} if sentence.gist else {})
                    | ({"implied": True} if sentence.implied else {})
                    for sentence in evidence.sentences
                ]
                notes = {"notes": list(evidence.notes)} if evidence.notes else {}
                found.append({"claim": claim.iri, "sentences": sentences} | notes)
        result.append(found)
    return result


def _named(text: str, prefixes: Mapping[str, str]) -> set[bytes]:
    """The tokens of the IRIs that a query names."""
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
            result.add(str(ox.NamedNode(iri)).encode())
    return result
