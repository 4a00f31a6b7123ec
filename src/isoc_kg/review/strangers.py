"""Connections that have not shown the cookie of a review: few at a time, each for a few seconds.

Whoever opens many and sends nothing takes no place from the reviewer: the oldest stranger gives way to the next.
"""

import asyncio

__all__ = ["Strangers"]

_MOST = 100
_SECONDS = 5.0

#: Host and port of the other end.
_Client = tuple[str, int]


class Strangers:
    """The connections of those who were not let in yet, the oldest first."""

    def __init__(self) -> None:
        self._transports: dict[_Client, asyncio.Transport] = {}

    def arrive(self, transport: asyncio.Transport) -> None:
        """Take a new connection for a stranger's, in place of the oldest where there are too many."""
        if len(self._transports) >= _MOST:
            self._end(next(iter(self._transports)))
        client = _client(transport)
        self._transports[client] = transport
        asyncio.get_running_loop().call_later(_SECONDS, self._late, client, transport)

    def let_in(self, client: _Client) -> None:
        """Whoever is at this end is a stranger no more."""
        self._transports.pop(client, None)

    def leave(self, transport: asyncio.Transport) -> None:
        """A connection has ended."""
        client = _client(transport)
        if self._transports.get(client) is transport:
            del self._transports[client]

    def _late(self, client: _Client, transport: asyncio.Transport) -> None:
        if self._transports.get(client) is transport:
            self._end(client)

    def _end(self, client: _Client) -> None:
        self._transports.pop(client).abort()


def _client(transport: asyncio.Transport) -> _Client:
    host, port = transport.get_extra_info("peername")[:2]
    return str(host), int(port)
