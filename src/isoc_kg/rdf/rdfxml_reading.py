"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) for the engine, which reads most of it right but not all.

A scan of the bytes finds whatever the engine is known to read wrong. Without any of it the document goes to the engine
as it is, once an XML parser has found it well-formed; else it is rewritten.
"""

import re
from collections.abc import Iterator

from ..errors import ParseError
from ..limits import Limits
from .rdfxml_rewriting import RdfXmlRewriting
from .xml_document import Checks, NeedsRewriting, XmlDocument
from .xml_marks import XmlMarks

__all__ = ["RdfXmlText"]

_PIECE = 1 << 20
_ROOT = re.compile(rb"<[A-Za-z_:\x80-\xff]")
#: A DOCTYPE that only gives names to plain texts, in the double quotes that the engine wants.
_PLAIN_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+[A-Za-z_:][\w:.-]*\s*\[\s*"
    rb"(?:<!ENTITY\s+[A-Za-z_][\w.-]*\s+\"[^\"&%<>'\s]+\"\s*>\s*)*+\]\s*>"
)
_ENTITY_NAME = re.compile(rb"<!ENTITY\s+([\w.-]+)")
#: White space other than blanks in an attribute's value; the others find where that could be, in far less time.
_SPACE_IN_VALUE = re.compile(rb"=\s*(?:\"[^\"<>\n\t]*+[\n\t]|'[^'<>\n\t]*+[\n\t])")
#: No language, or a base that may be relative: the engine refuses both.
_XML_ATTRIBUTE = re.compile(rb"xml:(?:lang\s*+=\s*+(?:\"\"|'')|base\s*+=\s*+[\"'](?![A-Za-z][A-Za-z0-9+.-]*:))")
_PARSE_TYPE = re.compile(rb":parseType=\"(?:Resource|Collection|Triple)\"")
#: Attributes without a namespace, and withdrawn ones.
_UNUSUAL = re.compile(rb"\s(?:about|ID|resource|type)\s*=\s*[\"']|aboutEach")
_RDF_ROOT = re.compile(rb"<(?:[^\s<>/:]+:)?RDF[\s>]")
#: What is not ASCII among https://www.w3.org/TR/xml/#NT-NameStartChar, and what else names may have behind it.
_NAME_START = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
_NAME_CHARACTER = re.compile("[\u0300-\u036f\u203f\u2040]")
_FEW = 100  # tags that are looked at one by one
_SAMPLE = 1 << 16  # bytes in which a document that has such attributes shows them


class RdfXmlText:
    """A document, `xml_text` made of it, and the text that the engine reads in its place.

    `prefixes` are the namespaces that it declares, all of them once it is read.
    Raises `ParseError` and `LimitExceeded` with the line, without a file.
    """

    def __init__(self, data: bytes, limits: Limits, base: str | None) -> None:
        self.data, self._limits, self._base = data, limits, base
        checks = _needed_checks(data, limits.max_nesting)
        self.rewritten = checks is None
        self.prefixes: dict[str, str] = {}
        if checks is not None:
            document = XmlDocument(data, limits)
            try:
                document.check(checks)
            except NeedsRewriting:
                self.rewritten = True
            except ParseError as error:
                if data.isascii():
                    raise
                document = XmlDocument(_with_older_names(data), limits)
                try:
                    document.check(checks)
                except ParseError:
                    raise error from None
                self.prefixes = {name: iri for name, iri in document.prefixes.items() if (name + iri).isascii()}
            else:
                self.prefixes = document.prefixes

    def read(self) -> Iterator[bytes]:
        """The text in pieces."""
        if self.rewritten:
            yield from self._rewriting().pieces(_PIECE)
        else:
            yield self.data

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The text in pieces, each with the number of the line of the document that it was made of."""
        if self.rewritten:
            yield from self._rewriting().lines()
        else:
            yield from enumerate(self.data.splitlines(keepends=True), 1)

    def _rewriting(self) -> RdfXmlRewriting:
        made = RdfXmlRewriting(self.data, self._limits, self._base)
        self.prefixes = made.document.prefixes
        return made


def _with_older_names(data: bytes) -> bytes:
    """The document with other letters in place of those that names may have since the fifth edition of XML 1.0.

    Expat knows the names of the fourth edition alone; whether a document is well-formed is the same for both.
    """
    text = data.decode("utf-8", "surrogatepass")
    return _NAME_CHARACTER.sub("·", _NAME_START.sub("é", text)).encode("utf-8", "surrogatepass")


def _needed_checks(data: bytes, deepest: int) -> Checks | None:
    """What is to be looked at while the document is parsed; None if the engine would not read it right even then."""
    root = _ROOT.search(data)
    if root is None:
        return Checks.ALL  # not well-formed
    start = root.start()
    end = data.find(b">", start)
    if end < 0 or not _is_plain_prolog(data[:start]):
        return None
    rest = data[end:]
    marks = XmlMarks(rest)
    if marks.markup:
        if b"<![CDATA[" in rest or b"<?" in rest:
            return None
        plain = _without_comments(rest)
        if plain is None:
            return None
        marks = XmlMarks(plain)
    parse_types = data.count(b"parseType")
    if (
        (parse_types and parse_types != len(_PARSE_TYPE.findall(data)))
        or _XML_ATTRIBUTE.search(data)
        or b"bagID" in data
        or _UNUSUAL.search(data, start, start + _SAMPLE)
        or _SPACE_IN_VALUE.search(data, start, end)
        or (marks.spaced and _SPACE_IN_VALUE.search(rest))
    ):
        return None
    if not marks.are_flat(deepest) or not _RDF_ROOT.match(data, start) or not marks.have_usual_places():
        return Checks.ALL
    if not parse_types and b"datatype" not in data:
        return Checks.NONE
    tags = marks.tags_of_several(_FEW)
    alone = tags is not None and not any(b"datatype" in tag or b"parseType" in tag for tag in tags)
    return Checks.NONE if alone else Checks.ATTRIBUTES


def _is_plain_prolog(prolog: bytes) -> bool:
    at = prolog.find(b"<!DOCTYPE")
    if at < 0:
        return True
    match = _PLAIN_DOCTYPE.match(prolog, at)
    if match is None:
        return False
    names = _ENTITY_NAME.findall(match[0])
    return len(set(names)) == len(names)  # the first declaration counts; the engine takes the last


def _without_comments(data: bytes) -> bytes | None:
    """The document without its comments; None if one stands in a text.

    That is beside characters, or perhaps alone between a start tag and an end tag.
    """
    pieces, kept = [], 0
    at = data.find(b"<!--")
    while at >= 0:
        end = data.find(b"-->", at)
        if end < 0:
            break  # not well-formed
        before = data[max(0, at - 200) : at].rstrip()
        after = data[end + 3 : end + 203].lstrip()
        if not before.endswith(b">") or not after.startswith(b"<"):
            return None
        if after.startswith(b"</"):
            tag = before[before.rfind(b"<") :]
            if not tag.startswith(b"</") and not tag.endswith(b"/>"):
                return None
        pieces.append(data[kept:at])
        kept = end + 3
        at = data.find(b"<!--", end)
    return b"".join([*pieces, data[kept:]])
