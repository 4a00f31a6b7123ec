"""An end to the time of what runs in this thread, whatever it is at: an exception that another thread raises in it."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["interrupted_after"]

_AGAIN = 1.0  #: seconds after which it is raised once more, where it was caught


@contextmanager
def interrupted_after(seconds: float, error: type[BaseException]) -> Iterator[None]:
    """Raise an error, made without arguments, in the block after so many seconds; and again, until it ends.

    What one call of the interpreter's own functions does is not interrupted.
    """
    thread, lock, over = ctypes.c_ulong(threading.get_ident()), threading.Lock(), threading.Event()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            with lock:
                if not over.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(error))
            wait = _AGAIN

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
