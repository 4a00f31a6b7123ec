"""How far long work has come, on a terminal alone."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function that is told what is done and how much there is; None when nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(done: int, of: int) -> None:
        print(f"\r{done:,} of {of:,} {what}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
