"""The reading order of a page: one column after the other, what goes over all of them where it stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from .page_lines import Line

__all__ = ["Block", "Region", "page_regions"]

_FEWEST = 2  #: lines on either side of a gutter
_SPACE = 0.9  #: ems of space across the page that part two bands of it
_TITLE = 1.1  #: times the usual size: a line alone at the top is a title, whatever column it stands over
_GUTTER = 0.6  #: ems that a gutter is wide
_SWITCHES = 0.34  #: a table is drawn from side to side for each row; columns, one after the other
_DEEPEST = 4  #: columns within columns
_MOST = 5_000  #: lines of a page whose columns are looked for
_MOST_BLOCKS = 1_000
_LEADING = 1.7  #: sizes from one line of a cell to the next


@dataclass(slots=True)
class Block:
    """Lines one below the other, or the cells of one table row, each with its lines."""

    cells: list[list[Line]]

    @property
    def lines(self) -> list[Line]:
        """The lines of the first cell; all lines where there are no others."""
        return self.cells[0]


@dataclass(slots=True)
class Region:
    """A column, or what stands across several."""

    blocks: list[Block]
    left: float
    right: float
    limit: float = inf  #: where the next column begins


def page_regions(lines: list[Line]) -> list[Region]:
    """The regions of a page in reading order."""
    return [_region(part, limit) for band in _bands(lines) for part, limit in _parts(band, 0, inf)]


def _bands(lines: list[Line]) -> list[list[Line]]:
    """The lines of a page in bands across it, where one is set in other columns than another; else all of them."""
    if len(lines) > _MOST:
        return [lines]
    bands: list[list[Line]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda line: -line.top):
        if not bands or line.top < bottom - _SPACE * line.size:
            bands.append([])
            bottom = line.bottom
        bands[-1].append(line)
        bottom = min(bottom, line.bottom)
    if len(bands) > 1 and len(bands[0]) == 1 and _is_title(bands[0][0], lines):
        rest = _bands([line for band in bands[1:] for line in band])
        return [bands[0], *rest] if any(map(_gutter, rest)) else [lines]
    gutters = [_gutter(band) for band in bands]
    groups: list[list[Line]] = []
    last: tuple[float, float] | None = None
    for band, gutter in zip(bands, gutters, strict=True):
        if gutter and last and sum(_crosses(line, last) for line in band) >= _FEWEST + 1:
            groups.append([])  # columns that stand elsewhere
        elif not groups or (last and not gutter and _few_across(band, last)):
            groups.append([])
        groups[-1] += band
        last = gutter or last
    return groups if len(groups) > 1 and _differ(gutters, bands) else [lines]


def _is_title(line: Line, lines: list[Line]) -> bool:
    return line.size > _TITLE * sorted(other.size for other in lines)[len(lines) // 2]


def _few_across(band: list[Line], gutter: tuple[float, float]) -> bool:
    """Whether a band is a line or two that may be a heading above other columns."""
    return len(band) <= _FEWEST and not any(_crosses(line, gutter) for line in band)


def _differ(gutters: list[tuple[float, float] | None], bands: list[list[Line]]) -> bool:
    """Whether the columns of one band are crossed by lines of another that has columns, too."""
    return any(
        sum(_crosses(line, first) for line in band) > _FEWEST
        for first in gutters
        if first is not None
        for second, band in zip(gutters, bands, strict=True)
        if second is not None and second is not first
    )


def _parts(lines: list[Line], depth: int, limit: float) -> Iterator[tuple[list[Line], float]]:
    """Lines of one column or across several, and where the column to the right begins."""
    gutter = _gutter(lines) if depth < _DEEPEST and len(lines) <= _MOST else None
    if gutter is None:
        if lines:
            yield lines, limit
        return
    across: list[Line] = []
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in sorted(lines, key=lambda line: -line.base):
        if _crosses(line, gutter) or (across and not any(sides) and _goes_on(across[-1], line)):
            yield from _both(sides, depth, gutter, limit)
            sides = ([], [])
            across.append(line)
            continue
        if across:
            yield across, limit
            across = []
        sides[line.left >= gutter[0]].append(line)
    if across:
        yield across, limit
    yield from _both(sides, depth, gutter, limit)


def _both(
    sides: tuple[list[Line], list[Line]], depth: int, gutter: tuple[float, float], limit: float
) -> Iterator[tuple[list[Line], float]]:
    for side, end in zip(sides, (gutter[1], limit), strict=True):
        yield from _parts(side, depth + 1, end)


def _crosses(line: Line, gutter: tuple[float, float]) -> bool:
    return line.left < gutter[0] and line.right > gutter[1]


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line is the next one of the text that stands across the columns."""
    same = abs(above.size - line.size) < 0.05 * above.size
    return same and above.base - line.base < 1.4 * line.size and line.order == above.words[-1].order + 1


