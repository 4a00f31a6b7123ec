"""What constraints may ask of the compilation that they are a part of."""

from typing import Protocol

from .classes import Classes
from .shape_index import ShapeIndex
from .terms import Names, Term

__all__ = ["Compilation"]


class Compilation(Protocol):
    """Shapes being compiled for one store."""

    graph: ShapeIndex
    classes: Classes
    names: Names

    def keeps(self, datatype: str) -> bool:
        """Whether the store keeps a datatype derived from `xsd:integer`, rather than make it `xsd:integer`."""

    def conforms(self, node: Term, focus: str) -> str:
        """An expression: whether a node conforms to a shape."""
