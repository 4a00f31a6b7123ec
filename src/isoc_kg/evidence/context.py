"""What a unit goes on from: the units before it that may name what it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from ..documents.units import Unit

__all__ = ["Context", "contexts"]


@dataclass(frozen=True, slots=True)
class Context:
    """Units before one, by name; items of one list are none of each other's."""

    ruling: tuple[str, ...]  #: headings of its paragraph, and what announces the list that it is an item of
    before: tuple[str, ...]  #: what stands before it in its paragraph, for words that refer back
    title: tuple[str, ...] = ()  #: the headings with which the text opens: what they name is what it is about
    section: tuple[str, ...] = ()  #: the headings last before it, in their order


def contexts(edition: str, units: Iterable[Unit]) -> Iterator[tuple[str, Context]]:
    """The context of each unit of an edition, under the unit's name."""
    paragraph = ""
    ruling: list[str] = []
    before: list[str] = []
    section: list[str] = []
    last = ""  # the kind of the unit before
    announcing: list[str] = []  # a lead-in whose list may begin in the next paragraph
    item: list[str] = []  # the item that a further sentence of it goes on from, and what it has had
    units = list(units)
    title = tuple(f"{edition}#{unit.number}" for unit in takewhile(lambda unit: unit.kind == "heading", units))
    for unit in units:
        number, name = unit.number.partition(".")[0], f"{edition}#{unit.number}"
        if number != paragraph:
            paragraph, ruling, before, item = number, [], [], []
        if unit.kind == "heading":
            section = [*section, name] if last == "heading" else [name]
        last = unit.kind
        if unit.kind == "item" or (item and unit.kind == "sentence"):
            item = [] if unit.kind == "item" else item
            yield name, Context((*ruling, *announcing, *before[-1:]), (*before[:-1], *item), title, tuple(section))
            item.append(name)
            continue
        yield name, Context(tuple(ruling), tuple(before), title, tuple(section))
        before.append(name)
        announcing = [name] if unit.kind == "lead-in" else []
        if unit.kind in ("heading", "lead-in"):
            ruling.append(name)
