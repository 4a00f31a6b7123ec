"""Results of queries as they come over the wire."""

import re
from collections.abc import Sequence
from io import BytesIO

import pyoxigraph as ox

from ..errors import LimitExceeded, ParseError
from .evaluator import Row
from .release import releasing

__all__ = ["read_results", "rewritten_results"]

#: Triple terms within one another: at a few thousand the parser, or the end of the term it made, ends the interpreter.
_MAX_NESTING = 100
_LONGEST = 8_000_000  #: bytes of a string in JSON; the parser takes hardly more, and fills twice its memory before
_LONG_STRING = re.compile(rb'"[^"]{%d}' % (_LONGEST + 1))
_OTHERS = bytes(set(range(256)) - set(b'{}"'))
_STRING = re.compile(rb'"[^"]*"')
_LAST_TAG = re.compile(rb"</(?:[^\s<>/:]+:)?sparql\s*>")
_TAGS = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(?P<end>/)?(?:[^\s<>/:\"']*:)?(?P<triple>triple)?(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>",
    re.DOTALL,
)


@releasing
def read_results(body: bytes, format_: ox.QueryResultsFormat) -> bool | tuple[list[str], Sequence[Row]]:
    """The answer to an ASK query, or the variables and solutions of a SELECT query.

    Whatever is in them is checked: no term is anything but that one term. Raises `ParseError` for what is broken off or
    malformed, `LimitExceeded` for values that are nested too deep or too long.
    """
    try:
        results = _parsed(body, format_)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        return [variable.value for variable in results.variables], [tuple(solution) for solution in results]
    except (SyntaxError, ValueError) as error:
        raise ParseError(str(error)) from None
    except MemoryError:
        raise _too_long() from None


@releasing
def rewritten_results(
    body: bytes, wanted: ox.QueryResultsFormat, format_: ox.QueryResultsFormat = ox.QueryResultsFormat.JSON
) -> bool | tuple[int, bytes]:
    """The answer to an ASK query, or the number of solutions, and they in another format.

    They are read twice, and never held as terms. Raises as `read_results` does.
    """
    try:
        results = _parsed(body, format_)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        out = BytesIO()
        results.serialize(out, wanted)
        again = ox.parse_query_results(body, format_)
        assert isinstance(again, ox.QuerySolutions)
        return len([None for _ in again]), out.getvalue()
    except (SyntaxError, ValueError) as error:
        raise ParseError(str(error)) from None
    except MemoryError:
        raise _too_long() from None


def _parsed(body: bytes, format_: ox.QueryResultsFormat) -> ox.QuerySolutions | ox.QueryBoolean:
    """What the engine reads of results that it can read. Raises `LimitExceeded` for others."""
    json = format_ is ox.QueryResultsFormat.JSON
    if (json and _deep_objects(body)) or (format_ is ox.QueryResultsFormat.XML and _deep_elements(body)):
        raise LimitExceeded(f"triple terms are nested more than {_MAX_NESTING} deep.")
    if json and len(body) > _LONGEST and _LONG_STRING.search(_unescaped(body)):
        raise _too_long()
    if format_ is ox.QueryResultsFormat.XML and not _LAST_TAG.match(body, max(body.rfind(b"</"), 0)):
        raise ParseError("the end is missing")  # the parser does not miss it
    return ox.parse_query_results(body, format_)


def _too_long() -> LimitExceeded:
    return LimitExceeded(
        f"a value is longer than {_LONGEST:,} bytes.", advice="Ask for a part of it by SPARQL, with SUBSTR."
    )


def _unescaped(body: bytes) -> bytes:
    """JSON of the same length, in which no quotation mark stands within a string."""
    return body.replace(rb"\\", b"..").replace(rb"\"", b"..") if b"\\" in body else body


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
