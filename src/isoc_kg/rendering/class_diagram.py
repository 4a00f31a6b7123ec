"""Class diagrams as SVG, drawn when the site is built: no script, no style, legible in both themes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from ..rdf.lines import iri
from .pages import Renderer

__all__ = ["Relation", "around", "hierarchy"]

_COLUMN, _ROW = 230, 30
_BOX = 196  #: width of a class
_WORD = 150  #: width of a property's name between two classes
_MOST = 12  #: rows on each side
_LONGEST = 24  #: characters of a name in a box


class Relation(NamedTuple):
    """Things of a class may have a property whose values are of another class or of a datatype."""

    source: bytes
    property: bytes
    target: bytes


def hierarchy(renderer: Renderer, above: Mapping[bytes, Sequence[bytes]], own: tuple[bytes, ...]) -> Markup:
    """Classes as a tree from left to right, the general ones first, ours marked; those that stand alone are left out.

    `above` has each class with those that it is directly under; `own` are the beginnings of our names.
    """
    above = {term: [parent for parent in parents if parent in above] for term, parents in above.items()}
    children: dict[bytes, list[bytes]] = {}
    for term, parents in above.items():
        if parents:
            children.setdefault(parents[0], []).append(term)
    classes = [term for term, parents in above.items() if parents or term in children]
    places: dict[bytes, tuple[int, float]] = {}
    row = 0

    def place(term: bytes, depth: int) -> float:
        nonlocal row
        if term in places:
            return places[term][1]
        places[term] = (depth, 0.0)  # a circle ends here
        rows = [place(child, depth + 1) for child in sorted(children.get(term, ()), key=renderer.sort_key)]
        if not rows:
            row += 1
        y = sum((rows[0], rows[-1])) / 2 if rows else float(row)
        places[term] = (depth, y)
        return y

    for term in sorted(classes, key=lambda term: (bool(above[term]), *renderer.sort_key(term))):
        place(term, 0)
    if not places:
        return Markup("")
    parts = []
    for term in classes:
        depth, y = places[term]
        for parent in above[term]:
            start, level = places[parent]
            parts.append(_curve(start * _COLUMN + 200, level * _ROW, depth * _COLUMN + 4, y * _ROW))
    for term in classes:
        depth, y = places[term]
        parts.append(_box(renderer, "", term, depth * _COLUMN + 4, y * _ROW, "own" if term.startswith(own) else ""))
    return _drawn(parts, (max(depth for depth, _ in places.values()) + 1) * _COLUMN, (row + 1) * _ROW)


def around(
    renderer: Renderer, root: str, term: bytes, above: Sequence[bytes], below: Sequence[bytes], relations: Sequence[Relation]
) -> Markup:  # fmt: skip
    """A class with what links to it on the left, what it links to on the right, the general above it, the special below."""
    incoming = _shown(renderer, (one for one in relations if one.target == term))
    outgoing = _shown(renderer, (one for one in relations if one.source == term))
    above, below = sorted(above, key=renderer.sort_key)[:3], sorted(below, key=renderer.sort_key)[:_MOST]
    if not incoming and not outgoing and not above and not below:
        return Markup("")
    left = _BOX + _WORD + 8 if incoming else 4
    right = left + _BOX + _WORD
    width = (right + _BOX if outgoing else left + _BOX) + 4
    rows = max(len(incoming), len(outgoing), 1)
    top = 24 + _ROW * len(above) + (12 if above else 0)
    middle = top + (rows - 1) * _ROW / 2
    parts = []
    for number, one in enumerate(incoming):
        y = top + (rows - len(incoming)) * _ROW / 2 + number * _ROW
        parts += [_curve(left - 32, y, left, middle, _BOX + 4), _box(renderer, root, one.source, 4, y)]
        parts.append(_word(renderer, root, one.property, _BOX + 10, y))
    for number, one in enumerate(outgoing):
        y = top + (rows - len(outgoing)) * _ROW / 2 + number * _ROW
        parts += [_curve(left + _BOX, middle, left + _BOX + 32, y, right), _box(renderer, root, one.target, right, y)]
        parts.append(_word(renderer, root, one.property, left + _BOX + 36, y))
    x = left + _BOX / 2
    if above:
        parts.append(f'<path d="M{x:g} {_ROW * len(above) + 8}V{middle - 11:g}"/>')
    parts += [_box(renderer, root, parent, left, 22 + number * _ROW) for number, parent in enumerate(above)]
    start = max(middle + 48, top + rows * _ROW + 12) if rows > 1 else middle + 48
    if below:
        parts.append(f'<path d="M{x:g} {middle + 11:g}V{start - 11:g}"/>')
    parts += [_box(renderer, root, child, left, start + number * _ROW) for number, child in enumerate(below)]
    parts.append(_box(renderer, root, term, left, middle, "own"))
    bottom = start + (len(below) - 1) * _ROW if below else top + (rows - 1) * _ROW
    return _drawn(parts, width, bottom + 24)


def _shown(renderer: Renderer, relations: Iterable[Relation]) -> list[Relation]:
    order = sorted(relations, key=lambda one: (renderer.sort_key(one.property), one))
    return order[:_MOST]


def _drawn(parts: Sequence[str], width: float, height: float) -> Markup:
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return Markup(f'<svg {size} role="group" aria-labelledby="diagram">{"".join(parts)}</svg>')  # noqa: S704 – escaped below


def _curve(x1: float, y1: float, x2: float, y2: float, far: float | None = None) -> str:
    """A line between two points, straight on to or from a third that is as high as the nearer one."""
    bend = (x2 - x1) / 2
    start = f"M{far:g} {y1:g}H{x1:g}" if far is not None and far < x1 else f"M{x1:g} {y1:g}"
    end = f"H{far:g}" if far is not None and far > x2 else ""
    return f'<path d="{start}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}{end}"/>'


def _box(renderer: Renderer, root: str, term: bytes, x: float, y: float, class_: str = "") -> str:
    """A class (or a datatype) in a frame, linked to its page if there is one to follow."""
    name, short = _named(renderer, term)
    name = name if term in renderer.index.label else short
    inside = (
        f"<title>{escape(short)}</title>"
        f'<rect x="{x:g}" y="{y - 11:g}" width="{_BOX}" height="22" rx="4"/>'
        f'<text x="{x + 8:g}" y="{y + 4:g}">{escape(_cut(name, _LONGEST))}</text>'
    )
    return _linked(renderer, root, term, inside, class_)


def _word(renderer: Renderer, root: str, property_: bytes, x: float, y: float) -> str:
    """A property's name above its line."""
    name, short = _named(renderer, property_)
    return _linked(
        renderer, root, property_,
        f'<title>{escape(short)}</title><text x="{x:g}" y="{y - 4:g}">{escape(_cut(name, 17))}</text>', "word",
    )  # fmt: skip


def _linked(renderer: Renderer, root: str, term: bytes, inside: str, class_: str) -> str:
    href = renderer.href(root, iri(term)) if term in renderer.index.paged else ""
    shown = f' class="{class_}"' if class_ else ""
    return f'<a href="{escape(href)}"{shown}>{inside}</a>' if href else f"<g{shown}>{inside}</g>"


def _named(renderer: Renderer, term: bytes) -> tuple[str, str]:
    return renderer.index.name_of(term)[0], renderer.short(iri(term))


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
