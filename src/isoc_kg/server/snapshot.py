"""A publication as it is served: its pages, its data and its queries, made once and never changed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from ..catalog import DataFile
from ..dataset import Dataset, build_dataset
from ..formats import FORMATS, TURTLE
from ..graph import KnowledgeGraph
from ..namespaces import RDF
from ..project import Project, load_project
from ..query import NamedQuery, load_queries
from ..release import Gate, NotConforming, check_dataset, context_of, release_files
from ..rendering.index import Index
from ..rendering.machine import machine_files
from ..rendering.overview import bundles
from ..rendering.pages import Bundle, Material, Renderer
from ..rendering.theme import load_theme
from ..rendering.things import TWINS, ThingBundle
from ..serialization import merge, read_lines, write
from ..serialization.lines import iri, split
from .pool import Pool

__all__ = ["Snapshot"]

_SUBJECT = f"<{RDF.subject}>".encode()


class Snapshot:
    """Everything that is served of one state of a publication.

    Raises `NotConforming` for a project that its shapes refuse.
    """

    def __init__(self, project: Project | None, files: Sequence[Path], host: str | None) -> None:
        self._files: list[DataFile] = []
        self._gate: Gate | None = None
        self.dataset: Dataset | None = None
        if files:
            graph = KnowledgeGraph.load(list(files))
            names = ", ".join(path.name for path in files)
            self.project = replace(
                project or graph.project,
                name="data",
                title=names,
                description=f"What {names} says.",
                subject=None,
                documents=(),
            )
            lines: list[bytes] = graph.lines
            digest = sha256(b"".join(lines)).hexdigest()
            self.queries: dict[str, NamedQuery] = {}
            material = Material(files=self._files, context=context_of(self.project), digest=digest)
        else:
            self.project = project or load_project()
            dataset = self.dataset = build_dataset(self.project)
            self._gate = check_dataset(dataset)
            if not self._gate.passed:
                raise NotConforming(self._gate, dataset)
            lines = dataset.lines
            self.queries = load_queries(self.project.folder("queries"))
            paths = [*self.project.shapes_files, *filter(None, [self.project.ontology_shapes_file])]
            shapes = merge(*(sorted(read_lines(path, limits=self.project.limits)) for path in paths))
            material = Material(
                self._files, self._gate.data, self.queries, list(shapes), context_of(self.project), dataset.digest
            )
        self.digest = material.digest
        self.modified = _modified(self.project, files)
        self.store: Path | None = None
        self.host = host or self.project.base
        self.renderer = Renderer(Index(self.project, lines), load_theme(self.project), material, self.host)
        self.bundles: dict[str, Bundle | ThingBundle] = {bundle.key: bundle for bundle in bundles(self.renderer)}
        self._making = Lock()
        self._made_data: dict[str, bytes] | None = None

    @property
    def graphs(self) -> list[tuple[str, int | None]]:
        """The named graphs, each with how many triples it has where that is known; an empty name is the default graph."""
        return sorted((graph.decode()[1:-1], count) for graph, count in self.index.sizes.items())

    @property
    def index(self) -> Index:
        """The publication's lines, and what is found in them."""
        return self.renderer.index

    @property
    def lines(self) -> Sequence[bytes]:
        """The canonical lines."""
        return self.index.lines

    def _made(self) -> dict[str, bytes]:
        """The data files."""
        import io

        if self.dataset is not None and self._gate is not None:
            data = dict(release_files(self.dataset, self._gate, self._files))
            described = sorted(read_lines(data["dataset.ttl"], TURTLE))
            for format_ in TWINS:
                if format_ is not TURTLE:
                    out = io.BytesIO()
                    write(described, format_, out, prefixes=self.project.prefixes)
                    data[f"dataset.{format_.extension}"] = out.getvalue()
            data["void.ttl"] = data[".well-known/void"] = data["dataset.ttl"]
            return data
        data = {}
        for format_ in FORMATS:
            out = io.BytesIO()
            found = self.lines if format_.datasets else sorted(_triples(self.lines))
            write(list(found), format_, out, prefixes=self.project.prefixes)
            content = out.getvalue()
            data[f"data.{format_.extension}"] = content
            self._files.append(DataFile(f"data.{format_.extension}", len(content), sha256(content).hexdigest()))
        return data

    @property
    def data(self) -> dict[str, bytes]:
        """The data files by their paths; made when they are first asked for, since few ask for them."""
        with self._making:
            if self._made_data is None:
                self._made_data = self._made()
            return self._made_data

    @cached_property
    def machine(self) -> dict[str, bytes]:
        """Site map, robots, linkset."""
        _ = self.data
        pages = [f"{key}.html" for key in self.bundles if not key.startswith("data/")]
        return dict(machine_files(self.renderer, pages))

    def bundle(self, key: str) -> Bundle | ThingBundle | None:
        """The page, with its data, at a path without extension."""
        return self.bundles.get(key)

    def subject_of(self, claim: str) -> str | None:
        """The subject of the statement that a claim is about."""
        for line in self.index.lines_of(f"<{claim}>".encode()):
            _, predicate, object_, _ = split(line)
            if predicate == _SUBJECT:
                return iri(object_)
        return None

    async def connect(self, pool: Pool) -> None:
        """The pool answers from now on; what is here needs no answers."""

    def slow(self, path: str) -> bool:
        """Whether a file takes long to make, so that others should not wait for it."""
        key, dot, _ = path.rpartition(".")
        return bool(dot) and not isinstance(self.bundles.get(key), ThingBundle)

    def file(self, path: str) -> bytes | None:
        """The content of the file that the site has at a path; None when it has none."""
        key, _, extension = path.rpartition(".")
        if (file := self.renderer.theme.files.get(path)) is not None:
            return file.read_bytes()
        bundle = self.bundle(key) or (
            self.bundle(key.removesuffix(".annotations")) if key.endswith(".annotations") else None
        )
        if isinstance(bundle, ThingBundle):
            return self._of_thing(bundle, path, extension)
        if bundle is not None:
            if path in ("dataset.html", "data/editor.json", "index.html", "about.html"):
                _ = self.data  # these name the data files
            found = dict(bundle.render()).get(path)
            if found is not None:
                return found
        if path in ("sitemap.xml", "robots.txt", "linkset.json") or path.startswith("sitemap-"):
            return self.machine.get(path)
        return self.data.get(path)

    def _of_thing(self, bundle: ThingBundle, path: str, extension: str) -> bytes | None:
        if extension == "html":
            return bundle.things.page(bundle.token, bundle.key)
        for format_ in bundle.things.formats:
            if format_.extension == extension:
                return bundle.things.written(bundle.things.renderer.index.resource(bundle.token).lines, format_)
        return None

    def figures(self) -> dict[str, Any]:
        """What health checks want to know."""
        return {"title": self.project.title, "digest": f"sha256:{self.digest}", "things": len(self.index.subjects)}


def _triples(lines: Sequence[bytes]) -> set[bytes]:
    result = set()
    for line in lines:
        graph = split(line)[3]
        result.add(line[: -len(graph) - 4] + b" .\n" if graph else line)
    return result


def _modified(project: Project, files: Sequence[Path]) -> float:
    """When the newest of the files that are published was written."""
    folders = ("facts", "ontology", "shapes", "queries")
    paths = list(files) or [
        path
        for name in folders
        if project.folder(name).is_dir()
        for path in project.folder(name).rglob("*")
        if path.is_file()
    ]
    return max([path.stat().st_mtime for path in paths], default=0.0)
