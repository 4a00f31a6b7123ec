"""A document's units: headings, sentences, list items, questions and segments, by number, place and digest.

Positions count Unicode code points of the text as decoded from UTF-8, a line end being one line feed, as
Web Annotation asks (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..namespaces import EV
from .cutting.rules import CutRules
from .intake.passages import Place
from .text import letters, text_digest, white_space, words_digest

__all__ = ["EXEMPT_KINDS", "KINDS", "Unit", "cut", "ends_sentence"]

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
_ABBREVIATION = 3  # a word of so many letters before a full stop may be one


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


def cut(blocks: Iterable[str], language: str, rules: CutRules | None = None) -> Iterator[Unit]:
    """The units of a text in their order, by the rules given or else the latest ones.

    Paragraphs stand between blank lines. In a paragraph, lines may be items, headings or rows of a table; the rest
    is cut into sentences.
    """
    # most of what reads an index cuts nothing
    from .cutting.kinds import is_numbered_title, names_people, sentence_kind
    from .cutting.paragraphs import paragraphs
    from .cutting.parts import parts

    rules = rules or CutRules()
    number = 0
    within = 0
    held: Unit | None = None
    last = ""  # the kind of the unit before
    count = 0  # of letters so far
    for offset, paragraph, going_on in paragraphs(blocks):
        if not going_on:
            number, within = number + 1, 0
        ranges = list(parts(paragraph, language, rules))
        alone = len(ranges) == 1 and not going_on
        before = 0
        for start, end, kind in ranges:
            text = paragraph[start:end]
            if kind == "sentence":
                kind = sentence_kind(text, alone, language, rules)
                if kind == "heading" and number > 1 and rules.settings.rules > 1 and names_people(text):
                    kind = "sentence"
            within += 1
            first = count + letters(paragraph[before:start])
            before, count = end, first + letters(text)
            place = offset + start, offset + end
            digests = text_digest(text), words_digest(text)
            unit = Unit(f"{number}.{within}", kind, *place, *digests, (first, count), white_space(text))
            # What a colon announces, and whether text follows a numbered line, is known only when it has come.
            if held is not None:
                if held.kind == "item":
                    held = replace(held, kind="heading") if unit.kind in ("sentence", "question") else held
                elif unit.kind in ("item", "segment", "run-in"):
                    held = replace(held, kind="lead-in")
                yield held
                last, held = held.kind, None
            if unit.kind == "run-in":
                unit = replace(unit, kind="heading")
            titled = alone and last != "item" and is_numbered_title(paragraph[:start], text, kind, rules)
            if titled or (unit.kind == "sentence" and text.endswith((":", ":-"))):
                held = unit
            else:
                yield unit
                last = unit.kind
        count += letters(paragraph[before:])
    if held is not None:
        yield held


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does; an abbreviation (`Dr.`) is taken for no end."""
    from .cutting.kinds import CLOSING, FINAL

    bare = text.rstrip().rstrip(CLOSING)
    if bare.endswith(".") and (word := re.search(r"[^\W\d_]+(?=\.$)", bare)):
        return len(word[0]) > _ABBREVIATION
    return bare.endswith(FINAL)
