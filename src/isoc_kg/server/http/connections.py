"""Connections: HTTP/1.1 over a socket, one request at a time, each step with an end to its bytes and its time.

A connection holds at most one read of its socket, a head, a content within its limit, and two pieces of an answer;
what an answer takes as a whole is counted where it is made.
"""

import asyncio
import math
import re
import struct
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from ...limits import ServerLimits
from ..log import log_event
from .content import RequestContent
from .forwarded import Proxies, client_of
from .head import HEAD_BYTES, RequestHead, check_beginning, parse_head
from .problems import Problem, ProblemPage, status_line
from .traffic import Traffic

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

__all__ = ["PIECE_BYTES", "Connection", "PendingAnswer", "QuickAnswer", "connection_protocol"]

PIECE_BYTES = 65_536  #: of an answer that are given to the system at a time
_READ_AHEAD = 65_536  #: bytes after a request, beyond which no more are read until it is answered
_EMPTY_LINES = re.compile(rb"(?:\r\n)*+")
_ACCEPT = re.compile(rb"\r\n[Aa]ccept:[ \t]*([\x20-\x7e]{1,1000})\r\n")
_RUN = 16  #: requests of one connection that are answered at once, before others have their turn
_LINGER_SECONDS = 2.0  #: how long a client may take to close, once it has its last answer

#: Head, up to its empty line, and content.
QuickAnswer = tuple[bytes, bytes]


class PendingAnswer(Protocol):
    """An answer that is made without a task."""

    def when_done(self, function: Callable[[Awaitable[Any] | None], None], /) -> None:
        """Have a function called once, with what the answer is made of where a task can go on with that."""

    def finish(self) -> QuickAnswer | None:
        """The answer, when that is there; None where a task is to make it of that."""


#: Target and fields of a GET, and its connection → its answer, when it is cached, or pending; None for any other.
QuickResponse = Callable[[bytes, Sequence[tuple[bytes, bytes]], "Connection"], QuickAnswer | PendingAnswer | None]

_IDLE, _HEAD, _CONTENT, _ANSWER, _CLOSING = range(5)  # what a connection is about


def _no_response(target: bytes, fields: Sequence[tuple[bytes, bytes]], connection: "Connection") -> None:
    """No response is cached."""


def _no_page(problem: Problem, request_id: str) -> None:
    """No page of an error."""


