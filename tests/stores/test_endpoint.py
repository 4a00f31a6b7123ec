"""The commands that take --endpoint, on real stores: the same answers, reports and pages as on files."""

import io
import json
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import httpx
import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.cli import main
from isoc_kg.endpoint import Endpoint, credentials_from_environment
from isoc_kg.publication.publication import Publication
from isoc_kg.site import publish_site
from isoc_kg.stores.profiles import find_profile
from isoc_kg.stores.verification import compare
from server.running import essence, running

from .running import STARTERS, Running, store_of_kind
from material import ROOT

KINDS = sorted(STARTERS)
BASE = "https://w3id.org/isoc-kg/"
MANY = 12_000


def query_url(store: Running) -> str:
    """The address at which anybody may read."""
    if store.kind == "virtuoso":
        return store.endpoint
    profile = find_profile(store.kind)
    return profile.root(store.endpoint) + profile.query


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A store that holds the shipped publication in its graphs, loaded as users load it; the environment signs in."""
    kind: str = request.param
    with store_of_kind(kind, tmp_path_factory.mktemp(kind)) as running_store:
        auth = ["--auth", running_store.auth] if running_store.auth else []
        call("load", "--project", ROOT, "--to", kind, "--endpoint", running_store.endpoint, *auth)
        yield running_store


@pytest.fixture(scope="module")
def site(store: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `publish` makes of the store."""
    target = tmp_path_factory.mktemp("site") / "site"
    call("publish", "--project", ROOT, "--endpoint", query_url(store), "-o", target)
    return target


@pytest.fixture(scope="module")
def files() -> KnowledgeGraph:
    """The publication as its files tell it."""
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="module")
def graph(store: Running) -> Iterator[KnowledgeGraph]:
    """The same, where it is."""
    with KnowledgeGraph.load(query_url(store), project=ROOT) as found:
        yield found


def call(*arguments: object, code: int = 0) -> str:
    """What the real command line prints, both streams."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(out):
        try:
            main([str(argument) for argument in arguments])
            ended: object = 0
        except SystemExit as end:
            ended = end.code or 0
    out.flush()
    said = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert ended == code, said
    return str(said)


def test_everything_is_read(store: Running, graph: KnowledgeGraph, files: KnowledgeGraph) -> None:
    """All quads come back, but for literals whose form the store is known to change."""
    compared = compare(files.lines, graph.lines, find_profile(store.kind))
    assert compared.same
    if store.kind in ("virtuoso", "rdf4j"):
        assert graph.lines == files.lines
    assert len(graph.lines) == len(files.lines)


def test_queries(graph: KnowledgeGraph, files: KnowledgeGraph) -> None:
    """Every named query gives what it gives on the files."""
    asked = 0
    for name, query in files.queries.items():
        if any(parameter.default is None for parameter in query.parameters):
            continue
        here, there = files.run(name), graph.run(name)
        assert (here.boolean, here.triples) == (there.boolean, there.triples)
        if here.solutions is not None:
            assert there.solutions is not None
            assert there.solutions.terms == here.solutions.terms
        asked += 1
    assert asked > 25


def test_parameters_are_terms(graph: KnowledgeGraph) -> None:
    """A value never becomes part of the text, wherever it is sent."""
    assert len(graph.select("founded-in", year="2014")) == 1
    hostile = '" . } INSERT DATA { <urn:a> <urn:b> <urn:c> } #'
    assert graph.select("SELECT ?s { ?s rdfs:label ?name }", name=hostile).to_dicts() == []


def test_evidence(graph: KnowledgeGraph, files: KnowledgeGraph) -> None:
    """Who says so, of every tenth claim."""
    assert files.dataset
    for claim in list(files.dataset.claims.values())[::10]:
        assert graph.evidence_of(claim) == files.evidence_of(claim)


def test_query_and_describe(store: Running) -> None:
    """The commands say what they say without --endpoint."""
    url = query_url(store)
    query = ["query", "--name", "founded-in", "--param", "year=2014", "--why"]
    assert call(*query, "--endpoint", url) == call(*query)
    here, there = call("describe", "MANRS"), call("describe", "MANRS", "--endpoint", url)
    assert re.sub(r"\s+", " ", here).split(" links here")[0] == re.sub(r"\s+", " ", there).split(" links here")[0]
    call("describe", "no such thing", "--endpoint", url, code=2)


def test_export(store: Running, files: KnowledgeGraph, tmp_path: Path) -> None:
    """One graph, and all of them."""
    target = tmp_path / "facts.ttl"
    call("export", "--endpoint", query_url(store), "--graph", "facts", "-o", target)
    assert target.read_bytes() == (ROOT / "out" / "facts.ttl").read_bytes()


def test_validate(store: Running, tmp_path: Path) -> None:
    """The report made in the store is that of the engine on the data read from it."""
    url = query_url(store)
    report = json.loads(call("validate", "--endpoint", url, "--format", "json"))
    read = json.loads(call("validate", "--endpoint", url, "--engine", "shacl", "--format", "json"))
    assert report["conforms"] is True
    assert report["engine"] == "compiled"
    assert report["results"] == read["results"] == []
    assert ("compares numbers with texts" in str(report.get("notes"))) == (store.kind == "virtuoso")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "<urn:projects> a sh:NodeShape ; sh:targetClass schema:Project ; "
        "sh:property <urn:label> , <urn:other>, <urn:date> .\n"
        '<urn:label> sh:path rdfs:label ; sh:pattern "^M" ; sh:maxLength 30 .\n'
        "<urn:other> sh:path schema:alternateName ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:Literal .\n"
        "<urn:date> sh:path ( [ sh:inversePath rdf:subject ] rdf:object ) ; sh:nodeKind sh:Literal ; sh:maxCount 3 .\n",
        encoding="utf-8",
    )
    wrong = ["validate", "--endpoint", url, "--shapes", shapes, "--format", "json"]
    there = json.loads(call(*wrong, code=1))
    here = json.loads(call(*wrong, "--engine", "shacl", code=1))
    assert len(there["results"]) > 10

    def essence(results: list[dict[str, str]]) -> list[tuple[str, ...]]:
        return sorted((r["focus_node"], r["component"], r["path"] or "", r["value"] or "") for r in results)

    assert essence(there["results"]) == essence(here["results"])


@pytest.fixture(scope="module")
def sites() -> dict[tuple[bytes, ...], Path]:
    """What quads give without a store: once for all stores that give the same."""
    return {}


def test_publish(
    graph: KnowledgeGraph, site: Path, sites: dict[tuple[bytes, ...], Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The site is, file for file, the one that the same quads give without a store."""
    quads = tuple(graph.lines)
    if quads not in sites:
        sites[quads] = tmp_path_factory.mktemp("without") / "site"
        publish_site(Publication.of_store(graph), sites[quads])
    other = sites[quads]
    names = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert len(names) > 1400
    assert names == {path.relative_to(other) for path in other.rglob("*") if path.is_file()}
    own = {Path(".isoc-kg.manifest.json"), Path(".isoc-kg.pages")}
    assert [name for name in names - own if (site / name).read_bytes() != (other / name).read_bytes()] == []


