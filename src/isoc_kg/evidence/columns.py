"""The columns of a table whose rows are units: in which one a place of a row stands, and what its head says."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..documents.units import Unit
from .words import fold

__all__ = ["Row", "rows"]

#: What stands beside a row in its line, list marks and blanks, is at most so long.
_ASIDE = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where its cells begin in the folded text of its unit, and the unit of the table's first row."""

    starts: tuple[int, ...]  #: one a column; a cell that the unit does not hold, since it is empty, is before it
    head: str | None  #: the name of that unit; None for the first row itself

    def cells(self, text: str) -> list[str]:
        """The words of each column of the unit's folded text, or of one as long; empty where the unit has none."""
        ends = (*self.starts[1:], len(text))
        return [text[max(0, start) : max(0, end)].strip(" \t|") for start, end in zip(self.starts, ends, strict=True)]

    def column(self, place: int) -> int:
        """The column, from 0, of a place in the unit's folded text."""
        return bisect_right(self.starts, place) - 1


def rows(edition: str, units: Iterable[Unit], text: str) -> Iterator[tuple[str, Row]]:
    """The rows of an edition's tables, each under its unit's name.

    Rows of one paragraph are a table, and so are paragraphs of one row each with no more cells than the first. Columns
    are counted from the start of the line, so that a row whose first cells are empty has its numbers under their heads.
    """
    units = list(units)
    counts = Counter(_paragraph(unit) for unit in units if unit.kind == "segment")
    head: str | None = None
    before: tuple[str, int] | None = None  # the paragraph of the row before, the number of cells of the table's first
    end = 0
    for unit in units:
        starts = _starts(text, unit, end) if unit.kind == "segment" else ()
        end = unit.end
        if len(starts) < 2:
            head = before = None
            continue
        name, paragraph = f"{edition}#{unit.number}", _paragraph(unit)
        if before and paragraph != before[0]:
            single = counts[paragraph] == counts[before[0]] == 1 and len(starts) <= before[1]
            head = head if single else None
        yield name, Row(starts, head)
        before = paragraph, before[1] if before and head else len(starts)
        head = head or name


def _paragraph(unit: Unit) -> str:
    return unit.number.partition(".")[0]


def _starts(text: str, unit: Unit, after: int) -> tuple[int, ...]:
    """Where the cells of a row begin in the folded text of its unit, below zero before it; none if it is no row.

    `after` is where the unit before it ends: a part of a line is no row.
    """
    line = text.rfind("\n", max(after, unit.start - _ASIDE), unit.start) + 1
    if not line and max(after, unit.start - _ASIDE) > 0:
        return ()
    end = text.find("\n", unit.end, unit.end + _ASIDE)
    if text[unit.end : end if end >= 0 else unit.end + _ASIDE].strip(" \t\r|"):
        return ()
    mark = "\t" if "\t" in text[line : unit.end] else "|"
    marks = [line, *(line + match.end() for match in re.finditer(re.escape(mark), text[line : unit.end]))]
    if mark == "|" and len(marks) > 1 and not text[line : marks[1] - 1].strip():
        marks = marks[1:]  # a bar that opens the line
    starts, folded, last = [], 0, unit.start
    for at in marks:
        if at > unit.start:
            folded, last = folded + len(fold(text[last:at])), at
        starts.append(folded if at > unit.start else at - unit.start)
    return tuple(starts)
