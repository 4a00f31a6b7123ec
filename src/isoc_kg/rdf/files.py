"""RDF files, read together as one dataset."""

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from ..errors import DataWarning, IsocKgError, ParseError, UnknownName, UsageError
from ..formats import JSONLD, NQUADS, NTRIPLES, Format, format_from_path, format_of, is_rdf_name
from ..limits import Limits
from ..limits.forking import forked, may_fork
from ..limits.regular_files import open_regular
from .content import content, decompressed, is_archive, is_compressed, members, piped, starts_archive, unpacked
from .language_tags import respelled
from .lines import lines_from_quads, lines_in_order, sort_lines
from .reading import read_located, read_quads

__all__ = ["RdfFile", "Reading", "middle_form", "quads_in_order", "read_files"]

_WORTH = 1 << 24  #: bytes of lines that are worth a child
_BLANK = re.compile(b"_:")
_IN_PATHS = "/:@!$&'()*+,;=~"  # characters that the path of an IRI may have as they are


@dataclass(frozen=True, slots=True)
class RdfFile:
    """An RDF document: a path, or bytes with a name for messages; without a format name or content tells it.

    `member` is a file in an archive. Relative IRIs are relative to `base`; with `notice` and no base to the file's own
    IRI, or that of the path `beside` which it is compared with, and `notice` is told so.
    """

    source: Path | bytes
    format: Format | None = None
    name: str | None = None
    member: str | None = None
    base: str | None = None
    contexts: Mapping[str, Path] = field(default_factory=dict)
    notice: Callable[[str], None] | None = None
    beside: Path | None = None

    @classmethod
    def of(cls, file: "RdfFile | Path | str") -> "RdfFile":
        """The file itself, or that of a path."""
        return file if isinstance(file, RdfFile) else cls(Path(file))

    @property
    def path(self) -> Path:
        """The path for messages; bytes have the name that they were given."""
        return Path(self.name or (self.source if isinstance(self.source, Path) else "the text"))

    @property
    def document(self) -> tuple[object, str | None]:
        """What tells one document from another, however its path is written."""
        return (self.source.resolve() if isinstance(self.source, Path) else id(self.source), self.member)

    @property
    def plain_path(self) -> Path | None:
        """The path of a file whose bytes are the document; None for what is compressed, archived or in memory."""
        if isinstance(self.source, bytes) or self.member is not None or is_compressed(self.source):
            return None
        return self.source

    @property
    def syntax(self) -> Format:
        """The format; `UnknownName` when nothing tells it."""
        if self.format:
            return self.format
        if isinstance(self.source, Path):
            return format_of(self.member or self.source, self.start())
        return format_from_path(self.name or "")

    def start(self) -> bytes:
        """How the document begins."""
        if isinstance(self.source, bytes):
            return self.source[:4096]
        if self.member is None and self.source.is_file() and not is_compressed(self.source):
            with open_regular(self.source) as file:
                if start := file.read(4096):
                    return start
        return content(self.source, Limits(), self.member)[:4096]

    @property
    def own_iri(self) -> str:
        """The IRI of the file; what has none is in the current folder."""
        path = Path.cwd() / (self.beside or (self.source if isinstance(self.source, Path) else "standard-input"))
        name = os.path.normpath(path / (self.member or "")).replace(os.sep, "/")
        return "file://" + quote(os.fsencode(name), _IN_PATHS)

    def _base(self, base: str | None) -> str | None:
        return self.base or base or (self.own_iri if self.notice else None)

    def quads(
        self,
        base: str | None,
        limits: Limits | None,
        *,
        rename_blank_nodes: bool,
        prefixes: dict[str, str] | None = None,
        tags: dict[str, str] | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads as they are parsed, as `read_quads` gives them; `notice` learns of relative IRIs."""
        quads = read_quads(
            self.source,
            self.format,
            base=self._base(base),
            limits=limits,
            name=self.name,
            rename_blank_nodes=rename_blank_nodes,
            prefixes=prefixes,
            tags=tags,
            member=self.member,
            contexts=self.contexts,
        )
        quads = self._counted(quads)
        # in N-Triples and N-Quads none is relative
        watched = self.notice and not (self.base or base) and self.syntax not in (NTRIPLES, NQUADS)
        return self._told(quads) if watched else quads

    def located(self, limits: Limits | None) -> Iterator[tuple[ox.Quad, int]]:
        """The quads with their lines, as `read_located` gives them; `notice` learns of relative IRIs."""
        mark = None if self.base or not self.notice else self._folder_mark
        for quad, line in self._located(limits):
            if mark and mark in str(quad):
                self._tell()
                mark = None
            yield quad, line

    def _counted(self, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        """The quads, with a warning when there are none: many JSON-LD files are contexts alone."""
        first = next(quads, None)
        if first is not None:
            return chain((first,), quads)
        of_json = (
            ": is it a context alone, or JSON without one?" if self.syntax is JSONLD and self.start().strip() else "."
        )
        warnings.warn(f"{self.path}: no statements in it{of_json}", DataWarning, stacklevel=2)
        return quads

    def _told(self, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        mark = self._folder_mark
        for quad in quads:
            yield quad
            if mark in str(quad):
                self._tell()
                break
        yield from quads

    def _located(self, limits: Limits | None) -> Iterator[tuple[ox.Quad, int]]:
        return read_located(
            self.source,
            self.format,
            base=self._base(None),
            limits=limits,
            name=self.name,
            member=self.member,
            contexts=self.contexts,
        )

    def lines(self, limits: Limits | None) -> list[bytes]:
        """The middle form, blank nodes labelled as the parser labels them."""
        return lines_from_quads(self.quads(None, limits, rename_blank_nodes=False))

    @property
    def _folder_mark(self) -> str:
        """How IRIs begin that were relative to the file, in the text of a quad."""
        return "<" + self.own_iri.rpartition("/")[0] + "/"

    def _tell(self) -> None:
        if self.notice:
            to = "one base, the same in what is compared" if self.beside else "the file"
            self.notice(
                f"note: {self.path}: relative IRIs are taken to be relative to {to}, <{self.own_iri}>.\n"
                "  Name what they are relative to: --base IRI."
            )


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read where a command names them: their format, what relative IRIs are relative to, and contexts."""

    format: Format | None = None
    base: str | None = None
    contexts: Mapping[str, Path] = field(default_factory=dict)
    notice: Callable[[str], None] | None = None

    def files(self, paths: Sequence[Path]) -> list[RdfFile]:
        """The files of paths: an archive is the RDF files in it, a folder those below it, each in order of names.

        Raises `ParseError` where there are none.
        """
        return [file for path in paths for file in self._of_path(path)]

    def _of_path(self, path: Path) -> Iterator[RdfFile]:
        if path.is_dir():
            found = sorted(
                below
                for below in path.rglob("*")
                if below.is_file()
                and is_rdf_name(below)
                and not any(part.startswith(".") for part in below.relative_to(path).parts)
            )
            if not found:
                raise ParseError("there is no RDF file in the folder.", file=path, advice="Name the files themselves.")
            for below in found:
                yield from self._of_path(below)
        elif is_archive(path):
            for member in members(path, every=self.format is not None):
                yield self._file(path, f"{path}/{member}", member)
        elif path.exists() and not path.is_file():  # a pipe or a device: it can be read once
            yield from self.texts(piped(path, Limits()), str(path))
        else:
            yield self._file(path)

    def _file(self, source: Path, name: str | None = None, member: str | None = None) -> RdfFile:
        return RdfFile(source, self.format, name, member, self.base, self.contexts, self.notice)

    def texts(self, data: bytes, name: str) -> Iterator[RdfFile]:
        """What was read from elsewhere, such as standard input, decompressed: a document, or those in an archive.

        Their formats are as of files of these names. Raises `UsageError` when nothing tells one, `ParseError` when an
        archive has no RDF file.
        """
        data = decompressed(data, Limits(), name)
        if starts_archive(data):
            for member, text in unpacked(data, Limits(), name, every=self.format is not None):
                yield self._text(text, f"{name}/{member}", member)
        else:
            yield self._text(data, name)

    def _text(self, data: bytes, name: str, member: str | None = None) -> RdfFile:
        try:
            format_ = self.format or format_of(name, data)
        except UnknownName:
            raise UsageError(f"the format of {name} is not known.", advice="Name it: --from ttl.") from None
        return RdfFile(data, format_, name, member, self.base, self.contexts, self.notice)


def read_files(
    files: Sequence[RdfFile], *, base: str | None = None, limits: Limits | None = None
) -> tuple[list[bytes], dict[str, str]]:
    """The middle form of the files together, and the prefixes that they declare.

    One label in two files means two blank nodes; they get labels by content, the same in whatever order the files come.
    Language tags are spelled as the first file that has them does. Raises what reading raises.
    """
    prefixes: dict[str, str] = {}
    tags: dict[str, str] = {}
    several = len(files) > 1
    if not several and (halves := _in_halves(files[0], limits, tags)) is not None:
        return respelled(halves, tags) if tags else halves, prefixes
    lines: list[bytes] = []
    for file in files:
        lines += lines_in_order(file.quads(base, limits, rename_blank_nodes=several, prefixes=prefixes, tags=tags))
    return middle_form(lines, tags), prefixes


def middle_form(lines: list[bytes], tags: Mapping[str, str]) -> list[bytes]:
    """Lines in any order as the middle form: labels by content, and tags as spelled; `lines` is used up."""
    from .blank_nodes import labelled_lines

    lines = labelled_lines(lines)
    return respelled(lines, tags) if tags else lines


def _in_halves(file: RdfFile, limits: Limits | None, tags: dict[str, str]) -> list[bytes] | None:
    """The middle form of a large file of lines without blank nodes, of which a child reads the second half.

    None where one process is to read it, be it to say what is wrong with it.
    """
    path = file.plain_path
    if not (path and path.is_file() and path.stat().st_size > _WORTH and file.syntax in (NTRIPLES, NQUADS)):
        return None
    if not may_fork():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            data = content(path, limits or Limits())
            middle = data.rfind(b"\n", 0, len(data) // 2) + 1
            if not middle or _BLANK.search(data):  # labels by content need all lines, in their order
                return None
            with forked(lambda: _joined(*_half(file, data[middle:], limits))) as child:
                lines, spelled = _half(file, data[:middle], limits)
                found = child.result()
        except (IsocKgError, Warning):
            return None
    if found is None:
        return None
    text, others = found
    lines += text.splitlines(keepends=True)
    for lower, tag in (*spelled.items(), *others.items()):
        tags.setdefault(lower, tag)
    return sort_lines(lines)


def _half(file: RdfFile, data: bytes, limits: Limits | None) -> tuple[list[bytes], dict[str, str]]:
    """The lines of a part of a file, sorted, and the spellings of language tags in it."""
    tags: dict[str, str] = {}
    part = replace(file, source=data, format=file.syntax, name=str(file.path))
    lines = lines_in_order(part.quads(None, limits, rename_blank_nodes=False, tags=tags))
    lines.sort()
    return lines, tags


def _joined(lines: list[bytes], tags: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    return b"".join(lines), tags


def quads_in_order(
    files: Sequence[RdfFile],
    *,
    base: str | None = None,
    limits: Limits | None = None,
    prefixes: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> Iterator[ox.Quad]:
    """The quads of the files as they are parsed, blank nodes numbered as they appear: what a store is filled with.

    Cheaper than labels by content, and the same each time for the same files. `prefixes` fills with those that the
    files declare, and `tags` with language tags as `read_quads` fills it. Raises what reading raises.
    """
    count = 0
    for file in files:
        quads = file.quads(base, limits, rename_blank_nodes=False, prefixes=prefixes, tags=tags)
        if len(files) == 1 and file.syntax in (NTRIPLES, NQUADS):
            yield from quads  # their labels are those of the file; elsewhere the parser invents some, others each time
            return
        numbers = _Numbers(count)
        for quad in quads:
            subject, object_, graph = quad.subject, quad.object, quad.graph_name
            if type(subject) is _NODE or type(object_) in _NUMBERED or type(graph) is _NODE:
                yield ox.Quad(
                    numbers[subject] if type(subject) is _NODE else subject,
                    quad.predicate,
                    numbers[object_] if type(object_) in _NUMBERED else object_,
                    numbers[graph] if type(graph) is _NODE else graph,
                )
            else:
                yield quad
        count = numbers.count


class _Numbers(dict[Any, Any]):
    """Blank node → the one with the next number; triple term → the same with such nodes."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __missing__(self, term: Any) -> Any:
        if isinstance(term, ox.Triple):
            parts: Any = (self[part] if type(part) in _NUMBERED else part for part in (term.subject, term.object))
            subject, object_ = parts
            return ox.Triple(subject, term.predicate, object_)
        self[term] = node = ox.BlankNode(f"b{self.count}")
        self.count += 1
        return node


_NODE = ox.BlankNode
_NUMBERED = (ox.BlankNode, ox.Triple)
