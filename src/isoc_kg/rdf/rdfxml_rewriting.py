"""RDF/XML rewritten so that the engine reads it right: the same graph in plainer XML, made piece by piece."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from ..limits import Limits
from ..namespaces import RDF
from .xml_document import RDF_NAME, UNQUALIFIED, XmlDocument
from .xml_literals import SEPARATOR, XmlLiteral, qualified_name

__all__ = ["OWN_PREFIX", "RdfXmlRewriting", "without_marker"]

#: The language of what has none below an element that has one: the engine knows no `xml:lang=""`.
_NO_LANGUAGE = "x-without-language"
OWN_PREFIX = "isoc-kg-rdf"  #: stands for the RDF namespace in what we add
_XML_NAME = "http://www.w3.org/XML/1998/namespace" + SEPARATOR
_PARSE_TYPES = {"Resource", "Collection", "Triple"}  # any other is an XML literal (section 7.2.20)
_PARSE_TYPE = f"{RDF_NAME}parseType{SEPARATOR}"
_TYPE = f"{RDF_NAME}type{SEPARATOR}"
_WITHDRAWN = (f"{RDF_NAME}bagID{SEPARATOR}", f"{RDF_NAME}aboutEach")
_XML_LITERAL = str(RDF.type).removesuffix("type") + "XMLLiteral"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_ESCAPED_IN_TEXT = re.compile("[&<>\r]")
_ESCAPED_IN_VALUE = re.compile('[&<>"\t\n\r]')


class RdfXmlRewriting:
    """A document and the text that stands for it.

    Gone are DOCTYPE, entities, CDATA sections, comments and processing instructions; attributes have their normalised
    and default values; nodes that have no more than rdf:type at a property element are elements; XML literals are typed
    literals; `xml:base` is absolute; `xml:lang=""` is `_NO_LANGUAGE`.
    Raises what `XmlDocument` raises, and `ParseError` for an `xml:base` that is relative to nothing.
    """

    def __init__(self, data: bytes, limits: Limits, base: str | None) -> None:
        self.document = XmlDocument(data, limits)
        self.document.is_rewritten = True
        self._out: list[str] = []
        self._names: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        self._bases: list[tuple[int, str | None]] = [(0, base)]
        self._literal: XmlLiteral | None = None
        self._listen()

    def pieces(self, size: int) -> Iterator[bytes]:
        """The text, in pieces; `size` is how much of the document is parsed at once."""
        for _ in self.document.pieces(size):
            yield self._taken()

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The text that each line of the document became, with the line's number."""
        for number in self.document.lines():
            yield number, self._taken()

    def _taken(self) -> bytes:
        text = "".join(self._out)
        self._out.clear()
        return text.encode("utf-8", "surrogatepass")

    def _listen(self) -> None:
        """Take the events of what is outside XML literals."""
        parser = self.document.parser
        self.document.within_literal = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = None
        parser.ProcessingInstructionHandler = None

    def _start(self, name: str, attributes: list[str]) -> None:
        document = self.document
        if document.depth == 0:
            document.check_references()
        namespaces = document.begin(name, attributes)
        names = self._names
        out = self._out
        out.append("<" + (names.get(name) or self._qualified(name)))
        if document.depth == 1:
            out.append(f' xmlns:{OWN_PREFIX}="{str(RDF.type).removesuffix("type")}"')
        for prefix, iri in namespaces:
            out.append(f' {f"xmlns:{prefix}" if prefix else "xmlns"}="{(iri or "").translate(_VALUE)}"')
        literal = False
        plain = self._plain
        values = iter(attributes)
        node = ""
        for key, value in zip(values, values, strict=True):
            if document.type_alone and (key == "type" or key.startswith(_TYPE)):
                node = f'<{OWN_PREFIX}:Description {OWN_PREFIX}:type="{value.translate(_VALUE)}"/>'
                continue
            name = plain.get(key, "")
            if not name:
                name, value = self._attribute(key, value)
                literal = literal or value is _XML_LITERAL
                if not name:
                    continue
            if _ESCAPED_IN_VALUE.search(value):
                value = value.translate(_VALUE)
            out.append(f' {name}="{value}"')
        out.append(">" + node)
        if literal:
            self._begin_literal()

    def _attribute(self, key: str, value: str) -> tuple[str, str]:
        """The name, empty to leave it out, and the value to write for an attribute; of plain ones the name is kept."""
        if key.startswith(_XML_NAME):
            if key.startswith("base" + SEPARATOR, len(_XML_NAME)):
                return "xml:base", self._base(value)
            if key.startswith("lang" + SEPARATOR, len(_XML_NAME)):
                return "xml:lang", value or _NO_LANGUAGE
            return "", value
        if SEPARATOR not in key and key in UNQUALIFIED:
            key = f"{RDF_NAME}{key}{SEPARATOR}{OWN_PREFIX}"
        if key.startswith(_PARSE_TYPE):
            if value not in _PARSE_TYPES:
                return f"{OWN_PREFIX}:datatype", _XML_LITERAL
            return qualified_name(key), value
        if key.startswith(_WITHDRAWN):
            raise self.document.refuse(f"rdf:{key.split(SEPARATOR)[1]} is not part of RDF/XML any more.")
        name = self._plain[key] = qualified_name(key)
        return name, value

    def _qualified(self, name: str) -> str:
        made = self._names[name] = qualified_name(name)
        return made

    def _end(self, name: str) -> None:
        if self._bases[-1][0] == self.document.depth:
            self._bases.pop()
        self.document.depth -= 1
        self._out.append(f"</{self._names[name]}>")

    def _characters(self, text: str) -> None:
        if self.document.type_alone and not text.isspace():
            raise self.document.refuse(
                "a text in or behind a property element that has rdf:type, which RDF/XML does not allow.",
                advice="The type of a text is rdf:datatype.",
            )
        self._out.append(text.translate(_TEXT) if _ESCAPED_IN_TEXT.search(text) else text)

    def _base(self, value: str) -> str:
        """The absolute form of a base (XML Base, section 4), which from now on holds within the element."""
        around = self._bases[-1][1]
        if not _ABSOLUTE.match(value):
            if around is None:
                raise self.document.refuse(
                    "a relative IRI, and nothing that it could be relative to.",
                    advice="Name what it is relative to: --base IRI, or an xml:base that is a whole IRI.",
                )
            try:
                resolved = next(iter(ox.parse(f"<{value}> <x:p> <x:o> .", ox.RdfFormat.TURTLE, base_iri=around)))
            except (SyntaxError, ValueError):
                raise self.document.refuse(f"“{value}” is not a valid IRI.") from None
            value = str(resolved.subject)[1:-1]
        value = value.partition("#")[0]
        self._bases.append((self.document.depth, value))
        return value

    def _begin_literal(self) -> None:
        literal = XmlLiteral()
        document = self.document
        parser = document.parser

        def start(name: str, attributes: list[str]) -> None:
            document.begin_within_literal(attributes)
            literal.start(name, attributes)

        def end(name: str) -> None:
            if literal.depth:
                document.depth -= 1
                literal.end()
                return
            self._out.append(literal.text.translate(_TEXT))
            self._listen()
            self._end(name)

        document.within_literal = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = literal.characters
        parser.CommentHandler = literal.comment
        parser.ProcessingInstructionHandler = literal.instruction


def without_marker(quad: ox.Quad) -> ox.Quad:
    """The quad as it was meant: what has the language `_NO_LANGUAGE` has none."""
    object_ = quad.object
    if isinstance(object_, ox.Literal) and object_.language == _NO_LANGUAGE:
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(object_.value), quad.graph_name)
    return quad
