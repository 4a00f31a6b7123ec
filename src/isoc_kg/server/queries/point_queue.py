"""Queries for the values of an IRI that wait for the end of a turn of the event loop, and are answered together then.

The engine and the rest of the server each have code and data that the processor's caches hold once they are at work:
several queries in a row take a fifth less than as many with requests in between.
"""

import asyncio
from collections import deque
from contextlib import suppress
from time import perf_counter
from typing import Protocol

from ..log import log_event

__all__ = ["PointQueue", "StoredPoints", "Waiting"]

_TURN_SECONDS = 0.002  #: after which other requests come in between
_SLOW_SECONDS = 0.1  #: for a query, which tells of a disk that would stop all others
_PAUSE = 10.0  #: seconds for which workers answer then


class StoredPoints(Protocol):
    """What answers such queries out of a store."""

    def takes(self, text: str) -> bool:
        """Whether a query is one of those that `answer` is for."""

    def answer(self, text: str) -> bytes | None:
        """The result of a query as SPARQL 1.1 Query Results JSON; None for what is left to the workers."""


class Waiting(Protocol):
    """A query that waits for its answer."""

    text: str

    def answered(self, body: bytes | None) -> None:
        """Take the answer, or None where a worker is to be asked."""


class PointQueue:
    """The queries of a turn. After one that took long, workers are asked in place of the store, for a while."""

    def __init__(self, points: StoredPoints) -> None:
        self._points = points
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Waiting] = deque()
        self._slow_until = 0.0

    def takes(self, text: str) -> bool:
        """Whether a query can be put here now."""
        return self._points.takes(text) and perf_counter() >= self._slow_until

    def put(self, query: Waiting) -> None:
        """Have a query answered soon, by its `answered`."""
        if not self._waiting:
            self._loop.call_soon(self._answer)
        self._waiting.append(query)

    def _answer(self) -> None:
        """Answer what waits, for as long as a turn may take."""
        waiting, answer = self._waiting, self._points.answer
        found: list[tuple[Waiting, bytes | None]] = []
        start = before = perf_counter()
        while waiting and before - start < _TURN_SECONDS:
            query = waiting.popleft()
            body = None
            if before >= self._slow_until:
                with suppress(Exception):  # a worker says what is wrong
                    body = answer(query.text)
            found.append((query, body))
            now = perf_counter()
            if now - before > _SLOW_SECONDS:
                self._slow_until = now + _PAUSE
                log_event({"event": "slow store", "seconds": round(now - before, 3)})
            before = now
        if waiting:
            self._loop.call_soon(self._answer)
        for query, body in found:
            query.answered(body)
