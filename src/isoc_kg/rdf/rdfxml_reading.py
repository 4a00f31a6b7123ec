"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) for the engine, which reads most of it right but not all.

A scan of the bytes finds whatever the engine is known to read wrong. Without any of it the document goes to the engine
as it is, once an XML parser has found it well-formed; else it is rewritten.
"""

import re
from collections.abc import Iterator

from ..errors import ParseError
from ..limits import Limits
from .rdfxml_rewriting import RdfXmlRewriting
from .xml_document import XmlDocument

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
_LINE_FEED_IN_TAG = re.compile(rb"\n[ \t]*+(?![\s<])[^<>]*+>")
_TAB_IN_TAG = re.compile(rb"\t *+(?![\s<])[^<>]*+>")
_DATATYPE_OF_RESOURCE = re.compile(
    rb":datatype=\"[^\"]*+\"\s++[^\s=<>:]++:resource=|:resource=\"[^\"]*+\"\s++[^\s=<>:]++:datatype="
)
_MARKUP = re.compile(rb"<[!?]")
_NO_LANGUAGE = re.compile(rb"xml:lang\s*=\s*(?:\"\"|'')")
_RELATIVE_BASE = re.compile(rb"xml:base\s*=\s*[\"'](?![A-Za-z][A-Za-z0-9+.-]*:)")
_PARSE_TYPE = re.compile(rb"<[^\s<>]++\s++[^\s<>=]*:parseType=\"(?:Resource|Collection|Triple)\"\s*+/?>")
#: Attributes without a namespace, and withdrawn ones.
_UNUSUAL = re.compile(rb"\s(?:about|ID|resource|type)\s*=\s*[\"']|bagID|aboutEach")
#: What is not ASCII among https://www.w3.org/TR/xml/#NT-NameStartChar, and what else names may have behind it.
_NAME_START = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
_NAME_CHARACTER = re.compile("[\u0300-\u036f\u203f\u2040]")
_CHUNK = 1 << 12
_SAMPLE = 1 << 16  # bytes in which a document that has such attributes shows them


class RdfXmlText:
    """A document, `xml_text` made of it, and the text that the engine reads in its place.

    Raises `ParseError` and `LimitExceeded` with the line, without a file.
    """

    def __init__(self, data: bytes, limits: Limits, base: str | None) -> None:
        self.data, self._limits, self._base = data, limits, base
        self.rewritten = not _is_ordinary(data)
        if not self.rewritten:
            counted = not _is_flat(data, limits.max_nesting)
            try:
                XmlDocument(data, limits).check(counted=counted)
            except ParseError as error:
                if data.isascii():
                    raise
                try:
                    XmlDocument(_with_older_names(data), limits).check(counted=counted)
                except ParseError:
                    raise error from None

    def read(self) -> Iterator[bytes]:
        """The text in pieces."""
        if self.rewritten:
            yield from RdfXmlRewriting(self.data, self._limits, self._base).pieces(_PIECE)
        else:
            yield self.data

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The text in pieces, each with the number of the line of the document that it was made of."""
        if self.rewritten:
            yield from RdfXmlRewriting(self.data, self._limits, self._base).lines()
        else:
            yield from enumerate(self.data.splitlines(keepends=True), 1)


def _with_older_names(data: bytes) -> bytes:
    """The document with other letters in place of those that names may have since the fifth edition of XML 1.0.

    Expat knows the names of the fourth edition alone; whether a document is well-formed is the same for both.
    """
    text = data.decode("utf-8", "surrogatepass")
    return _NAME_CHARACTER.sub("·", _NAME_START.sub("é", text)).encode("utf-8", "surrogatepass")


def _is_ordinary(data: bytes) -> bool:
    """Whether the engine reads the document right if it is well-formed."""
    root = _ROOT.search(data)
    if root is None:
        return True  # and not well-formed
    start = root.start()
    end = data.find(b">", start)
    if not _is_plain_prolog(data[:start]):
        return False
    if _MARKUP.search(data, start) and (
        b"<![CDATA[" in data or data.find(b"<?", start) >= 0 or _has_comment_in_text(data, start)
    ):
        return False
    return not (
        data.count(b"parseType") != len(_PARSE_TYPE.findall(data))
        or (b"xml:lang" in data and _NO_LANGUAGE.search(data))
        or (b"xml:base" in data and _RELATIVE_BASE.search(data))
        or _DATATYPE_OF_RESOURCE.search(data)
        or _UNUSUAL.search(data, start, start + _SAMPLE)
        or _SPACE_IN_VALUE.search(data, start, end)
        or (
            (_LINE_FEED_IN_TAG.search(data, end) or (b"\t" in data and _TAB_IN_TAG.search(data, end)))
            and _SPACE_IN_VALUE.search(data, end)
        )
    )


def _is_flat(data: bytes, deepest: int) -> bool:
    """Whether a count of tags is enough to see that no element is too deep, and none has too many attributes.

    It is when `<` and `>` occur in tags alone, which they do when there are as many of them and no comment has one.
    """
    start = data.find(b"<?xml") + 1
    if data.count(b"<") != data.count(b">") or _MARKUP.search(data, start):
        return False
    depth = 0
    for at in range(start, len(data), _CHUNK):
        chunk = data[at : at + _CHUNK + 1]  # a mark of two characters may lie across the end
        tags = chunk.count(b"<", 0, _CHUNK)
        closing = chunk.count(b"</")
        opening = tags - closing - chunk.count(b"/>")
        if depth + opening > deepest or not tags:
            return False
        depth += opening - closing
    return True


def _is_plain_prolog(prolog: bytes) -> bool:
    at = prolog.find(b"<!DOCTYPE")
    if at < 0:
        return True
    match = _PLAIN_DOCTYPE.match(prolog, at)
    if match is None:
        return False
    names = _ENTITY_NAME.findall(match[0])
    return len(set(names)) == len(names)  # the first declaration counts; the engine takes the last


def _has_comment_in_text(data: bytes, start: int) -> bool:
    """Whether a comment stands in a text: beside characters, or perhaps alone between a start tag and an end tag."""
    at = data.find(b"<!--", start)
    while at >= 0:
        end = data.find(b"-->", at)
        if end < 0:
            return False  # not well-formed
        before = data[max(0, at - 200) : at].rstrip()
        after = data[end + 3 : end + 203].lstrip()
        if not before.endswith(b">") or not after.startswith(b"<"):
            return True
        if after.startswith(b"</"):
            tag = before[before.rfind(b"<") :]
            if not tag.startswith(b"</") and not tag.endswith(b"/>"):
                return True
        at = data.find(b"<!--", end)
    return False
