"""What is made beside the server, in turns: searches and pages of answers, whoever makes them."""

import asyncio
import errno
import gc
import json
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from isoc_kg.limits import ServerLimits
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.answer import AnswerPages
from isoc_kg.server.content import maker, snapshot
from isoc_kg.server.content.answers import Answers
from isoc_kg.server.content.near_addresses import NearAddresses
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.content.threads import Threads
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.http.reply import Reply
from isoc_kg.server.http.request import Request
from isoc_kg.server.http.traffic import Traffic
from isoc_kg.server.queries.admission import Admission
from isoc_kg.server.queries.answer_page import MOST_ANSWER_BYTES, answer_page
from isoc_kg.server.queries.protocol import QueryResult
from isoc_kg.server.queries.query_api import NamedQueries

from material import ROOT

PROJECT = Path(__file__).parents[1] / "projects" / "lighthouse"
QUERY = "corroborated"
CLIENT = "192.0.2.1"
ANSWER = {"query": "", "total": 1, "page": 1, "size": 1, "variables": ["x"]}
ANSWER |= {"solutions": [{"x": {"type": "literal", "value": "<the light>"}}]}


@pytest.fixture(scope="module")
def light() -> Snapshot:
    """A small publication."""
    return Snapshot(Publication.of_project(load_project(PROJECT)), None, 0.0)


@pytest.fixture
def make(light: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], Any]]:
    """What a process that makes answers to requests, here, over the same publication as one that is not light."""
    monkeypatch.setattr(snapshot, "_LIGHT_LINES", 0)
    monkeypatch.setattr(maker, "bound_memory", lambda _: None)
    with tempfile.TemporaryFile() as data, tempfile.TemporaryFile() as spool:
        pickle.dump(light.state, data)
        data.flush()
        worker = maker.prepare(data.fileno(), {"root": "", "memory": 0}, None)  # type: ignore[arg-type]
        yield worker(spool.fileno())
    gc.unfreeze()


def test_makers_search(light: Snapshot, make: Callable[[dict[str, Any]], Any]) -> None:
    """What is searched is made once, and then read by each search, in whatever process it is."""
    search = {"make": "page", "path": "search.html", "parameters": {"q": "light"}, "headers": {}}
    assert make(search)[0] == {"status": 0}  # it is made before
    made, _ = make({"make": "search"})
    for question in ("light", "lihgt huose", "nothing of the sort"):
        head, body = make(search | {"parameters": {"q": question}, "searched": made["searched"]})
        assert (head["status"], body) == (200, light.search_page(question, ""))


