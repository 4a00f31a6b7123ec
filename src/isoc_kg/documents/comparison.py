"""A text at hand beside the index of its edition: the same, other words, or the same words in another layout."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ..errors import UsageError
from .alignment import aligned
from .index import UnitIndex, load_index, write_index
from .recut import Recut, recut
from .text import letters, read_text, restores, text_digest, white_space, words_digest
from .units import Unit, cut

__all__ = ["TextComparison", "compare_text", "relayout_index"]


@dataclass(frozen=True, slots=True)
class TextComparison:
    """What a text at hand is to an index: `same`, `layout` (the same words, set otherwise) or `words` (others)."""

    case: Literal["same", "layout", "words"]
    text: str
    units: Mapping[str, Unit]  #: unit number → the unit with its place in this text; those whose words differ left out
    changed: int = 0
    missing: int = 0
    added: int = 0
    first: str | None = None  #: the number of the first unit that differs
    line: int | None = None  #: where in this text it differs
    recut: Recut = field(default_factory=Recut)  #: how the index differs from what cutting this text gives
    contradiction: str | None = None  #: what the index records of this very text that is not so

    @property
    def counts(self) -> str:
        """How many units changed, are missing, and were added, in words."""
        if not self.changed + self.missing + self.added:
            return "what stands between its units differs, such as the number of a list item"
        return f"{self.changed} changed, {self.missing} missing, {self.added} added"


def compare_text(index: UnitIndex, file: Path) -> TextComparison:
    """Compare the text in a file with an index. Raises `ParseError` for what is not a text."""
    text = read_text(file)
    if text_digest(text) == index.sha256:
        wrong = [number for number, unit in index.units.items() if text_digest(unit.text(text)) != unit.sha256]
        if not wrong:
            if contradiction := _contradiction(index, text):
                return TextComparison("words", text, index.units, contradiction=contradiction)
            made = recut(index, index.units, text)
            return TextComparison("same", text, _without(index.units, {*made.torn, *made.headings}), recut=made)
        units = {number: unit for number, unit in index.units.items() if number not in set(wrong)}
        line = text.count("\n", 0, index.units[wrong[0]].start) + 1
        return TextComparison("words", text, units, changed=len(wrong), first=wrong[0], line=line)
    if index.words is None:
        index = _with_letters(index, file)
    if words_digest(text) == index.words:
        units = _realigned(index, text)
        if len(units) == len(index.units):
            made = recut(index, units, text)
            return TextComparison("layout", text, _without(units, made.lost), recut=made)
    return _by_units(index, text)


def _has_words(unit: Unit, text: str) -> bool:
    """Whether a text, set otherwise perhaps, has the unit's words: both of its digests tell."""
    return words_digest(text) == unit.words and restores(text, unit.white, unit.sha256)


def _without(units: Mapping[str, Unit], numbers: Collection[str]) -> dict[str, Unit]:
    return {number: unit for number, unit in units.items() if number not in numbers}


def _contradiction(index: UnitIndex, text: str) -> str | None:
    """What an index records of the words of its text that is not so."""
    if index.words is not None and index.words != words_digest(text):
        return "its digest of the words"
    if index.characters != len(text):
        return "its number of characters"
    for recorded, unit in zip(index.units.values(), _measured(index.units.values(), text), strict=True):
        if recorded.letters is not None and (recorded.words, recorded.letters) != (unit.words, unit.letters):
            return f"what it records of the words of unit {unit.number}"
    return None


def _measured(units: Iterable[Unit], text: str) -> Iterator[Unit]:
    """Units with the digests of their words and their places among the letters of a text."""
    count, end = 0, 0
    for unit in units:
        words = unit.text(text)
        first = count + letters(text[end : unit.start])
        count, end = first + letters(words), unit.end
        measured = replace(unit, letters=(first, count), white=white_space(words))
        yield replace(measured, sha256=text_digest(words), words=words_digest(words))


def _with_letters(index: UnitIndex, file: Path) -> UnitIndex:
    """An index of bytes, with what an index of a text has, when these are its bytes; else as it is."""
    data = file.read_bytes().decode("utf-8-sig")
    if text_digest(data) != index.sha256 and text_digest("\ufeff" + data) != index.sha256:
        return index
    units, count, end = {}, 0, 0
    for number, unit in index.units.items():
        words = unit.text(data)
        if unit.start < end or text_digest(words) != unit.sha256:
            return index
        first = count + letters(data[end : unit.start])
        count, end = first + letters(words), unit.end
        units[number] = replace(unit, words=words_digest(words), letters=(first, count), white=white_space(words))
    return replace(index, units=units, words=words_digest(data))


