"""Paragraphs, headings, list items and table rows, out of the lines of a document's columns."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ..units import ends_sentence
from .line_ends import HYPHENS
from .page_columns import Region
from .page_lines import Line

__all__ = ["DocumentStyle", "Paragraph", "document_paragraphs", "without_repeated_heads"]

_LARGER = 1.12  #: times the size of the text: a heading
_SAME = 0.06  #: by which sizes of one paragraph may differ
_SPACED = 1.25  #: times the usual distance of lines: another paragraph
_LEVEL = 2.0  #: points by which the left edges of lines below one another differ at most
_FEWEST = 4  #: lines of a size from which their usual distance is taken
_CAPTION = re.compile(
    r"(?:Fig(?:ure|\.|ura)?|Tab(?:le|elle|leau|la|\.)?|Abb(?:ildung|\.)|Chart|Box|Listing|Plate|Рис\.|Табл\.|図|表)\s?[\dA-Z]"
)
#: What programs bind to the next word, so that no line ends behind it: an abbreviation, a number before its measure.
_BOUND = re.compile(r"[^\W\d_]{1,4}\.|\d{1,4}")
_INDENT = 0.5  #: ems
_LONGEST_HEADING = 200  #: characters


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; a table row has its cells."""

    kind: str  #: as of a passage
    lines: list[Line] = field(default_factory=list)
    cells: list[list[Line]] = field(default_factory=list)  #: of a row
    mark: str = ""

    @property
    def text(self) -> str:
        """Its words, near enough to see how they begin and end."""
        return " ".join(line.text for line in self.lines)


class DocumentStyle:
    """What is usual in a document: size of the text, distance of lines, right edges."""

    def __init__(self, pages: list[list[Region]]) -> None:
        sizes: Counter[float] = Counter()
        for line in _all_lines(pages):
            sizes[round(line.size, 1)] += len(line.text)
        self.body = max(sizes, key=lambda size: (sizes[size], -size), default=10.0)
        distances: dict[float, Counter[float]] = {}
        rights: dict[int, Counter[int]] = {}
        for region in (region for regions in pages for region in regions):
            stacks = [block.lines for block in region.blocks if len(block.cells) == 1]
            for stack in stacks:
                for above, line in pairwise(stack):
                    if abs(above.size - line.size) < _SAME * line.size:
                        step = round((above.base - line.base) * 4) / 4
                        distances.setdefault(round(line.size), Counter())[step] += 1
            edge = rights.setdefault(round(region.left / 3), Counter())
            edge.update(round(line.right) for stack in stacks for line in stack)
        self._distances = {size: _usual(counts) for size, counts in distances.items() if counts.total() >= _FEWEST}
        self._rights = rights

    def distance(self, size: float) -> float:
        """The usual distance from one line to the next in text of a size."""
        body = self._distances.get(round(self.body), 1.2 * self.body)
        return self._distances.get(round(size), body * size / self.body)

    def right(self, region: Region) -> float:
        """The right edge of a column: where most lines end, or the longest where they end anywhere."""
        key = round(region.left / 3)
        edge = sum((self._rights.get(near, Counter()) for near in (key - 1, key, key + 1)), Counter[int]())
        edge = Counter({right: count for right, count in edge.items() if right < region.limit})
        if not edge:
            return region.right
        place = max(edge, key=lambda right: (edge[right] + edge[right + 1], right))
        justified = edge[place] + edge[place + 1] >= max(3, 0.3 * edge.total())
        return float(place + 1 if justified else max(edge))


def _usual(counts: Counter[float]) -> float:
    """The distance that is met most, the smaller one where two are."""
    return max(counts, key=lambda step: (counts[step], -step))


def _all_lines(pages: list[list[Region]]) -> Iterator[Line]:
    for regions in pages:
        for region in regions:
            for block in region.blocks:
                for cell in block.cells:
                    yield from cell


def document_paragraphs(pages: list[list[Region]], style: DocumentStyle) -> list[Paragraph]:
    """The paragraphs of a document in reading order; what goes over a column's end is one."""
    result: list[Paragraph] = []
    last: Paragraph | None = None  # the last one that is no float
    edge = 0.0
    for regions in pages:
        for region in regions:
            right = style.right(region)
            made = list(_paragraphs(region, style, right))
            for number, paragraph in enumerate(made):
                after_float = bool(result) and result[-1] is not last
                if last is not None and (after_float or not number) and not _is_float(paragraph, style):
                    if _goes_on(last, paragraph, edge, region) and (not after_float or _is_lower(paragraph)):
                        last.lines += paragraph.lines
                        continue
                result.append(paragraph)
                if not _is_float(paragraph, style):
                    last, edge = paragraph, right
    for paragraph in result:
        _set_kind(paragraph, style)
    return result


def without_repeated_heads(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], int]:
    """Paragraphs without the rows that repeat a table's first one at the top of a further page; how many those are."""
    kept: list[Paragraph] = []
    head: list[str] = []
    page = repeated = 0  # page: of the row before
    for paragraph in paragraphs:
        if paragraph.kind == "row":
            cells = [" ".join(line.text for line in cell) for cell in paragraph.cells]
            if not head:
                head = cells
            elif cells == head and paragraph.lines[0].page > page:
                repeated += 1
                continue
            page = paragraph.lines[-1].page
        else:
            head = []
        kept.append(paragraph)
    return kept, repeated


