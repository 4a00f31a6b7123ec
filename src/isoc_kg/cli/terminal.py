"""What the command line writes, on its way to a terminal: nothing in it is obeyed there."""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, TextIO, cast

from ..errors import visible

__all__ = ["control", "lose_output", "visible_output"]


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


class _Unread(io.BufferedIOBase):
    """A stream on which nothing fails: what cannot be written is lost, and the work goes on."""

    def __init__(self, target: BinaryIO, failures: type[OSError]) -> None:
        self._target, self._failures = target, failures

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = memoryview(cast(bytes, data)).nbytes
        try:
            self._target.write(cast(bytes, data))
        except self._failures as error:
            self._lose(error)
        return block

    def flush(self) -> None:
        try:
            self._target.flush()
        except self._failures as error:
            self._lose(error)

    def fileno(self) -> int:
        return self._target.fileno()

    def _lose(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):  # for good; a disk may have room again
            lose_output(self._target.fileno())


def lose_output(descriptor: int) -> None:
    """Have all that is written to an open file lost, also what waits in buffers, which fails no more."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


class _VisibleText(io.TextIOWrapper):
    """Texts for people, wherever they go; data written to its `buffer` are changed on a terminal alone.

    What fails as one of the `failures`, if any is given, is lost.
    """

    def __init__(self, stream: TextIO, failures: type[OSError] | None) -> None:
        self._stream = stream
        target = stream.buffer if failures is None else cast(BinaryIO, _Unread(stream.buffer, failures))
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
def visible_output(*, to_the_end: bool = True) -> Iterator[None]:
    """Within the block, control characters in what is written to stdout and stderr become visible escapes.

    Messages that cannot be written to stderr are lost: they neither stop the work nor change the exit code. With
    `to_the_end`, the same holds for stdout when its reader is gone; else that is a `BrokenPipeError`.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        with suppress(OSError):
            stream.flush()
    sys.stdout, sys.stderr = made = (
        _VisibleText(before[0], BrokenPipeError if to_the_end else None),
        _VisibleText(before[1], OSError),
    )
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
