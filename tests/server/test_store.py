"""A store on disk, served without being read first."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from .running import Running, essence, running
from material import FACTS, ROOT

BASE = "https://w3id.org/isoc-kg/"
FOREIGN = "https://Other.example/Ä?b=_&c#d"


def made(folder: Path, *files: Path, more: str = "") -> Path:
    """A store with the quads of files."""
    store = ox.Store(folder)
    for file in files:
        store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    store.load(more, format=ox.RdfFormat.N_QUADS)
    store.flush()
    return folder


SOME = "".join(f"<{BASE}id/{number}> <{BASE}p> <{BASE}o> .\n" for number in range(500))
PATHS = [
    "%ff%fe",
    "id/%ff%fe",
    "metrics%20",
    "%5Cmetrics",
    "%5Bx",
    "id/%25zz",
    "a%7Cb",
    "id/%EE%80%80",
    "claim/%20.0123456789abcdef",
]


def damaged(folder: Path) -> None:
    """Cut the tables of a store off."""
    for file in folder.glob("*.sst"):
        os.truncate(file, file.stat().st_size // 2)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The shipped publication, and a thing of somebody else's, from a store."""
    folder = tmp_path_factory.mktemp("stored")
    more = (
        f'<{FOREIGN}> <http://www.w3.org/2000/01/rdf-schema#label> "A <b> & c" .\n'
        f"<{FOREIGN}> <urn:p> <{BASE}id/manrs> .\n<{BASE}id/old> <http://www.w3.org/2002/07/owl#deprecated> true .\n"
        f"<{BASE}id/old> <http://purl.org/dc/terms/isReplacedBy> <{BASE}id/manrs> .\n"
    ).replace(" true .", ' "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .')
    store = made(folder / "store", ROOT / "out" / "isoc-kg.nq", more=more)
    with running("--project", ROOT, "--store", store, cwd=folder) as server:
        yield server


def test_pages_and_data_are_those_of_the_site(stored: Running, shipped: Running) -> None:
    """As far as the same pages are there to be linked, and literals as the store keeps them."""
    listed = re.findall(r"/(id/[^<]+)\.html</loc>", shipped.get("sitemap.xml").text)
    assert len(listed) > 100
    for path in [name for name in listed if name != "id/manrs"][::3]:  # the thing that the foreign one links to
        for extension in ("ttl", "jsonld", "nt", "rdf"):
            assert stored.get(f"{path}.{extension}").content == shipped.get(f"{path}.{extension}").content
        assert essence(stored.get(f"{path}.html").text) == essence(shipped.get(f"{path}.html").text)
    edition = "document/internet-society-term/1.html"
    assert essence(stored.get(edition).text) == essence(shipped.get(edition).text)
    units = stored.get(edition.replace("html", "nt")).text
    assert "XMLSchema#integer" in units
    assert "nonNegativeInteger" not in units  # what Oxigraph makes of it


def test_dereferencing(stored: Running) -> None:
    """By the thing's IRI, by any IRI, by a claim's; in each format and profile; withdrawn, and not there."""
    answer = stored.get("id/manrs", "text/turtle")
    assert (answer.status_code, answer.headers["location"]) == (303, "/id/manrs.ttl")
    whole = stored.get("id/manrs.ttl")
    assert whole.headers["etag"]
    assert 'rel="cite-as"' in whole.headers["link"]
    assert "linkset" not in whole.headers["link"]
    assert stored.get("id/manrs.ttl", if_none_match=whole.headers["etag"]).status_code == 304
    assert "/claim/" not in stored.get("id/manrs.nt?profile=plain").text
    found = httpx.get(stored.address + "describe", params={"iri": FOREIGN}, headers={"accept": "text/html"})
    page = stored.get(found.headers["location"][1:])
    assert "<h1>A &lt;b&gt; &amp; c</h1>" in page.text
    assert '<a href="../id/manrs.html">' in page.text
    back = re.search(r'href="\.\./(resource/[^"]+)\.html"', stored.get("id/manrs.html").text)
    assert back
    assert stored.get(back[1] + ".html").content == page.content
    rows = stored.query("SELECT ?c { ?c a rdf:Statement } LIMIT 1").json()["results"]["bindings"]
    claim = stored.get(rows[0]["c"]["value"].removeprefix(BASE))
    target, _, anchor = claim.headers["location"].partition("#")
    assert f'id="{anchor}"' in stored.get(target[1:]).text
    old = stored.get("id/old", "text/turtle")
    assert old.status_code == 410
    assert 'rel="successor-version"' in old.headers["link"]
    for none in (
        "id/nothing", "id/nothing.ttl", "resource/x.html", "resource/x~y.html", "dataset.html", "isoc-kg.nt",
        "claim/x.0123456789abcdef",
    ):  # fmt: skip
        assert stored.get(none).status_code == 404


