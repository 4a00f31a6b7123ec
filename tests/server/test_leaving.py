"""Queues under attack: who has gone takes no place in them, and nobody fills them against others."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from select import select
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from endpoint.answering import answering_queries
from isoc_kg.limits import Limits, ServerLimits
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries.admission import Queue, Slots
from isoc_kg.server.queries.pool import Pool

from .processes import gone, nursery, until, workers
from .running import Running, running

MAKER = "content.maker"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(
    f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6)
) + " }"  # fmt: skip


def measure(server: Running, name: str) -> float:
    """One of a server's measures."""
    lines = server.get("metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"isoc_kg_{name} "))


def test_a_newcomer_displaces_who_has_most() -> None:
    """The newest of the client with the most in the network with the most; the newcomer alone is refused, else."""
    queue: Queue[str] = Queue(6, "queries", 2)
    for number in range(3):
        assert queue.put("192.0.2.1", f"a{number}") is None
        assert queue.put(f"198.51.100.{number}", f"n{number}") is None
    assert queue.put("203.0.113.1", "new") == "a2"
    assert queue.put("203.0.113.2", "newer") == "n0"  # of the larger network, whose clients have one each
    with pytest.raises(Problem) as refused:
        queue.put("198.51.100.9", "of a network that has its share")
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "2"})
    assert len(queue) == 6
    order = [entry[1] for entry in iter(queue.take, None)]
    assert order == ["a0", "n1", "new", "a1", "n2", "newer"]
    assert len(queue) == 0


def test_networks_come_by_turns() -> None:
    """However many addresses a network has, another's query waits for one of them at most."""
    queue: Queue[str] = Queue(200, "queries", 2)
    for number in range(100):
        queue.put(f"2001:db8:1:{number:x}::/64", "many")
    queue.put("192.0.2.1", "one")
    assert [entry[1] for entry in (queue.take(), queue.take()) if entry] == ["many", "one"]


