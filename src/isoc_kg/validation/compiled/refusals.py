"""The queries that a store does not run, whatever store it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ...errors import EndpointError, QueryError
from ...query.evaluator import Evaluator, Row

__all__ = ["Refusals"]

#: What stores behind the SPARQL protocol answer to a query that they cannot compile, or will not run.
_STATUS = frozenset({400, 413, 414, 422, 500, 501})


class Refusals:
    """An evaluator that raises `QueryError` for each query that the store refuses."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""
        with _refusals():
            return self._evaluator.select(text)

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        with _refusals():
            return self._evaluator.ask(text)

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT query as sorted canonical lines, none twice."""
        with _refusals():
            return self._evaluator.construct(text)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryError(f"the store refuses a query: {error}.") from None
    except EndpointError as error:
        if error.status in _STATUS:
            raise QueryError(f"the store refuses a query: {error.excerpt or error.message}") from None
        raise