def _paragraphs(region: Region, style: DocumentStyle, right: float) -> Iterator[Paragraph]:
    paragraph = Paragraph("paragraph")
    for block in region.blocks:
        if len(block.cells) > 1:
            if paragraph.lines:
                yield paragraph
            yield Paragraph("row", [line for cell in block.cells for line in cell], block.cells)
            paragraph = Paragraph("paragraph")
            continue
        for line in block.lines:
            if paragraph.lines:
                apart = _apart(paragraph.lines, line, style, _own_right(block.lines, line, right))
                if line.mark and line.marked_by is not None and not apart and not _is_set_off(line, paragraph):
                    line.words.insert(0, line.marked_by)  # a number or an initial that happens to begin a line
                    line.mark, line.marked_by = "", None
                if apart or line.mark:
                    yield paragraph
                    paragraph = Paragraph("paragraph")
            if line.mark and not paragraph.lines:
                paragraph.kind, paragraph.mark = "item", line.mark
            paragraph.lines.append(line)
    if paragraph.lines:
        yield paragraph


def _own_right(lines: list[Line], line: Line, right: float) -> float:
    """The right edge of text that is set in on both sides, such as a quotation; else that of the column."""
    at = next(at for at, other in enumerate(lines) if other is line)
    first = last = at
    while first and abs(lines[first - 1].left - line.left) < _LEVEL:
        first -= 1
    while last + 1 < len(lines) and abs(lines[last + 1].left - line.left) < _LEVEL:
        last += 1
    run = lines[first : last + 1]
    return min(right, max(other.right for other in run)) if len(run) >= _FEWEST else right


def _is_set_off(line: Line, paragraph: Paragraph) -> bool:
    """Whether the first word of a line is a list mark whatever stands above: a bullet, or away from its text."""
    mark = line.marked_by
    assert mark is not None
    if mark.text[-1] not in ".)–—-":
        return True
    if paragraph.mark and abs((paragraph.lines[0].left) - line.left) < _INDENT * line.size:
        return True
    return line.left - mark.box[2] > 0.55 * line.size and abs(mark.box[0] - paragraph.lines[-1].left) > 1


def _apart(lines: list[Line], line: Line, style: DocumentStyle, right: float) -> bool:
    """Whether a line begins another paragraph than the lines above are."""
    above = lines[-1]
    distance = above.base - line.base
    if abs(above.size - line.size) > _SAME * line.size:
        return True
    if not 0 < distance <= _SPACED * style.distance(line.size) + 0.5:
        return True
    if above.text.endswith(tuple(HYPHENS)) and above.text[-2:-1].isalnum() and not line.mark:
        return False
    full = _is_full(lines, line, right)
    if _indents(lines, line, full):
        return True
    begins_anew = bool(line.mark) or not line.text[0].islower() or ends_sentence(above.text)
    return not full and begins_anew


def _indents(lines: list[Line], line: Line, full: bool) -> bool:
    """Whether a line is set in or out against the one above, other than a first line is."""
    above = lines[-1]
    start = line.marked_by.box[0] if line.marked_by else line.left
    shift = start - above.left
    if abs(shift) < _INDENT * line.size:
        return False
    if abs((line.left + line.right) - (above.left + above.right)) < 3 and full:
        return False  # both in the middle
    if len(lines) == 1 and full:
        return shift > 0 and not _hangs(above, line)
    return True


def _hangs(above: Line, line: Line) -> bool:
    """Whether a first line begins left of the others, as of a reference or a definition."""
    return line.text[:1].islower() or not ends_sentence(above.text)


def _is_full(lines: list[Line], line: Line, right: float) -> bool:
    """Whether the last of the lines had no room for the first word of the next one."""
    above = lines[-1]
    first = line.marked_by.box if line.marked_by else line.words[0].box
    width = first[2] - first[0]
    if not line.marked_by:
        for word in line.words[1:]:
            if not word.glued:
                break
            width = word.box[2] - first[0]
        if _BOUND.fullmatch(line.words[0].text) and len(line.words) > 1:
            width = line.words[1].box[2] - first[0]
    if above.right + 0.25 * line.size + width > right - 0.2 * line.size:
        return True
    others = [*lines[-2:-1], line]
    return any(abs(other.right - above.right) < 0.7 and other is not above for other in others)


def _is_float(paragraph: Paragraph, style: DocumentStyle) -> bool:
    """Whether a paragraph may stand between two parts of another: a caption, a row, small print."""
    if paragraph.kind == "row" or _CAPTION.match(paragraph.lines[0].text):
        return True
    return paragraph.lines[0].size < (1 - _SAME) * style.body


def _is_lower(paragraph: Paragraph) -> bool:
    return paragraph.lines[0].text[0].islower()


def _goes_on(last: Paragraph, first: Paragraph, right: float, region: Region) -> bool:
    """Whether the first paragraph of a column is the rest of the last one of the column before."""
    above, line = last.lines[-1], first.lines[0]
    if "row" in (last.kind, first.kind) or first.kind == "item":
        return False
    if abs(above.size - line.size) > _SAME * line.size or above.bold != line.bold:
        return False
    if above.text.endswith(tuple(HYPHENS)) or line.text[0].islower():
        return True
    if not _is_full(last.lines, line, right):
        return False
    indented = line.left - region.left > _INDENT * line.size
    return not ends_sentence(above.text) and not indented


def _set_kind(paragraph: Paragraph, style: DocumentStyle) -> None:
    if paragraph.kind == "row":
        return
    text = paragraph.text
    lines = paragraph.lines
    larger = all(line.size > _LARGER * style.body for line in lines)
    bold = all(line.bold for line in lines) and len(lines) <= 3 and not text.endswith((".", ";", ","))
    if (larger or (bold and lines[0].size > 0.9 * style.body)) and len(text) < _LONGEST_HEADING:
        paragraph.kind = "heading"
