"""What is validated: triples that an engine reads, or a store that is asked where its data are."""

import mmap
import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EngineError, QueryError
from ..formats import NTRIPLES
from ..limits import Limits
from ..limits.processes import Stop
from ..limits.threads import beside
from ..namespaces import EV, OWL, RDF, RDFS, SH
from ..project import Project
from ..rdf.files import RdfFile
from ..rdf.lines import lines_from_quads, split, triples
from ..rdf.reading import read_quads
from ..rdf.schema_org import mixed_up, spellings_in
from ..rdf.tokens import iri_token, is_iri, term_token, triple_line
from .engine_names import default_engine
from .engines import mapped, validate
from .imports import Catalogue
from .labels import located_with_labels, with_labels
from .places import Places
from .report import Locate, Report
from .scan import lines_with
from .shape_index import ShapeIndex
from .shapes import shapes_without_focus, subclasses

if TYPE_CHECKING:
    from ..query.evaluator import Evaluator

__all__ = ["DataGraph", "StoredGraph"]

#: Bytes; of less, searches take no time.
_LARGE = 4_000_000
_SUBCLASS = iri_token(RDFS.subClassOf)
_TRIPLE_TERM = re.compile(b"<<")  # a search for two bytes takes a third of the time that `find` does
#: How N-Triples write any character, and one of ASCII, in another way.
_ESCAPE, _ASCII_ESCAPE = re.compile(rb"\\[uU]"), re.compile(rb"\\(?:u00|U000000)")
#: What shapes have that may look at subclasses themselves: a path, a target, a query.
_LOOKS_AT_CLASSES = (RDFS.subClassOf.encode(), *(f"{SH[name]}>".encode() for name in ("select", "ask", "construct")))
_SUBJECT, _REIFIES = iri_token(RDF.subject), iri_token(RDF.reifies)


