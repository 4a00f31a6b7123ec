"""Data so large that dumps, graphs and lists are made by processes beside the server: the same bytes, made once."""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.server.content import snapshot
from isoc_kg.server.content.making import read_of
from isoc_kg.server.content.snapshot import Snapshot

from .processes import nursery, until
from .running import Running, running

BASE = "https://heavy.example/kg/"
KG = (
    f'name = "heavy"\ntitle = "Heavy"\ndescription = "D"\nbase = "{BASE}"\nlanguage = "en"\n'
    'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "C"\n'
    'created = 2026-01-02\nmodified = 2026-02-03\nversion = "1.0.0"\n'
)
MAKER = "content.maker"


@dataclass
class Served:
    """A server over data that are not light, and the same data in this process."""

    server: Running
    folder: Path
    data: Path
    light: Snapshot


def lines(number: int, word: str = "thing") -> list[str]:
    """Four statements about each of so many things, one of which all others link to."""
    label, type_ = "<http://www.w3.org/2000/01/rdf-schema#label>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    made = []
    for n in range(number):
        name = f"<{BASE}id/thing-{n}>"
        made += [
            f'{name} {label} "{word} {n}" .\n', f"{name} {type_} <{BASE}Thing> .\n",
            f"{name} <{BASE}near> <{BASE}id/thing-0> .\n", f'{name} <{BASE}weight> "{n}" .\n',
        ]  # fmt: skip
    return made


def light_snapshot(folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The data as a snapshot that makes everything where it is asked for."""
    monkeypatch.setattr(snapshot, "_LIGHT_LINES", 10**9)
    return Snapshot(Publication.of_files(load_project(folder), [data]), None, 0.0)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of twenty-four thousand statements."""
    folder = tmp_path_factory.mktemp("heavy")
    (folder / "kg.toml").write_text(KG)
    data = folder / "data.nt"
    data.write_text("".join(lines(6000)))
    with (
        pytest.MonkeyPatch.context() as patch,
        running("--project", folder, "--base", BASE, data, cwd=folder) as server,
    ):
        yield Served(server, folder, data, light_snapshot(folder, data, patch))


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize(
    "path",
    [
        "index.html", "browse/index.html", "statistics.html", "dataset.html", "about.html", "data.ttl", "data.nt",
        "data.jsonld", "data.nq", "sitemap.xml", "linkset.json", "robots.txt", "id/thing-0.html", "id/thing-0.ttl",
        "id/thing-7.html", "id/thing-7.nt", "data/search.json",
        "data/search/w0.json", "data/search/e3.json", "data/search/e99999.json", "search.html",
    ],
)  # fmt: skip
def test_the_same_bytes(heavy: Served, path: str, coding: str) -> None:
    """What others make is what this process would make, in each coding; again, and with the validator."""
    wanted = heavy.light.file(path)
    address = heavy.server.address + path
    for _ in range(2):
        answer = httpx.get(address, headers={"accept-encoding": coding}, timeout=60)
        assert answer.status_code == (404 if wanted is None else 200)
        assert wanted is None or answer.content == bytes(wanted)
    if wanted is not None:
        tag = answer.headers["etag"]
        known = httpx.get(address, headers={"accept-encoding": coding, "if-none-match": tag}, timeout=60)
        assert known.status_code == 304
        part = httpx.get(address, headers={"accept-encoding": coding, "range": "bytes=3-12"}, timeout=60)
        assert (part.status_code, part.content) == (206, bytes(wanted)[3:13])
        head = httpx.head(address, headers={"accept-encoding": coding}, timeout=60)
        assert head.headers["etag"] == tag


def test_search_without_scripts(heavy: Served) -> None:
    """The server finds in the shards what a light one finds; whatever is asked, soon."""
    for question in ("thing 7", "thing", "zzzzz", "(?:[*", "a" * 5000, "%00%ff"):
        answer = httpx.get(heavy.server.address + "search.html", params={"q": question}, timeout=60)
        assert answer.status_code == 200
        assert answer.content == heavy.light.search_page(question, "")


def test_negotiation(heavy: Served) -> None:
    """A thing with much about it leads where others lead."""
    for name in ("id/thing-0", "id/thing-7", f"describe?iri={BASE}id/thing-0"):
        answer = heavy.server.get(name, "text/turtle")
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(".ttl")
    plain = f"<{BASE}profile/plain>"
    for _ in range(2):
        assert heavy.server.get("id/thing-0", "text/turtle").headers["location"] == "/kg/id/thing-0.ttl"
        location = heavy.server.get("id/thing-0", "text/turtle", accept_profile=plain).headers["location"]
        assert location == "/kg/id/thing-0.ttl?profile=plain"
    assert heavy.server.get("id/thing-0", "image/png").status_code == 406
    assert heavy.server.get("id/nothing").status_code == 404
    assert heavy.server.get("nothing.html").status_code == 404
    assert heavy.server.get("data.none").status_code == 404
    assert heavy.server.get("", "text/html").content == heavy.light.file("index.html")


def test_graphs(heavy: Served) -> None:
    """Graphs in each format; to many at once, who all get the whole; one that is not there."""
    answers = {}
    for type_ in ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"):
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda _, type_=type_: heavy.server.get("graph-store?default", type_), range(6)))
        assert {answer.status_code for answer in found} == {200}
        assert len({answer.content for answer in found}) == 1
        answers[type_] = found[0]
    written = answers["application/n-triples"].content.splitlines(keepends=True)
    assert written == sorted(line.encode() for line in lines(6000))
    assert heavy.server.get("graph-store?graph=urn:none", "text/turtle").status_code == 404
    assert heavy.server.get("graph-store?default", "image/png").status_code == 406


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_makers_that_die(heavy: Served) -> None:
    """Their parent is killed: what was made is there, and what was not is made by the next."""
    import os

    assert heavy.server.get("graph-store?default", "text/turtle").status_code == 200
    first = nursery(heavy.server.process.pid, MAKER)
    os.kill(first, signal.SIGKILL)
    assert heavy.server.get("graph-store?default", "text/turtle").status_code == 200
    assert heavy.server.get("data.nt").status_code == 200
    until(lambda: heavy.server.get("graph-store?default", "application/trig").status_code == 200, "made again")
    assert nursery(heavy.server.process.pid, MAKER) != first


