"""Changes to a text that leave the rest of it as it is."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import QueryError

__all__ = ["Edits"]


class _Change(NamedTuple):
    """What stands before and after a part; `within` in place of it, unless the part stays."""

    start: int
    end: int
    before: str = ""
    after: str = ""
    within: str | None = None

    def replaces(self, other: "_Change") -> bool:
        """Whether another change is lost in this one; one at its border is not, nor one that encloses it."""
        if self.within is None or self.start == self.end:
            return False
        if other.start == other.end:
            return self.start < other.start < self.end
        same = (self.start, self.end) == (other.start, other.end)
        return self.start <= other.start and other.end <= self.end and (not same or other.within is not None)

    def crosses(self, other: "_Change") -> bool:
        first, second = sorted((self, other))
        return first.start < second.start < first.end < second.end


@dataclass(slots=True)
class Edits:
    """Parts of a text to be replaced, and parts to be enclosed, within one another; no change is ever left out.

    What stands in place of a part is made of it by `part`, with the changes made until then. A change within it that
    comes later has no place: `QueryError`. Each new piece has white space around it where it could run into its
    neighbour, so that a text without any is changed as one with much.
    """

    changes: list[_Change] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str) -> None:
        """Have a text stand in place of a part and of all changes within it."""
        new = _Change(start, end, within=text)
        self.changes = [change for change in self.changes if not new.replaces(change)]
        self._add(new)

    def insert(self, position: int, text: str) -> None:
        """Have a text stand between what ends and what begins at a place."""
        self._add(_Change(position, position, within=text))

    def enclose(self, start: int, end: int, before: str, after: str = ")") -> None:
        """Have texts before and after a part; of two that enclose the same part, the later one is outside."""
        self._add(_Change(start, end, before, after))

    def _add(self, new: _Change) -> None:
        if any(change.replaces(new) or change.crosses(new) for change in self.changes):
            raise QueryError(
                "This query would have to be changed in one place in two ways to be answered as SPARQL says.",
                advice="Write the expression or pattern in a simpler way, and report the query.",
            )
        self.changes.append(new)

    def applied(self, text: str) -> str:
        """The text with all changes made."""
        return self._made(text, 0, len(text), self.changes)

    def part(self, text: str, start: int, end: int) -> str:
        """A part of the text with the changes within it made; what is inserted at its ends is outside."""
        inner = [
            change
            for change in self.changes
            if start <= change.start and change.end <= end and (change.start < change.end or start < change.start < end)
        ]
        return self._made(text, start, end, inner)

    @staticmethod
    def _made(text: str, start: int, end: int, changes: list[_Change]) -> str:
        # at one place: what ends there, the innermost first, what is inserted, what begins there, the outermost first
        marks: list[tuple[int, int, int, int, str, int]] = []
        for number, change in enumerate(changes):
            if change.within is None:
                marks.append((change.start, 2, -change.end, -number, change.before, change.start))
                marks.append((change.end, 0, -change.start, number, change.after, change.end))
            else:
                order = 1 if change.start == change.end else 3
                marks.append((change.start, order, 0, number, change.within, change.end))
        parts: list[str] = []
        position = start
        for begin, _, _, _, new, stop in sorted(marks):
            for piece in (text[position:begin], new):
                if parts and piece and parts[-1][-1] == piece[0] == "<":  # the sign, then an IRI
                    parts.append(" ")
                if piece:
                    parts.append(piece)
            position = stop
        return "".join(parts) + text[position:end]
