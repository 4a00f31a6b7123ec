"""The server as an ASGI application: cached responses go out at once, all others are made, kept and sent."""

import asyncio
import gc
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any
from urllib.parse import unquote

from ..errors import EngineError, IsocKgError, LimitExceeded, ProjectError
from ..limits import ServerLimits
from .content.snapshot import Snapshot
from .http.connections import PIECE_BYTES, Connection, PendingAnswer, QuickAnswer
from .http.field_sizes import shortened
from .http.problems import Problem
from .http.protection import EXPOSED, protected
from .http.reply import Reply, response_to
from .http.request import Receive, Request, Scope
from .http.response_cache import Key, key_of
from .log import log_event, log_request
from .queries.direct import DirectQuery, Outcome, PointQuery
from .services import Services
from .spool import Content, pieces
from .status import Status

__all__ = ["Application"]

#: Status, headers, content.
_Response = tuple[int, list[tuple[bytes, bytes]], Content]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_LARGE = 200_000  #: bytes of a response that is compressed in a thread
_GRACE = 8.0  #: seconds that queries have to end when the server does, less than what connections have
_THREADS = 32  #: for what takes long; those of a store's pages mostly wait for it


class Application:
    """Serves what `load` gives; after `reload` what `reread` does, by default `load` in a thread.

    `address` is the address under which clients reach the server's root, with a slash at its end; `root` the path of
    it, without one.
    """

    def __init__(
        self,
        load: Callable[[], Snapshot],
        limits: ServerLimits,
        *,
        address: str,
        root: str = "",
        log: bool = True,
        reread: Callable[[], Awaitable[Snapshot]] | None = None,
    ) -> None:
        self._reread = reread or partial(asyncio.to_thread, load)
        self.limits = limits
        self.root = root
        self.status = Status(limits, address, root)
        self.services = Services(load(), self.status)
        self._log = log
        self._run = uuid.uuid4().hex[:12]
        self._number = 0
        self.started = False  #: whether it answers
        self.failure: IsocKgError | None = None  #: why it did not start
        self._stopping: asyncio.Task[None] | None = None
        self._outdated = False
        self._reloading: asyncio.Task[None] | None = None
        self.states = 0  #: how often what is served was replaced
        self.unserved: str | None = None  #: why what is there now cannot be served; None where it is
        self._retiring: asyncio.Task[None] | None = None  # what ends the state that was served before

    def problem_page(self, problem: Problem, request_id: str) -> bytes | None:
        """The page of what is wrong with something that is no request; None where it takes a while to make."""
        return self.services.error_pages.at_once(problem, request_id)

    # -- life ----------------------------------------------------------------

    async def start(self) -> None:
        """Be ready for queries. Raises `EngineError`."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS))
        await self.services.start()
        gc.freeze()  # what is there now stays; looking it through for garbage would stop the server for a moment
        gc.set_threshold(50_000, 20, 100)
        self.started = True
        if self._outdated:  # what it was told meanwhile
            self._read_again()

    def begin_stop(self) -> None:
        """Take no more queries; answer those that have not ended when the grace is over.

        Before the start is over there are none, and workers that end would be waited for: who serves ends after it.
        """
        if self.started and self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_task(self._stop())

    async def stop(self) -> None:
        """Finish queries, end the workers."""
        self.begin_stop()
        assert self._stopping is not None
        await self._stopping

    async def _stop(self) -> None:
        if self._reloading is not None:
            self._reloading.cancel()
            await asyncio.gather(self._reloading, return_exceptions=True)
        await asyncio.gather(self.services.stop(_GRACE), self._retire(), return_exceptions=True)

    def reload(self) -> None:
        """Read the publication again and serve it from then on; the old one is kept if that fails.

        Asked for while it is being read, it is read once more afterwards, however often that is asked for; during the
        start, after it.
        """
        if self._reloading and not self._outdated:
            log_event({"event": "reload", "note": "what is served is being read, and will be read once more"})
        self._outdated = True
        if self.started:
            self._read_again()

    def _read_again(self) -> None:
        if self._reloading is None and self._stopping is None:
            self._reloading = asyncio.get_running_loop().create_task(self._reload())

    async def _reload(self) -> None:
        """Read it for as long as what was read may be outdated."""
        try:
            while self._outdated:
                self._outdated = False
                await self._retire()  # one that is still at it: no more than two states are held
                new = await self._new_services()
                if new is None:
                    continue
                self.states, self.unserved = self.states + 1, None
                old, self.services = self.services, new  # no request sees half of each: it takes the services once
                log_event({"event": "reloaded", **new.snapshot.figures()})
                # a query may wait for its turn, and then run, as long as it may
                grace = self.limits.queue_seconds + self.limits.query_seconds
                self._retiring = asyncio.get_running_loop().create_task(_end(old, grace))
                del old, new
        finally:
            self._reloading = None

    async def _retire(self) -> None:
        """Have the state that was served before come to its end now, whatever it is at."""
        if self._retiring is not None:
            self._retiring.cancel()
            await asyncio.gather(self._retiring, return_exceptions=True)
            self._retiring = None

    async def _new_services(self) -> Services | None:
        """The services of the publication as it is now, started; None, with a line in the log, if that fails."""
        new = None
        try:
            snapshot = await self._reread()
            new = Services(snapshot, self.status)
            async with asyncio.timeout(self.limits.reload_seconds):
                await new.start()
        except asyncio.CancelledError:
            if new is not None:
                await new.stop(0.0)
            raise
        except Exception as error:  # noqa: BLE001 – whatever it is, what is served stays
            text = str(error)
            if isinstance(error, TimeoutError):
                text = f"no workers within {self.limits.reload_seconds:g} seconds (reload_seconds)."
            self.unserved = text or type(error).__name__
            log_event({"event": "reload failed", "error": self.unserved})
            if new is not None:
                await new.stop(0.0)
            return None
        return new

    # -- requests ------------------------------------------------------------

    def quick(
        self, url: bytes, headers: Sequence[tuple[bytes, bytes]], connection: Connection
    ) -> QuickAnswer | PendingAnswer | None:
        """Head, up to its empty line, and content for a GET whose small response is cached or soon made; else None.

        That of a query is there later.
        """
        services = self.services
        key = key_of(url, headers)
        if key is None:
            return None
        cached = services.responses.for_request(key)
        if cached is None:
            start = time.perf_counter()
            if (made := services.make(key)) is not None:
                status, kind, head, body, _ = made
                return self.counted(url, connection.address, kind, status, head, body, time.perf_counter() - start)
            query = services.direct and services.direct.begin(key, connection.client, connection.wait_gone)
            if isinstance(query, tuple):
                seconds = time.perf_counter() - start
                return self.counted(url, connection.address, "sparql", 200, *query, seconds)
            return _QueryAnswer(self, query, url, connection.address, start) if query else None
        status, kind, head, body, is_query = cached
        if len(body) > PIECE_BYTES:
            return None
        services.protocol.hits += is_query
        return self.counted(url, connection.address, kind, status, head, body)

    def counted(
        self, url: bytes, address: str, kind: str, status: int, head: bytes, body: bytes, seconds: float = 0.0
    ) -> QuickAnswer:
        """The answer to a GET, with its identifier, counted and logged."""
        request_id = self._next_id()
        self.status.metrics.count(kind, status, seconds)
        if self._log:
            path = unquote(url.partition(b"?")[0].decode("latin-1"))
            log_request(request_id, address, "GET", path, status=status, size=len(body), seconds=seconds)
        return b"%sx-request-id: %s\r\n" % (head, request_id.encode()), body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3 (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        start = time.perf_counter()
        services = self.services
        request_id = self._next_id()
        request = Request(scope, receive, self.root)
        kind = _kind(scope["path"], self.root)
        key = None
        if request.reads:  # for HEAD as for GET: it costs as much to make
            query = scope["query_string"]
            key = key_of(scope["raw_path"] + b"?" + query if query else scope["raw_path"], scope["headers"])
        with ExitStack() as held:
            status, headers, body = await self._respond(services, request, request_id, (key, kind), held)
            headers = [*headers, (b"x-request-id", request_id.encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            for piece, more in pieces(b"" if request.method == "HEAD" else body):
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                if more:
                    await asyncio.sleep(0)  # others come in between
        seconds = time.perf_counter() - start
        self.status.metrics.count(kind, status, seconds)
        if self._log:
            path = scope["path"]
            log_request(
                request_id, request.address, request.method, path, status=status, size=len(body), seconds=seconds
            )

    def _next_id(self) -> str:
        """The identifier of the next request."""
        self._number += 1
        return f"{self._run}-{self._number:x}"

    async def _respond(
        self, services: Services, request: Request, request_id: str, cached: tuple[Key | None, str], held: ExitStack
    ) -> _Response:
        """The response to a request, which `held` counts for its client: out of the cache, or made, and kept there."""
        key, kind = cached
        traffic = self.status.traffic
        try:
            held.enter_context(traffic.request(request.client))
            if key and (ready := services.responses.response(key)) is not None:
                response, query = ready
                held.enter_context(traffic.hold(request.client, len(response[2])))
                services.protocol.hits += query
                return response
            reply = await services.reply(request)
            if isinstance(reply.body, bytes) and len(reply.body) > PIECE_BYTES:  # what is less is little, or on disk
                held.enter_context(traffic.hold(request.client, len(reply.body)))
            status, fields, body = await _response(request, reply)
            fields = shortened(protected([*fields, EXPOSED]))
            cacheable = reply.cacheable and not reply.fresh and status in (200, 303)
        except Exception as error:  # noqa: BLE001 – a mistake of ours costs one request
            problem = _problem_of(error)
            if isinstance(error, ProjectError):  # a template of the project, for this request
                log_event({"event": "page not made", "request": request_id, "error": str(error)})
            elif problem.status == 500:
                log_event({"event": "error", "request": request_id, "traceback": traceback.format_exc()})
            page = None
            if problem.is_page(request.accept):
                page = await services.error_pages.page(problem, request_id, _query_of(request))
            status, fields, body = problem.response(request.accept, request_id, lambda *_: page)
            fields = protected([*fields, EXPOSED])
            cacheable = False
            _let_go(error)
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields]
        if cacheable and key and isinstance(body, bytes):
            services.responses.keep(key, (status, encoded, body), kind, query=reply.query)
        return status, encoded, body

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except (IsocKgError, OSError) as error:
                    self.failure = error if isinstance(error, IsocKgError) else EngineError(f"{error}.")
                    await send({"type": "lifespan.startup.failed"})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class _QueryAnswer:
    """The answer to a query that has begun."""

    __slots__ = ("_about", "_app", "_query", "_start")

    def __init__(
        self, app: Application, query: DirectQuery | PointQuery, url: bytes, address: str, start: float
    ) -> None:
        self._app, self._query, self._about, self._start = app, query, (url, address), start

    def when_done(self, function: Callable[[Outcome], None]) -> None:
        """Have a function called with what the query comes to."""
        self._query.when_done(function)

    def finish(self) -> QuickAnswer | None:
        """Head and content; None where what it has come to is to be told at length."""
        found = self._query.finish()
        seconds = time.perf_counter() - self._start
        return self._app.counted(*self._about, "sparql", 200, *found, seconds) if found else None


def _query_of(request: Request) -> str:
    """The SPARQL query that a request has in its address, if it has one."""
    if not request.path.startswith("sparql"):
        return ""
    try:
        return next((value for name, value in request.query if name == "query"), "")
    except Problem:
        return ""


def _let_go(error: BaseException | None) -> None:
    """Free what the frames hold that an exception came through: they and it may hold each other, for long."""
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def _problem_of(error: Exception) -> Problem:
    """What the client is told when a response could not be made."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, LimitExceeded):
        return Problem(413, error.message, advice=error.advice)
    if isinstance(error, MemoryError):  # of the engine too, for a value that is longer than it reads
        return Problem(503, "it takes more memory than there is, or has a value that is too long.")
    if isinstance(error, ProjectError):
        return Problem(500, "the project's own templates made no page of this. The server's log has the reason.")
    return Problem(500, "internal server error.")