def test_a_new_state(tmp_path: Path) -> None:
    """After a reload nothing is of the old state; templates count when they are read, not when they are used."""
    (tmp_path / "kg.toml").write_text(KG)
    data = tmp_path / "data.nt"
    data.write_text("".join(lines(6000)))
    with running("--project", tmp_path, "--base", BASE, data, cwd=tmp_path) as server:
        assert "thing 17" in server.get("id/thing-17.html").text
        (tmp_path / "strings.toml").write_text('browse = "Leaf through"\n')
        (tmp_path / "theme.css").write_text("body { color: red }")
        assert "Leaf through" not in server.get("browse/index.html").text  # read before it was there
        data.write_text("".join(lines(6000, "item")))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "item 17" in server.get("id/thing-17.html").text, "the new state")
        for path in ("browse/index.html", "index.html", "statistics.html"):
            assert "Leaf through" in server.get(path).text
        assert '"item 17"' in server.get("data.nt").text
        assert '"thing 17"' not in server.get("data.nt").text
        assert '"thing 17"' not in server.get("graph-store?default", "application/n-triples").text


def test_pages_need_no_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the data files find no room, they are 503, and pages that name them are what they would be."""
    (tmp_path / "kg.toml").write_text(f"{KG}[server]\nspool_bytes = 300_000\n")  # no file is larger
    data = tmp_path / "data.nt"
    data.write_text("".join(lines(6000)))
    light = light_snapshot(tmp_path, data, monkeypatch)
    with running("--project", tmp_path, "--base", BASE, data, cwd=tmp_path) as server:
        for _ in range(2):
            for path in ("index.html", "about.html", "browse/index.html", "robots.txt", "id/thing-7.html"):
                answer = server.get(path)
                assert (answer.status_code, answer.content) == (200, light.file(path))
            assert server.get("", "text/html").content == light.file("index.html")
            answer = server.get("data.nt")
            assert answer.status_code == 503
            assert "no room on the disk" in answer.json()["detail"]
            assert answer.headers["retry-after"] == "30"


def test_what_is_made_is_known_by_what_is_asked() -> None:
    """Requests that get the same have it made once, in whatever words they ask; others have their own."""
    same = [
        {"accept": "text/html, x/y1", "accept-profile": "<urn:one>"},
        {"accept": "text/html;q=0.9, x/y2", "accept-profile": f"<urn:two>, <{BASE}profile/evidence>"},
        {"accept": "text/html", "cookie": "c"},
    ]
    keys = {
        read_of("browse/index.html", {"iri": f"urn:{n}", "x": "y"}, headers, BASE) for n, headers in enumerate(same)
    }
    assert len(keys) == 1
    plain = {"accept-profile": f"<{BASE}profile/plain>"}
    assert read_of("id/thing-0", {}, plain, BASE) == read_of("id/thing-0", {}, {**plain, "host": "x"}, BASE)
    assert read_of("id/thing-0", {}, plain, BASE) != read_of("id/thing-0", {}, {}, BASE)
    assert read_of("describe", {"iri": "urn:a"}, {}, BASE) != read_of("describe", {"iri": "urn:b"}, {}, BASE)
    assert read_of("id/thing-0", {"format": "ttl"}, {}, BASE) != read_of("id/thing-0", {}, {}, BASE)
