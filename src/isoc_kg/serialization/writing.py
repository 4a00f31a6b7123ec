"""Writing the middle form in any format, the same bytes each time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import pyoxigraph as ox

from ..errors import CannotCarry
from ..formats import JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format
from .jsonld import write_jsonld
from .lines import split, triples
from .turtle import write_trig, write_turtle

__all__ = ["write"]


def write(
    lines: list[bytes],
    format: Format,  # noqa: A002
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: Mapping[str, Any] | None = None,
) -> None:
    """Write the middle form to a binary file.

    Formats without named graphs get the union of all graphs. `context` is a JSON-LD context (the value of
    `@context`) whose terms are used; without one only prefixes are. Raises `CannotCarry` naming the triple
    that the format has no way to write.
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
        # The lines come out of our own parser, so nothing in them is checked again.
        parsed = ox.parse(b"".join(_xml_can_carry(triples(lines))), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        ox.serialize(parsed, out, format=format.engine, prefixes=_used(lines, prefixes))


def _used(lines: list[bytes], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes whose namespace begins a property's IRI: the only names that RDF/XML shortens."""
    properties = {line.split(b" ", 2)[1] for line in lines}
    return {n: i for n, i in sorted(prefixes.items()) if any(p.startswith(b"<" + i.encode()) for p in properties)}


#: The local part that RDF/XML needs at the end of a property's IRI (https://www.w3.org/TR/xml-names/#NT-NCName).
_NC_NAME_END = re.compile(r"[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff][-.\w\u00b7]*$")
#: Characters that no XML 1.0 document can hold (https://www.w3.org/TR/xml/#charsets), as N-Triples writes them.
_NO_XML_CHARACTER = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:u00(?:0[0-8BbCcEeFf]|1[0-9A-Fa-f])|[bf])|\xef\xbf[\xbe\xbf]")


def _xml_can_carry(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, as long as RDF/XML can write them (https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising)."""
    named: dict[bytes, bool] = {}
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if predicate not in named:
            named[predicate] = _NC_NAME_END.search(predicate[1:-1].decode()) is not None
        if not named[predicate]:
            raise _cannot(line, "the property's IRI does not end in an XML name")
        if subject.startswith(b"<<") or object_.startswith(b"<<"):
            raise _cannot(line, "there is no syntax for triple terms in RDF 1.1")
        if object_.startswith(b'"'):
            if _NO_XML_CHARACTER.search(object_):
                raise _cannot(line, "XML has no way to write one of its characters")
            if b"--" in object_[object_.rindex(b'"') :] and object_[object_.rindex(b'"') + 1 :].startswith(b"@"):
                raise _cannot(line, "there is no syntax for base directions in RDF 1.1")
        yield line


def _cannot(line: bytes, why: str) -> CannotCarry:
    text = line.decode().rstrip("\n")
    return CannotCarry(
        f"RDF/XML cannot carry this triple: {why}.",
        excerpt=text if len(text) <= 300 else text[:300] + "…",
        advice="Choose another format: ttl, nt, nq, trig or jsonld.",
    )
