"""Writing the middle form in any format, the same bytes each time."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from ..formats import JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format
from .jsonld import write_jsonld
from .lines import triples
from .rdfxml import write_rdfxml
from .turtle import write_trig, write_turtle

__all__ = ["write"]


def write(
    lines: list[bytes],
    format: Format,  # noqa: A002 – the word that everybody uses
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: Any = None,
) -> None:
    """Write the middle form to a binary file.

    Formats without named graphs get the union of all graphs. `context` is a JSON-LD context (the value of
    `@context`) whose terms are used; without one only prefixes are. Raises `CannotCarry` naming the triple
    that the format has no way to write; nothing has been written then.
    """
    if format is NQUADS:
        out.writelines(lines)
    elif format is NTRIPLES:
        out.writelines(triples(lines))
    elif format is JSONLD:
        write_jsonld(lines, out, prefixes, context)
    elif format is TURTLE:
        write_turtle(lines, out, prefixes)
    elif format is TRIG:
        write_trig(lines, out, prefixes)
    else:
        write_rdfxml(triples(lines), out, prefixes)
