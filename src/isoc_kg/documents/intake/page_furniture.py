"""Page heads, page feet and page numbers: what stands at the same place on most pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from statistics import median

from .page_lines import Line

__all__ = ["without_furniture"]

_MOSTLY = 2  #: pages with the same row at the edge, beyond which it is a head or foot whatever the space
_ZONE = 3  #: lines from the top and from the bottom of a page that may be its head or foot
_NEAR = 4.0  #: points by which the same place may differ
_OFTEN = 0.4  #: of the pages; left and right pages may have heads of their own
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_AROUND = 1.2  #: usual distances of lines between a head or foot and the text
_LEVEL = 2.0  #: points by which the lines of a row may differ in height
_SMALL = 0.9  #: times the usual size, below which a repeated row is a head or foot whatever the space
_TITLE = 1.1  #: times the usual size, above which a line with a number is a heading
_PAGE = re.compile(r"^(?:page|seite|pagina|página|sida|strona|p\.|s\.)\s+", re.IGNORECASE)
_OF = re.compile(r"\s*(?:/|of|von|de|sur|av|van|di|z|из)\s*\d+$")  #: how many pages there are
_DAY = r"(?:\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4},? \d{1,2}[:.]\d{2}(?: ?[AP]M)?)"
_ADDRESS = r"(?:(?:https?|file)://\S+)"
_COUNT = r"(\d+) ?(?:/|of|von|de|sur|di|van) ?(\d+)"
#: Heads and feet as browsers print them: day and title above, address and number below; or the other way round.
_PRINTED = (
    (re.compile(rf"{_DAY}(?: .*)?"), re.compile(rf"{_ADDRESS} {_COUNT}")),
    (re.compile(rf"(?:.* )?{_ADDRESS}"), re.compile(rf"{_COUNT} {_DAY}")),
)
_Key = tuple[str, int]
_Numbering = set[tuple[bool, int]]  #: what the pages' numbers, Roman ones (True) and others, are ahead of their places


def without_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], tuple[str, ...]]:
    """Pages without heads, feet and numbers; notes of what was left out."""
    edges = [[list(_rows(lines, sign)) for sign in (-1, 1)] for lines in pages]
    numbering = _numbering(edges)
    repeated = _repeated(edges, numbering)
    heights = _heights(edges, numbering)
    usual = [_usual_size(lines) for lines in pages]
    titles = {
        line.text.casefold()
        for lines, size in zip(pages, usual, strict=True)
        for line in lines
        if line.size > _TITLE * size
    }
    kept: list[list[Line]] = []
    numbers, heads = 0, Counter[str]()
    for page, (lines, both) in enumerate(zip(pages, edges, strict=True)):
        out: dict[int, Line] = {}
        for rows in both:
            out |= {id(line): line for line in _at_edge(rows, page, numbering, repeated, lines, heights, titles)}
        out |= {id(line): line for line in _printed(both, page, len(pages))}
        empty = len(lines) == 1 < len(pages) and page + 1 in [value for _, value in _value(lines[0].text)]
        if empty:
            out[id(lines[0])] = lines[0]  # nothing but the number of the page
        for line in out.values():
            if empty or _is_number(line, page, numbering):
                numbers += 1
            else:
                heads[_pattern(line, page, numbering)] += 1
        kept.append([line for line in lines if id(line) not in out])
    return kept, tuple(_notes(numbers, heads))


def _at_edge(
    rows: list[list[Line]],
    page: int,
    numbering: _Numbering,
    repeated: Counter[_Key],
    lines: list[Line],
    heights: set[int],
    titles: set[str],
) -> list[Line]:
    """The rows from an edge of a page inwards that are a head or a foot, if there is space between it and the text."""
    taken: list[list[Line]] = []
    usual = _usual_size(lines)
    for row in rows:
        # beside a number that stands where other pages have theirs, or with the title of the document or a part
        numbered = any(_ends_in_number(line, page, numbering) for line in row)
        placed = bool(heights.intersection(_heights_of(row[0]))) and all(line.size <= _TITLE * usual for line in row)
        if not all(
            any(key in repeated for key in _keys(line, page, numbering))
            or _is_number(line, page, numbering)
            or (numbered and placed)
            or _bare(line, page, numbering, beside=numbered) in titles
            or _repeats_heading(line, lines)
            for line in row
        ):
            break
        taken.append(row)
    while taken and not _apart(taken[-1], [line for row in taken for line in row], lines):
        if all(any(repeated[key] > _MOSTLY for key in _keys(line, page, numbering)) for line in taken[-1]):
            break
        if all(line.size < _SMALL * usual for line in taken[-1]):
            break  # in small letters, close to a table
        taken.pop()
    return [line for row in taken for line in row]


def _printed(edges: list[list[list[Line]]], page: int, count: int) -> list[Line]:
    """The outermost rows of a page, where they are what a browser adds as it prints: both of them, with this number."""
    if not all(edges):
        return []
    head, foot = ("", "") if edges[0][0] == edges[1][0] else (_in_words(rows[0]) for rows in edges)
    for above, below in _PRINTED:
        numbered = below.fullmatch(foot)
        if above.fullmatch(head) and numbered and (int(numbered[1]), int(numbered[2])) == (page + 1, count):
            return [line for rows in edges for line in rows[0]]
    return []


def _in_words(row: list[Line]) -> str:
    return " ".join(word.text for line in sorted(row, key=lambda line: line.left) for word in line.words)


def _notes(numbers: int, heads: Counter[str]) -> Iterable[str]:
    if heads:
        total = heads.total()
        yield f"{total:,} page head{'s' if total > 1 else ''} or feet left out ({len(heads)} different)"
    if numbers:
        yield f"{numbers:,} page number{'s' if numbers > 1 else ''} left out"


def _rows(lines: list[Line], sign: int) -> Iterator[list[Line]]:
    """The rows of lines that stand highest (sign -1) or lowest, from the edge inwards."""
    row: list[Line] = []
    number = 0
    for line in sorted(lines, key=lambda line: sign * line.base):
        if row and abs(line.base - row[0].base) > _LEVEL:
            yield row
            row, number = [], number + 1
            if number == _ZONE:
                return
        row.append(line)
    if row:
        yield row


def _pattern(line: Line, page: int, numbering: _Numbering) -> str:
    """A line's text, the page's own number in it as a mark."""
    return " ".join(
        "#" if any((roman, value - page) in numbering for roman, value in _value(word.text)) else word.text
        for word in line.words
    ).casefold()


def _keys(line: Line, page: int, numbering: _Numbering) -> list[_Key]:
    """A line's text and its height; the height on both sides of where it is rounded."""
    return [(_pattern(line, page, numbering), height) for height in _heights_of(line)]


