"""What is published: the lines of a project, of files, or of a store, with its gate and its data files."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import rdf
from ..authoring.dataset import GRAPHS, Dataset, build_dataset
from ..errors import CannotCarry
from ..formats import FORMATS, JSONLD, NTRIPLES, RDFXML, Format
from ..project import Project
from ..query import NamedQuery, load_queries
from ..rdf.files import RdfFile, read_files
from ..rdf.lines import blocks, digest
from ..rdf.schema_org import SPELLINGS, spellings
from ..validation import ShapesGraph
from .data_file import DataFile
from .files import DataFiles, published_context
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
    left_out: dict[str, CannotCarry] = field(default_factory=dict)  #: data files whose format cannot carry the data

    @classmethod
    def of_project(cls, project: Project, engine: str | None = None, *, strict: bool = False) -> "Publication":
        """A project's files, validated against its shapes; with `strict`, warnings stop it. Raises `NotConforming`."""
        shapes = ShapesGraph.of_project(project)
        return cls._checked(build_dataset(project, shapes), shapes, engine, strict)

    @classmethod
    def of_files(cls, project: Project, files: Sequence[Path | RdfFile]) -> "Publication":
        """Any RDF files as they are; of the project, only prefixes and settings are used.

        The prefixes that the files declare go before those of the project.
        """
        sources = list(map(RdfFile.of, files))
        lines, prefixes = read_files(sources, limits=project.limits)
        names = ", ".join(file.path.name for file in sources)
        return cls._unchecked(fitted(project, lines, prefixes), lines, names)

    @classmethod
    def of_store(cls, graph: "KnowledgeGraph", engine: str | None = None) -> "Publication":
        """What a store holds, read as a whole: the project's graphs, if it has any, validated against its shapes.

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
        return cls(seen_as(project, lines, name), lines, digest(blocks(lines)))

    @cached_property
    def context(self) -> Any:
        """The JSON-LD context of a project's data; None for RDF without a project."""
        if self.dataset is None or self.shapes is None:
            return self.project.read_context()
        return published_context(self.dataset, self.shapes)

    @cached_property
    def data(self) -> dict[str, bytes]:
        """The data files by their paths; made when they are first asked for.

        A file whose format cannot carry the data is `left_out`, with the reason.
        """
        return dict(self.data_files())

    def data_files(self) -> Iterator[tuple[str, bytes]]:
        """Each data file in turn, by its path; afterwards `files` and `left_out` tell of all."""
        if self.dataset and self.gate and self.shapes:
            written = DataFiles(self.dataset, self.shapes, lambda: self.context, partial=True)
            yield from written.contents(self.gate.data)
            self.files += written.files
            self.left_out |= written.left_out
            for format_ in (JSONLD, NTRIPLES, RDFXML):  # it has a page of its own
                name = f"dataset.{format_.extension}"
                if (content := self._written(name, written.description, format_)) is not None:
                    yield name, content
            return
        for format_ in FORMATS:
            name = f"data.{format_.extension}"
            found = list(self.lines) if format_.datasets else list(rdf.triples(self.lines))
            if (content := self._written(name, found, format_)) is not None:
                self.files.append(DataFile(name, len(content), sha256(content).hexdigest(), len(found)))
                yield name, content

    def _written(self, name: str, lines: list[bytes], format_: Format) -> bytes | None:
        """Lines in a format; None, and the reason in `left_out`, where it cannot carry them."""
        out = io.BytesIO()
        try:
            rdf.write(lines, format_, out, prefixes=self.project.prefixes)
        except CannotCarry as error:
            self.left_out[name] = error
            return None
        return out.getvalue()

    def notes(self) -> list[str]:
        """What those who publish the data should know of them.

        For each format that cannot carry all of the data, how many triples it cannot, and the first reason; both
        spellings of schema.org; colours that cannot be read.
        """
        notes = list(self.project.accent.notes) if self.project.accent else []
        lines = list(rdf.triples(self.lines))
        if len(spellings(lines)) == len(SPELLINGS):
            notes.append(f"the data say both {' and '.join(SPELLINGS)}: these are different IRIs")
        for format_ in (JSONLD, RDFXML):
            first, count = None, 0
            for refusal in rdf.refusals(lines, format_):
                first, count = first or refusal, count + 1
            if first:
                number = f"{count:,} triples" if count > 1 else "a triple"
                # which format to choose instead is no question here: the others are written, too
                reason = CannotCarry(first.message, excerpt=first.excerpt)
                notes.append(
                    f"{format_.label} cannot carry {number} of the data, so it is left out where they occur. {reason}"
                )
        return notes
