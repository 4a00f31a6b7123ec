"""Sections of a long document, each on a page of its own: where it is cut, and what its contents list."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..namespaces import EV
from .tagged_text import TaggedText
from .unit_view import UnitView

__all__ = ["ANCHORED_UNITS", "Heading", "Section", "sections_of"]

_ONE_PAGE_UNITS = 300  #: what has no more stands on one page, unless very much rests on it
_ONE_PAGE_BYTES = 440_000
_UNITS = 150  #: a section has no more
_FEW = 40  #: one of the highest headings begins a section only where the one before it has as many
_SOME = 100  #: and any other heading
_BYTES = 220_000  #: of a section's units as HTML, about; a single unit may have more
_LONGEST = 120  #: characters of a heading in the contents
ANCHORED_UNITS = 8_000  #: the contents of a document with no more units have an anchor for each of them
_HEADING = str(EV.Heading)
#: A heading's element, in the path of CSS to it (`main > h2:nth-of-type(3)`).
_ELEMENT = re.compile(r"(?:^|[\s>])h([1-6])(?![\w-])")
#: A heading's number, as in `2.1 Harbours`, which tells how deep it stands.
_NUMBERED = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3}){0,4})\.?\s+\D")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the contents; `level` counts from 1, the highest of the document, and is 0 for its title."""

    unit: UnitView
    level: int

    @property
    def text(self) -> str:
        """Its words, else its gist, cut; empty where neither is published."""
        words = self.unit.quote or self.unit.gist or ""
        return words.cut(_LONGEST) if isinstance(words, TaggedText) else " ".join(words.split())[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Section:
    """Units of a document that follow each other."""

    number: int
    units: Sequence[UnitView]
    headings: Sequence[Heading]  #: those that stand in it, in their order
    above: Heading | None = None  #: the last one before it, which its first units stand under

    @property
    def span(self) -> str:
        """The numbers of the first and the last unit, as one reads them."""
        first, last = self.units[0].number, self.units[-1].number
        return first if first == last else f"{first}–{last}"

    @property
    def opening(self) -> Heading | None:
        """The heading with which it begins, if it does; rather than the document's title, one that follows that."""
        first = [heading for heading, unit in zip(self.headings, self.units, strict=False) if heading.unit is unit][:2]
        return first[-1] if first and first[0].level == 0 else first[0] if first else None


def sections_of(units: Sequence[UnitView], weigh: Callable[[UnitView], int]) -> list[Section]:
    """The sections of a document's units, in order; none where it fits on one page.

    `weigh` gives the bytes that a unit takes in a page, about. A section begins at a heading where there is one in
    time, at a paragraph else; the same units are always cut alike.
    """
    weights = [weigh(unit) for unit in units]
    if len(units) <= _ONE_PAGE_UNITS and sum(weights) <= _ONE_PAGE_BYTES:
        return []
    levels = _levels(units)
    sections: list[Section] = []
    above: Heading | None = None
    for number, part in enumerate(_cut(units, weights, levels), 1):
        headings = [Heading(unit, levels[unit.iri]) for unit in part if unit.iri in levels]
        sections.append(Section(number, part, headings, above))
        above = headings[-1] if headings else above
    return sections


def _cut(units: Sequence[UnitView], weights: Sequence[int], levels: dict[str, int]) -> Iterator[list[UnitView]]:
    part: list[UnitView] = []
    size = 0
    after_heading = False  # a heading stays with what follows it
    for unit, weight in zip(units, weights, strict=True):
        heading = unit.iri in levels
        enough = _FEW if levels.get(unit.iri) == 1 else _SOME
        paragraph = bool(part) and unit.number.partition(".")[0] != part[-1].number.partition(".")[0]
        full = len(part) >= _UNITS or size + weight > _BYTES
        early = len(part) >= _UNITS * 4 // 5 and paragraph and not after_heading
        if part and (full or early or (heading and not after_heading and len(part) >= enough)):
            yield part
            part, size = [], 0
        part.append(unit)
        size += weight
        after_heading = heading
    if part:
        yield part


def _levels(units: Sequence[UnitView]) -> dict[str, int]:
    """How deep each heading stands, from 1: by its element, else by its number, else as deep as the highest.

    None is more than one deeper than the one that it stands under. What the document begins with is its title, with 0,
    where no other heading is as high, or where it alone has no number, or where one as high follows at once.

    >>> def heading(number, text):
    ...     return UnitView(number, number, kind=str(EV.Heading), quote=text)
    >>> _levels(
    ...     [heading("1.1", "Log"), heading("2.1", "1 Ports"), heading("3.1", "1.1.1 Ropes"), heading("4.1", "2 Ships")]
    ... )
    {'1.1': 0, '2.1': 1, '3.1': 2, '4.1': 1}
    >>> _levels([heading("1.1", "1 Ports"), heading("2.1", "1.1 Piers"), UnitView("2.2"), heading("3.1", "Ships")])
    {'1.1': 1, '2.1': 2, '3.1': 1}
    """
    depths = {}
    for unit in units:
        if unit.kind != _HEADING:
            continue
        elements = _ELEMENT.findall(unit.element or "")
        numbered = _NUMBERED.match(unit.quote or unit.gist or "")
        depths[unit.iri] = int(elements[-1]) if elements else numbered[1].count(".") + 1 if numbered else 0
    known = [depth for depth in depths.values() if depth]
    highest = min(known, default=1)
    title = _title(units, depths, highest)
    under: list[int] = []  # the depths of the headings that one stands under
    levels = {}
    for iri, depth in depths.items():
        if iri == title:
            levels[iri] = 0
            continue
        while under and under[-1] >= (depth or highest):
            under.pop()
        under.append(depth or highest)
        levels[iri] = len(under)
    return levels


def _title(units: Sequence[UnitView], depths: dict[str, int], highest: int) -> str:
    """The heading that is the document's title; empty where none is."""
    first, second = (depths.get(unit.iri) for unit in units[:2]) if len(units) > 1 else (None, None)
    others = list(depths.values())[1:]
    if first is None or not others or _NUMBERED.match(units[0].quote or units[0].gist or ""):
        return ""
    alone = (first == highest and first not in others) or (first == 0 and 0 not in others)
    return units[0].iri if alone or first == second else ""
