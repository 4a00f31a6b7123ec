"""The server as an ASGI application: what is ready goes out at once, all else is made, kept and sent."""

import asyncio
import gc
import json
import re
import sys
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from typing import Any, TypeVar
from urllib.parse import unquote

from ..errors import IsocKgError
from ..limits import ServerLimits
from ..publication.gate import NotConforming
from .content.resources import Resources
from .content.snapshot import Snapshot
from .http.answer_cache import Answer, Ready, key_of
from .http.problems import Problem
from .http.reply import Reply, finished
from .metrics import Metrics
from .queries.graph_store import graph_asked, graph_named, indirect
from .queries.named import NamedQueries
from .queries.protocol import Endpoint, Parameters, parameters, wants_page
from .queries.service_description import describe_service

__all__ = ["Application"]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_Made = TypeVar("_Made")
_READING = "GET, HEAD, OPTIONS"
_LARGE = 200_000  #: bytes of an answer that is made ready beside the loop
_ASIDE = 32  #: threads for what takes long; those of a store's pages mostly wait for it


class _State:
    """One state of the publication with what answers for it."""

    def __init__(self, snapshot: Snapshot, limits: ServerLimits, address: str, root: str) -> None:
        self.snapshot = snapshot
        project = snapshot.project
        self.pool = snapshot.pool(limits, f"{address}sparql")
        self.resources = Resources(snapshot, root)
        self.endpoint = Endpoint(
            self.pool,
            limits,
            lambda accept: describe_service(f"{address}sparql", project.ids, snapshot.graphs, project.prefixes, accept),
        )
        self.named = NamedQueries(project, snapshot.queries, self.endpoint, address)
        self.ready = Ready(limits.cache_bytes)

    async def start(self) -> None:
        """Be ready for requests. Raises `EngineError`."""
        await self.pool.start()
        await self.snapshot.connect(self.pool)


