"""Whether two values of one property can both be true: one as exact as the other, or the same less exactly."""

from decimal import Decimal, InvalidOperation

from ..namespaces import FRACTION_TYPES, INTEGER_TYPES, XSD
from ..rdf.lines import literal

__all__ = ["values_agree"]

_DATES = frozenset(XSD[name] for name in ("gYear", "gYearMonth", "date", "dateTime", "dateTimeStamp"))
_NUMBERS = INTEGER_TYPES | FRACTION_TYPES


def values_agree(first: bytes, second: bytes) -> bool:
    """Whether two objects (tokens) say the same: a year and a month or day of it, one number in two forms.

    >>> year = b'"1987"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    >>> values_agree(year, b'"1987-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    True
    """
    if first == second or not (first.startswith(b'"') and second.startswith(b'"')):
        return first == second
    (one, _, kind), (other, _, of_other) = literal(first), literal(second)
    if kind in _DATES and of_other in _DATES:
        short, long = sorted((one, other), key=len)
        return long.startswith(short) and long[len(short) : len(short) + 1] in ("", "-", "T")
    if kind in _NUMBERS and of_other in _NUMBERS:
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return False
    return False
