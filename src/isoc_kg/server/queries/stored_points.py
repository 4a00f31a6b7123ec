"""Queries for the values of an IRI's properties, answered by the engine in the serving process, out of a store on disk.

What it is given has neither `SERVICE` nor joins, and ends after a few kilobytes: so it needs no process of its own, for
which it would wait twice.
"""

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

from ...query.basic_patterns import point_of
from ...query.evaluator import StoreEvaluator
from .result_formats import fitted, says_nothing

__all__ = ["SHARED", "StoredPointAnswers", "separate", "together"]

#: The head of a request to a worker for the answers to several queries.
SHARED = {"points": True}

_MOST_BYTES = 16_000  #: of an answer; about 200 rows, which take two milliseconds
_MOST_VARIABLES = 10
_MOST_TOGETHER_BYTES = 60_000  #: of answers that a worker gives together
_BETWEEN = "\0"  #: texts, and answers, in which it is always escaped
_LONGEST = 1000  #: characters of a query
_JSON = "application/json"


class _Full(Exception):
    """An answer is longer than those that are made here."""


class _Answer(io.BytesIO):
    """Takes what a short answer has, and no more."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > _MOST_BYTES:
            raise _Full
        return super().write(data)


class StoredPointAnswers:
    """Answers of a store on disk, the same in the serving process as in its workers.

    `prefixes` and `base` are known in queries.
    """

    def __init__(self, evaluator: StoreEvaluator, prefixes: Mapping[str, str], base: str) -> None:
        self._evaluator = evaluator
        self._prefixes, self._base = prefixes, base

    def json(self, text: str) -> bytes | None:
        """The result of a query as SPARQL 1.1 Query Results JSON; None for what is left to the workers."""
        return self.answer(text) if self.takes(text) else None

    def takes(self, text: str) -> bool:
        """Whether a query is one of those that `answer` is for.

        What may read many triples for few rows, or for rows with nothing in them, is not done between requests.
        """
        query = point_of(text) if len(text) <= _LONGEST and _BETWEEN not in text else None
        if query is None or query.distinct or len(query.variables) > _MOST_VARIABLES:
            return False
        free = {node[1:] for node in (query.property, query.object) if node[0] in "?$"}
        return query.property != query.object and not free.isdisjoint(query.variables)

    def answer(self, text: str) -> bytes | None:
        """The result of a query that is taken, as `json` gives it."""
        out = _Answer()
        with suppress(_Full, SyntaxError, ValueError, RuntimeError, OSError):
            self._evaluator.basic(text, self._prefixes, self._base).serialize(out, ox.QueryResultsFormat.JSON)
            body = fitted(out.getvalue(), _JSON, written=False, labelled=True)
            return None if body is None or says_nothing(body, _JSON) else body
        return None

    def answers(self, texts: str) -> bytes:
        """Those to several queries, put together; where there is none, nothing stands."""
        found: list[bytes] = []
        size = 0
        for text in texts.split(_BETWEEN):
            body = self.answer(text) if size < _MOST_TOGETHER_BYTES - _MOST_BYTES else None
            found.append(body or b"")
            size += len(found[-1])
        return _BETWEEN.encode().join(found)


def together(texts: Sequence[str]) -> str:
    """The texts of queries that are taken, as one."""
    return _BETWEEN.join(texts)


def separate(body: bytes, number: int) -> list[bytes | None]:
    """The answers that a worker gave together; None for each that is to be asked for on its own."""
    found = [part or None for part in body.split(_BETWEEN.encode())]
    return found if len(found) == number else [None] * number
