"""Literals as they were written: a store turns `007` into `7` and `xsd:byte` into `xsd:integer`."""

import mmap
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyoxigraph as ox

from ...namespaces import SH, XSD
from ..report import Result

__all__ = ["restored"]

_XSD_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"\^\^<' + re.escape(XSD.iri) + r"\w+>")
_LINE = re.compile(
    rb'^(\S+)[ \t]+(\S+)[ \t]+("(?:[^"\\\n]|\\.)*"\^\^<' + re.escape(XSD.iri).encode() + rb"\w+>)[ \t]*\.", re.MULTILINE
)
_TARGET_NODE = f"<{SH.targetNode}>"
Place = tuple[str | None, str | None, str]


def restored(results: Sequence[Result], data: bytes | mmap.mmap, shapes: bytes) -> list[Result]:
    """The results with the literals of the data and of the shapes' target nodes (N-Triples) in place of the store's.

    A literal that a store gives for several different ones stays as it gives it, unless focus node and path tell.
    """
    wanted = {token for result in results for token in (result.focus_node, result.value) if token and _typed(token)}
    if not wanted:
        return list(results)
    found: dict[Place, set[str]] = {}
    _collect(_LINE.finditer(data), wanted, found)
    _collect(_LINE.finditer(shapes), wanted, found)
    return [_restored(result, found) for result in results]


def _typed(token: str) -> bool:
    return _XSD_LITERAL.fullmatch(token) is not None


def _collect(lines: Iterable[re.Match[bytes]], wanted: set[str], found: dict[Place, set[str]]) -> None:
    kept: dict[bytes, str | None] = {}
    for line in lines:
        if line[3] not in kept:
            stored = _as_stored(line[3].decode())
            kept[line[3]] = stored if stored in wanted else None
        canonical = kept[line[3]]
        if canonical is not None:
            subject, predicate, token = (part.decode() for part in line.groups())
            for place in ((subject, predicate, canonical), (None, None, canonical), (None, predicate, canonical)):
                found.setdefault(place, set()).add(token)


def _as_stored(token: str) -> str:
    """What an embedded store makes of a literal."""
    store = ox.Store()
    node = ox.NamedNode("urn:x")
    value = next(ox.parse(f"<urn:x> <urn:x> {token} .".encode(), format=ox.RdfFormat.N_TRIPLES)).object
    store.add(ox.Quad(node, node, value))
    return str(next(iter(store)).object)


def _restored(result: Result, found: dict[Place, set[str]]) -> Result:
    focus = _written(found, [(None, _TARGET_NODE, result.focus_node), (None, None, result.focus_node)])
    value = result.value
    if value is not None:
        own = focus if value == result.focus_node else None
        value = own or _written(found, [(result.focus_node, result.path, value), (None, None, value)]) or value
    return replace(result, focus_node=focus or result.focus_node, value=value)


def _written(found: dict[Place, set[str]], places: Iterable[Place]) -> str | None:
    for place in places:
        if len(tokens := found.get(place, ())) == 1:
            return next(iter(tokens))
    return None
