"""What an extractor takes out of a document: its passages in reading order, each with its place in the original.

An extractor is a function `(content: bytes, limits: Limits) -> Extraction` that raises `ParseError` or `LimitExceeded`.
Texts are in NFC, without soft hyphens; white space within a passage is single blanks, and tabs between the cells of
a row. Only a plain text keeps its line ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .line_boxes import line_boxes

__all__ = ["PASSAGE_KINDS", "Extraction", "Passage", "Place", "place_of"]

#: A row is one of a table, its cells parted by tabs; a note is a footnote or an endnote, moved behind the text.
PASSAGE_KINDS = frozenset({"heading", "paragraph", "item", "row", "note"})
#: Passages of these kinds follow one another line by line: a list or a table is one paragraph of the text.
_JOINED = ("item", "row")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the original, as far as its format has such places."""

    page: int | None = None  #: from 1; PDF
    #: one a line, in PDF points from the lower left corner of the page: left, bottom, right, top
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    selector: str | None = None  #: a CSS path in the tree that an HTML5 parser makes; HTML, EPUB
    part: str | None = None  #: the file within an archive; EPUB
    paragraph: int | None = None  #: from 1; DOCX, ODT


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, list item or table row."""

    text: str  #: not empty, no blank line within, no list mark
    kind: str  #: one of `PASSAGE_KINDS`
    #: offset within the text from which a place holds, ascending, the first 0; empty where no place is known
    places: tuple[tuple[int, Place], ...] = ()
    mark: str = "-"  #: what stands before an item: `-` or its number, `3.`

    @property
    def lead(self) -> str:
        """What stands before the text in the extracted text: an item's mark and a blank, else nothing."""
        return f"{self.mark} " if self.kind == "item" else ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The passages of a document, and what its file says of itself."""

    passages: tuple[Passage, ...]
    extractor: str  #: name, version and settings, for the index: `markdown-it-py 4.0.0`
    title: str | None = None
    author: str | None = None
    date: str | None = None  #: a year, a month or a day
    language: str | None = None  #: a language tag
    notes: tuple[str, ...] = ()  #: what was left out or moved, in words: `2 footnotes moved behind the text`

    @property
    def text(self) -> str:
        """The extracted text: passages with a blank line between, those of one list or table on lines of their own."""
        return "".join(part for part, _ in self._parts())

    def spans(self) -> Iterator[tuple[int, int, Passage]]:
        """Where each passage's text stands in the extracted text, as half-open ranges."""
        at = 0
        for part, passage in self._parts():
            at += len(part)
            if passage is not None:
                yield at - len(passage.text), at, passage

    def _parts(self) -> Iterator[tuple[str, Passage | None]]:
        """Pieces of the extracted text; a passage comes with the piece that ends with its text."""
        last: Passage | None = None
        for passage in self.passages:
            if last is not None:
                yield "\n" if passage.kind == last.kind and passage.kind in _JOINED else "\n\n", None
            yield passage.lead + passage.text, passage
            last = passage
        if last is not None:
            yield "\n", None


def place_of(passage: Passage, start: int, end: int) -> Place | None:
    """Where a range of a passage's text stands in the original: on its first page, with all boxes that it has there.

    None where the place is not known.
    """
    places = passage.places
    ends = [*(offset for offset, _ in places[1:]), *([len(passage.text)] if places else [])]
    within = [place for (offset, place), stop in zip(places, ends, strict=True) if offset < end and stop > start]
    if not within:
        return None
    first = within[0]
    boxes = line_boxes(box for place in within if place.page == first.page for box in place.boxes)
    return replace(first, boxes=boxes)
