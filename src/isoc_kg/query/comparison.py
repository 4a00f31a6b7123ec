"""Comparisons that the embedded engine takes for errors: truth values by order, NaN by order, numbers beyond its range.

https://www.w3.org/TR/sparql11-query/#OperatorMapping
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from ..namespaces import BOOLEAN_FORMS, XSD
from .lexical_forms import FUNCTION, NUMERIC_TYPES, is_number, unmarked

__all__ = ["COMPARISONS", "is_in", "may_be_compared"]

_ONE = ox.Literal(1)
_BINARY = frozenset({XSD.double, XSD.float})


def may_be_compared(term: ox.Literal) -> bool:
    """Whether a constant is of a kind that these comparisons are about."""
    return term.datatype.value in NUMERIC_TYPES or term.datatype.value == XSD.boolean


def _compared(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> Any:
    """The truth value of a comparison; None, an error, for what is neither two numbers nor two truth values."""
    values = [_number(term) for term in (left, right)]
    if None in values:
        values = [_truth(term) for term in (left, right)]
    if None in values:
        # of a number and what is none, the engine says it of another number as well
        equal = compare in (operator.eq, operator.ne)
        numbers = [_number(term) is not None for term in (left, right)]
        if not equal or numbers.count(True) != 1:
            return None
        found = _same(right if numbers[0] else left, _ONE)
        return None if found is None else ox.Literal(found == (compare is operator.eq))
    if any(isinstance(value, float) for value in values):
        values = [float(value) for value in values]  # type: ignore[arg-type]
    return ox.Literal(compare(*values))


def _number(term: Any) -> float | Decimal | None:
    term = unmarked(term)
    if not isinstance(term, ox.Literal) or term.datatype.value not in NUMERIC_TYPES:
        return None
    text, datatype = term.value, term.datatype.value
    if not is_number(text, datatype):
        return None
    return float(text.replace("INF", "inf")) if datatype in _BINARY else Decimal(text)


def _truth(term: Any) -> int | None:
    term = unmarked(term)
    if not isinstance(term, ox.Literal) or term.datatype.value != XSD.boolean or term.value not in BOOLEAN_FORMS:
        return None
    return int(BOOLEAN_FORMS[term.value] == "true")


@lru_cache(10_000)
def _same(left: Any, right: Any) -> bool | None:
    """Whether two terms are equal; None for an error."""
    if left == right:
        return True
    if isinstance(left, ox.BlankNode) or isinstance(right, ox.BlankNode):
        return False
    rows: Any = ox.Store().query(f"SELECT ({unmarked(left)} = {unmarked(right)} AS ?equal) {{}}")
    found = next(iter(rows))[0]
    return None if found is None else bool(found.value == "true")


def is_in(term: Any, *values: Any) -> Any:
    """`IN` (https://www.w3.org/TR/sparql11-query/#func-in) of any numbers."""
    error = False
    for value in values:
        found = _compared(operator.eq, term, value)
        equal = _same(term, value) if found is None else found.value == "true"
        if equal:
            return ox.Literal(True)
        error = error or equal is None
    return None if error else ox.Literal(False)


def _function(compare: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    return lambda left, right: _compared(compare, left, right)


#: Operators → the names of functions that compare so, and the functions.
COMPARISONS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    sign: (f"<{FUNCTION}{function.__name__}>", _function(function))
    for sign, function in {
        "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
    }.items()
}  # fmt: skip
