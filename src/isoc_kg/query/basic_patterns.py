"""Queries of IRIs and variables alone, which mean the same to every engine: known at a look."""

import re
from typing import NamedTuple

from ..lazy_patterns import lazy_pattern

__all__ = ["Point", "is_basic", "is_point", "point_of"]

_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+(?:[\r\n]|\Z))"
_VARIABLE = r"[?$][A-Za-z_]\w*+"
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*+>"""
#: A prefixed name without escapes and full stops.
_NAME = r"[A-Za-z]\w*+:[A-Za-z_][\w\-]*+(?![.:%\\])"
_NODE = rf"(?:{_VARIABLE}|{_IRI}|{_NAME})"
_OBJECTS = rf"{_NODE}(?:{_GAP}*+,{_GAP}*+{_NODE})*+"
_PROPERTY = rf"(?:{_NODE}{_GAP}*+|a{_GAP}++){_OBJECTS}"
_TRIPLES = rf"{_NODE}{_GAP}*+{_PROPERTY}(?:{_GAP}*+;{_GAP}*+{_PROPERTY})*+"
_VARIABLES = rf"(?:\*|{_VARIABLE}(?:{_GAP}++{_VARIABLE})*+)"
_SELECT = rf"{_GAP}*+SELECT(?:{_GAP}++DISTINCT)?+{_GAP}*+{_VARIABLES}{_GAP}*+(?:WHERE{_GAP}*+)?+"
_LIMIT = rf"(?:LIMIT{_GAP}++\d++{_GAP}*+)?+"
_FLAGS = re.ASCII | re.IGNORECASE
_BASIC = lazy_pattern(
    rf"{_SELECT}\{{{_GAP}*+{_TRIPLES}(?:{_GAP}*+\.{_GAP}*+{_TRIPLES})*+{_GAP}*+(?:\.{_GAP}*+)?+\}}{_GAP}*+{_LIMIT}",
    _FLAGS,
)
#: One property of an IRI, or all of them.
_POINT = lazy_pattern(
    rf"{_GAP}*+SELECT(?P<distinct>{_GAP}++DISTINCT)?+{_GAP}*+(?P<variables>{_VARIABLES}){_GAP}*+(?:WHERE{_GAP}*+)?+"
    rf"\{{{_GAP}*+(?P<subject>{_IRI}){_GAP}*+(?:(?P<property>{_NODE}){_GAP}*+|(?P<type>a){_GAP}++)(?P<object>{_NODE})"
    rf"{_GAP}*+(?:\.{_GAP}*+)?+\}}{_GAP}*+(?:LIMIT{_GAP}++(?P<limit>\d++){_GAP}*+)?+",
    _FLAGS,
)
_NAMES = re.compile(_VARIABLE, re.ASCII)


def is_basic(text: str) -> bool:
    """Whether a query selects what a basic graph pattern of IRIs and variables matches, and does nothing else."""
    return _BASIC.fullmatch(text) is not None


def is_point(text: str) -> bool:
    """Whether a query asks for values of one property of an IRI, or of all, so that it is soon answered."""
    return _POINT.fullmatch(text) is not None


class Point(NamedTuple):
    """A query for which `is_point` holds."""

    variables: tuple[str, ...]  #: that it selects, in the order in which results name them
    distinct: bool
    subject: str  #: as it stands in the text, as the others do
    property: str
    object: str
    limit: int | None


def point_of(text: str) -> Point | None:
    """What a query asks for, where `is_point` holds."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    subject, property_, object_ = match["subject"], match["property"] or "a", match["object"]
    if match["variables"] == "*":  # which the engine names by the alphabet
        variables = tuple(sorted({node[1:] for node in (property_, object_) if node[0] in "?$"}))
    else:
        variables = tuple(name[1:] for name in _NAMES.findall(match["variables"]))
    limit = match["limit"]
    return Point(variables, bool(match["distinct"]), subject, property_, object_, int(limit) if limit else None)
