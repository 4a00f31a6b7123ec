"""What clients have under way, each and together: connections, requests, and bytes held for them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ...limits import ServerLimits
from .problems import Problem

__all__ = ["Traffic"]


class Traffic:
    """The one account of what connections, requests and contents under way take; every refusal is made here.

    Clients are those of `client_of`; an empty one has no share that could end.
    """

    def __init__(self, limits: ServerLimits) -> None:
        self.limits = limits
        self.refused = 0  #: connections and requests beyond a limit
        self.cut = 0  #: connections ended since nothing was taken of an answer
        self._connections: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @property
    def connections(self) -> int:
        """Connections that are open."""
        return self._connections.total()

    @property
    def held_bytes(self) -> int:
        """Bytes of requests and answers that are under way."""
        return self._bytes.total()

    def connect(self, client: str, *, trusted: bool) -> None:
        """One more connection; a trusted proxy may have any number of those that there are.

        Raises `Problem`: 429 for too many of one client, 503 for too many of all.
        """
        most = self.limits.connections_per_client
        if not trusted and self._connections[client] >= most:
            raise self._refusal(429, f"{most} connections of yours are open already.")
        if self.connections >= self.limits.connections:
            raise self._refusal(503, f"all {self.limits.connections} connections are taken.")
        self._connections[client] += 1

    def disconnect(self, client: str) -> None:
        """One connection less."""
        _subtract(self._connections, client, 1)

    @contextmanager
    def request(self, client: str) -> Iterator[None]:
        """A request, as long as it is at work, whether or not its connection is still open.

        Behind a proxy, a client has no connections that could be counted. Raises `Problem`: 429 for too many of one
        client, 503 for too many of all.
        """
        if not self.begin(client):
            most = self.limits.connections_per_client
            if self._requests[client] >= most:
                raise self._refusal(429, f"{most} requests of yours are under way already.")
            raise self._refusal(503, f"{self.limits.connections} requests are under way already.")
        try:
            yield
        finally:
            self.end(client)

    def begin(self, client: str) -> bool:
        """A request, until `end`; False where there may be no more."""
        limits = self.limits
        if self._requests[client] >= limits.connections_per_client or self._requests.total() >= limits.connections:
            return False
        self._requests[client] += 1
        return True

    def end(self, client: str) -> None:
        """A request less."""
        _subtract(self._requests, client, 1)

    @contextmanager
    def hold(self, client: str, size: int) -> Iterator[None]:
        """So many bytes, as long as they are on their way. Whoever holds none may have any one content.

        Raises `Problem`: 429 for too many of one client, 503 for too many of all.
        """
        self.add(client, size)
        try:
            yield
        finally:
            self.remove(client, size)

    def add(self, client: str, size: int) -> None:
        """So many bytes more, until `remove`. Raises `Problem` as `hold` does."""
        limits = self.limits
        if self._bytes[client] and self._bytes[client] + size > limits.held_bytes_per_client:
            raise self._refusal(429, f"{limits.held_bytes_per_client:,} bytes of your answers are still to be taken.")
        if (total := self.held_bytes) and total + size > limits.held_bytes:
            raise self._refusal(503, "too many answers are still to be taken.")
        self._bytes[client] += size

    def remove(self, client: str, size: int) -> None:
        """So many bytes less."""
        _subtract(self._bytes, client, size)

    def _refusal(self, status: int, detail: str) -> Problem:
        self.refused += 1
        return Problem(status, detail, headers={"Retry-After": "5"})


def _subtract(counter: Counter[str], client: str, number: int) -> None:
    counter[client] -= number
    if counter[client] <= 0:
        del counter[client]
