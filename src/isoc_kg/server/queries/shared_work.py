"""Work that is done once for all who want the same at the same time, each of whom keeps an own place in the queue."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Generic, TypeVar

from ..http.problems import Problem
from .admission import Disconnection, gone_problem

__all__ = ["SharedWork"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_PATIENCE = 0.1  #: seconds: who only closed its sending half gets what takes no time


class _Work(Generic[_Value]):
    """A piece of work, and how many wait for it."""

    __slots__ = ("askers", "left", "outcome", "runner", "turns")

    def __init__(self) -> None:
        self.askers = 0
        self.left = asyncio.Event()  # set when nobody waits
        self.outcome: asyncio.Future[_Value] = asyncio.get_running_loop().create_future()
        self.turns: set[asyncio.Task[None]] = set()  # in which askers wait for their turns
        self.runner: asyncio.Task[None] | None = None  # the one whose turn came first, which does it

    def value(self) -> _Value:
        """What it has come to; raises what it raised."""
        error = self.outcome.exception()
        if isinstance(error, Problem):
            raise error.again()
        return self.outcome.result()


class SharedWork(Generic[_Key, _Value]):
    """Pieces of work by what they make.

    Of work that is `kept`, what it makes is of use later, so it goes on when nobody waits for it any more.
    """

    def __init__(self, *, kept: bool = False) -> None:
        self._kept = kept
        self._running: dict[_Key, _Work[_Value]] = {}

    def __len__(self) -> int:
        """Pieces of work that somebody may join."""
        return len(self._running)

    async def do(
        self,
        key: _Key,
        work: Callable[[Disconnection], Awaitable[_Value]],
        *,
        turn: AbstractAsyncContextManager[None] | None = None,
        gone: Disconnection | None = None,
    ) -> tuple[_Value, bool]:
        """What the work makes, and whether somebody else had it done; raises what it raises.

        It begins as soon as the turn of any who ask has come; that another's wait fails is nothing to this one. The
        work is given what returns when nobody waits for it any more. Raises `Problem`: 503 when `gone` returns before.
        """
        common = self._running.get(key)
        shared = common is not None
        if common is None:
            common = self._running[key] = _Work()
        common.askers += 1
        loop = asyncio.get_running_loop()
        own = loop.create_task(self._take_turn(key, common, work, turn)) if common.runner is None else None
        watch = loop.create_task(_patient(gone)) if gone else None
        try:
            return await self._outcome(common, own, watch), shared
        finally:
            if watch:
                watch.cancel()
            if own and own is not common.runner:
                own.cancel()
            common.askers -= 1
            if not common.askers:
                common.left.set()
                if common.runner is None or not self._kept:
                    self._end(key, common)

    async def _outcome(
        self, common: _Work[_Value], own: asyncio.Task[None] | None, watch: asyncio.Task[None] | None
    ) -> _Value:
        """What the work comes to, unless the own turn fails, or the client leaves, before."""
        awaited: set[asyncio.Future[Any]] = {future for future in (common.outcome, own, watch) if future is not None}
        if own:
            common.turns.add(own)
        while True:
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if common.outcome.done():
                return common.value()
            if watch and watch.done():
                raise gone_problem()
            if own and own.done():
                common.turns.discard(own)
                awaited.discard(own)
                if not own.cancelled():
                    own.result()  # raises why there is no turn

    async def _take_turn(
        self,
        key: _Key,
        common: _Work[_Value],
        work: Callable[[Disconnection], Awaitable[_Value]],
        turn: AbstractAsyncContextManager[None] | None,
    ) -> None:
        """Do the work when the turn comes, unless another's came before."""
        async with turn or nullcontext():
            if common.runner is not None:
                return
            common.runner = asyncio.current_task()
            for other in common.turns - {common.runner}:
                other.cancel()
            try:
                value = await work(common.left.wait)  # type: ignore[arg-type]
            except Exception as error:  # noqa: BLE001 – it is raised where it is waited for
                if isinstance(error, Problem):
                    error.__traceback__ = None  # its frames hold what it is held by
                if not common.outcome.done():
                    common.outcome.set_exception(error)
                    common.outcome.exception()  # those who wait may be gone
            except BaseException:
                common.outcome.cancel()
                raise
            else:
                if not common.outcome.done():
                    common.outcome.set_result(value)
            finally:
                self._end(key, common)

    def _end(self, key: _Key, common: _Work[_Value]) -> None:
        if self._running.get(key) is common:
            del self._running[key]


async def _patient(gone: Disconnection) -> None:
    await asyncio.sleep(_PATIENCE)
    await gone()
