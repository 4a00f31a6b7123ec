"""A terminal that shows one screen and sends each key, and is as it was afterwards."""

import os
import signal
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["Display"]

#: Another screen, pasted texts marked, no cursor (xterm's control sequences).
_ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?2004l\x1b[?1049l"


class Display:
    """The terminal behind two open files: of its keyboard, and of its screen."""

    def __init__(self, keyboard: int, screen: int, encoding: str) -> None:
        self.keyboard, self._screen, self._encoding = keyboard, screen, encoding
        self._settings = termios.tcgetattr(keyboard)
        self._painted: list[str] = []

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        size = os.get_terminal_size(self._screen)
        return size.columns, size.lines

    def can_show(self, text: str) -> bool:
        """Whether its encoding has these characters."""
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True

    def paint(self, lines: Sequence[str]) -> None:
        """Write the lines that are not on the screen already."""
        before = self._painted if len(self._painted) == len(lines) else []
        out = "" if before else "\x1b[2J"
        for number, line in enumerate(lines):
            if not before or before[number] != line:
                out += f"\x1b[{number + 1};1H{line}\x1b[K"
        self._write(out)
        self._painted = list(lines)

    @contextmanager
    def taken(self, wake: int, stop: Callable[[], None]) -> Iterator[None]:
        """The terminal is ours within the block, and as it was behind it; `stop` is called when the process is to end.

        Signals, such as that its size has changed, are written to the file `wake`.
        """
        handlers = {number: signal.getsignal(number) for number in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTERM)}
        signal.signal(signal.SIGWINCH, lambda *_: self._painted.clear())
        signal.signal(signal.SIGCONT, self._take)
        signal.signal(signal.SIGTERM, lambda *_: stop())
        before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._take()
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self._give_back()

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """The terminal is another program's within the block."""
        self._give_back()
        try:
            yield
        finally:
            self._take()

    def _take(self, *_: Any) -> None:
        tty.setcbreak(self.keyboard)
        mode = termios.tcgetattr(self.keyboard)
        mode[3] &= ~termios.ISIG  # Control-C is a key, so that nothing stops while a decision is written
        termios.tcsetattr(self.keyboard, termios.TCSANOW, mode)
        self._write(_ENTER)
        self._painted = []

    def _give_back(self) -> None:
        self._write(_LEAVE)
        termios.tcsetattr(self.keyboard, termios.TCSANOW, self._settings)

    def _write(self, text: str) -> None:
        data = text.encode(self._encoding, "replace")
        while data:
            data = data[os.write(self._screen, data) :]
