"""What is published: the lines of a project, of files, or of a store, with its gate and its data files."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import rdf
from ..authoring.dataset import GRAPHS, Dataset, build_dataset
from ..formats import FORMATS, JSONLD, NTRIPLES, RDFXML
from ..project import Project
from ..query import NamedQuery, load_queries
from ..rdf.files import RdfFile, read_files
from ..validation import ShapesGraph
from .description import DataFile
from .files import DataFiles
from .gate import Gate, NotConforming, check_dataset
from .self_description import fitted, seen_as

if TYPE_CHECKING:
    from ..graph.knowledge_graph import KnowledgeGraph

__all__ = ["Publication"]


@dataclass
class Publication:
    """One state of what is published. `dataset`, `gate` and `shapes` are None for RDF that no project has checked."""

    project: Project
    lines: Sequence[bytes]
    digest: str
    dataset: Dataset | None = None
    gate: Gate | None = None
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    shapes: ShapesGraph | None = None
    files: list[DataFile] = field(default_factory=list)  #: filled when `data` is made

    @classmethod
    def of_project(cls, project: Project, engine: str | None = None, *, strict: bool = False) -> "Publication":
        """A project's files, held against its shapes; with `strict`, warnings stop it. Raises `NotConforming`."""
        shapes = ShapesGraph.of_project(project)
        return cls._checked(build_dataset(project, shapes), shapes, engine, strict)

    @classmethod
    def of_files(cls, project: Project, files: Sequence[Path]) -> "Publication":
        """Any RDF files as they are; of the project, only prefixes and settings are used.

        The prefixes that the files declare go before those of the project.
        """
        lines, prefixes = read_files([RdfFile(path) for path in files], limits=project.limits)
        names = ", ".join(path.name for path in files)
        return cls._unchecked(fitted(project, lines, prefixes), lines, names)

    @classmethod
    def of_store(cls, graph: "KnowledgeGraph", engine: str | None = None) -> "Publication":
        """What a store holds, read as a whole: the project's graphs, if it has any, held against its shapes.

        Where the store has none of them, whatever it holds is taken as it is. Raises `NotConforming`.
        """
        project = graph.project
        graphs = rdf.Graphs.of_quads(graph.lines)
        own = rdf.Graphs({name: graphs[name] for name in map(project.ids.graph, GRAPHS) if name in graphs})
        if own:
            return cls._checked(Dataset(project, own, {}, (), []), ShapesGraph.of_project(project), engine)
        if project.shipped:
            project = Project.of_files()  # the one that is taken where none is named; these data are not its own
        return cls._unchecked(project, graph.lines, project.title)

    @classmethod
    def _checked(cls, dataset: Dataset, shapes: ShapesGraph, engine: str | None, strict: bool = False) -> "Publication":
        project = dataset.project
        gate = check_dataset(dataset, shapes, engine)
        if not gate.passes(strict=strict):
            raise NotConforming(gate)
        queries = load_queries(project.folder("queries"))
        return cls(project, dataset.lines, dataset.digest, dataset, gate, queries, shapes)

    @classmethod
    def _unchecked(cls, project: Project, lines: Sequence[bytes], name: str) -> "Publication":
        return cls(seen_as(project, lines, name), lines, sha256(b"".join(lines)).hexdigest())

    @cached_property
    def context(self) -> dict[str, Any] | None:
        """The project's JSON-LD context, when it has one."""
        return self.project.read_context()

    @cached_property
    def data(self) -> dict[str, bytes]:
        """The data files by their paths; made when they are first asked for."""
        prefixes = self.project.prefixes
        if self.dataset and self.gate and self.shapes:
            written = DataFiles(self.dataset, self.gate.data, self.shapes, self.context)
            data = dict(written.contents())
            self.files += written.files
            for format_ in (JSONLD, NTRIPLES, RDFXML):  # it has a page of its own
                out = io.BytesIO()
                rdf.write(written.description, format_, out, prefixes=prefixes)
                data[f"dataset.{format_.extension}"] = out.getvalue()
            return data
        data = {}
        for format_ in FORMATS:
            out = io.BytesIO()
            found = list(self.lines) if format_.datasets else list(rdf.triples(self.lines))
            rdf.write(found, format_, out, prefixes=prefixes)
            content = data[f"data.{format_.extension}"] = out.getvalue()
            self.files.append(DataFile(f"data.{format_.extension}", len(content), sha256(content).hexdigest()))
        return data
