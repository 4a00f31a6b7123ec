"""Caches with a bound in bytes."""

import asyncio
from typing import Any

import pytest

from isoc_kg.limits import ServerLimits
from isoc_kg.server.cache import BoundedCache
from isoc_kg.server.http.reply import Reply
from isoc_kg.server.http.response_cache import ResponseCache, key_of
from isoc_kg.server.queries.protocol import SparqlProtocol


def test_bound() -> None:
    """What was not used for longest goes; what takes more than an eighth is not kept, nor is a second of the same."""
    cache: BoundedCache[str, bytes] = BoundedCache(80, lambda key, value: len(key) + len(value))
    for key in "abcdefgh":
        cache.put(key, b"." * 9)
    assert cache.size == 80
    assert cache.get("a")
    cache.put("i", b"." * 9)
    assert (cache.get("b"), cache.size) == (None, 80)
    assert cache.get("a")
    cache.put("a", b"")
    cache.put("j", b"." * 10)
    assert (cache.get("a"), cache.get("j"), cache.size) == (b"." * 9, None, 80)


class Runner:
    """Answers when it may."""

    crashes = timeouts = running = queued = 0

    def __init__(self, body: bytes) -> None:
        self.runs = 0
        self.body = body
        self.may_answer = asyncio.Event()

    async def start(self) -> None:
        """Nothing to do."""

    async def stop(self, grace: float = 10.0) -> None:
        """Nothing to do."""

    async def run(self, request: dict[str, Any], client: str, disconnection: Any = None) -> Any:
        """The same result for everybody."""
        self.runs += 1
        await self.may_answer.wait()
        return {"status": 200, "type": "text/csv"}, self.body


def test_a_result_is_counted_once() -> None:
    """Also when several ask for it before it is there."""

    async def run() -> None:
        runner = Runner(b"x" * 10_000)
        protocol = SparqlProtocol(runner, ServerLimits(), lambda accept: Reply(204))
        tasks = [asyncio.create_task(protocol.query("ASK {}", "text/csv", "a")) for _ in range(3)]
        while runner.runs < len(tasks):  # the runner is what has it done once
            await asyncio.sleep(0)
        runner.may_answer.set()
        replies = await asyncio.gather(*tasks)
        assert {len(reply.body) for reply in replies} == {10_000}
        assert 10_000 < protocol._results.size < 20_000

    asyncio.run(run())


@pytest.mark.parametrize("size", [20_000, 200_000])
def test_both_caches_keep_alike(size: int) -> None:
    """A result and the response with it are kept, or neither is."""
    capacity = 400_000
    responses = ResponseCache(capacity)
    responses.keep((b"/sparql", b"", b""), (200, [(b"vary", b"Accept")], b"x" * size), "sparql")

    async def results() -> SparqlProtocol:
        runner = Runner(b"x" * size)
        runner.may_answer.set()
        protocol = SparqlProtocol(runner, ServerLimits(cache_bytes=capacity), lambda accept: Reply(204))
        await protocol.query("ASK {}", "text/csv", "a")
        return protocol

    kept = size * 8 < capacity
    assert (responses.get((b"/sparql", b"", b"")) is not None) == kept
    assert (asyncio.run(results())._results.size > 0) == kept


def test_what_varies_on_accept_is_kept_by_it() -> None:
    """Whatever the address ends in; a response without that `Vary` is kept once, for every `Accept`."""
    responses = ResponseCache(100_000)
    url = b"/describe?iri=http://ex.org/p.html"
    key = key_of(url, [(b"accept", b"application/rdf+xml")])
    assert key
    responses.keep(key, (303, [(b"vary", b"Accept, Accept-Profile")], b""), "data")
    assert responses.response(key)
    for accept in (b"text/html", b"", b"*/*"):
        other = key_of(url, [(b"accept", accept)])
        assert other
        assert not responses.response(other)
        assert not responses.for_request(other)
    key = key_of(b"/p.html", [(b"accept", b"text/html")])
    other = key_of(b"/p.html", [(b"accept", b"*/*")])
    assert key
    assert other
    responses.keep(key, (200, [(b"vary", b"Accept-Encoding")], b"page"), "page")
    assert responses.response(other) == ((200, [(b"vary", b"Accept-Encoding")], b"page"), False)
