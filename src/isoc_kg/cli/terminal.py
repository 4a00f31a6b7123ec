"""What the command line writes, on its way to a terminal: nothing in it is obeyed there."""

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO, cast

from ..errors import visible

__all__ = ["control", "visible_output"]


class _VisibleBytes(io.RawIOBase):
    """Data for a terminal, in UTF-8."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(cast(bytes, data))
        self._target.write(visible(self._decoder.decode(block).replace("\r\n", "\n")).encode())
        return len(block)

    def flush(self) -> None:
        self._target.flush()


class _VisibleText(io.TextIOWrapper):
    """Texts for people, wherever they go; data written to its `buffer` are changed on a terminal alone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        target = stream.buffer
        buffer = cast(BinaryIO, _VisibleBytes(target)) if stream.isatty() else target
        encoding = stream.encoding or "utf-8"
        super().__init__(buffer, encoding=encoding, errors="backslashreplace", newline="", write_through=True)

    def write(self, text: str) -> int:
        return super().write(visible(text))

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        self._stream.close()


@contextmanager
def visible_output() -> Iterator[None]:
    """Within the block, control characters in what is written to stdout and stderr become visible escapes."""
    before = sys.stdout, sys.stderr
    for stream in before:
        stream.flush()
    sys.stdout, sys.stderr = made = _VisibleText(before[0]), _VisibleText(before[1])
    try:
        yield
    finally:
        for stream in made:
            try:
                stream.flush()
                stream.detach()
            except (OSError, ValueError):
                pass  # the reader went away
        sys.stdout, sys.stderr = before


def control(sequence: str) -> None:
    """Write control characters of our own to the terminal on stderr, such as those that move the cursor."""
    sys.stderr.flush()
    sys.stderr.buffer.write(sequence.encode())
    sys.stderr.buffer.flush()
