"""A page of a named query's solutions, made of its whole result where that is made."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from ...query.solutions import token_in_json

__all__ = ["dumped", "paged"]

_SOLUTIONS = ("application/sparql-results+json", "application/json")


def paged(text: str, head: dict[str, Any], body: bytes, page: tuple[int, int, str]) -> tuple[dict[str, Any], bytes]:
    """Head and body of one page: its number, how many solutions are on one, its media type (JSON or CSV).

    The head says how many solutions there are in `total`. What are no solutions, such as a graph, stays as it is.
    """
    number, size, type_ = page
    if head["status"] != 200 or head["type"] not in _SOLUTIONS:
        return head, body
    value = json.loads(body)
    if "boolean" in value:
        return head | {"type": "application/json"}, dumped({"query": text, "boolean": value["boolean"]} | _notes(head))
    if "results" not in value:
        return head, body
    names, rows = value["head"]["vars"], value["results"]["bindings"]
    part = slice((number - 1) * size, number * size)
    shown = rows[part]
    head = head | {"type": type_, "total": len(rows)}
    if type_ == "text/csv":
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(names)
        writer.writerows([_text(row.get(name)) for name in names] for row in shown)
        return head, out.getvalue().encode()
    about = {"query": text, "total": len(rows), "page": number, "size": size}
    behind = {name: value[name] for name in ("why", "why_incomplete", "cut") if name in value}
    if "why" in behind:
        behind["why"] = behind["why"][part]
    return head, dumped(about | {"variables": names, "solutions": shown} | behind | _notes(head))


def _text(term: Mapping[str, Any] | None) -> str:
    """A term as CSV has it."""
    if term is None:
        return ""
    return token_in_json(term).decode() if term["type"] == "triple" else str(term["value"])


def _notes(head: dict[str, Any]) -> dict[str, Any]:
    """The member for what is to be known of a result: why it is empty, what may be wrong in it."""
    return {"notes": head["notes"]} if head.get("notes") else {}


def dumped(value: Any) -> bytes:
    """JSON as it is sent."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
