"""A reviewer at a terminal: keys are typed into a pseudo-terminal, and its screen is read."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MOVE = re.compile(r"\x1b\[(\d+);1H")
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_TOO_EARLY = "was pressed before this was shown"


class Terminal:
    """What a terminal of so many columns and lines shows of a program, as far as the program's own sequences go."""

    def __init__(self, process: int, handle: int) -> None:
        self.process, self._handle = process, handle
        self.sent = ""  #: everything that reached the terminal
        self._code: int | None = None
        self._key = ""  # the key that was pressed alone, until it was pressed again

    @property
    def lines(self) -> dict[int, str]:
        """Line → its text, since the screen was cleared last."""
        shown: dict[int, str] = {}
        parts = _MOVE.split(self.sent.rpartition("\x1b[2J")[2])
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            shown[int(number)] = _STYLE.sub("", text).split("\x1b[K")[0]
        return shown

    @property
    def screen(self) -> str:
        """The lines from top to bottom."""
        return "\n".join(text for _, text in sorted(self.lines.items()))

    def read(self, seconds: float) -> bool:
        """Take what comes within a time; whether anything did."""
        if not select.select([self._handle], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._handle, 65_536)
        except OSError:  # the program has ended
            return False
        self.sent += data.decode("utf-8", "replace")
        return bool(data)

    def shows(self, text: str) -> None:
        """Wait until the screen has a text.

        A key alone that fell between the writing of a screen and the program's look for early keys is pressed again.
        """
        end = time.monotonic() + 30
        while text not in self.screen:
            assert time.monotonic() < end, f"no “{text}” in\n{self.screen}"
            self.read(0.2)
            if self._key and f"{self._key} {_TOO_EARLY}" in self.screen:
                again, self._key = self._key, ""
                os.write(self._handle, again.encode())

    def type(self, keys: str) -> None:
        """Press keys."""
        self._key = keys if len(keys) == 1 else ""
        os.write(self._handle, keys.encode())

    def end(self) -> int:
        """Read to the end of the program; its exit code."""
        if self._code is None:
            while self.read(60):
                pass
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self._code


@contextmanager
def terminal(
    *arguments: str | Path, columns: int = 100, lines: int = 40, environment: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """`isoc-kg` at a terminal of its own; ended with the block."""
    process, handle = pty.fork()
    if process == 0:
        kept = {name: value for name, value in os.environ.items() if name not in ("EDITOR", "VISUAL")}
        kept |= {"TERM": "xterm", "PYTHONIOENCODING": "utf-8", **(environment or {})}
        os.execve(sys.executable, [sys.executable, "-m", "isoc_kg", *map(str, arguments)], kept)
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    seen = Terminal(process, handle)
    try:
        yield seen
    finally:
        if seen._code is None:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        os.close(handle)
