"""An index beside a cut of its text: where the two differ, and whether sentences lose words by it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from .corrections import corrected
from .index import UnitIndex
from .units import EXEMPT_KINDS, Unit, cut, ends_sentence

__all__ = ["Recut", "recut"]

_FEW = 5  # so many units are named in a message


@dataclass(frozen=True, slots=True)
class Recut:
    """The units (numbers) in which an index differs from a cut of its text, in the text's order."""

    differing: tuple[str, ...] = ()  #: with another number, kind or place than a cut gives, and those that it has not
    torn: tuple[str, ...] = ()  #: those of them that are a part of a sentence, cut within a line
    headings: tuple[str, ...] = ()  #: those of them that a cut calls a heading or a lead-in, and the index does not
    lost: tuple[str, ...] = ()  #: units behind which words stand that are in no unit
    start: int | None = None  #: where the first that differs begins

    @property
    def faults(self) -> tuple[str, ...]:
        """What no splitter and no change of layout explains, in words."""
        return (
            *([f"{', '.join(self.torn[:_FEW])} is a part of a sentence"] if self.torn else []),
            *([f"{', '.join(self.headings[:_FEW])} is a heading or a lead-in"] if self.headings else []),
            *([f"next to {', '.join(self.lost[:_FEW])} stand words that are in no unit"] if self.lost else []),
        )

    @property
    def names(self) -> str:
        """The units that differ, in words; not all where they are many."""
        more = f" and {len(self.differing) - _FEW} more" if len(self.differing) > _FEW else ""
        return ", ".join(self.differing[:_FEW]) + more


def recut(index: UnitIndex, units: Mapping[str, Unit], text: str) -> Recut:
    """Compare the units of an index, at their places in a text, with those that cutting the text gives."""
    from .cutting.marks import BETWEEN

    own = list(cut([text], index.language, index.rules))
    if index.corrections:
        own = corrected(own, text, index.corrections, index.language, index.rules)
    recorded = list(units.values())
    if [_key(unit) for unit in own] == [_key(unit) for unit in recorded]:
        return Recut()
    expected, there = ({_key(unit): unit for unit in side} for side in (own, recorded))
    differing = sorted(
        [*(unit for key, unit in there.items() if key not in expected)]
        + [unit for key, unit in expected.items() if key not in there and unit.number not in units],
        key=lambda unit: unit.start,
    )
    starts = [unit.start for unit in own]

    def within_sentence(at: int) -> bool:
        """Whether a cut here parts a sentence."""
        unit = own[max(0, bisect_right(starts, at) - 1)]
        before = text[unit.start : at]
        return (
            unit.start < at < unit.end
            and not ends_sentence(before)
            and "\n" not in before[len(before.rstrip()) :] + text[at : at + 1]
        )

    torn = [unit.number for unit in recorded if within_sentence(unit.start) or within_sentence(unit.end)]
    kinds = {(unit.start, unit.end): unit.kind for unit in own}
    headings = [
        unit.number
        for unit in recorded
        if kinds.get((unit.start, unit.end)) in EXEMPT_KINDS and unit.kind not in EXEMPT_KINDS
    ]
    ends = [*((unit.number, unit.end) for unit in recorded)]
    gaps = [(recorded[0].number, 0, recorded[0].start)]
    gaps += [(number, end, after.start) for (number, end), after in zip(ends, recorded[1:], strict=False)]
    gaps.append((*ends[-1], len(text)))
    lost = [number for number, start, end in gaps if not BETWEEN.fullmatch(text[start:end])]
    return Recut(
        tuple(unit.number for unit in differing),
        tuple(torn),
        tuple(headings),
        tuple(dict.fromkeys(lost)),
        differing[0].start if differing else None,
    )


def _key(unit: Unit) -> tuple[str, str, int, int]:
    return unit.number, unit.kind, unit.start, unit.end
