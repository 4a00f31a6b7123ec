"""Python values of RDF terms: numbers, dates and texts that give their own literal again as a parameter."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pyoxigraph as ox

from ..namespaces import BOOLEAN_FORMS, INTEGER_TYPES, XSD
from ..rdf.tokens import term_token
from .lexical_forms import is_number

__all__ = ["IRI", "BlankNode", "Text", "TripleTerm", "TypedText", "is_ordinary", "literal_of", "plain", "value_of"]

#: Stricter than Python, which also takes 20140501 for a date and a space for the T.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_YEAR = re.compile(r"-?([1-9]\d{3,}|0\d{3})", re.ASCII)


class IRI(str):
    """An IRI as a string that knows what it is."""

    __slots__ = ()


class BlankNode(str):
    """The label of a blank node."""

    __slots__ = ()


class TripleTerm(str):
    """A triple term (RDF 1.2) as N-Triples write it."""

    __slots__ = ()


class Text(str):
    """A text with its language."""

    language: str
    direction: Any = None  #: pyoxigraph's `BaseDirection`, where the text has one

    def __new__(cls, value: str, language: str) -> "Text":
        """A text with this language tag."""
        text = super().__new__(cls, value)
        text.language = language
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # for copies and pickles
        return str(self), self.language


class TypedText(str):
    """The lexical form of a literal that Python has no type for, or whose datatype does not allow it."""

    datatype: str  #: its IRI

    def __new__(cls, value: str, datatype: str) -> "TypedText":
        """A lexical form with this datatype (an IRI)."""
        text = super().__new__(cls, value)
        text.datatype = datatype
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.datatype


class _Written:
    """A value whose literal is not the one that Python's type alone would give: `"2014"^^xsd:gYear`, `1.50`, `…Z`."""

    written: tuple[str, str] | None = None  #: lexical form and datatype; None for what was computed from such a value


class _Integer(_Written, int):
    pass


class _Double(_Written, float):
    pass


class _Decimal(_Written, Decimal):
    pass


class _DateTime(_Written, datetime):
    def __repr__(self) -> str:
        return repr(plain(self))


_Value = TypeVar("_Value", _Integer, _Double, _Decimal, _DateTime)


def value_of(term: Any) -> Any:
    """The Python value of a term; a literal whose text its datatype does not allow stays a text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    if not isinstance(term, ox.Literal):
        return TripleTerm(term_token(term).decode())
    form, datatype = term.value, term.datatype.value
    if term.language:
        text = Text(form, term.language)
        if term.direction:
            text.direction = term.direction
        return text
    if datatype == XSD.string:
        return form
    try:
        value = _typed(form, datatype)
    except (ValueError, ArithmeticError):  # a number of more digits than Python converts, the 30th of February
        value = None
    return TypedText(form, datatype) if value is None else value


def _typed(form: str, datatype: str) -> Any:
    if is_number(form, datatype):
        if datatype in INTEGER_TYPES:
            return _as_written(_Integer(form), form, datatype)
        if datatype == XSD.decimal:
            return _as_written(_Decimal(form), form, datatype)
        return _as_written(_Double(form.replace("INF", "inf")), form, datatype)
    if datatype == XSD.gYear and _YEAR.fullmatch(form):
        return _as_written(_Integer(form), form, datatype)
    if datatype == XSD.boolean and form in BOOLEAN_FORMS:
        return BOOLEAN_FORMS[form] == "true"
    if datatype == XSD.date and _DATE.fullmatch(form):
        return date.fromisoformat(form)
    if datatype == XSD.dateTime and _DATE_TIME.fullmatch(form):
        return _as_written(_DateTime.fromisoformat(form), form, datatype)
    return None


def _as_written(value: _Value, form: str, datatype: str) -> Any:
    """A plain value where it gives the same literal again, else one that remembers it."""
    own = literal_of(ordinary := plain(value))
    if own is not None and (own.value, own.datatype.value) == (form, datatype):
        return ordinary
    value.written = (form, datatype)
    return value


def plain(value: Any) -> Any:
    """The value without what it remembers of its literal, as Python's own types have it."""
    if isinstance(value, _DateTime):
        parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
        return datetime(*parts, tzinfo=value.tzinfo, fold=value.fold)
    for kind, ordinary in ((_Integer, int), (_Double, float), (_Decimal, Decimal), (str, str)):
        if isinstance(value, kind):
            return ordinary(value)
    return value


def is_ordinary(value: Any) -> bool:
    """Whether a value is one of Python's, numpy's or pandas' own types, which do not tell the literal it may come from.

    >>> [is_ordinary(value) for value in (2014, "MANRS", Text("MANRS", "en"), IRI("https://e.org/"))]
    [True, True, False, False]
    """
    if isinstance(value, str):
        if type(value) is str:
            return True
        known = isinstance(value, (IRI, BlankNode, TripleTerm)) or type(value).__name__ in ("URIRef", "BNode")
        return not known and not hasattr(value, "language") and not hasattr(value, "datatype")
    return not isinstance(value, (_Written, ox.NamedNode, ox.Literal, bool))


def literal_of(value: Any) -> ox.Literal | None:
    """The literal of a number, truth value, date or time; None for another value."""
    if isinstance(value, _Written) and value.written is not None:
        form, datatype = value.written
    elif isinstance(value, bool):
        form, datatype = ("true" if value else "false"), XSD.boolean
    elif isinstance(value, int):
        form, datatype = int.__repr__(value), XSD.integer
    elif isinstance(value, Decimal) and value.is_finite():
        form, datatype = format(value, "f"), XSD.decimal
    elif isinstance(value, float):
        # numpy's numbers are floats with a repr of their own
        form, datatype = float.__repr__(value).replace("inf", "INF").replace("nan", "NaN"), XSD.double
    elif isinstance(value, datetime) and value == value:  # pandas' NaT is a datetime
        form, datatype = value.isoformat(), XSD.dateTime
    elif isinstance(value, date) and not isinstance(value, datetime):
        form, datatype = value.isoformat(), XSD.date
    else:
        return None
    return ox.Literal(form, datatype=ox.NamedNode(datatype))