class Connection(asyncio.Protocol):
    """One connection; made for a server by `connection_protocol`."""

    traffic = Traffic(ServerLimits())
    proxies = Proxies()
    quick: QuickResponse = staticmethod(_no_response)
    page: ProblemPage = staticmethod(_no_page)

    def __init__(
        self,
        config: "Config",
        server_state: "ServerState",
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.loop = _loop or asyncio.get_running_loop()
        self.limits = self.traffic.limits
        self._app: Any = config.loaded_app
        self._server: Any = server_state
        self._transport: asyncio.Transport = None  # type: ignore[assignment]
        self._peer = self._peer_client = ""
        self._trusted = False  # the peer is a proxy that is believed
        self._counted = False
        self._lost = False  # the connection has ended
        self._state = _IDLE
        # what comes in
        self._buffer = bytearray()
        self._searched = 0  # bytes of it in which no head ends
        self._begins = False  # whether the request line is whole
        self._content: RequestContent | None = None
        self._head: RequestHead | None = None
        self._received = 0  # bytes of content that are counted for the client
        self._client = ""  # of the request, which a proxy may have sent
        self._address = ""
        self._ended = False  # the client sends no more
        self._gone = asyncio.Event()  # the client has closed the connection, or its half
        # what goes out
        self._exchange: _Exchange | None = None
        self._answered = False  # at least once
        self._last = False  # the connection ends after this answer
        self._written = 0
        self._taken = 0  # bytes that had been taken when it was last looked at
        self._writable = asyncio.Event()
        self._writable.set()
        # time
        self._deadline = math.inf
        self._timer: asyncio.TimerHandle | None = None

    # -- the socket -------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or say why not."""
        self._transport = transport  # type: ignore[assignment]
        self._transport.set_write_buffer_limits(high=PIECE_BYTES)
        self._server.connections.add(self)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else ""
        self._peer_client = client_of(self._peer)
        self._trusted = self._peer in self.proxies
        try:
            self.traffic.connect(self._peer_client, trusted=self._trusted)
        except Problem as problem:
            self._state = _CLOSING
            self._transport.write(problem.message())
            self._transport.close()
            return
        self._counted = True
        self._arm(self.limits.request_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._server.connections.discard(self)
        if self._counted:
            self.traffic.disconnect(self._peer_client)
        self._release()
        self._state, self._counted, self._lost = _CLOSING, False, True
        self._buffer = bytearray()
        self._deadline = math.inf
        if self._timer:
            self._timer.cancel()
            self._timer = None  # it holds what holds it
        self._gone.set()
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or several."""
        if self._state == _CLOSING:
            return
        self._buffer += data
        if self._state != _ANSWER and self._writable.is_set():
            self._advance()
        if len(self._buffer) > _READ_AHEAD and (self._state == _ANSWER or not self._writable.is_set()):
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more; what it has asked for is answered, unless that takes long."""
        self._ended = True
        self._gone.set()
        idle = self._state == _IDLE and (not self._buffer or self._buffer == b"\r")
        if idle or self._state in (_HEAD, _CONTENT, _CLOSING):
            self._end()
        return True

    def pause_writing(self) -> None:
        """The client takes less than it gets."""
        self._writable.clear()
        self._watch()

    def resume_writing(self) -> None:
        """The client has taken what there was."""
        self._writable.set()
        if self._state == _IDLE:
            self._arm(self.limits.idle_seconds)
            self._go_on()
        elif self._state == _ANSWER:
            self._deadline = math.inf
        elif self._state == _CLOSING:
            self._arm(_LINGER_SECONDS)

    def shutdown(self) -> None:
        """The server is about to stop: the last answer is the one that is being made."""
        self._last = True
        if self._state in (_IDLE, _HEAD, _CONTENT):
            self._end()

    # -- time -------------------------------------------------------------------

    def _arm(self, seconds: float) -> None:
        """Have `_expire` called, unless something else happens before."""
        self._deadline = self.loop.time() + seconds
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer:
                self._timer.cancel()
            self._timer = self.loop.call_at(self._deadline, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._deadline == math.inf:
            return
        if self.loop.time() >= self._deadline:
            self._deadline = math.inf
            self._expire()
        else:
            self._timer = self.loop.call_at(self._deadline, self._look)

    def _watch(self) -> None:
        """Look later how much was taken of what is sent."""
        self._taken = self._written - self._transport.get_write_buffer_size()
        self._arm(self.limits.request_seconds)

    def _expire(self) -> None:
        """The time for what the connection is about is over."""
        left = self._transport.get_write_buffer_size()
        enough = self.limits.answer_bytes_per_second * self.limits.request_seconds
        if left and self._written - left - self._taken >= enough:
            self._watch()
        elif left or self._state == _CLOSING:
            self.traffic.cut += left > 0
            self._abort()
        elif self._state == _IDLE and self._answered:
            self._end()
        elif self._state != _ANSWER:
            what = "content" if self._state == _CONTENT else "request"
            self._refuse(Problem(408, f"no whole {what} in {self.limits.request_seconds:g} seconds."))

    # -- requests ---------------------------------------------------------------

    def _go_on(self) -> None:
        """Read and look at what came meanwhile."""
        if self._transport.is_closing():
            return
        if self._ended and not self._buffer:
            self._end()
            return
        self._transport.resume_reading()
        if self._buffer:
            self._advance()

    def _advance(self) -> None:
        """Take requests from the buffer, until one is answered by a task or more has to come."""
        for _ in range(_RUN):
            if self._state in (_ANSWER, _CLOSING) or not self._writable.is_set():
                return
            try:
                if not self._take():
                    if self._ended:
                        self._end()
                    return
                self._begin()
            except Problem as problem:
                self._refuse(problem)
                return
        if self._buffer and self._state != _ANSWER:
            self._transport.pause_reading()
            self.loop.call_soon(self._go_on)

    def _take(self) -> bool:
        """Take the next request from the buffer; False when it is not whole. Raises `Problem`."""
        buffer = self._buffer
        if self._state == _IDLE:
            if buffer[:1] == b"\r":
                del buffer[: _EMPTY_LINES.match(buffer).end()]  # type: ignore[union-attr] # RFC 9112, section 2.2
            if not buffer or buffer == b"\r":
                return False
            self._state, self._searched, self._begins = _HEAD, 0, False
        if self._state == _HEAD:
            end = buffer.find(b"\r\n\r\n", max(0, self._searched - 3))
            if end < 0 and not self._begins:
                self._begins = check_beginning(buffer)
            if end > HEAD_BYTES - 4 or (end < 0 and len(buffer) > HEAD_BYTES):
                raise Problem(431, f"request line and header fields of over {HEAD_BYTES:,} bytes.")
            if end < 0:
                if not self._searched:  # its beginning
                    self._arm(self.limits.request_seconds)
                self._searched = len(buffer)
                return False
            head = self._head = parse_head(bytes(buffer[:end]))
            del buffer[: end + 4]
            self._address = self.proxies.origin(self._peer, head.fields) if self._trusted else self._peer
            self._client = client_of(self._address)
            self._content = None
            if head.length == 0:
                return True
            self._state, self._content = _CONTENT, RequestContent(head.length, self.limits.body_bytes)
            self._arm(self.limits.request_seconds)
            if head.awaits and not buffer:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert self._content is not None
        whole = self._content.feed(buffer)
        size = len(self._content.data)
        if size > PIECE_BYTES:  # what is less is little beside the connection itself
            self.traffic.add(self._client, size - self._received)
            self._received = size
        return whole

    def _begin(self) -> None:
        """Answer the request that was taken: at once if its response is cached, else by a task."""
        head = self._head
        assert head is not None
        self._state, self._deadline = _ANSWER, math.inf
        self._last = self._last or not head.keep_alive
        if head.method == "GET" and self._content is None:
            response = self.quick(head.target, head.fields, self)
            if isinstance(response, tuple):
                self._send_whole(response)
                return
            if response is not None:
                response.when_done(partial(self._end_pending, response))
                return
        self._begin_task(head, bytes(self._content.data) if self._content else b"")

    def _end_pending(self, pending: PendingAnswer, outcome: Awaitable[Any] | None) -> None:
        """Send an answer that was awaited, or have a task make it."""
        head = self._head
        try:
            answer = pending.finish()
        except Exception as error:  # noqa: BLE001 – a mistake of ours costs one connection
            log_event({"event": "error", "error": f"{type(error).__name__}: {error}"})
            self._abort()
            return
        if self._lost or head is None:
            return
        if answer is None:
            self._begin_task(head, b"", outcome)
            return
        self._send_whole(answer)
        self._go_on()

    def _send_whole(self, answer: QuickAnswer) -> None:
        """Send an answer, which is the last of its request."""
        start, body = answer
        fields = b"".join(b"%s: %s\r\n" % field for field in self._server.default_headers)
        parts = start, fields, b"connection: close\r\n" if self._last else b"", b"\r\n", body
        self._written += sum(map(len, parts))
        self._transport.writelines(parts)
        self._finish()

    def _begin_task(self, head: RequestHead, content: bytes, outcome: Awaitable[Any] | None = None) -> None:
        """Have a task answer, of what the request has come to, if that is there."""
        self._exchange = _Exchange(self, head, content)
        self._head = self._content = None
        task = self.loop.create_task(self._answer(self._exchange, outcome))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)

    async def _answer(self, exchange: "_Exchange", outcome: Awaitable[Any] | None) -> None:
        head = exchange.head
        path = head.path.decode()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": head.version,
            "method": head.method,
            "scheme": "http",
            "path": unquote(path) if "%" in path else path,
            "raw_path": head.path,
            "query_string": head.query,
            "root_path": "",
            "headers": head.fields,
            "client": (self._address, 0),
            "server": None,
            "outcome": outcome,
        }
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 – a mistake of ours costs one connection
            log_event({"event": "error", "error": f"{type(error).__name__}: {error}"})
        finally:
            self._exchange = self._head = self._content = None  # else they and it would hold each other
            if exchange.left or not exchange.started:  # it was given up: the client must not take it for whole
                self._abort()
            elif self._state == _ANSWER:
                self._finish()
                self._go_on()

    def _finish(self) -> None:
        """The request is answered."""
        self._server.total_requests += 1
        self._answered = True
        self._release()
        self._exchange = self._head = self._content = None
        if self._last:
            self._close()
        else:
            self._state = _IDLE
            self._arm(self.limits.idle_seconds)

    def _release(self) -> None:
        """Count the content no more."""
        if self._received:
            self.traffic.remove(self._client, self._received)
            self._received = 0

    def _refuse(self, problem: Problem) -> None:
        """Say why a request is not taken, and close; to people by a page, as far as what came tells."""
        self._release()
        self.traffic.refused += 1
        if self._head is not None:
            accept = b",".join(value for name, value in self._head.fields if name == b"accept")
        else:  # the head is none, or too long: its fields may be in what came of it
            found = _ACCEPT.search(self._buffer, 0, 2 * HEAD_BYTES)
            accept = found[1] if found else b""
        self._write(problem.message(accept.decode("latin-1"), self.page))
        self._close()

    def _close(self) -> None:
        """Close after the last answer; what still comes is thrown away, lest that be lost (RFC 9112, section 9.6)."""
        if self._ended or self._transport.is_closing():
            self._end()
            return
        self._state = _CLOSING
        self._buffer.clear()
        self._transport.resume_reading()
        self._transport.write_eof()
        if self._transport.get_write_buffer_size():
            self._watch()
        else:
            self._arm(_LINGER_SECONDS)

    def _end(self) -> None:
        """Close as soon as what was written is taken, and no later than that may last."""
        self._state = _CLOSING
        self._buffer.clear()
        self._watch()
        self._transport.close()

    def _abort(self) -> None:
        """End the connection now; what the system holds of its answer is free at once, too."""
        if not self._lost:  # else its number may be another's by now
            self._lost = True
            self._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    # -- answers ----------------------------------------------------------------

    def _write(self, data: bytes | memoryview) -> None:
        self._written += len(data)
        self._transport.write(data)

    async def write(self, data: bytes) -> None:
        """Send bytes piece by piece, each when the one before was taken; nothing when the client disconnected."""
        view = memoryview(data)
        for start in range(0, len(view), PIECE_BYTES):
            if not self._writable.is_set():
                await self._writable.wait()
            if self._transport.is_closing():
                return
            self._write(view[start : start + PIECE_BYTES])
        if not self._writable.is_set():
            await self._writable.wait()

    @property
    def address(self) -> str:
        """Where its request comes from, which a proxy may have passed on."""
        return self._address

    @property
    def client(self) -> str:
        """Who has a share of what the server can do."""
        return self._client

    @property
    def last(self) -> bool:
        """Whether the connection ends after this answer."""
        return self._last

    def end_after_answer(self) -> None:
        """Have this answer be the last."""
        self._last = True

    @property
    def default_fields(self) -> Sequence[tuple[bytes, bytes]]:
        """The fields of every response, such as the date."""
        fields: Sequence[tuple[bytes, bytes]] = self._server.default_headers
        return fields

    async def wait_gone(self) -> None:
        """Return when the client has closed the connection, or its half."""
        await self._gone.wait()


class _Exchange:
    """A request and its response, as ASGI sees them."""

    def __init__(self, connection: Connection, head: RequestHead, content: bytes) -> None:
        self.head = head
        self.started = False
        self.left = 0  #: bytes of the response's content that are still to come
        self._connection = connection
        self._content: bytes | None = content
        self._start = b""

    async def receive(self) -> dict[str, Any]:
        """The content, then, when that happens, that the client has disconnected."""
        if self._content is not None:
            content, self._content = self._content, None
            return {"type": "http.request", "body": content, "more_body": False}
        await self._connection.wait_gone()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """Send the head with the first part of the content, and then its other parts."""
        if message["type"] == "http.response.start":
            self._begin(message["status"], message["headers"])
            return
        body = b"" if self.head.method == "HEAD" else message.get("body", b"")
        self.left = self.left - len(body) if message.get("more_body") else 0
        start, self._start = self._start, b""
        if len(start) + len(body) <= PIECE_BYTES:
            await self._connection.write(start + body)
        else:
            await self._connection.write(start)
            await self._connection.write(body)

    def _begin(self, status: int, fields: Sequence[tuple[bytes, bytes]]) -> None:
        connection = self._connection
        length = 0
        for name, value in fields:
            if name == b"content-length":
                length = int(value)
            elif name == b"connection":
                connection.end_after_answer()
        if connection.last:
            fields = [*(field for field in fields if field[0] != b"connection"), (b"connection", b"close")]
        lines = b"".join(b"%s: %s\r\n" % field for field in (*connection.default_fields, *fields))
        self._start = status_line(status) + lines + b"\r\n"
        self.started, self.left = True, length


def connection_protocol(
    traffic: Traffic, proxies: Proxies, quick: QuickResponse, page: ProblemPage = _no_page
) -> type[Connection]:
    """The protocol for a server; `page` makes the pages of errors."""
    own = {"traffic": traffic, "proxies": proxies, "quick": staticmethod(quick), "page": staticmethod(page)}
    return type("ServerConnection", (Connection,), own)
