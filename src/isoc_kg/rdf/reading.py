"""Reading RDF that may be hostile: caps before the parser, and errors that name the place."""

import codecs
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox

from ..errors import DataWarning, EncodingError, IsocKgError, LimitExceeded, ParseError
from ..formats import (
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    TRIG,
    TURTLE,
    Format,
    format_from_content,
    format_of,
    is_notation3,
)
from ..lazy_patterns import lazy_pattern
from ..limits import Limits
from ..namespaces import RDF
from .content import content
from .language_tags import spellings
from .lines import lines_from_quads
from .tokens import NO_BASE

if TYPE_CHECKING:
    from .jsonld_reading import JsonLdText
    from .rdfxml_reading import RdfXmlText

__all__ = ["read_lines", "read_located", "read_quads"]

_PIECE = 1 << 20
_RDF_NAMESPACE = RDF.iri.encode()
_MENTION = 200  # characters of a line that an error shows
_TRIPLE_TERM = lazy_pattern(rb":parseType\s*=\s*[\"']Triple[\"']")
_VERSION = lazy_pattern(rb":version\s*=\s*[\"']1\.2")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_BASE_SCHEME = NO_BASE.partition(":")[0] + ":"


def read_quads(
    source: Path | bytes,
    format: Format | None = None,  # noqa: A002 – the word that everybody uses
    *,
    base: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
    rename_blank_nodes: bool = False,
    confined: bool = False,
    prefixes: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
    member: str | None = None,
    contexts: Mapping[str, Path] | None = None,
) -> Iterator[ox.Quad]:
    """The quads of a file or of bytes, as they are parsed.

    Raises `ParseError` with file, line, column and excerpt, and `LimitExceeded` for what is too long or too
    deep; `name` stands for the file in messages about bytes. `confined` refuses relative IRIs of Turtle and
    TriG that lead out of their base. `prefixes` fills, at the end, with those that the document declares, and `tags`,
    at once, with its language tags that have capital letters, by the quads' own spelling of them. `member` names a file
    in an archive; `contexts` are copies of remote JSON-LD contexts, by their addresses.
    """
    reader = _Reader(source, format, base, limits, name, confined, member=member, contexts=contexts)
    if tags is not None:
        for lower, tag in spellings(reader.data, reader.format).items():
            tags.setdefault(lower, tag)
    return reader.quads(rename_blank_nodes, prefixes)


def read_located(
    source: Path | bytes,
    format: Format | None = None,  # noqa: A002
    *,
    base: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
    confined: bool = False,
    member: str | None = None,
    contexts: Mapping[str, Path] | None = None,
) -> Iterator[tuple[ox.Quad, int]]:
    """Each quad with the line, from 1, on which the parser had read it; the rest as in `read_quads`.

    Of a difficult JSON-LD document no lines are known: 1 stands for all.
    """
    return _Reader(source, format, base, limits, name, confined, member=member, contexts=contexts).located()


def read_lines(
    source: Path | bytes,
    format: Format | None = None,  # noqa: A002
    *,
    base: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
    graph: str | None = None,
) -> list[bytes]:
    """The middle form of a file; blank nodes keep the labels that the parser gave them.

    `graph` puts the triples of the default graph into a named one.
    """
    return _Reader(source, format, base, limits, name).lines(graph)


