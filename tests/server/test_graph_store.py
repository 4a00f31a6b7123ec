"""The W3C tests of the Graph Store Protocol: what reads, over the states that what writes would have left."""

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from .running import Running, running
from .test_protocol import CNT, HT, MF, manifest
from material import requires_suites

ONLY_READS = "the server only reads: 405"
PREFIX = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/http-rdf-update/manifest#"
#: Test → why it is not passed as a whole: each has requests that write. What reads in it is held against the state that
#: they would have left.
KNOWN = {
    PREFIX + name: ONLY_READS
    for name in (
        "put_get_repeat_direct", "put_delete_get_delete_direct", "post_get_post_get_direct", "head_existing_direct",
        "put_get_repeat_indirect", "put_get_default", "put_delete_get_delete_indirect", "post_get_post_get_indirect",
        "post_get_new_graph", "head_existing_indirect", "put_get_uri_pct_encoded_indirect",
        "put_get_uri_pct_encoded_twice",
    )
}  # fmt: skip
KG = """name = "g"
title = "G"
description = "D"
base = "http://www.example/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "C"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"
"""


HOST = "http://www.example/"


class States:
    """The states of a graph store, served by one server: each has its graphs below a folder of its own.

    A state whose default graph is asked for needs a server for itself, since that is the union of all graphs.
    """

    def __init__(self) -> None:
        self.store = ox.Store()
        self.folders: dict[tuple[tuple[str, str], ...], str] = {}

    def add(self, state: dict[str, str]) -> str:
        """The folder of a state; an empty name is the default graph."""
        key = tuple(sorted(state.items()))
        if key not in self.folders:
            folder = self.folders[key] = f"graph/{len(self.folders)}/"
            for name, text in state.items():
                graph = ox.NamedNode(moved(name, folder)) if name else ox.DefaultGraph()
                self.store.load(text, format=ox.RdfFormat.TURTLE, base_iri=HOST, to_graph=graph)
        return self.folders[key]

    @contextmanager
    def server(self, folder: Path) -> Iterator[Running]:
        """A server of them all."""
        (folder / "kg.toml").write_text(KG)
        (folder / "states.nq").write_bytes(self.store.dump(format=ox.RdfFormat.N_QUADS))
        with running("--project", folder, folder / "states.nq", cwd=folder) as server:
            yield server


def moved(name: str, folder: str) -> str:
    """The name of a graph, or the path of a request that names it, in the folder of a state."""
    for prefix in (HOST + "graph/", "graph/", HOST, "graph-store?graph=" + HOST):
        if name.startswith(prefix):
            return prefix.removesuffix("graph/") + folder + name.removeprefix(prefix)
    start = "graph-store?graph=" + quote(HOST, safe="")
    if name.startswith(start):
        return start + quote(folder, safe="") + name.removeprefix(start)
    assert name == "graph-store?default", name
    return name


@dataclass
class Read:
    """A request that reads, and what the suite expects of it."""

    test: str
    method: str
    path: str  #: with the folder of its state
    statuses: set[str]
    content: str | None


def named(path: str) -> str:
    """The graph that a request's path is about."""
    if path.endswith("?default"):
        return ""
    if "?graph=" in path:
        return str(httpx.URL("http://www.example" + path).params["graph"])
    return "http://www.example" + path.replace("/gsp/", "/graph/")


def turtle(body: str, type_: str) -> str:
    """The graph in a body; of several parts, all of them."""
    if not type_.startswith("multipart/"):
        return body
    message = email.message_from_string(f"Content-Type: {type_}\n\n" + "\n".join(map(str.strip, body.splitlines())))
    parts = [part.get_payload() for part in message.walk() if not part.is_multipart()]
    return "\n".join(str(part) for part in parts)


@requires_suites
def test_the_suite(tmp_path: Path) -> None:
    """Fourteen tests; the two that only read pass, and so does every request that reads in the others."""
    states, default = States(), States()
    reads: list[Read] = []
    writes: list[tuple[str, str, str]] = []  # test, method, path
    whole = set()
    for name in ("direct", "indirect"):
        graph = manifest(f"graph-store-protocol/manifest-{name}.ttl")
        for test in sorted(map(str, graph.subjects(rdflib.RDF.type, MF.GraphStoreProtocolTest))):
            state: dict[str, str] = {}
            requests = graph.value(graph.value(rdflib.URIRef(test), MF.action), HT.requests)
            assert requests is not None
            whole.add(test)
            for request in Collection(graph, requests):
                path, method = str(graph.value(request, HT.absolutePath)), str(graph.value(request, HT.methodName))
                if "$LOCATION$" in path:
                    continue  # the name that a server gave when it made the graph
                ours = "graph/" + path[5:] if path.startswith("/gsp/") else "graph-store" + path[4:]
                response = graph.value(request, HT.resp)
                if method not in ("GET", "HEAD"):
                    writes.append((test, method, ours))
                    write(state, graph, request, method, named(path))
                    continue
                expected = {str(one).rpartition("#")[2] for one in graph.objects(response, MF.expectedStatus)}
                body = graph.value(response, HT.body)
                content = None if body is None or method != "GET" else str(graph.value(body, CNT.chars))
                place = (default if ours.endswith("?default") else states).add(state)
                reads.append(Read(test, method, moved(ours, place), expected, content))
    assert len(default.folders) == 1
    (tmp_path / "default").mkdir()
    with states.server(tmp_path) as server, default.server(tmp_path / "default") as other:
        for _, method, path in writes:
            assert httpx.request(method, server.address + path).status_code == 405
        for read in reads:
            address = (other if read.path.endswith("?default") else server).address
            answer = httpx.request(read.method, address + read.path, headers={"accept": "text/turtle"})
            assert {200: "OK", 404: "NotFound"}[answer.status_code] in read.statuses, read
            if read.content is not None:
                assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
                assert isomorphic(
                    rdflib.Graph().parse(data=answer.text, publicID=HOST),
                    rdflib.Graph().parse(data=read.content, publicID=HOST),
                ), (read, answer.text)  # fmt: skip
    refused = {test for test, _, _ in writes}
    assert (len(whole), refused) == (14, set(KNOWN))
    assert whole - refused == {PREFIX + "head_non_existing_direct", PREFIX + "head_non_existing_indirect"}
    assert {read.test for read in reads} == whole - {PREFIX + "post_get_new_graph"}
    assert len(reads) == 18


def write(state: dict[str, str], graph: rdflib.Graph, request: rdflib.term.Node, method: str, name: str) -> None:
    """Do to a state what a request would do to a store that takes it."""
    body = graph.value(request, HT.body)
    listed = graph.value(request, HT.headers)
    headers = {
        str(graph.value(header, HT.fieldName)).lower(): str(graph.value(header, HT.fieldValue))
        for header in (Collection(graph, listed) if listed is not None else ())
    }
    if method == "DELETE":
        state.pop(name, None)
        return
    assert body is not None
    text = turtle(str(graph.value(body, CNT.chars)), headers.get("content-type", ""))
    state[name] = (state.get(name, "") + "\n" + text) if method == "POST" else text
