"""One state of the publication with the services that answer for it, and which of them a request is for."""

import asyncio

from .content.resources import Resources
from .content.snapshot import Snapshot
from .http.problems import Problem
from .http.reply import Reply
from .http.request import Request
from .http.response_cache import ResponseCache
from .queries.graph_store import graph_of_index, graph_of_store, requested_graph
from .queries.protocol import SparqlProtocol, wants_page
from .queries.query_api import NamedQueries
from .queries.service_description import describe_service
from .status import Status

__all__ = ["Services"]

_READING = "GET, HEAD, OPTIONS"
_ENDPOINT = ("sparql", "sparql/")


class Services:
    """Resources, SPARQL endpoint, graphs and named queries of one snapshot, with a cache of their responses."""

    def __init__(self, snapshot: Snapshot, status: Status) -> None:
        project, limits, address = snapshot.project, status.limits, status.address
        ids = None if project.foreign else project.ids
        self.snapshot = snapshot
        self.status = status
        self.runner = snapshot.pool(limits, f"{address}sparql")
        self.resources = Resources(snapshot, status.root)
        self.protocol = SparqlProtocol(
            self.runner,
            limits,
            lambda accept: describe_service(
                f"{address}sparql", None if project.foreign else ids, snapshot.graphs, project.prefixes, accept
            ),
        )
        self.queries = NamedQueries(project, snapshot.queries, self.protocol, address)
        self.responses = ResponseCache(limits.cache_bytes)

    async def start(self) -> None:
        """Be ready for requests. Raises `EngineError`."""
        await self.runner.start()
        await self.snapshot.connect(self.runner)

    async def stop(self) -> None:
        """Finish queries, end the workers."""
        await self.runner.stop()

    async def reply(self, request: Request) -> Reply:
        """What the service that a request is for answers. Raises `Problem`."""
        path = request.path
        if request.method == "OPTIONS":
            return _options(path)
        _ = request.query  # one that is malformed is refused, whatever it is for
        if path in _ENDPOINT:
            return await self._sparql(request)
        if path == "graph-store":
            return await self._graph(requested_graph(request), request)
        if not request.reads:
            raise Problem(405, f"{request.method[:20]} is not for this address.", headers={"Allow": _READING})
        if path.startswith("api/"):
            return await self.queries.answer(request)
        if path.startswith("graph/") and (self.snapshot.on_demand or not wants_page(request.accept)):
            return await self._graph(self.snapshot.base + path, request)
        return self._operation(request) or await self._document(request)

    async def _sparql(self, request: Request) -> Reply:
        """A request to the endpoint."""
        if request.reads and wants_page(request.accept):
            page = self.resources.answer("sparql.html", {}, request.headers)
            page.vary = "Accept"
            return page
        return await self.protocol.answer(request)

    async def _graph(self, name: str | None, request: Request) -> Reply:
        """A graph, by the Graph Store Protocol."""
        snapshot = self.snapshot
        if snapshot.on_demand:
            return await graph_of_store(name, snapshot.graphs, self.protocol, request)
        prefixes = snapshot.project.prefixes
        return await asyncio.to_thread(graph_of_index, name, snapshot.index, prefixes, request.accept)

    def _operation(self, request: Request) -> Reply | None:
        """What operators look at."""
        if request.path == "health":
            return self.status.health(self.snapshot.figures())
        if request.path == "metrics":
            return self.status.measures(self._gauges())
        if request.path == "about":
            return self.status.about(self.snapshot.project.title, self.snapshot.figures(), request.accept)
        return None

    async def _document(self, request: Request) -> Reply:
        """All that is part of the publication."""
        parameters = dict(request.query)
        if self.snapshot.slow(request.path):
            return await asyncio.to_thread(self.resources.answer, request.path, parameters, request.headers)
        return self.resources.answer(request.path, parameters, request.headers)

    def _gauges(self) -> dict[str, tuple[str, float]]:
        runner, traffic = self.runner, self.status.traffic
        return {
            "connections": ("Connections that are open.", traffic.connections),
            "held_bytes": ("Bytes of large requests and answers on their way.", traffic.held_bytes),
            "refused_total": ("Connections and requests refused at a limit.", traffic.refused),
            "cut_total": ("Connections cut since their client took too little of an answer.", traffic.cut),
            "queries_running": ("Queries that run.", runner.running),
            "queries_queued": ("Queries that wait.", runner.queued),
            "query_crashes_total": ("Queries that ended their process.", runner.crashes),
            "query_timeouts_total": ("Queries stopped at their deadline.", runner.timeouts),
            "query_cache_hits_total": ("Queries answered from the cache.", self.protocol.hits),
            "cache_bytes": ("Size of the answers kept ready.", self.responses.size),
        }


def _options(path: str) -> Reply:
    allow = f"{_READING}, POST" if path in _ENDPOINT else _READING
    return Reply(
        204,
        headers={
            "allow": allow,
            "access-control-allow-origin": "*",
            "access-control-allow-methods": allow,
            "access-control-allow-headers": "Accept, Accept-Profile, Content-Type, If-None-Match, Range",
            "access-control-max-age": "86400",
        },
        cache="",
    )
