"""How far long work has come, on a terminal alone."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import visible
from .terminal import control

__all__ = ["characters_read", "progress_bar", "waiting_for"]


@contextmanager
def progress_bar(what: str, *, rate: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A function that is told what is done and how much there is; None when nobody would see it.

    With `rate` it also shows how much was done a second.
    """
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()

    def show(done: int, of: int) -> None:
        speed = f", {done / max(time.monotonic() - started, 1e-3):,.0f} a second" if rate else ""
        control(f"\r{done:,} of {of:,} {what}{speed}\033[K")

    try:
        yield show
    finally:
        control("\r\033[K")


@contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Show on a terminal, after the first second and then every second, how long work of unknown length has taken."""
    if not sys.stderr.isatty():
        yield
        return
    ended, started = threading.Event(), time.monotonic()

    def show() -> None:
        while not ended.wait(1.0):
            control(f"\r{visible(what, line=True)}: {time.monotonic() - started:.0f} seconds\033[K")

    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        yield
    finally:
        ended.set()
        shower.join()
        if time.monotonic() - started > 1.0:
            control("\r\033[K")


def characters_read() -> Callable[[int], None] | None:
    """Tells on a terminal, after the first second and then four times a second, how far the reading has come."""
    if not sys.stderr.isatty():
        return None
    told = time.monotonic() + 0.75

    def progress(characters: int) -> None:
        nonlocal told
        if time.monotonic() - told > 0.25:
            told = time.monotonic()
            control(f"\r{characters:,} characters read\x1b[K\r")

    return progress
