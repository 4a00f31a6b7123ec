"""A store as a publication, in a folder or behind an endpoint: what is served is asked of it, and nothing read before."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import EngineError, LimitExceeded
from ...limits import ServerLimits
from ...project import Project, load_project
from ...publication.publication import Publication
from ...query import load_queries
from ...query.results import read_json_results
from ...rdf import Graphs, read_lines
from ...rdf.lines import iri
from ...rendering.collection import PAGES, Collection
from ...rendering.index import Index
from ...rendering.neighbourhood import Row, subject_of
from ...rendering.overview import bundles
from ...rendering.pages import Bundle, Material, Renderer
from ...rendering.theme import load_theme
from ...rendering.things import ThingBundle
from ...validation import ShapesGraph
from ..http.problems import Problem
from ..queries.pool import Evaluator, Pool
from .snapshot import Snapshot

if TYPE_CHECKING:
    from ...endpoint import Endpoint
    from ...graph.remote_graph import RemoteGraph

__all__ = ["FolderSnapshot", "PoolSource", "snapshot_of_endpoint"]

_SECONDS = 20.0  #: that a page waits for one of its queries
#: Of the pages that are made of ontology, shapes and queries alone.
_KEPT = ("query/", "ontology/", "vocabulary/")


class PoolSource:
    """Whatever runs queries as a source; asked from other threads than the one of its event loop."""

    def __init__(self, pool: Evaluator, loop: asyncio.AbstractEventLoop) -> None:
        self.pool = pool
        self.loop = loop

    def select(self, text: str) -> Sequence[Row]:
        """Every solution. Raises `Problem`: 503 when the workers are busy or gone, 413 for too many solutions."""
        request = {"query": text, "accept": "application/sparql-results+json"}
        waiting = asyncio.run_coroutine_threadsafe(self.pool.run(request, ""), self.loop)
        try:
            head, body = waiting.result(_SECONDS)
        except TimeoutError:
            waiting.cancel()
            raise Problem(503, "the store is busy.", headers={"Retry-After": "5"}) from None
        if head["status"] != 200:
            raise Problem(503, f"the store cannot say it: {head.get('detail', head['status'])}")
        if head.get("cut"):
            raise Problem(413, "more is said about it than a page can hold.", advice="Ask for a part of it by SPARQL.")
        return read_json_results(body)[1]


class _Asked(Snapshot):
    """A store with the ontology, the queries and the names of a project.

    Nothing in it is held against shapes: that was for those to do who loaded it. Literals are those of the store.
    """

    def __init__(self, project: Project | None, host: str | None) -> None:
        self.project = project or load_project()
        self.queries = load_queries(self.project.folder("queries"))
        self.digest = ""
        self.host = host or self.project.base
        ids, limits = self.project.ids, self.project.limits
        ontology = [line for path in self.project.ontology_files for line in read_lines(path, limits=limits)]
        index = Index(self.project, Graphs({ids.graph("ontology"): ontology}).quads())
        shapes = ShapesGraph.of_project(self.project).all_lines
        material = Material((), None, self.queries, shapes, self.project.read_context())
        self.renderer = Renderer(index, load_theme(self.project), material, self.host, PAGES)
        self.bundles: dict[str, Bundle | ThingBundle] = {
            bundle.key: bundle
            for bundle in bundles(self.renderer)
            if (f"{bundle.key}.html" in PAGES and bundle.key not in ("index", "sparql")) or bundle.key.startswith(_KEPT)
        }
        self.collection: Collection | None = None
        self._graphs: list[tuple[str, int | None]] = []

    async def connect(self, pool: Evaluator) -> None:
        """Ask the pool from now on; learn the names of the graphs."""
        loop = asyncio.get_running_loop()
        source = PoolSource(pool, loop)
        try:
            names = await loop.run_in_executor(None, self.named_graphs, source)
        except Problem as problem:
            raise EngineError(f"{self.name}: {problem.detail}") from None
        self._graphs = [(name, None) for name in names]
        self.collection = Collection(self.renderer, source)

    def named_graphs(self, source: PoolSource) -> list[str]:
        """The IRIs of the named graphs."""
        raise NotImplementedError

    @property
    def graphs(self) -> list[tuple[str, int | None]]:
        """The named graphs; counting their triples would take long."""
        return self._graphs

    def bundle(self, key: str) -> Bundle | ThingBundle | None:
        """The page at a path without extension. Raises `Problem`."""
        if (found := self.bundles.get(key)) is not None:
            return found
        assert self.collection is not None
        try:
            return self.collection.bundle(key)
        except LimitExceeded as error:
            raise Problem(413, error.message, advice=error.advice) from None

    def subject_of(self, claim: str) -> str | None:
        """The subject of the statement that a claim is about."""
        assert self.collection is not None
        found = subject_of(self.collection.source, f"<{claim}>".encode())
        return iri(found) if found and found[0] == 60 else None

    def slow(self, path: str) -> bool:
        """Whether it takes a while to make: nearly everything asks the store."""
        return path not in self.renderer.theme.files

    asked = True
    name = ""  #: of the store, for those who look after it

    @property
    def data(self) -> dict[str, bytes]:
        """No files: the store would have to be read as a whole."""
        return {}

    @property
    def machine(self) -> dict[str, bytes]:
        """No lists of all pages, for the same reason; robots are welcome."""
        return {"robots.txt": b"User-agent: *\nAllow: /\n"}

    def figures(self) -> dict[str, Any]:
        """What health checks want to know."""
        return {"title": self.project.title, "store": self.name, "graphs": len(self.graphs)}


class FolderSnapshot(_Asked):
    """An Oxigraph store in a folder; it keeps the values of numbers and truth values, not how they were written."""

    def __init__(self, project: Project | None, folder: Path, host: str | None) -> None:
        if not (folder / "CURRENT").is_file():
            raise EngineError(
                f"{folder} is no store.", advice="Make one with `oxigraph load` or pyoxigraph.Store(path)."
            )
        super().__init__(project, host)
        self.folder = folder
        self.name = folder.name
        self.modified = max(file.stat().st_mtime for file in folder.iterdir())

    def pool(self, limits: ServerLimits, base: str) -> Pool:
        """Workers that hold the store."""
        return self._workers(self.folder, limits, base)

    def named_graphs(self, source: PoolSource) -> list[str]:
        """The IRIs of the named graphs."""
        return [iri(row["g"]) for row in source.select("SELECT ?g { GRAPH ?g {} }") if row["g"][:1] == b"<"]


def _forwarder(endpoint: "Endpoint", limits: ServerLimits, project: Project) -> Evaluator:
    from ..queries.forwarding import Forwarder

    return Forwarder(endpoint, limits, prefixes=project.prefixes, claims=project.ids.claims)


class _EndpointSnapshot(_Asked):
    """A store behind the SPARQL protocol, asked for what each page needs."""

    def __init__(self, project: Project, endpoint: "Endpoint", host: str | None) -> None:
        super().__init__(project, host)
        self.endpoint = endpoint
        self.name = endpoint.query_url
        self.modified = time.time()

    def pool(self, limits: ServerLimits, base: str) -> Evaluator:
        """What asks the endpoint."""
        return _forwarder(self.endpoint, limits, self.project)

    def named_graphs(self, source: PoolSource) -> list[str]:
        """The IRIs of the named graphs."""
        return self.endpoint.named_graphs()


class _MirrorSnapshot(Snapshot):
    """What an endpoint holds, read as a whole: every page of the site. Queries go to the endpoint all the same."""

    def __init__(self, graph: "RemoteGraph", host: str | None) -> None:
        super().__init__(Publication.of_store(graph), host, time.time())
        self.endpoint = graph.endpoint

    def pool(self, limits: ServerLimits, base: str) -> Evaluator:
        """What asks the endpoint."""
        return _forwarder(self.endpoint, limits, self.project)


def snapshot_of_endpoint(project: Project, endpoint: "Endpoint", host: str | None, most: int) -> Snapshot:
    """The data behind an endpoint: mirrored as long as they are at most so many triples, else asked page by page.

    Raises `EndpointError` when it does not answer, `NotConforming` when the project's shapes refuse the mirrored data.
    """
    from ...graph.remote_graph import RemoteGraph

    graph = RemoteGraph(project, endpoint)
    return _MirrorSnapshot(graph, host) if graph.size() <= most else _EndpointSnapshot(project, endpoint, host)
