"""Queries to a store behind the SPARQL protocol, whatever it sends: bounded, and over when nobody waits for them."""

import asyncio
import json
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import unquote_plus

import pytest

from isoc_kg.endpoint import Endpoint
from isoc_kg.errors import LimitExceeded
from isoc_kg.limits import Limits, ServerLimits
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries.forwarding import Forwarder
from isoc_kg.server.queries.pool_evaluator import PoolEvaluator
from isoc_kg.server.queries.questions import in_thread

JSON = "application/sparql-results+json"
LIMITS = ServerLimits(workers=8, query_seconds=100.0, queries_per_client=100)
ROWS = json.dumps(
    {
        "head": {"vars": ["s"]},
        "results": {"bindings": [{"s": {"type": "uri", "value": f"urn:s:{number}"}} for number in range(1000)]},
    }
).encode()


class Store:
    """Answers what is set; never a query for a number, or for claims where those are to be held."""

    def __init__(self) -> None:
        self.answer = ROWS
        self.coding = ""
        self.held = 0  #: connections with queries that get no answer
        self.holding = ("isoc_kg_count",)
        self.accepted: set[str] = set()
        self.talks: set[asyncio.Task[None] | None] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.talks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode().lower():
                length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                self.accepted.add(head.partition("accept-encoding:")[2].partition("\r\n")[0].strip())
                query = unquote_plus((await reader.readexactly(length)).decode())
                if any(word in query for word in self.holding):
                    self.held += 1
                    await reader.read()
                    self.held -= 1
                    break
                coding = f"Content-Encoding: {self.coding}\r\n" if self.coding else ""
                writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n{coding}".encode())
                writer.write(b"Content-Length: %d\r\n\r\n" % len(self.answer) + self.answer)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def forwarding(limits: ServerLimits = LIMITS) -> AsyncIterator[tuple[Forwarder, Store]]:
    """What asks a store, and the store."""
    store = Store()
    server = await asyncio.start_server(store.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    endpoint = Endpoint(f"http://127.0.0.1:{port}/")
    runner = Forwarder(endpoint, limits, prefixes={}, claims="urn:claim/", text_limits=Limits())
    await runner.start()
    try:
        yield runner, store
    finally:
        await runner.stop(0.0)
        await asyncio.sleep(0.05)  # connections that were closed at once are accepted by then
        server.close()
        await asyncio.gather(*filter(None, store.talks))


async def until(condition: object) -> None:
    """Return when it holds."""
    async with asyncio.timeout(60):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("why", [False, True])
def test_what_is_counted_for_a_client_that_left(why: bool) -> None:
    """The count that tells whether a result is whole ends with its query; no thread waits for it."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            for number in range(40):
                left = asyncio.Event()
                request = {"query": f"SELECT ?s {{ ?s ?p {number} }}", "accept": JSON, "why": why}
                task = asyncio.ensure_future(runner.run(request, "a", left.wait))
                await until(lambda: store.held == 1)
                left.set()
                with pytest.raises(Problem):
                    await task
                await until(lambda: store.held == 0)
            threads = [asyncio.to_thread(lambda: None) for _ in range(40)]
            await asyncio.wait_for(asyncio.gather(*threads), 30)
            store.holding = ()
            store.answer = b'{"head":{},"boolean":true}'
            head, _ = await runner.run({"query": "ASK {}", "accept": JSON}, "a")
            assert head["status"] == 200

    asyncio.run(run())


def test_claims_for_a_client_that_left() -> None:
    """What is asked about the claims behind a solution ends with the query, too."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            store.answer = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:s:1"}}]}}'
            store.holding = ("rdf-syntax-ns#",)
            for _ in range(40):
                left = asyncio.Event()
                request = {"query": "SELECT ?s { ?s ?p 1 }", "accept": JSON, "why": True}
                task = asyncio.ensure_future(runner.run(request, "a", left.wait))
                await until(lambda: store.held == 1)
                left.set()
                with pytest.raises(Problem):
                    await task
                await until(lambda: store.held == 0)
            await asyncio.wait_for(asyncio.gather(*(asyncio.to_thread(lambda: None) for _ in range(40))), 30)

    asyncio.run(run())