def test_makers_without_room(make: Callable[[dict[str, Any]], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is searched finds no room, that is said; nothing is searched in a part of it."""

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(maker.Searched, "write", full)
    head, _ = make({"make": "search"})
    assert (head["searched"], head["room"]) == (None, False)


def test_the_serving_process_does_not_search_much(light: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it hold what is searched."""
    monkeypatch.setattr(snapshot, "_LIGHT_LINES", 0)
    heavy = Snapshot(*light.state)
    with pytest.raises(snapshot.Heavy):
        heavy.search_page("light", "")


def test_makers_make_pages_of_answers(light: Snapshot, make: Callable[[dict[str, Any]], Any]) -> None:
    """The bytes are those of a thread; a graph has no page there, either."""
    request = {"make": "answer", "name": QUERY, "values": {}, "answer": json.dumps(ANSWER)}
    head, body = make(request)
    wanted = answer_page(AnswerPages(light.renderer), light.queries[QUERY], {}, json.dumps(ANSWER).encode())
    assert (head["status"], head["type"], body) == (200, wanted.type, wanted.body)
    assert b"&lt;the light&gt;" in body
    assert make(request | {"answer": '{"@graph": []}'})[0]["status"] == 406
    assert make(request | {"answer": "{}"})[0]["status"] == 400  # values that were not taken


def asking(gone: asyncio.Event | None = None) -> Request:
    """A request of a client, who leaves when the event is set."""
    return SimpleNamespace(client=CLIENT, disconnection=(gone or asyncio.Event()).wait)  # type: ignore[return-value]


def test_pages_of_answers_have_turns(light: Snapshot) -> None:
    """A client's page waits until another of its own is made, its bytes held; it waits no more when the client left."""

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(20))
        limits = ServerLimits()
        threads, traffic = Threads(limits, Admission(limits)), Traffic(limits)
        answers = Answers(light, threads, None, traffic)
        named, begun, end = light.queries[QUERY], threading.Semaphore(0), threading.Event()

        def busy() -> Reply:
            begun.release()
            end.wait(60)
            return Reply(200)

        others = [asyncio.ensure_future(threads.do(number, asking(), busy)) for number in range(8)]
        for _ in others:
            assert await asyncio.to_thread(begun.acquire, timeout=60)
        answer = json.dumps(ANSWER | {"filling": "x" * 100_000}).encode()
        left, stays = asyncio.Event(), asyncio.Event()
        leaving = asyncio.ensure_future(answers.page(named, {}, answer, asking(left)))
        staying = asyncio.ensure_future(answers.page(named, {"of": "another"}, answer, asking(stays)))
        await asyncio.sleep(0)
        assert traffic.held_bytes == 2 * len(answer)
        left.set()
        with pytest.raises(Problem) as caught:
            await leaving
        assert (caught.value.status, traffic.held_bytes, staying.done()) == (503, len(answer), False)
        end.set()
        assert b"&lt;the light&gt;" in bytes((await staying).body)
        assert traffic.held_bytes == 0
        await asyncio.gather(*others)

    asyncio.run(run())


def test_pages_of_answers_are_made_by_makers(light: Snapshot) -> None:
    """Where there are makers, none is made in the serving process."""
    given: list[Any] = []

    class Making:
        async def answer_page(self, *asked: Any) -> Reply:
            given.append(asked[:4])
            return Reply(200)

    async def run() -> None:
        traffic = Traffic(ServerLimits())
        answers = Answers(light, None, Making(), traffic)  # type: ignore[arg-type]
        assert (await answers.page(light.queries[QUERY], {"a": "b"}, b"{}", asking())).status == 200

    asyncio.run(run())
    assert given == [(QUERY, {"a": "b"}, b"{}", CLIENT)]


@pytest.mark.parametrize(
    ("query", "sizes", "asked", "status"),
    [
        ("format=html&size=1000", {True: 9}, [(200, True)], 200),
        ("format=html&size=7", {True: 9}, [(7, True)], 200),
        ("format=json&size=1000", {False: MOST_ANSWER_BYTES + 1}, [(1000, False)], 200),
        ("format=html", {True: MOST_ANSWER_BYTES + 1, False: 9}, [(100, True), (100, False)], 200),
        ("format=html&why=1", {True: MOST_ANSWER_BYTES + 1, False: 9}, [(100, True)], 413),
        ("format=html", dict.fromkeys((True, False), MOST_ANSWER_BYTES + 1), [(100, True), (100, False)], 413),
    ],
)
def test_pages_have_an_end(
    light: Snapshot, query: str, sizes: Mapping[bool, int], asked: list[tuple[int, bool]], status: int
) -> None:
    """Of solutions and of bytes; evidence that nobody asked for is left out before a page is refused."""
    seen = []

    class Protocol:
        async def result(self, *_: Any, why: bool = False, page: tuple[int, int, str], **__: Any) -> Any:
            seen.append((page[1], why))
            return QueryResult("application/json", b"x" * sizes[why], total=5000), False

    class Pages:
        explains = True

        async def page(self, *_: Any) -> Reply:
            return Reply(200, headers={})

    queries = NamedQueries(light.project, light.queries, Protocol(), "http://h/", Pages())  # type: ignore[arg-type]
    path = f"/api/queries/{QUERY}"
    scope = {"method": "GET", "raw_path": path.encode(), "headers": [], "query_string": query.encode()}

    async def run() -> int:
        try:
            return (await queries.answer(Request(scope, asyncio.Event().wait, ""))).status  # type: ignore[arg-type]
        except Problem as problem:
            return problem.status

    assert (asyncio.run(run()), seen) == (status, asked)


def test_near_addresses_are_read_beforehand(light: Snapshot) -> None:
    """No request waits until the names of all pages are read."""
    near = NearAddresses(light)
    assert near.to("id/Ravens_Point_Lihgt", "") == []
    near.read()
    assert near.to("id/Ravens_Point_Lihgt", "/x/")[0][0] == "/x/id/ravens-point-light.html"


def test_near_addresses_are_told_apart() -> None:
    """Things that are called alike have their class beside the name, the one that most is said of first."""
    near = NearAddresses(Snapshot(Publication.of_project(load_project(ROOT)), None, 0.0))
    near.read()
    assert near.to("id/Internet_Society", "/") == [
        ("/id/internet-society.html", "Internet Society (organization)"),
        ("/id/form-internet-society.html", "Internet Society (form)"),
    ]


def test_near_addresses_in_other_languages() -> None:
    """A name in another language than the pages' finds the thing, too."""
    near = NearAddresses(Snapshot(Publication.of_project(load_project(ROOT / "examples/harbour-trust")), None, 0.0))
    near.read()
    assert near.to("id/netzboden", "/") == [("/id/net-loft.html", "Net Loft")]


def test_near_addresses_are_named(light: Snapshot) -> None:
    """Each has a name, not the path of a file; what is much less like it than the nearest is left out."""
    near = NearAddresses(light)
    near.read()
    for asked in (*(key.replace("a", "aa") for key in light.bundles), "downlaods", "sparkl"):
        found = near.to(asked, "/")
        assert not [name for address, name in found if name.endswith(".html") or address == f"/{name}.html"]
        assert not [address for address, _ in found if address.startswith("/browse/class")]
    assert near.to("downlaods", "/") == [("/dataset.html", "Downloads")]
