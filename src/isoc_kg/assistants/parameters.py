"""The parameters of named queries for assistants: their JSON Schema, and the terms of JSON values."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from ..errors import QueryError
from ..namespaces import XSD
from ..query import term_from_text
from ..query.named import NamedQuery, Parameter

__all__ = ["parameters_schema", "query_schema", "term_of"]

#: Datatypes whose values have a JSON type of their own, or a form that can be asked for.
_FORMS: Mapping[str, tuple[str | list[str], str, str]] = {
    XSD.integer: ("integer", r"[+-]?\d{1,100}", "1992"),
    XSD.decimal: ("number", r"[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})", "1.5"),
    XSD.double: ("number", r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?|[+-]?INF|NaN", "1.5"),
    XSD.boolean: ("boolean", r"true|false|0|1", "true"),
    XSD.gYear: (["string", "integer"], r"-?\d{4,9}(Z|[+-]\d\d:\d\d)?", "1992"),
    XSD.gYearMonth: ("string", r"-?\d{4,9}-\d\d(Z|[+-]\d\d:\d\d)?", "1992-06"),
    XSD.date: ("string", r"-?\d{4,9}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "1992-06-15"),
    XSD.dateTime: ("string", r"-?\d{4,9}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "1992-06-15T12:00:00Z"),
}


def parameters_schema(queries: Iterable[NamedQuery]) -> dict[str, Any]:
    """The JSON Schema of the parameters of any of the queries: a form for each query that has some."""
    schemas = [query_schema(query) for query in queries if query.parameters]
    value = {"description": "The parameters of the query; each form below bears the name of its query in its title."}
    return {"type": "object", "default": {}, **value, **({"anyOf": [*schemas, _NONE]} if schemas else {})}


_NONE = {"title": "queries without parameters, or with the defaults", "type": "object", "maxProperties": 0}


def query_schema(query: NamedQuery) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a query's parameters."""
    return {
        "title": query.name,
        "type": "object",
        "properties": {parameter.name: _schema(parameter) for parameter in query.parameters},
        "required": [parameter.name for parameter in query.parameters if parameter.default is None],
        "additionalProperties": False,
    }


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    kind = "an IRI, a prefixed name, or the local name of a thing" if parameter.type == "iri" else parameter.type
    if form := _form(parameter.type):
        schema["type"] = form[0]
        if form[0] not in ("integer", "number", "boolean"):
            schema["pattern"] = f"^({form[1]})$"
    schema["description"] = f"{parameter.text or parameter.name} ({kind})"
    if parameter.default is not None:
        try:
            schema["default"] = json.loads(parameter.default) if form and isinstance(form[0], str) else None
        except ValueError:
            schema["default"] = None
        if schema["default"] is None:
            schema["default"] = parameter.default
    return schema


def _form(type_: str) -> tuple[str | list[str], str, str] | None:
    return _FORMS.get(XSD[type_.removeprefix("xsd:")]) if type_.startswith("xsd:") else None


def term_of(parameter: Parameter, value: Any, prefixes: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    """The term of a JSON value for a parameter. Raises `QueryError` for one that is not of the parameter's type."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (int, float)):
        text = str(value).replace("inf", "INF").replace("nan", "NaN")
    elif isinstance(value, str):
        text = value
    else:
        raise QueryError(f"“{parameter.name}” must be a text, a number, or true or false.")
    form = _form(parameter.type)
    if form and not re.fullmatch(form[1], text):
        raise QueryError(
            f"“{parameter.name}” must be of type {parameter.type}, not “{text[:100]}”.", advice=f"Such as {form[2]}."
        )
    return term_from_text(text, parameter.type, prefixes)
