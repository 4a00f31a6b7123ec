"""Values that are longer, or nested deeper, than can be read: refused by name of the limit, and nothing stays."""

import os
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from .running import Running, running

BASE = "http://things.example/"
NAME = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
PROPERTY = ox.NamedNode(f"{BASE}p")
LONG = "y" * 9_000_000
LIMITS = {"long": "8,000,000 bytes", "escaped": "8,000,000 bytes", "labelled": "8,000,000 bytes"}
LIMITS |= {"deep": "more than 100 deep"}
TWENTY = (
    f'SELECT (CONCAT({", ".join(["?a"] * 10)}) AS ?x) {{ BIND(REPLACE("{"a" * 1000}", "a", "{"b" * 900}") AS ?a) }}'
)


def thing(name: str) -> ox.NamedNode:
    """The IRI of a thing."""
    return ox.NamedNode(BASE + name)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A store with such values, and one thing beside them."""
    folder = tmp_path_factory.mktemp("large")
    store = ox.Store(folder / "store")
    deep: ox.Triple | ox.Literal = ox.Literal("x")
    for _ in range(110):
        deep = ox.Triple(thing("t"), PROPERTY, deep)
    for subject, predicate, value in (
        ("long", PROPERTY, ox.Literal(LONG)),
        ("escaped", PROPERTY, ox.Literal('"\n' * 4_000_000)),
        ("labelled", NAME, ox.Literal(LONG)),
        ("linking", PROPERTY, thing("labelled")),
        ("linking", PROPERTY, thing("deeply")),
        ("linking", PROPERTY, thing("often")),
        ("linking", PROPERTY, thing("named")),
        ("deeply", NAME, deep),
        ("named", NAME, ox.Literal("Its own name")),
        ("deep", PROPERTY, deep),
        ("small", PROPERTY, ox.Literal("z")),
    ):
        store.add(ox.Quad(thing(subject), predicate, value))
    store.bulk_extend(ox.Quad(thing("often"), NAME, ox.Literal(f"name {number}")) for number in range(4_100))
    store.flush()
    del store
    with running("--store", "store", cwd=folder) as server:
        yield server


@pytest.fixture(scope="module")
def front(stored: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server before a well-behaved store."""
    folder = tmp_path_factory.mktemp("front")
    (folder / "data.nt").write_text(f"<{BASE}small> <{BASE}p> 'z' .\n".replace("'", '"'))
    with (
        running("data.nt", cwd=folder) as store,
        running("--endpoint", f"{store.address}sparql", cwd=folder) as server,
    ):
        yield server


def memory(server: Running) -> int:
    """Bytes that the serving process has in memory."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024  # type: ignore[index]


def answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """An answer, asked for again where the store behind had no time for it, as it says itself.

    Queries that take long get only what others leave of the processors, and a page waits up to twenty seconds for each
    of a dozen.
    """
    answer = ask()
    for _ in range(25):
        if answer.status_code != 503 or "the store is busy" not in answer.text:
            break
        assert answer.headers["retry-after"] == "5"
        time.sleep(1)
        answer = ask()
    return answer


def patient(server: Running, path: str) -> httpx.Response:
    """What is answered to GET, in the end."""
    return answered(lambda: server.get(path, seconds=300))


@pytest.mark.parametrize("name", LIMITS)
def test_things_of_a_store(stored: Running, name: str) -> None:
    """In every format the limit is named; others are there."""
    for extension in ("html", "ttl", "nt", "jsonld", "rdf", "trig"):
        path = f"resource/{BASE}{name}.{extension}".replace(BASE, "http=3a=2f=2fthings=2eexample=2f")
        answer = patient(stored, path)
        assert answer.status_code == 413
        assert LIMITS[name] in answer.json()["detail"]
    assert patient(stored, f"describe?iri={BASE}{name}").status_code == 413
    assert patient(stored, f"describe?iri={BASE}small").status_code == 303


def test_what_is_deep_behind_an_endpoint(stored: Running, tmp_path: Path) -> None:
    """The first page and other things are there, however few triples there are to mirror."""
    with running("--endpoint", f"{stored.address}sparql", cwd=tmp_path) as server:
        assert patient(server, "").status_code == 200
        assert patient(server, f"describe?iri={BASE}small").status_code == 303
        answer = patient(server, f"describe?iri={BASE}deep")
        assert (answer.status_code, LIMITS["deep"] in answer.json()["detail"]) == (413, True)


def test_a_thing_that_links_to_such(stored: Running) -> None:
    """What has a name that no page can hold, or too many, has its local name there; the link leads to it."""
    path = f"resource/{BASE}linking".replace(BASE, "http=3a=2f=2fthings=2eexample=2f")
    pages = {}
    for extension in ("html", "ttl", "nt", "jsonld", "rdf", "trig"):
        answer = pages[extension] = patient(stored, f"{path}.{extension}")
        assert answer.status_code == 200, answer.text[:1000]
        for name in ("labelled", "deeply", "often", "named"):
            assert extension == "html" or BASE + name in answer.text
        assert "yyyy" not in answer.text
    page = pages["html"].text
    shown = re.findall(r'<a [^>]*href="[^"]*"[^>]*>(.*?)</a>', page)
    assert {"labelled", "deeply", "often", "Its own name"} <= set(shown), page


@pytest.mark.skipif(os.name != "posix" or not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_nothing_stays_of_them(stored: Running, front: Running) -> None:
    """Each took twice its size for good."""
    path = "resource/http=3a=2f=2fthings=2eexample=2flong.html"
    for ask, server in (
        (lambda number: stored.get(f"{path}?{number}"), stored),
        (lambda number: front.query(f"{TWENTY} # {number}"), front),
    ):
        for number in range(4):
            assert answered(partial(ask, number)).status_code == 413
        before = memory(server)
        for number in range(4, 14):
            assert answered(partial(ask, number)).status_code == 413
        assert memory(server) < before + 60_000_000  # it was 120 to 300 MB
        assert not any("Traceback" in line or "RuntimeError" in line for line in server.lines)
