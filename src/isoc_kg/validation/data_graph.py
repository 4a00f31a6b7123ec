"""What is validated: triples that an engine reads, or a store that is asked where its data are."""

import mmap
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ..errors import EngineError
from ..formats import NTRIPLES
from ..limits import Limits
from ..namespaces import RDF, RDFS
from ..project import Project
from ..query.evaluator import Evaluator
from ..rdf.files import RdfFile
from ..rdf.lines import split, triples
from ..rdf.reading import read_lines, read_quads
from ..rdf.tokens import iri_token, is_iri, triple_line
from .engines import default_engine, validate
from .places import Places
from .report import Locate, Report

__all__ = ["DataGraph", "StoredGraph"]

_SUBCLASS = iri_token(RDFS.subClassOf)
_SUBJECT, _REIFIES = iri_token(RDF.subject), iri_token(RDF.reifies)


class DataGraph:
    """The data graph (https://www.w3.org/TR/shacl/#data-graph): N-Triples as bytes, and files of any format.

    The ontology of a `project` tells which classes are below which; nothing in it is a focus node.
    """

    def __init__(self, *parts: bytes | Path | RdfFile, project: Project | None = None) -> None:
        self.parts = [part if isinstance(part, bytes) else RdfFile.of(part) for part in parts]
        self.project = project

    @cached_property
    def ontology(self) -> bytes:
        """The subclasses that the project's ontology declares, as N-Triples."""
        return b"".join(line for line in self.declarations if _is_subclass(line))

    @cached_property
    def declarations(self) -> list[bytes]:
        """The triples of the project's ontology, sorted."""
        if self.project is None:
            return []
        limits = self.project.limits
        return sorted(
            {line for path in self.project.ontology_files for line in triples(read_lines(path, limits=limits))}
        )

    def engine(self, name: str | None) -> str:
        """The engine that is used when this one, or none, is asked for."""
        return name or default_engine()

    def report(self, shapes: bytes, engine: str | None, limits: Limits) -> Report:
        """The report of an engine by shapes (N-Triples). Raises `EngineError`, or `ParseError` for a file."""
        return self._read(self.parts, shapes, engine, limits)

    def _read(self, parts: Iterable[bytes | RdfFile], shapes: bytes, engine: str | None, limits: Limits) -> Report:
        # N-Triples go to the engine as they are: its own parser reads them, in a process that may fail.
        data = [self._ntriples(part) if isinstance(part, RdfFile) else part for part in parts]
        if self.ontology:
            data.append(self.ontology)
        try:
            return validate(data, shapes, engine=self.engine(engine), limits=limits)
        except EngineError:
            for part in data:
                if isinstance(part, Path):  # if it is the file, our parser says where
                    deque(read_quads(part, limits=self._limits), maxlen=0)
            raise

    def locate(self, reports: Iterable[Report]) -> Locate:
        """Where the statements stand that the reports are about: a second pass, made only for the results."""
        wanted = {result.focus_node for report in reports for result in report.results}
        places = Places()
        for file in (part for part in self.parts if isinstance(part, RdfFile) and wanted):
            for quad, line in file.located(self._limits):
                if str(quad.subject) in wanted:
                    places.add(str(quad.subject), str(quad.predicate), str(quad.object), (file.path, line))
        return places.get

    def about(self, nodes: Collection[bytes]) -> list[bytes]:
        """The triples of some nodes (tokens), and those of the statements about them, as canonical lines."""
        lines: list[bytes] = []
        for part in self.parts:
            read = part.lines(self._limits) if isinstance(part, RdfFile) else part.splitlines(keepends=True)
            lines += _about(list(triples(read)), nodes)
        return lines

    @property
    def _limits(self) -> Limits:
        return self.project.limits if self.project else Limits()

    def _ntriples(self, file: RdfFile) -> bytes | Path:
        if (path := file.plain_path) and path.is_file() and file.syntax is NTRIPLES and path.stat().st_size:
            with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if data[-1:] == b"\n" and data.find(b"<<") < 0 and data[:3] != BOM_UTF8:
                    return path
        return b"".join(triples(file.lines(self._limits)))


class StoredGraph(DataGraph):
    """A data graph in a store, which the engine `compiled` asks where it is; any other reads its `lines`.

    `default` is the engine used when none is asked for, `notes` what a report of the store has to say of it.
    """

    def __init__(
        self,
        evaluator: Callable[[], Evaluator],
        lines: Callable[[], Iterable[bytes]],
        *,
        project: Project | None = None,
        default: str | None = None,
        notes: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        super().__init__(project=project)
        self._evaluator, self._lines, self._default, self._notes = evaluator, lines, default, notes

    def about(self, nodes: Collection[bytes]) -> list[bytes]:
        """The triples of some nodes, and those of the statements about them; a store is asked for them."""
        if self._default != "compiled":
            return _about(list(triples(self._lines())), nodes)
        found: set[bytes] = set()
        for token in sorted(node for node in nodes if is_iri(node)):
            node = token.decode()
            pattern = f"{{ BIND({node} AS ?s) {node} ?p ?o }} UNION {{ ?s <{RDF.subject}> {node} ; ?p ?o }}"
            _, rows = self._evaluator().select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}")
            found |= {triple_line(*(str(term).encode() for term in row)) for row in rows}
        return sorted(found)

    def engine(self, name: str | None) -> str:
        """The engine that is used when this one, or none, is asked for."""
        return name or self._default or default_engine()

    def report(self, shapes: bytes, engine: str | None, limits: Limits) -> Report:
        """The report by shapes (N-Triples); by queries it is made in this process, without a limit of time."""
        if self.engine(engine) != "compiled":
            return self._read([b"".join(triples(self._lines()))], shapes, engine, limits)
        from .compiled import validate_compiled

        report = validate_compiled(self._evaluator(), shapes, ontology=self.ontology)
        return replace(report, notes=(*report.notes, *self._notes()))


def _about(lines: Sequence[bytes], nodes: Collection[bytes]) -> list[bytes]:
    """The triples whose subject is one of the nodes, or a statement about one."""
    wanted = set(nodes)
    for line in lines:
        subject, predicate, object_, _ = split(line)
        reified = object_.split(b" ", 2)[1] if predicate == _REIFIES and object_.startswith(b"<<( ") else b""
        if reified in nodes or (predicate == _SUBJECT and object_ in nodes):
            wanted.add(subject)
    return [line for line in lines if line[: line.index(b" ")] in wanted]


def _is_subclass(line: bytes) -> bool:
    """Whether a triple puts a class with a name below another one."""
    subject, predicate, object_, _ = split(line)
    return predicate == _SUBCLASS and subject[:1] == object_[:1] == b"<"