class Application:
    """Serves what `load` gives; call `reload` to have it called again.

    `address` is the address under which clients reach the server's root, with a slash at its end; `root` the path of
    it, without one; `proxies` are those whose `Forwarded` is believed about the client, and about nothing else.
    """

    def __init__(
        self,
        load: Callable[[], Snapshot],
        limits: ServerLimits,
        *,
        address: str,
        root: str = "",
        proxies: Collection[str] = (),
        log: bool = True,
    ) -> None:
        self.load = load
        self.limits = limits
        self.address = address
        self.root = root
        self.proxies = frozenset(proxies)
        self.metrics = Metrics()
        self.state = _State(load(), limits, address, root)
        self._log = log
        self._run = uuid.uuid4().hex[:12]
        self._number = 0
        self._started = time.time()
        self._reloading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life ----------------------------------------------------------------

    async def start(self) -> None:
        """Be ready for queries. Raises `EngineError`."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_ASIDE))
        await self.state.start()
        gc.freeze()  # what is there now stays; looking it through for garbage would stop the server for a moment
        gc.set_threshold(50_000, 20, 100)

    async def stop(self) -> None:
        """Finish queries, end the workers."""
        await self.state.pool.stop()

    def reload(self) -> None:
        """Read the publication again and serve it from then on; the old one is kept if that fails."""
        task = asyncio.get_running_loop().create_task(self._reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reload(self) -> None:
        async with self._reloading:
            loop = asyncio.get_running_loop()
            new = None
            try:
                snapshot = await loop.run_in_executor(None, self.load)
                new = _State(snapshot, self.limits, self.address, self.root)
                await new.start()
            except Exception as error:  # noqa: BLE001 – whatever it is, what is served stays
                text = str(error)
                if isinstance(error, NotConforming):
                    text += " The publication as it was is still served."
                self._say({"event": "reload failed", "error": text or type(error).__name__})
                if new is not None:
                    await new.pool.stop()
                return
            old, self.state = self.state, new  # no request sees half of each: it takes the state once
            self._say({"event": "reloaded", **new.snapshot.figures()})
            await old.pool.stop()
            del old
            await asyncio.sleep(0.5)  # requests that the stop has ended let go of it
            gc.unfreeze()  # else the old state would never be found to be garbage
            gc.collect()
            gc.freeze()

    # -- requests ------------------------------------------------------------

    def quick(self, url: bytes, headers: Sequence[tuple[bytes, bytes]], client: str) -> tuple[bytes, bytes] | None:
        """Head, up to its empty line, and content for a GET whose answer is ready; None when it has to be made."""
        key = key_of(url, headers)
        ready = self.state.ready.get(key) if key else None
        if ready is None:
            return None
        status, kind, head, body = ready
        self._number += 1
        request_id = f"{self._run}-{self._number:x}"
        self.metrics.count(kind, status, 0.0)
        if self._log:
            path = unquote(url.partition(b"?")[0].decode("latin-1"))
            if client in self.proxies:
                told = (
                    _last(value) or value.decode("latin-1").rpartition(",")[2].strip()
                    for name, value in headers
                    if name in _TELLING
                )
                client = next(told, client)
            self._log_request(request_id, client, "GET", path, status, len(body), 0.0)
        return b"%sx-request-id: %s\r\n" % (head, request_id.encode()), body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3 (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        start = time.perf_counter()
        state = self.state
        self._number += 1
        request_id = f"{self._run}-{self._number:x}"
        client = scope["client"][0] if scope.get("client") else ""
        if client in self.proxies:
            told = next((value for name, value in scope["headers"] if name == b"forwarded"), b"")
            scope["client"] = (_last(told) or client, 0)
        query = scope["query_string"]
        url = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
        key = key_of(url, scope["headers"]) if scope["method"] == "GET" else None
        answer, kept = await self._made(state, scope, receive, request_id)
        kind = _kind(scope["path"], self.root)
        if kept and key:
            state.ready.keep(key, answer, kind)
        status, headers, body = answer
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, (b"x-request-id", request_id.encode())],
            }
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        seconds = time.perf_counter() - start
        self.metrics.count(kind, status, seconds)
        if self._log:
            client = scope["client"][0] if scope.get("client") else ""
            self._log_request(request_id, client, scope["method"], scope["path"], status, len(body), seconds)

    def _log_request(
        self, request_id: str, client: str, method: str, path: str, status: int, size: int, seconds: float
    ) -> None:
        """A line about a request."""
        self._say(
            {
                "request": request_id, "client": client, "method": method, "path": path[:500],
                "status": status, "bytes": size, "ms": round(seconds * 1000, 2),
            }
        )  # fmt: skip

    async def _made(self, state: _State, scope: Scope, receive: Receive, request_id: str) -> tuple[Answer, bool]:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1")
            text = value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        try:
            reply = await self._reply(state, scope, headers, receive)
            if scope["method"] == "HEAD":
                headers.pop("range", None)  # ranges are GET's alone (RFC 9110, section 14.2)
            if len(reply.body) > _LARGE:  # packing it would stop all others
                status, fields, body = await self._aside(finished, reply, headers)
            else:
                status, fields, body = finished(reply, headers)
            kept = reply.kept and not reply.fresh and status in (200, 303)
        except Exception as error:  # noqa: BLE001 – a mistake of ours costs one request
            problem = error if isinstance(error, Problem) else Problem(500, "the server made a mistake.")
            if problem is not error:
                self._say({"event": "error", "request": request_id, "traceback": traceback.format_exc()})
            type_, body = problem.body(headers.get("accept"), request_id)
            status, kept = problem.status, False
            fields = [
                ("content-type", type_),
                ("content-length", str(len(body))),
                ("access-control-allow-origin", "*"),
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                *((name.lower(), value) for name, value in problem.headers.items()),
            ]
        fields.append(("access-control-expose-headers", "*"))  # scripts of other sites may read Link, ETag and the like
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields]
        return (status, encoded, body), kept

    async def _reply(self, state: _State, scope: Scope, headers: dict[str, str], receive: Receive) -> Reply:
        method, path = scope["method"], scope["raw_path"].decode("latin-1").partition("?")[0]
        if self.root and (path == self.root or path.startswith(self.root + "/")):
            path = path[len(self.root) :]
        path = path.removeprefix("/")
        if method == "OPTIONS":
            return _options(path)
        query = parameters(scope["query_string"].decode("latin-1"))
        client = scope["client"][0] if scope.get("client") else ""
        if path in ("sparql", "sparql/"):
            return await self._sparql(state, method, query, headers, receive, client)
        if path == "graph-store":
            name = indirect(method, query)
            return await self._graph(state, name, headers, client)
        if method not in ("GET", "HEAD"):
            raise Problem(405, f"{method[:20]} is not for this address.", headers={"Allow": _READING})
        if path.startswith("api/"):
            return await state.named.answer(path[4:], query, headers, client)
        if path.startswith("graph/") and (state.snapshot.asked or not wants_page(headers.get("accept"))):
            return await self._graph(state, state.snapshot.project.base + path, headers, client)
        return await self._document(state, path, query, headers)

    async def _graph(self, state: _State, name: str | None, headers: dict[str, str], client: str) -> Reply:
        """A graph, by the Graph Store Protocol."""
        if state.snapshot.asked:
            return await graph_asked(name, state.snapshot.graphs, state.endpoint, headers, client)
        return await self._aside(graph_named, name, state.snapshot.index, state.snapshot.project.prefixes, headers)

    async def _sparql(
        self, state: _State, method: str, query: Parameters, headers: dict[str, str], receive: Receive, client: str
    ) -> Reply:
        """A request to the endpoint."""
        if method in ("GET", "HEAD") and wants_page(headers.get("accept")):
            found = state.resources.answer("sparql.html", {}, headers)
            found.vary = "Accept"
            return found
        body = self._reader(receive)

        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        return await state.endpoint.answer(method, query, headers, body, client, gone)

    async def _document(self, state: _State, path: str, query: Parameters, headers: dict[str, str]) -> Reply:
        """What operators look at, and all that is part of the publication."""
        if path == "health":
            return _json({"status": "ok", **state.snapshot.figures(), "seconds": round(time.time() - self._started)})
        if path == "metrics":
            return Reply(200, "text/plain; version=0.0.4; charset=utf-8", self._measures(state).encode())
        if path == "about":
            return self._about(state, headers)
        last = dict(query)
        if state.snapshot.slow(path):
            return await self._aside(state.resources.answer, path, last, headers)
        return state.resources.answer(path, last, headers)

    async def _aside(self, function: Callable[..., _Made], *arguments: Any) -> _Made:
        """What takes long is done beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)

    def _reader(self, receive: Receive) -> Callable[[], Awaitable[bytes]]:
        async def body() -> bytes:
            parts: list[bytes] = []
            size = 0
            while True:
                try:
                    message = await asyncio.wait_for(receive(), self.limits.request_seconds)
                except TimeoutError:
                    raise Problem(408, "the request's body does not come.", headers={"Connection": "close"}) from None
                if message["type"] == "http.disconnect":
                    raise Problem(400, "the request ended before its body.")
                size += len(message.get("body", b""))
                if size > self.limits.body_bytes:
                    raise Problem(413, f"a body of over {self.limits.body_bytes:,} bytes.")
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    return b"".join(parts)

        return body

    def _measures(self, state: _State) -> str:
        return self.metrics.text(
            {
                "queries_running": ("Queries that run.", state.pool.running),
                "queries_queued": ("Queries that wait.", state.pool.queued),
                "query_crashes_total": ("Queries that ended their process.", state.pool.crashes),
                "query_timeouts_total": ("Queries stopped at their deadline.", state.pool.timeouts),
                "query_cache_hits_total": ("Queries answered from the cache.", state.endpoint.hits),
                "cache_bytes": ("Size of the answers kept ready.", state.ready.size),
            }
        )

    def _about(self, state: _State, headers: dict[str, str]) -> Reply:
        rows = self.limits.rows()
        value = {**state.snapshot.figures(), "endpoint": f"{self.address}sparql", "limits": dict(rows)}
        if not wants_page(headers.get("accept")):
            return _json(value)
        cells = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(number)}</td></tr>" for name, number in rows)
        title = escape(state.snapshot.project.title)
        text = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}: this server</title>'
            f'<link rel="stylesheet" href="{self.root}/theme/site.css"></head><body><main><h1>This server</h1>'
            f'<p><a href="{self.root}/">{title}</a>. SPARQL: <code>{escape(self.address)}sparql</code></p>'
            f"<table><caption>Limits</caption>{cells}</table></main></body></html>\n"
        )
        return Reply(200, "text/html; charset=utf-8", text.encode(), vary="Accept")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except IsocKgError as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _say(self, value: dict[str, Any]) -> None:
        sys.stderr.write(json.dumps({"time": round(time.time(), 3), **value}, ensure_ascii=False) + "\n")


_FOR = re.compile(r'(?i)\bfor="?(?:\[([0-9a-f:.]+)\]|([0-9.]+))')
#: Headers by which proxies tell who asked them.
_TELLING = (b"forwarded", b"x-forwarded-for")


def _last(value: bytes) -> str | None:
    """The address that a proxy says it was asked by: the last one in a Forwarded header (RFC 7239)."""
    found = _FOR.findall(value.decode("latin-1")[-1000:])
    return (found[-1][0] or found[-1][1]) if found else None


def _options(path: str) -> Reply:
    allow = f"{_READING}, POST" if path in ("sparql", "sparql/") else _READING
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


def _json(value: dict[str, Any]) -> Reply:
    body = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
    return Reply(200, "application/json", body, {"access-control-allow-origin": "*"})


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
