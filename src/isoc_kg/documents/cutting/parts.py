"""The parts of a paragraph: range and kind of each, by the rules of an edition."""

from collections.abc import Iterator

from .first_rules import first_parts
from .lines import blocks
from .paragraphs import trimmed
from .rules import CutRules
from .run_in import run_together
from .sentences import sentences

__all__ = ["parts"]


def parts(paragraph: str, language: str, rules: CutRules) -> Iterator[tuple[int, int, str]]:
    """Each part in its order, white space and list marks outside.

    Kinds are those of units, and `run-in`: a heading that runs into what it announces. Whether a sentence is a
    question, a heading or announces a list is not judged here.
    """
    settings = rules.settings
    if settings.rules == 1:
        yield from first_parts(paragraph, language)
        return
    if not any(map(str.isalnum, paragraph)):
        return  # marks alone, which divide a text: “—”, “* * *”, “…”
    for block in blocks(paragraph, settings):
        if not any(map(str.isalnum, paragraph[block.start : block.end])):
            continue  # a row of dashes
        if block.kind == "row":
            start, end = _without_bars(paragraph, block.start, block.end)
            yield from trimmed(paragraph, start, end, "segment")
            continue
        if block.kind == "heading":
            yield from trimmed(paragraph, block.start, block.end, "heading")
            continue
        kind = "item" if block.kind == "item" else "sentence"
        for sentence_start, sentence_end in sentences(
            paragraph[block.start : block.end], language, settings.abbreviations
        ):
            start, end = block.start + sentence_start, block.start + sentence_end
            if kind == "item" or not settings.run_in:
                yield from trimmed(paragraph, start, end, kind)
            else:
                yield from run_together(paragraph, start, end, language)
            kind = "sentence"  # the first of an item's stands for it


def _without_bars(text: str, start: int, end: int) -> tuple[int, int]:
    """The range of a row without the bars around it."""
    while start < end and text[start] in "| \t":
        start += 1
    while start < end and text[end - 1] in "| \t\n":
        end -= 1
    return start, end