def _gutter(lines: list[Line]) -> tuple[float, float] | None:
    """The gap between two columns; None where there is one column, or a table."""
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    count = len(lines)
    places = [(right, bisect_right(rights, right), bisect_left(lefts, right)) for right in dict.fromkeys(rights)]
    good = [(right, at, left_side + count - at) for right, left_side, at in places
            if at < count and min(left_side, count - at) >= _FEWEST]  # fmt: skip
    if not good:
        return None
    # fewest lines across; one more may stand across the gutter that seems to belong to a side, such as a page number
    most = max(sides for *_, sides in good)
    place = max((lefts[at] - right, right) for right, at, sides in good if sides >= most - 1)[1]
    begins = [line.left for line in lines if line.left >= place]
    gutter = (place, min(begins))
    first = [line for line in lines if line.right <= place]
    second = [line for line in lines if line.left >= place]
    size = sorted(line.size for line in lines)[count // 2]
    if gutter[1] - gutter[0] < _GUTTER * size or not _side_by_side(first, second):
        return None
    numbered = sorted([(line.order, 0) for line in first] + [(line.order, 1) for line in second])
    switches = sum(a[1] != b[1] for a, b in pairwise(numbered))
    few = min(len(first), len(second))
    if switches <= max(1, _SWITCHES * few) or (few >= 8 and _prose(first) and _prose(second)):
        return gutter
    return None


def _side_by_side(first: list[Line], second: list[Line]) -> bool:
    """Whether two sides stand beside each other for some lines."""
    top = min(max(line.base for line in side) for side in (first, second))
    bottom = max(min(line.base for line in side) for side in (first, second))
    return sum(bottom - 1 <= line.base <= top + 1 for line in (*first, *second)) >= 3


def _prose(lines: list[Line]) -> bool:
    """Whether most lines fill their column."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return sum(line.right - line.left > 0.8 * (right - left) for line in lines) > 0.65 * len(lines)


def _region(lines: list[Line], limit: float) -> Region:
    cells = list(_stacks(sorted(lines, key=lambda line: line.order)))
    rows: list[Block] = []
    for cell in cells:
        row = rows[-1] if rows else None
        if row and cell[0].left > row.cells[-1][0].left and (at := _level(row.cells[-1], cell[0])) is not None:
            last = row.cells[-1]
            if at and len(row.cells) == 1:  # the lines above are a text of their own
                row.cells[0] = last[:at]
                row = Block([last[at:]])
                rows.append(row)
            row.cells.append(cell)
        else:
            rows.append(Block([cell]))
    for row in [row for row in rows if len(row.cells) > 1]:
        if at := _leaves(row):
            row.cells[-1], below = row.cells[-1][:at], row.cells[-1][at:]
            rows.append(Block([below]))
    return Region(_downwards(rows), min(line.left for line in lines), max(line.right for line in lines), limit)


def _stacks(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines that follow one another downwards, in one cell or column."""
    stack: list[Line] = []
    for line in lines:
        if stack and not _below(stack[-1], line):
            yield stack
            stack = []
        stack.append(line)
    if stack:
        yield stack


def _below(above: Line, line: Line) -> bool:
    distance = above.base - line.base
    common = min(above.right, line.right) - max(above.left, line.left)
    return 0 < distance < _LEADING * max(above.size, line.size) and common > 0


def _level(cell: list[Line], line: Line) -> int | None:
    """Which line of a cell another one stands beside, to its right."""
    for at in range(len(cell) - 1, -1, -1):
        if abs(cell[at].base - line.base) < 0.35 * line.size and line.left >= cell[at].right:
            return at
        if cell[at].base > line.base + line.size:
            return None
    return None


def _leaves(row: Block) -> int:
    """Which line of a row's last cell is the first that stands below the other cells; 0 where none does."""
    left = max(line.right for line in row.cells[-2])
    return next((at for at, line in enumerate(row.cells[-1]) if at and line.left < left), 0)


def _downwards(blocks: list[Block]) -> list[Block]:
    """Blocks in the order of drawing, but none before one that stands above it."""
    if len(blocks) > _MOST_BLOCKS:
        return sorted(blocks, key=lambda block: -block.lines[0].base)
    result: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.lines[0].order):
        first = block.lines[0]
        at = len(result)
        for place in range(len(result) - 1, -1, -1):
            if result[place].lines[0].base < first.base and _common(result[place], block):
                at = place
        result.insert(at, block)
    return result


def _common(first: Block, second: Block) -> bool:
    """Whether two blocks stand one above the other."""
    left, right = (max(min(line.left for line in b.lines) for b in (first, second)),
                   min(max(line.right for line in b.cells[-1]) for b in (first, second)))  # fmt: skip
    return right > left
