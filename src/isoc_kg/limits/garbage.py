"""When nothing is looked through for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collection", "rare_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Nothing made in the block is garbage before its end; looking for some can take a third of the time.

    What no cycle holds is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def rare_collection() -> Iterator[None]:
    """What is there stays, and is not looked through in the block; what is made in it is, now and then."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
