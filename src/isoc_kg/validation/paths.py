"""Property paths (https://www.w3.org/TR/shacl/#property-paths), written for queries and for reports."""

from dataclasses import dataclass
from typing import Literal

from .terms import iri

__all__ = ["Kind", "Path"]

Kind = Literal["predicate", "inverse", "sequence", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"]
_MARKS = {"zeroOrMore": "*", "oneOrMore": "+", "zeroOrOne": "?"}


@dataclass(frozen=True, slots=True)
class Path:
    """A predicate (`iri` is set), or a path made of other paths."""

    kind: Kind
    parts: tuple["Path", ...] = ()
    iri: str = ""

    def inverted(self) -> "Path":
        """The path read backwards, with the marks of inversion at the predicates only."""
        if self.kind == "predicate":
            return Path("inverse", (self,))
        if self.kind == "inverse":
            return self.parts[0].plain()
        parts = tuple(part.inverted() for part in self.parts)
        return Path(self.kind, parts[::-1] if self.kind == "sequence" else parts)

    @property
    def repeats(self) -> bool:
        """Whether a part of the path may be taken any number of times."""
        return self.kind in ("zeroOrMore", "oneOrMore") or any(part.repeats for part in self.parts)

    def plain(self) -> "Path":
        """The same path, inversion at predicates only."""
        if self.kind == "predicate":
            return self
        if self.kind == "inverse":
            return self.parts[0].inverted()
        return Path(self.kind, tuple(part.plain() for part in self.parts))

    @property
    def is_nullable(self) -> bool:
        """Whether it leads from a node to itself without a triple."""
        if self.kind in ("zeroOrMore", "zeroOrOne"):
            return True
        if self.kind == "alternative":
            return any(part.is_nullable for part in self.parts)
        return bool(self.parts) and all(part.is_nullable for part in self.parts)

    def to_sparql(self) -> str:
        """The path in SPARQL's syntax, for a query."""
        return self.plain().shown()

    def shown(self) -> str:
        """The path in SPARQL's syntax, its structure as the shape has it; what a report shows."""
        if self.kind == "predicate":
            return iri(self.iri)
        parts = [part.shown() for part in self.parts]
        if self.kind == "inverse":
            return f"^{parts[0]}"
        if self.kind in _MARKS:
            return f"({parts[0]}){_MARKS[self.kind]}"
        return "(" + ("/" if self.kind == "sequence" else "|").join(parts) + ")"
