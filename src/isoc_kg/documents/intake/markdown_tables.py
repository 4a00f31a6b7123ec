"""Tables of Markdown that are set in columns, as pandoc writes them, brought into the form with bars.

https://pandoc.org/MANUAL.html#tables: simple tables and multiline tables, with a head or without.
"""

import re
from collections.abc import Iterator

__all__ = ["with_tables"]

#: The rule that gives the columns: dashes in two groups or more. One group is a rule around a table of longer rows.
_COLUMNS = re.compile(r" {0,3}-{2,}(?: +-{2,})+ *")
_AROUND = re.compile(r" {0,3}-{3,} *")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MOST_HEAD = 10  #: lines of a head
_MOST_LINES = 5000  #: of a table


def with_tables(text: str) -> str:
    """A text whose tables in columns have bars between the cells; all else as it was."""
    if "-- -" not in re.sub(r" {2,}", " ", text):
        return text
    return "\n".join(_lines(text.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    at, fence = 0, ""
    while at < len(lines):
        mark = _FENCE.match(lines[at])
        if mark and (not fence or (mark[1][0] == fence[0] and len(mark[1]) >= len(fence))):
            fence = "" if fence else mark[1]
        end, table = (at, []) if fence or (at and lines[at - 1].strip()) else _table(lines, at)
        if table:
            yield from ("", *table, "")
            at = end
        else:
            yield lines[at]
            at += 1


def _table(lines: list[str], start: int) -> tuple[int, list[str]]:
    """The line behind the table that begins at a line, and its rows with bars; no rows where none begins."""
    long = bool(_AROUND.fullmatch(lines[start]))
    first = start + long
    rule = next(
        (at for at in range(first, min(first + _MOST_HEAD, len(lines))) if _COLUMNS.fullmatch(lines[at])),
        None,
    )
    if rule is None or not all(line.strip() for line in lines[first:rule]) or (not long and rule > first + 1):
        return start, []
    head = lines[first:rule]
    starts = [match.start() for match in re.finditer("-+", lines[rule])]
    end, closed = rule + 1, False
    while end < min(len(lines), rule + _MOST_LINES):
        line = lines[end]
        closed = line.strip() == lines[start if long else rule].strip()
        if closed or _FENCE.match(line) or (head and not long and not line.strip()):
            break
        end += 1
    body = lines[rule + 1 : end]
    if (not closed and (long or not head)) or not any(line.strip() for line in body):
        return start, []
    spaced = any(not line.strip() for line in body)
    rows = _groups(body) if long or spaced else [[line] for line in body]
    cells = [_cells(head, starts), *(_cells(row, starts) for row in rows)]
    if head and sum(map(bool, cells[0])) < 2:  # a line of text above a rule
        return start, []
    bars = [f"| {' | '.join(row)} |" for row in cells]
    return end + closed, [bars[0], "|" + " --- |" * len(starts), *bars[1:]]


def _groups(lines: list[str]) -> list[list[str]]:
    """The lines of each row, between empty ones."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _cells(lines: list[str], starts: list[int]) -> list[str]:
    """The text of each column; a cell of several lines is put together."""
    ends = [*starts[1:], None]
    parts = [
        [line[start if at else 0 : end].strip() for line in lines]
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return [" ".join(filter(None, part)).replace("\\|", "|").replace("|", "\\|") for part in parts]
