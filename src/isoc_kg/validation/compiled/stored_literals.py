"""How a store has literals: by their values, as stores do, or by the forms in which they were written."""

from ...namespaces import XSD
from ...query.evaluator import Evaluator
from ..terms import Term, iri, token

__all__ = ["StoredLiterals"]

#: A value of the datatypes that stores take for another one, to ask the store what it makes of it.
_SAMPLES = {XSD.dateTimeStamp: "2000-01-01T00:00:00Z"}


class StoredLiterals:
    """Literals of a store that may rewrite them: `007` is `7` there, and judged by its value."""

    #: Whether each literal is in the store as it was written.
    as_written = False
    #: Whether the store matches what Python's `re` does.
    backtracks = False

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._kept: dict[str, str] = {}

    def token(self, term: Term) -> str:
        """The token by which the store has a term of the shapes."""
        return token(term)

    def value(self, node: str) -> str:
        """An expression: the value of a variable, to be compared with others."""
        return node

    def ordered(self, alike: str, first: str, comparison: str, second: str) -> str:
        """An expression: whether one value is `<`, `<=`, `>` or `>=` another, where they are alike; no error."""
        return f"COALESCE({alike} && {first} {comparison} {second}, false)"

    def datatype(self, name: str) -> str:
        """The datatype that a literal of this one has in the store."""
        if name not in self._kept:
            sample = _SAMPLES.get(name, "1")
            _, rows = self._evaluator.select(f'SELECT (DATATYPE("{sample}"^^{iri(name)}) AS ?kept) WHERE {{ }}')
            kept = rows[0][0] if rows else None
            self._kept[name] = name if kept is None else kept.value
        return self._kept[name]

    @property
    def lost(self) -> list[tuple[str, str]]:
        """The datatypes asked for that the store does not keep, each with what it makes of them."""
        return sorted((name, kept) for name, kept in self._kept.items() if name != kept)

    def matches(self, text: str, pattern: str) -> str:
        """An expression: whether a text matches a pattern of Python's."""
        raise NotImplementedError
