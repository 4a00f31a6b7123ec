"""Queries to a store behind the SPARQL protocol: checked, counted, and given up at their deadline.

It stands where the pool of workers stands when the data are here. The store itself parses and runs the texts; what
keeps one client from taking it all is that no client has more than half of the requests that run at a time.
"""

import asyncio
import io
import json
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox

from ... import rdf
from ...endpoint import Endpoint, completeness, refused
from ...endpoint import HttpResponse as Received
from ...endpoint.client import ACCEPT_GRAPHS, ACCEPT_RESULTS, interrupted
from ...endpoint.http import MOST_OF_A_REFUSAL
from ...endpoint.unpacking import ACCEPT_CODINGS, Unpacking
from ...errors import CannotCarry, EndpointError, IsocKgError, LimitExceeded, QueryError
from ...evidence.behind import explain
from ...evidence.published import Published
from ...formats import NTRIPLES, TURTLE, Format
from ...limits import Limits, ServerLimits
from ...negotiation import choose
from ...query.absence import absences
from ...query.evaluator import Row
from ...query.forms import form, names_dataset
from ...query.run import declared
from ...query.safety import check_text
from ...query.tokens import tokens
from ..http.problems import Problem
from ..spool import Spool
from .admission import Admission, Queue, Slots, gone_problem
from .questions import Questions
from .result_formats import GRAPH_FORMATS, GRAPHS, RESULTS, finished, says_nothing
from .runner import Disconnection, QueryResponse, simplest_query
from .self_test import SelfTest
from .shared_work import SharedWork
from .solution_pages import paged

if TYPE_CHECKING:
    import httpx

__all__ = ["Forwarder"]

_Read = TypeVar("_Read")

