"""Queries to a store behind the SPARQL protocol: checked, counted, and given up at their deadline.

It stands where the pool of workers stands when the data are here. The store itself parses and runs the texts; what
keeps one client from taking it all is that no client has more than half of the requests that run at a time.
"""

import asyncio
import io
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox

from ... import rdf
from ...endpoint import Endpoint, completeness, refused
from ...endpoint import HttpResponse as Received
from ...endpoint.client import ACCEPT_GRAPHS, ACCEPT_RESULTS, interrupted
from ...errors import CannotCarry, EndpointError, LimitExceeded, QueryError
from ...evidence.behind import explain
from ...evidence.published import Published
from ...formats import NTRIPLES, TURTLE
from ...limits import ServerLimits
from ...negotiation import choose
from ...project import Limits
from ...query import Solutions
from ...query.forms import form, names_dataset
from ...query.run import declared
from ...query.safety import check_text
from ...query.tokens import tokens
from ..http.problems import Problem
from .pool import Answer, Gone
from .result_formats import GRAPHS, OFFERED_GRAPHS, RESULTS, written

if TYPE_CHECKING:
    from concurrent.futures import Future

    import httpx

__all__ = ["Forwarder"]

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Forwarder:
    """Asks an endpoint. `start` before the first query, `stop` after the last."""

    def __init__(
        self, endpoint: Endpoint, limits: ServerLimits, *, prefixes: dict[str, str], claims: str, text_limits: Limits
    ) -> None:
        self.endpoint = endpoint
        self.limits = limits
        self.crashes = 0
        self.timeouts = 0
        self._prefixes = prefixes
        self._claims = claims
        self._text_limits = text_limits
        self._slots = limits.workers + limits.long_queries
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()
        self._runs: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._client: httpx.AsyncClient | None = None
        self._stopped = False

    async def start(self) -> None:
        """Open the client."""
        import httpx

        known = self.endpoint.http.credentials
        self._client = httpx.AsyncClient(
            auth=known.as_httpx() if known else None,
            timeout=httpx.Timeout(self.limits.query_seconds + 5.0, connect=10.0),  # the deadline comes first
            headers={"User-Agent": "isoc-kg"},
        )

    async def stop(self, grace: float = 10.0) -> None:
        """Finish what runs, as long as that takes no longer than the grace."""
        self._stopped = True
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        while self._runs and loop.time() < end:
            await asyncio.sleep(0.02)
        if self._client:
            await self._client.aclose()

    @property
    def running(self) -> int:
        """Queries that the store works on."""
        return self._runs.total()

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return len(self._waiting)

    async def run(self, request: dict[str, Any], client: str, gone: Gone | None = None) -> Answer:
        """What the store answers; given up when `gone` returns. An empty client is the server itself.

        Raises `Problem`: 429 for too many of one client, 502 when the store fails, 503 for a full queue, 504 at the
        deadline.
        """
        if self._stopped:
            raise Problem(503, "the server is about to stop.")
        if client and self._asked[client] >= self.limits.queries_per_client:
            detail = f"{self.limits.queries_per_client} of your queries run or wait already."
            raise Problem(429, detail, headers={"Retry-After": "1"})
        self._asked[client] += 1
        try:
            await self._turn(client)
            try:
                return await self._watched(self._answer(request), gone)
            finally:
                self._runs[client] -= 1
                self._runs += Counter()  # without those at 0
                self._next()
        finally:
            self._asked[client] -= 1
            self._asked += Counter()

    # -- whose turn it is ------------------------------------------------------

    def _may_run(self, client: str) -> bool:
        most = self._slots if not client else max(1, self._slots // 2)
        return self.running < self._slots and self._runs[client] < most

    async def _turn(self, client: str) -> None:
        if self._may_run(client):
            self._runs[client] += 1
            return
        if len(self._waiting) >= self.limits.queued_queries:
            raise Problem(503, "too many queries wait already.", headers={"Retry-After": "2"})
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((client, turn))
        try:
            await turn
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._waiting.remove((client, turn))
            if turn.done() and not turn.cancelled():
                self._runs[client] -= 1
                self._next()
            raise

    def _next(self) -> None:
        """Let those run who may: the first of the clients that have not enough running already."""
        for entry in list(self._waiting):
            client, turn = entry
            if self._may_run(client):
                self._waiting.remove(entry)
                if not turn.done():
                    self._runs[client] += 1
                    turn.set_result(None)

    async def _watched(self, work: Any, gone: Gone | None) -> Answer:
        """The answer, unless the deadline comes, or the client leaves, before it."""
        task: asyncio.Future[Answer] = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(gone()) if gone else None
        waiting: set[asyncio.Future[Any]] = {task, leaving} if leaving else {task}
        try:
            await asyncio.wait(
                waiting,
                timeout=self.limits.query_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if task.done():
                return task.result()
            if leaving and leaving.done():
                raise Problem(503, "the client is gone.")
            raise self._late()
        finally:
            for one in (task, leaving):
                if one and not one.done():
                    one.cancel()  # closes its connection, by which stores know that nobody waits

    def _late(self) -> Problem:
        self.timeouts += 1
        return Problem(504, f"the query ran for more than {self.limits.query_seconds:g} seconds and was given up.")

    # -- what is asked ---------------------------------------------------------

    async def _answer(self, request: dict[str, Any]) -> Answer:
        text = request["query"]
        try:
            found = check_text(text, self._prefixes, self._text_limits)
        except QueryError as error:
            head = {"status": 400, "detail": error.message, "line": error.line, "column": error.column}
            return head | {"excerpt": error.excerpt, "advice": error.advice}, b""
        whole = declared(found, self._prefixes) + text
        kind = form(found)
        if kind is None:
            return {
                "status": 400,
                "detail": "this is no query.",
                "advice": "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.",
            }, b""
        dataset = [("default-graph-uri", name) for name in request.get("default") or ()]
        dataset += [("named-graph-uri", name) for name in request.get("named") or ()]
        if not dataset and not names_dataset(found):
            dataset = self.endpoint.dataset
        loop = asyncio.get_running_loop()
        try:
            if kind in ("CONSTRUCT", "DESCRIBE"):
                type_ = choose(request["accept"], tuple(GRAPHS))
                if type_ is None:
                    return {"status": 406, "offered": list(OFFERED_GRAPHS)}, b""
                received = await self._ask(whole, dataset, graph=True)
                if received is None:
                    return {
                        "status": 413,
                        "detail": f"the graph has more than {self.limits.result_bytes:,} bytes.",
                    }, b""
                return await loop.run_in_executor(None, self._graph, received, whole, type_)
            type_ = choose(request["accept"], tuple(RESULTS))
            if type_ is None:
                return {"status": 406, "offered": list(RESULTS)[:4]}, b""
            if request.get("why") and kind == "SELECT":
                return await self._explained(text, dataset)
            received = await self._ask(whole, dataset)
            cut = 0
            if received is None:
                received, cut = await self._first(whole, dataset), self.limits.result_rows
            return await loop.run_in_executor(None, self._solutions, received, whole, type_, cut)
        except EndpointError as error:
            if error.status == 400:
                return {"status": 400, "detail": "the store refuses the query.", "excerpt": error.excerpt}, b""
            if error.status is not None and error.excerpt:  # it answered: it will not, or cannot, run this query
                raise Problem(502, "the store behind this server failed on the query.", excerpt=error.excerpt) from None
            raise Problem(502, "the store behind this server does not answer.", advice=error.message) from None

    async def _ask(self, text: str, dataset: Sequence[tuple[str, str]], *, graph: bool = False) -> Received | None:
        """The store's answer; None when it has more bytes than a result may have."""
        import httpx

        assert self._client is not None
        accept = ACCEPT_GRAPHS if graph else ACCEPT_RESULTS
        sent = [("query", text), *dataset]
        if (
            "virtuoso" in self.endpoint.server
        ):  # goes on with a query that nobody waits for, unless it is told when to stop
            sent.append(("timeout", str(int(self.limits.query_seconds * 1000))))
        content = urlencode(sent).encode()
        url = self.endpoint.query_url
        try:
            async with self._client.stream("POST", url, content=content, headers={"Accept": accept, **_FORM}) as answer:
                parts, size = [], 0
                async for part in answer.aiter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > self.limits.result_bytes:
                        return None
                headers = {name.lower(): value for name, value in answer.headers.items()}
                received = Received(answer.status_code, headers, b"".join(parts))
        except httpx.HTTPError as error:
            raise EndpointError(f"no answer: {error or type(error).__name__}.") from None
        if received.status != 200:
            raise refused(received, url, "POST")
        if interrupted(received):
            raise self._late()
        return received

    async def _first(self, text: str, dataset: Sequence[tuple[str, str]]) -> Received:
        """The first solutions of a query whose result is too long."""
        try:
            received = await self._ask(completeness.first(text, self.limits.result_rows), dataset)
        except EndpointError:
            received = None
        if received is None:
            raise Problem(413, f"the result has more than {self.limits.result_bytes:,} bytes.", advice="Add a LIMIT.")
        return received

    def _graph(self, received: Received, text: str, type_: str) -> Answer:
        out = io.BytesIO()
        lines = self.endpoint.graph_of(received)
        cut = 0
        if self.endpoint.may_be_cut(len(lines)) and (behind := completeness.matches(text)):
            with suppress(EndpointError):
                cut = len(lines) if self.endpoint.count_of(behind[0]) > len(lines) else 0
        try:
            rdf.write(lines, GRAPHS[type_], out, prefixes=self._prefixes)
        except CannotCarry as error:
            return {"status": 406, "offered": [TURTLE.media_type, NTRIPLES.media_type], "detail": error.message}, b""
        return {"status": 200, "type": GRAPHS[type_].media_type, "cut": cut}, out.getvalue()

    def _solutions(self, received: Received, text: str, type_: str, cut: int) -> Answer:
        found = self.endpoint.results_of(received)
        if isinstance(found, bool):
            word = "true" if found else "false"
            if RESULTS[type_] is ox.QueryResultsFormat.JSON:
                return {"status": 200, "type": type_}, f'{{"head":{{}},"boolean":{word}}}'.encode()
            if RESULTS[type_] is ox.QueryResultsFormat.XML:
                return {"status": 200, "type": type_}, f"{_XML}<head/><boolean>{word}</boolean></sparql>".encode()
            return {"status": 200, "type": "text/plain"}, f"{word}\n".encode()
        variables, rows = found
        if not cut and self._more_than(rows, text):
            cut = len(rows)
        return {"status": 200, "type": type_, "cut": cut}, written(
            Solutions(variables, rows, self._prefixes), type_, cut > 0
        )

    def _more_than(self, rows: Sequence[Any], text: str) -> bool:
        """Whether a query has more solutions than the store answered, as far as it can count them."""
        if self.endpoint.may_be_cut(len(rows)):
            with suppress(EndpointError):
                return self.endpoint.count_of(text) > len(rows)
        return False

    async def _explained(self, text: str, dataset: Sequence[tuple[str, str]]) -> Answer:
        """The solutions with the claims behind them; each query for them obeys the limits, and ends with this one."""
        loop = asyncio.get_running_loop()
        asked: list[Future[Received | None]] = []

        def select(query: str) -> tuple[Sequence[str], Sequence[Any]]:
            whole = declared(list(tokens(query)), self._prefixes) + query
            asked.append(asyncio.run_coroutine_threadsafe(self._ask(whole, dataset), loop))
            received = asked[-1].result()
            if received is None:
                raise LimitExceeded(f"the result has more than {self.limits.result_bytes:,} bytes.")
            solutions = self.endpoint.results_of(received)
            assert not isinstance(solutions, bool)
            if len(solutions[1]) > self.limits.result_rows:
                raise LimitExceeded(f"there are more than {self.limits.result_rows:,} solutions to explain.")
            if self._more_than(solutions[1], whole):
                raise LimitExceeded(f"the store gives no more than {len(solutions[1]):,} solutions at a time.")
            return solutions

        support = Published(self.endpoint, self._claims)
        try:
            explanation = await loop.run_in_executor(None, explain, text, select, support, self._prefixes)
        except LimitExceeded as error:
            return {"status": 413, "detail": error.message}, b""
        finally:
            for future in asked:
                future.cancel()
        body = explanation.to_json().encode()
        if len(body) > self.limits.result_bytes:
            return {"status": 413, "detail": f"the result has more than {self.limits.result_bytes:,} bytes."}, b""
        return {"status": 200, "type": _JSON}, body


_XML = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
_JSON = "application/sparql-results+json"
