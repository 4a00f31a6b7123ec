"""A request's content as it arrives, by its length or in chunks (RFC 9112, sections 6 and 7)."""

import re

from .head import HEAD_BYTES, MOST_FIELDS, parse_field
from .problems import Problem

__all__ = ["RequestContent"]

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")


class RequestContent:
    """What has come of a content that may have `most` bytes.

    `length` is None for chunks; their sizes, extensions and trailers are counted, too, and not kept.
    """

    def __init__(self, length: int | None, most: int) -> None:
        self.data = bytearray()
        self._most = most
        self._chunked = length is None
        self._left = length or 0  # bytes of the content, or of the chunk, that are still to come
        self._line = self._size if self._chunked else None
        self._framing = 0
        self._trailers = 0
        self._check(self._left)

    def feed(self, buffer: bytearray) -> bool:
        """Take what belongs to it from the start of the buffer; whether it is whole.

        Raises `Problem`: 400 for chunks that are none, 413 beyond the limit, 431 for what frames chunks.
        """
        while True:
            if self._left:
                part = buffer[: self._left]
                del buffer[: self._left]
                self.data += part
                self._left -= len(part)
                if self._left:
                    return False
            if self._line is None:
                return True
            end = buffer.find(b"\r\n")
            if self._framing + (len(buffer) if end < 0 else end) > HEAD_BYTES:
                raise Problem(431, f"sizes of chunks, their extensions and trailers of over {HEAD_BYTES:,} bytes.")
            if end < 0:
                return False
            self._framing += end + 2
            line = bytes(buffer[:end])
            del buffer[: end + 2]
            self._line(line)

    def _check(self, more: int) -> None:
        if len(self.data) + more > self._most:
            raise Problem(413, f"a body of over {self._most:,} bytes.")

    def _size(self, line: bytes) -> None:
        """The size of the next chunk."""
        match = _SIZE.fullmatch(line)
        if not match:
            raise Problem(400, "the size of a chunk is no hexadecimal number.")
        self._left = int(match[1], 16)
        self._check(self._left)
        self._line = self._end if self._left else self._trailer

    def _end(self, line: bytes) -> None:
        """What follows a chunk."""
        if line:
            raise Problem(400, "a chunk is longer than its size.")
        self._line = self._size

    def _trailer(self, line: bytes) -> None:
        """A trailer field, which nobody here asks for, or the end."""
        if not line:
            self._line = None
            return
        self._trailers += 1
        if self._trailers > MOST_FIELDS:
            raise Problem(431, f"more than {MOST_FIELDS} trailer fields.")
        parse_field(line)
