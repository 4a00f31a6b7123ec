"""Literals as they were written, in a store that keeps their values alone.

The embedded store rewrites what it reads as a number, a truth value or a time (`1.10` becomes `1.1`, an `xsd:byte` an
`xsd:integer`). A literal that it would rewrite is therefore stored, and named in queries, with a datatype of ours in
place of its own. What compares or computes with it is given the literal itself (`rewriting`); what leaves the store
has its own datatype again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from ..namespaces import INTEGER_BOUNDS, INTEGER_TYPES, XSD

__all__ = [
    "FUNCTION",
    "NUMERIC_TYPES",
    "Row",
    "is_kept",
    "is_large",
    "is_number",
    "is_out_of_range",
    "marked",
    "marked_lines",
    "unmarked",
    "unmarked_lines",
    "unmarked_row",
]

#: The terms of a solution, as pyoxigraph has them, in the order of its variables; what is unbound is None.
Row = Sequence[Any]
#: What stands before a datatype's IRI in the store.
_MARK = "x-isoc-kg-as-written:"
#: What stands before the name of a function that queries are given.
FUNCTION = "x-isoc-kg-function:"
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
#: The lexical forms of numbers (https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes).
_NUMBERS = dict.fromkeys(INTEGER_TYPES, _INTEGER) | {
    XSD.decimal: re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII),
    XSD.double: _DOUBLE,
    XSD.float: _DOUBLE,
}
NUMERIC_TYPES = _NUMBERS.keys()
_LARGE = re.compile(r"[+-]?0*[1-9]\d{12,}(?:\.\d*)?|[+-]?\d*\.\d{19,}", re.ASCII)
_XSD = XSD.string.removesuffix("string")
#: Typed literals of canonical lines, but for those that are many and certainly kept.
_SUSPECTS = re.compile(
    rb'(?<= )"(?!(?:0|-?[1-9]\d{0,11})"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>'
    rb'|\d{4}(?:-\d\d-\d\d)?"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:date|gYear)>)'
    rb'([^"\n]*)"\^\^<(http://www\.w3\.org/2001/XMLSchema#\w+)>'
)


_TYPED = b'"^^<' + _XSD.encode()
_BLOCK = 1 << 20  #: bytes of lines looked at together


def _typed(data: bytes) -> Iterator[bytes]:
    """The lines with typed literals, many in a text: most have none, and long texts."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _BLOCK) + 1 or len(data)
        yield b"".join([line for line in data[start:end].splitlines(keepends=True) if _TYPED in line])
        start = end


def marked_lines(lines: Iterable[bytes]) -> tuple[bytes, bool, bool]:
    """Canonical lines as one text for the store, whether literals are marked in it, and whether numbers are large."""
    data = b"".join(lines)
    if _TYPED not in data:
        return data, False, False
    suspects = {suspect for some in _typed(data) for suspect in _SUSPECTS.findall(some)}
    large = any(is_large(form.decode(), datatype.decode()) for form, datatype in suspects)
    rewritten = {suspect for suspect in suspects if not is_kept(suspect[0].decode(), suspect[1].decode())}
    if not rewritten:
        return data, False, large

    def with_mark(match: re.Match[bytes]) -> bytes:
        if match.groups() not in rewritten:
            return match[0]
        return b'"%s"^^<%s%s>' % (match[1], _MARK.encode(), match[2])

    return _SUSPECTS.sub(with_mark, data), True, large


@lru_cache(100_000)
def is_kept(form: str, datatype: str) -> bool:
    """Whether the store keeps a literal as it is; asked of the store itself."""
    if not datatype.startswith(_XSD):
        return True
    literal = ox.Literal(form, datatype=ox.NamedNode(datatype))
    store = ox.Store()
    store.add(ox.Quad(_SOME, _SOME, literal))
    return bool(next(iter(store)).object == literal)


_SOME = ox.NamedNode("x:x")


def is_number(form: str, datatype: str) -> bool:
    """Whether a literal is a number that its datatype has."""
    pattern = _NUMBERS.get(datatype)
    return pattern is not None and pattern.fullmatch(form) is not None and not is_out_of_range(form, datatype)


def is_large(form: str, datatype: str) -> bool:
    """Whether a literal is a number that the engine may fail to hold, or to add up a million of."""
    return (datatype in INTEGER_TYPES or datatype == XSD.decimal) and _LARGE.fullmatch(form) is not None


def is_out_of_range(form: str, datatype: str) -> bool:
    """Whether a literal is an integer that its datatype does not have (`"300"^^xsd:byte`)."""
    least, most = INTEGER_BOUNDS.get(datatype, (None, None))
    if (least is None and most is None) or not _INTEGER.fullmatch(form):
        return False
    number = Decimal(form)
    return (least is not None and number < least) or (most is not None and number > most)


def marked(form: str, datatype: str) -> ox.Literal:
    """The literal that stands in the store for one that it would rewrite."""
    return ox.Literal(form, datatype=ox.NamedNode(datatype if is_kept(form, datatype) else _MARK + datatype))


def unmarked(term: Any) -> Any:
    """A term with its own datatype."""
    if isinstance(term, ox.Literal):
        if (datatype := term.datatype.value).startswith(_MARK):
            return ox.Literal(term.value, datatype=ox.NamedNode(datatype[len(_MARK) :]))
    elif isinstance(term, ox.Triple):
        return ox.Triple(unmarked(term.subject), term.predicate, unmarked(term.object))
    return term


def unmarked_row(row: Iterable[Any]) -> Row:
    """A solution whose terms have their own datatypes."""
    return tuple(map(unmarked, row))


def unmarked_lines(data: bytes) -> bytes:
    """Lines, or results in any format but CSV, which has no datatypes, with the datatypes of their literals."""
    return data.replace(_MARK.encode(), b"")