def _repeated(edges: list[list[list[list[Line]]]], numbering: _Numbering) -> Counter[_Key]:
    """Texts with their heights that stand on most pages, or on most left or right ones, and how often."""
    counts = Counter(
        key
        for page, both in enumerate(edges)
        for key in {key for rows in both for row in rows for line in row for key in _keys(line, page, numbering)}
    )
    least = max(2, _OFTEN * len(edges))
    return Counter({key: count for key, count in counts.items() if count >= least})


def _numbering(edges: list[list[list[list[Line]]]]) -> set[tuple[bool, int]]:
    """What the pages' numbers, Roman ones (True) and others, are ahead of their places in the file."""
    if len(edges) == 1:
        return {(False, 1)}
    counts: Counter[tuple[bool, int]] = Counter()
    for page, both in enumerate(edges):
        outermost = [line for rows in both for row in rows[:1] for line in row]
        counts.update({(roman, value - page) for line in outermost for roman, value in _values(line)})
    return {key for key, count in counts.items() if count >= 2}


def _values(line: Line) -> set[tuple[bool, int]]:
    """The numbers that a line is, begins or ends with."""
    texts = {line.text, line.words[0].text, line.words[-1].text}
    return {value for text in texts for value in _value(text)}


def _value(text: str) -> list[tuple[bool, int]]:
    """The number that a text is, and whether it is a Roman one; none where it is no number."""
    bare = _OF.sub("", _PAGE.sub("", text).strip("-–—| "))
    if bare.isdecimal() and len(bare) < 6:
        return [(False, int(bare))]
    return [(True, _roman(bare))] if _ROMAN.fullmatch(bare) else []


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _is_number(line: Line, page: int, numbering: _Numbering) -> bool:
    return not line.mark and any((roman, value - page) in numbering for roman, value in _value(line.text))


def _ends_in_number(line: Line, page: int, numbering: _Numbering) -> bool:
    """Whether a line is the page's number, or ends with it; one that begins with it may be a footnote."""
    return any((roman, value - page) in numbering for roman, value in _value(line.words[-1].text))


def _bare(line: Line, page: int, numbering: _Numbering, *, beside: bool) -> str:
    """A line's text without the page's number at its end or beginning; empty where none is there or `beside` it."""
    text = _pattern(line, page, numbering)
    return text.strip("# ") if beside or text.startswith("#") or text.endswith("#") else ""


def _heights(edges: list[list[list[list[Line]]]], numbering: _Numbering) -> set[int]:
    """The heights at which two pages or more have their number, alone or behind a text."""
    counts = Counter(
        height
        for page, both in enumerate(edges)
        for height in {
            height
            for rows in both
            for line in chain.from_iterable(rows[:1])
            if _ends_in_number(line, page, numbering)
            for height in _heights_of(line)
        }
    )
    return {height for height, count in counts.items() if count > 1}


def _heights_of(line: Line) -> set[int]:
    """The height of a line, on both sides of where it is rounded."""
    at = line.base / _NEAR
    return {int(at), int(at + 0.5)}


def _usual_size(lines: list[Line]) -> float:
    return median(line.size for line in lines) if lines else 0.0


def _repeats_heading(line: Line, lines: list[Line]) -> bool:
    """Whether a line at the edge is a heading of the same page in smaller letters."""
    return any(other.size > 1.1 * line.size and other.text.casefold() == line.text.casefold() for other in lines)


def _apart(row: list[Line], taken: list[Line], lines: list[Line]) -> bool:
    """Whether more space than between two lines stands between the last row of a head or foot and the text."""
    out = {id(line) for line in taken}
    bases = sorted(line.base for line in lines if id(line) not in out)
    if not bases:
        return True
    steps = [b - a for a, b in pairwise(bases) if b - a > _LEVEL] or [row[0].size * 1.2]
    return min(abs(row[0].base - base) for base in bases) > _AROUND * median(steps)
