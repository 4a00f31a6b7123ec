"""What one client likes decides nothing for the next one, whatever the address ends in."""

from collections.abc import Iterator

import pytest

from isoc_kg.formats import JSONLD, NTRIPLES, RDFXML, TURTLE

from .running import Running, running

ENDINGS = ("html", "ttl", "jsonld", "nt", "rdf", "trig", "css", "js", "svg", "wasm")
TYPES = {format_.media_type: format_.extension for format_ in (NTRIPLES, RDFXML, TURTLE, JSONLD)}
BASE = "http://things.example/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Things and graphs whose IRIs end as the names of documents do."""
    folder = tmp_path_factory.mktemp("endings")
    lines = "".join(
        f"<{BASE}x.{ending}> a <{BASE}T> . <{BASE}graph/g.{ending}> {{ <{BASE}a> <{BASE}p> 'x' }}\n"
        for ending in ENDINGS
    )
    (folder / "d.trig").write_text(lines)
    with running("d.trig", "--base", BASE, cwd=folder) as server:
        yield server


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_graph(server: Running, ending: str) -> None:
    """In the format that each client asks for, by the graph's own address, too."""
    for _ in range(2):  # made, and kept
        for path in (f"graph-store?graph={BASE}graph/g.{ending}", f"graph/g.{ending}"):
            for accept in TYPES:
                assert server.get(path, accept).headers["content-type"].split(";")[0] == accept
    page = server.get(f"graph/g.{ending}", "text/html")
    assert not page.headers["content-type"].startswith(tuple(TYPES))
    assert server.get(f"graph-store?graph={BASE}graph/g.{ending}", "image/png").status_code == 406


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_thing(server: Running, ending: str) -> None:
    """The document that each client asks for, by `/describe` and by the thing's own address."""
    for _ in range(2):
        for path in (f"describe?iri={BASE}x.{ending}", f"x.{ending}"):
            for accept, extension in {**TYPES, "text/html": "html", "*/*": "html"}.items():
                answer = server.get(path, accept)
                assert answer.status_code == 303
                assert answer.headers["location"].endswith(f".{extension}")
                assert "Accept" in answer.headers["vary"]
            assert server.get(path, "image/png").status_code == 406
