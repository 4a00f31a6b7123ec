"""A document's text: UTF-8 without byte order mark, lines ending in LF; its digest, and that of its words alone."""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ..errors import EncodingError, ParseError
from ..lazy_patterns import lazy_pattern
from ..limits.regular_files import open_regular

__all__ = [
    "BLOCK",
    "UNSPACED",
    "WordsDigest",
    "file_digest",
    "letters",
    "read_text",
    "restores",
    "text_blocks",
    "text_digest",
    "white_space",
    "words_digest",
]

BLOCK = 1 << 16  #: bytes read at a time
_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
#: Characters of scripts that set no blanks between words, where a line may end anywhere; for a class in a pattern.
UNSPACED = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60"
_BLANK_WITHIN = lazy_pattern(f"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")
#: Digits, numerals and letters between which a blank divides: 四 五 is two numbers, 四五 one. A line may end there.
_DIVIDED = "〇一二三四五六七八九十百千万億兆\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_DIVISION = lazy_pattern(f"(?<=[{_DIVIDED}])[^\\S\\n]+(?=[{_DIVIDED}])")
_DIVIDER = "\0"  # stands for such a blank while white space is collapsed; no text has it
_WHITE = re.compile(r"\s+")
_UNSPACED_CHARACTER = lazy_pattern(f"[{UNSPACED}]")
#: Characters that no normalisation joins with the one before.
_APART = lazy_pattern(r"[!-~\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")


def read_text(path: Path) -> str:
    """The whole text of a document; `EncodingError` when it is not a clean UTF-8 text."""
    return "".join(text_blocks(path))


def text_blocks(path: Path, *digests: Any) -> Iterator[str]:
    """The text block by block, checked; a byte order mark is no part of it, and each line ends in LF.

    `digests`, `hashlib` objects, are updated with its UTF-8. Raises `EncodingError` for what is no clean UTF-8 text.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    at, line, ending = 0, 1, ""
    with _open_text(path) as file:
        while True:
            block = file.read(BLOCK)
            try:
                pending = len(decoder.getstate()[0])
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = block[: max(0, error.start - pending)]
                raise EncodingError(
                    f"not UTF-8 at byte {at - pending + error.start}.",
                    file=path,
                    line=line + good.count(b"\n"),
                    advice="Save the text as UTF-8 first.",
                ) from None
            if bad := _CONTROL.search(text):
                raise EncodingError(
                    f"a control character, U+{ord(bad[0]):04X}.",
                    file=path,
                    line=line + text.count("\n", 0, bad.start()),
                    advice="Remove it; only tab, line feed and carriage return stand in a text.",
                )
            at += len(block)
            line += text.count("\n")
            text = ending + text
            ending = "\r" if block and text.endswith("\r") else ""  # the line feed may be in the next block
            if "\r" in text:
                text = text.removesuffix(ending).replace("\r\n", "\n").replace("\r", "\n")
            for digest in digests:
                digest.update(text.encode())
            if text:
                yield text
            if not block:
                return


def _open_text(path: Path) -> IO[bytes]:
    """The file of a text, open for reading; `ParseError` when it cannot be opened."""
    if path.is_dir():
        raise ParseError("is a folder, not a text.", file=path, advice="Name one UTF-8 text file.")
    try:
        return open_regular(path)
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=path) from None


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of the text in a file; raises as `text_blocks`."""
    digest = hashlib.sha256()
    for _ in text_blocks(path, digest):
        pass
    return digest.hexdigest()


class WordsDigest:
    """SHA-256 of the words of a text alone, in NFC and one blank apart, whatever pieces the text comes in.

    White space between two characters of scripts that set no blanks counts as none, blanks between two numerals aside.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._word = ""  # the last one, which the next piece may continue
        self._last = ""  # the last character that was digested
        self._white = ""  # the white space behind it, a line end or a blank

    def update(self, text: str) -> None:
        """Take the next piece of the text."""
        text = self._word + text
        words = text.rsplit(None, 1) if text and not text[-1].isspace() else []
        self._word = words[-1] if words else ""
        whole = text[: len(text) - len(self._word)]
        if len(self._word) > BLOCK:
            for at in range(len(self._word) - 1, 0, -1):
                if _APART.match(self._word[at]):
                    whole, self._word = whole + self._word[:at], self._word[at:]
                    break
        self._take(whole)

    def hexdigest(self) -> str:
        """The digest; nothing may follow."""
        self._take(self._word)
        self._word = ""
        return self._digest.hexdigest()

    def _take(self, text: str) -> None:
        if not text.strip():
            self._white = _white(self._white + text)
            return
        end = len(text.rstrip())
        if self._last and (self._white or text[0].isspace()):
            words = _collapsed(self._last + self._white + text[:end])[1:]
        else:
            words = _collapsed(text[:end])
        self._digest.update(words.encode())
        self._last, self._white = words[-1], _white(text[end:])


def _white(text: str) -> str:
    """White space as a line end or a blank; an empty text as it is."""
    return "\n" if "\n" in text else " " if text else ""


def _collapsed(text: str) -> str:
    """Words in NFC and one blank apart."""
    words = unicodedata.normalize("NFC", " ".join(_DIVISION.sub(_DIVIDER, text).split()))
    return _BLANK_WITHIN.sub("", words).replace(_DIVIDER, " ")


def words_digest(text: str) -> str:
    """The digest of a text's words."""
    digest = WordsDigest()
    digest.update(text)
    return digest.hexdigest()


def letters(text: str) -> int:
    """How many characters a text has, white space aside: the same for all normal forms of a text."""
    bare = "".join(text.split())
    return len(bare) if bare.isascii() else len(unicodedata.normalize("NFD", bare))


def white_space(text: str) -> tuple[tuple[int, str], ...]:
    """The white space in a text that its words do not tell: how many characters stand before it, and what it is.

    One blank is taken for granted, except between characters of scripts that set none.
    """
    result = []
    count, end = 0, 0
    for match in _WHITE.finditer(text):
        count, end = count + letters(text[end : match.start()]), match.end()
        within = match.start() > 0 and end < len(text) and _unspaced(text[match.start() - 1], text[end])
        if match[0] != " " or within:
            result.append((count, match[0]))
    return tuple(result)


def restores(text: str, white: tuple[tuple[int, str], ...], sha256: str) -> bool:
    """Whether a text, with white space as `white_space` gave it, is the one with this digest; in any normal form."""
    places = dict(white)
    parts: list[str] = []
    count, last, blank = 0, "", False
    for character in text:
        if character.isspace():
            blank = bool(last)
            continue
        if last:
            granted = "" if not blank or _unspaced(last, character) else " "
            parts.append(places.get(count, granted))
        parts.append(character)
        count += 1 if character.isascii() else letters(character)
        last, blank = character, False
    restored = "".join(parts)
    forms = (restored, unicodedata.normalize("NFC", restored), unicodedata.normalize("NFD", restored))
    return any(text_digest(form) == sha256 for form in forms)


def _unspaced(before: str, after: str) -> bool:
    return bool(_UNSPACED_CHARACTER.match(before) and _UNSPACED_CHARACTER.match(after))
