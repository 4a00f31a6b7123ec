"""Paragraphs of a text as it streams in, and pieces of those that are too long to be looked at whole."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

__all__ = ["WINDOW", "paragraphs", "trimmed"]

#: A paragraph longer than this is worked on in pieces, so that memory stays bounded whatever the text is.
WINDOW = 1 << 16

#: Blank lines, and the blanks before the next one; a tab there is an empty cell of a row.
_PARAGRAPH_END = re.compile(r"\r?\n[ \t]*\r?\n(?:[ \t\r]*\n)* *")


def paragraphs(blocks: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
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


def trimmed(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
    """A part of a paragraph without the white space around it; in pieces where nobody wrote it as one."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while end - start > 2 * WINDOW:  # a “sentence” that nobody wrote as one
        at = start + _last_break(text[start:end], WINDOW)
        yield from trimmed(text, start, at, kind)
        start = at
    if start < end:
        yield start, end, kind


def _last_break(text: str, limit: int) -> int:
    """Where to cut a text that is too long to be looked at whole: after a sentence, a word, or anywhere."""
    for mark in (". ", "\n", " "):
        if (at := text.rfind(mark, 1, limit)) > 0:
            return at + len(mark)
    return limit