def _realigned(index: UnitIndex, text: str) -> dict[str, Unit]:
    """The units at their places in a text of the same words; left out where the index contradicts itself."""
    places: list[int] = []  # of each letter
    for at, character in enumerate(text):
        if not character.isspace():
            places += [at] * (1 if character < "\x80" else letters(character))
    result = {}
    for number, unit in index.units.items():
        if unit.letters is not None and unit.letters[1] <= len(places):
            start, end = places[unit.letters[0]], places[unit.letters[1] - 1] + 1
            if _has_words(unit, text[start:end]):
                result[number] = replace(unit, start=start, end=end)
    return result


def _by_units(index: UnitIndex, text: str) -> TextComparison:
    """Cut the text anew, and pair its units with the index's in their order."""
    digests = {unit.sha256 for unit in index.units.values()}
    old = list(index.units.values())
    new = list(cut([text], index.language, index.rules))
    keys = [unit.words or unit.sha256 for unit in old]
    others = [_key(unit, text, digests) if index.words is None else str(unit.words) for unit in new]
    units: dict[str, Unit] = {}
    changed = missing = added = 0
    first: tuple[str | None, int] | None = None
    for case, old_start, old_end, new_start, new_end in aligned(keys, others):
        if case == "equal":
            for before, after in zip(old[old_start:old_end], new[new_start:new_end], strict=True):
                if before.words is not None and not _has_words(before, after.text(text)):
                    changed += 1
                    first = first or (before.number, text.count("\n", 0, after.start) + 1)
                    continue
                units[before.number] = replace(before, start=after.start, end=after.end)
            continue
        if first is None:
            number = (old[old_start] if old_start < len(old) else old[-1]).number
            first = number, text.count("\n", 0, new[new_start].start if new_start < len(new) else len(text)) + 1
        lost, come = old_end - old_start, new_end - new_start
        changed += min(lost, come)
        missing += max(0, lost - come)
        added += max(0, come - lost)
    if first is None and index.words is None and not _marks(new, text):
        return TextComparison("layout", text, units, recut=recut(index, units, text))
    return TextComparison("words", text, units, changed, missing, added, *(first or _moved(old, units, text)))


def _moved(old: list[Unit], units: Mapping[str, Unit], text: str) -> tuple[str | None, int | None]:
    """The first unit before which the index counts other letters, and its line; None where no count differs."""
    for before, after in zip(old, _measured(units.values(), text), strict=False):
        if before.letters is not None and before.letters != after.letters:
            return before.number, text.count("\n", 0, after.start) + 1
    return None, None


def _key(unit: Unit, text: str, digests: set[str]) -> str:
    """The digest, among those given, of a unit as it is or of its words one blank apart; else its own."""
    collapsed = text_digest(" ".join(unit.text(text).split()))
    return collapsed if unit.sha256 not in digests and collapsed in digests else unit.sha256


def _marks(units: list[Unit], text: str) -> bool:
    """Whether letters or digits stand between units, of whose change an index without words digest knows nothing."""
    ends = [0, *(unit.end for unit in units)]
    starts = [*(unit.start for unit in units), len(text)]
    return any(re.search(r"\w", text[end:start]) for end, start in zip(ends, starts, strict=True))


def relayout_index(source: Path, target: Path) -> UnitIndex | None:
    """Make the layout of a text that of its edition: the index gets its places and digests, numbers stay.

    An index of this very text that has no digests of words gets them. None when there is nothing to add. Raises
    `UsageError` when the text has other words, or the index contradicts it.
    """
    index = load_index(target)
    comparison = compare_text(index, source)
    if comparison.contradiction:
        raise UsageError(
            f"{target} contradicts {source}: {comparison.contradiction} is wrong.",
            advice="Restore the index from version control.",
        )
    if comparison.case == "words":
        raise UsageError(
            f"{source} has other words than {target} ({comparison.counts}).",
            advice="Make it a new edition: isoc-kg evidence drift OLD NEW --edition E --write.",
        )
    if comparison.recut.faults:
        raise UsageError(
            f"{source} has the words of {target}, but in this layout a cut gives other units: "
            f"{'; '.join(comparison.recut.faults)}.",
            advice="Make it a new edition: isoc-kg evidence drift OLD NEW --edition E --write.",
        )
    recorded = index.words is not None and all(unit.letters is not None for unit in index.units.values())
    if comparison.case == "same" and recorded:
        return None
    text = comparison.text
    units = list(_measured(comparison.units.values(), text))
    made = replace(index, sha256=text_digest(text), characters=len(text), units={}, words=words_digest(text))
    return write_index(target, units, lambda: made, source)
