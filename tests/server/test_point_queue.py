"""Queries for the values of an IRI that wait together: who answers them, and that each is answered."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import pyoxigraph as ox
import pytest

from isoc_kg.namespaces import XSD
from isoc_kg.query.evaluator import StoreEvaluator
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries import point_queue
from isoc_kg.server.queries.point_queue import PointQueue
from isoc_kg.server.queries.stored_points import StoredPointAnswers, separate, together

from .running import running
from .test_points import essence

if TYPE_CHECKING:
    from isoc_kg.server.queries.pool import Pool

BASE = "https://points.example/kg/"


class Answers:
    """A store that answers with the query in capitals, after `seconds`; of some it raises an error."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.asked: list[str] = []

    def takes(self, text: str) -> bool:
        """Whether it has no blank."""
        return " " not in text

    def answer(self, text: str) -> bytes | None:
        """The query in capitals."""
        self.asked.append(text)
        time.sleep(self.seconds)
        if text == "error":
            raise ValueError(text)
        return text.upper().encode()


class Asker:
    """A client of the pool."""

    def __init__(self) -> None:
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class Workers:
    """Workers that answer after a moment, in small letters, or fail."""

    def __init__(self, failure: Problem | None = None, refusal: Problem | None = None, seconds: float = 0.0) -> None:
        self.failure, self.refusal, self.seconds = failure, refusal, seconds
        self.idle = True
        self.asked: list[str] = []
        self.left = 0

    def ask(self, _: bytes, text: str, client: str) -> Asker:
        """Have queries answered together."""
        assert client == ""
        if self.refusal:
            raise self.refusal
        self.asked.append(text)
        asker, loop = Asker(), asyncio.get_running_loop()
        if self.failure:
            loop.call_later(self.seconds, asker.future.set_exception, self.failure)
        else:
            loop.call_later(self.seconds, asker.future.set_result, ({"status": 200}, text.lower().encode()))
        return asker

    def leave(self, _: Asker) -> None:
        """One less waits."""
        self.left += 1


class Query:
    """A query, and what it was answered."""

    def __init__(self, text: str, faulty: bool = False) -> None:
        self.text, self.faulty = text, faulty
        self.bodies: list[bytes | None] = []

    def answered(self, body: bytes | None) -> None:
        """Take an answer."""
        self.bodies.append(body)
        if self.faulty:
            raise RuntimeError(self.text)


def answers(
    store: Answers, workers: Workers, queries: list[Query], then: Callable[[PointQueue], None] = lambda _: None
) -> list[bytes | None]:
    """What queries that came in one turn are answered, each once."""

    async def run() -> None:
        queue = PointQueue(cast("StoredPointAnswers", store), cast("Pool", workers))
        queue._sharing = False  # however many processors there are
        for query in queries:
            assert queue.takes(query.text)
            queue.put(query)
        async with asyncio.timeout(10):
            while not all(query.bodies for query in queries):
                await asyncio.sleep(0.001)
        then(queue)

    asyncio.run(run())
    assert all(len(query.bodies) == 1 for query in queries)
    return [query.bodies[0] for query in queries]


def test_half_goes_to_a_worker() -> None:
    """Of several, the first half, in one message; a single one is answered here."""
    store, workers = Answers(), Workers()
    found = answers(store, workers, [Query(f"Q{number}") for number in range(5)])
    assert found == [b"q0", b"q1", b"Q2", b"Q3", b"Q4"]
    assert workers.asked == [together(["Q0", "Q1"])]
    assert workers.left == 1
    assert answers(store, workers, [Query("Q5")]) == [b"Q5"]
    workers.idle = False
    assert answers(store, workers, [Query("Q6"), Query("Q7")]) == [b"Q6", b"Q7"]
    assert len(workers.asked) == 1


def test_failing_workers() -> None:
    """Those of a worker that fails are each asked for on their own; of one that takes none, they are answered here."""
    queries = [Query("A"), Query("B")]
    assert answers(Answers(), Workers(failure=Problem(503, "it ended.")), queries) == [None, b"B"]
    queries = [Query(letter) for letter in "ABCD"]
    assert answers(Answers(), Workers(refusal=Problem(503, "it stops.")), queries) == [b"A", b"B", b"C", b"D"]


def test_late_workers() -> None:
    """A worker that has no processor to itself is left alone for a while."""
    workers = Workers(seconds=0.05)

    def again(queue: PointQueue) -> None:
        assert not queue._sharing
        assert queue._alone_until > time.perf_counter()

    answers(Answers(), workers, [Query("A"), Query("B")], again)


