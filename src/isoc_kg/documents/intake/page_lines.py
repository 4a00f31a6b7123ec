"""Lines of a page: words on one base line, without what stands in another column or cell."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .pdf_glyphs import Box, PageWords, Word

__all__ = ["LIST_MARK", "Line", "page_lines"]

#: A list mark that stands alone, before the text of its item.
LIST_MARK = re.compile(r"[•*‣◦▪■□●○–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
#: The number of a heading: `3`, `3.1`, `A.2`.
_NUMBER = re.compile(r"(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?")
_WIDE = 0.8  #: ems of a gap that may part two cells
_WIDEST = 3.0  #: ems of a gap that does
_ALIGNED = 0.4  #: points by which cells of one column may differ
_NEAR_ROWS = 8  #: lines above and below among which the next row is
_MARK_GAP = 4.0  #: ems between a list mark and its text


@dataclass(slots=True)
class Line:
    """Words in a row; as long as the column or the cell that it stands in."""

    words: list[Word]
    page: int
    mark: str = ""  #: the list mark before the words
    marked_by: Word | None = None  #: the mark, where it is written as the line's first word is
    _measured: tuple[int, float, float] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def left(self) -> float:
        """Where the first word begins."""
        return self.words[0].box[0]

    @property
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].box[2]

    @property
    def top(self) -> float:
        """The highest point of any word."""
        return max(word.box[3] for word in self.words)

    @property
    def bottom(self) -> float:
        """The lowest point of any word."""
        return min(word.box[1] for word in self.words)

    @property
    def size(self) -> float:
        """The size in which most letters are set."""
        return self._measure()[1]

    @property
    def base(self) -> float:
        """The height of the base line of most letters."""
        return self._measure()[2]

    def _measure(self) -> tuple[int, float, float]:
        if self._measured is None or self._measured[0] != len(self.words):
            sizes: dict[float, int] = {}
            for word in self.words:
                sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
            size = max(sizes, key=lambda size: sizes[size])
            base = next(word for word in self.words if word.size == size).base
            self._measured = len(self.words), size, base
        return self._measured

    @property
    def bold(self) -> bool:
        """Whether all words are bold."""
        return all(word.bold for word in self.words)

    @property
    def order(self) -> int:
        """Its place in the order of drawing."""
        return self.words[0].order

    @property
    def text(self) -> str:
        """The words, a blank between."""
        return "".join(("" if word.glued or not at else " ") + word.text for at, word in enumerate(self.words))


@dataclass(slots=True)
class _Cell:
    words: list[Word]
    #: whether it is parted from what stands before it: `surely`, `perhaps` (by a gap wider than the others), `evenly`
    parted: str


def page_lines(page: PageWords) -> list[Line]:
    """The lines of a page in the order of drawing, list marks taken off."""
    lines = list(_by_words(page))
    return list(_with_drawn_marks(_marked(lines), page.bullets))


def _by_words(page: PageWords) -> Iterator[Line]:
    rows: list[list[Word]] = []
    for word in page.words:
        if rows and _in_row(rows[-1][-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    parted = [_cells(row, page) for row in rows]
    for at, cells in enumerate(parted):
        near = [*_next_row(cells, parted[at + 1 : at + _NEAR_ROWS]), *_next_row(cells, parted[:at][:-_NEAR_ROWS:-1])]
        even = [cell for cell in cells[1:] if cell.parted == "evenly"]
        is_row = any(all(_aligned(cell, others) for cell in even) for others in near) if even else False
        words = cells[0].words
        for cell in cells[1:]:
            if cell.parted == "perhaps":
                apart = any(_aligned(cell, others) for others in near)
            else:
                apart = cell.parted == "surely" or is_row
            if apart:
                yield Line(words, page.number)
                words = cell.words
            else:
                words = [*words, *cell.words]
        yield Line(words, page.number)


def _next_row(cells: list[_Cell], rows: list[list[_Cell]]) -> list[list[_Cell]]:
    """The first of some rows, without what goes on with a cell other than the first."""
    first = cells[0].words[0]
    return [row for row in rows if row[0].words[0].start < first.start + first.size][:1]


def _aligned(cell: _Cell, others: list[_Cell]) -> bool:
    """Whether a cell begins where one of another row does, or ends where one does, one of both a figure."""
    return any(_same_place(cell.words, other.words) for other in others[1:])


def _same_place(cell: list[Word], other: list[Word]) -> bool:
    if abs(cell[0].start - other[0].start) < _ALIGNED:
        return True
    rights = cell[-1].box[2], other[-1].box[2]
    figures = any(words[-1].text[-1].isdecimal() for words in (cell, other)) and len(cell) == len(other) == 1
    return figures and abs(rights[0] - rights[1]) < 2 * _ALIGNED


def _in_row(last: Word, word: Word) -> bool:
    """Whether a word stands on the line of the one before, behind it."""
    size = max(last.size, word.size)
    small = min(last.size, word.size) < 0.85 * size  # raised or lowered beside the other
    high = abs(word.base - last.base) < (0.6 if small else 0.25) * size
    return high and word.box[0] > last.box[0] - 0.1 * size and word.box[0] > last.box[2] - size


def _cells(row: list[Word], page: PageWords) -> list[_Cell]:
    """The words of a row, parted at upright rules and wide gaps; perhaps at gaps wider than those of its text."""
    gaps = [second.box[0] - first.box[2] for first, second in pairwise(row) if not second.glued]
    usual = median(gaps) if gaps else 0.0
    cells = [_Cell([row[0]], "surely")]
    for last, word in pairwise(row):
        gap, size = word.box[0] - last.box[2], max(last.size, word.size)
        distinct = gap > (3 if last.text[-1] in ".!?:;," else 1.5) * usual
        if page.rules and _ruled(last, word, page.rules):
            cells.append(_Cell([word], "surely"))
        elif gap <= _WIDE * size or word.glued:
            cells[-1].words.append(word)
        elif distinct:
            cells.append(_Cell([word], "surely" if gap > _WIDEST * size else "perhaps"))
        else:
            cells.append(_Cell([word], "perhaps" if len(row) == 2 else "evenly"))
    return cells


def _ruled(last: Word, word: Word, rules: list[Box]) -> bool:
    """Whether an upright rule stands between two words."""
    at = bisect_left(rules, (last.box[2] - 1,))
    while at < len(rules) and rules[at][0] <= word.box[0]:
        _, bottom, right, top = rules[at]
        if right <= word.box[0] + 1 and bottom <= word.base + 1 and top >= word.base + 0.3 * word.size:
            return True
        at += 1
    return False


def _marked(lines: list[Line]) -> Iterator[Line]:
    """Lines, those that are a list mark or a number joined with what stands beside them."""
    at = 0
    while at < len(lines):
        line = lines[at]
        after = lines[at + 1] if at + 1 < len(lines) else None
        alone = len(line.words) == 1
        if alone and after and _beside(line, after) and not (at + 2 < len(lines) and _beside(after, lines[at + 2])):
            if LIST_MARK.fullmatch(line.text):
                yield Line(after.words, line.page, mark=line.text)
                at += 2
                continue
            first_in_row = not at or not _beside(lines[at - 1], line)
            if _NUMBER.fullmatch(line.text) and first_in_row and after.words[0].text[0].isalpha():
                yield Line([*line.words, *after.words], line.page)
                at += 2
                continue
        at += 1
        first = line.words[0]
        if len(line.words) > 1 and LIST_MARK.fullmatch(first.text) and not line.words[1].glued:
            yield Line(line.words[1:], line.page, first.text, first)
        else:
            yield line


def _beside(line: Line, after: Line) -> bool:
    gap = after.left - line.right
    return abs(line.base - after.base) < 0.3 * after.size and 0 <= gap < _MARK_GAP * after.size


def _with_drawn_marks(lines: Iterable[Line], bullets: list[Box]) -> Iterator[Line]:
    """Lines, those with a small drawing before them as list items."""
    for line in lines:
        if bullets and not line.mark and any(_is_mark_of(box, line) for box in bullets):
            line.mark = "•"
        yield line


def _is_mark_of(box: Box, line: Line) -> bool:
    gap = line.left - box[2]
    return 0 < gap < 2 * line.size and line.base < (box[1] + box[3]) / 2 < line.base + 0.8 * line.size
