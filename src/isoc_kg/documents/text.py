"""A document's text: UTF-8, read block by block and checked."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import EncodingError, ParseError

__all__ = ["BLOCK", "open_text", "read_text", "text_blocks"]

BLOCK = 1 << 16  #: bytes read at a time
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")


def read_text(path: Path) -> str:
    """The whole text of a document; `EncodingError` when it is not a clean UTF-8 text."""
    return "".join(text_blocks(path))


def text_blocks(path: Path, digest: Any = None) -> Iterator[str]:
    """The text block by block, checked; a byte order mark at the start is no part of it.

    `digest`, a `hashlib` object, is fed the file's bytes. Raises `EncodingError` when they are no clean UTF-8 text.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    at, line = 0, 1
    with open_text(path) as file:
        while True:
            block = file.read(BLOCK)
            if digest is not None:
                digest.update(block)
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
            if text:
                yield text
            if not block:
                return


def open_text(path: Path) -> BinaryIO:
    """The file of a text, open for reading; `ParseError` when it cannot be opened."""
    if path.is_dir():
        raise ParseError("is a folder, not a text.", file=path, advice="Name one UTF-8 text file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=path) from None
