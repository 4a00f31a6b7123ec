"""Footnotes: small print at the foot of a column that begins with a mark, and the marks in the text above."""

import re
from dataclasses import dataclass, field

from .page_columns import Region
from .page_lines import Line
from .pdf_glyphs import Word

__all__ = ["Footnote", "take_footnotes"]

_MARK = re.compile(r"\d{1,3}|[*∗†‡§¶]{1,3}|[a-z]")
_SMALL = 0.94  #: of the size of the text
_RAISED = 0.85  #: of the size of the line, at most


@dataclass(slots=True)
class Footnote:
    """A note and its mark; lines of all pages that it goes over."""

    mark: str
    lines: list[Line] = field(default_factory=list)


def take_footnotes(pages: list[list[Region]], body: float) -> list[Footnote]:
    """Take the footnotes, and their marks in the text, out of the regions of a document's pages."""
    notes: list[Footnote] = []
    for regions in pages:
        of_page: list[Footnote] = []
        for region in regions:
            if small := _small_print(region, regions, body):
                found = _notes(small, notes)
                taken = {id(line) for note in found for line in note.lines} | {
                    id(line) for line in small if notes and any(line is other for other in notes[-1].lines)
                }
                _remove(region, taken)
                notes += found
                of_page += found
        marks = {note.mark for note in of_page}
        for region in regions:
            for block in region.blocks:
                for line in (line for cell in block.cells for line in cell):
                    line.words = _without_marks(line, marks) or line.words
    return notes


def _small_print(region: Region, regions: list[Region], body: float) -> list[Line]:
    """The lines at the end of a column that are smaller than the text, nothing of the text below them."""
    lines = [(line, len(block.cells) == 1) for block in region.blocks for line in block.lines]
    at = len(lines)
    while at and lines[at - 1][1] and lines[at - 1][0].size < _SMALL * body:
        at -= 1
    small = [line for line, _ in lines[at:]]
    if not small or any(
        line.size >= _SMALL * body and line.base < small[0].base and line.right > small[0].left < line.right
        for other in regions
        if other is not region and other.left < region.right and region.left < other.right
        for block in other.blocks
        for line in block.lines
    ):
        return []
    return small


def _notes(lines: list[Line], before: list[Footnote]) -> list[Footnote]:
    """The notes that lines of small print are; those before the first mark go to the note of the page before."""
    notes: list[Footnote] = []
    for at, line in enumerate(lines):
        mark = _mark(line, notes[-1].mark if notes else None)
        if mark is None:
            if notes:
                notes[-1].lines.append(line)
            elif before and _unfinished(before[-1]) and any(_mark(later, None) for later in lines[at:]) | (at == 0):
                before[-1].lines.append(line)
            continue
        if line.marked_by is not None or line.mark:
            line.mark, line.marked_by = "", None
        else:
            line.words = line.words[1:]
            line.words[0].glued = False
        notes.append(Footnote(mark, [line]))
    return notes


def _unfinished(note: Footnote) -> bool:
    return not note.lines[-1].text.endswith((".", "!", "?", "”", "’", ")"))


def _mark(line: Line, last: str | None) -> str | None:
    """The mark with which a line begins a note: a raised one, or the number after the last one's."""
    if len(line.words) < 2:
        return None
    first = line.words[0]
    if not _MARK.fullmatch(first.text):
        return None
    if _is_raised(first, line):
        return first.text
    expected = last is None or (last.isdecimal() and first.text == str(int(last) + 1))
    return first.text if expected and not first.text.isalpha() else None


def _is_raised(word: Word, line: Line) -> bool:
    return word.size < _RAISED * line.size and word.base > line.base + 0.1 * line.size


def _without_marks(line: Line, marks: set[str]) -> list[Word]:
    return [
        word
        for word in line.words
        if not (_is_raised(word, line) and all(part in marks for part in re.split("[, ]+", word.text)))
    ]


def _remove(region: Region, taken: set[int]) -> None:
    for block in region.blocks:
        block.cells = [[line for line in cell if id(line) not in taken] for cell in block.cells]
        block.cells = [cell for cell in block.cells if cell]
    region.blocks = [block for block in region.blocks if block.cells]
