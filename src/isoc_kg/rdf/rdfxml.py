"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), written by pyoxigraph after a check of what XML lacks."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import BinaryIO

import pyoxigraph as ox

from ..errors import CannotCarry
from ..lazy_patterns import lazy_pattern
from ..namespaces import RDF
from .lines import literal, split
from .tokens import iri_token

__all__ = [
    "rdfxml_description", "rdfxml_may_refuse", "rdfxml_namespaces", "rdfxml_refusals", "rdfxml_text", "write_rdfxml",
]  # fmt: skip

_TYPE = iri_token(RDF.type)
_RDF = str(RDF.type).removesuffix("type")
_START = r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_START += r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
#: The name that an IRI ends in (https://www.w3.org/TR/xml-names/#NT-NCName); what precedes it is its namespace.
_NAME = lazy_pattern(rf"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_START}]*\Z")
_XMLNS = "http://www.w3.org/2000/xmlns/"
#: Names in the RDF namespace that no property element may have.
_SYNTAX = {
    f"<{_RDF}{name}>".encode()
    for name in ("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "bagID",
                 "aboutEach", "aboutEachPrefix")
}  # fmt: skip
#: Characters that no XML 1.0 document can hold (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: One of these is in every canonical line whose object RDF/XML cannot carry; few other lines have one.
_TERM_MARKS = re.compile(rb"<<\("), re.compile(rb"--[lr]t")
_ESCAPE_MARK, _NONCHARACTER = re.compile(rb"\\[bfuU]"), re.compile(rb"\xef\xbf[\xbe\xbf]")
#: A search for these takes a third of the time that `in` does.
_BLANK, _RETURN = re.compile(rb"_:"), re.compile(rb"\\r")
#: A language tag with a capital letter at the end of a line.
_TAG = re.compile(rb"\"@([a-z0-9-]*[A-Z][A-Za-z0-9-]*) \.\n")
_LABEL = re.compile(rb"_:(?!x-)[A-Za-z_][A-Za-z0-9_.-]*")
#: How a class without a name is written: the engine makes element names of classes, but not of blank nodes.
_STAND_IN = re.compile(rb'rdf:nodeID="x-class-([0-9a-f]+)"')
_Prefixes = tuple[tuple[str, str], ...]
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def write_rdfxml(lines: Iterable[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write triples; `CannotCarry` names the first that RDF/XML has no way to write, before anything is written."""
    lines = list(lines)
    for refusal in rdfxml_refusals(lines):
        raise refusal
    properties, classes = _element_names(lines)
    data = b"".join(lines)
    nameless = {class_ for class_ in classes if _namespace(class_) is None}
    if nameless or _BLANK.search(data):
        data = b"".join([_relabelled(line, nameless) for line in lines])
    namespaces = frozenset(filter(None, map(_namespace, properties | classes)))
    tags = {tag.lower(): tag for tag in set(_TAG.findall(data)) if not tag.islower()}
    mended = bool(nameless or tags or _RETURN.search(data))
    text = io.BytesIO()
    ox.serialize(
        ox.parse(data, format=ox.RdfFormat.N_TRIPLES, lenient=True),
        text if mended else out,
        format=ox.RdfFormat.RDF_XML,
        prefixes=_used(tuple(prefixes.items()), namespaces),
    )
    if mended:  # an XML parser would take a carriage return for a line feed
        written = _STAND_IN.sub(_resource, text.getvalue().replace(b"\r", b"&#xD;"))
        for lower, tag in tags.items():  # the engine makes all letters small; in a text it writes no quote as it is
            written = written.replace(b' xml:lang="%s">' % lower, b' xml:lang="%s">' % tag)
        out.write(written)
    out.write(b"\n")


def rdfxml_description(
    text: bytes,
    objects: bytes | None,
    predicates: set[bytes],
    first: Iterable[tuple[bytes, bytes]],
    prefixes: _Prefixes,
) -> bytes | None:
    """What `write_rdfxml` gives for sorted triples, whose lines are a text; None where that takes more than the engine.

    Beside the text there are their objects but IRIs, None where they are known to have nothing that RDF/XML lacks and
    no escape; and predicate and object of the first triple of each subject.
    """
    if objects is not None and (rdfxml_may_refuse(objects, predicates) or _RETURN.search(objects)):
        return None
    if _BLANK.search(text) or _TAG.search(text):
        return None
    classes = [object_ for predicate, object_ in first if predicate == _TYPE]
    namespaces = rdfxml_namespaces(predicates.union(classes))
    return None if namespaces is None else rdfxml_text(text, prefixes, namespaces)


def rdfxml_namespaces(names: Iterable[bytes]) -> frozenset[str] | None:
    """The namespaces of the IRIs of which names of elements are made; None where one has no name at its end."""
    namespaces = set(map(_namespace, names))
    return None if None in namespaces else frozenset(filter(None, namespaces))


def rdfxml_text(text: bytes, prefixes: _Prefixes, namespaces: frozenset[str]) -> bytes:
    """What the engine writes for N-Triples, with the prefixes of these namespaces."""
    written = ox.serialize(
        ox.parse(text, format=ox.RdfFormat.N_TRIPLES, lenient=True),
        format=ox.RdfFormat.RDF_XML,
        prefixes=_used(prefixes, namespaces),
    )
    return (written or b"") + b"\n"


@lru_cache(10_000)
def _used(prefixes: _Prefixes, namespaces: frozenset[str]) -> dict[str, str]:
    """Prefix → namespace, for the prefixes that XML can have and that namespaces need."""
    return {name: iri for iri, name in _usable(prefixes).items() if iri in namespaces}


def rdfxml_may_refuse(data: bytes, predicates: Iterable[bytes]) -> bool:
    """Whether `rdfxml_refusals` may have something for lines, whose text and predicates these are."""
    if not all(map(_is_property, predicates)) or any(mark.search(data) for mark in _TERM_MARKS):
        return True
    return (b"\\" in data and _ESCAPE_MARK.search(data) is not None) or (
        not data.isascii() and _NONCHARACTER.search(data) is not None
    )


def rdfxml_refusals(lines: Sequence[bytes]) -> Iterator[CannotCarry]:
    """What is wrong with each of the triples that RDF/XML has no way to write."""
    properties, _ = _element_names(lines)
    if rdfxml_may_refuse(b"".join(lines), properties):
        yield from filter(None, map(_refusal, lines))


def _element_names(lines: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    """The IRIs of which names of elements are made: properties, and classes that come first of all about a subject."""
    properties: set[bytes] = set()
    classes: set[bytes] = set()
    last = b""
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last and predicate == _TYPE and rest[:1] == b"<" and rest[:2] != b"<<":
            classes.add(rest[:-3])
        else:
            properties.add(predicate)
        last = subject
    return properties, classes


@lru_cache(64)
def _usable(prefixes: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Namespace → prefix, for prefixes that XML can have."""
    return {
        iri: name
        for name, iri in sorted(prefixes, reverse=True)
        if re.fullmatch(r"(?!xml|rdf\Z)[A-Za-z_][A-Za-z0-9_.-]*", name, re.IGNORECASE) and iri not in (_XMLNS, _RDF)
    }


@lru_cache(10_000)
def _namespace(token: bytes) -> str | None:
    """What precedes the name that an IRI's token ends in; None when there is no such name."""
    iri = token[1:-1].decode()
    name = _NAME.search(iri)
    return iri[: name.start()] if name and iri[: name.start()] != _XMLNS else None


@lru_cache(10_000)
def _is_property(token: bytes) -> bool:
    """Whether an element may be named for the property."""
    return _namespace(token) is not None and token not in _SYNTAX


def _refusal(line: bytes) -> CannotCarry | None:
    """What is wrong with a triple that RDF/XML has no way to write."""
    _, predicate, object_, _ = split(line)
    why = None
    if not _is_property(predicate):
        why = "the property's IRI does not end in a name that an XML element may have"
    elif object_.startswith(b"<<"):
        why = "there is no syntax for triple terms in RDF 1.1"
    elif object_.startswith(b'"'):
        value, language, _ = literal(object_)
        if language and "--" in language:
            why = "there is no syntax for base directions in RDF 1.1"
        elif _NOT_XML.search(value):
            why = "XML has no way to write one of its characters"
    if why is None:
        return None
    text = line.decode().rstrip("\n")
    # JSON-LD carries what is of RDF 1.1 only
    formats = "ttl, nt, nq or trig" if why.endswith("in RDF 1.1") else "ttl, nt, nq, trig or jsonld"
    return CannotCarry(
        f"RDF/XML cannot carry this triple: {why}.",
        excerpt=text if len(text) <= 300 else text[:300] + "…",
        advice=f"Choose another format: {formats}.",
    )


def _relabelled(line: bytes, nameless: set[bytes]) -> bytes:
    """The line with labels that XML can have, and with blank nodes in place of classes that have no name."""
    subject, predicate, rest = line.split(b" ", 2)
    object_ = rest[:-3]
    if predicate == _TYPE and object_ in nameless:
        object_ = b"_:x-class-" + object_[1:-1].hex().encode()
    elif object_.startswith(b"_:"):
        object_ = _label(object_)
    return b"%s %s %s .\n" % (_label(subject) if subject.startswith(b"_:") else subject, predicate, object_)


def _label(token: bytes) -> bytes:
    return token if _LABEL.fullmatch(token) else b"_:x-" + token[2:].hex().encode()


def _resource(match: re.Match[bytes]) -> bytes:
    iri = bytes.fromhex(match[1].decode()).decode()
    return f'rdf:resource="{iri.translate(_ESCAPES)}"'.encode()
