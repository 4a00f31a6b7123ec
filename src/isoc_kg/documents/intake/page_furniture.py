"""Page heads, page feet and page numbers: what stands at the same place on most pages."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from .page_lines import Line

__all__ = ["without_furniture"]

_ZONE = 3  #: lines from the top and from the bottom of a page that may be its head or foot
_NEAR = 4.0  #: points by which the same place may differ
_OFTEN = 0.4  #: of the pages; left and right pages may have heads of their own
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_AROUND = 1.5  #: lines of space between a single page's text and its number


def without_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], tuple[str, ...]]:
    """Pages without heads, feet and numbers; notes of what was left out."""
    edges = [_edges(lines) for lines in pages]
    repeated = _repeated(edges, len(pages))
    ahead = _ahead(edges)
    kept: list[list[Line]] = []
    numbers, heads = 0, Counter[str]()
    for page, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        out: set[int] = set()
        for line in edge:
            if _is_number(line, page, ahead, lines):
                numbers += 1
            elif (
                any(key in repeated for key in _keys(line))
                or _has_number(line, edge, page, ahead, lines)
                or _repeats_heading(line, lines)
            ):
                heads[_pattern(line.text)] += 1
            else:
                continue
            out.add(id(line))
        kept.append([line for line in lines if id(line) not in out])
    return kept, tuple(_notes(numbers, heads))


def _notes(numbers: int, heads: Counter[str]) -> Iterable[str]:
    if heads:
        total = heads.total()
        yield f"{total:,} page head{'s' if total > 1 else ''} or feet left out ({len(heads)} different)"
    if numbers:
        yield f"{numbers:,} page number{'s' if numbers > 1 else ''} left out"


def _edges(lines: list[Line]) -> list[Line]:
    """The lines that stand highest and lowest, all parts of one row counted as one."""
    by_height = sorted(lines, key=lambda line: -line.base)
    return list({id(line): line for part in (by_height, by_height[::-1]) for line in _rows(part)}.values())


def _rows(lines: list[Line]) -> Iterable[Line]:
    rows, last = 0, None
    for line in lines:
        if last is None or abs(line.base - last) > 2:
            rows, last = rows + 1, line.base
        if rows > _ZONE:
            return
        yield line


def _pattern(text: str) -> str:
    return _DIGITS.sub("#", text.casefold())


def _keys(line: Line) -> tuple[tuple[str, int], ...]:
    """A line's text without its numbers, and its height; the height on both sides of where it is rounded."""
    at = line.base / _NEAR
    return tuple((_pattern(line.text), height) for height in {int(at), int(at + 0.5)})


def _repeated(edges: list[list[Line]], pages: int) -> set[tuple[str, int]]:
    """Texts with their heights that stand on most pages, or on most left or right ones."""
    counts = Counter(key for edge in edges for key in {key for line in edge for key in _keys(line)})
    least = max(2, _OFTEN * pages)
    # a number in a text that is repeated is one that counts; other texts that differ in numbers are content
    return {key for key, count in counts.items() if count >= least and key[0] != "#"}


def _ahead(edges: list[list[Line]]) -> int | None:
    """What the pages' numbers are ahead of their places in the file; None where most pages have none."""
    counts: Counter[int] = Counter()
    for page, edge in enumerate(edges):
        numbers = {value for line in edge for value in _values(line)}
        counts.update(value - page for value in numbers)
    if len(edges) < 2:
        return 1
    ahead, count = counts.most_common(1)[0] if counts else (0, 0)
    return ahead if count >= max(2, _OFTEN * len(edges)) else None


def _values(line: Line) -> list[int]:
    """The numbers that a line is, begins or ends with."""
    texts = {line.text, line.words[0].text, line.words[-1].text}
    return [value for text in texts if (value := _value(text)) is not None]


def _value(text: str) -> int | None:
    bare = text.strip("-–— ").removeprefix("Page ").removeprefix("Seite ")
    if bare.isdecimal() and len(bare) < 6:
        return int(bare)
    return _roman(bare) if _ROMAN.fullmatch(bare) else None


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _is_number(line: Line, page: int, ahead: int | None, lines: list[Line]) -> bool:
    if ahead is None or line.mark:
        return False
    return _value(line.text) == page + ahead and _apart(line, lines)


def _has_number(line: Line, edge: list[Line], page: int, ahead: int | None, lines: list[Line]) -> bool:
    """Whether a line stands beside the page's number, away from the text."""
    if ahead is None or not _apart(line, lines):
        return False
    row = [other for other in edge if abs(other.base - line.base) < 2]
    return any(page + ahead in _values(other) for other in row)


def _repeats_heading(line: Line, lines: list[Line]) -> bool:
    """Whether a line at the edge is a heading of the same page in smaller letters."""
    larger = any(other.size > 1.1 * line.size and other.text.casefold() == line.text.casefold() for other in lines)
    return larger and _apart(line, lines)


def _apart(line: Line, lines: list[Line]) -> bool:
    """Whether a line stands alone at the top or the bottom, away from the text."""
    others = [other.base for other in lines if abs(other.base - line.base) > 2]
    if not others:
        return True
    bases = sorted(others)
    steps = [b - a for a, b in pairwise(bases) if b - a > 1] or [line.size]
    distance = min(abs(line.base - other) for other in others)
    return not bases[0] <= line.base <= bases[-1] and distance > _AROUND * median(steps)