class DataGraph:
    """The data graph (https://www.w3.org/TR/shacl/#data-graph): N-Triples as bytes, and files of any format.

    The ontology of a `project`, further `ontologies`, and what the data import as far as `imports` has files for it,
    tell which classes are below which; nothing in them is a focus node.
    """

    def __init__(
        self,
        *parts: bytes | Path | RdfFile,
        project: Project | None = None,
        ontologies: Sequence[Path | RdfFile] = (),
        imports: Mapping[str, Path | RdfFile] | None = None,
    ) -> None:
        self.parts: list[bytes | RdfFile] = []
        named = set()
        for part in parts:  # a file that is named twice is read once: its blank nodes are not two
            if isinstance(part, bytes):
                self.parts.append(part)
            elif (file := RdfFile.of(part)).document not in named:
                named.add(file.document)
                self.parts.append(file)
        self.project = project
        self._ontologies = ontologies
        self._catalogue = Catalogue({**(project.imports if project else {}), **(imports or {})}, self._limits)

    def add_ontologies(self, files: Sequence[Path | RdfFile], imports: Mapping[str, Path | RdfFile]) -> None:
        """Further ontologies for the subclasses, and files for what is imported."""
        self._ontologies = (*self._ontologies, *files)
        self._catalogue = Catalogue(imports, self._limits)

    @cached_property
    def ontology(self) -> bytes:
        """The subclasses that the ontologies declare, as N-Triples."""
        lines = {*self.declarations, *self._read_triples(self._ontologies)}
        return b"".join(sorted(line for line in lines if _is_subclass(line)))

    def _subclasses(self, files: Sequence[RdfFile]) -> bytes:
        return b"".join(line for line in self._read_triples(files) if _is_subclass(line))

    @cached_property
    def declarations(self) -> list[bytes]:
        """The triples of the project's ontology, sorted."""
        return self._read_triples(self.project.ontology_files if self.project else ())

    def _read_triples(self, files: Sequence[Path | RdfFile]) -> list[bytes]:
        return sorted(set(triples(lines_from_quads(quad for quad, _, _ in self._catalogue.read(files)))))

    def engine(self, name: str | None) -> str:
        """The engine that is used when this one, or none, is asked for."""
        return name or default_engine()

    def report(self, shapes: bytes, engine: str | None, limits: Limits, *, advanced: bool = False) -> Report:
        """The report of an engine by shapes (N-Triples). Raises `EngineError`, or `ParseError` for a file."""
        return self._read(None, shapes, engine, limits, advanced=advanced)

    def metaclasses(self) -> list[str]:
        """The IRIs of the classes that the data or the ontologies put below `rdfs:Class`."""
        return _below_class([*self._own, self.ontology])

    @cached_property
    def _own(self) -> list[bytes | Path]:
        """The data, and the subclasses of what they import, as an engine gets them."""
        several = len(self.parts) > 1
        return self._with_imported(
            [self._ntriples(part, several) if isinstance(part, RdfFile) else part for part in self.parts]
        )

    def _with_imported(self, data: list[bytes | Path]) -> list[bytes | Path]:
        imported = self._subclasses(self._catalogue.imported([iri for part in data for iri in _imports(part)]))
        return [*data, imported] if imported else data

    def _with_ontologies(self, data: list[bytes | Path], shapes: bytes, *, advanced: bool) -> list[bytes | Path]:
        """Data and the subclasses of the ontologies, unless these can change nothing: one file is read as it is."""
        if advanced or any(mark in shapes for mark in _LOOKS_AT_CLASSES):
            return [*data, self.ontology] if self.ontology else data
        evidence_alone = (self.project is None or self.project.foreign) and not self._ontologies
        lower = {EV.iri} if evidence_alone else {_namespace(line) for line in self.ontology.splitlines()}
        return [*data, self.ontology] if _mention(lower, [shapes, *data]) and self.ontology else data

    def _read(
        self, lines: bytes | None, shapes: bytes, engine: str | None, limits: Limits, *, advanced: bool
    ) -> Report:
        # N-Triples go to the engine as they are: its own parser reads them, in a process that may fail.
        run = partial(validate, shapes=shapes, engine=self.engine(engine), limits=limits, advanced=advanced)
        whole = self._large_file if lines is None else None
        stop, data = Stop(), list[bytes | Path]()

        def at_once(file: Path) -> Report:
            try:
                return run([file], stop=stop)
            finally:
                stop.begun.set()  # or there is none to wait for

        with beside() as begin:  # the engine, which reads the data meanwhile, is a process of its own
            try:
                early = begin(at_once, whole) if whole else None
                if early:  # searches in a file keep other threads of this process from starting an engine
                    stop.begun.wait()
                data = self._with_ontologies(
                    self._own if lines is None else self._with_imported([lines]), shapes, advanced=advanced
                )
                if early and data != [whole]:  # it is not all that is to be read, or not as it is
                    stop.now()
                    early = None
                spelling = begin(_misspelt, shapes, data)
                report = early.result() if early else run(data)
            except EngineError:
                for part in data:
                    if isinstance(part, Path):  # if it is the file, our parser says where
                        deque(read_quads(part, limits=self._limits), maxlen=0)
                raise
            except BaseException:
                stop.now()
                raise
        report = with_labels(report, data)
        found = (spelling.result(), _exchanged(report, data), _classes_of_shapes(report, shapes, data))
        hints = [hint for hint in found if hint]
        return replace(report, notes=(*report.notes, *hints)) if hints else report

    def locate(self, reports: Iterable[Report]) -> Locate:
        """Where the statements stand that the reports are about: a second pass, made only for the results."""
        wanted = {result.focus_node for report in reports for result in report.results}
        places = Places()
        files = [part for part in self.parts if isinstance(part, RdfFile) and wanted]
        if len(files) == len(self.parts) and any(node.startswith("_:") for node in wanted):
            for triple, place in located_with_labels(files, self._limits):
                if triple[0] in wanted:
                    places.add(*triple, place)
            return places.get
        for file in files:
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

    @property
    def _large_file(self) -> Path | None:
        """A file that an engine can most probably read as it is, and begins with before it has been looked through."""
        part = self.parts[0] if len(self.parts) == 1 else None
        path = part.plain_path if isinstance(part, RdfFile) and part.syntax is NTRIPLES else None
        return path if path and path.is_file() and path.stat().st_size > _LARGE else None

    def _ntriples(self, file: RdfFile, several: bool) -> bytes | Path:
        if several:  # one label in two files means two blank nodes
            quads = file.quads(None, self._limits, rename_blank_nodes=True)
            return b"".join(triples(lines_from_quads(quads)))
        if (path := file.plain_path) and path.is_file() and file.syntax is NTRIPLES and path.stat().st_size:
            with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if data[-1:] == b"\n" and not _TRIPLE_TERM.search(data) and data[:3] != BOM_UTF8:
                    return path
        return b"".join(triples(file.lines(self._limits)))


