"""Whose turn it is: how many queries of a client are admitted, how many may wait, how long each may run."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Generic, TypeVar

from ...limits import ServerLimits
from ..http.forwarded import network_of
from ..http.problems import Problem

__all__ = ["Admission", "Disconnection", "Queue", "Slots", "gone_problem"]

#: Returns when the client has disconnected.
Disconnection = Callable[[], Awaitable[None]]
_Entry = TypeVar("_Entry")


class Queue(Generic[_Entry]):
    """Queries that wait for their turn. Networks come by turns, in each its clients, each with what it asked first.

    When it is full, whoever has more there than a newcomer makes room: so nobody fills it against others.
    """

    def __init__(self, limit: int, kind: str, retry_after: int) -> None:
        self._limit = limit
        self._kind = kind
        self._retry_after = retry_after  #: seconds after which a client may try again
        self._size = 0
        #: network → client → its own; the next network, and the next client in each, first
        self._networks: OrderedDict[str, OrderedDict[str, deque[_Entry]]] = OrderedDict()

    def __len__(self) -> int:
        return self._size

    def full(self) -> Problem:
        """The answer to a query for which there is no room."""
        detail = f"too many {self._kind} wait already."
        return Problem(503, detail, headers={"Retry-After": str(self._retry_after)})

    def put(self, client: str, entry: _Entry) -> _Entry | None:
        """Have a client's query wait. The one that has to make room for it, which the caller is to answer, if any.

        Raises `Problem`: 503 when too many wait, and nobody has more of them.
        """
        network = network_of(client)
        displaced = self._displaced(network, client) if self._size >= self._limit else None
        self._networks.setdefault(network, OrderedDict()).setdefault(client, deque()).append(entry)
        self._size += 1
        return displaced

    def _displaced(self, network: str, client: str) -> _Entry:
        """What came last of the client with the most in the network with the most, both more than the newcomer's."""
        sizes = {name: sum(map(len, clients.values())) for name, clients in self._networks.items()}
        largest = max(sizes, key=sizes.__getitem__, default="")
        own = sizes.get(network, 0)
        if sizes.get(largest, 0) <= own + 1:
            largest = network
        counts = {name: len(entries) for name, entries in self._networks.get(largest, {}).items()}
        most = max(counts, key=counts.__getitem__, default="")
        if not counts or (largest == network and counts[most] <= counts.get(client, 0) + 1):
            raise self.full()
        entry = self._networks[largest][most].pop()
        self._removed(largest, most)
        return entry

    def take(self, may_run: Callable[[str], bool] | None = None) -> tuple[str, _Entry] | None:
        """The next query of the next client that may run one, with the client; None without one."""
        for network, clients in self._networks.items():
            for client, entries in clients.items():
                if may_run is None or may_run(client):
                    entry = entries.popleft()
                    clients.move_to_end(client)  # it waits now until all others had their turn
                    self._networks.move_to_end(network)
                    self._removed(network, client)
                    return client, entry
        return None

    def remove(self, client: str, entry: _Entry) -> None:
        """Have a client's query wait no longer, if it does."""
        network = network_of(client)
        clients = self._networks.get(network)
        entries = clients.get(client) if clients else None
        if entries and any(waiting is entry for waiting in entries):
            entries.remove(entry)
            self._removed(network, client)

    def _removed(self, network: str, client: str) -> None:
        """Count an entry no more, and forget whoever has no other."""
        self._size -= 1
        clients = self._networks[network]
        if not clients[client]:
            del clients[client]
        if not clients:
            del self._networks[network]


class Slots:
    """Places for so many queries that run at a time, at most half of them for one client.

    Whoever waits for so many seconds gets the problem that `expired` gives.
    """

    def __init__(
        self,
        number: int,
        waiting: "Queue[asyncio.Future[None]]",
        seconds: float,
        expired: Callable[[], Problem],
    ) -> None:
        self.number = number
        self.waiting = waiting
        self._seconds, self._expired = seconds, expired
        self._running: Counter[str] = Counter()

    @property
    def running(self) -> int:
        """Queries that run."""
        return self._running.total()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a place and hold it. An empty client, the server itself, may have all of them.

        Raises `Problem`: 503 when too many wait, or for too long.
        """
        if self._may_run(client):
            self._running[client] += 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._release(client)

    def _may_run(self, client: str) -> bool:
        share = max(1, self.number // 2) if client else self.number
        return self.running < self.number and self._running[client] < share

    async def _wait(self, client: str) -> None:
        """Wait until `_release` counts the client as one that runs."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        if (displaced := self.waiting.put(client, turn)) is not None and not displaced.done():
            displaced.set_exception(self.waiting.full())

        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except (asyncio.CancelledError, TimeoutError) as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:  # its turn came just before
                self._release(client)
            if isinstance(error, TimeoutError):
                raise self._expired() from None
            raise
        finally:
            self.waiting.remove(client, turn)

    def _release(self, client: str) -> None:
        """Give up a place, and let those run who may."""
        self._running[client] -= 1
        self._running += Counter()  # without those at 0
        while (entry := self.waiting.take(self._may_run)) is not None:
            waiting_client, turn = entry
            if not turn.done():
                self._running[waiting_client] += 1
                turn.set_result(None)


class Admission:
    """The queries that one runner has admitted, and why others are not: every answer about that is made here."""

    def __init__(self, limits: ServerLimits) -> None:
        self.limits = limits
        self.timeouts = 0  #: queries stopped at their deadline
        self.expired = 0  #: queries that waited for their turn until their time was over
        self._admitted: Counter[str] = Counter()  # client → queries that run or wait
        self.stopped = False  #: whether no more queries are admitted

    @contextmanager
    def admit(self, client: str) -> Iterator[None]:
        """Admit a query of a client until it is answered. An empty client is the server itself, which has no limit.

        Raises `Problem`: 429 for too many of one client, 503 when the server is about to stop.
        """
        self.enter(client)
        try:
            yield
        finally:
            self.leave(client)

    def enter(self, client: str) -> None:
        """Admit a query until `leave`. Raises `Problem` as `admit` does."""
        if self.stopped:
            raise Problem(503, "the server is about to stop.")
        if client and self._admitted[client] >= self.limits.queries_per_client:
            detail = f"{self.limits.queries_per_client} of your queries run or wait already."
            raise Problem(429, detail, headers={"Retry-After": "1"})
        self._admitted[client] += 1

    def leave(self, client: str) -> None:
        """A query of the client is answered."""
        self._admitted[client] -= 1
        if not self._admitted[client]:
            del self._admitted[client]

    async def drain(self, grace: float) -> None:
        """Admit no more; wait until those that are admitted are answered, or the grace is over."""
        self.stopped = True
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        while self._admitted and loop.time() < end:
            await asyncio.sleep(0.02)

    def timeout_problem(self, seconds: float | None = None) -> Problem:
        """The answer to a query that has run until its deadline, which is counted."""
        self.timeouts += 1
        seconds = seconds or self.limits.query_seconds
        return Problem(504, f"the query ran for more than {seconds:g} seconds and was stopped.")

    def waiting_problem(self) -> Problem:
        """The answer to a query that has waited for its turn as long as it may."""
        self.expired += 1
        text = f"the query waited for more than {self.limits.queue_seconds:g} seconds for its turn."
        return Problem(503, text, headers={"Retry-After": "10"})


def gone_problem() -> Problem:
    """The answer to a query whose client has disconnected: who closed its sending half alone still gets it."""
    detail = "the query was stopped, since its client closed the connection or its sending half."
    return Problem(503, detail, advice="Keep both halves open until the answer has come.")
