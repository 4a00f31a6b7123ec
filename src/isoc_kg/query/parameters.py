"""Parameters: values become terms, and terms replace variables; a value never becomes part of the text."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyoxigraph as ox

from ..errors import QueryError
from ..iris import expand, local_name
from ..namespaces import XSD
from ..wording.messages import Message, message
from .lexical_forms import NUMERIC_TYPES, is_number
from .values import BlankNode, TripleTerm, literal_of

__all__ = [
    "is_valid",
    "kind_of_value",
    "parameter_example",
    "parameter_pattern",
    "parameter_schema",
    "term_from_text",
    "term_from_value",
    "term_of_type",
]

_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE_TIME = ox.NamedNode(XSD.dateTime)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise QueryError(f"“{text}” is not a valid IRI: {error}.", advice="Write an IRI or a prefixed name.") from None


def term_from_value(value: Any) -> ox.NamedNode | ox.Literal:
    """The term of a Python value; texts are texts, also those that look like IRIs.

    A value of a solution gives the literal that it came from. An IRI is given as `IRI` (a solution's value) or as a
    pyoxigraph or rdflib `NamedNode`/`URIRef`; numpy's and pandas' scalars, and rdflib's literals, are taken as well.
    """
    if isinstance(value, (ox.NamedNode, ox.Literal)):
        return value
    kind = type(value).__name__
    if kind in ("IRI", "URIRef"):
        return _iri(str(value))
    if isinstance(value, (BlankNode, ox.BlankNode)) or kind == "BNode":
        raise QueryError("a parameter cannot be a blank node.", advice="Give a text, number, date or IRI.")
    if isinstance(value, (TripleTerm, ox.Triple)):
        raise QueryError("a parameter cannot be a triple term.", advice="Give a text, number, date or IRI.")
    if isinstance(value, str) and kind != "Variable":
        return _of_text(value)
    try:
        term = literal_of(value)
    except ValueError:  # more digits than Python converts
        raise QueryError("a parameter cannot be a number of so many digits.", advice="Give it as a text.") from None
    if term is not None:
        if isinstance(value, datetime) and not is_valid(term):
            raise QueryError(
                f"“{term.value}” is not a valid xsd:dateTime.", advice="A zone has whole minutes, at most 14 hours."
            )
        return term
    if hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "ndim", 0) == 0:  # numpy's scalars
        item, text = value.item(), str(value)
        is_count = value.dtype.kind in ("m", "M") and isinstance(item, int)  # of what Python has no type for
        if is_count and "T" in text:  # a time with more places than Python's
            return ox.Literal(text.rstrip("0").rstrip(".") if "." in text else text, datatype=_DATE_TIME)
        if not is_count and type(item) is not type(value):
            return term_from_value(item)
    raise QueryError(f"a parameter cannot be a {kind}.", advice="Give a text, number, date or IRI.")


def _of_text(value: str) -> ox.Literal:
    """The literal of a text, which may have a language or a datatype; of a member of an enumeration, of its value."""
    text, language, datatype = str.__str__(value), getattr(value, "language", None), getattr(value, "datatype", None)
    if not text.isascii() and (surrogate := _SURROGATE.search(text)):
        raise QueryError(f"a parameter cannot have the character U+{ord(surrogate[0]):04X}, half of another one.")
    if datatype and not language:
        return ox.Literal(text, datatype=_iri(str(datatype)))
    try:
        return ox.Literal(text, language=language or None, direction=getattr(value, "direction", None))
    except ValueError:
        raise QueryError(f"“{language}” is not a valid language tag.", advice="Give one such as en or de-CH.") from None


def term_of_type(name: str, value: Any, type_: str, prefixes: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    """The term of a Python value for a parameter whose type a query declares: `2014` is an `xsd:gYear` where it asks.

    Texts are taken without the blanks at their ends. Raises `QueryError` for a value that is not of the type, and for a
    text of which nothing is left.
    """
    if isinstance(value, (ox.NamedNode, ox.Literal)):
        return value
    given = value.strip() if type(value) is str else term_from_value(value)
    if given == "":
        raise QueryError(message("wrong_empty", name=name), advice=_give(type_))
    if isinstance(given, ox.NamedNode):
        if type_ != "iri":
            raise _wrong(name, given.value, type_)
        return given
    text = given if isinstance(given, str) else given.value
    language = None if isinstance(given, str) else given.language
    if isinstance(given, ox.Literal) and (type_ == "iri" or (language and f"@{language}" != type_)):
        raise _wrong(name, text, type_)
    term = term_from_text(text, type_, prefixes)
    if isinstance(term, ox.Literal) and not is_valid(term):
        raise _wrong(name, text, type_)
    return term


def _wrong(name: str, text: str, type_: str) -> QueryError:
    """What a value that is not of a parameter's type is answered with."""
    return QueryError(message("wrong_value", value=text[:100], name=name), advice=_give(type_))


def _give(type_: str) -> Message:
    """What to give for a parameter of a type, as in “Give a year, such as 2014”."""
    known = parameter_example(type_)
    kind: str = message(f"value_{kind_of_value(type_)}", type=type_.removeprefix("@"))
    return message("give_such", kind=kind, such=known) if known else message("give", kind=kind)


def kind_of_value(type_: str) -> str:
    """By what key the strings have the words for values of a parameter's type."""
    if type_.startswith("@"):
        return "language"
    if type_ in ("iri", "text"):
        return type_
    return local_name(type_.strip("<>").removeprefix("xsd:")) if _form(type_) else "other"


_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(\d{4}|[1-9]\d{4,8})"
_MONTH = r"(0[1-9]|1[0-2])"
_DAY = r"(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?"
#: Datatypes whose values have a JSON type of their own, or a form that can be asked for → the type (or types) in JSON,
#: what is written so is taken, and a value.
_FORMS: Mapping[str, tuple[str | list[str], str, str]] = {
    XSD.integer: ("integer", r"[+-]?\d{1,100}", "7"),
    XSD.decimal: ("number", r"[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})", "1.5"),
    XSD.double: ("number", r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?|[+-]?INF|NaN", "1.5"),
    XSD.boolean: ("boolean", r"true|false|0|1", "true"),
    XSD.gYear: (["string", "integer"], rf"{_YEAR}{_ZONE}", "2014"),
    XSD.gYearMonth: ("string", rf"{_YEAR}-{_MONTH}{_ZONE}", "2014-05"),
    XSD.date: ("string", rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}", "2014-05-31"),
    XSD.dateTime: ("string", rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}", "2014-05-31T12:00:00Z"),
}


def parameter_schema(type_: str) -> dict[str, Any]:
    """The JSON Schema of the values of a parameter's type, as far as JSON has a form for it."""
    form = _form(type_)
    if form is None:
        return {"type": "string"}
    return {"type": form[0], "pattern": f"^({form[1]})$"} if "string" in form[0] else {"type": form[0]}


def parameter_pattern(type_: str) -> str | None:
    """A regular expression (ECMA-262) that whole values of a parameter's type match, where one is known."""
    form = _form(type_)
    return f"^({form[1]})$" if form else None


def parameter_example(type_: str) -> str | None:
    """A value of a parameter's type, where one is known."""
    form = _form(type_)
    return form[2] if form else None


def _form(type_: str) -> tuple[str | list[str], str, str] | None:
    return _FORMS.get(XSD[type_.removeprefix("xsd:")] if type_.startswith("xsd:") else type_.strip("<>"))


#: Datatypes beside numbers whose lexical forms the engine knows.
_CAST = frozenset(
    XSD[name]
    for name in (
        "boolean",
        "date",
        "dateTime",
        "time",
        "gYear",
        "gYearMonth",
        "gMonth",
        "gMonthDay",
        "gDay",
        "duration",
    )
)


def is_valid(term: ox.Literal) -> bool:
    """Whether a literal's datatype has its lexical form; so it is for datatypes that are not known here."""
    datatype = term.datatype.value
    if datatype in NUMERIC_TYPES:
        return is_number(term.value, datatype)
    if datatype not in _CAST:
        return True
    solutions = ox.Store().query(f"SELECT (<{datatype}>({ox.Literal(term.value)}) AS ?value) {{}}")
    assert isinstance(solutions, ox.QuerySolutions)
    return term.value == term.value.strip() and next(solutions)["value"] is not None


def term_from_text(text: str, type_: str, prefixes: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    """The term of a text given on a command line, by the type that the query declares.

    `iri` takes an IRI, a prefixed name or the local name of a thing; `@en` makes a text in a language; a
    prefixed name such as `xsd:gYear` makes a typed literal; `text` a plain one.
    """
    if type_ == "iri":
        expanded = expand(text, prefixes)
        if expanded is None:
            if ":" in text:
                advice = f"Known: {', '.join(sorted(filter(None, prefixes)))}. Or write the whole IRI."
                raise QueryError(f"the prefix of “{text}” is not known.", advice=advice)
            expanded = prefixes.get("id", "") + text
        return _iri(expanded)
    if type_ == "text":
        return ox.Literal(text)
    if type_.startswith("@") and _LANGUAGE.fullmatch(type_[1:]):
        return ox.Literal(text, language=type_[1:])
    datatype = expand(type_, prefixes)
    if datatype is None:
        raise QueryError(
            f"“{type_}” is not a valid type of a parameter.", advice="Types: iri, text, @en, xsd:gYear and the like."
        )
    return ox.Literal(text, datatype=ox.NamedNode(datatype))
