"""The published dumps as they are, handed to each store by its own door: each gives the dump's own count."""

import re
import subprocess
from functools import cache

import httpx
import pytest

from isoc_kg.formats import FORMATS, JSONLD, NQUADS, TRIG, Format
from isoc_kg.rdf import read_lines

from .running import _ISQL, Running
from material import ROOT

OUT = ROOT / "out"
BASE = b"https://w3id.org/isoc-kg/"
GRAPH = "https://example.org/dump"
#: What a store cannot read: JSON-LD 1.1 is younger than RDF4J 3 and Virtuoso 7.
UNREAD = {("rdf4j", "jsonld"), ("virtuoso", "jsonld")}
#: Virtuoso reads quads by its own function alone, by these flags (http://docs.openlinksw.com/virtuoso/fn_ttlp/).
_FLAGS = {"nq": 512, "trig": 256}


def dump(format_: Format) -> bytes:
    """A dump; of named graphs, with names of its own, so that no two of them meet in a store."""
    content = (OUT / f"isoc-kg.{format_.name}").read_bytes()
    return content.replace(BASE, f"https://{format_.name}.example/".encode()) if format_ in (NQUADS, TRIG) else content


@cache
def size(quads: bool) -> int:
    """The dumps' own count; that all of one kind have the same is tested where they are built."""
    return len(read_lines(OUT / ("isoc-kg.nq" if quads else "isoc-kg.nt")))


def put(store: Running, format_: Format, graph: str) -> httpx.Response:
    """The dump in one request: into this graph, or by the graphs that it names."""
    content = dump(format_)
    headers = {"Content-Type": format_.media_type}
    where: dict[str, tuple[str, str, dict[str, str]]] = {
        "oxigraph": ("POST", "/store", {"graph": graph}),
        "fuseki": ("POST", "/ds/data", {"graph": graph}),
        "rdf4j": ("POST", "/rdf4j-server/repositories/test/statements", {"context": f"<{graph}>"}),
        "virtuoso": ("PUT", "/sparql-graph-crud-auth", {"graph-uri": graph}),
    }
    method, path, query = where[store.kind]
    auth: httpx.Auth | None = None
    if store.auth:
        auth = (httpx.DigestAuth if store.auth == "digest" else httpx.BasicAuth)(store.user, store.password)
    params = {} if format_.datasets and format_ is not JSONLD else query
    return httpx.request(
        method, store.address + path, params=params, content=content, headers=headers, auth=auth, timeout=120
    )


def read_by_function(store: Running, format_: Format) -> None:
    """Quads into Virtuoso, from a file in its folder."""
    port = re.search(r"ServerPort = (127\.0\.0\.1:\d+)", (store.folder / "virtuoso.ini").read_text())
    assert port
    (store.folder / "dump").write_bytes(dump(format_))
    call = f"DB.DBA.TTLP(file_to_string_output('dump'), '', '{GRAPH}', {_FLAGS[format_.name]});"
    done = subprocess.run(
        [str(_ISQL), port[1], store.user, store.password, f"EXEC={call} checkpoint;"], capture_output=True, text=True
    )
    assert done.returncode == 0, done
    assert "Error" not in done.stdout + done.stderr, done


def count(store: Running, pattern: str) -> int:
    """How many triples match in the store, asked of its query service."""
    path = {
        "oxigraph": "/query",
        "fuseki": "/ds/query",
        "rdf4j": "/rdf4j-server/repositories/test",
        "virtuoso": "/sparql",
    }
    auth = httpx.BasicAuth(store.user, store.password) if store.auth == "basic" else None
    answer = httpx.get(
        store.address + path[store.kind],
        params={"query": f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"},
        headers={"Accept": "application/sparql-results+json"},
        auth=auth,
        timeout=120,
    )
    assert answer.is_success, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def named(format_: Format) -> str:
    """What the names of a dump's graphs begin with."""
    return f"https://{format_.name}.example/graph/"


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_each_dump_has_its_own_count(store: Running, format_: Format) -> None:
    """Every format that a store reads, sent as the file is; the others are refused, and nothing of them is kept."""
    graph = f"{GRAPH}/{format_.name}"
    if (store.kind, format_.name) in UNREAD:
        assert put(store, format_, graph).status_code >= 400
        assert count(store, f"GRAPH <{graph}> {{ ?s ?p ?o }}") == 0
        return
    if format_ in (NQUADS, TRIG):
        pattern = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{named(format_)}"))'
        if store.kind == "virtuoso":
            read_by_function(store, format_)
        else:
            assert (answer := put(store, format_, graph)).is_success, answer.text
        assert count(store, pattern) == size(quads=True)
    else:
        assert (answer := put(store, format_, graph)).is_success, answer.text
        assert count(store, f"GRAPH <{graph}> {{ ?s ?p ?o }}") == size(quads=False)
