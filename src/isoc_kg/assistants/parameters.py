"""The parameters of named queries for assistants: their JSON Schema, and the terms of JSON values."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

from ..errors import QueryError
from ..graph.knowledge_graph import KnowledgeGraph
from ..query import parameter_schema
from ..query.named import NamedQuery, Parameter

__all__ = ["parameters_schema", "query_schema", "term_of"]


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
    schema = parameter_schema(parameter.type)
    kind = "an IRI, a prefixed name, or the name of a thing" if parameter.type == "iri" else parameter.type
    schema["description"] = f"{parameter.text or parameter.name} ({kind})"
    if parameter.default is not None:
        schema["default"] = parameter.default
        if schema["type"] in ("integer", "number", "boolean"):
            with suppress(ValueError):
                schema["default"] = json.loads(parameter.default)
    return schema


def term_of(parameter: Parameter, value: Any, kg: KnowledgeGraph) -> ox.NamedNode | ox.Literal:
    """The term of a JSON value for a parameter. Raises `QueryError` for one that is not of the parameter's type."""
    if not isinstance(value, (bool, int, float, str)):
        raise QueryError(f"“{parameter.name}” must be a text, a number, or true or false.")
    return kg.term_of(parameter, value)
