"""XML documents parsed by expat within limits: whether one is well-formed, and its events for those who rewrite it."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from xml.parsers import expat

from ..errors import LimitExceeded, ParseError
from ..iris import is_absolute
from ..limits import Limits
from ..namespaces import RDF
from .xml_literals import SEPARATOR

__all__ = ["RDF_NAME", "UNQUALIFIED", "Checks", "NeedsRewriting", "XmlDocument"]

RDF_NAME = str(RDF.type).removesuffix("type") + SEPARATOR  #: what precedes a local name of the RDF namespace
_ROOT_NAME = f"{RDF_NAME}RDF"
_PIECE = 1 << 20
_MOST_ATTRIBUTES = 1000  # of one element; the time that the engine needs grows with their square
_MOST_PREFIXES = 1000  # of a document; what are declared beyond these are not known as prefixes
_MOST_NESTED_ENTITIES = 64  # entities that name others; older parsers descend once for each
#: Of the names that XML allows, those that Turtle and SPARQL take as prefixes too (both have PN_PREFIX).
_PREFIX = re.compile(r"[^\W\d_](?:[\w.-]*[\w-])?")
_ENTITY_REFERENCE = re.compile(rb"&([^#\s;&<>\"'][^\s;&<>\"']*);")
_PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}
_PARSE_TYPE, _RESOURCE = "parseType", "resource"
_DATATYPE, _ABOUT, _TYPE = "datatype", "about", "type"
#: Attributes that may stand without a namespace (RDF 1.1 XML Syntax, section 6.1.4).
UNQUALIFIED = frozenset({_ABOUT, "ID", _RESOURCE, _PARSE_TYPE, _TYPE})
_OBJECTS = {_RESOURCE, _DATATYPE, "nodeID"}  # what says what an object is, of which there is one
#: Attributes of the RDF namespace that may stand beside rdf:parseType or rdf:datatype (the latter three are RDF 1.2's).
_BESIDE_PARSE_TYPE = {"ID", "annotation", "annotationNodeID", "version"}
_ELSEWHERE = {"Description"}  # names that no attribute has
_NOT_OF_NODES, _NOT_OF_PROPERTIES = {_RESOURCE, _DATATYPE} | _ELSEWHERE, {_ABOUT} | _ELSEWHERE
#: Namespaces of attributes that may stand anywhere (those of the RDF namespace have their own rules).
_ANYWHERE = (RDF_NAME, "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2005/11/its")


class Checks(Enum):
    """What of a document's elements is looked at, beyond what makes it well-formed."""

    NONE = auto()
    ATTRIBUTES = auto()  #: which of them stand together
    ALL = auto()  #: and how many there are, and how deep elements are nested


class NeedsRewriting(Exception):
    """The document is allowed as it is, but the engine would read it wrong."""


class _Place(Enum):
    """What the elements within an element are."""

    NODES = auto()
    PROPERTIES = auto()
    NONE = auto()  #: there are none, for it has a datatype
    EMPTY = auto()  #: there is nothing, for it has a type


