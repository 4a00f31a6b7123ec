"""What a sentence is, told by the marks at its end."""

from .rules import CutRules

__all__ = ["CLOSING", "FINAL", "sentence_kind"]

CLOSING = "”“\"'’»«›)]}」』）】〉》］｣"  #: what may stand behind the mark that ends a sentence
FINAL = tuple(".!?…。！？｡؟۔।॥։።")
_LONGEST_HEADING = 160
#: The marks as the first edition of the rules had them.
_FIRST_CLOSING, _FIRST_FINAL = "”\"'’»)]", tuple(".!?…。！？")
_UNMARKED = ("th", "lo", "km", "my")  # languages that have no mark behind a sentence


def sentence_kind(text: str, alone: bool, language: str, rules: CutRules) -> str:
    """Question, sentence or heading, told by the last character, closing quotes and brackets aside.

    A short line that is `alone` in its paragraph, without a mark at its end, is a heading.
    """
    first = rules.settings.rules == 1
    closing, final = (_FIRST_CLOSING, _FIRST_FINAL) if first else (CLOSING, FINAL)
    bare = text.rstrip(closing)
    if bare.endswith(("?", "？", "؟")):
        return "question"
    if alone and "\n" not in text and not bare.endswith((*final, ":", ";", ",")):
        return "heading" if first or len(bare) <= _longest(language) else "sentence"
    return "sentence"


def _longest(language: str) -> int:
    """Characters that a heading may have: few where every sentence lacks a mark."""
    return _LONGEST_HEADING // 4 if language.casefold().split("-")[0] in _UNMARKED else _LONGEST_HEADING
