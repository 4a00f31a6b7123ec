"""What a store has to answer for shapes to be checked where its data is, and the embedded store in that form."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from ...errors import QueryError

__all__ = ["Queryable", "Row", "StoreQueryable", "Term"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = Sequence[Term | None]


class Queryable(Protocol):
    """A store behind SPARQL 1.1 Query, whose default graph is what is validated.

    Raises `QueryError` for a query that the store refuses; everything else that goes wrong is another `IsocKgError`.
    """

    def select(self, text: str) -> tuple[list[str], Iterable[Row]]:
        """The variables and all rows, never cut by a row limit; terms in the order of the variables."""

    def ask(self, text: str) -> bool:
        """Whether the pattern matches."""

    def construct(self, text: str) -> list[bytes]:
        """The triples as N-Triples lines."""


class StoreQueryable:
    """A `pyoxigraph.Store`, its default graph the union of all its graphs."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def select(self, text: str) -> tuple[list[str], Iterable[Row]]:
        """The variables and the rows as the store finds them."""
        answer = self._query(text)
        assert isinstance(answer, ox.QuerySolutions)
        return [variable.value for variable in answer.variables], _rows(answer)

    def ask(self, text: str) -> bool:
        """Whether the pattern matches."""
        return bool(self._query(text))

    def construct(self, text: str) -> list[bytes]:
        """The triples as N-Triples lines."""
        answer = self._query(text)
        assert isinstance(answer, ox.QueryTriples)
        return [f"{triple} .\n".encode() for triple in answer]

    def _query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self.store.query(text, use_default_graph_as_union=True)
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"the store refuses a query: {error}.") from None


def _rows(solutions: ox.QuerySolutions) -> Iterator[Row]:
    try:
        for solution in solutions:
            yield tuple(solution)
    except (ValueError, RuntimeError) as error:
        raise QueryError(f"the store ends a query: {error}.") from None
