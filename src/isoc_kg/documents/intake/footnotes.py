"""Footnotes: small print at the foot of a column that begins with a mark, and the marks in the text above."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .page_columns import Region
from .page_lines import Line
from .pdf_glyphs import Word

__all__ = ["Footnote", "take_footnotes"]

_MARK = re.compile(r"\d{1,3}|[*∗†‡§¶]{1,3}|[a-z]")
_RUN_ON = re.compile(r"\d{1,3}(?=[^\W\d_]|[“„«‘(\"])")  #: a mark that runs into the first word
_UNIT = re.compile(r"(?:^|[\d /·(])(?:[kcdm]?m|[kdc]?l|s|x|ft|in|yd|h)$")
_BEHIND = ".,;:!?)]”’»"
_MOST_LINES = 30  #: lines of footnotes at the end of a column that are as large as the text
_SPACED = 1.6  #: sizes from the last line of the text to the first of such a note
_SMALL = 0.94  #: of the size of the text
_RAISED = 0.85  #: of the size of the line, at most


@dataclass(slots=True)
class Footnote:
    """A note and its mark; lines of all pages that it goes over."""

    mark: str
    lines: list[Line] = field(default_factory=list)


def take_footnotes(pages: list[list[Region]], body: float) -> tuple[list[Footnote], int]:
    """Take the footnotes, and marks of notes in the text, out of the regions of a document's pages; how many marks."""
    removed = 0
    notes: list[Footnote] = []
    for regions in pages:
        raised = {part for line in _lines(regions) for word in line.words[1:] for part in _references(word, line)}
        marks: set[str] = set()
        for region in regions:
            if small := _small_print(region, regions, body) or _as_large(region, notes, raised):
                before = notes[-1] if notes else None
                of_region, going_on = _notes(small, before, raised)
                if before:
                    before.lines += going_on
                _remove(
                    region, {id(line) for line in going_on} | {id(part) for note in of_region for part in note.lines}
                )
                notes += of_region
                marks |= {note.mark for note in of_region}
        removed += _remove_marks(regions, marks)
    return notes, removed


def _lines(regions: list[Region]) -> Iterator[Line]:
    for region in regions:
        for block in region.blocks:
            for cell in block.cells:
                yield from cell


def _references(word: Word, line: Line) -> list[str]:
    """The marks of notes that a raised word has."""
    parts = re.split("[, ]+", word.text)
    return parts if _is_raised(word, line) and all(map(_MARK.fullmatch, parts)) else []


def _small_print(region: Region, regions: list[Region], body: float) -> list[Line]:
    """The lines at the end of a column that are smaller than the text, nothing of the text below them."""
    lines = [(line, len(block.cells) == 1) for block in region.blocks for line in block.lines]
    at = len(lines)
    while at and lines[at - 1][1] and lines[at - 1][0].size < _SMALL * body:
        at -= 1
    small = [line for line, _ in lines[at:]]
    below = any(
        line.size >= _SMALL * body and line.base < small[0].base and line.left < small[0].right < line.right + body
        for other in regions
        if small and other is not region and other.left < region.right and region.left < other.right
        for line in _lines([other])
    )
    return [] if below else small


def _as_large(region: Region, notes: list[Footnote], raised: set[str]) -> list[Line]:
    """The lines at the end of a column from the one on that begins with the next note's raised mark, set apart."""
    lines = [(line, len(block.cells) == 1) for block in region.blocks for line in block.lines]
    for at in range(len(lines) - 1, max(0, len(lines) - _MOST_LINES), -1):
        line, single = lines[at]
        if not single:
            break
        mark = line.words[0].text
        is_next = mark.isdecimal() and int(mark) == (
            int(notes[-1].mark) + 1 if notes and notes[-1].mark.isdecimal() else 1
        )
        distance = lines[at - 1][0].base - line.base
        if is_next and mark in raised and len(line.words) > 1 and _is_raised(line.words[0], line):
            if distance > _SPACED * line.size:
                return [line for line, _ in lines[at:]]
    return []


def _notes(lines: list[Line], before: Footnote | None, raised: set[str]) -> tuple[list[Footnote], list[Line]]:
    """The notes that lines of small print are, and those before the first mark: the rest of the note before."""
    notes: list[Footnote] = []
    going_on: list[Line] = []
    for line in lines:
        if _begins(line, notes[-1].mark if notes else None, raised):
            notes.append(Footnote(_take_mark(line), [line]))
        elif notes:
            notes[-1].lines.append(line)
        else:
            going_on.append(line)
    return notes, going_on if before and going_on and _unfinished(before) else []


def _unfinished(note: Footnote) -> bool:
    return not note.lines[-1].text.endswith((".", "!", "?", "”", "’", ")"))


def _begins(line: Line, last: str | None, raised: set[str]) -> bool:
    """Whether a line begins with the mark of a note: a raised one, one met in the text, or the next number."""
    if line.mark:
        return line.mark.strip(".)") in raised
    mark = _leading_mark(line)
    if mark is None:
        return False
    if mark in raised or (len(line.words) > 1 and _is_raised(line.words[0], line)):
        return True
    return last is not None and last.isdecimal() and mark == str(int(last) + 1)


def _leading_mark(line: Line) -> str | None:
    first = line.words[0].text
    if len(line.words) > 1 and _MARK.fullmatch(first):
        return first
    match = _RUN_ON.match(first)
    return match[0] if match else None


def _take_mark(line: Line) -> str:
    """Take the mark off a line; the mark."""
    if line.mark:
        mark, line.mark, line.marked_by = line.mark.strip(".)"), "", None
        return mark
    mark = _leading_mark(line) or ""
    first = line.words[0]
    if first.text == mark:
        line.words = line.words[1:]
        line.words[0].glued = False
    else:
        left, bottom, right, top = first.box
        first.box = (left + (right - left) * len(mark) / len(first.text), bottom, right, top)
        first.text = first.text[len(mark) :]
    return mark


def _remove_marks(regions: list[Region], marks: set[str]) -> int:
    """Take the marks of notes out of the text, and others behind a sentence or a clause; a power (`m²`) is none."""
    removed = 0
    for line in _lines(regions):
        kept = [
            word for at, word in enumerate(line.words) if not at or not _is_mark(word, line.words[at - 1], line, marks)
        ]
        removed += len(line.words) - len(kept)
        line.words = kept
    return removed


def _is_raised(word: Word, line: Line) -> bool:
    return word.size < _RAISED * line.size and word.base > line.base + 0.1 * line.size


def _is_mark(word: Word, before: Word, line: Line, marks: set[str]) -> bool:
    parts = _references(word, line)
    if not parts or not word.glued:
        return bool(parts) and marks.issuperset(parts)
    if before.text[-1] in _BEHIND and word.text.isdecimal():
        return True  # of an endnote, or of a note that is elsewhere
    return marks.issuperset(parts) and not _UNIT.search(before.text)


def _remove(region: Region, taken: set[int]) -> None:
    for block in region.blocks:
        block.cells = [[line for line in cell if id(line) not in taken] for cell in block.cells]
        block.cells = [cell for cell in block.cells if cell]
    region.blocks = [block for block in region.blocks if block.cells]
