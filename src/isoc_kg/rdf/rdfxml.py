"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), written straight from sorted lines, or refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO

from ..errors import CannotCarry
from ..namespaces import RDF
from .lines import blocks, literal, split
from .prefixed_names import ShortNames

__all__ = ["write_rdfxml"]

_RDF = str(RDF.type).removesuffix("type")
_LOCAL = rb"[A-Za-z_][A-Za-z0-9_.-]*"
#: Where a property's IRI is cut (https://www.w3.org/TR/xml-names/#NT-NCName): first among the names that every
#: edition of XML has, then among those of the fifth.
_PLAIN_END = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_START = r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_START += r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_WIDE_END = re.compile(rf"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_START}]*\Z")
#: Characters that no XML 1.0 document can hold (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Names in the RDF namespace that no property element may have.
_SYNTAX = {
    f"<{_RDF}{name}>".encode()
    for name in ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "bagID",
                 "aboutEach", "aboutEachPrefix")
}  # fmt: skip
_RESERVED = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")
_LABEL = re.compile(rb"_:(?!x-)[A-Za-z_][A-Za-z0-9_.-]*")
_QUOTE = ord('"')
#: Bytes that only text has in it which must be escaped or refused; \xef\xbf begins U+FFFE and U+FFFF.
_SPECIAL = re.compile(rb'[&<>"\x00-\x1f]|\xef\xbf[\xbe\xbf]')
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;"})


def write_rdfxml(lines: Iterable[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write triples; `CannotCarry` names the first that RDF/XML has no way to write, before anything is written."""
    usable = _usable(tuple(prefixes.items()))
    properties = _Properties(usable)
    body = list(blocks(_descriptions(lines, properties)))
    used = sorted(properties.names.used | {"rdf"})
    declared = "".join(f' xmlns:{name}="{usable[name].translate(_ESCAPES)}"' for name in used)
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'.encode())
    out.writelines(body)
    out.write(b"</rdf:RDF>\n")


@lru_cache(64)
def _usable(prefixes: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The prefixes that XML can have, and its own `rdf`."""
    usable = {
        name: iri
        for name, iri in prefixes
        if re.fullmatch(r"(?!xml)[A-Za-z_][A-Za-z0-9_.-]*", name, re.IGNORECASE) and iri not in (*_RESERVED, _RDF)
    }
    return {name: iri for name, iri in usable.items() if name != "rdf"} | {"rdf": _RDF}


class _Properties(dict[bytes, tuple[bytes, bytes] | None]):
    """Property → name of its element, and what declares the name; None when it has no name."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.names = ShortNames(prefixes, _LOCAL)

    def __missing__(self, token: bytes) -> tuple[bytes, bytes] | None:
        result: tuple[bytes, bytes] | None = None
        name = self.names[token]
        iri = token[1:-1].decode()
        if token in _SYNTAX:
            pass
        elif not name.startswith(b"<"):
            result = name, b""
        elif (end := _PLAIN_END.search(iri) or _WIDE_END.search(iri)) and end.start():
            namespace = iri[: end.start()]
            if namespace not in _RESERVED:
                result = end[0].encode(), f' xmlns="{namespace.translate(_ESCAPES)}"'.encode()
        self[token] = result
        return result


def _descriptions(lines: Iterable[bytes], properties: _Properties) -> Iterator[bytes]:
    last = b""
    for line in lines:
        subject, predicate, token, _ = split(line)
        named = properties[predicate]
        if named is None:
            raise _cannot(line, "the property's IRI does not end in a name that an XML element may have")
        if token.startswith(b"<<"):
            raise _cannot(line, "there is no syntax for triple terms in RDF 1.1")
        if subject != last:
            yield b"%s  <rdf:Description %s>\n" % (
                b"  </rdf:Description>\n" if last else b"",
                _node(subject, b"rdf:about", line),
            )
            last = subject
        name, declaration = named
        if token[0] != _QUOTE:
            yield b"    <%s%s %s/>\n" % (name, declaration, _node(token, b"rdf:resource", line))
            continue
        end = token.rindex(b'"')
        tail = token[end + 1 :]
        attribute = b""
        if tail[:1] == b"@":
            if b"--" in tail:
                raise _cannot(line, "there is no syntax for base directions in RDF 1.1")
            attribute = b' xml:lang="%s"' % tail[1:]
        elif tail:
            attribute = b' rdf:datatype="%s"' % _text(tail[3:-1], line)
        body = token[1:end]
        value = _text(body, line) if b"\\" not in body else _text(literal(token)[0].encode(), line)
        yield b"    <%s%s%s>%s</%s>\n" % (name, declaration, attribute, value, name)
    if last:
        yield b"  </rdf:Description>\n"


def _node(token: bytes, attribute: bytes, line: bytes) -> bytes:
    if token[:1] == b"<":
        return b'%s="%s"' % (attribute, _text(token[1:-1], line))
    label = token[2:] if _LABEL.fullmatch(token) else b"x-" + token[2:].hex().encode()
    return b'rdf:nodeID="%s"' % label


def _text(text: bytes, line: bytes) -> bytes:
    if not _SPECIAL.search(text):
        return text
    decoded = text.decode()
    if _NOT_XML.search(decoded):
        raise _cannot(line, "XML has no way to write one of its characters")
    return decoded.translate(_ESCAPES).encode()


def _cannot(line: bytes, why: str) -> CannotCarry:
    text = line.decode().rstrip("\n")
    return CannotCarry(
        f"RDF/XML cannot carry this triple: {why}.",
        excerpt=text if len(text) <= 300 else text[:300] + "…",
        advice="Choose another format: ttl, nt, nq, trig or jsonld.",
    )