class XmlDocument:
    """A document in UTF-8 that is parsed: `check` says whether it is well-formed RDF/XML as far as XML can tell.

    Whoever rewrites it sets handlers at `parser` and calls `begin` for each element. Raises `ParseError` and
    `LimitExceeded` with the line, without a file. `prefixes` fills with the namespaces that `xmlns:` declares outside
    XML literals: of those with one prefix the first, so those of the root element; `xmlns` alone counts only there.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.depth = 0
        self.prefixes: dict[str, str] = {}
        self.within_literal = False
        self._root: int | None = None
        self._limits = limits
        self._declared: set[str] = set()
        self._namespaces: list[tuple[str | None, str | None]] = []
        self._outside = False  # whether entities may be declared where nothing is read
        self._nested = 0
        self._within: list[_Place] = []  # of each open element
        self.is_rewritten = False
        self.type_alone = False  #: of the last property element: its only property is rdf:type, among the attributes
        # the separator tells namespaces apart; that a name occurs twice under two prefixes is then an error, too
        self.parser = parser = expat.ParserCreate("UTF-8", SEPARATOR)
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._external
        parser.SkippedEntityHandler = self._skipped
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self.begin
        parser.EndElementHandler = self._end

    def check(self, checks: Checks) -> None:
        """Parse all of it, and look at no more than that: to see elements takes as long again as to parse them."""
        if checks is not Checks.ALL:
            self.parser.StartElementHandler = None if checks is Checks.NONE else self._check_attributes
            self.parser.EndElementHandler = None
            self.depth = 1
        for _ in self.pieces(_PIECE):
            pass

    def pieces(self, size: int) -> Iterator[None]:
        """Parse the document piece by piece; after each, what the handlers gathered can be taken."""
        data = self.data
        for start in range(0, len(data), size):
            self._parse(data[start : start + size], final=False)
            yield
        self._parse(b"", final=True)
        yield

    def lines(self) -> Iterator[int]:
        """Parse the document line by line; the number of the line that was parsed."""
        number = 0
        for number, line in enumerate(self.data.splitlines(keepends=True), 1):
            self._parse(line, final=False)
            yield number
        self._parse(b"", final=True)
        yield number

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code) or "not XML"
            if "amplification" in what:
                raise LimitExceeded(
                    "the entities of its DOCTYPE make it more than a hundred times as long.",
                    line=error.lineno,
                    advice="Write their values out.",
                ) from None
            advice = None
            if "no element found" in what:
                what = "the document ends before its root element does" if self.depth else "there is no element in it"
                advice = "The file may be cut off: fetch or write it again."
            elif "XML or text declaration" in what:
                advice = "Nothing may stand before <?xml …?>, not even a space or an empty line."
            elif "undefined entity" in what:
                advice = "Declare it in the DOCTYPE, or write the character itself or &#…; in its place."
            raise ParseError(
                f"not well-formed XML: {what}.", line=error.lineno, column=error.offset + 1, advice=advice
            ) from None
        except UnicodeDecodeError as error:  # a surrogate in UTF-8, which expat lets pass
            raise ParseError(f"not well-formed XML: {error.reason}.", line=self.parser.CurrentLineNumber) from None

    def refuse(self, message: str, advice: str | None = None) -> ParseError:
        """An error at the place where the parser stands."""
        parser = self.parser
        return ParseError(message, line=parser.CurrentLineNumber, column=parser.CurrentColumnNumber + 1, advice=advice)

    def begin(self, name: str, attributes: list[str]) -> Sequence[tuple[str | None, str | None]]:
        """Count an element's depth and attributes, and refuse combinations that RDF/XML's grammar has not.

        The namespaces that it declares, prefix and IRI, None for none.
        """
        self._descend()
        self._check_place(name, attributes)
        if len(attributes) > 2:  # names and values in turn
            self._check_count(len(attributes) // 2)
            self._check_together(attributes[::2])
        if not self._namespaces:
            return ()
        return self._namespaces_begun()

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > self._limits.max_nesting:
            raise LimitExceeded(
                f"elements nested more than {self._limits.max_nesting} deep.",
                line=self.parser.CurrentLineNumber,
                advice="Flatten them, or raise max_nesting under [limits] in kg.toml.",
            )

    def _namespaces_begun(self) -> Sequence[tuple[str | None, str | None]]:
        namespaces, self._namespaces = self._namespaces, []
        self._check_count(len(namespaces))
        return namespaces

    def begin_within_literal(self, attributes: list[str]) -> None:
        """The same for an element of an XML literal, which may have any attributes."""
        self._descend()
        if self._namespaces:
            self._namespaces_begun()
        self._check_count(len(attributes) // 2)

    def _check_attributes(self, _: str, attributes: list[str]) -> None:
        if len(attributes) > 2:
            self._check_together(attributes[::2])

    def _check_count(self, count: int) -> None:
        if count > _MOST_ATTRIBUTES:
            raise LimitExceeded(
                f"an element of more than {_MOST_ATTRIBUTES:,} attributes.",
                line=self.parser.CurrentLineNumber,
                advice="Write them as elements within it.",
            )

    def _check_together(self, names: list[str]) -> None:
        """Refuse attributes that exclude each other (RDF 1.1 XML Syntax, sections 7.2.15 to 7.2.21)."""
        qualified = {name.split(SEPARATOR)[1] for name in names if name.startswith(RDF_NAME)}
        if twice := sorted(qualified.intersection(UNQUALIFIED, names)):
            raise self.refuse(f"{twice[0]} beside rdf:{twice[0]}, which is the same attribute.")
        own = qualified.union(name for name in names if name in (_PARSE_TYPE, _RESOURCE))
        alone = _PARSE_TYPE if _PARSE_TYPE in own else _DATATYPE
        if alone in own:
            excluded = [f"rdf:{name}" for name in sorted(own - _BESIDE_PARSE_TYPE - {alone})]
            excluded += [
                name.split(SEPARATOR)[1] for name in names if SEPARATOR in name and not name.startswith(_ANYWHERE)
            ]
            if excluded:
                raise self.refuse(f"{excluded[0]} beside rdf:{alone}, which RDF/XML does not allow.")
        elif len(objects := sorted(own & _OBJECTS)) > 1:
            raise self.refuse(f"rdf:{objects[0]} beside rdf:{objects[1]}, which RDF/XML does not allow.")

    def _check_place(self, name: str, attributes: list[str]) -> None:
        """Refuse what RDF/XML's grammar has at nodes alone, or at properties alone, where the other is.

        RDF 1.1 XML Syntax, sections 7.2.11 and 7.2.14 to 7.2.21.
        """
        within = self._within
        del within[self.depth - 1 :]
        self.type_alone = False
        if not within and name.startswith(_ROOT_NAME):
            within.append(_Place.NODES)
            return
        place = within[-1] if within else _Place.NODES
        if place is _Place.NONE:
            raise self.refuse(
                "an element in a property element that has rdf:datatype, which RDF/XML does not allow.",
                advice="Take rdf:datatype away: it is for properties that have a text.",
            )
        if place is _Place.EMPTY:
            raise self.refuse("an element in a property element that has rdf:type, which RDF/XML does not allow.")
        own = {
            key.split(SEPARATOR)[1] if SEPARATOR in key else key: value
            for key, value in zip(attributes[::2], attributes[1::2], strict=True)
            if key.startswith(RDF_NAME) or SEPARATOR not in key
        }
        if place is _Place.NODES:
            within.append(_Place.PROPERTIES)
            if own and (wrong := sorted(_NOT_OF_NODES.intersection(own))):
                raise self.refuse(
                    f"rdf:{wrong[0]} at a node element, which RDF/XML does not allow.",
                    advice="A node is named by rdf:about." if wrong[0] == _RESOURCE else None,
                )
            return
        within.append(_Place.NODES)
        if not own:
            return
        if wrong := sorted(_NOT_OF_PROPERTIES.intersection(own)):
            raise self.refuse(
                f"rdf:{wrong[0]} at a property element, which RDF/XML does not allow.",
                advice="The node that a property leads to is named by rdf:resource." if wrong[0] == _ABOUT else None,
            )
        if own.get(_PARSE_TYPE) == "Resource":
            within[-1] = _Place.PROPERTIES
        elif _DATATYPE in own:
            within[-1] = _Place.NONE
        elif (
            _TYPE in own
            and not own.keys() - _BESIDE_PARSE_TYPE - {_TYPE}
            and all(key.startswith(_ANYWHERE) or SEPARATOR not in key for key in attributes[::2])
        ):  # RDF/XML allows it where nothing is in the element, but the engine would leave it out
            if not self.is_rewritten:
                raise NeedsRewriting
            self.type_alone = True
            within[-1] = _Place.EMPTY

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _namespace(self, prefix: str | None, iri: str | None) -> None:
        self._namespaces.append((prefix, iri))
        if self.within_literal or len(self.prefixes) >= _MOST_PREFIXES:
            return
        if self._root is None:
            self._root = self.parser.CurrentByteIndex
        usable = _PREFIX.fullmatch(prefix) if prefix else self.parser.CurrentByteIndex == self._root
        if usable and iri and is_absolute(iri):
            self.prefixes.setdefault(prefix or "", iri)

    def _doctype(self, _: str, system: str | None, public: str | None, __: bool) -> None:
        self._outside = system is not None or public is not None
        self.parser.DefaultHandlerExpand = self._declaration

    def _end_doctype(self) -> None:
        self.parser.DefaultHandlerExpand = None

    def _declaration(self, token: str) -> None:
        """Refuse what brings in further declarations: from there on the parser takes none (XML 1.0, section 5.1)."""
        if token.startswith("%") and token.endswith(";"):
            raise self.refuse(
                f"the parameter entity “{token}”, which is not read.",
                advice="Write in its place the declarations that it stands for, or take it out if none is needed.",
            )

    def _entity(self, name: str, parameter: bool, value: str | None, *_: str | None) -> None:
        if parameter or value is None:
            return
        self._declared.add(name)
        self._nested += "&" in value
        if self._nested > _MOST_NESTED_ENTITIES:
            raise LimitExceeded(
                f"more than {_MOST_NESTED_ENTITIES} entities that refer to others.",
                line=self.parser.CurrentLineNumber,
                advice="Write their values out; nested entities can grow without end.",
            )

    def check_references(self) -> None:
        """Refuse references to entities of a DTD that is not read: the parser leaves them out without a word."""
        if not self._outside:
            return
        for match in _ENTITY_REFERENCE.finditer(self.data):
            if (name := match[1].decode(errors="replace")) not in self._declared and name not in _PREDEFINED:
                self._skipped(name, False, self.data.count(b"\n", 0, match.start()) + 1)

    def _external(self, context: str | None, *_: str | None) -> int:
        self._skipped((context or "").split("\f")[-1], False)
        return 0

    def _skipped(self, name: str, parameter: bool, line: int | None = None) -> None:
        if not parameter:
            raise ParseError(
                f"the entity “{name}” is not declared in the document itself, and nothing outside it is read.",
                line=line or self.parser.CurrentLineNumber,
                advice="Declare it in the DOCTYPE of the document, or write its value out.",
            )