def test_places_are_for_who_is_there() -> None:
    """Whoever leaves, or is displaced, waits for no place any more."""

    async def run() -> None:
        slots = Slots(1, Queue(2, "requests", 2), 3600.0, lambda: Problem(503, "expired"))

        async def wait(client: str) -> None:
            async with slots.turn(client):
                await asyncio.sleep(60)

        tasks = [asyncio.ensure_future(wait("192.0.2.1")) for _ in range(3)]
        await asyncio.sleep(0)
        assert (slots.running, len(slots.waiting)) == (1, 2)
        tasks.append(asyncio.ensure_future(wait("203.0.113.1")))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert isinstance(tasks[2].exception(), Problem)
        for task in (tasks[1], tasks[3]):
            task.cancel()
        await asyncio.wait([tasks[1], tasks[3]])
        assert (slots.running, len(slots.waiting)) == (1, 0)
        tasks[0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert slots.running == 0

    asyncio.run(run())


def test_nobody_waits_for_a_place_for_ever() -> None:
    """Beyond its time a request is refused, and its place is the next one's."""

    async def run() -> None:
        slots = Slots(1, Queue(2, "requests", 2), 0.05, lambda: Problem(503, "expired"))
        async with slots.turn("192.0.2.1"):
            with pytest.raises(Problem, match="expired"):
                async with slots.turn("203.0.113.1"):
                    pass
            assert (slots.running, len(slots.waiting)) == (1, 0)
        async with slots.turn("203.0.113.1"):
            assert slots.running == 1

    asyncio.run(run())


def test_who_waits_for_a_worker_may_leave() -> None:
    """A query leaves the queue with its client, though no worker is there that could run it."""

    async def run() -> None:
        limits = replace(ServerLimits(), queue_seconds=300.0)
        runner = Pool([], limits, prefixes={}, base="urn:x", claims="urn:claim/", text_limits=Limits())

        async def gone() -> None:
            return

        with pytest.raises(Problem, match="its client closed"):
            async with asyncio.timeout(60):
                await runner.run({"query": "ASK {}", "accept": "*/*"}, "192.0.2.1", gone)
        assert runner.queued == 0
        await runner.stop(0.0)

    asyncio.run(run())


def test_closed_connections_leave_the_queue(harbour: Path) -> None:
    """Of thirty endless queries whose clients have closed, none waits or runs any more."""
    assert ServerLimits().queries_per_client >= 30
    with running("--project", harbour, cwd=harbour) as server:
        url = urlsplit(server.address)

        connections = []
        for number in range(30):
            connection = socket.create_connection((url.hostname, url.port))
            target = "/sparql?query=" + quote(f"{ENDLESS} #{number}")
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connections.append(connection)
        until(lambda: measure(server, "queries_queued") > 20, "they wait")
        for connection in connections:
            connection.close()
        until(lambda: measure(server, "queries_queued") + measure(server, "queries_running") == 0, "none waits")
        assert measure(server, "query_timeouts_total") == 0
        assert server.query("ASK {}").json()["boolean"] is True


def test_a_page_of_an_endpoint_ends_with_its_client(harbour: Path) -> None:
    """What the store is asked for it ends at once, and nothing else is asked."""
    with (harbour / "kg.toml").open("a") as settings:
        settings.write("\n[server]\nmirrored_triples = 1\n")
    thing, log = ox.NamedNode("urn:thing"), list[str]()
    store = ox.Store()
    store.extend([ox.Quad(thing, thing, thing), ox.Quad(thing, thing, ox.Literal("more than are mirrored"))])
    with (
        answering_queries(store, held="<urn:held>", log=log) as address,
        running("--project", harbour, "--endpoint", address, cwd=harbour) as server,
    ):
        url = urlsplit(server.address)
        for target in ("/describe?iri=urn:held", "/resource/urn=3aheld.html"):
            log.clear()
            with socket.create_connection((url.hostname, url.port)) as connection:
                connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                until(lambda: log == ["came"], "the store is asked")
                begun = time.monotonic()
            until(lambda: log == ["came", "left"], "it is asked no more")
            assert time.monotonic() - begun < 15  # of the twenty seconds that a query may take
            assert server.get("health").status_code == 200


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Data of over 20,000 lines."""
    folder = tmp_path_factory.mktemp("heavy")
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = (f"<https://heavy.example/id/{n % 9000}> {label} '{n}' .\n" for n in range(21_000))
    (folder / "data.ttl").write_text("".join(lines))
    with running("data.ttl", cwd=folder) as server:
        yield server


@contextmanager
def stopped(server: Running) -> Iterator[list[int]]:
    """The processes that make what is heavy, stopped: their parent first."""
    makers = [nursery(server.process.pid, MAKER), *workers(server.process.pid, MAKER)]
    for pid in makers:
        with suppress(ProcessLookupError):  # it has done its work
            os.kill(pid, signal.SIGSTOP)
    try:
        yield makers
    finally:
        for pid in makers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_the_home_page_is_made_once(heavy: Running) -> None:
    """Whatever a request accepts beside HTML, data of over 20,000 lines have one: nobody makes it for the next ones."""
    first = heavy.get("", "text/html")
    assert first.status_code == 200
    with stopped(heavy) as makers:
        for number in range(20):
            answer = heavy.get("", f"text/html;q=0.{number + 1:03}, x/y{number}, text/turtle;q=0.0005")
            assert (answer.content, answer.headers["vary"]) == (first.content, first.headers["vary"])
            for wanted in ("format", "profile"):  # nothing is made for names of what there is not
                refused = heavy.get(f"browse/index.html?{wanted}=x{number}")
                assert (refused.status_code, bool(refused.json()["alternatives"])) == (406, True)
        assert not gone(makers)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_searches_are_made_by_others(heavy: Running) -> None:
    """They are a client's share of the queries, and end when it leaves; pages are there meanwhile."""
    assert heavy.get("search.html?q=17").status_code == 200
    share = ServerLimits().queries_per_client
    url = urlsplit(heavy.address)
    with stopped(heavy) as makers:
        connections = []
        for number in range(share + 1):
            connection = socket.create_connection((url.hostname, url.port))
            connection.sendall(f"GET /search.html?q=nothing{number} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connections.append(connection)
        answered, _, _ = select(connections, [], [], 60)
        assert [connection.recv(12) for connection in answered] == [b"HTTP/1.1 429"]
        assert heavy.get("vocabulary/id/17.html").status_code in (200, 404)
        for connection in connections:
            connection.close()
        until(lambda: measure(heavy, "making_running") + measure(heavy, "making_queued") == 0, "none waits")
        assert not gone(makers[:1])
    assert heavy.get("search.html?q=18").status_code == 200