class StoredGraph(DataGraph):
    """A data graph in a store, which the engine `compiled` asks where it is; any other reads its `lines`.

    `default` is the engine used when none is asked for, `notes` what a report of the store has to say of it.
    """

    def __init__(
        self,
        evaluator: "Callable[[], Evaluator]",
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
            found |= {triple_line(*map(term_token, row)) for row in rows}
        return sorted(found)

    def metaclasses(self) -> list[str]:
        """The IRIs of the classes that the store or the ontologies put below `rdfs:Class`."""
        from .compiled.refusals import Refusals

        text = f"SELECT DISTINCT ?class WHERE {{ ?class <{RDFS.subClassOf}>+ <{RDFS.Class}> }}"
        try:
            _, rows = Refusals(self._evaluator()).select(text)
        except QueryError:  # a store without paths: then the ontologies alone say it
            rows = []
        return [row[0].value for row in rows if str(row[0]).startswith("<")] + _below_class([self.ontology])

    def engine(self, name: str | None) -> str:
        """The engine that is used when this one, or none, is asked for."""
        chosen = None if name == default_engine() else name
        return chosen or self._default or default_engine()

    def report(self, shapes: bytes, engine: str | None, limits: Limits, *, advanced: bool = False) -> Report:
        """The report by shapes (N-Triples); by queries it is made in this process, without a limit of time."""
        if advanced or self._default != "compiled" or self.engine(engine) != "compiled":
            return self._read(b"".join(triples(self._lines())), shapes, engine, limits, advanced=advanced)
        from .compiled import validate_compiled

        report = validate_compiled(self._evaluator(), shapes, ontology=self.ontology)
        return replace(report, notes=(*report.notes, *self._notes()))


def _below_class(data: Iterable[bytes | Path]) -> list[str]:
    """The IRIs of the classes that N-Triples put below `rdfs:Class`."""
    with ExitStack() as stack:
        parts = [part if isinstance(part, bytes) else mapped(part, stack) for part in data]
        below = subclasses(parts).get(iri_token(RDFS.Class).decode(), set())
    return sorted(name[1:-1] for name in below if name.startswith("<") and name[1:-1] != RDFS.Class)


def _namespace(line: bytes) -> str:
    """What the subject's IRI in a triple has before its local name."""
    iri = line[1 : line.index(b">")]
    return iri[: max(iri.rfind(b"#"), iri.rfind(b"/")) + 1].decode()


def _mention(namespaces: Iterable[str], data: Iterable[bytes | Path]) -> bool:
    """Whether N-Triples may name something in one of the namespaces: an IRI may also be written with escapes."""
    marks = [name.encode() for name in namespaces]
    escape = _ASCII_ESCAPE if all(map(bytes.isascii, marks)) else _ESCAPE
    with ExitStack() as stack:
        parts = [part if isinstance(part, bytes) else mapped(part, stack) for part in data]
        named = any(part.find(mark) >= 0 for part in parts for mark in marks)
        return named or (bool(marks) and any(escape.search(part) for part in parts))


def _misspelt(shapes: bytes, data: Iterable[bytes | Path]) -> str | None:
    """A hint where the shapes name terms of schema.org by a spelling that the data have not: they meet nothing."""
    asked = spellings_in(shapes)
    if not asked:
        return None
    with ExitStack() as stack:
        parts = [part if isinstance(part, bytes) else mapped(part, stack) for part in data]
        seen = frozenset(spelling for part in parts for spelling in spellings_in(part))
    return mixed_up(asked, seen, "a shape")


def _exchanged(report: Report, data: Iterable[bytes | Path]) -> str | None:
    """A hint where no shape met a node of the data, and these are shapes themselves."""
    if report.results or not report.unmet:
        return None
    if any(_objects(part, predicate) for part in data for predicate in (SH.path, SH.targetClass)):
        return "the data are shapes: name what they are to validate without an option, and shapes by --shapes"
    return None


def _classes_of_shapes(report: Report, shapes: bytes, data: Iterable[bytes | Path]) -> str | None:
    """A hint where shapes met no node since only the shapes graph says which classes are below their targets.

    To SHACL the class hierarchy is the data graph's (https://www.w3.org/TR/shacl/#dfn-shacl-instance).
    """
    own = b"".join(line for line in shapes.splitlines(keepends=True) if b"#subClassOf> " in line and _is_subclass(line))
    if not report.unmet or not own:
        return None
    with ExitStack() as stack:
        parts = [part if isinstance(part, bytes) else mapped(part, stack) for part in data]
        still = shapes_without_focus(ShapeIndex(shapes), [*parts, own])
    met = [iri for iri in report.unmet if iri not in still]
    if not met:
        return None
    more = f" and {len(met) - 1} more" if len(met) > 1 else ""
    return (
        f"{iri_token(met[0]).decode()}{more} would meet nodes if the data had the subclasses that the shapes declare: "
        "name the file with these after --ontology, too (--shapes FILE --ontology FILE)"
    )


def _imports(part: bytes | Path) -> list[str]:
    """What N-Triples import."""
    found = _objects(part, OWL.imports)
    return [rest[1 : rest.index(b">")].decode() for rest in found if rest.startswith(b"<") and b">" in rest]


def _objects(part: bytes | Path, predicate: str) -> list[bytes]:
    """The objects of a predicate in N-Triples, with what is behind them on their lines."""
    if not isinstance(part, Path):
        return [rest for _, rest in lines_with(part, predicate)]
    with part.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return [rest for _, rest in lines_with(data, predicate)]


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
