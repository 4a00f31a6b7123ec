"""A store as a publication, in a folder or behind an endpoint: pages are made by asking it; nothing is read before."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ...authoring.dataset import GRAPHS
from ...authoring.jsonld_context import context_of
from ...errors import CannotCarry, EngineError, LimitExceeded
from ...limits import ServerLimits
from ...namespaces import RDF, RDFS
from ...project import Project
from ...publication.publication import Publication
from ...query import StoreEvaluator, load_queries
from ...query.release import releasing
from ...rdf import Graphs, read_lines
from ...rdf.lines import iri
from ...rdf.tokens import iri_token, is_iri, is_valid_iri
from ...rendering.index import Index
from ...rendering.neighbourhood import subject_of
from ...rendering.overview import bundles
from ...rendering.pages import Bundle
from ...rendering.renderer import Material, Renderer
from ...rendering.store_pages import PAGES, StorePages
from ...rendering.template_trial import try_templates
from ...rendering.theme import load_theme
from ...rendering.things import ThingBundle
from ...validation import ShapesGraph
from ..http.problems import Problem
from ..queries.points import Points
from ..queries.pool import Pool
from ..queries.pool_evaluator import PoolEvaluator
from ..queries.runner import QueryRunner
from ..queries.stored_points import StoredPointAnswers
from ..spool import Content
from .snapshot import Snapshot
from .store_files import check_store_files

if TYPE_CHECKING:
    from ...endpoint import Endpoint

__all__ = ["FolderSnapshot", "snapshot_of_endpoint"]

_MOST_NESTING = 100  #: of triple terms, which pages are made of
#: Of the pages that are made of ontology, shapes and queries alone.
_KEPT = ("query/", "ontology/", "vocabulary/")


class _StoreSnapshot(Snapshot):
    """A store with the ontology, the queries and the names of a project.

    Nothing in it is validated: that was for those to do who loaded it. Literals are those of the store.
    """

    def __init__(self, project: Project, host: str | None) -> None:
        self.project = project
        self.queries = load_queries(self.project.folder("queries"))
        self.digest = ""
        self.host = host or self.project.base
        ids, limits = self.project.ids, self.project.limits
        ontology = [line for path in self.project.ontology_files for line in read_lines(path, limits=limits)]
        self._ontology = Graphs({ids.graph("ontology"): ontology}).quads()
        shapes = ShapesGraph.of_project(self.project)
        context = context_of(self.project, ontology, shapes.lines)
        self._material = Material(queries=self.queries, shapes=shapes.all_lines, context=context)
        self._theme = load_theme(self.project)
        self.collection: StorePages | None = None
        self._graphs: list[tuple[str, int | None]] = []
        self._own_files = {}
        self._maker = False
        self._assemble()

    def _assemble(self) -> None:
        """Make of what was read what renders it."""
        index = Index(self.project, self._ontology)
        self.renderer = Renderer(index, self._theme, self._material, self.host, PAGES)
        self.bundles: dict[str, Bundle | ThingBundle] = {
            bundle.key: bundle
            for bundle in bundles(self.renderer)
            if (f"{bundle.key}.html" in PAGES and bundle.key not in ("index", "sparql")) or bundle.key.startswith(_KEPT)
        }

    def __getstate__(self) -> tuple[Any, ...]:
        made = ("renderer", "bundles")
        return ({name: value for name, value in self.__dict__.items() if name not in made},)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__dict__.update(state[0])
        self._assemble()

    def try_templates(self) -> None:
        """Render a page of each kind, as of a store that holds the ontology and one thing."""
        example, kind = (f"<{self.project.base}{name}>" for name in ("id/example", "ontology#Example"))
        lines = [f"{example} <{RDF.type}> {kind} .\n".encode(), f'{example} <{RDFS.label}> "Example" .\n'.encode()]
        pages = StorePages(self.renderer, StoreEvaluator.of_lines([*self._ontology, *lines]))
        keys = [self.renderer.addresses.page(name[1:-1])[0] for name in (example, kind)]
        keys = ["index", "sparql", keys[0], f"browse/class/{keys[1]}"]
        made = {key: bundle for key in keys if (bundle := pages.bundle(key)) is not None}
        try_templates(self.renderer, {**self.bundles, **made})

    async def connect(self, pool: QueryRunner) -> None:
        """Ask the pool from now on; learn the names of the graphs."""
        loop = asyncio.get_running_loop()
        evaluator = PoolEvaluator(pool, loop)
        try:
            names = await loop.run_in_executor(None, self.named_graphs, evaluator)
        except Problem as problem:
            raise EngineError(f"{self.name}: {problem.detail}") from None
        self._graphs = [(name, None) for name in names]
        self.collection = StorePages(self.renderer, evaluator)

    def named_graphs(self, evaluator: PoolEvaluator) -> list[str]:
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
        if not is_valid_iri(claim):
            return None
        found = subject_of(self.collection.evaluator, iri_token(claim))
        return iri(found) if found and is_iri(found) else None

    def slow(self, path: str) -> bool:
        """Whether it takes a while to make: nearly everything asks the store."""
        return path not in self.renderer.theme.files

    notes: list[str] = []  # noqa: RUF012 – the store is not read
    on_demand = True
    name = ""  #: of the store, for those who look after it

    @property
    def data(self) -> Mapping[str, Content]:
        """No files: the store would have to be read as a whole."""
        return {}

    @property
    def left_out(self) -> dict[str, CannotCarry]:
        """None, for the same reason."""
        return {}

    @property
    def machine(self) -> dict[str, bytes]:
        """No lists of all pages, for the same reason; robots are welcome."""
        return {"robots.txt": b"User-agent: *\nAllow: /\n"}

    def figures(self) -> dict[str, Any]:
        """What health checks want to know."""
        return {"title": self.project.title, "store": self.name, "graphs": len(self.graphs)}


def _seen_through(project: Project, graphs: Iterable[str]) -> Project:
    """The shipped publication where a store holds a graph of it, else none."""
    own = set(map(project.ids.graph, GRAPHS))
    return project if any(name in own for name in graphs) else Project.of_files()


@releasing
def _named_graphs(folder: Path) -> list[str]:
    """The names of a store's graphs. Raises `EngineError`."""
    try:
        store = ox.Store.read_only(str(folder))
        return [name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineError(
            f"the store cannot be opened: {error}.",
            file=folder,
            advice="Restore it from a copy, or load the data into a new one.",
        ) from None


class FolderSnapshot(_StoreSnapshot):
    """An Oxigraph store in a folder; it keeps the values of numbers and truth values, not how they were written."""

    def __init__(self, project: Project, folder: Path, host: str | None, address: str) -> None:
        if not (folder / "CURRENT").is_file():
            raise EngineError(
                f"{folder} is not a store.", advice="Make one with `oxigraph load` or pyoxigraph.Store(path)."
            )
        for file in sorted(folder.iterdir()):
            if not file.is_file() and not file.is_dir():  # the engine would wait for who writes into a pipe
                raise EngineError(f"{file.name} in it is not a regular file.", file=folder)
        check_store_files(folder)
        if project.shipped:
            project = _seen_through(project, _named_graphs(folder))
        super().__init__(project, address if project.foreign else host)
        self.folder = folder
        self.name = folder.name
        self.modified = max(file.stat().st_mtime for file in folder.iterdir())

    def pool(self, limits: ServerLimits, base: str) -> Pool:
        """Workers that hold the store."""
        return self._workers(self.folder, limits, base)

    def points(self, base: str) -> Points:
        """What answers queries for the values of an IRI in this process, where that is certain to be short."""
        return StoredPointAnswers(StoreEvaluator(ox.Store.read_only(str(self.folder))), self.project.prefixes, base)

    def named_graphs(self, evaluator: PoolEvaluator) -> list[str]:
        """The IRIs of the named graphs."""
        _, rows = evaluator.select("SELECT ?g { GRAPH ?g {} }")
        return [name.value for (name,) in rows if isinstance(name, ox.NamedNode)]


def _forwarder(endpoint: "Endpoint", limits: ServerLimits, project: Project) -> QueryRunner:
    from ..queries.forwarding import Forwarder

    return Forwarder(endpoint, limits, prefixes=project.prefixes, claims=project.ids.claims, text_limits=project.limits)


class _EndpointSnapshot(_StoreSnapshot):
    """A store behind the SPARQL protocol, asked for what each page needs."""

    def __init__(self, project: Project, endpoint: "Endpoint", host: str | None) -> None:
        super().__init__(project, host)
        self.endpoint = endpoint
        self.name = endpoint.query_url
        self.modified = time.time()

    def pool(self, limits: ServerLimits, base: str) -> QueryRunner:
        """What asks the endpoint."""
        return _forwarder(self.endpoint, limits, self.project)

    def named_graphs(self, evaluator: PoolEvaluator) -> list[str]:
        """The IRIs of the named graphs."""
        return self.endpoint.named_graphs()


class _MirrorSnapshot(Snapshot):
    """What an endpoint holds, read as a whole: every page of the site. Queries go to the endpoint all the same."""

    def __init__(self, endpoint: "Endpoint", *state: Any) -> None:
        super().__init__(*state)
        self.endpoint = endpoint

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.endpoint, *self.state)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _MirrorSnapshot.__init__(self, *state)

    def pool(self, limits: ServerLimits, base: str) -> QueryRunner:
        """What asks the endpoint."""
        return _forwarder(self.endpoint, limits, self.project)


def snapshot_of_endpoint(project: Project, endpoint: "Endpoint", host: str | None, most: int, address: str) -> Snapshot:
    """The data behind an endpoint: mirrored as long as they are at most so many triples, else asked page by page.

    Data that are not those of the shipped publication are not seen through it; `address` is where they are served.
    Raises `EndpointError` when it does not answer, `NotConforming` when the project's shapes refuse the mirrored data.
    """
    from ...graph.endpoint_source import EndpointSource
    from ...graph.knowledge_graph import KnowledgeGraph

    project = _seen_through(project, endpoint.named_graphs()) if project.shipped else project
    host = address if project.foreign else host
    source = EndpointSource(project, endpoint)
    if source.size() <= most:
        publication = Publication.of_store(KnowledgeGraph(project, source))
        # lists and first page need all things at once: with one too deep to be read, each page is made of its own part
        if not any(line.count(b"<<(") > _MOST_NESTING for line in publication.lines):
            return _MirrorSnapshot(endpoint, publication, host, time.time())
    return _EndpointSnapshot(project, endpoint, host)