class _Reader:
    """One source being read."""

    def __init__(
        self,
        source: Path | bytes,
        format_: Format | None,
        base: str | None,
        limits: Limits | None,
        name: str | None,
        confined: bool = False,
        *,
        member: str | None = None,
        contexts: Mapping[str, Path] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.base = base
        self.xml: RdfXmlText | None = None
        self.json: JsonLdText | None = None
        self.added = 0  #: bytes at the start that the document does not have
        if isinstance(source, bytes):
            self.name: Path | str = name or "the text"
            self.data = source
            self.format = format_ or TURTLE
        else:
            self.name = name or source
            self.data = b""
            with self.placed():
                self.data = content(source, self.limits, member)
            self.format = format_ or format_of(member or source, self.data)
        with self.placed():
            self.check(contexts)
        if confined and self.format in (TURTLE, TRIG):
            self.confine()

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Add the file's name and the text of the line to errors that have none; name what is in another format."""
        try:
            yield
        except IsocKgError as error:
            if isinstance(error, ParseError) and error.file is None and (other := self.other()):
                raise other from None
            if error.file is None:
                error.file = self.name
                error.excerpt = error.excerpt or self.excerpt(error.line, error.column)
            raise

    def check(self, contexts: Mapping[str, Path] | None) -> None:
        """Refuse what would crash or hang the parser, before it sees it, and mend what it would read wrong."""
        if self.format is RDFXML:
            from .xml_text import xml_text

            self.data = xml_text(self.data)
        else:
            self.data = self.data.removeprefix(codecs.BOM_UTF8)
        # the line-based parsers judge that themselves, see `error`
        if self.format not in (NTRIPLES, NQUADS) or self.data.startswith(_UTF16):
            self.check_encoding()
        self.check_lines()
        if self.format is TURTLE and is_notation3(self.name) and format_from_content(self.data) not in (RDFXML, JSONLD):
            from .notation3 import with_default_prefix

            size = len(self.data)
            self.data = with_default_prefix(self.data)
            self.added = len(self.data) - size
        if self.format is RDFXML:
            from .rdfxml_reading import RdfXmlText
            from .recognition import foreign_xml

            if foreign_xml(self.data):
                raise ParseError("no RDF/XML.")  # `placed` says what it is
            self.xml = RdfXmlText(self.data, self.limits, self.base)
        elif self.format is JSONLD:
            from .jsonld_reading import JsonLdText
            from .recognition import foreign_json

            if foreign_json(self.data):
                raise ParseError("no JSON-LD.")
            self.json = JsonLdText(self.data, self.limits, self.base, contexts)
            self.data = self.json.text
            if self.json.omissions:
                warnings.warn(f"{self.name}:{self.json.omissions}", DataWarning, stacklevel=2)
        else:
            self.check_depth()
            if self.format in (TURTLE, TRIG) and b"<<" in self.data:
                from .long_strings import with_short_strings

                self.data = with_short_strings(self.data)
            if self.format in (TURTLE, TRIG) and b"\\" in self.data[self.data.rfind(b"\n") + 1 :]:
                self.data += b"\n"  # at the end of a text, the parser reads no name further than to a backslash

    def other(self) -> ParseError | None:
        """The error about a document in another format than it was taken for."""
        from .recognition import recognized

        found = recognized(self.data, self.format) if self.data else None
        return found and ParseError(
            f"not {self.format.label}: it looks like {found.label}.", file=self.name, advice=found.advice
        )

    def check_encoding(self) -> None:
        data = self.data
        if data.isascii():
            return
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            for start in range(0, len(data), _PIECE):  # whole, the text would need twice its size
                decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
        except UnicodeDecodeError:
            self.not_utf8()

    def not_utf8(self) -> None:
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            utf16 = self.data.startswith(_UTF16)
            if other := self.other():
                raise other from None
            raise EncodingError(
                f"in UTF-16, and {self.format.label} is always UTF-8."
                if utf16
                else f"not UTF-8 at byte {error.start}.",
                file=self.name,
                line=None if utf16 else self.data.count(b"\n", 0, error.start) + 1,
                advice="Save the file as UTF-8.",
            ) from None

    def check_lines(self) -> None:
        data, limit = self.data, self.limits.max_line_bytes
        if len(data) <= limit:
            return
        at = 0
        while len(data) - at > limit:
            end = data.rfind(b"\n", at, at + limit + 1)
            if end < 0:
                raise LimitExceeded(
                    f"a line of over {limit:,} bytes.",
                    file=self.name,
                    line=data.count(b"\n", 0, at) + 1,
                    advice="Break it, or raise max_line_bytes under [limits] in kg.toml.",
                )
            at = end + 1

    def confine(self) -> None:
        """Refuse relative IRIs that lead out of their base, such as `<../../x>`."""
        base = self.base
        for match in _REFERENCES.finditer(self.data):
            if match.lastgroup is None:
                continue
            text = match[match.lastgroup].decode()
            if match.lastgroup == "base":
                base = urljoin(base or "", text)
            elif base and not _ABSOLUTE.match(text) and not urljoin(base, text).startswith(urljoin(base, ".")):
                raise ParseError(
                    f"the relative IRI <{text}> leads out of {urljoin(base, '.')}.",
                    file=self.name,
                    line=self.data.count(b"\n", 0, match.start()) + 1,
                    advice="Write the whole IRI if it is meant.",
                )

    def check_depth(self) -> None:
        """Refuse triple terms nested too deeply."""
        if self.data.count(b"<<") <= self.limits.max_nesting:
            return
        depth = 0
        for match in _TRIPLE_TERMS.finditer(self.data):
            kind = match.lastgroup
            if kind == "open":
                depth += 1
                if depth > self.limits.max_nesting:
                    raise LimitExceeded(
                        f"triple terms nested more than {self.limits.max_nesting} deep.",
                        file=self.name,
                        line=self.data.count(b"\n", 0, match.start()) + 1,
                        advice="Flatten them, or raise max_nesting under [limits] in kg.toml.",
                    )
            elif kind == "close":
                depth -= 1

    def quads(self, rename_blank_nodes: bool = False, prefixes: dict[str, str] | None = None) -> Iterator[ox.Quad]:
        source: bytes | _Feed = self.data
        if self.xml and self.xml.rewritten:
            source = _Feed((0, piece) for piece in self.xml.read())
        elif self.json and self.json.quads is not None:
            source = self.json.quads
        return self.mended(
            self.parser(source, rename_blank_nodes), None if isinstance(source, bytes) else source, prefixes
        )

    def parser(self, source: "bytes | _Feed", rename_blank_nodes: bool = False) -> ox.QuadParser:
        format_, base = self.format, self.base
        if self.json:
            format_, base = (NQUADS, None) if self.json.quads is not None else (JSONLD, self.json.base)
        return ox.parse(
            source,  # type: ignore[arg-type]
            format=format_.engine,
            base_iri=base,
            rename_blank_nodes=rename_blank_nodes,
        )

    def mended(
        self, parser: ox.QuadParser, feed: "_Feed | None", prefixes: dict[str, str] | None = None
    ) -> Iterator[ox.Quad]:
        """The quads of a parser, and its errors as ours; `feed` is what it reads, if that is no bytes."""
        quads: Iterator[ox.Quad] = parser
        if self.xml and self.xml.rewritten:
            from .rdfxml_rewriting import without_marker

            quads = map(without_marker, parser)
        elif self.json and self.base is None:
            quads = map(self.absolute, parser)
        try:
            with self.placed():
                yield from quads
            if self.xml and _RDF_NAMESPACE not in self.data:
                text = f"{self.name}: XML without a name in the namespace of RDF: is it RDF/XML?"
                warnings.warn(text, DataWarning, stacklevel=2)
            if self.xml and (match := _TRIPLE_TERM.search(self.data)) and not _VERSION.search(self.data):
                line = self.data.count(b"\n", 0, match.start()) + 1
                text = f'{self.name}:{line}: rdf:parseType="Triple" without rdf:version="1.2" at an element around it: '
                warnings.warn(text + "RDF/XML ignores such statements.", DataWarning, stacklevel=2)
        except (SyntaxError, ValueError, OSError) as error:
            if feed and feed.error:
                with self.placed():
                    raise feed.error from None
            line = None
            if self.xml:
                line = feed.number if feed and feed.number else self.line_of_error()
            raise self.error(error, line) from None
        except MemoryError:
            raise LimitExceeded(
                f"a literal of over 16 MiB, the most that the parser takes in {self.format.label}.",
                file=self.name,
                advice="Shorten it, or write the file in RDF/XML: max_line_bytes under [limits] is the bound there.",
            ) from None
        if prefixes is not None and self.json:
            prefixes |= self.json.prefixes
        elif prefixes is not None:
            prefixes |= self.xml.prefixes if self.xml else parser.prefixes

    def line_of_error(self) -> int | None:
        """The line at which RDF/XML is wrong, which the parser does not say: the one it reads then."""
        assert self.xml
        feed = _Feed(self.xml.lines())
        try:
            for _ in self.parser(feed):
                pass
        except (SyntaxError, ValueError):
            return feed.number
        return None

    def absolute(self, quad: ox.Quad) -> ox.Quad:
        """The quad; `ParseError` when one of its IRIs was relative, and there is no base."""
        if _NO_BASE_SCHEME in str(quad):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                text = term.datatype.value if isinstance(term, ox.Literal) else getattr(term, "value", "")
                if text.startswith(_NO_BASE_SCHEME):
                    raise self.relative(text.removeprefix(NO_BASE))
        return quad

    def relative(self, iri: str | None, line: int | None = None, column: int | None = None) -> ParseError:
        """The error about an IRI that is relative to nothing."""
        which = "a relative IRI" if iri is None else f"the relative IRI “{iri}”"
        return ParseError(
            f"{which}, and nothing that it could be relative to.",
            file=self.name,
            line=line,
            column=column,
            advice="Name what it is relative to (--base https://example.org/; in Python base=…), "
            "or declare it: @base, xml:base.",
        )

    def located(self) -> Iterator[tuple[ox.Quad, int]]:
        # The parser asks for more only when it has used up what it has, so with one line a read the number of
        # the line that was read last is the line on which it stands.
        if self.json and self.json.quads is not None:
            for quad in self.quads():
                yield quad, 1
            return
        feed = _Feed(self.xml.lines() if self.xml else enumerate(io.BytesIO(self.data), 1))
        for quad in self.mended(self.parser(feed), feed):
            yield quad, feed.number

    def lines(self, graph: str | None = None) -> list[bytes]:
        quads = self.quads()
        if graph is not None:
            name = ox.NamedNode(graph)
            quads = (
                ox.Quad(quad.subject, quad.predicate, quad.object, name)
                if quad.graph_name == ox.DefaultGraph()
                else quad
                for quad in quads
            )
        return lines_from_quads(quads)

    def error(self, error: Exception, line: int | None = None) -> ParseError:
        """What the parser has to say, in our words."""
        self.not_utf8()
        column: int | None = None
        if line is None and not self.json:
            line = getattr(error, "lineno", None)
            column = getattr(error, "offset", None)
            if column and line == 1:
                column = max(1, column - self.added)
        message = re.sub(r"^Parser error at .*?: ", "", str(getattr(error, "msg", None) or error))
        advice = None
        if other := self.other():
            return other
        if "No scheme found" in message:
            made = self.relative(None, line, column)
            made.excerpt = self.excerpt(line, column)
            return made
        if "Invalid IRI character" in message or "Invalid IRI code point" in message:
            advice = "Percent-encode it: a space in an IRI is %20."
        elif "a text value is already present" in message:
            message = "a second value in one property element: beside a node in it stands another one, a text or "
            message += "rdf:resource, and RDF/XML allows one of these"
            advice = 'Write a property element for each value; a list is rdf:parseType="Collection".'
        elif text := re.fullmatch(r"Unexpected text event: '(.*)'", message, re.DOTALL):
            message = f"the text “{text[1][:_MENTION]}” stands where RDF/XML allows none"
            advice = "Write it in a property element of its own, with nothing else in that."
        elif "subtag" in message:
            advice = "Write a tag of RFC 5646, with hyphens between its parts: en, en-GB."
        elif "has not been declared" in message:
            advice = "Declare it at the top of the file: @prefix name: <…> ."
        if is_notation3(self.name) and (feature := self.feature()):
            message, advice = f"{feature} is Notation3, which is not read.", "Write it in Turtle, or convert it first."
        if not message.endswith((".", "!", "?")):
            message += "."
        excerpt = self.excerpt(line, column)
        return ParseError(message, file=self.name, line=line, column=column, excerpt=excerpt, advice=advice)

    def feature(self) -> str | None:
        """What only Notation3 has, of a file that is named as such."""
        from .notation3 import n3_feature

        return n3_feature(self.data)

    def excerpt(self, line: int | None, column: int | None) -> str | None:
        """The text of a line, cut around the column, and a mark below that."""
        lines = self.data.split(b"\n", line)[: line or 0] if line else []
        if not line or len(lines) < line:
            return None
        text = lines[line - 1][self.added if line == 1 else 0 :].decode(errors="replace").rstrip("\r")
        start = max(0, (column or 1) - _MENTION // 2)
        shown = text[start : start + _MENTION].replace("\t", " ")
        return shown + ("\n" + " " * max(0, (column or 1) - 1 - start) + "^" if column else "")


class _Feed:
    """A file for the parser: texts with the numbers of the lines that they stand for, one at a time.

    An error in making them is kept in `error`: the parser would wrap it.
    """

    def __init__(self, pieces: Iterable[tuple[int, bytes]]) -> None:
        self.number = 0
        self.error: IsocKgError | None = None
        self._pieces = iter(pieces)
        self._piece = b""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Not more than `size` bytes, which the parser relies on; none at the end."""
        while self._at >= len(self._piece):
            try:
                self.number, self._piece = next(self._pieces)
            except StopIteration:
                return b""
            except IsocKgError as error:
                self.error = error
                raise OSError from None
            self._at = 0
        start = self._at
        self._at = len(self._piece) if size < 0 else min(start + size, len(self._piece))
        return self._piece[start : self._at]


#: Strings and comments of Turtle, in which nothing else is looked for.
_TEXTS = (
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|'
    rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*|'
)
_TRIPLE_TERMS = lazy_pattern(_TEXTS + rb"(?P<open><<)|<[^<>\s]*>|(?P<close>>>)", re.DOTALL)
_REFERENCES = lazy_pattern(
    _TEXTS + rb"(?:@base|\bbase)\s+<(?P<base>[^<>\s]*)>|<(?P<reference>[^<>\s(][^<>\s]*)>", re.DOTALL | re.IGNORECASE
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
