"""Numbers beyond the embedded engine: integers of more than 64 bits, decimals of more than 18 places.

What computes with them is an error there, and so is what a computation with smaller ones comes to: the same is computed
here once more (https://www.w3.org/TR/sparql11-query/#OperatorMapping). Integers and decimals are exact; a quotient has
18 places, as those of the engine have.
"""

import math
import operator
import struct
from collections.abc import Callable, Iterable, Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..namespaces import BOOLEAN_FORMS, XSD
from .lexical_forms import FUNCTION, NUMERIC_TYPES, is_large, is_number, unmarked

__all__ = ["ARITHMETIC", "CASTS", "Number", "Total", "added", "literal_of", "number_of", "quotient", "text_of"]

_LONGEST = 400  #: characters of a number that is computed with
#: Of its own: what the program around has set for its decimals is not for these.
_CONTEXT = Context(prec=1000, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_PLACES = Decimal(1).scaleb(-18)
#: The types of numbers, each wider than those before it.
_KINDS = (XSD.integer, XSD.decimal, XSD.float, XSD.double)


class Number(NamedTuple):
    """A number, and the widest type that it is of."""

    kind: str
    value: Decimal | float


def number_of(term: Any) -> Number | None:
    """The number that a literal is; None for all else."""
    term = unmarked(term)
    if not isinstance(term, ox.Literal) or term.datatype.value not in NUMERIC_TYPES:
        return None
    text, datatype = term.value, term.datatype.value
    if len(text) > _LONGEST or not is_number(text, datatype):
        return None
    if datatype in (XSD.double, XSD.float):
        return Number(datatype, _binary(float(text.replace("INF", "inf")), datatype))
    return Number(XSD.decimal if datatype == XSD.decimal else XSD.integer, Decimal(text))


def literal_of(number: Number) -> ox.Literal | None:
    """A number as a literal; None for one that is too long."""
    kind, value = number
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text) > _LONGEST:
            return None
        return ox.Literal("0" if text in ("-0", "") else text, datatype=ox.NamedNode(kind))
    value = _binary(value, kind)
    text = repr(value).replace("inf", "INF").replace("nan", "NaN")
    # the engine writes it in its own form
    return ox.Literal(value) if kind == XSD.double else ox.Literal(text, datatype=ox.NamedNode(kind))


def text_of(number: Number) -> str:
    """What a number is as a string: `1.0E7` from a million on and below a millionth, where it is a double or a float.

    https://www.w3.org/TR/xpath-functions-31/#casting-to-string
    """
    kind, value = number
    if isinstance(value, Decimal) or math.isinf(value) or math.isnan(value) or not value:
        return f"{value}".replace("inf", "INF").replace("nan", "NaN").removesuffix(".0")
    forms = (f"{value:.{places}e}" for places in range(17))
    shortest = next(form for form in forms if _binary(float(form), kind) == value)
    if 1e-6 <= abs(value) < 1e6:
        text = f"{Decimal(shortest):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits, exponent = shortest.split("e")
    return f"{digits if '.' in digits else f'{digits}.0'}E{int(exponent)}"


def _binary(value: float, kind: str) -> float:
    """A number of the type `xsd:double` or `xsd:float`."""
    if kind == XSD.double or math.isinf(value) or math.isnan(value):
        return value
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _computed(operation: Callable[[Any, Any], Any], left: Number, right: Number) -> Number | None:
    kind = max(left.kind, right.kind, key=_KINDS.index)
    values: list[Any] = [left.value, right.value]
    if _KINDS.index(kind) >= _KINDS.index(XSD.float):
        values = [float(value) for value in values]
    try:
        return Number(kind, operation(*values))
    except (ArithmeticError, InvalidOperation):
        return None


def added(left: Number, right: Number) -> Number | None:
    """A sum."""
    return _computed(_exact(_CONTEXT.add, operator.add), left, right)


