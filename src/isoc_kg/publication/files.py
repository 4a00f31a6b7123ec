"""The data files of a publication as bytes."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

from .. import rdf
from ..authoring.dataset import Dataset
from ..authoring.jsonld_context import context_of, project_context
from ..authoring.reading import project_order
from ..authoring.terms import EVIDENCE_ONTOLOGY, is_shared
from ..errors import CannotCarry, ParseError
from ..evidence.reification import reifying
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from ..limits.forking import Forked, forked, may_fork
from ..namespaces import OWL, VCARD
from ..rdf.jsonld_compaction import is_ordinary
from ..rdf.jsonld_terms import ContextTerms
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from ..validation import Report, ShapesGraph
from .crate import CRATE_FILE, write_crate
from .data_file import DataFile
from .description import describe_dataset
from .frame import FRAME_FILE, read_frame
from .indented_json import indented_json
from .tree import Tree, write_tree

__all__ = ["DataFiles", "published_context", "published_tree"]


_MOST_BESIDE = 200_000  #: triples published; of more, the files take much memory, and are made one after the other


class _Made(NamedTuple):
    """The first files, and what there is to say of them."""

    contents: list[tuple[str, bytes]]
    files: list[DataFile]
    tree: Tree | None


class DataFiles:
    """The data files of a checked dataset, each written once; the descriptions of the others come last."""

    def __init__(
        self,
        dataset: Dataset,
        shapes: ShapesGraph,
        context: Callable[[], Any],
        *,
        rdf12: bool = False,
        partial: bool = False,
    ) -> None:
        self.left_out: dict[str, CannotCarry] = {}  #: with `partial`, files whose format cannot carry the data
        self._partial = partial
        self.files: list[DataFile] = []  #: those written so far
        self.tree: Tree | None = None  #: once `tree.jsonld` is written
        self.description: list[bytes] = []  #: the triples of `dataset.ttl`, once it is written
        self._dataset, self._shapes = dataset, shapes
        self._context, self._rdf12 = context, rdf12
        self._order = project_order(dataset.project, shapes.all_lines, dataset.declared)
        self._prefixes: dict[str, str] = {}
        self._child: Forked[_Made] | None = None

    @contextmanager
    def begun(self) -> Iterator[None]:
        """What rests on no report is made by a child while the block, which finds the report, lasts."""
        if len(self._dataset.published) > _MOST_BESIDE or not may_fork():
            yield
            return
        with forked(lambda: _Made(list(self._first()), self.files, self.tree)) as self._child:
            yield
        self._child = None

    def contents(self, report: Report) -> Iterator[tuple[str, bytes]]:
        """Every file in turn: its name and its bytes. Raises `CannotCarry`, unless it is `partial`."""
        return (file for file in chain(self._made(), self._last(report)) if file[0] not in self.left_out)

    def _made(self) -> Iterable[tuple[str, bytes]]:
        made = self._child.result() if self._child else None
        if made is None:
            return self._first()
        self.files, self.tree = made.files, made.tree
        return made.contents

    def _first(self) -> Iterator[tuple[str, bytes]]:
        dataset, context = self._dataset, self._context()
        project = dataset.project
        name = project.name
        published = dataset.published
        yield self._rendered(f"{name}.ttl", published, TURTLE)
        yield self._rendered(f"{name}.nt", published, NTRIPLES)
        yield self._rendered(f"{name}.rdf", published, RDFXML)
        yield self._rendered(f"{name}.jsonld", published, JSONLD, context)
        yield self._rendered(f"{name}.nq", dataset.lines, NQUADS)
        yield self._rendered(f"{name}.trig", dataset.lines, TRIG)
        yield self._rendered("facts.ttl", dataset.graph("facts"), TURTLE)
        ontologies: dict[str, list[bytes]] = {"ontology": [], "evidence": []}
        for line in dataset.graph("ontology"):
            ontologies["evidence" if is_shared(split(line)[0]) else "ontology"].append(line)
        for part, ontology_iri in (("ontology", project.ids.ontology), ("evidence", EVIDENCE_ONTOLOGY)):
            turtle = self._rendered(f"{part}.ttl", ontologies[part], TURTLE)
            yield turtle
            if version := _ontology_version(ontologies[part], ontology_iri):
                yield self._recorded(f"{part}/{version}.ttl", turtle[1], len(ontologies[part]))
        if dataset.graph("alignments"):
            yield self._rendered("alignments.ttl", dataset.graph("alignments"), TURTLE)
        yield self._rendered("shapes.ttl", self._shapes.all_lines, TURTLE)
        if context is not None:
            yield self._recorded("context.jsonld", indented_json({"@context": context}))
            if project.subject:
                yield self._tree()
        if self._rdf12:
            claims = {iri_token(claim.iri): triple for triple, claim in dataset.claims.items()}
            yield self._rendered(f"{name}-rdf12.ttl", reifying(published, claims), TURTLE)

    def _last(self, report: Report) -> Iterator[tuple[str, bytes]]:
        dataset = self._dataset
        project = dataset.project
        yield self._rendered("report.ttl", report.to_lines(project.ids.dataset + "/report"), TURTLE)
        self._prefixes = {"vcard": VCARD.iri}  # of no data, only of their description
        self.description = describe_dataset(dataset, self.files, report)
        self._order = self._order.about(iri_token(project.ids.dataset))
        yield self._rendered("dataset.ttl", self.description, TURTLE)
        if crate := write_crate(dataset, self.files):
            yield self._recorded(CRATE_FILE, crate)
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name))
        yield self._recorded("SHA256SUMS", sums.encode())

    def _rendered(self, name: str, lines: list[bytes], format_: Format, context: Any = None) -> tuple[str, bytes]:
        out = io.BytesIO()
        try:
            prefixes = {**self._prefixes, **self._dataset.project.prefixes}
            rdf.write(lines, format_, out, prefixes=prefixes, context=context, order=self._order)
        except CannotCarry as error:
            if context is not None and error.file is None:
                error.file = self._dataset.project.context_file
            if not self._partial:
                raise
            self.left_out[name] = error
            return name, b""
        return self._recorded(name, out.getvalue(), len(lines))

    def _tree(self) -> tuple[str, bytes]:
        name = "tree.jsonld"
        try:
            self.tree = published_tree(self._dataset, self._shapes, self._context())
        except CannotCarry as error:
            if not self._partial:
                raise
            self.left_out[name] = error
            return name, b""
        return self._recorded(name, self.tree.text, self.tree.triples)

    def _recorded(self, name: str, data: bytes, statements: int | None = None) -> tuple[str, bytes]:
        self.files.append(DataFile(name, len(data), hashlib.sha256(data).hexdigest(), statements))
        return name, data


def published_context(dataset: Dataset, shapes: ShapesGraph) -> Any:
    """The JSON-LD context that a dataset is published with."""
    used = chain(dataset.published, dataset.graph("alignments"))
    return context_of(dataset.project, dataset.graph("ontology"), shapes.lines, used, dataset.declared)


def published_tree(dataset: Dataset, shapes: ShapesGraph, context: Any = None, *, evidence: bool = False) -> Tree:
    """The tree of a dataset's subject by the project's frame, by the terms of the context if it is of plain ones."""
    project = dataset.project
    if not is_ordinary(context):
        context = project_context(project, dataset.graph("ontology"), shapes.lines, dataset.published, dataset.declared)
    file = project.folder("ontology") / FRAME_FILE
    terms = ContextTerms({}, context)
    names = {name: full for full, definitions in terms.definitions.items() for name, _ in definitions}
    frame = read_frame(file, names, project.prefixes) if file.is_file() else None
    if frame and frame.id and not any(line.startswith(frame.id + b" ") for line in dataset.published):
        problem = f"@id: nothing is said of {frame.id.decode()[:300]}, with which the tree would begin."
        raise ParseError(problem, file=file, advice="Name a thing of the facts, or leave @id out.")
    return write_tree(
        dataset, context, frame, project.base + "tree.jsonld", f"{project.name}.jsonld", evidence=evidence
    )


def _ontology_version(lines: list[bytes], ontology: str) -> str | None:
    """The last part of an ontology's version IRI."""
    mark = f"<{ontology}> <{OWL.versionIRI}> <".encode()
    for line in lines:
        if line.startswith(mark):
            return line[len(mark) : line.rindex(b">")].decode().rpartition("/")[2]
    return None
