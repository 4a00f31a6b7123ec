"""The checks of all constraint components, family by family."""

from collections.abc import Iterator

from ...shape_index import Shape
from ..check import Check
from ..compilation import Compilation
from . import cardinality, logical, other, property_pair, shape_based, string_based, value_range, value_type

__all__ = ["checks"]

_FAMILIES = (value_type, cardinality, value_range, string_based, property_pair, logical, shape_based, other)


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """All checks of a shape but those written in SPARQL."""
    for family in _FAMILIES:
        yield from family.checks(compilation, shape)
