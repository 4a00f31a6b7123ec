"""One state of the publication with the services that answer for it, and which of them a request is for."""

import asyncio
from dataclasses import asdict, replace

from ..errors import IsocKgError
from .cache import BoundedCache
from .content.answers import Answers
from .content.heavy import DATA, SEARCH, Heavy
from .content.making import Making, read_of
from .content.preparation import Preparation
from .content.resources import SEARCH_PAGE, Resources
from .content.snapshot import Snapshot
from .content.thing_documents import ThingDocuments
from .content.threads import Threads
from .error_pages import ErrorPages
from .http.coding import accepted_codings
from .http.problems import Problem
from .http.reply import Reply
from .http.request import Request
from .http.response_cache import CachedResponse, Key, ResponseCache
from .log import dropped_lines, log_event
from .queries.direct import DirectQueries
from .queries.graph_store import graph_of_index, graph_of_store, graph_type, requested_graph
from .queries.pool import Pool
from .queries.protocol import SparqlProtocol, accepted, wants_page
from .queries.query_api import NamedQueries
from .queries.service_description import describe_service
from .status import Status

__all__ = ["Services"]

_ROUNDS = 3  #: in which a page is asked for, which may find that the data files are to be made first
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
        self.direct: DirectQueries | None = None  #: for what needs no task, once it has started
        self.responses = ResponseCache(limits.cache_bytes)
        #: pages that are made before anybody asks for them
        self.preparation = Preparation(snapshot, limits.cache_bytes // 4, lambda: status.metrics.requests)
        self.things: ThingDocuments | None = None
        if not snapshot.on_demand:
            self.things = ThingDocuments(self.resources, status.root, self.preparation.pages)
        self.making: Making | None = None  # what makes heavy things
        if not snapshot.light:
            runner = self.runner
            self.making = Making(snapshot, limits, status.root, admission=runner.admission, spool=runner.spool)
        self._threads = Threads(limits, self.runner.admission)
        answers = Answers(snapshot, self._threads, self.making, status.traffic)
        self.queries = NamedQueries(project, snapshot.queries, self.protocol, address, answers)
        self._graphs: BoundedCache[tuple[object, ...], Reply] = BoundedCache(
            limits.cache_bytes, lambda _, reply: len(reply.body)
        )
        self.error_pages = ErrorPages(snapshot, status.root)
        self._first: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[None] | None = None

    def make(self, key: Key) -> CachedResponse | None:
        """The response to a GET, kept from now on, where it can be made at once: that of a document about a thing."""
        try:
            found = self.things and self.things.response(key)
        except Exception:  # noqa: BLE001 – who answers it at length says what is wrong
            return None
        if not found:
            return None
        head, body, extension = found
        return self.responses.keep_made(key, (200, "page" if extension == "html" else "data", head, body, False))

    async def start(self) -> None:
        """Be ready for requests. Raises `EngineError`."""
        await self.runner.start()
        await self.snapshot.connect(self.runner)
        await asyncio.to_thread(self.error_pages.read)
        if isinstance(self.runner, Pool):
            points = await asyncio.to_thread(self.snapshot.points, f"{self.status.address}sparql")
            self.direct = DirectQueries(self.protocol, self.runner, self.status.traffic, self.status.root, points)
        if self.things:
            self._preparing = asyncio.get_running_loop().create_task(self.preparation.run())
        if self.making:
            self._first = asyncio.get_running_loop().create_task(self._prepare(self.making))

    async def _prepare(self, making: Making) -> None:
        """Have the data files ready before somebody asks for them, then what is searched; who asks meanwhile waits."""
        try:
            await making.start()
            for which in (DATA, SEARCH):
                await making.files(which, "")
        except (Problem, IsocKgError) as error:
            log_event({"event": "data files not made", "error": str(error)})

    async def drain(self, grace: float) -> None:
        """Take no more queries; wait until those that there are have been answered, or the grace is over."""
        for task in filter(None, (self._first, self._preparing)):
            task.cancel()
        await self.runner.drain(grace)

    async def stop(self, grace: float, why: Problem | None = None) -> None:
        """Finish queries as long as that takes no longer than the grace, end the workers.

        What has not ended by then is answered with `why`.
        """
        for task in filter(None, (self._first, self._preparing)):
            task.cancel()
        self.error_pages.close()
        await asyncio.gather(
            self.runner.stop(grace, why), *([self.making.pool.stop(grace, why)] if self.making else ())
        )

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
        if path == "sparql.html" and (asked := self.queries.asked(request)):
            return asked
        if path.startswith("api/"):
            return await self.queries.answer(request)
        if path.startswith("graph/"):
            if self.snapshot.on_demand or not wants_page(request.accept, request.query):
                return await self._graph(self.snapshot.base + path, request)
            return replace(await self._document(path, request), vary="Accept, Accept-Profile")
        if path == "health":
            return await self._health()
        return self._operation(request) or await self._document(request.path, request)

    async def _sparql(self, request: Request) -> Reply:
        """A request to the endpoint."""
        if request.reads and wants_page(request.accept, request.query):
            return replace(await self._document("sparql.html", request), vary="Accept")
        return await self.protocol.answer(request)

    async def _graph(self, name: str | None, request: Request) -> Reply:
        """A graph, by the Graph Store Protocol."""
        snapshot = self.snapshot
        if snapshot.on_demand:
            return await graph_of_store(name, snapshot.graphs, self.protocol, request)
        type_ = graph_type(name, snapshot.index, accepted(request.query, request.accept))
        if self.making:
            return await self.making.graph(name, type_, _codings(request), request.client, request.disconnection)
        key = (name, type_)
        if (found := self._graphs.get(key)) is not None:
            return found
        prefixes = snapshot.project.prefixes

        def keep(reply: Reply) -> None:
            self._graphs.put(key, reply)

        return await self._threads.do(key, request, graph_of_index, name, snapshot.index, prefixes, type_, keep=keep)

    async def _health(self) -> Reply:
        """Whether queries are answered."""
        reason = "" if self.runner.ready else "their processes are started again."
        if not reason and not await self.runner.self_test.passes():
            reason = self.runner.self_test.reason
        return self.status.health(self.snapshot.figures(), reason)

    def _operation(self, request: Request) -> Reply | None:
        """What operators look at."""
        if request.path == "metrics":
            return self.status.measures(self.gauges())
        if request.path == "about":
            given = self.snapshot.project.contact
            contact = {key: value for key, value in asdict(given).items() if value} if given else {}
            figures = self.snapshot.figures() | ({"contact": contact} if contact else {})
            return self.status.about(self.snapshot.project.title, figures, request.accept)
        return None

    async def _document(self, path: str, request: Request) -> Reply:
        """All that is part of the publication."""
        parameters, headers = dict(request.query), request.headers
        searches = path == SEARCH_PAGE and "q" in parameters and self.snapshot.light
        threaded = (searches and not self.snapshot.on_demand) or self.snapshot.slow(path)
        for _ in range(_ROUNDS):
            try:
                if threaded:
                    key = (path, *read_of(path, parameters, headers, self.snapshot.base))
                    return await self._threads.do(key, request, self.resources.answer, path, parameters, headers)
                return self.resources.answer(path, parameters, headers)
            except Heavy as heavy:
                first = heavy.first
            assert self.making is not None
            if not first:
                asks = request.client, request.disconnection
                return await self.making.answer(path, parameters, headers, _codings(request), *asks)
            await self.making.files(first, request.client, request.disconnection)
        raise Heavy

    def gauges(self) -> dict[str, tuple[str, float]]:
        """What is not counted by requests: name → what it tells, and its value."""
        runner, traffic, makers = self.runner, self.status.traffic, self.making.pool if self.making else None
        return {
            "connections": ("Connections that are open.", traffic.connections),
            "held_bytes": ("Bytes of large requests and answers on their way.", traffic.held_bytes),
            "refused_total": ("Connections and requests refused at a limit.", traffic.refused),
            "cut_total": ("Connections cut since their client took too little of an answer.", traffic.cut),
            "queries_running": ("Queries that run.", runner.running),
            "queries_queued": ("Queries that wait.", runner.queued),
            "making_running": ("What is being made of much data.", makers.running if makers else 0),
            "making_queued": ("What of much data waits to be made.", makers.queued if makers else 0),
            "query_crashes_total": ("Queries that ended their process.", runner.crashes),
            "queries_expired_total": ("Queries that waited for too long.", runner.expired),
            "worker_restarts_total": ("How often the workers' parent was started again.", runner.restarts),
            "spool_bytes": ("Size of the large results that are sent or kept.", runner.spool.size),
            "query_timeouts_total": ("Queries stopped at their deadline.", runner.timeouts),
            "query_cache_hits_total": ("Queries answered from the cache.", self.protocol.hits),
            "cache_bytes": ("Size of the answers kept ready.", self.responses.size),
            "log_lines_dropped_total": ("Lines of the log that nobody took.", dropped_lines()),
        }


def _codings(request: Request) -> str:
    """In which codings what is made for a request may be; a part is of what is not coded."""
    return "" if "range" in request.headers else accepted_codings(request.headers.get("accept-encoding", ""))


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
