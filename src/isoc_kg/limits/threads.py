"""Work in threads of their own: `concurrent.futures` takes longer to load than most of it lasts."""

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["Beginning", "Begun", "beside"]

_Result = TypeVar("_Result")


class Begun(Generic[_Result]):
    """Work that a thread does."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._work = work
        self._error: BaseException | None = None
        self._found: list[_Result] = []
        self.thread = threading.Thread(target=self._run)
        try:
            self.thread.start()
        except RuntimeError as error:  # which is all that Python says of it
            raise OSError(errno.EAGAIN, "the system allows no further thread (ulimit -u, ulimit -v)") from error

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as error:  # noqa: BLE001 – for who asks for the result
            self._error = error

    def is_running(self) -> bool:
        """Whether it still goes on."""
        return self.thread.is_alive()

    def result(self) -> _Result:
        """What the work gave, or its exception."""
        self.thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]


class Beginning(Protocol):
    """What begins work in a thread of its own."""

    def __call__(self, work: Callable[..., _Result], *values: Any, **named: Any) -> Begun[_Result]:
        """The work, which has begun."""


@contextmanager
def beside() -> Iterator[Beginning]:
    """Begin work beside that of the block, which ends when all of it has.

    >>> with beside() as begin:
    ...     begin(sum, [1, 2]).result()
    3
    """
    begun: list[Begun[Any]] = []

    def begin(work: Callable[..., _Result], *values: Any, **named: Any) -> Begun[_Result]:
        one = Begun(lambda: work(*values, **named))
        begun.append(one)
        return one

    try:
        yield begin
    finally:
        for one in begun:
            one.thread.join()
