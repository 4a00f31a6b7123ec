"""The values of numbers, and which of two is less (https://www.w3.org/TR/xpath-functions/#comp.numeric).

The embedded store has integers of 64 bits and decimals of 38 digits, and takes `"300"^^xsd:byte` for 300.
"""

import struct
from decimal import Decimal

import pyoxigraph as ox

from ...namespaces import INTEGER_TYPES, XSD
from ..terms import Term
from .datatypes import is_well_formed

__all__ = ["is_less", "is_number_type", "number"]

_FLOATS = frozenset((XSD.double, XSD.float))
_TYPES = INTEGER_TYPES | _FLOATS | {XSD.decimal}


def is_number_type(datatype: str) -> bool:
    """Whether all values of a datatype are numbers."""
    return datatype in _TYPES


def number(term: Term) -> Decimal | None:
    """The value of a literal of a datatype of numbers; None for any other term, and for an ill-formed literal."""
    if not isinstance(term, ox.Literal) or not is_number_type(term.datatype.value) or not is_well_formed(term):
        return None
    # a large exponent of a float is infinite, and takes no memory
    return Decimal(float(term.value)) if term.datatype.value in _FLOATS else Decimal(term.value)


def is_less(first: ox.Literal, second: ox.Literal, *, or_equal: bool) -> bool | None:
    """Whether a number is less than another, both promoted to one datatype; None where one is no number."""
    one, two = number(first), number(second)
    if one is None or two is None:
        return None
    types = {first.datatype.value, second.datatype.value}
    if not types & _FLOATS:
        return one < two or (or_equal and one == two)
    a, b = (
        _single(value) if XSD.double not in types or term.datatype.value == XSD.float else float(value)
        for term, value in ((first, one), (second, two))
    )
    return a < b or (or_equal and a == b)


def _single(value: Decimal) -> float:
    """The nearest number of 32 bits."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
