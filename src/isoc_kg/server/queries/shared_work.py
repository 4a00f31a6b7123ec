"""Work that is done once for all who want the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from ..http.problems import Problem
from .runner import Disconnection

__all__ = ["SharedWork"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class _Work(Generic[_Value]):
    """What is being done, and who waits for it."""

    __slots__ = ("abandoned", "clients", "future")

    def __init__(self) -> None:
        self.clients: list[Disconnection | None] = []
        self.future: asyncio.Future[_Value] | None = None
        self.abandoned = False

    async def all_gone(self) -> None:
        """Return when all who wait have disconnected."""
        at = 0
        while at < len(self.clients):  # others may come meanwhile
            disconnection = self.clients[at]
            if disconnection is None:
                await asyncio.get_running_loop().create_future()  # for ever
            else:
                await disconnection()
            at += 1
        self.abandoned = True


class SharedWork(Generic[_Key, _Value]):
    """Pieces of work by what they make."""

    def __init__(self) -> None:
        self._running: dict[_Key, _Work[_Value]] = {}

    async def do(
        self, key: _Key, work: Callable[[Disconnection], Awaitable[_Value]], disconnection: Disconnection | None = None
    ) -> tuple[_Value, bool]:
        """What the work makes, and whether somebody else had it done; raises what it raises.

        The work is given what returns when nobody waits for it any more.
        """
        while (running := self._running.get(key)) is not None and not running.abandoned:
            running.clients.append(disconnection)
            if running.future is None:
                running.future = asyncio.get_running_loop().create_future()
            try:
                return await asyncio.shield(running.future), True
            except Problem as problem:
                if problem.status != 429:
                    raise
                # the other has had its share, which is nothing to this one
            except asyncio.CancelledError:
                if not running.future.cancelled():
                    raise
        own = self._running[key] = _Work()
        own.clients.append(disconnection)
        try:
            value = await work(own.all_gone)
        except BaseException as error:
            self._end(key, own)
            if own.future is not None and not own.future.done():
                if isinstance(error, Exception):
                    own.future.set_exception(error)
                    own.future.exception()  # those who wait may be gone
                else:
                    own.future.cancel()
            raise
        self._end(key, own)
        if own.future is not None and not own.future.done():
            own.future.set_result(value)
        return value, False

    def _end(self, key: _Key, work: _Work[_Value]) -> None:
        if self._running.get(key) is work:
            del self._running[key]
