"""Whatever answers SPARQL, and the one that is embedded: a pyoxigraph store."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import pyoxigraph as ox

from .tokens import tokens

__all__ = ["Evaluator", "Row", "StoreEvaluator", "store_of"]

#: The terms of a solution, as pyoxigraph has them, in the order of its variables; what is unbound is None.
Row = Sequence[Any]


class Evaluator(Protocol):
    """A store that answers SPARQL 1.1 Query over the union of its graphs, or over a query's own dataset.

    An answer is whole, or an exception says that it is not; what it holds is any RDF, and untrusted. A store that does
    not run a query says so in its own way: an embedded one raises `SyntaxError`, `ValueError` or `RuntimeError`, one
    behind a protocol an `IsocKgError`.
    """

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines, none twice."""


class StoreEvaluator:
    """A `pyoxigraph.Store`."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""
        solutions = self._query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        return [variable.value for variable in solutions.variables], [tuple(solution) for solution in solutions]

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        return bool(self._query(text))

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines, none twice."""
        triples = self._query(text)
        assert isinstance(triples, ox.QueryTriples)
        lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
        return sorted(set(lines.splitlines(keepends=True)))

    def _query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        # the engine's union would stand before a query's own dataset
        own = "FROM" in text.upper() and any(
            token.kind == "word" and token.text.upper() == "FROM" for token in tokens(text)
        )
        return self.store.query(text, use_default_graph_as_union=not own)


def store_of(lines: Iterable[bytes]) -> ox.Store:
    """Canonical lines in a store. It keeps numbers in canonical form only: 1.10 becomes 1.1."""
    store = ox.Store()
    # `bulk_load` would give blank nodes other labels each time
    store.bulk_extend(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))
    return store