def test_a_page_whose_client_left() -> None:
    """What it waits for ends, it asks no more, and its thread is free; so it is when its time is over."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            store.holding = ("?held",)
            evaluator = PoolEvaluator(runner, asyncio.get_running_loop())
            ended: list[Problem] = []

            def page() -> None:
                for text in ("SELECT ?s { ?s ?p ?o }", "SELECT ?held { ?held ?p ?o }", "SELECT ?held { }"):
                    try:
                        evaluator.select(text)
                    except Problem as error:
                        ended.append(error)

            for seconds in (3600.0, 0.5):
                ended.clear()
                left = asyncio.Event()
                work = asyncio.ensure_future(in_thread(page, gone=left.wait, seconds=seconds))
                if seconds > 1:
                    await until(lambda: store.held == 1)
                    left.set()
                await work
                await until(lambda: store.held == 0)
                assert [error.status for error in ended] == [503 if seconds > 1 else 504] * 2

    asyncio.run(run())


def test_a_page_that_asks_nothing_is_made_whole() -> None:
    """Whoever closes the sending half alone gets it."""

    async def run() -> None:
        left = asyncio.Event()
        left.set()
        assert await in_thread(time.sleep, 0.3, gone=left.wait, seconds=3600.0) is None

    asyncio.run(run())


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_memory_for_a_large_result(accept: str) -> None:
    """Its solutions are not held as objects, of which each takes many times its bytes."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            rows = [{"s": {"type": "uri", "value": f"urn:s:{number}"}} for number in range(50_000)]
            store.answer = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": rows}}).encode()
            rows.clear()
            runner.endpoint.server = "oxigraph"  # which cuts nothing
            tracemalloc.start()
            try:
                head, body = await runner.run({"query": "SELECT ?s { ?s ?p ?o }", "accept": accept}, "")
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            assert head["status"] == 200
            assert b"urn:s:49999" in bytes(body)
            assert peak < 8 * len(store.answer)  # it was 30 times

    asyncio.run(run())


def test_what_a_page_may_ask_for() -> None:
    """No more bytes than it can hold are read of an answer."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            evaluator = PoolEvaluator(runner, asyncio.get_running_loop())
            store.answer = ROWS.replace(b"}]}}", b'},{"s":{"type":"literal","value":"%s"}}]}}' % (b"x" * 26_000_000))
            with pytest.raises(LimitExceeded, match="a page can hold"):
                await asyncio.to_thread(evaluator.select, "SELECT ?s { ?s ?p ?o }")

    asyncio.run(run())


def test_codings() -> None:
    """Only those that are unpacked in bounded parts are asked for, and taken."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            store.answer = zlib.compress(b'{"head":{},"boolean":true}')
            store.coding = "deflate"
            head, body = await runner.run({"query": "ASK {}", "accept": JSON}, "")
            assert (head["status"], json.loads(bytes(body))["boolean"]) == (200, True)
            for coding, content in (
                ("br", b"\x1b"),
                ("zstd", b"x"),
                ("gzip, br", b"x"),
                ("gzip", b"x"),
                ("deflate", store.answer[:-3]),
            ):
                store.coding, store.answer = coding, content
                with pytest.raises(Problem) as caught:
                    await runner.run({"query": f"ASK {{}} # {coding}", "accept": JSON}, "")
                assert caught.value.status == 502
            assert store.accepted == {"gzip, deflate"}

    asyncio.run(run())


def test_a_body_that_unpacks_to_much() -> None:
    """It is read as far as a result may go."""

    async def run() -> None:
        async with forwarding() as (runner, store):
            packer = zlib.compressobj(9, zlib.DEFLATED, 31)
            store.answer = b"".join(packer.compress(b" " * 10_000_000) for _ in range(20)) + packer.flush()
            store.coding = "gzip"
            with pytest.raises(Problem) as caught:
                await runner.run({"query": "SELECT * { ?s ?p ?o }", "accept": JSON}, "")
            assert caught.value.status == 413

    asyncio.run(run())
