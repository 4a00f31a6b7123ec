"""Results of queries as they come over the wire."""

import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from ..errors import ParseError

__all__ = ["read_json_results"]


def read_json_results(body: bytes) -> tuple[list[str], list[dict[str, bytes]]]:
    """Variables and solutions of a SELECT query's JSON results; terms are canonical N-Triples tokens.

    Whatever is in them is checked: a token never holds more than its one term. Raises `ParseError` for what is not
    https://www.w3.org/TR/sparql11-results-json/.
    """
    try:
        value = json.loads(body)
        variables = [str(name) for name in value["head"]["vars"]]
        rows = [{name: str(_term(term)).encode() for name, term in row.items()} for row in value["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(f"these are no SPARQL results in JSON: {error!r:.200}") from None
    return variables, rows


def _term(value: Mapping[str, Any]) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    kind, content = value["type"], value["value"]
    if kind == "uri":
        return ox.NamedNode(content)
    if kind == "bnode":
        return ox.BlankNode(content)
    if kind == "triple":
        return ox.Triple(*(_term(content[part]) for part in ("subject", "predicate", "object")))  # type: ignore[arg-type]
    if "xml:lang" in value:
        return ox.Literal(content, language=value["xml:lang"])
    datatype = value.get("datatype")
    return ox.Literal(content, datatype=ox.NamedNode(datatype) if datatype else None)
