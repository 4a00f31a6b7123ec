"""Constraint components, a module for each section of the specification."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..check import Check
from ..graph import Shape
from . import cardinality, logical, other, property_pair, shape_based, string_based, value_range, value_type

if TYPE_CHECKING:
    from ..compiler import Compiler

__all__ = ["checks"]

_FAMILIES = (value_type, cardinality, value_range, string_based, property_pair, logical, shape_based, other)


def checks(compiler: "Compiler", shape: Shape) -> Iterator[Check]:
    """All checks of a shape but those written in SPARQL."""
    for family in _FAMILIES:
        yield from family.checks(compiler, shape)
