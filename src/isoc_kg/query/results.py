"""Results of queries as they come over the wire."""

import re
from collections.abc import Sequence

import pyoxigraph as ox

from ..errors import ParseError
from .evaluator import Row

__all__ = ["read_results"]

#: Triple terms within one another: at a few thousand the parser, or the end of the term it made, ends the interpreter.
_MAX_NESTING = 100
_OTHERS = bytes(set(range(256)) - set(b'{}"'))
_STRING = re.compile(rb'"[^"]*"')
_TAGS = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(?P<end>/)?(?:[^\s<>/:\"']*:)?(?P<triple>triple)?(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>",
    re.DOTALL,
)


def read_results(body: bytes, format_: ox.QueryResultsFormat) -> bool | tuple[list[str], Sequence[Row]]:
    """The answer to an ASK query, or the variables and solutions of a SELECT query.

    Whatever is in them is checked: no term is anything but that one term. Raises `ParseError` for what is broken off,
    malformed, or nested too deep.
    """
    try:
        if format_ is ox.QueryResultsFormat.JSON and _deep_objects(body):
            raise ParseError("triple terms are nested too deep.")
        if format_ is ox.QueryResultsFormat.XML and _deep_elements(body):
            raise ParseError("triple terms are nested too deep.")
        results = ox.parse_query_results(body, format_)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        return [variable.value for variable in results.variables], [tuple(solution) for solution in results]
    except (SyntaxError, ValueError, MemoryError) as error:
        raise ParseError(str(error)) from None


def _deep_objects(body: bytes) -> bool:
    """Whether objects stand in more objects than results have: two for each triple term, a few around the first."""
    if b"\\" in body:
        body = body.replace(rb"\\", b"").replace(rb"\"", b"")
    braces = _STRING.sub(b"", body.translate(None, _OTHERS).replace(b'""', b""))
    for _ in range(2 * _MAX_NESTING + 4):
        outer = braces.replace(b"{}", b"")
        if len(outer) == len(braces):
            return braces.count(b"{") > 2 * _MAX_NESTING + 4
        braces = outer
    return True


def _deep_elements(body: bytes) -> bool:
    if body.count(b"triple") <= _MAX_NESTING:
        return False
    depth = 0
    for tag in _TAGS.finditer(body):
        if tag["triple"]:
            depth += -1 if tag["end"] else 1
        if depth > _MAX_NESTING:
            return True
    return False
