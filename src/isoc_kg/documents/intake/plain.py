"""Plain texts: their lines are their author's, paragraphs stand between blank lines."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ...errors import EncodingError
from ...limits import Limits
from ..units import ends_sentence
from .characters import tidied, too_many_characters
from .encodings import codec_of
from .passages import Extraction, Passage

__all__ = ["decoded_text", "extract_plain"]

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_WITHIN = re.compile(r"[.!?…]\W*\s+\S")  #: two sentences
_BULLET = re.compile(r"\s*[•◦▪‣●○■□]\s+")
_LONG = 100  #: characters that a line hardly has which ends where its editor ends lines
_MOST = 0.8  #: of the long lines
_ENDS = (".", "!", "?", "…", ":", ";", "”", '"', "»", ")")
_BLANKS = re.compile(r"[^\S\n\t]")


def extract_plain(content: bytes, limits: Limits, charset: str | None = None) -> Extraction:
    """The paragraphs of a text; its encoding is that of its byte order mark or of `charset`, else UTF-8.

    A text whose lines are whole paragraphs, as word processors write them, has a paragraph a line.
    Raises `EncodingError`, and `ParseError` for a `charset` that is none.
    """
    text = tidied(decoded_text(content, limits, charset)).strip()
    text = _BLANKS.sub(" ", text)
    if _has_paragraph_a_line(text):
        passages = tuple(map(_of_line, _whole_lines(text.split("\n"))))
        return Extraction(passages, "text 1", notes=("each line read as a paragraph",))
    paragraphs = ("\n".join(map(str.rstrip, part.split("\n"))) for part in _PARAGRAPH_END.split(text))
    return Extraction(tuple(Passage(part, "paragraph") for part in paragraphs if part), "text 1")


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines that have text; one that goes on with a small letter, within a sentence, together with the line before.

    What stands before has another sentence: short lines that begin small may be a list without marks.
    """
    whole = ""
    for line in map(str.strip, lines):
        if line[:1].islower() and _WITHIN.search(whole) and not whole.endswith(_ENDS):
            whole = f"{whole}\n{line}"
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _of_line(line: str) -> Passage:
    bullet = _BULLET.match(line)
    return Passage(line[bullet.end() :], "item") if bullet and bullet.end() < len(line) else Passage(line, "paragraph")


def _has_paragraph_a_line(text: str) -> bool:
    """Whether lines are paragraphs: long ones end where sentences do, have several, and are most of the text."""
    lines = text.split("\n")
    long = [line for line in lines if len(line) > _LONG and "\t" not in line]  # a tab parts the cells of a row
    if len(long) < 2 or 2 * sum(map(len, long)) < len(text):
        return False
    adjacent = any(line.strip() and after.strip() for line, after in pairwise(lines))
    ending = sum(ends_sentence(line) for line in long)
    return adjacent and ending >= _MOST * len(long) and 2 * sum(map(bool, map(_WITHIN.search, long))) > len(long)


def decoded_text(content: bytes, limits: Limits, charset: str | None = None) -> str:
    """The text of bytes, each line ending in one line feed; a form feed ends a paragraph.

    Raises `EncodingError` for bytes that are no text, and `LimitExceeded`.
    """
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    if charset is not None and not content.startswith((*_UTF_16, codecs.BOM_UTF8)):
        encoding = codec_of(charset)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"not {encoding.removesuffix('-sig').upper()} at byte {error.start}.",
            line=content.count(b"\n", 0, error.start) + 1,
            advice="Save the text as UTF-8 first.",
        ) from None
    if len(text) > limits.intake_characters:
        raise too_many_characters(limits)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    if bad := _CONTROL.search(text):
        raise EncodingError(
            f"a control character, U+{ord(bad[0]):04X}.",
            line=text.count("\n", 0, bad.start()) + 1,
            advice="Remove it; only tab, line feed, form feed and carriage return stand in a text.",
        )
    return text