def test_each_is_answered() -> None:
    """Whatever goes wrong with one of them, and however long they take together."""
    workers = Workers()
    workers.idle = False
    found = answers(Answers(), workers, [Query("error"), Query("A", faulty=True), Query("B")])
    assert found == [None, b"A", b"B"]
    store = Answers(0.003)
    assert answers(store, workers, [Query(f"Q{number}") for number in range(6)])[-1] == b"Q5"
    assert store.asked == [f"Q{number}" for number in range(6)]


def test_slow_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a query that waited for a disk, workers are asked."""
    monkeypatch.setattr(point_queue, "_SLOW_SECONDS", 0.01)
    workers = Workers()
    workers.idle = False

    def later(queue: PointQueue) -> None:
        assert not queue.takes("C")

    assert answers(Answers(0.02), workers, [Query("A"), Query("B")], later) == [b"A", None]


def many(folder: Path) -> tuple[Path, list[str]]:
    """A store with things of all kinds in three graphs, and their IRIs."""
    lines = []
    names = [f"{BASE}id/thing-{number}" for number in range(60)]
    for number, name in enumerate(names):
        graph = ("", f"<{BASE}graph/a>", f"<{BASE}graph/b>")[number % 3]
        lines += [
            f'<{name}> <https://schema.org/name> "thing {number} \\"\\n"@en {graph} .',
            f'<{name}> <https://schema.org/name> "Ding"@de-CH {graph} .',
            f"<{name}> <https://schema.org/knows> _:b{number} {graph} .",
            f"<{name}> <https://schema.org/knows> <{names[number - 1]}> {graph} .",
            f'<{name}> <https://schema.org/price> "1.10"^^<{XSD.decimal}> {graph} .',
            f"<{name}> <https://schema.org/about> <<( <{name}> <https://schema.org/knows> _:b{number} )>> {graph} .",
            *(f'<{name}> <https://schema.org/text> "{"word " * 40}{n}" {graph} .' for n in range(number % 4 * 30)),
        ]
    lines += [f'<{BASE}id/large> <https://schema.org/name> "{number:050}" .' for number in range(3000)]
    lines += [f"<{names[0]}> <https://schema.org/knows> <{names[-1]}> <{BASE}graph/b> ."]
    store = ox.Store(folder / "store")
    store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    return folder / "store", [*names, f"{BASE}id/large", f"{BASE}id/none"]


def test_together_and_alone(tmp_path: Path) -> None:
    """What a worker answers together is what it answers to each, or nothing."""
    folder, names = many(tmp_path)
    points = StoredPointAnswers(StoreEvaluator(ox.Store.read_only(str(folder))), {}, BASE)
    texts = [f"SELECT ?p ?o {{ <{name}> ?p ?o }}" for name in names]
    assert not points.takes(texts[0] + " # \0")
    alone = [points.answer(text) for text in texts]
    for start in range(0, len(texts), 8):
        part = texts[start : start + 8]
        body = points.answers(together(part))
        assert len(body) < 65_536
        found = separate(body, len(part))
        assert found[0] == alone[start]
        assert all(one in (None, other) for one, other in zip(found, alone[start : start + 8], strict=True))
    assert separate(b"", 2) == [None, None]


def test_served_store(tmp_path: Path) -> None:
    """Many clients at once get the same head and bytes as one that goes the long way, in all formats and codings."""
    folder, names = many(tmp_path)
    ways = [
        (accept, coding)
        for accept in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "*/*")
        for coding in ("identity", "gzip, br")
    ]
    with (
        running("--store", folder, cwd=tmp_path) as server,
        ThreadPoolExecutor(16) as clients,
        httpx.Client(base_url=server.address, limits=httpx.Limits(max_connections=16)) as client,
    ):

        def ask(number: int, name: str, more: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
            accept, coding = ways[number % len(ways)]
            text = f"SELECT ?p ?o {{ <{name}> ?p ?o }} # {number} {more}"
            sent = {"accept": accept, "accept-encoding": coding, **headers}
            answer = client.get("sparql", params={"query": text}, headers=sent)
            return (answer.status_code, *essence(answer))

        asked = [(number, name) for number, name in enumerate(names * 4)]
        short = list(clients.map(lambda one: ask(*one, "1"), asked))
        # a condition has a request go the long way; none of these holds
        long = list(clients.map(lambda one: ask(*one, "2", **{"if-none-match": '"none"'}), asked))
        assert short == long
        assert {status for status, _, _ in short} == {200}
        assert server.get("metrics").text.count('kind="sparql",status="200"')
