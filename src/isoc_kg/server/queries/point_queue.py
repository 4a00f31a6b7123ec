"""Queries for the values of an IRI that wait for the end of a turn of the event loop, and are answered together then.

The engine and the rest of the server each have code and data that the processor's caches hold once they are at work:
several queries in a row take less than as many with requests in between. Half of them go to a worker that has nothing
to do, in one message, so that a second processor takes part.
"""

import asyncio
import resource
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from time import perf_counter
from typing import Protocol

from ..http.problems import Problem
from ..log import log_event
from .frame import pack_frame, written_head
from .pool import Pool
from .processors import leaves_one_to_the_server
from .stored_points import SHARED, StoredPointAnswers, separate, together
from .worker_connection import Asker

__all__ = ["PointQueue", "Queued"]

_TURN_SECONDS = 0.002  #: after which other requests come in between
_SLOW_SECONDS = 0.1  #: for a query, which tells of a disk that would stop all others
_PAUSE = 10.0  #: seconds for which workers answer then
_MOST_SHARED = 8  #: queries that a worker is sent together
_SHARED_SECONDS = 0.01  #: that a worker may take for them, before it is seen that it has no processor to itself
_ALONE = 1.0  #: seconds for which none is asked then
_HEAD = written_head(SHARED)


class Queued(Protocol):
    """A query that waits for its answer."""

    text: str

    def answered(self, body: bytes | None) -> None:
        """Take the answer, or None where a worker is to be asked."""


class PointQueue:
    """The queries of a turn. After one that took long, workers are asked in place of the store, for a while."""

    def __init__(self, points: StoredPointAnswers, pool: Pool) -> None:
        self._points, self._pool = points, pool
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Queued] = deque()
        self._slow_until = 0.0
        self._sharing = not leaves_one_to_the_server()  # a worker is at it, or there is no use in one
        self._alone_until = 0.0

    def takes(self, text: str) -> bool:
        """Whether a query can be put here now."""
        return self._points.takes(text) and perf_counter() >= self._slow_until

    def put(self, query: Queued) -> None:
        """Have a query answered soon, by its `answered`."""
        if not self._waiting:
            self._loop.call_soon(self._answer)
        self._waiting.append(query)

    def _answer(self) -> None:
        """Answer what waits, for as long as a turn may take."""
        waiting, answer = self._waiting, self._points.answer
        start = before = perf_counter()
        if len(waiting) > 1 and not self._sharing and start >= self._alone_until and self._pool.idle:
            self._share([waiting.popleft() for _ in range(min(_MOST_SHARED, len(waiting) // 2))], start)
        found: list[tuple[Queued, bytes | None]] = []
        rests = _rests()
        while waiting and before - start < _TURN_SECONDS:
            query = waiting.popleft()
            body = None
            if before >= self._slow_until:
                with suppress(Exception):  # a worker says what is wrong
                    body = answer(query.text)
            found.append((query, body))
            now = perf_counter()
            if now - before > _SLOW_SECONDS and _rests() > rests:
                self._slow_until = now + _PAUSE
                log_event({"event": "slow store", "seconds": round(now - before, 3)})
            before = now
        if waiting:
            self._loop.call_soon(self._answer)
        _give(found)

    def _share(self, queries: list[Queued], start: float) -> None:
        """Have a worker answer queries, from now on."""
        text = together([query.text for query in queries])
        try:
            asker = self._pool.ask(pack_frame(_HEAD, text.encode()), text, "")
        except Problem:  # it is about to stop
            self._waiting.extendleft(reversed(queries))
            return
        self._sharing = True

        def take(_: object) -> None:
            self._sharing = False
            now = perf_counter()
            if now - start > _SHARED_SECONDS:
                self._alone_until = now + _ALONE
            _give(zip(queries, self._outcome(asker, len(queries)), strict=True))

        asker.future.add_done_callback(take)

    def _outcome(self, asker: Asker, number: int) -> list[bytes | None]:
        """What a worker answered to so many queries."""
        self._pool.leave(asker)
        if asker.future.cancelled() or asker.future.exception() is not None:
            return [None] * number
        _, body = asker.future.result()
        return separate(body, number) if isinstance(body, bytes) else [None] * number


def _rests() -> int:
    """How often this thread has waited for something else than a processor."""
    return resource.getrusage(getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)).ru_nvcsw


def _give(answers: Iterable[tuple[Queued, bytes | None]]) -> None:
    """Have queries take their answers; a mistake of ours costs one of them."""
    for query, body in answers:
        try:
            query.answered(body)
        except Exception as error:  # noqa: BLE001
            log_event({"event": "error", "error": f"{type(error).__name__}: {error}"})
