"""Plain texts: their lines are their author's, paragraphs stand between blank lines."""

import codecs
import re

from ...errors import EncodingError
from ...limits import Limits
from .characters import tidied, too_many_characters
from .passages import Extraction, Passage

__all__ = ["decoded_text", "extract_plain"]

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_BLANKS = re.compile(r"[^\S\n\t]")


def extract_plain(content: bytes, limits: Limits) -> Extraction:
    """The paragraphs of a text in UTF-8, or in UTF-16 with a byte order mark. Raises `EncodingError`."""
    text = tidied(decoded_text(content, limits)).strip()
    text = _BLANKS.sub(" ", text)
    paragraphs = ("\n".join(map(str.rstrip, part.split("\n"))) for part in _PARAGRAPH_END.split(text))
    return Extraction(tuple(Passage(part, "paragraph") for part in paragraphs if part), "text 1")


def decoded_text(content: bytes, limits: Limits) -> str:
    """The text of bytes, each line ending in one line feed; a form feed ends a paragraph.

    Raises `EncodingError` for bytes that are no text, and `LimitExceeded`.
    """
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'} at byte {error.start}.",
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
