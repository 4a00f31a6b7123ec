"""The W3C tests of the Graph Store Protocol: what reads, over the states that what writes would have left."""

import email
from pathlib import Path

import httpx
import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from .running import running
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


class States:
    """Servers over the states of a graph store, each started when it is first asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "kg.toml").write_text(KG)
        self.number = 0

    def ask(self, state: dict[str, str], method: str, path: str, accept: str) -> httpx.Response:
        """The answer of a server that has these graphs; an empty name is the default graph."""
        self.number += 1
        store = ox.Store()
        for name, text in state.items():
            graph = ox.NamedNode(name) if name else ox.DefaultGraph()
            store.load(text, format=ox.RdfFormat.TURTLE, base_iri="http://www.example/", to_graph=graph)
        file = self.folder / f"{self.number}.nq"
        file.write_bytes(store.dump(format=ox.RdfFormat.N_QUADS))
        with running("--project", self.folder, file, cwd=self.folder) as server:
            return httpx.request(method, server.address + path, headers={"accept": accept})


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
    states = States(tmp_path)
    read: dict[str, int] = {}
    whole, refused = set(), set()
    with running("--project", tmp_path, empty(tmp_path), cwd=tmp_path) as server:
        for name in ("direct", "indirect"):
            graph = manifest(f"graph-store-protocol/manifest-{name}.ttl")
            for test in sorted(graph.subjects(rdflib.RDF.type, MF.GraphStoreProtocolTest)):
                state: dict[str, str] = {}
                requests = graph.value(graph.value(test, MF.action), HT.requests)
                assert requests is not None
                whole.add(str(test))
                for request in Collection(graph, requests):
                    path, method = str(graph.value(request, HT.absolutePath)), str(graph.value(request, HT.methodName))
                    if "$LOCATION$" in path:
                        continue  # the name that a server gave when it made the graph
                    ours = "graph/" + path[5:] if path.startswith("/gsp/") else "graph-store" + path[4:]
                    response = graph.value(request, HT.resp)
                    if method not in ("GET", "HEAD"):
                        assert httpx.request(method, server.address + ours).status_code == 405
                        refused.add(str(test))
                        write(state, graph, request, method, named(path))
                        continue
                    answer = states.ask(state, method, ours, "text/turtle")
                    expected = {str(one).rpartition("#")[2] for one in graph.objects(response, MF.expectedStatus)}
                    assert {200: "OK", 404: "NotFound"}[answer.status_code] in expected, (test, path)
                    body = graph.value(response, HT.body)
                    if body is not None and method == "GET":
                        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
                        text = str(graph.value(body, CNT.chars))
                        base = "http://www.example/"
                        assert isomorphic(
                            rdflib.Graph().parse(data=answer.text, publicID=base),
                            rdflib.Graph().parse(data=text, publicID=base),
                        ), (test, answer.text)  # fmt: skip
                    read[str(test)] = read.get(str(test), 0) + 1
    assert (len(whole), refused) == (14, set(KNOWN))
    assert whole - refused == {PREFIX + "head_non_existing_direct", PREFIX + "head_non_existing_indirect"}
    assert set(read) == whole - {PREFIX + "post_get_new_graph"}
    assert sum(read.values()) == 18


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


def empty(folder: Path) -> Path:
    """A file that says nothing."""
    (folder / "empty.nq").write_text("")
    return folder / "empty.nq"
