"""What the server writes to stderr: events, and a line for each request, as JSON. Nobody waits for its reader."""

import io
import json
import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Any

from ..errors import visible

__all__ = ["LogStream", "dropped_lines", "log_event", "log_request", "logging_to"]

_HELD_BYTES = 1_000_000  #: lines that wait for the reader
_LAST_SECONDS = 1.0  #: that the reader has for the lines that are left when the server ends


class LogStream(io.TextIOBase):
    """A text stream whose `write` never waits: lines that its reader does not take are dropped and counted.

    A thread writes to the file descriptor, which may be a pipe that nobody reads. The next line that there is room for
    comes after one that says how many were dropped.
    """

    def __init__(self, fd: int, held_bytes: int = _HELD_BYTES) -> None:
        self.dropped = 0  #: lines
        self._fd = fd
        self._held_bytes = held_bytes
        self._begun = ""  # a line that has not ended
        self._lines: deque[bytes] = deque()
        self._size = 0  # bytes of lines that are not written
        self._unreported = 0  # dropped lines that no line reports
        self._changed = Condition()
        self._ended = False
        self._thread = Thread(target=self._write_lines, name="log", daemon=True)
        self._thread.start()

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Take a text; it is written when its line ends."""
        with self._changed:
            lines, newline, self._begun = (self._begun + text).rpartition("\n")
            if newline:
                self._put(lines + newline)
            if len(self._begun) > self._held_bytes:
                self._begun = ""
                self._drop(1)
        return len(text)

    def end(self, seconds: float = _LAST_SECONDS) -> None:
        """Write what is left, unless that takes longer."""
        with self._changed:
            if self._begun:
                self._put(self._begun + "\n")
            elif self._unreported:
                self._put("")
            self._begun, self._ended = "", True
            self._changed.notify()
        self._thread.join(seconds)

    def _put(self, lines: str) -> None:
        data = lines.encode("utf-8", "backslashreplace")
        if self._size + len(data) > self._held_bytes:
            self._drop(data.count(b"\n"))
            return
        if self._unreported:
            event = {"time": round(time.time(), 3), "event": "lines of the log dropped", "lines": self._unreported}
            data = json.dumps(event).encode() + b"\n" + data
            self._unreported = 0
        self._lines.append(data)
        self._size += len(data)
        self._changed.notify()

    def _drop(self, lines: int) -> None:
        self.dropped += lines
        self._unreported += lines

    def _write_lines(self) -> None:
        """The thread: write lines as they come, until there will be no more."""
        while data := self._next_lines():
            written = 0
            try:
                while written < len(data):
                    written += os.write(self._fd, data[written:])
            except OSError:  # nobody will ever read it, or the disk is full
                with self._changed:
                    self._drop(data.count(b"\n", written))
            with self._changed:
                self._size -= len(data)

    def _next_lines(self) -> bytes:
        """All lines that wait, as soon as there is one; nothing when there will be none."""
        with self._changed:
            while not self._lines and not self._ended:
                self._changed.wait()
            data = b"".join(self._lines)
            self._lines.clear()
            return data


@contextmanager
def logging_to(fd: int) -> Iterator[LogStream]:
    """Have all that is written to `sys.stderr` go to a file descriptor, without waiting for its reader."""
    before, stream = sys.stderr, LogStream(fd)
    sys.stderr = stream
    try:
        yield stream
    finally:
        sys.stderr = before
        stream.end()


def dropped_lines() -> int:
    """Lines that the reader of the log did not take."""
    return sys.stderr.dropped if isinstance(sys.stderr, LogStream) else 0


def log_event(value: dict[str, Any]) -> None:
    """A line about what happened, with the time; nothing in it is obeyed by a terminal."""
    text = json.dumps({"time": round(time.time(), 3), **value}, ensure_ascii=False)
    sys.stderr.write(visible(text, line=True) + "\n")


def log_request(
    request_id: str, client: str, method: str, path: str, *, status: int, size: int, seconds: float
) -> None:
    """A line about a request."""
    log_event(
        {
            "request": request_id, "client": client, "method": method, "path": path[:500],
            "status": status, "bytes": size, "ms": round(seconds * 1000, 2),
        }
    )  # fmt: skip
