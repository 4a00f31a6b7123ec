"""An end to the time of what runs in this thread, whatever it is at: an exception that another thread raises in it."""

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["interrupted_after", "thread_clock"]

_AGAIN = 1.0  #: seconds after which it is raised once more, where it was caught
_SHORTEST = 0.02  #: seconds between two looks at the clock


def thread_clock() -> Callable[[], float]:
    """A clock of this thread's processor time, which another thread may read; of time itself where there is none."""
    try:
        clock = time.pthread_getcpuclockid(threading.get_ident())
    except (AttributeError, OSError):  # Windows, macOS
        return time.monotonic
    return lambda: time.clock_gettime(clock)


@contextmanager
def interrupted_after(
    seconds: float, error: type[BaseException], clock: Callable[[], float] = time.monotonic
) -> Iterator[None]:
    """Raise an error, made without arguments, in the block after so many seconds; and again, until it ends.

    `clock` counts the seconds. What one call of the interpreter's own functions does is not interrupted.
    """
    thread, lock, over = ctypes.c_ulong(threading.get_ident()), threading.Lock(), threading.Event()
    end = clock() + seconds

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            with lock:  # while it is held, the thread is in the block, so that its clock can be read
                if over.is_set():
                    return
                wait = end - clock()
                if wait <= 0:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(error))
                    wait = _AGAIN
                wait = max(wait, _SHORTEST)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        while True:
            try:
                with lock:
                    over.set()
                # What was raised just before comes now, if it has not come yet. To take it back would leave a flag of
                # the interpreter's set: all runs slower from then on, and what is traced does not go on at all.
                for _ in range(100):
                    pass
                break
            except error:
                continue
