"""Signals to a server that is not there yet: SIGTERM ends it in order, SIGHUP is remembered until it is."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["hung_up_at_start", "note_hang_ups", "starting"]

_SECONDS = 5  #: that clearing up may take
_hung_up = False


@contextmanager
def starting() -> Iterator[None]:
    """SIGTERM ends the block as an error would, and the process with 0; SIGHUP is for who asks `hung_up_at_start`.

    What is ignored, or has a handler, stays so, and so does all in other threads than the main one.
    """
    global _hung_up
    _hung_up = False
    owner = os.getpid()

    def hang_up(*_: Any) -> None:
        global _hung_up
        if not _hung_up and os.getpid() == owner:
            _hung_up = True
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"SIGHUP during the start: noted for after it\n")

    def stop(number: int, _: Any) -> None:
        if os.getpid() != owner:  # a child, which owns nothing that is to be cleared
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        # a second one, or one whose exception has met code that lets none through, ends it at once
        for each in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(each, lambda *_: os._exit(0))
        if signal.getsignal(signal.SIGHUP) is hang_up:
            # no handler: the interpreter puts the default in the place of each when it ends
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.alarm(_SECONDS)
        raise SystemExit(0)

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGHUP"):
        for number, handler in ((signal.SIGTERM, stop), (signal.SIGHUP, hang_up)):
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for taken, handler in before.items():
            if signal.getsignal(taken) in (stop, hang_up):  # else it is ending, or others have taken it over
                signal.signal(taken, handler)


def note_hang_ups() -> None:
    """From now on SIGHUP is for who asks `hung_up_at_start`."""

    def hang_up(*_: Any) -> None:
        global _hung_up
        _hung_up = True

    signal.signal(signal.SIGHUP, hang_up)


def hung_up_at_start() -> bool:
    """Whether SIGHUP came during the start; asked once."""
    global _hung_up
    found, _hung_up = _hung_up, False
    return found
