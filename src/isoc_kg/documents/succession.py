"""What becomes of the corrections of an edition in the text of the next one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .corrections import corrections_between, letter_place
from .cutting.rules import CutRules
from .index import UnitIndex, index_text
from .text import words_digest
from .units import Unit, cut

__all__ = ["Succession", "next_index"]


@dataclass(frozen=True, slots=True)
class Succession:
    """The index of the next edition, corrected where the words are those that were corrected before."""

    index: UnitIndex
    lost: tuple[str, ...] = ()  #: the old edition's units whose correction finds no such words, or several


def next_index(old: UnitIndex, text: str, edition: str, rules: CutRules) -> Succession:
    """Cut the text of the next edition, with the corrections of the old one where the words are the same.

    The old text is not needed: its index has the digests of the corrected units' words.
    """
    if not old.corrections:
        return Succession(index_text(text, old.slug, edition, old.language, rules))
    units = list(cut([text], old.language, rules))
    wanted: dict[int, tuple[int, int]] = {number: (unit.start, unit.end) for number, unit in enumerate(units)}
    lost: list[str] = []
    ends = {unit.letters[1]: number for number, unit in enumerate(units) if unit.letters}
    taken: set[int] = set()
    places: list[tuple[int, int]] = []
    for run in _corrected_runs(old):
        match = next(_places(run, units, ends, text, taken), None)
        if match is None:
            lost.append(run[0].number)
            continue
        first, last, ranges = match
        taken.update(range(first, last + 1))
        for number in range(first, last + 1):
            del wanted[number]
        places += ranges
    corrections = corrections_between(units, sorted([*wanted.values(), *places]), text)
    return Succession(index_text(text, old.slug, edition, old.language, rules, corrections), tuple(lost))


def _corrected_runs(index: UnitIndex) -> Iterator[list[Unit]]:
    """The units of an index that came of a correction, those together that came of one unit of the rules' cut."""
    cuts: dict[str, int] = {}
    for number, _ in set(index.corrections.cuts):
        cuts[number] = cuts.get(number, 0) + 1
    touched = {number: cuts.get(number, 0) for number in (*index.corrections.joins, *cuts)}
    shifts: dict[str, int] = {}
    units = list(index.units.values())
    position = {unit.number: at for at, unit in enumerate(units)}
    runs: list[tuple[int, int]] = []
    for number in sorted(touched, key=lambda name: tuple(map(int, name.split(".")))):
        paragraph, _, within = number.partition(".")
        start = position.get(f"{paragraph}.{int(within) + shifts.get(paragraph, 0)}")
        shifts[paragraph] = shifts.get(paragraph, 0) + touched[number]
        if start is not None:
            runs.append((start, start + touched[number]))
        elif runs:  # it was joined to the one before: what was cut off it belongs to that run
            runs[-1] = runs[-1][0], runs[-1][1] + touched[number]
    for start, end in runs:
        yield units[start : end + 1]


def _places(
    run: Sequence[Unit], units: Sequence[Unit], ends: dict[int, int], text: str, taken: set[int]
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Where in a text the words of a run of units stand: first and last unit of its cut, and the range of each."""
    if any(unit.letters is None for unit in run):
        return
    offsets = [(unit.letters[0] - run[0].letters[0], unit.letters[1] - run[0].letters[0]) for unit in run]  # type: ignore[index]
    length = offsets[-1][1]
    for first, unit in enumerate(units):
        last = ends.get(unit.letters[0] + length) if unit.letters else None
        if last is None or not taken.isdisjoint(range(first, last + 1)):
            continue
        words = text[unit.start : units[last].end]
        ranges = []
        for part, (start, end) in zip(run, offsets, strict=True):
            place = letter_place(words, start) if start else 0
            stop = letter_place(words, end) if end < length else len(words)
            while place < len(words) and words[place].isspace():
                place += 1
            while stop > place and words[stop - 1].isspace():
                stop -= 1
            if place < 0 or words_digest(words[place:stop]) != part.words:
                break
            ranges.append((unit.start + place, unit.start + stop))
        else:
            yield first, last, ranges
