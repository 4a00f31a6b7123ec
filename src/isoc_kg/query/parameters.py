"""Parameters: values become terms, and terms replace variables; a value never becomes part of the text."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from ..errors import QueryError
from ..iris import expand
from ..namespaces import XSD

__all__ = ["term_from_text", "term_from_value"]

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise QueryError(f"“{text}” is no IRI: {error}.", advice="Write an IRI or a prefixed name.") from None


def term_from_value(value: Any) -> ox.NamedNode | ox.Literal:
    """The term of a Python value; texts are texts, also those that look like IRIs.

    An IRI is given as `IRI` (a solution's value) or as a pyoxigraph or rdflib `NamedNode`/`URIRef`.
    """
    if isinstance(value, (ox.NamedNode, ox.Literal)):
        return value
    kind = type(value).__name__
    if kind in ("IRI", "URIRef"):
        return _iri(str(value))
    if isinstance(value, bool):
        return ox.Literal("true" if value else "false", datatype=ox.NamedNode(XSD.boolean))
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD.integer))
    if isinstance(value, Decimal):
        return ox.Literal(format(value, "f"), datatype=ox.NamedNode(XSD.decimal))
    if isinstance(value, float):
        return ox.Literal(repr(value).replace("inf", "INF").replace("nan", "NaN"), datatype=ox.NamedNode(XSD.double))
    if isinstance(value, datetime):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD.dateTime))
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD.date))
    if isinstance(value, str):
        language = getattr(value, "language", None)
        return ox.Literal(str(value), language=language) if language else ox.Literal(str(value))
    raise QueryError(f"a parameter cannot be a {kind}.", advice="Give a text, number, date or IRI.")


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
            f"“{type_}” is no type of a parameter.", advice="Types: iri, text, @en, xsd:gYear and the like."
        )
    return ox.Literal(text, datatype=ox.NamedNode(datatype))
