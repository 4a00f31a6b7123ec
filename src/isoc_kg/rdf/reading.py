"""Reading RDF that may be hostile: caps before the parser, and errors that name the place."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox

from ..errors import EncodingError, LimitExceeded, ParseError
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format, format_from_path
from ..limits import Limits
from .lines import lines_from_quads

__all__ = ["read_lines", "read_located", "read_quads"]

_PIECE = 1 << 20
_MENTION = 200  # characters of a line that an error shows


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
) -> Iterator[ox.Quad]:
    """The quads of a file or of bytes, as they are parsed.

    Raises `ParseError` with file, line, column and excerpt, and `LimitExceeded` for what is too long or too
    deep; `name` stands for the file in messages about bytes. `confined` refuses relative IRIs of Turtle and
    TriG that lead out of their base. `prefixes` fills, at the end, with those that the document declares.
    """
    return _Reader(source, format, base, limits, name, confined).quads(rename_blank_nodes, prefixes)


def read_located(
    source: Path | bytes,
    format: Format | None = None,  # noqa: A002
    *,
    base: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
    confined: bool = False,
) -> Iterator[tuple[ox.Quad, int]]:
    """Each quad with the line, from 1, on which the parser had read it; `confined` as in `read_quads`."""
    return _Reader(source, format, base, limits, name, confined).located()


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
    ) -> None:
        self.limits = limits or Limits()
        self.base = base
        if isinstance(source, bytes):
            self.name: Path | str = name or "the text"
            self.data = source
            self.format = format_ or TURTLE
        else:
            self.name = source
            self.format = format_ or format_from_path(source)
            self.data = self.content(source)
        self.check()
        if confined and self.format in (TURTLE, TRIG):
            self.confine()

    def content(self, path: Path) -> bytes:
        try:
            size = path.stat().st_size
            if size > self.limits.max_file_bytes:
                raise LimitExceeded(
                    f"the file has {size:,} bytes; the limit is {self.limits.max_file_bytes:,}.",
                    file=path,
                    advice="Raise max_file_bytes under [limits] in kg.toml.",
                )
            return path.read_bytes()
        except OSError as error:
            raise ParseError(f"cannot be read: {(error.strerror or str(error)).lower()}.", file=path) from None

    def check(self) -> None:
        """Refuse what would crash or hang the parser, before it sees it."""
        data = self.data
        # the line-based parsers judge that themselves, see `error`
        if self.format not in (NTRIPLES, NQUADS) and not data.isascii():
            decoder = getincrementaldecoder("utf-8")()
            try:
                for start in range(0, len(data), _PIECE):  # whole, the text would need twice its size
                    decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
            except UnicodeDecodeError:
                self.not_utf8()
        self.check_lines()
        if self.format in (TURTLE, TRIG, NTRIPLES, NQUADS):
            self.check_depth(b"<<", _TRIPLE_TERMS, "triple terms")
        elif self.format is JSONLD:
            self.check_depth(b"{", _JSON, "objects and arrays")
        elif self.format is RDFXML:
            if bad := _ENTITY_IN_ENTITY.search(data):
                raise ParseError(
                    "an XML entity that refers to another entity.",
                    file=self.name,
                    line=data.count(b"\n", 0, bad.start()) + 1,
                    advice="Write its value out; nested entities are refused because they can grow without end.",
                )
            self.check_depth(b"<", _XML, "elements")

    def not_utf8(self) -> None:
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise EncodingError(
                f"not UTF-8 at byte {error.start}.",
                file=self.name,
                line=self.data.count(b"\n", 0, error.start) + 1,
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

    def check_depth(self, mark: bytes, tokens: re.Pattern[bytes], what: str) -> None:
        if self.data.count(mark) <= self.limits.max_nesting and tokens is not _JSON:
            return
        if tokens is _JSON and self.data.count(b"{") + self.data.count(b"[") <= self.limits.max_nesting:
            return
        depth = 0
        for match in tokens.finditer(self.data):
            kind = match.lastgroup
            if kind == "open":
                depth += 1
                if depth > self.limits.max_nesting:
                    raise LimitExceeded(
                        f"{what} nested more than {self.limits.max_nesting} deep.",
                        file=self.name,
                        line=self.data.count(b"\n", 0, match.start()) + 1,
                        advice="Flatten them, or raise max_nesting under [limits] in kg.toml.",
                    )
            elif kind == "close":
                depth -= 1

    def quads(self, rename_blank_nodes: bool = False, prefixes: dict[str, str] | None = None) -> Iterator[ox.Quad]:
        try:
            parser = ox.parse(
                self.data, format=self.format.engine, base_iri=self.base, rename_blank_nodes=rename_blank_nodes
            )
            yield from parser
            if prefixes is not None:
                prefixes |= parser.prefixes
        except (SyntaxError, ValueError) as error:
            raise self.error(error) from None
        except MemoryError:
            raise LimitExceeded("a literal of over 16 MiB.", file=self.name, advice="Shorten it.") from None

    def located(self) -> Iterator[tuple[ox.Quad, int]]:
        # The parser asks for more only when it has used up what it has, so with one line a read the count
        # of reads is the line on which it stands.
        at = 0
        number = 0
        within = False
        data = self.data

        class Lines:
            def read(self, size: int = -1) -> bytes:
                nonlocal at, number, within
                end = data.find(b"\n", at) + 1 or len(data)
                if 0 <= size < end - at:  # the parser panics when it is given more than it asked for
                    end = at + size
                line = data[at:end]
                number += bool(line) and not within
                within = bool(line) and not line.endswith(b"\n")
                at = end
                return line

        try:
            for quad in ox.parse(Lines(), format=self.format.engine, base_iri=self.base):  # type: ignore[arg-type]
                yield quad, number
        except (SyntaxError, ValueError) as error:
            raise self.error(error) from None
        except MemoryError:
            raise LimitExceeded("a literal of over 16 MiB.", file=self.name, advice="Shorten it.") from None

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

    def error(self, error: Exception) -> ParseError:
        self.not_utf8()
        line: int | None = getattr(error, "lineno", None)
        column: int | None = getattr(error, "offset", None)
        message = re.sub(r"^Parser error at .*?: ", "", str(getattr(error, "msg", None) or error))
        advice = None
        if "No scheme found" in message:
            message = "a relative IRI, and nothing that it could be relative to."
            advice = "Write the whole IRI, or declare @base or @prefix at the top of the file."
        elif "Invalid IRI character" in message or "Invalid IRI code point" in message:
            advice = "Percent-encode it: a space in an IRI is %20."
        elif "has not been declared" in message:
            advice = "Declare it at the top of the file: @prefix name: <…> ."
        excerpt = None
        lines = self.data.split(b"\n", line)[: line or 0] if line else []
        if line and len(lines) >= line:
            text = lines[line - 1].decode(errors="replace").rstrip("\r")
            start = max(0, (column or 1) - _MENTION // 2)
            shown = text[start : start + _MENTION].replace("\t", " ")
            excerpt = shown + ("\n" + " " * max(0, (column or 1) - 1 - start) + "^" if column else "")
        if not message.endswith((".", "!", "?")):
            message += "."
        return ParseError(message, file=self.name, line=line, column=column, excerpt=excerpt, advice=advice)


#: Strings and comments of Turtle, in which nothing else is looked for.
_TEXTS = (
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|'
    rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*|'
)
_TRIPLE_TERMS = re.compile(_TEXTS + rb"(?P<open><<)|<[^<>\s]*>|(?P<close>>>)", re.DOTALL)
_REFERENCES = re.compile(
    _TEXTS + rb"(?:@base|\bbase)\s+<(?P<base>[^<>\s]*)>|<(?P<reference>[^<>\s(][^<>\s]*)>", re.DOTALL | re.IGNORECASE
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_XML = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!|(?P<close></)|<(?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+(?<=/)>|(?P<open><)",
    re.DOTALL,
)
#: An `&` in an entity's value that is, or becomes when it is declared, the beginning of another's name.
_REFERENCE = rb"&(?:(?!#)|#0*38;(?!#)|#x0*26;(?!#))"
_ENTITY_IN_ENTITY = re.compile(
    rb"<!ENTITY\s+[^<>\"']*(?:\"[^\"]*?" + _REFERENCE + rb"|'[^']*?" + _REFERENCE + rb")", re.DOTALL | re.IGNORECASE
)
