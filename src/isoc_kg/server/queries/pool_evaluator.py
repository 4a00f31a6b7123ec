"""The server's queries as an evaluator, for the pages that are made of their answers."""

import asyncio
from collections.abc import Sequence

import pyoxigraph as ox

from ...errors import LimitExceeded
from ...query.evaluator import Row
from ...query.results import read_results
from ..http.problems import Problem
from .questions import Questions
from .runner import QueryRunner

__all__ = ["PoolEvaluator"]

_SECONDS = 20.0  #: that a page waits for one of its queries
_MOST_BYTES = 25_000_000  #: of one answer


class PoolEvaluator:
    """Whatever runs queries for the server, asked from other threads than the one of its event loop.

    Raises `LimitExceeded` for what is longer than a page can hold, `Problem`: 503 when the workers are busy or gone,
    or the client of the page is.
    """

    def __init__(self, pool: QueryRunner, loop: asyncio.AbstractEventLoop) -> None:
        self.pool = pool
        self.loop = loop

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""
        results = self._results(text)
        assert not isinstance(results, bool)
        return results

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        return self._results(text) is True

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines, none twice."""
        return self._body(text, "application/n-triples").splitlines(keepends=True)

    def _results(self, text: str) -> bool | tuple[list[str], Sequence[Row]]:
        return read_results(self._body(text, "application/sparql-results+json"), ox.QueryResultsFormat.JSON)

    def _body(self, text: str, accept: str) -> bytes:
        request = {"query": text, "accept": accept, "most_bytes": _MOST_BYTES}
        try:
            head, body = Questions.of_this_work(self.loop).answer(self.pool.run(request, ""), _SECONDS)
        except TimeoutError:
            raise Problem(503, "the store is busy.", headers={"Retry-After": "5"}) from None
        if head["status"] == 413 or head.get("cut") or len(body) > _MOST_BYTES:
            raise LimitExceeded("more is said about it than a page can hold.", advice="Ask for a part of it by SPARQL.")
        if head["status"] != 200:
            raise Problem(503, f"the store cannot say it: {head.get('detail', head['status'])}")
        return bytes(body)
