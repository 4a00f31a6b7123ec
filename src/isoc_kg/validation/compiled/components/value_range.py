"""Value range constraint components (https://www.w3.org/TR/shacl/#core-components-range)."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ....namespaces import SH
from ..check import Check, ValueCheck
from ..graph import Shape
from ..terms import token

if TYPE_CHECKING:
    from ..compiler import Compiler

__all__ = ["checks"]

_COMPARISONS = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}


def checks(compiler: "Compiler", shape: Shape) -> Iterator[Check]:
    """The checks of `sh:minExclusive` and its three neighbours."""
    for name, comparison in _COMPARISONS.items():
        for term in compiler.graph.values(shape.node, SH[name]):
            component = SH[name[0].upper() + name[1:] + "ConstraintComponent"]
            yield ValueCheck(component, _outside(comparison, token(term)))


def _outside(comparison: str, bound: str) -> Callable[[str, str], str]:
    """What cannot be compared is outside too."""
    return lambda _, value: f"!COALESCE({value} {comparison} {bound}, false)"
