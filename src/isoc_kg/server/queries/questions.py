"""What a piece of work in another thread asks the server's own queries: its questions end when nobody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextvars import ContextVar
from typing import Any, TypeVar

from ..http.problems import Problem
from .admission import Disconnection, gone_problem

__all__ = ["Questions", "in_thread"]

_Answer = TypeVar("_Answer")
_PATIENCE = 0.1  #: seconds: who only closed its sending half gets what takes no time


class Questions:
    """Coroutines of an event loop, run for a thread that waits for them, until `end`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._asked: set[Future[Any]] = set()
        self._reason: Problem | None = None

    @classmethod
    def of_this_work(cls, loop: asyncio.AbstractEventLoop) -> "Questions":
        """Those of the work that `in_thread` runs here, or some that nobody ends."""
        return _OF_THIS_WORK.get(None) or cls(loop)

    def answer(self, question: Coroutine[Any, Any, _Answer], seconds: float | None = None) -> _Answer:
        """What it returns, or raises. Raises `TimeoutError` when that takes too long, `Problem` after the end."""
        if self._reason:
            question.close()
            raise self._reason
        asked = asyncio.run_coroutine_threadsafe(question, self._loop)
        self._asked.add(asked)
        try:
            if self._reason:  # it ended just now
                asked.cancel()
            return asked.result(seconds)
        except CancelledError:
            raise self._reason or gone_problem() from None
        finally:
            asked.cancel()
            self._asked.discard(asked)

    def end(self, reason: Problem) -> None:
        """Have whoever waits for an answer, or asks from now on, get this."""
        self._reason = self._reason or reason
        for asked in list(self._asked):
            asked.cancel()


_OF_THIS_WORK: ContextVar[Questions] = ContextVar("questions")


async def in_thread(function: Callable[..., _Answer], *arguments: Any, gone: Disconnection, seconds: float) -> _Answer:
    """What a function returns, in a thread. What it asks ends when `gone` returns, or after so many seconds.

    A function that asks nothing any more is not disturbed. Raises what it raises; `Problem`: 504 when its time is over.
    """
    questions = Questions(asyncio.get_running_loop())

    async def watch() -> None:
        try:
            async with asyncio.timeout(seconds):
                await asyncio.sleep(_PATIENCE)
                await gone()
        except TimeoutError:
            questions.end(Problem(504, f"it took more than {seconds:g} seconds to make (making_seconds)."))
        else:
            questions.end(gone_problem())

    watching = asyncio.ensure_future(watch())
    token = _OF_THIS_WORK.set(questions)
    try:
        return await asyncio.to_thread(function, *arguments)
    finally:
        _OF_THIS_WORK.reset(token)
        watching.cancel()
        questions.end(gone_problem())
