"""Queries for the values of an IRI's properties, answered out of the publication's lines as a worker would answer.

Row for row and byte for byte: what is not certain to be so, such as an answer without rows, is left to the workers.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Protocol

from ...namespaces import RDF
from ...query.basic_patterns import point_of
from ...rdf.lines import literal, split
from ...rdf.tokens import iri_token
from .result_formats import says_nothing

__all__ = ["Described", "PointAnswers", "Points"]

_MOST_LINES = 200  #: about a subject
_MOST_BYTES = 60_000  #: of them
_MOST_VARIABLES = 10


class Described(Protocol):
    """Lines that are found by their subject."""

    def lines_of(self, token: bytes) -> Iterable[bytes]:
        """The lines whose subject the token is."""


class Points(Protocol):
    """What has answers to such queries at hand."""

    def json(self, text: str) -> bytes | None:
        """The result of a query as SPARQL 1.1 Query Results JSON; None for what is left to the workers."""


class PointAnswers:
    """Answers out of lines; `prefixes` are known in queries."""

    def __init__(self, data: Described, prefixes: Mapping[str, str]) -> None:
        self._data, self._prefixes = data, prefixes

    def json(self, text: str) -> bytes | None:
        """The result of a query as SPARQL 1.1 Query Results JSON; None for what is left to the workers."""
        query = point_of(text)
        if query is None or len(query.variables) > _MOST_VARIABLES or len(set(query.variables)) < len(query.variables):
            return None
        subject, property_, object_ = map(self._token, (query.subject, query.property, query.object))
        if (
            subject is None
            or property_ is None
            or object_ is None
            or (not property_ and query.property == query.object)
        ):
            return None
        lines = list(islice(self._data.lines_of(subject), _MOST_LINES + 1))
        triples = _triples(lines)
        if triples is None:
            return None
        name_of_property = "" if property_ else query.property[1:]
        named = {name_of_property, "" if object_ else query.object[1:]}
        # the engine begins with what it has read last
        pairs = [
            (other, value)
            for other, value in reversed(triples)
            if (not property_ or other == property_) and (not object_ or value == object_)
        ]
        rows = []
        columns = [(b'"%b":' % name.encode(), name == name_of_property) for name in query.variables if name in named]
        for other, value in pairs:
            terms = [(start, _term(other if is_property else value)) for start, is_property in columns]
            if None in [term for _, term in terms]:
                return None
            rows.append(b"{%b}" % b",".join([start + term for start, term in terms if term]))
        if query.distinct:
            rows = list(dict.fromkeys(rows))
        rows = rows[: query.limit]
        if not rows:
            return None
        names = json.dumps(query.variables, separators=(",", ":")).encode()
        body = b'{"head":{"vars":%b},"results":{"bindings":[%b]}}' % (names, b",".join(rows))
        return None if len(rows) == 1 and says_nothing(body, "application/json") else body

    def _token(self, node: str) -> bytes | None:
        """The token of an IRI; empty for a variable, None where it is not certain which IRI is meant."""
        if node[0] in "?$":
            return b""
        if node == "a":
            return _TYPE
        if node[0] == "<":
            # one that is relative, or has steps in its path, is another one for the engine
            return node.encode() if ":" in node and "/." not in node else None
        prefix, _, local = node.partition(":")
        namespace = self._prefixes.get(prefix)
        return iri_token(namespace + local) if namespace is not None else None


def _triples(lines: Sequence[bytes]) -> list[tuple[bytes, bytes]] | None:
    """Property and object of lines, in their order; None where the engine may have them in another one."""
    if not lines or len(lines) > _MOST_LINES or sum(map(len, lines)) > _MOST_BYTES:
        return None
    found = []
    graphless = 0
    for line in lines:
        _, property_, object_, graph = split(line)
        graphless += not graph
        found.append((property_, object_))
    # where a triple of two graphs is one, those of the default graph are read first
    if 0 < graphless < len(found) or len(set(found)) < len(found):
        return None
    return found


def _term(token: bytes) -> bytes | None:
    """A term in JSON; None for blank nodes, triple terms and texts with a base direction."""
    start = token[0]
    if start == _QUOTE:
        end = token.rindex(b'"')
        more = _more(token[end + 1 :])
        if more is None:
            return None
        # what has no escape in N-Triples needs none in JSON
        value = token[: end + 1] if b"\\" not in token else json.dumps(literal(token)[0], ensure_ascii=False).encode()
        return b'{"type":"literal","value":%b%b}' % (value, more)
    if start != _ANGLE or token[1] == _ANGLE or b'"' in token or b"\\" in token:
        return None
    return b'{"type":"uri","value":"%b"}' % token[1:-1]


@lru_cache(1000)
def _more(tail: bytes) -> bytes | None:
    """Language or datatype of a literal in JSON, of what stands behind its closing quote."""
    if not tail:
        return b""
    if tail.startswith(b"@"):
        return b',"xml:lang":"%b"' % tail[1:] if b"--" not in tail and tail == tail.lower() else None
    return b',"datatype":"%b"' % tail[3:-1] if b'"' not in tail and b"\\" not in tail else None


_QUOTE, _ANGLE = b'"<'
_TYPE = iri_token(RDF.type)
