"""What is computed in this process for an answer: each has an end to its time, and only what is sent is computed."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, overload

from ..errors import LimitExceeded
from ..limits.interruption import interrupted_after

__all__ = ["Computed", "stopped_after", "until_deadline"]

_Item = TypeVar("_Item")
_LOOKS_EVERY = 256  #: items


class _OutOfTime(LimitExceeded):
    """What an assistant is told of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"this took more than {seconds:g} seconds (query_seconds) and was stopped.",
            advice="Ask for less, or with the tool sparql.",
        )


def until_deadline(items: Iterable[_Item], seconds: float, *, every: int = _LOOKS_EVERY) -> Iterator[_Item]:
    """The items, for as long as the time is not over. Raises `LimitExceeded` when it is."""
    end = time.monotonic() + seconds
    for number, item in enumerate(items, 1):
        yield item
        if number % every == 0 and time.monotonic() > end:
            raise _OutOfTime(seconds)


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """End a block that goes through data. Raises `LimitExceeded`, as `until_deadline` does."""

    class OutOfThisTime(_OutOfTime):
        def __init__(self) -> None:
            super().__init__(seconds)

    with interrupted_after(seconds, OutOfThisTime):
        yield


class Computed(Sequence[Any], Generic[_Item]):
    """A list of which each row is computed when it is taken."""

    def __init__(self, items: Sequence[_Item], row: Callable[[_Item], Any], seconds: float) -> None:
        self._items, self._row, self._seconds = items, row, seconds

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, part: int) -> Any: ...

    @overload
    def __getitem__(self, part: slice) -> list[Any]: ...

    def __getitem__(self, part: int | slice) -> Any:
        if isinstance(part, slice):
            return [self._row(item) for item in until_deadline(self._items[part], self._seconds, every=1)]
        return self._row(self._items[part])
