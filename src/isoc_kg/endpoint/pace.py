"""Connections on which the other side cannot drip: bytes come, and are taken, at a least rate or not at all."""

import time
from collections.abc import Iterable
from typing import Any

import httpcore

__all__ = ["LEAST_RATE", "PacedBackend", "TooSlow"]

LEAST_RATE = 1000  #: bytes a second, on average over the seconds that a store may send nothing
_CHUNK = 1 << 14


class TooSlow(httpcore.ReadTimeout):
    """The other side sends, or takes, less than the least rate."""


class _PacedStream(httpcore.NetworkStream):
    """A connection that has to move so many bytes within the time in which it may send nothing."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._since, self._bytes, self._writing = time.monotonic(), 0, False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._left(timeout, writing=False)
        try:
            data = self._stream.read(max_bytes, left)
        except httpcore.ReadTimeout:
            raise (TooSlow() if self._bytes else httpcore.ReadTimeout()) from None
        self._bytes += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], self._left(timeout, writing=True))
            self._bytes += min(_CHUNK, len(buffer) - start)

    def _left(self, timeout: float | None, *, writing: bool) -> float | None:
        """The seconds that are left to move as many bytes as are due."""
        now = time.monotonic()
        if timeout is None:
            return None
        if writing != self._writing or self._bytes >= LEAST_RATE * timeout:
            self._since, self._bytes, self._writing = now, 0, writing
        left = self._since + timeout - now
        if left <= 0:
            raise TooSlow() if self._bytes else httpcore.ReadTimeout()
        return left

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _PacedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class PacedBackend(httpcore.NetworkBackend):
    """Makes connections that are paced."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to a host."""
        return _PacedStream(self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """A connection to a socket of the file system."""
        return _PacedStream(self._backend.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)
