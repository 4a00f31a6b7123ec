"""Queries by GET that begin as soon as their head is read and end with its answer, without a task for each.

What is unusual about one, before or after it has run, is for the long way, which takes up what it has come to.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import pyoxigraph as ox

from ...negotiation import choose
from ..http.coding import accepted_codings, content_coding, entity_tag, is_compressible
from ..http.connections import PIECE_BYTES
from ..http.field_sizes import shortened
from ..http.problems import Problem, status_line
from ..http.protection import EXPOSED, protected
from ..http.reply import response_to
from ..http.request import parse_parameters
from ..http.response_cache import Key
from ..http.traffic import Traffic
from ..spool import Content
from .frame import pack_frame, written_head
from .point_queue import PointQueue
from .points import Points
from .pool import Pool
from .protocol import QueryResult, ResultKey, SparqlProtocol, accepted, options, wants_page
from .result_formats import RESULTS
from .runner import Disconnection, QueryResponse
from .stored_points import StoredPointAnswers
from .worker_connection import Asker

__all__ = ["DirectQueries", "DirectQuery", "Outcome", "PointQuery"]

_LONGEST = 500  #: bytes of what is looked at beside the query
_PLAIN = {"status", "type"}  #: the head of a response about which there is nothing to say
_TAG = "0" * 32
#: What a query has come to, for whoever answers it at length; None where it is to be run for that.
Outcome = Awaitable[QueryResponse] | None


class _Form(NamedTuple):
    """How the answer to a query is wanted."""

    accept: str
    coding: str
    head: bytes  #: of the request to a worker
    json: str  #: as which results in JSON are sent; empty where others are wanted


class DirectQuery:
    """A query on its way to a worker; `finish` is to be called once it is done."""

    __slots__ = ("_queries", "asker", "client", "form", "key")

    def __init__(self, queries: "DirectQueries", asker: Asker, client: str, form: _Form, key: ResultKey) -> None:
        self._queries, self.asker, self.client, self.form, self.key = queries, asker, client, form, key

    @property
    def future(self) -> asyncio.Future[QueryResponse]:
        """What a worker answers, or why none does."""
        return self.asker.future

    def when_done(self, function: Callable[[Outcome], None]) -> None:
        """Have a function called with the outcome."""
        self.future.add_done_callback(function)

    def finish(self) -> tuple[bytes, bytes] | None:
        """Head, up to its empty line and without an identifier, and content; None for what goes the long way."""
        return self._queries.finish(self)


class PointQuery:
    """A query for values of an IRI, answered in this process, or else by a worker; used as a `DirectQuery` is.

    To await it gives what it has come to here.
    """

    __slots__ = ("_function", "_queries", "_response", "_worker", "client", "form", "gone", "key", "text")

    def __init__(
        self, queries: "DirectQueries", text: str, client: str, gone: Disconnection, form: _Form, key: ResultKey
    ) -> None:
        self._queries, self.text, self.client, self.gone, self.form, self.key = queries, text, client, gone, form, key
        self._response: QueryResponse | None = None
        self._worker: DirectQuery | None = None  # who is asked in place of this process
        self._function: Callable[[Outcome], None] | None = None

    def when_done(self, function: Callable[[Outcome], None]) -> None:
        """Have a function called with the outcome."""
        self._function = function

    def answered(self, body: bytes | None) -> None:
        """Be done with this, or have a worker asked."""
        assert self._function is not None
        if body is not None:
            self._response = {"status": 200, "type": self.form.json}, body
            self._function(self)
            return
        self._worker = self._queries.ask(self.text, self.client, self.gone, self.form, self.key)
        if self._worker:
            self._worker.when_done(self._function)
        else:
            self._function(None)

    def finish(self) -> tuple[bytes, bytes] | None:
        """What `DirectQuery.finish` gives."""
        if self._worker:
            return self._worker.finish()
        return self._queries.answer(self.key, self.form, *self._response) if self._response else None

    def __await__(self) -> Generator[None, None, QueryResponse]:
        yield from ()
        assert self._response is not None
        return self._response


class DirectQueries:
    """Begins and ends queries at the endpoint of a server below a path, for one state of the publication."""

    def __init__(self, protocol: SparqlProtocol, pool: Pool, traffic: Traffic, root: str, points: Points) -> None:
        self._protocol, self._pool, self._traffic, self._points = protocol, pool, traffic, points
        self._queue = PointQueue(points, pool) if isinstance(points, StoredPointAnswers) else None
        self._starts = tuple({f"{path}/sparql?query=".encode() for path in ("", root)})

    def begin(
        self, key: Key, client: str, gone: Disconnection
    ) -> DirectQuery | PointQuery | tuple[bytes, bytes] | None:
        """A query on its way, or, where that is at hand, its answer as `finish` gives it.

        None for what is no query, or cannot begin like this.
        """
        target = key[0]
        if not target.startswith(self._starts):
            return None
        value, _, rest = target.partition(b"?query=")[2].partition(b"&")
        form = _form(rest, key)
        if form is None:
            return None
        try:
            text = unquote_to_bytes(value.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            return None
        result_key = self._protocol.new_key(text, form.accept, form.coding)
        if not text or result_key is None:
            return None
        if form.json and self._queue:
            if self._queue.takes(text):
                query = PointQuery(self, text, client, gone, form, result_key)
                self._queue.put(query)
                return query
        elif form.json and (body := self._points.json(text)) is not None:
            answer = self.answer(result_key, form, {"status": 200, "type": form.json}, body)
            if answer:
                return answer
        return self.ask(text, client, gone, form, result_key)

    def ask(self, text: str, client: str, gone: Disconnection, form: _Form, key: ResultKey) -> DirectQuery | None:
        """A query on its way to a worker; None where it cannot begin."""
        if not self._traffic.begin(client):
            return None
        try:
            asker = self._pool.ask(pack_frame(form.head, text.encode()), text, client, gone)
        except Problem:
            self._traffic.end(client)
            return None
        return DirectQuery(self, asker, client, form, key)

    def finish(self, query: DirectQuery) -> tuple[bytes, bytes] | None:
        """What `DirectQuery.finish` says."""
        self._pool.leave(query.asker)
        self._traffic.end(query.client)
        if query.future.cancelled() or query.future.exception() is not None:
            return None
        head, body = query.future.result()
        if head.keys() != _PLAIN or head["status"] != 200:
            return None
        return self.answer(query.key, query.form, head, body)

    def answer(self, key: ResultKey, form: _Form, head: Mapping[str, Any], body: Content) -> tuple[bytes, bytes] | None:
        """Head and content of a result; None for one that is long, or to be compressed."""
        compressible = is_compressible(head["type"], len(body))
        if (
            not isinstance(body, bytes)
            or len(body) > PIECE_BYTES
            or (compressible and content_coding(form.coding, len(body)))
        ):
            return None
        if not self._protocol.has(key):  # another who asked the same has put it there
            self._protocol.take(key, head, body)
        tag = entity_tag(sha256(body).hexdigest(), "").encode()
        return _frame(head["type"], compressible) % {b"length": len(body), b"tag": tag}, body


@lru_cache(200)
def _known_form(rest: bytes, accept: bytes, coding: bytes) -> _Form | None:
    try:
        parameters = parse_parameters(rest.decode("latin-1")) if rest else []
        if any(name != "format" for name, _ in parameters):
            return None
        header = accept.decode("latin-1") or None
        if wants_page(header, parameters):
            return None
        wanted = accepted(parameters, header) or "*/*"
    except Problem:
        return None
    codings = accepted_codings(coding.decode("latin-1"))
    type_ = choose(wanted, tuple(RESULTS)) or ""
    json = type_ if type_ and RESULTS[type_] is ox.QueryResultsFormat.JSON else ""
    return _Form(wanted, codings, written_head(options(wanted, codings)), json)


def _form(rest: bytes, key: Key) -> _Form | None:
    """How an answer is wanted by whoever sends these; None where that is not to be said in short."""
    _, accept, coding = key
    accept = accept or b""
    if len(rest) + len(accept) + len(coding) > _LONGEST:
        return None
    return _known_form(rest, accept, coding)


@lru_cache(100)
def _frame(type_: str, compressible: bool) -> bytes:
    """The head of an answer of a media type, with places for its length and its entity tag."""
    status, fields, _ = response_to({}, QueryResult(type_, b" " * (1000 if compressible else 0), tag=_TAG).reply())
    places = {"content-length": "%(length)d", "etag": "%(tag)b"}
    lines = [
        f"{name}: {places.get(name) or value.replace('%', '%%')}\r\n"
        for name, value in shortened(protected([*fields, EXPOSED]))
    ]
    return status_line(status) + "".join(lines).encode("latin-1")
