"""A document's units: how a text is cut into headings, sentences, list items, questions and segments.

Positions count Unicode code points of the text as decoded from UTF-8, a line end being one line feed, as
Web Annotation asks (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from ..namespaces import EV
from .intake.passages import Place
from .text import letters, text_digest, white_space, words_digest

__all__ = ["EXEMPT_KINDS", "KINDS", "Unit", "cut", "ends_sentence", "splitter_name"]

#: What a unit can be → what it is called in the published data.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "heading": EV.Heading,
        "sentence": EV.Sentence,
        "item": EV.ListItem,
        "question": EV.Question,
        "segment": EV.Segment,
        "lead-in": EV.ListLeadIn,
    }
)
#: The kinds of units that need no claim of their own.
EXEMPT_KINDS = frozenset({"heading", "lead-in"})
#: A paragraph longer than this is worked on in pieces, so that memory stays bounded whatever the text is.
WINDOW = 1 << 16

_ITEM = re.compile(r"[ \t]*(?:[•*‣◦▪–-]|\(?\d{1,3}[.)])[ \t]+(?=\S)")
#: A colon that runs straight into a capital letter ends a run-in heading: `Title (T):Founded by …`.
_RUN_IN = re.compile(r"(?<=\w|\)|\])[ \t]?:(?=[^\W\d_a-z])")
#: A phonetic transcription that runs straight into the next sentence: `/…/In the …`. It has letters that are not
#: ASCII, as no path or address has.
_PHONETIC = re.compile(r"/(?=[^/\n]{0,80}[^\x00-\x7f/])[^/\n]{1,80}/(?=[^\W\d_][a-zà-ÿ]* )")
#: An inline list opens with a colon and a dash; from there on dashes begin its items.
_INLINE_LIST = re.compile(r":[ \t]*[-–—][ \t]+(?=\S)")
_INLINE_ITEM = re.compile(r"(?:(?<=[”\"'’»)])[ \t]*|[ \t]+)[-–—][ \t]+(?=\S)")
_PARAGRAPH_END = re.compile(r"\r?\n[ \t]*\r?\n[ \t\r\n]*")
_ABBREVIATION = 3  # a word of so many letters before a full stop may be one
_FINAL = tuple(".!?…。！？")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that a fact can rest on: place as a half-open range of code points, and digest."""

    number: str  #: paragraph and unit within it, from 1: `2.2`
    kind: str
    start: int
    end: int
    sha256: str
    words: str | None = field(default=None, compare=False)  #: the digest of its words alone, where the index has it
    #: its place as a range of characters, white space not counted
    letters: tuple[int, int] | None = field(default=None, compare=False)
    white: tuple[tuple[int, str], ...] = field(default=(), compare=False)  #: the white space that words do not tell
    place: Place | None = field(default=None, compare=False)  #: in the original, where the index has it

    @property
    def length(self) -> int:
        """How many code points the unit has."""
        return self.end - self.start

    def text(self, document: str) -> str:
        """The unit's words, out of the document's whole text."""
        return document[self.start : self.end]


