"""What a document is that is not in the format it was taken for, so that a message can name it."""

import re
from collections import deque
from typing import NamedTuple

import pyoxigraph as ox

from ..formats import JSONLD, NQUADS, NTRIPLES, OTHER_SYNTAXES, RDFXML, TRIG, TURTLE, Format, format_from_content

__all__ = ["Recognized", "foreign_json", "foreign_xml", "recognized"]

_START = 4096
_BASE = "x-isoc-kg-base:/"
_FEW = 100
_LINES = (NTRIPLES, NQUADS, TURTLE, TRIG)


class Recognized(NamedTuple):
    """What a document looks like, and what its user can do about it."""

    label: str
    advice: str


_FETCH = "Fetch the file again: a server may answer with a page of its own, or ask for Accept: text/turtle."
_DECOMPRESS = "Decompress it first."
_NOT_RDF = "Name a file that is RDF."

#: What is no RDF, by how it begins.
_OTHERS: tuple[tuple[re.Pattern[bytes], Recognized], ...] = tuple(
    (re.compile(pattern, re.DOTALL), Recognized(label, advice))
    for pattern, label, advice in (
        (
            rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\0|\x28\xb5\x2f\xfd",
            "a compressed file within a compressed one",
            _DECOMPRESS,
        ),
        (rb"PK[\x03\x05]", "a zip archive", _DECOMPRESS),
        (rb"%PDF-", "a PDF document", _NOT_RDF),
        (
            rb"version https://git-lfs\.github\.com/",
            "a pointer to a file in Git LFS",
            "Fetch the file itself: git lfs pull.",
        ),
        (
            rb"\s*(?:<!--(?>.*?-->)\s*)*+(?i:<!DOCTYPE\s+html\b|<html\b[^>]*>\s*<(?:head|body|meta|title|!--))",
            "a web page (HTML)",
            _FETCH,
        ),
        (rb"\s*(?:Prefix\s*\(\s*[\w-]*:\s*=|Ontology\s*\(\s*<)", *OTHER_SYNTAXES["ofn"]),
        (rb"\s*(?:Prefix:\s+[\w-]*:\s*<|Ontology:\s*<)", *OTHER_SYNTAXES["omn"]),
        (rb"\s*format-version:\s", *OTHER_SYNTAXES["obo"]),
        (rb"\$HDT", *OTHER_SYNTAXES["hdt"]),
    )
)  # fmt: skip

#: XML that is no RDF/XML, by the namespace of its root.
_XML = {
    b"http://www.w3.org/1999/xhtml": Recognized("a web page (XHTML)", _FETCH),
    b"http://www.w3.org/2000/svg": Recognized("a drawing (SVG)", _NOT_RDF),
    b"http://www.w3.org/2005/Atom": Recognized("a feed (Atom)", _NOT_RDF),
    b"http://www.w3.org/1998/Math/MathML": Recognized("a formula (MathML)", _NOT_RDF),
    b"http://www.w3.org/2001/XMLSchema": Recognized("an XML schema", _NOT_RDF),
    b"http://www.w3.org/1999/XSL/Transform": Recognized("an XSLT stylesheet", _NOT_RDF),
    b"http://www.w3.org/2004/03/trix/trix-1/": Recognized(*OTHER_SYNTAXES["trix"]),
    b"http://www.w3.org/2005/sparql-results#": Recognized("results of a SPARQL query", _NOT_RDF),
}
_OWL = b"http://www.w3.org/2002/07/owl#"
_OWL_XML = Recognized(*OTHER_SYNTAXES["owx"])
_RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROOT = re.compile(
    rb"\s*(?:<\?(?>.*?\?>)\s*|<!--(?>.*?-->)\s*|<!DOCTYPE[^\[>]*+(?:\[(?>.*?\])\s*)?>\s*)*+"
    rb"<(?:(?P<prefix>[\w.-]+):)?(?P<name>[\w.-]+)(?P<rest>[^>]*)",
    re.DOTALL,
)


_RDF_JSON = re.compile(
    rb"\s*\{\s*\"(?:[A-Za-z][\w+.-]*|_):[^\"\\]*\"\s*:\s*\{\s*\"[A-Za-z][\w+.-]*:[^\"\\]*\"\s*:\s*\[\s*\{"
    rb"(?:\s*\"(?:value|lang|datatype)\"\s*:\s*\"(?:[^\"\\]|\\.)*+\"\s*,)*\s*\"type\"\s*:\s*\"(?:uri|literal|bnode)\"",
    re.DOTALL,
)


def foreign_xml(data: bytes) -> Recognized | None:
    """What an XML document (UTF-8) is that no RDF/XML could be meant by; None for what may be RDF/XML.

    RDF/XML may have any root (https://www.w3.org/TR/rdf-syntax-grammar/#doc), so that a web page would be read as a
    description of a thing of the class html.
    """
    root = _ROOT.match(data[: 4 * _START])
    if root is None:
        return None
    name = b"xmlns:" + root["prefix"] if root["prefix"] else b"xmlns"
    declared = re.search(rb"(?<![\w:.-])%b\s*=\s*[\"']([^\"']*)" % re.escape(name), root["rest"])
    namespace = declared[1] if declared else b""
    if namespace == _OWL and root["name"] == b"Ontology" and (b"ontologyIRI" in root["rest"] or _RDF not in data):
        return _OWL_XML
    return _XML.get(namespace)


def foreign_json(data: bytes) -> Recognized | None:
    """What a JSON document is that JSON-LD would read as other statements; None for what may be JSON-LD.

    In RDF/JSON (https://www.w3.org/TR/rdf-json/) values are objects of `type` and `value`, terms of no context.
    """
    return Recognized(*OTHER_SYNTAXES["rj"]) if _RDF_JSON.match(data[:_START]) else None


def recognized(data: bytes, taken_for: Format) -> Recognized | None:
    """What a document looks like that could not be read in a format; None when nothing better is known.

    Formats that are near to each other are told apart by reading the document.
    """
    start = data[:_START].removeprefix(b"\xef\xbb\xbf")
    for pattern, other in _OTHERS:
        if pattern.match(start):
            return other
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")) and not _is_utf8(start):
        return Recognized("a binary file", _NOT_RDF)
    if of_xml_or_json := foreign_xml(data) or foreign_json(data):
        return of_xml_or_json
    shown = format_from_content(data)
    if shown not in (RDFXML, JSONLD) and (shown or taken_for in _LINES):
        # what its own format can read, but for relative IRIs, is in it
        candidates = () if taken_for in _LINES and _reads(data, taken_for) else _LINES
        near = (item for item in candidates if item is not taken_for and _reads(data, item))
        shown = next(near, None if taken_for in _LINES else shown)
    if shown is None or shown is taken_for:
        return None
    return Recognized(shown.label, f"Name the format (--from {shown.name}), or give the file the ending .{shown.name}.")


def _reads(data: bytes, format_: Format) -> bool:
    if data.count(b"<<") > _FEW:  # nesting, which the parser does not bound
        return False
    try:
        deque(ox.parse(data, format_.engine, base_iri=_BASE), maxlen=0)
    except (SyntaxError, ValueError, MemoryError):
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.end == len(data)
    return True
