"""What a unit goes on from: the units before it that may name what it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..documents.units import Unit

__all__ = ["Context", "contexts"]


@dataclass(frozen=True, slots=True)
class Context:
    """Units before one, by name; items of one list are none of each other's."""

    ruling: tuple[str, ...]  #: headings of its paragraph, and what announces the list that it is an item of
    before: tuple[str, ...]  #: what stands before it in its paragraph, for words that refer back


def contexts(edition: str, units: Iterable[Unit]) -> Iterator[tuple[str, Context]]:
    """The context of each unit of an edition, under the unit's name."""
    paragraph = ""
    ruling: list[str] = []
    before: list[str] = []
    announcing: list[str] = []  # a lead-in whose list may begin in the next paragraph
    for unit in units:
        number, name = unit.number.partition(".")[0], f"{edition}#{unit.number}"
        if number != paragraph:
            paragraph, ruling, before = number, [], []
        if unit.kind == "item":
            yield name, Context((*ruling, *announcing, *before[-1:]), tuple(before[:-1]))
            continue
        yield name, Context(tuple(ruling), tuple(before))
        before.append(name)
        announcing = [name] if unit.kind == "lead-in" else []
        if unit.kind in ("heading", "lead-in"):
            ruling.append(name)