async def _end(services: Services, grace: float) -> None:
    """End the workers of a state no longer served: when they are done, the grace is over, or it is cancelled."""
    why = Problem(503, "the publication was replaced while the query ran.", headers={"Retry-After": "1"})
    try:
        await services.drain(grace)
    finally:
        await services.stop(0.0, why)
    del services
    await asyncio.sleep(0.5)  # requests that the stop has ended let go of it
    gc.unfreeze()  # else the old services would never be found to be garbage
    gc.collect()
    gc.freeze()


async def _response(request: Request, reply: Reply) -> tuple[int, list[tuple[str, str]], Content]:
    """Status, headers and content."""
    headers = request.headers
    if request.method == "HEAD":
        headers.pop("range", None)  # ranges are GET's alone (RFC 9110, section 14.2)
    if len(reply.body) > _LARGE and not reply.tag:  # compressing it would stop all others
        return await asyncio.to_thread(response_to, headers, reply)
    return response_to(headers, reply)


def _kind(path: str, root: str) -> str:
    """What sort of address it is, for the counters."""
    path = path[len(root) :] if root and path.startswith(root) else path
    if path.startswith("/sparql") and path != "/sparql.html":
        return "sparql"
    if path.startswith("/api/"):
        return "api"
    if path.startswith(("/graph-store", "/graph/")):
        return "graph"
    return "page" if path.endswith(".html") or path == "/" else "data"