_LARGE_BYTES = 2_000_000  #: of an answer, beyond which it is read when no other such is
_PAGED_BYTES = 10_000_000  #: of a result that is divided into pages here; of a longer one the first solutions are
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Forwarder:
    """Asks an endpoint. `start` before the first query, `stop` after the last."""

    def __init__(
        self, endpoint: Endpoint, limits: ServerLimits, *, prefixes: dict[str, str], claims: str, text_limits: Limits
    ) -> None:
        self.endpoint = endpoint
        self.limits = limits
        self.crashes = 0
        self.self_test = SelfTest(partial(simplest_query, self))
        self._prefixes = prefixes
        self._claims = claims
        self._text_limits = text_limits
        self.admission = Admission(limits)
        waiting: Queue[asyncio.Future[None]] = Queue(limits.queued_queries, "queries", 2)
        number, expired = limits.workers + limits.long_queries, self.admission.waiting_problem
        self._slots = Slots(number, waiting, limits.queue_seconds, expired)
        self._asked: SharedWork[str, QueryResponse] = SharedWork()
        self._client: httpx.AsyncClient | None = None
        self._reading = asyncio.Lock()  # of one large answer
        self._working: set[asyncio.Future[Any]] = set()
        self._cut_off: Problem | None = None  # what is told to those that have not ended when it stops
        self.spool = Spool(limits.spool_bytes)
        self.restarts = 0

    async def start(self) -> None:
        """Open the client."""
        import httpx

        known = self.endpoint.http.credentials
        self._client = httpx.AsyncClient(
            auth=known.as_httpx() if known else None,
            timeout=httpx.Timeout(self.limits.query_seconds + 5.0, connect=10.0),  # the deadline comes first
            headers={"User-Agent": "isoc-kg", "Accept-Encoding": ACCEPT_CODINGS},
        )

    async def drain(self, grace: float) -> None:
        """Take no more; wait until all are answered, or the grace is over."""
        await self.admission.drain(grace)

    async def stop(self, grace: float = 10.0, why: Problem | None = None) -> None:
        """Finish what runs, as long as that takes no longer than the grace; else it is answered with `why`."""
        await self.admission.drain(grace)
        self._cut_off = why or Problem(503, "the server was stopped before the query was answered.")
        for task in list(self._working):
            task.cancel()
        if self._client:
            await self._client.aclose()

    @property
    def ready(self) -> bool:
        """Whether it has been started."""
        return self._client is not None

    @property
    def expired(self) -> int:
        """Queries that waited for their turn until their time was over."""
        return self.admission.expired

    @property
    def timeouts(self) -> int:
        """Queries stopped at their deadline."""
        return self.admission.timeouts

    @property
    def running(self) -> int:
        """Queries that the store works on."""
        return self._slots.running

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return len(self._slots.waiting)

    async def run(
        self, request: dict[str, Any], client: str, disconnection: Disconnection | None = None
    ) -> QueryResponse:
        """What the store answers, once for all who ask the same; given up when they have disconnected.

        An empty client is the server itself.

        Raises `Problem`: 429 for too many of one client, 502 when the store fails, 503 for a full queue, 504 at the
        deadline.
        """
        with self.admission.admit(client):
            response, _ = await self._asked.do(
                json.dumps(request),
                lambda gone: self._watched(self._page(request), gone),
                turn=self._slots.turn(client),
                gone=disconnection,
            )
            return response

    async def _watched(self, work: Coroutine[Any, Any, QueryResponse], disconnection: Disconnection) -> QueryResponse:
        """The response, unless the deadline comes, or all clients have disconnected, before it."""
        task = asyncio.ensure_future(work)
        watch = asyncio.ensure_future(disconnection())
        pending: list[asyncio.Future[Any]] = [task, watch]
        self._working.add(task)
        try:
            await asyncio.wait(pending, timeout=self.limits.query_seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.cancelled() and self._cut_off:
                raise self._cut_off
            if task.done():
                return task.result()
            if watch.done():
                raise gone_problem()
            raise self.admission.timeout_problem()
        finally:
            self._working.discard(task)
            for future in pending:
                future.cancel()  # closes its connection, by which stores know that nobody waits

    # -- what is asked ---------------------------------------------------------

    async def _page(self, request: dict[str, Any]) -> QueryResponse:
        """The response, or the page of it that is asked for."""
        head, body = await self._answer(request)
        if head["status"] == 200 and says_nothing(bytes(body), head["type"]):
            hints = await self._hints(request["query"])
            head |= {"notes": hints} if hints else {}
        if "page" not in request:
            return head, body
        return await asyncio.to_thread(paged, request["query"], head, body, request["page"])

    async def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        text = request["query"]
        try:  # elsewhere, since a long text takes a while
            found = await asyncio.to_thread(check_text, text, self._prefixes, self._text_limits)
        except QueryError as error:
            head = {"status": 400, "detail": error.message, "line": error.line, "column": error.column}
            return head | {"excerpt": error.excerpt, "advice": error.advice}, b""
        whole = declared(found, self._prefixes) + text
        kind = form(found)
        if kind is None:
            return {
                "status": 400,
                "detail": "this is not a valid query.",
                "advice": "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.",
            }, b""
        dataset = [("default-graph-uri", name) for name in request.get("default") or ()]
        dataset += [("named-graph-uri", name) for name in request.get("named") or ()]
        if not dataset and not names_dataset(found):
            dataset = self.endpoint.dataset
        try:
            if kind in ("CONSTRUCT", "DESCRIBE"):
                type_ = choose(request["accept"], tuple(GRAPHS))
                if type_ is None:
                    return {"status": 406, "alternatives": list(GRAPH_FORMATS)}, b""
                received = await self._ask(whole, dataset, graph=True)
                if received is None:
                    return {
                        "status": 413,
                        "detail": f"the graph has more than {self.limits.result_bytes:,} bytes.",
                    }, b""
                return await self._graph(received, whole, dataset, type_)
            type_ = choose(request["accept"], tuple(RESULTS))
            if type_ is None:
                return {"status": 406, "alternatives": list(RESULTS)[:4]}, b""
            if request.get("why") and kind == "SELECT":
                return await self._explained(text, dataset)
            most = request.get("most_bytes")
            received = await self._ask(whole, dataset, most=_PAGED_BYTES if "page" in request else most)
            cut = 0
            if received is None and most:
                return {"status": 413, "detail": f"the result has more than {most:,} bytes."}, b""
            if received is None:
                received, cut = await self._first(whole, dataset), self.limits.result_rows
            return await self._solutions(received, whole, dataset, type_, cut)
        except EndpointError as error:
            if error.status == 400:
                return {"status": 400, "detail": "the store refuses the query.", "excerpt": error.excerpt}, b""
            if error.status is not None and error.excerpt:  # it answered: it will not, or cannot, run this query
                raise Problem(502, "the store behind this server failed on the query.", excerpt=error.excerpt) from None
            raise Problem(502, "the store behind this server does not answer.", advice=error.message) from None

    async def _ask(
        self, text: str, dataset: Sequence[tuple[str, str]], *, graph: bool = False, most: int | None = None
    ) -> Received | None:
        """The store's answer; None when it has more bytes than a result, or `most`, may have."""
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
                body = await self._body(answer, min(most or self.limits.result_bytes, self.limits.result_bytes))
                if body is None:
                    return None
                headers = {name.lower(): value for name, value in answer.headers.items()}
                received = Received(answer.status_code, headers, body)
        except httpx.HTTPError as error:
            self.self_test.failed()
            raise EndpointError(f"no answer: {error or type(error).__name__}.") from None
        if received.status != 200:
            raise refused(received, url, "POST")
        if interrupted(received):
            raise self.admission.timeout_problem()
        self.self_test.answered()
        return received

    async def _body(self, answer: "httpx.Response", most: int) -> bytes | None:
        """The content of an answer; None when it has more bytes than that. Raises `EndpointError`."""
        unpacking = Unpacking(answer.headers.get("content-encoding", ""), self.endpoint.query_url)
        content = bytearray()
        async for part in answer.aiter_raw():
            for block in unpacking.of(part):
                content += block
                if answer.status_code != 200 and len(content) > MOST_OF_A_REFUSAL:
                    return bytes(content[:MOST_OF_A_REFUSAL])
                if len(content) > most:
                    return None
                await asyncio.sleep(0)  # others come in between
        unpacking.end()
        return bytes(content)

    async def _first(self, text: str, dataset: Sequence[tuple[str, str]]) -> Received:
        """The first solutions of a query whose result is too long."""
        try:
            received = await self._ask(completeness.first(text, self.limits.result_rows), dataset)
        except EndpointError:
            received = None
        if received is None:
            raise Problem(413, f"the result has more than {self.limits.result_bytes:,} bytes.", advice="Add a LIMIT.")
        return received

    async def _graph(
        self, received: Received, text: str, dataset: Sequence[tuple[str, str]], type_: str
    ) -> tuple[dict[str, Any], bytes]:
        lines = await self._read(received, partial(self.endpoint.graph_of, received))
        cut = 0
        if self.endpoint.may_be_cut(len(lines)) and (behind := await asyncio.to_thread(completeness.matches, text)):
            cut = len(lines) if await self._more_than(len(lines), behind[0], dataset) else 0
        try:
            body = await asyncio.to_thread(_serialized, lines, GRAPHS[type_], self._prefixes)
        except CannotCarry as error:
            return {
                "status": 406,
                "alternatives": [TURTLE.media_type, NTRIPLES.media_type],
                "detail": error.message,
            }, b""
        return {"status": 200, "type": GRAPHS[type_].media_type, "cut": cut}, body

    async def _solutions(
        self, received: Received, text: str, dataset: Sequence[tuple[str, str]], type_: str, cut: int
    ) -> tuple[dict[str, Any], bytes]:
        found = await self._read(received, partial(self.endpoint.rewritten, received, RESULTS[type_]))
        if isinstance(found, bool):
            word = "true" if found else "false"
            if RESULTS[type_] is ox.QueryResultsFormat.JSON:
                return {"status": 200, "type": type_}, f'{{"head":{{}},"boolean":{word}}}'.encode()
            if RESULTS[type_] is ox.QueryResultsFormat.XML:
                return {"status": 200, "type": type_}, f"{_XML}<head/><boolean>{word}</boolean></sparql>".encode()
            return {"status": 200, "type": "text/plain"}, f"{word}\n".encode()
        number, body = found
        del found, received
        if not cut and await self._more_than(number, text, dataset):
            cut = number
        body = await asyncio.to_thread(finished, body, type_, number if cut else 0)
        return {"status": 200, "type": type_, "cut": cut}, body

    async def _read(self, received: Received, read: Callable[[], _Read]) -> _Read:
        """What is read of an answer, in a thread: of large ones one after the other, since each takes memory."""
        if len(received.body) <= _LARGE_BYTES:
            return await asyncio.to_thread(read)
        async with self._reading:
            return await asyncio.to_thread(read)

    async def _more_than(self, number: int, text: str, dataset: Sequence[tuple[str, str]]) -> bool:
        """Whether a query has more solutions than those that the store answered, as far as it can count them."""
        if not self.endpoint.may_be_cut(number):
            return False
        with suppress(EndpointError, LimitExceeded):
            received = await self._ask(await asyncio.to_thread(completeness.counting, text), dataset)
            return received is not None and self.endpoint.count_in(received) > number
        return False

    async def _explained(self, text: str, dataset: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], bytes]:
        """The solutions with the claims behind them; each query for them obeys the limits, and ends with this one."""
        store = _OwnQueries(self, dataset)

        def select(query: str) -> tuple[Sequence[str], Sequence[Row]]:
            solutions = store.select(declared(list(tokens(query)), self._prefixes) + query)
            if len(solutions[1]) > self.limits.result_rows:
                raise LimitExceeded(f"there are more than {self.limits.result_rows:,} solutions to explain.")
            return solutions

        try:
            explanation = await asyncio.to_thread(explain, text, select, Published(store, self._claims), self._prefixes)
        except LimitExceeded as error:
            return {"status": 413, "detail": error.message}, b""
        finally:
            store.end()
        body = explanation.to_json().encode()
        if len(body) > self.limits.result_bytes:
            return {"status": 413, "detail": f"the result has more than {self.limits.result_bytes:,} bytes."}, b""
        return {"status": 200, "type": _JSON}, body

    async def _hints(self, text: str) -> list[str]:
        """Names for which a query finds nothing; none where the store does not answer."""
        store = _OwnQueries(self, self.endpoint.dataset)
        with suppress(IsocKgError, ValueError):
            try:
                return [one.text for one in await asyncio.to_thread(absences, text, store.select, self._prefixes)]
            finally:
                store.end()
        return []

    async def solutions(self, text: str, dataset: Sequence[tuple[str, str]]) -> tuple[Sequence[str], Sequence[Row]]:
        """All solutions of a query that is part of another one. Raises `EndpointError`, `LimitExceeded`, `Problem`."""
        received = await self._ask(text, dataset)
        if received is None:
            raise LimitExceeded(f"the result has more than {self.limits.result_bytes:,} bytes.")
        found = await self._read(received, partial(self.endpoint.results_of, received))
        if isinstance(found, bool):
            raise EndpointError("the store answered yes or no to a SELECT query.")
        if await self._more_than(len(found[1]), text, dataset):
            raise LimitExceeded(f"the store gives no more than {len(found[1]):,} solutions at a time.")
        return found


class _OwnQueries:
    """The queries that one query asks on its way, from another thread than that of the event loop, while it lasts."""

    def __init__(self, forwarder: Forwarder, dataset: Sequence[tuple[str, str]]) -> None:
        self._forwarder, self._dataset = forwarder, dataset
        self._questions = Questions(asyncio.get_running_loop())

    def select(self, text: str) -> tuple[Sequence[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""
        return self._questions.answer(self._forwarder.solutions(text, self._dataset))

    def end(self) -> None:
        """Have whoever waits for an answer, or asks from now on, get none."""
        self._questions.end(gone_problem())


def _serialized(lines: list[bytes], format_: Format, prefixes: dict[str, str]) -> bytes:
    """Triples in a format. Raises `CannotCarry`."""
    out = io.BytesIO()
    rdf.write(lines, format_, out, prefixes=prefixes)
    return out.getvalue()


_XML = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
_JSON = "application/sparql-results+json"