def test_what_there_is(stored: Running) -> None:
    """Home with the classes, the things of each, a form for queries, the ontology, the named queries."""
    home = stored.get("")
    assert home.status_code == 200
    listed = re.findall(r'href="(browse/class/[^"]+)"[^>]*>([^<]+)</a> <span class="count">([\d,]+)<', home.text)
    assert len(listed) > 20
    path, _, count = next(row for row in listed if "_project" in row[0])
    things = stored.get(path)
    assert things.text.count("<li data-keys") == int(count)
    assert stored.get(path.replace(".html", "~2.html")).status_code == 404
    for page in ("sparql.html", "queries.html", "ontology.html", "shapes.html", "query/founded-in.html"):
        found = stored.get(page)
        assert found.status_code == 200
        for link in re.findall(r'href="([^"#:]+)["#]', found.text):
            target = httpx.URL(stored.address + page).join(link)
            assert httpx.get(target, follow_redirects=True).status_code == 200, (page, link)
    answer = stored.get("api/queries/founded-in").json()
    assert answer["total"] >= 1
    assert stored.get("sparql", "text/html").content == stored.get("sparql.html").content


def test_sparql_and_graphs(stored: Running) -> None:
    """As over files: union, description, graphs by both protocols, sentences behind solutions."""
    assert (
        int(stored.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]) > 7000
    )
    description = stored.get("sparql", "text/turtle").text
    assert "sd:name graph:facts" in description
    assert "void:triples" not in description  # counting them would take long
    facts = stored.get("graph/facts", "application/n-triples")
    assert len(facts.text.splitlines()) == FACTS
    assert stored.get(f"graph-store?graph={BASE}graph/facts", "application/n-triples").content == facts.content
    assert stored.get("graph-store?graph=urn:none").status_code == 404
    assert httpx.put(f"{stored.address}graph-store?default").status_code == 405
    why = stored.query("SELECT ?year { id:manrs schema:foundingDate ?year }", why="1").json()
    assert why["why"][0][0]["sentences"][0]["number"] == "15.2"


def test_no_query_reaches_the_network(stored: Running) -> None:
    """Workers may open the store's files, but no connection."""
    with socket.socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        trap.settimeout(0.5)
        port = trap.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            text = f"SELECT * {{ SERVICE <http://{host}:{port}/> {{ ?s ?p ?o }} }}"
            assert stored.query(text).status_code == 400
        with pytest.raises(TimeoutError):
            trap.accept()


def test_one_that_runs_away(stored: Running) -> None:
    """Pages are asked of other workers than the one that it holds."""
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(stored.address + "sparql", params={"query": cross}, timeout=1)
    assert stored.get("id/ietf.html").status_code == 200


def test_a_new_store_is_taken_up(tmp_path: Path) -> None:
    """SIGHUP opens what is in the folder by then."""
    store = made(tmp_path / "store", more=f'<{BASE}id/a> <https://schema.org/name> "one"@en <{BASE}graph/facts> .\n')
    with running("--store", store, cwd=tmp_path) as server:
        assert "one" in server.get("id/a.html").text
        made(tmp_path / "next", more=f'<{BASE}id/a> <https://schema.org/name> "two"@en <{BASE}graph/facts> .\n')
        store.rename(tmp_path / "last")
        (tmp_path / "next").rename(store)
        assert "one" in server.get("id/a.nt").text
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 20
        while time.monotonic() < end and "two" not in server.get("id/a.nt").text:
            time.sleep(0.05)
        assert "two" in server.get("id/a.html").text
        shutil.rmtree(store)
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert server.get("health").status_code == 200


@pytest.mark.parametrize(
    ("prepare", "arguments", "code", "said"),
    [
        (lambda here: (here / "store").mkdir(), ["--store", "store"], 3, "not a store"),
        (
            lambda here: ((here / "store").mkdir(), (here / "store" / "CURRENT").write_text("MANIFEST-1\n")),
            ["--store", "store"], 3, "cannot be opened",
        ),
        (lambda here: damaged(made(here / "store", more=SOME)), ["--store", "store"], 3, "cannot be opened"),
        (lambda here: os.mkfifo(made(here / "store") / "MANIFEST-999"), ["--store", "store"], 3, "not a regular file"),
        (
            lambda here: (made(here / "store"), (here / "a.ttl").write_text("")),
            ["--store", "store", "a.ttl"], 2, "different things",
        ),
        (lambda here: None, ["--store", "store"], 2, "does not exist"),
    ],
    ids=["empty", "broken", "damaged", "pipe", "and files", "none"],
)  # fmt: skip
def test_what_is_no_store(tmp_path: Path, prepare: object, arguments: list[str], code: int, said: str) -> None:
    """One message, and no traceback."""
    prepare(tmp_path)  # type: ignore[operator]
    done = subprocess.run(
        [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert said in done.stderr
    assert done.returncode == code


@pytest.mark.parametrize("path", PATHS)
def test_paths_that_are_part_of_no_iri(stored: Running, path: str) -> None:
    """Nothing is there, and no query asks for it."""
    for there in (path, f"resource/{path}.html", f"browse/class/{path}.html"):
        assert stored.get(there).status_code == 404
