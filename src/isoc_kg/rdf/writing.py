"""Writing the middle form in any format, the same bytes each time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import CannotCarry
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from .jsonld import jsonld_may_refuse, jsonld_refusals, write_jsonld
from .lines import triples
from .rdfxml import rdfxml_may_refuse, rdfxml_refusals, write_rdfxml
from .reading_order import ReadingOrder
from .turtle import write_trig, write_turtle

__all__ = ["carries", "refusals", "write"]


def refusals(lines: Sequence[bytes], format: Format) -> Iterator[CannotCarry]:  # noqa: A002
    """What is wrong with each of the lines that a format has no way to write; nothing for formats that write all."""
    if format is JSONLD:
        return jsonld_refusals(lines)
    return rdfxml_refusals(lines) if format is RDFXML else iter(())


def carries(objects: bytes, predicates: Iterable[bytes], format: Format) -> bool:  # noqa: A002
    """Whether a format has a way to write triples with these predicates: when there are no `refusals`.

    Their objects but IRIs and blank nodes are given as one text. False where only `refusals` tell.
    """
    if format is JSONLD:
        return not jsonld_may_refuse(objects)
    return format is not RDFXML or not rdfxml_may_refuse(objects, predicates)


def write(
    lines: list[bytes],
    format: Format,  # noqa: A002 – the word that everybody uses
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: Any = None,
    contexts: Mapping[str, Path] | None = None,
    order: ReadingOrder | None = None,
) -> None:
    """Write the middle form to a binary file.

    Formats without named graphs get the union of all graphs. `context` is a JSON-LD context (the value of
    `@context`) whose terms are used; without one only prefixes are. `contexts` are copies of the remote contexts that
    it names, by their addresses: the document names them, too. `order` is the one of blocks and properties in Turtle
    and TriG; N-Triples and N-Quads stay sorted. Raises `CannotCarry` naming the triple
    that the format has no way to write; nothing has been written then.
    """
    if format is NQUADS:
        out.writelines(lines)
    elif format is NTRIPLES:
        out.writelines(triples(lines))
    elif format is JSONLD:
        write_jsonld(lines, out, prefixes, context, contexts)
    elif format is TURTLE:
        write_turtle(lines, out, prefixes, order or ReadingOrder())
    elif format is TRIG:
        write_trig(lines, out, prefixes, order or ReadingOrder())
    else:
        write_rdfxml(triples(lines), out, prefixes)
