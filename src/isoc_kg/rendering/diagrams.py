"""Diagrams as SVG in a page: no script, no style, legible in both themes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup, escape

from ..rdf.lines import iri
from .renderer import Renderer
from .resource import Resource

__all__ = ["Relation", "class_diagram", "class_hierarchy", "link_diagram"]

_COLUMN, _ROW = 230, 30
_BOX = 196  #: width of a class
_WORD = 150  #: width of a property's name between two classes
_MOST = 12  #: rows on each side
_MOST_ABOVE = 3
_IN_BOX, _ON_LINE = 24, 17  #: characters of a name
_LINKS_WIDTH, _LINKS_ROW, _LINKS_EDGE = 400, 26, 158
_BESIDE_LINK = 19  #: characters of a name


class Relation(NamedTuple):
    """Things of a class may have a property whose values are of another class or of a datatype."""

    source: bytes
    property: bytes
    target: bytes


# -- classes as a tree ------------------------------------------------------------


def class_hierarchy(renderer: Renderer, above: Mapping[bytes, Sequence[bytes]], own: tuple[bytes, ...]) -> Markup:
    """Classes as a tree from left to right, the general ones first, ours marked; those that stand alone are left out.

    `above` has each class with those that it is directly under; `own` are the beginnings of our names.
    """
    above = {term: [parent for parent in parents if parent in above] for term, parents in above.items()}
    places, rows = _tree(renderer, above)
    if not places:
        return Markup("")
    drawing = _Drawing(renderer, "")
    for term, (depth, y) in places.items():
        for parent in above[term]:
            start, level = places[parent]
            drawing.curve(start * _COLUMN + 200, level * _ROW, depth * _COLUMN + 4, y * _ROW)
    for term, (depth, y) in places.items():
        drawing.box(term, depth * _COLUMN + 4, y * _ROW, "own" if term.startswith(own) else "")
    return drawing.svg((max(depth for depth, _ in places.values()) + 1) * _COLUMN, (rows + 1) * _ROW)


def _tree(renderer: Renderer, above: Mapping[bytes, Sequence[bytes]]) -> tuple[dict[bytes, tuple[int, float]], int]:
    """Column and row of each class, under the first of the classes above it; and how many rows there are."""
    children: dict[bytes, list[bytes]] = {}
    for term, parents in above.items():
        if parents:
            children.setdefault(parents[0], []).append(term)
    classes = [term for term, parents in above.items() if parents or term in children]
    places: dict[bytes, tuple[int, float]] = {}
    rows = 0

    def place(term: bytes, depth: int) -> float:
        nonlocal rows
        if term in places:
            return places[term][1]
        places[term] = (depth, 0.0)  # a circle ends here
        below = [place(child, depth + 1) for child in sorted(children.get(term, ()), key=renderer.sort_key)]
        if not below:
            rows += 1
        y = (below[0] + below[-1]) / 2 if below else float(rows)
        places[term] = (depth, y)
        return y

    for term in sorted(classes, key=lambda term: (bool(above[term]), *renderer.sort_key(term))):
        place(term, 0)
    return {term: places[term] for term in classes}, rows


# -- a class with its relations ---------------------------------------------------


def class_diagram(
    renderer: Renderer,
    root: str,
    term: bytes,
    above: Sequence[bytes],
    below: Sequence[bytes],
    relations: Sequence[Relation],
) -> Markup:
    """A class: what links to it on the left, what it links to on the right, the general above, the special below."""
    layout = _Layout(
        incoming=_first(renderer, (relation for relation in relations if relation.target == term)),
        outgoing=_first(renderer, (relation for relation in relations if relation.source == term)),
        above=sorted(above, key=renderer.sort_key)[:_MOST_ABOVE],
        below=sorted(below, key=renderer.sort_key)[:_MOST],
    )
    if not any(layout):
        return Markup("")
    drawing = _Drawing(renderer, root)
    _draw_relations(drawing, layout)
    _draw_hierarchy(drawing, layout)
    drawing.box(term, layout.left, layout.middle, "own")
    return drawing.svg(layout.width, layout.bottom + 24)


def _first(renderer: Renderer, relations: Iterable[Relation]) -> list[Relation]:
    """Those that the diagram has room for, by the names of their properties."""
    return sorted(relations, key=lambda relation: (renderer.sort_key(relation.property), relation))[:_MOST]


class _Layout(NamedTuple):
    """What stands around a class, and where: the class itself is at `left`, `middle`."""

    incoming: list[Relation]
    outgoing: list[Relation]
    above: list[bytes]
    below: list[bytes]

    @property
    def left(self) -> int:
        return _BOX + _WORD + 8 if self.incoming else 4

    @property
    def right(self) -> int:
        return self.left + _BOX + _WORD

    @property
    def width(self) -> int:
        return (self.right + _BOX if self.outgoing else self.left + _BOX) + 4

    @property
    def rows(self) -> int:
        return max(len(self.incoming), len(self.outgoing), 1)

    @property
    def top(self) -> int:
        return 24 + _ROW * len(self.above) + (12 if self.above else 0)

    @property
    def middle(self) -> float:
        return self.top + (self.rows - 1) * _ROW / 2

    @property
    def start(self) -> float:
        """Where the first class below is."""
        start = self.middle + 48
        return max(start, self.top + self.rows * _ROW + 12) if self.rows > 1 else start

    @property
    def bottom(self) -> float:
        return self.start + (len(self.below) - 1) * _ROW if self.below else self.top + (self.rows - 1) * _ROW

    def row(self, number: int, rows: int) -> float:
        """The height of one of the rows on a side, which are centred."""
        return self.top + (self.rows - rows) * _ROW / 2 + number * _ROW


def _draw_relations(drawing: "_Drawing", layout: _Layout) -> None:
    left, right, middle = layout.left, layout.right, layout.middle
    for number, relation in enumerate(layout.incoming):
        y = layout.row(number, len(layout.incoming))
        drawing.curve(left - 32, y, left, middle, _BOX + 4)
        drawing.box(relation.source, 4, y)
        drawing.word(relation.property, _BOX + 10, y)
    for number, relation in enumerate(layout.outgoing):
        y = layout.row(number, len(layout.outgoing))
        drawing.curve(left + _BOX, middle, left + _BOX + 32, y, right)
        drawing.box(relation.target, right, y)
        drawing.word(relation.property, left + _BOX + 36, y)


def _draw_hierarchy(drawing: "_Drawing", layout: _Layout) -> None:
    x = layout.left + _BOX / 2
    if layout.above:
        drawing.vertical(x, _ROW * len(layout.above) + 8, layout.middle - 11)
    for number, parent in enumerate(layout.above):
        drawing.box(parent, layout.left, 22 + number * _ROW)
    if layout.below:
        drawing.vertical(x, layout.middle + 11, layout.start - 11)
    for number, child in enumerate(layout.below):
        drawing.box(child, layout.left, layout.start + number * _ROW)


@dataclass
class _Drawing:
    """Boxes, words and lines, in the order in which they are added."""

    renderer: Renderer
    root: str
    parts: list[str] = field(default_factory=list)

    def svg(self, width: float, height: float) -> Markup:
        size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
        parts = "".join(self.parts)  # with every text and address escaped
        return Markup(f'<svg {size} role="group" aria-labelledby="diagram">{parts}</svg>')  # noqa: S704

    def curve(self, x1: float, y1: float, x2: float, y2: float, far: float | None = None) -> None:
        """A line between two points, straight on to or from a third that is as high as the nearer one."""
        bend = (x2 - x1) / 2
        start = f"M{far:g} {y1:g}H{x1:g}" if far is not None and far < x1 else f"M{x1:g} {y1:g}"
        end = f"H{far:g}" if far is not None and far > x2 else ""
        self.parts.append(f'<path d="{start}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}{end}"/>')

    def vertical(self, x: float, y1: float, y2: float) -> None:
        self.parts.append(f'<path d="M{x:g} {y1:g}V{y2:g}"/>')

    def box(self, term: bytes, x: float, y: float, class_: str = "") -> None:
        """A class (or a datatype) in a frame, linked to its page if there is one to follow."""
        short = self.renderer.short(iri(term))
        name = self.renderer.index.name_of(term)[0] if term in self.renderer.index.label else short
        inside = (
            f"<title>{escape(short)}</title>"
            f'<rect x="{x:g}" y="{y - 11:g}" width="{_BOX}" height="22" rx="4"/>'
            f'<text x="{x + 8:g}" y="{y + 4:g}">{escape(_shortened(name, _IN_BOX))}</text>'
        )
        self._link(term, inside, class_)

    def word(self, property_: bytes, x: float, y: float) -> None:
        """A property's name above its line."""
        name = escape(_shortened(self.renderer.index.name_of(property_)[0], _ON_LINE))
        title = f"<title>{escape(self.renderer.short(iri(property_)))}</title>"
        self._link(property_, f'{title}<text x="{x:g}" y="{y - 4:g}">{name}</text>', "word")

    def _link(self, term: bytes, inside: str, class_: str) -> None:
        href = self.renderer.href(self.root, iri(term)) if term in self.renderer.index.paged else ""
        attribute = f' class="{class_}"' if class_ else ""
        self.parts.append(
            f'<a href="{escape(href)}"{attribute}>{inside}</a>' if href else f"<g{attribute}>{inside}</g>"
        )


