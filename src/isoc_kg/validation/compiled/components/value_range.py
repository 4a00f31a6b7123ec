"""Value range constraint components (https://www.w3.org/TR/shacl/#core-components-range)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....namespaces import SH, XSD
from ...shape_index import Shape
from ...terms import Term, token
from ..check import Check, ValueCheck
from ..compilation import Compilation
from ..datatypes import DERIVED
from ..expressions import negated
from ..stored_literals import StoredLiterals

__all__ = ["checks"]

_NUMBERS = frozenset((XSD.integer, XSD.decimal, XSD.double, XSD.float)) | DERIVED

_COMPARISONS = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:minExclusive` and its three neighbours."""
    for name, comparison in _COMPARISONS.items():
        for term in compilation.graph.values(shape.node, SH[name]):
            component = SH[name[0].upper() + name[1:] + "ConstraintComponent"]
            yield ValueCheck(component, _outside(compilation.literals, comparison, term))


def _outside(literals: StoredLiterals, comparison: str, bound: Term) -> Callable[[str, str], str]:
    """What cannot be compared is outside too; some stores would compare a text with a number."""
    limit = token(bound)
    number = isinstance(bound, ox.Literal) and bound.datatype.value in _NUMBERS
    kind = "isNumeric" if number else "isLiteral"

    def bad(_: str, value: str) -> str:
        given = literals.value(value)
        return negated(literals.ordered(f"{kind}({given})", given, comparison, limit))

    return bad
