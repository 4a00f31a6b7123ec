"""Which processors the worker processes have: all but one, where there are two, on which nothing waits for them."""

import contextlib
import os

__all__ = ["leave_one_to_the_server", "leaves_one_to_the_server"]


def leaves_one_to_the_server() -> bool:
    """Whether there is a processor that worker processes are kept off."""
    return hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1


def leave_one_to_the_server() -> None:
    """Keep this process, and those that it starts, off the first processor (Linux; nothing elsewhere)."""
    if not hasattr(os, "sched_setaffinity"):
        return
    with contextlib.suppress(OSError):
        processors = os.sched_getaffinity(0)
        if len(processors) > 1:
            os.sched_setaffinity(0, processors - {min(processors)})