def _paragraphs(blocks: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Offset and text of each paragraph, and whether it goes on from the one before (a window of a long one)."""
    buffer, offset, going_on = "", 0, False
    for block in chain(blocks, [None]):
        buffer += block or ""
        start = 0
        while match := _PARAGRAPH_END.search(buffer, start):
            if match.end() == len(buffer) <= 2 * WINDOW and block is not None:
                break  # the break may go on in the next block
            if buffer[start : match.start()].strip():
                yield offset + start, buffer[start : match.start()], going_on
            going_on, start = False, match.end()
        offset, buffer = offset + start, buffer[start:]
        if block is None:
            if buffer.strip():
                yield offset, buffer, going_on
        elif len(buffer) > 2 * WINDOW:
            at = _last_break(buffer, WINDOW)
            if buffer[:at].strip():  # white space begins no paragraph, however much of it there is
                yield offset, buffer[:at], going_on
                going_on = True
            offset, buffer = offset + at, buffer[at:]


def _last_break(text: str, limit: int) -> int:
    """Where to cut a text that is too long to be looked at whole: after a sentence, a word, or anywhere."""
    for mark in (". ", "\n", " "):
        if (at := text.rfind(mark, 1, limit)) > 0:
            return at + len(mark)
    return limit


def cut(blocks: Iterable[str], language: str) -> Iterator[Unit]:
    """The units of a text in their order.

    Paragraphs stand between blank lines. In a paragraph, lines that begin with a list mark are items; the rest
    is cut into sentences by `sentencex`. Passages that run together are cut by three rules: after a colon
    that runs into a capital letter, after a phonetic slash that does, and at the dashes of an inline list.
    """
    number = 0
    within = 0
    held: Unit | None = None
    count = 0  # of letters so far
    for offset, paragraph, going_on in _paragraphs(blocks):
        if not going_on:
            number, within = number + 1, 0
        parts = list(_parts(paragraph, language))
        alone = len(parts) == 1 and not going_on
        before = 0
        for start, end, kind in parts:
            text = paragraph[start:end]
            if kind == "sentence":
                kind = _kind(text, alone)
            within += 1
            first = count + letters(paragraph[before:start])
            before, count = end, first + letters(text)
            place = offset + start, offset + end
            digests = text_digest(text), words_digest(text)
            unit = Unit(f"{number}.{within}", kind, *place, *digests, (first, count), white_space(text))
            # What a colon announces is known only when it has come.
            if held is not None:
                announces = unit.kind in ("item", "segment", "run-in")
                yield replace(held, kind="lead-in") if announces else held
                held = None
            if unit.kind == "run-in":
                unit = replace(unit, kind="heading")
            if unit.kind == "sentence" and text.endswith((":", ":-")):
                held = unit
            else:
                yield unit
        count += letters(paragraph[before:])
    if held is not None:
        yield held


def _kind(text: str, alone: bool) -> str:
    """What a sentence is, told by its last character, closing quotes and brackets aside."""
    bare = text.rstrip("”\"'’»)]")
    if bare.endswith(("?", "？", "؟")):
        return "question"
    if alone and "\n" not in text and not bare.endswith((*_FINAL, ":", ";", ",")):
        return "heading"
    return "sentence"


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does; an abbreviation (`Dr.`) is taken for no end."""
    bare = text.rstrip().rstrip("”\"'’»)]")
    if bare.endswith(".") and (word := re.search(r"[^\W\d_]+(?=\.$)", bare)):
        return len(word[0]) > _ABBREVIATION
    return bare.endswith(_FINAL) or bare.endswith("؟")


def _parts(paragraph: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Range and kind of each part of a paragraph, white space and list marks outside."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+\n?", paragraph)]
    block_start = block_end = -1
    item = False
    for start, end in [*lines, (len(paragraph), len(paragraph))]:
        mark = _ITEM.match(paragraph, start, end)
        if mark or start == len(paragraph):
            if block_end > block_start >= 0:
                yield from _block(paragraph, block_start, block_end, item, language)
            block_start, item = (mark.end() if mark else start), mark is not None
        elif block_start < 0:
            block_start = start
        block_end = end


def _block(paragraph: str, start: int, end: int, item: bool, language: str) -> Iterator[tuple[int, int, str]]:
    """The units of one list item, or of the running text between items."""
    if item:
        yield from _trimmed(paragraph, start, end, "item")
        return
    for sentence_start, sentence_end in _sentences(paragraph[start:end], language):
        yield from _run_together(paragraph, start + sentence_start, start + sentence_end)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    import sentencex

    at = 0
    for sentence in sentencex.segment(language, text):
        # sentencex gives the text back piece by piece; were a piece not to be found, the rest stays whole
        start = text.find(sentence, at)
        if start < 0:
            break
        yield start, start + len(sentence)
        at = start + len(sentence)
    if text[at:].strip():
        yield at, len(text)


def _run_together(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A sentence, or the parts of several that nothing but a rule tells apart."""
    if text.find(":", start, end) < 0 and text.find("/", start, end) < 0:  # no rule applies; most text is such
        yield from _trimmed(text, start, end, "sentence")
        return
    opening = _INLINE_LIST.search(text, start, end)
    lead_end = opening.start() + 1 if opening else end
    at = start
    for pattern, kind in ((_RUN_IN, "run-in"), (_PHONETIC, "sentence")):
        for match in pattern.finditer(text, at, lead_end):
            yield from _trimmed(text, at, match.end(), kind)
            at = match.end()
    yield from _trimmed(text, at, lead_end, "sentence")
    if opening:
        at = opening.end()
        for match in _INLINE_ITEM.finditer(text, at, end):
            yield from _trimmed(text, at, match.start(), "segment")
            at = match.end()
        yield from _trimmed(text, at, end, "segment")


def _trimmed(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while end - start > 2 * WINDOW:  # a “sentence” that nobody wrote as one
        at = start + _last_break(text[start:end], WINDOW)
        yield from _trimmed(text, start, at, kind)
        start = at
    if start < end:
        yield start, end, kind


def splitter_name() -> str:
    """The splitter and its version, as an index records it: a change of the rules here must change it as well."""
    from importlib.metadata import version

    return f"sentencex {version('sentencex')}"