def test_serve(store: Running, site: Path, tmp_path: Path) -> None:
    """Pages are those of the site; queries go to the store, and what may not be asked does not."""
    with running("--project", ROOT, "--endpoint", query_url(store), cwd=tmp_path) as server:
        names = [
            "index.html",
            "id/manrs.html",
            "id/manrs.ttl",
            "document/internet-society-term/1.html",
            "ontology.html",
        ]
        for name in names + [path.relative_to(site).as_posix() for path in sorted((site / "id").iterdir())[::40]]:
            assert server.get(name).content == (site / name).read_bytes()
        assert server.get("id/manrs", "text/turtle").headers["location"] == "/id/manrs.ttl"
        found = server.query("SELECT ?year { id:manrs schema:foundingDate ?year }", why="1").json()
        assert found["results"]["bindings"][0]["year"]["value"] == "2014"
        assert found["why"][0][0]["sentences"][0]["number"] == "15.2"
        assert server.query("ASK { id:manrs ?p ?o }").json()["boolean"] is True
        assert server.query("SELECT ?s { ?s ?p ?o } LIMIT 3", "text/csv").text.count("\n") == 4
        made = server.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o . FILTER(?s = id:manrs) }", "text/turtle")
        assert made.headers["content-type"].startswith("text/turtle")
        assert "schema:foundingDate" in made.text
        refused = server.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        assert (refused.status_code, "SERVICE" in refused.json()["detail"]) == (400, True)
        assert server.query("INSERT DATA { <urn:a> <urn:b> <urn:c> }").status_code == 400
        assert server.query("SELECT * { ?s ?p ").status_code == 400
        posted = httpx.post(server.address + "sparql", data={"update": "DROP ALL"}, timeout=30)
        assert posted.status_code == 403
        assert server.get("api/queries/founded-in?year=2014").json()["total"] == 1
        assert server.get("graph-store?graph=" + BASE + "graph/facts", "application/n-triples").status_code == 200
    call("query", "--endpoint", query_url(store), "ASK { id:manrs ?p ?o }")