def _exact(of_decimals: Callable[[Any, Any], Any], of_floats: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An operation that never computes with decimals in the context of whoever asks, where it may round them."""
    return lambda one, other: (of_decimals if isinstance(one, Decimal) else of_floats)(one, other)


def _subtracted(left: Number, right: Number) -> Number | None:
    return _computed(_exact(_CONTEXT.subtract, operator.sub), left, right)


def _multiplied(left: Number, right: Number) -> Number | None:
    return _computed(_exact(_CONTEXT.multiply, operator.mul), left, right)


def quotient(left: Number, right: Number) -> Number | None:
    """A quotient; None, an error, for a division of an integer or decimal by zero."""

    def divided(one: Any, other: Any) -> Any:
        if isinstance(one, Decimal):
            return _CONTEXT.divide(one, other).quantize(_PLACES, ROUND_DOWN, _CONTEXT)
        if other:
            return one / other
        if not one or math.isnan(one):
            return math.nan
        return math.copysign(math.inf, one) * math.copysign(1, other)

    found = _computed(divided, left, right)
    return found._replace(kind=XSD.decimal) if found and found.kind == XSD.integer else found


def _of_numbers(compute: Callable[..., Number | None]) -> Callable[..., Any]:
    """A function of terms; None, an error, where one is no number."""

    def function(*terms: Any) -> Any:
        numbers = [number_of(term) for term in terms]
        found = None if None in numbers else compute(*numbers)
        return None if found is None else literal_of(found)

    return function


def _with_value(compute: Callable[[Any], Any]) -> Callable[[Number], Number]:
    return lambda number: number._replace(value=compute(number.value))


def _negative(value: Any) -> Any:
    return value.copy_negate() if isinstance(value, Decimal) else -value


def _absolute(value: Any) -> Any:
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def _rounded(mode: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.to_integral_value(mode, _CONTEXT)
    if math.isinf(value) or math.isnan(value):
        return value
    return float(math.floor(value) if mode == ROUND_FLOOR else math.ceil(value))


def _to_nearest(value: Any) -> Any:
    """The nearest whole number, the higher one of two (https://www.w3.org/TR/xpath-functions-31/#func-round)."""
    half: Any = Decimal("0.5") if isinstance(value, Decimal) else 0.5
    return _rounded(ROUND_FLOOR, _CONTEXT.add(value, half) if isinstance(value, Decimal) else value + half)


def _is_numeric(term: Any) -> Any:
    term = unmarked(term)
    if term is None:
        return None
    return ox.Literal(isinstance(term, ox.Literal) and is_number(term.value, term.datatype.value))


def _cast(kind: str, term: Any) -> Any:
    """A literal as a number or truth value (https://www.w3.org/TR/sparql11-query/#FunctionMapping); None: an error."""
    term = unmarked(term)
    if not isinstance(term, ox.Literal) or term.language:
        return None
    datatype, text = term.datatype.value, term.value
    if datatype == XSD.string:
        text = text.strip(" \t\n\r")
        number = number_of(ox.Literal(text, datatype=ox.NamedNode(kind)))
    elif datatype == XSD.boolean:
        number = Number(XSD.integer, Decimal(BOOLEAN_FORMS[text] == "true")) if text in BOOLEAN_FORMS else None
    else:
        number = number_of(term)
    return None if number is None else _as_kind(kind, number)


def _as_kind(kind: str, number: Number) -> Any:
    value = number.value
    if kind == XSD.boolean:
        return ox.Literal(bool(value) and value == value)
    if kind in (XSD.double, XSD.float):
        try:
            return literal_of(Number(kind, float(value)))
        except OverflowError:
            return None
    if isinstance(value, float):
        if math.isinf(value) or math.isnan(value):
            return None
        # a whole number is exact, another one the shortest decimal that is nearest to it
        value = Decimal(value) if value.is_integer() or kind == XSD.integer else Decimal(repr(value))
    return literal_of(Number(kind, value.to_integral_value(ROUND_DOWN, _CONTEXT) if kind == XSD.integer else value))


def _nearest(term: Any) -> Any:
    """What a term is ordered by: the nearest double of a number that the engine cannot hold, and all else itself."""
    plain = unmarked(term)
    if isinstance(plain, ox.Literal) and is_large(plain.value, plain.datatype.value):
        number = number_of(plain)
        return plain if number is None else ox.Literal(float(number.value))
    return plain


def _remainder(term: Any) -> Any:
    """What numbers with the same nearest double are ordered by."""
    number = number_of(term)
    if number is None or not isinstance(number.value, Decimal):
        return ox.Literal(0.0)
    try:
        return ox.Literal(float(_CONTEXT.subtract(number.value, Decimal(float(number.value)))))
    except (ArithmeticError, InvalidOperation):
        return ox.Literal(0.0)


#: Operators and functions → the names of functions that do the same with any numbers, and these functions.
ARITHMETIC: Mapping[str, tuple[str, Callable[..., Any]]] = {
    name: (f"<{FUNCTION}number-{label}>", function)
    for name, label, function in (
        ("+", "sum", _of_numbers(added)),
        ("-", "difference", _of_numbers(_subtracted)),
        ("*", "product", _of_numbers(_multiplied)),
        ("/", "quotient", _of_numbers(quotient)),
        ("+ ", "itself", _of_numbers(lambda number: number)),
        ("- ", "negative", _of_numbers(_with_value(_negative))),
        (
            "ABS",
            "abs",
            _of_numbers(_with_value(_absolute)),
        ),
        ("CEIL", "ceil", _of_numbers(_with_value(partial(_rounded, ROUND_CEILING)))),
        ("FLOOR", "floor", _of_numbers(_with_value(partial(_rounded, ROUND_FLOOR)))),
        ("ROUND", "round", _of_numbers(_with_value(_to_nearest))),
        ("ISNUMERIC", "is-numeric", _is_numeric),
        ("ORDER", "nearest", _nearest),
        ("ORDER ", "remainder", _remainder),
    )
}
#: Datatypes → the names of functions that cast to them, and these functions.
CASTS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    datatype: (f"<{FUNCTION}cast-{datatype.removeprefix(XSD.iri)}>", partial(_cast, datatype))
    for datatype in (XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean)
}


class Total:
    """`SUM` and `AVG` (https://www.w3.org/TR/sparql11-query/#defn_aggSum), terms told apart as they are written."""

    def __init__(self, mean: bool, distinct: bool) -> None:
        self.mean = mean
        self.terms: set[Any] | None = set() if distinct else None
        self.number = 0
        self.sum: Number | None = Number(XSD.integer, Decimal(0))

    def accumulate(self, term: Any) -> None:
        """One more value."""
        if self.terms is not None:
            self.terms.add(term)
        else:
            self._add(term)

    def _add(self, term: Any) -> None:
        number = number_of(term)
        self.sum = added(self.sum, number) if self.sum and number else None
        self.number += 1

    def finish(self) -> Any:
        """The sum or mean; None, an error, where a value is no number."""
        terms: Iterable[Any] = self.terms or ()
        for term in terms:
            self._add(term)
        if self.sum is None:
            return None
        if not self.mean or not self.number:
            return literal_of(self.sum)
        mean = quotient(self.sum, Number(XSD.integer, Decimal(self.number)))
        return None if mean is None else literal_of(mean)

    @classmethod
    def named(cls, aggregate: str, distinct: bool) -> tuple[str, Callable[[], "Total"]]:
        """The name of the aggregate, and what makes one."""
        label = f"<{FUNCTION}{aggregate.lower()}{'-distinct' if distinct else ''}>"
        return label, partial(cls, aggregate == "AVG", distinct)
