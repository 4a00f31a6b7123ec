"""The words of a PDF's paragraphs as passages: lines joined, each word with its page and its box."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from .footnotes import Footnote
from .line_ends import DocumentWords
from .page_lines import Line
from .passages import Passage, Place
from .pdf_glyphs import PageWords, Word
from .pdf_paragraphs import Paragraph
from .raised import LOWERED, RAISED, without_shifts

__all__ = ["PassageWriter"]


#: A number as lists in texts have it.
_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
#: A letter as lists in texts have it; the cut decides by the items around it.
_LETTER = re.compile(r"\(?(?:[a-z]|[ivx]{2,5})[.)]")
#: Arrows from an endnote back to its mark, as web pages have them.
_BACK = re.compile("(?:\\s*[\u21a9\u21b5\u2191]\ufe0e?)+$")


class PassageWriter:
    """Makes passages of paragraphs and footnotes; counts the words that were broken."""

    def __init__(self, pages: Sequence[PageWords], words: DocumentWords) -> None:
        self._pages = {page.number: page for page in pages}
        self._words = words
        self.broken = 0

    def passage(self, paragraph: Paragraph) -> Passage:
        """A paragraph, or a table row with tabs between its cells."""
        if paragraph.kind == "row":
            return self._written([self._pieces(cell) for cell in paragraph.cells], "row")
        pieces = self._pieces(paragraph.lines)
        passage = self._written([pieces], paragraph.kind)
        if paragraph.kind != "item" and not paragraph.mark:
            return passage
        if paragraph.kind == "item" and (_NUMBER.fullmatch(paragraph.mark) or _LETTER.fullmatch(paragraph.mark)):
            return Passage(passage.text, "item", passage.places, paragraph.mark)
        if paragraph.mark[-1] not in ".)":  # a bullet
            return Passage(passage.text, paragraph.kind, passage.places)
        lead = f"{paragraph.mark} "  # of a heading, or a capital letter
        places = tuple((at + len(lead) if at else 0, place) for at, place in passage.places)
        return Passage(lead + passage.text, paragraph.kind, places)

    def note(self, note: Footnote) -> Passage:
        """A footnote without its mark."""
        return self._written([self._pieces(note.lines)], "note")

    def _pieces(self, lines: Iterable[Line]) -> list[tuple[str, Place]]:
        """The words of lines with the blanks before them, broken words made whole."""
        pieces: list[tuple[str, Place]] = []
        before = ""
        for line in lines:
            if pieces and pieces[-1][0].strip():
                text, place = pieces[-1]
                so_far = "".join(text for text, _ in pieces[-4:])
                kept, between = self._words.joined(so_far, line.text)
                self.broken += len(kept) < len(so_far)
                pieces[-1] = text[: len(text) - (len(so_far) - len(kept))], place
                before = between
            page = self._pages[line.page]
            for at, word in enumerate(line.words):
                lead = before if at == 0 else "" if word.glued else " "
                left, bottom, right, top = (round(value, 2) for value in page.shown(word.box))
                pieces.append((lead + _shifted(word, line), Place(line.page, ((left, bottom, right, top),))))
        return pieces

    def _written(self, cells: Sequence[list[tuple[str, Place]]], kind: str) -> Passage:
        parts: list[str] = []
        places: list[tuple[int, Place]] = []
        at = 0
        for number, cell in enumerate(cells):
            for text, place in [("\t", None)] * bool(number) + _written_on_the_line(cell):
                clean = _clean(text)
                lead = len(clean) - len(clean.lstrip())
                if place is not None and clean.strip():
                    places.append((at + lead, place))
                parts.append(clean)
                at += len(clean)
        text = _BACK.sub("", "".join(parts))
        if places:  # offsets begin with the text
            places[0] = (0, places[0][1])
        return Passage(text, kind, tuple(places))


_SMALL = 0.85  #: of the size of the line, at most, of what is raised or lowered
_RAISED_BY, _LOWERED_BY = 0.1, 0.05  #: of the size of the line


def _shifted(word: Word, line: Line) -> str:
    """A word's text, marked where it is raised or lowered beside another."""
    if word.size >= _SMALL * line.size or len(line.words) == 1:
        return word.text
    above = word.base - line.base
    if above > _RAISED_BY * line.size:
        return word.text.join(RAISED)
    return word.text.join(LOWERED) if above < -_LOWERED_BY * line.size else word.text


def _written_on_the_line(pieces: list[tuple[str, Place]]) -> list[tuple[str, Place]]:
    return [(without_shifts(text), place) for text, place in pieces]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\u00ad", "")) if not text.isascii() else text
