"""What a sentence is, told by the marks at its end."""

import re

from .marks import NOTES
from .rules import CutRules

__all__ = ["ASKING", "CLOSING", "FINAL", "is_numbered_title", "names_people", "sentence_kind"]

CLOSING = "”“\"'’»«›)]}」』）】〉》］｣"  #: what may stand behind the mark that ends a sentence
ASKING = ("?", "？", "؟")
FINAL = tuple(".!?…。！？｡؟۔।॥։።")
_LONGEST_HEADING = 160
#: The marks as the first edition of the rules had them.
_FIRST_CLOSING, _FIRST_FINAL = "”\"'’»)]", tuple(".!?…。！？")
_NOTED = re.compile(rf"[ \xa0\u202f]?(?:{NOTES}[ \xa0\u202f,]{{0,2}}){{0,8}}{NOTES}$")
#: A text ends with no more characters of such references.
_MOST_NOTES = 200
_UNMARKED = ("th", "lo", "km", "my")  # languages that have no mark behind a sentence


def sentence_kind(text: str, alone: bool, language: str, rules: CutRules) -> str:
    """Question, sentence or heading, told by the last character, closing quotes, brackets and notes' marks aside.

    A short line that is `alone` in its paragraph, without a mark at its end, is a heading.
    """
    first = rules.settings.rules == 1
    closing, final = (_FIRST_CLOSING, _FIRST_FINAL) if first else (CLOSING, FINAL)
    bare = (text if first else without_notes(text)).rstrip(closing)
    if bare.endswith(ASKING) or (not first and bare.endswith(";") and language.casefold().startswith("el")):
        return "question"
    if alone and "\n" not in text and not bare.endswith((*final, ":", ";", ",")):
        return "heading" if first or len(bare) <= _longest(language) else "sentence"
    return "sentence"


def without_notes(text: str) -> str:
    """A text without the references to notes at its end, where the mark of a sentence's end stands before these."""
    noted = _NOTED.search(text, max(0, len(text) - _MOST_NOTES))
    before = text[: noted.start()] if noted else text
    return before if before.rstrip(CLOSING).endswith(FINAL) else text


#: A label and names behind it, of one or more words each: “Present: Ada Brandt, Jon Ader and Ine Vos”.
_NAME = (
    r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:\s+(?:(?:v[ao]n|de[rnls]?|la|le|du|da|di|af|of|den)\s+)*[^\W\d_a-zß-öø-ÿ][\w.'’-]*)+"
)
_PEOPLE = re.compile(
    rf"[^\W\d_]+(?:\s[^\W\d_]+){{0,2}}\s?:\s+{_NAME}(?:\s?\([^()]{{0,60}}\))?"
    rf"(?:(?:\s?[,;]\s|\s(?:and|und|et|e|y|en|og|och|i)\s|,\s(?:and|und|et)\s){_NAME}(?:\s?\([^()]{{0,60}}\))?)*"
)
_NUMBER = re.compile(r"(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])(?:\.\d{1,3})*[.)]?")


def names_people(text: str) -> bool:
    """Whether a line without a mark at its end is no title, but a label with names: “Present: Ada Brandt, Jon Ader”."""
    return len(text) <= 4 * _LONGEST_HEADING and _PEOPLE.fullmatch(text) is not None


def is_numbered_title(mark: str, text: str, kind: str, rules: CutRules) -> bool:
    """Whether an item that stands alone may be a heading with a number: “1. Membership”; what follows it decides."""
    settings = rules.settings
    return (
        kind == "item"
        and settings.rules > 1
        and settings.headings
        and _NUMBER.fullmatch(mark.strip()) is not None
        and "\n" not in text
        and len(text) <= _LONGEST_HEADING
        and not without_notes(text).rstrip(CLOSING).endswith((*FINAL, ":", ";", ","))
    )


def _longest(language: str) -> int:
    """Characters that a heading may have: few where every sentence lacks a mark."""
    return _LONGEST_HEADING // 4 if language.casefold().split("-")[0] in _UNMARKED else _LONGEST_HEADING
