"""Where the statements are written that a validation's results are about."""

from pathlib import Path

from ..namespaces import RDF, SKOS
from .report import Result

__all__ = ["Places"]

Place = tuple[Path, int]
#: Properties that follow of other statements, which are the ones to look at.
_FOLLOWS = {f"<{SKOS.inScheme}>": f"<{RDF.type}>"}


class Places:
    """Places of statements by their terms (N-Triples tokens)."""

    def __init__(self) -> None:
        self._statements: dict[tuple[str, str, str], Place] = {}
        self._last: dict[tuple[str, str], Place] = {}
        self._first: dict[str, Place] = {}

    def add(self, subject: str, predicate: str, object_: str, place: Place) -> None:
        """A statement, in the order in which statements are read."""
        self._statements.setdefault((subject, predicate, object_), place)
        self._last[subject, predicate] = place
        self._first.setdefault(subject, place)

    def get(self, result: Result) -> Place | None:
        """The statement that breaks the rule: the one with the result's value, else the last with its path.

        Where there is none, as of what is missing: the first statement about the focus node.
        """
        focus, path = result.focus_node, result.path or ""
        place = self._statements.get((focus, path, result.value)) if result.value else None
        return place or self._last.get((focus, _FOLLOWS.get(path, path))) or self._first.get(focus)
