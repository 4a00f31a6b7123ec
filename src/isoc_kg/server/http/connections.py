"""Connections: how many a client may hold open, and how long it may take over them; cached responses go out at once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ...limits import ServerLimits
from .problems import Problem

__all__ = ["connection_protocol"]

_HEAD_BYTES = 65_536  #: request line and headers


#: Target, headers and client of a GET → head, up to its empty line, and content, when they are cached.
QuickResponse = Callable[[bytes, Sequence[tuple[bytes, bytes]], str], tuple[bytes, bytes] | None]


def _no_response(url: bytes, headers: Sequence[tuple[bytes, bytes]], client: str) -> None:
    """No response is cached."""


class LimitedConnection(HttpToolsProtocol):
    """One connection, with limits to what its client holds without asking anything.

    Made for a server by `connection_protocol`.
    """

    limits = ServerLimits()
    free: frozenset[str] = frozenset()  #: clients that may hold any number
    held: ClassVar[Counter[str]] = Counter()  #: client → connections

    quick: QuickResponse = staticmethod(_no_response)

    _done = False  # the request is answered already
    _head = 0  # bytes of a request whose headers are not whole
    _begun = True  # such a request is awaited
    _refused = False
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        client = self.client[0] if self.client else ""
        self.held[client] += 1
        if client not in self.free and self.held[client] > self.limits.connections_per_client:
            text = f"{self.limits.connections_per_client} connections of yours are open already."
            self._refuse(Problem(503, text, headers={"Retry-After": "5"}))
        else:
            self._timer = self.loop.call_later(self.limits.request_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        client = self.client[0] if self.client else ""
        self.held[client] -= 1
        if self.held[client] <= 0:
            del self.held[client]
        for timer in (self._timer, self._stalled):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if self._begun:
            self._head += len(data)
            if self._head > _HEAD_BYTES:
                self._refuse(Problem(431, f"request line and headers of over {_HEAD_BYTES:,} bytes."))
            elif self._timer is None:
                self._timer = self.loop.call_later(self.limits.request_seconds, self._too_slow)

    def on_message_begin(self) -> None:
        self._begun, self._head, self._done = True, 0, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._begun = False
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._send_cached():
            super().on_headers_complete()

    def _send_cached(self) -> bool:
        """Answer a request whose response is cached at once: no task, no further look at it."""
        if (
            self.parser.get_method() != b"GET"
            or not (self.cycle is None or self.cycle.response_complete)
            or self.pipeline
            or self.flow.write_paused
            or not self.parser.should_keep_alive()
        ):
            return False
        response = self.quick(self.url, self.headers, self.client[0] if self.client else "")
        if response is None:
            return False
        self._done = True
        head, body = response
        fields = b"".join(b"%s: %s\r\n" % field for field in self.server_state.default_headers)
        self.transport.writelines((head, fields, b"\r\n", body))
        self.server_state.total_requests += 1
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        return True

    def on_body(self, body: bytes) -> None:
        if not self._done:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._done:
            super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _watch(self, left: int) -> None:
        """Look again later whether anything was taken of what is sent."""
        self._stalled = self.loop.call_later(self.limits.request_seconds, self._look, left)

    def _look(self, left: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now >= left:
            self.transport.abort()
        else:
            self._watch(now)

    def _too_slow(self) -> None:
        self._timer = None
        self._refuse(Problem(408, f"no whole request in {self.limits.request_seconds:g} seconds."))

    def _refuse(self, problem: Problem) -> None:
        """Say why, and close."""
        self._refused = True
        type_, body = problem.body(None)
        fields: dict[str, Any] = {"content-type": type_, "content-length": len(body), "connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in {**fields, **problem.headers}.items())
        self.transport.write(f"HTTP/1.1 {problem.status} {problem.title}\r\n{head}\r\n".encode() + body)
        self.transport.close()


def connection_protocol(
    limits: ServerLimits, proxies: Collection[str], quick: QuickResponse
) -> type[LimitedConnection]:
    """The protocol for a server; its proxies may hold any number of connections."""
    more = {"limits": limits, "free": frozenset(proxies), "held": Counter(), "quick": staticmethod(quick)}
    return type("LimitedConnection", (LimitedConnection,), more)