def with_settings(folder: Path, settings: str) -> Path:
    """The shipped project with settings of the server's own."""
    for name in ("ontology", "shapes", "facts", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    text = (ROOT / "kg.toml").read_text(encoding="utf-8")
    (folder / "kg.toml").write_text(f"{text}\n[server]\n{settings}\n", encoding="utf-8")
    return folder


def test_serve_what_is_too_large_to_mirror(store: Running, site: Path, tmp_path: Path) -> None:
    """Pages are made when they are asked for, and say what those of the whole site say."""
    with_settings(tmp_path, "mirrored_triples = 10")
    with running("--project", tmp_path, "--endpoint", query_url(store), cwd=tmp_path) as server:
        for name in ("manrs", "ietf", "internet-society", "ota-integration"):
            page = (site / "id" / f"{name}.html").read_text(encoding="utf-8")
            assert essence(server.get(f"id/{name}.html").text) == essence(page)
            for extension in ("ttl", "nt", "jsonld", "rdf"):
                assert server.get(f"id/{name}.{extension}").content == (site / f"id/{name}.{extension}").read_bytes()
        edition = "document/internet-society-term/1.html"
        answer = server.get(edition)
        if answer.status_code == 413:  # Virtuoso gives at most 10,000 rows, and this page needs more
            assert store.kind == "virtuoso"
            assert "than a page can hold" in answer.text
        else:
            assert essence(answer.text) == essence((site / edition).read_text(encoding="utf-8"))
        home = server.get("").text
        assert "browse/class/" in home
        assert server.get("id/nothing.html").status_code == 404
        assert server.query("ASK { id:manrs ?p ?o }").json()["boolean"] is True
        assert server.get("dataset.html").status_code == 404


#: Over one small graph, since Virtuoso refuses at once what it takes for too long.
RUNAWAY = (
    f"SELECT (COUNT(*) AS ?n) FROM <{BASE}graph/facts> "
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?a), STR(?e)) = STR(?i)) }"
)


def test_one_client_cannot_take_the_store(store: Running, tmp_path: Path) -> None:
    """Queries without end are given up at their deadline, and others are answered meanwhile; pages, too."""
    with_settings(tmp_path, "query_seconds = 3\nworkers = 2\nlong_queries = 1\nqueries_per_client = 4")
    with running("--project", tmp_path, "--endpoint", query_url(store), cwd=tmp_path) as server:
        greedy = httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2"), timeout=60)

        def run(number: int) -> int:
            return greedy.get(f"{server.address}sparql", params={"query": f"{RUNAWAY} # {number}"}).status_code

        with greedy, ThreadPoolExecutor(6) as pool:
            answers = [pool.submit(run, number) for number in range(6)]
            time.sleep(0.5)
            for number in range(10):
                assert server.query(f"SELECT ?o {{ id:manrs rdfs:label ?o }} LIMIT {number + 1}").status_code == 200
                assert server.get(f"id/{['manrs', 'ietf', 'ota'][number % 3]}.html").status_code == 200
            found = sorted(answer.result() for answer in answers)
        assert found.count(429) == 2
        assert set(found) <= {429, 504}
        assert server.get("metrics").text.count("query_timeouts_total") >= 1


def test_long_answers_are_whole(store: Running, tmp_path: Path) -> None:
    """What a store would cut short is read on, in a query's own order, and as a graph."""
    file = tmp_path / "many.nt"
    file.write_text("".join(f'<urn:s{n}> <urn:p{n % 3}> "{n:06}" .\n' for n in range(MANY)), encoding="utf-8")
    auth = ["--auth", store.auth] if store.auth else []
    call("load", file, "--graph", "urn:many", "--to", store.kind, "--endpoint", store.endpoint, *auth)
    url = query_url(store)
    credentials = credentials_from_environment(None)
    with Endpoint(url, credentials=credentials, graphs=["urn:many"]) as endpoint:
        variables, rows = endpoint.select("SELECT ?o ?s { ?s ?p ?o } ORDER BY DESC(?o)")
        assert variables == ["o", "s"]
        assert [row[0].value for row in rows] == [f"{n:06}" for n in reversed(range(MANY))]
        assert len(endpoint.select("SELECT ?s { ?s <urn:p0> ?o }")[1]) == (MANY + 2) // 3
        assert endpoint.triples("urn:many") == sorted(file.read_bytes().splitlines(keepends=True))
        made = endpoint.construct("CONSTRUCT { ?s <urn:q> ?o } WHERE { ?s <urn:p1> ?o }")
        assert len(made) == (MANY + 1) // 3
        assert endpoint.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == endpoint.triples("urn:many")


def test_blank_nodes(store: Running, tmp_path: Path) -> None:
    """A blank node is the same one throughout an answer, and a text that looks like a store's name of one is a text."""
    file = tmp_path / "blank.ttl"
    file.write_text(
        '_:a <urn:p> _:b . _:b <urn:p> "nodeID://x", "\\"bnode\\", \\"value\\": \\"nodeID://x" .', encoding="utf-8"
    )
    auth = ["--auth", store.auth] if store.auth else []
    call("load", file, "--graph", "urn:blank", "--to", store.kind, "--endpoint", store.endpoint, *auth)
    with Endpoint(query_url(store), credentials=credentials_from_environment(None), graphs=["urn:blank"]) as endpoint:
        _, rows = endpoint.select("SELECT ?s ?b ?o { ?s <urn:p> ?b . ?b <urn:p> ?o }")
        assert {row[2].value for row in rows} == {"nodeID://x", '"bnode", "value": "nodeID://x'}
        assert len({str(term) for row in rows for term in row[:2]}) == 2
        assert all(str(term).startswith("_:") for row in rows for term in row[:2])


def test_a_wrong_address(store: Running) -> None:
    """What is there but is no endpoint is told as that."""
    done = call("query", "--endpoint", store.address + "/no/such/place", "ASK {}", code=3)
    assert "error: " in done
    assert "Traceback" not in done