def _shortened(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


# -- a resource with its links ----------------------------------------------------


def link_diagram(renderer: Renderer, root: str, token: bytes, resource: Resource, most: int) -> Markup:
    """What links to a resource on the left, what it links to on the right; nothing when it stands alone."""
    index = renderer.index
    sources = dict.fromkeys(subject for _, _, subjects in resource.incoming for subject in subjects)
    targets = dict.fromkeys(
        statement.object
        for statement in resource.statements
        if statement.object in index.paged and statement.object not in index.terms
    )
    left = [source for source in sources if source != token][: most // 2]
    right = [target for target in targets if target != token][: most // 2]
    if not left and not right:
        return Markup("")
    rows = max(len(left), len(right), 2)
    height = rows * _LINKS_ROW + 12
    parts = [*_links(renderer, root, left, rows, incoming=True), *_links(renderer, root, right, rows, incoming=False)]
    return Markup(  # noqa: S704 – every text and address in it is escaped
        f'<svg class="neighbours" viewBox="0 0 {_LINKS_WIDTH} {height}" role="group" aria-labelledby="neighbourhood">'
        f'{"".join(parts)}<circle cx="{_LINKS_WIDTH // 2}" cy="{height / 2:g}" r="7"/></svg>'
    )


def _links(renderer: Renderer, root: str, members: Sequence[bytes], rows: int, *, incoming: bool) -> Iterable[str]:
    """The links on one side of the resource, each with the name that it leads to."""
    middle = (rows * _LINKS_ROW + 12) / 2
    start = (rows - len(members)) * _LINKS_ROW / 2 + _LINKS_ROW / 2 + 6
    x, bend, anchor, at = (
        (_LINKS_EDGE, _LINKS_EDGE + 26, "end", _LINKS_EDGE - 6)
        if incoming
        else (_LINKS_WIDTH - _LINKS_EDGE, _LINKS_WIDTH - _LINKS_EDGE - 26, "start", _LINKS_WIDTH - _LINKS_EDGE + 6)
    )
    for number, member in enumerate(members):
        y = start + number * _LINKS_ROW
        yield f'<path d="M{x} {y:g}C{bend} {y:g} {bend} {middle:g} {_LINKS_WIDTH // 2} {middle:g}"/>'
        name, _ = renderer.index.name_of(member)
        href = escape(renderer.href(root, member.decode()[1:-1]))
        # the whole name where the diagram has no room for it
        title = f"<title>{escape(name)}</title>" if len(name) > _BESIDE_LINK else ""
        text = escape(_shortened(name, _BESIDE_LINK))
        yield f'<a href="{href}">{title}<text x="{at}" y="{y + 4:g}" text-anchor="{anchor}">{text}</text></a>'
