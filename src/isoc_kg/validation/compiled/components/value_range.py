"""Value range constraint components (https://www.w3.org/TR/shacl/#core-components-range)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....namespaces import SH
from ...shape_index import Shape
from ...terms import Term, token
from ..check import Check, ValueCheck
from ..compilation import Compilation
from ..datatypes import is_well_formed
from ..expressions import negated
from ..numbers import is_number_type, number
from ..stored_literals import StoredLiterals

__all__ = ["checks"]

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
    of_numbers = isinstance(bound, ox.Literal) and is_number_type(bound.datatype.value)
    value = number(bound)
    if (isinstance(bound, ox.Literal) and not is_well_formed(bound)) or (value is not None and value.is_nan()):
        # nothing compares with these
        return lambda _, __: "true"
    kind = "isNumeric" if of_numbers else "isLiteral"

    def bad(_: str, value: str) -> str:
        given = literals.value(value)
        return negated(literals.ordered(f"{kind}({given})", given, comparison, limit))

    return bad
