"""Labels of blank nodes in results: `b0`, `b1` … in the order in which they appear, so that bytes do not change."""

import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from .lexical_forms import Row

__all__ = ["labelled_in_order", "labelled_rows"]

_LABEL = re.compile(rb'"(?:[^"\\\n]|\\.)*"|<[^<>\n]*>|_:(?P<label>[^\s<>"]+)')


def labelled_in_order(lines: bytes) -> bytes:
    """N-Triples or N-Quads with their blank nodes labelled in the order in which they appear."""
    if b"_:" not in lines:
        return lines
    labels: dict[bytes, bytes] = {}

    def relabelled(match: re.Match[bytes]) -> bytes:
        if match["label"] is None:
            return match[0]
        return labels.setdefault(match["label"], b"_:b%d" % len(labels))

    return _LABEL.sub(relabelled, lines)


def labelled_rows(rows: Iterable[Row], ordered: bool) -> list[Row]:
    """Solutions with their blank nodes labelled in the order in which they appear.

    Without an ORDER BY the engine's order means nothing: they are sorted by their terms then, blank nodes as the engine
    has them.
    """
    found = _relabelled(rows)
    if not ordered:
        found.sort(key=_key)
        found = _relabelled(found)
    return found


def _relabelled(rows: Iterable[Row]) -> list[Row]:
    labels: dict[str, ox.BlankNode] = {}

    def term(term: Any) -> Any:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term.value, ox.BlankNode(f"b{len(labels)}"))
        if isinstance(term, ox.Triple):
            return ox.Triple(label(term.subject), term.predicate, label(term.object))
        return term

    label = term
    return [
        tuple(map(term, row)) if any(isinstance(value, (ox.BlankNode, ox.Triple)) for value in row) else row
        for row in rows
    ]


def _key(row: Row) -> list[str]:
    return [f"_:b{term.value[1:]:0>12}" if isinstance(term, ox.BlankNode) else str(term) for term in row]
