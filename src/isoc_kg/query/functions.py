"""Functions that queries are given in place of those that the embedded engine gets wrong."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import pyoxigraph as ox

from ..namespaces import BOOLEAN_FORMS, XSD
from .arithmetic import ARITHMETIC, CASTS, number_of, text_of
from .comparison import COMPARISONS, is_in
from .lexical_forms import FUNCTION, NUMERIC_TYPES, is_large, is_number, is_out_of_range, marked, unmarked
from .regular_expressions import PatternError
from .replacement import engine_pattern, engine_replacement, matches, replaced

__all__ = [
    "BNODE",
    "COLLAPSED",
    "CONDITION",
    "DATATYPE",
    "DIVISION",
    "ERROR",
    "EXACT",
    "FUNCTIONS",
    "IN",
    "MATCHES",
    "PATTERN",
    "REPLACED",
    "REPLACEMENT",
    "STRDT",
    "TEXT",
    "VALUE",
    "Concatenation",
    "Count",
    "Extreme",
]

#: What stands for an error among the values that are counted.
ERROR = f"<{FUNCTION}error>"
_ERROR = ox.NamedNode(ERROR[1:-1])
#: Their names in queries.
(
    BNODE, COLLAPSED, CONDITION, DATATYPE, DIVISION, EXACT, IN, MATCHES, PATTERN, REPLACED, REPLACEMENT, STRDT, TEXT,
    VALUE,
) = (
    f"<{FUNCTION}{name}>"
    for name in (
        "bnode", "collapsed", "condition", "datatype", "division", "exact", "in", "matches", "pattern", "replaced",
        "replacement", "strdt", "text", "value",
    )
)  # fmt: skip
_BOOLEAN = ox.NamedNode(XSD.boolean)
_TRUE, _FALSE = ox.Literal("true", datatype=_BOOLEAN), ox.Literal("false", datatype=_BOOLEAN)


def _condition(term: Any) -> Any:
    """The effective boolean value of a term (https://www.w3.org/TR/sparql11-query/#ebv)."""
    if not isinstance(term, ox.Literal):
        return None
    term = unmarked(term)
    datatype, text = term.datatype.value, term.value
    if term.language or datatype == XSD.string:
        return _TRUE if text else _FALSE
    if datatype == XSD.boolean:
        return _TRUE if BOOLEAN_FORMS.get(text) == "true" else _FALSE
    if datatype not in NUMERIC_TYPES:
        return None
    if not is_number(text, datatype):
        return _FALSE
    number = float(text.replace("INF", "inf"))
    return _FALSE if number == 0 or number != number else _TRUE


def _value(term: Any) -> Any:
    """A literal as the engine knows it, but for an integer that its datatype does not have."""
    plain = unmarked(term)
    if isinstance(plain, ox.Literal) and is_out_of_range(plain.value, plain.datatype.value):
        return term
    return plain


def _datatype(term: Any) -> Any:
    return unmarked(term).datatype if isinstance(term, ox.Literal) else None


def _strdt(text: Any, datatype: Any) -> Any:
    if not isinstance(text, ox.Literal) or text.datatype.value != XSD.string or not isinstance(datatype, ox.NamedNode):
        return None
    if datatype.value.endswith(("#langString", "#dirLangString")):
        return None
    return marked(text.value, datatype.value)


def _bnode(text: Any) -> Any:
    """A blank node that the data do not have."""
    if not isinstance(text, ox.Literal) or text.datatype.value != XSD.string:
        return None
    return ox.BlankNode(f"isoc-kg-text-{text.value.encode().hex()}")


@lru_cache(10_000)
def _division(dividend: Any, divisor: Any) -> Any:
    """The quotient of two numbers; what else the engine divides, it does."""
    if number_of(dividend) and number_of(divisor):
        return ARITHMETIC["/"][1](dividend, divisor)
    if not isinstance(dividend, ox.Literal) or not isinstance(divisor, ox.Literal):
        return None
    rows: Any = ox.Store().query(f"SELECT ({dividend} / {divisor} AS ?quotient) {{}}")
    return next(iter(rows))[0]


def _collapsed(term: Any) -> Any:
    """What a cast is given: a string without white space around it, which no other type has within it either.

    https://www.w3.org/TR/xpath-functions-31/#casting-from-strings
    """
    if isinstance(term, ox.Literal) and term.datatype.value == XSD.string:
        return ox.Literal(term.value.strip(" \t\n\r"))
    return _value(term)


def _exact(term: Any) -> Any:
    """What a cast to whole numbers or decimals is given: a double, which the engine casts wrongly, as a decimal."""
    if isinstance(term, ox.Literal) and term.datatype.value in (XSD.double, XSD.float):
        return CASTS[XSD.decimal][1](term)
    return _collapsed(term)


def _text(term: Any) -> Any:
    """What a cast to `xsd:string` is given: doubles and floats as strings, which the engine writes otherwise."""
    if isinstance(term, ox.Literal) and (number := number_of(term)) and isinstance(number.value, float):
        return ox.Literal(text_of(number))
    return _value(term)


def _strings(arguments: tuple[Any, ...]) -> list[str] | None:
    """The texts of arguments, when each is a string without a language."""
    if not all(isinstance(argument, ox.Literal) and argument.datatype.value == XSD.string for argument in arguments):
        return None
    return [argument.value for argument in arguments]


def _replacement(*arguments: Any) -> Any:
    texts = _strings(arguments)
    text = None if texts is None else engine_replacement(*texts)
    return None if text is None else ox.Literal(text)


def _pattern(*arguments: Any) -> Any:
    texts = _strings(arguments)
    try:
        text = None if texts is None else engine_pattern(*texts)
    except PatternError:
        return None
    return None if text is None else ox.Literal(text)


def _is_text(term: Any) -> bool:
    return isinstance(term, ox.Literal) and (bool(term.language) or term.datatype.value == XSD.string)


def _matches(text: Any, *others: Any) -> Any:
    texts = _strings(others)
    found = matches(text.value, *texts) if texts and _is_text(text) else None
    return None if found is None else ox.Literal(found)


def _replaced(text: Any, *others: Any) -> Any:
    texts = _strings(others)
    found = replaced(text.value, *texts) if texts and _is_text(text) else None
    return None if found is None else ox.Literal(found, language=text.language)


_NAMED: list[tuple[str, Callable[..., Any]]] = [
    (BNODE, _bnode),
    (COLLAPSED, _collapsed),
    (CONDITION, _condition),
    (DATATYPE, _datatype),
    (DIVISION, _division),
    (EXACT, _exact),
    (MATCHES, _matches),
    (PATTERN, _pattern),
    (REPLACED, _replaced),
    (REPLACEMENT, _replacement),
    (STRDT, _strdt),
    (TEXT, _text),
    (VALUE, _value),
    (IN, is_in),
    *ARITHMETIC.values(),
    *CASTS.values(),
    *COMPARISONS.values(),
]
#: The functions by the names that the engine knows them by.
FUNCTIONS: Mapping[ox.NamedNode, Callable[..., Any]] = {ox.NamedNode(name[1:-1]): made for name, made in _NAMED}


class Count:
    """`COUNT` of an expression: how many of its values are no error.

    https://www.w3.org/TR/sparql11-query/#defn_aggCount
    """

    def __init__(self, distinct: bool) -> None:
        self.terms: set[Any] | None = set() if distinct else None
        self.number = 0

    def accumulate(self, term: Any) -> None:
        """One more value."""
        if term == _ERROR:
            return
        if self.terms is None:
            self.number += 1
        else:
            self.terms.add(term)

    def finish(self) -> Any:
        """The number of values."""
        return ox.Literal(self.number if self.terms is None else len(self.terms))

    @classmethod
    def named(cls, distinct: bool) -> tuple[str, Callable[[], "Count"]]:
        """The name of the aggregate, and what makes one."""
        return f"<{FUNCTION}count{'-distinct' if distinct else ''}>", partial(cls, distinct)


class Concatenation:
    """`GROUP_CONCAT(DISTINCT …)`: the terms are told apart, not their texts."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.terms: dict[Any, None] = {}

    def accumulate(self, term: Any) -> None:
        """One more value."""
        self.terms[term] = None

    def finish(self) -> Any:
        """The texts of all values; none when one of them has no text."""
        if any(isinstance(term, (ox.BlankNode, ox.Triple)) for term in self.terms):
            return None
        return ox.Literal(self.separator.join(term.value for term in self.terms))

    @classmethod
    def named(cls, number: int, separator: str) -> tuple[str, Callable[[], "Concatenation"]]:
        """The name of the aggregate with a separator, and what makes one."""
        return f"<{FUNCTION}concatenation-{number}>", partial(cls, separator)


def _ranks(terms: Sequence[Any]) -> dict[Any, int]:
    """Numbers in place of those that the engine cannot put in order, and of all others; none where it can."""
    if not any(
        isinstance(term, ox.Literal) and is_large(term.value, term.datatype.value) for term in map(unmarked, terms)
    ):
        return {}
    numbers = {term: number.value for term in terms if (number := number_of(term)) and number.value == number.value}
    places = {value: place for place, value in enumerate(sorted(set(numbers.values())))}
    return {term: places[value] for term, value in numbers.items()}


class Extreme:
    """`MIN` and `MAX`: one of the terms, as it was written."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.terms: dict[Any, None] = {}

    def accumulate(self, term: Any) -> None:
        """One more value."""
        self.terms[term] = None

    def finish(self) -> Any:
        """The first of the values in the engine's order."""
        terms = [term for term in self.terms if not isinstance(term, ox.BlankNode)]
        nodes = [term for term in self.terms if isinstance(term, ox.BlankNode)]  # which come before all others
        if not terms or (nodes and self.order == "ASC"):
            return next(iter(nodes), None)
        ranks = _ranks(terms)
        rows = " ".join(f"({number} {ranks.get(term, unmarked(term))})" for number, term in enumerate(terms))
        found: Any = ox.Store().query(f"SELECT ?i {{ VALUES (?i ?v) {{ {rows} }} }} ORDER BY {self.order}(?v) LIMIT 1")
        return terms[int(next(iter(found))[0].value)]

    @classmethod
    def named(cls, aggregate: str) -> tuple[str, Callable[[], "Extreme"]]:
        """The name of the aggregate, and what makes one."""
        return f"<{FUNCTION}{aggregate.lower()}>", partial(cls, "ASC" if aggregate == "MIN" else "DESC")
