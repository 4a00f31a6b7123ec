"""Half of some work in a forked process, where there is a second processor and no other thread that may hold a lock."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Generic, TypeVar

from .guard import end_with

__all__ = ["Forked", "forked", "may_fork"]

_Result = TypeVar("_Result")
_TASKS = Path("/proc/self/task")


def may_fork() -> bool:
    """Whether this process may work in two: on Linux, with two processors, while it has one thread."""
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and _TASKS.is_dir()
        and sum(1 for _ in _TASKS.iterdir()) == 1
    )


class Forked(Generic[_Result]):
    """Work that a child does; it sees all that there is in this process when it begins."""

    _file: IO[bytes]

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._child = 0
        try:
            self._file = os.fdopen(os.memfd_create("half"), "w+b")
        except OSError:  # no memory, or no such files: it is done here
            self._file = BytesIO()
            return
        parent = os.getpid()
        gc.freeze()  # a collection in the child would copy what it looks at
        with suppress(OSError):  # no further process
            self._child = os.fork()
            if not self._child:
                self._work(work, parent)
        gc.unfreeze()

    def _work(self, work: Callable[[], _Result], parent: int) -> None:
        code = 1
        try:
            end_with(parent)
            gc.disable()
            import pickle

            pickle.dump(work(), self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._file.flush()
            code = 0
        finally:
            os._exit(code)  # nothing of the parent's is to be cleared here

    def result(self) -> _Result | None:
        """What the work gave, once; None where it failed, so that it is to be done here, where it says why."""
        if not self._child:
            return None
        try:
            _, status = os.waitpid(self._child, 0)
        except ChildProcessError:  # something else in this process was told of it, or SIGCHLD is ignored
            status = 0
        self._child = 0
        if status:
            return None
        self._file.seek(0)
        import pickle

        try:
            found: _Result = pickle.load(self._file)  # noqa: S301 – of this program itself
        except (EOFError, pickle.UnpicklingError):  # it was not done
            return None
        return found

    def end(self) -> None:
        """End the child if it still runs."""
        if self._child:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._child, signal.SIGKILL)
                os.waitpid(self._child, 0)
        self._file.close()


@contextmanager
def forked(work: Callable[[], _Result]) -> Iterator[Forked[_Result]]:
    """A child that does some work while the block lasts, and ends with it."""
    child = Forked(work)
    try:
        yield child
    finally:
        child.end()
