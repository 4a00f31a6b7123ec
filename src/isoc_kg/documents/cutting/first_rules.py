"""The first edition of the rules. Indexes that were cut by it are compared with what it gives: it never changes."""

import re
from collections.abc import Iterator

from .inline_lists import segments
from .paragraphs import trimmed
from .segmenter import segmented

__all__ = ["first_parts"]

_ITEM = re.compile(r"[ \t]*(?:[•*‣◦▪–-]|\(?\d{1,3}[.)])[ \t]+(?=\S)")
#: A colon that runs straight into a capital letter ends a run-in heading: `Title (T):Founded by …`.
_RUN_IN = re.compile(r"(?<=\w|\)|\])[ \t]?:(?=[^\W\d_a-z])")
#: A phonetic transcription that runs straight into the next sentence: `/…/In the …`. It has letters that are not
#: ASCII, as no path or address has.
_PHONETIC = re.compile(r"/(?=[^/\n]{0,80}[^\x00-\x7f/])[^/\n]{1,80}/(?=[^\W\d_][a-zà-ÿ]* )")


def first_parts(paragraph: str, language: str) -> Iterator[tuple[int, int, str]]:
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
        yield from trimmed(paragraph, start, end, "item")
        return
    for sentence_start, sentence_end in segmented(paragraph[start:end], language):
        yield from _run_together(paragraph, start + sentence_start, start + sentence_end)


def _run_together(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A sentence, or the parts of several that nothing but a rule tells apart."""
    if text.find(":", start, end) < 0 and text.find("/", start, end) < 0:  # no rule applies; most text is such
        yield from trimmed(text, start, end, "sentence")
        return
    lead_end, listed = segments(text, start, end)
    at = start
    for pattern, kind in ((_RUN_IN, "run-in"), (_PHONETIC, "sentence")):
        for match in pattern.finditer(text, at, lead_end):
            yield from trimmed(text, at, match.end(), kind)
            at = match.end()
    yield from trimmed(text, at, lead_end, "sentence")
    for segment_start, segment_end in listed:
        yield from trimmed(text, segment_start, segment_end, "segment")
