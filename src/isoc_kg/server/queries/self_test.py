"""Whether queries are answered: known from the last ones, else tried with one of the server's own."""

import asyncio
import math
from collections.abc import Awaitable, Callable

from ..http.problems import Problem

__all__ = ["SelfTest"]

_FRESH = 10.0  #: seconds for which an answer says that queries are answered
_PAUSE = 1.0  #: seconds between two attempts, where the first failed
_ATTEMPTS = 2  #: a process may end by chance
_PATIENCE = 5.0  #: seconds that a test may take
_PATIENCE_AT_START = 60.0  #: a machine may be busy


class SelfTest:
    """What is known of a runner of queries; `ask` has it run the simplest query there is.

    The runner calls `answered` and `failed`. A client whose queries end their processes does not make it fail: others'
    are answered, and so is the test's.
    """

    def __init__(self, ask: Callable[[], Awaitable[object]]) -> None:
        self.reason = ""  #: why the last one did not pass
        self._ask = ask
        self._answer_time = self._failure_time = self._test_time = -math.inf
        self._test: asyncio.Task[bool] | None = None

    def answered(self) -> None:
        """A query was answered just now."""
        self._answer_time = asyncio.get_running_loop().time()

    def failed(self) -> None:
        """A query was not answered, for a reason that may be the runner's own."""
        self._failure_time = asyncio.get_running_loop().time()

    async def passes(self, seconds: float = _PATIENCE) -> bool:
        """Whether queries are answered; asked by many at once, one query at most is run for it."""
        now = asyncio.get_running_loop().time()
        if self._answer_time > self._failure_time and now - self._answer_time < _FRESH:
            return True
        if self._test is None:
            if self.reason and now - self._test_time < _PAUSE:
                return False
            self._test = asyncio.get_running_loop().create_task(self._run(now, seconds))
        return await asyncio.shield(self._test)

    async def passes_at_start(self) -> bool:
        """Whether the first query is answered, however slow the machine may be."""
        return await self.passes(_PATIENCE_AT_START)

    async def _run(self, start: float, seconds: float) -> bool:
        reason = f"none within {seconds:g} seconds."
        try:
            async with asyncio.timeout(seconds):
                for _ in range(_ATTEMPTS):
                    try:
                        await self._ask()
                    except Problem as problem:
                        reason = problem.detail
                    else:
                        self.answered()
                        break
        except TimeoutError:
            pass
        finally:
            self._test = None
            self._test_time = asyncio.get_running_loop().time()
        passed = self._answer_time >= start  # others' answers count
        self.reason = "" if passed else reason
        return passed
