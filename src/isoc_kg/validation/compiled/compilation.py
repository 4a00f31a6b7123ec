"""What constraints may ask of the compilation that they are a part of."""

from typing import Protocol

from ..shape_index import ShapeIndex
from ..terms import Names, Term
from .classes import Classes
from .stored_literals import StoredLiterals

__all__ = ["Compilation"]


class Compilation(Protocol):
    """Shapes being compiled for one store."""

    graph: ShapeIndex
    classes: Classes
    names: Names
    literals: StoredLiterals

    def reads(self, pattern: str, flags: str = "") -> bool:
        """Whether the store's regular expressions take a pattern."""

    def conforms(self, node: Term, focus: str) -> str:
        """An expression: whether a node conforms to a shape."""
