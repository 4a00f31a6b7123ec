"""The head of an answer is short, whatever was asked: proxies refuse long ones, and take the server for broken."""

import socket
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from isoc_kg.server.http.field_sizes import MOST_HEAD_BYTES, shortened
from isoc_kg.server.http.problems import Problem

from .running import Running, running

UNKNOWN = "\\\\b"  # which XPath does not know


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A thing of hundreds of classes, and one with a name of thousands of characters; a query with a parameter."""
    folder = tmp_path_factory.mktemp("long")
    classes = ", ".join(f"<urn:class:{n:0100d}>" for n in range(300))
    (folder / "data.ttl").write_text(
        f"<http://kg.example/id/a> a {classes} .\n<http://kg.example/{'x' * 5000}> a 1 .\n"
    )
    with running(folder / "data.ttl", cwd=folder) as running_server:
        yield running_server


def head(server: Running, target: str, body: bytes = b"", accept: str = "*/*") -> bytes:
    """The head of the answer as it is sent."""
    url = urlsplit(server.address)
    with socket.create_connection((url.hostname, url.port)) as connection:
        method = "POST" if body else "GET"
        fields = f"Host: localhost\r\nAccept: {accept}\r\nConnection: close\r\n"
        if body:
            fields += f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode() + body)
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            assert piece, data
            data += piece
    return data.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER REGEX('a', '{'(' * 40_000}{')' * 40_000}') }}",
        "ASK { " + " ".join(f"FILTER REGEX('a', '{UNKNOWN}{n}')" for n in range(300)) + " }",
        f"SELECT * {{ GRAPH ?{'g' * 50_000} {{ MINUS {{ ?s ?p _:o }} }} }}",
        f"ASK {{ FILTER REGEX('a', '{UNKNOWN}{'€' * 20_000}') }}",
        f"ASK {{ <urn:{'x' * 50_000}> ?p ?o }}",
        f"ASK {{ <urn:{'x' * 50_000}> ?p ",
    ],
    ids=["pattern", "many notes", "graph", "no ASCII", "IRI", "malformed"],
)
def test_queries(server: Running, query: str) -> None:
    """Notes on a result are shortened, and say so."""
    start = head(server, "/sparql", query.encode())
    assert len(start) < MOST_HEAD_BYTES
    assert start.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400")), start[:100]


def test_notes_say_that_there_are_more(server: Running) -> None:
    """The first ones are whole."""
    query = "ASK { " + " ".join(f"FILTER REGEX('a', '{UNKNOWN}{n}')" for n in range(300)) + " }"
    lines = head(server, "/sparql", query.encode()).decode().split("\r\n")
    note = next(line for line in lines if line.startswith("x-result-note: "))
    assert note.startswith("x-result-note: REGEX: the pattern ")
    assert note.endswith("more: `isoc-kg query` with this query prints all.")


@pytest.mark.parametrize(
    "target",
    [
        "/id/a", "/id/a.html", "/id/a.ttl", "/describe?iri=" + quote(f"http://kg.example/{'x' * 5000}", safe=""),
        "/describe?iri=" + quote(f"http://kg.example/{'x' * 2700}", safe=""), "/describe?iri=urn:" + "x" * 3500,
        "/describe?iri=urn:" + "x" * 20_000, "/" + "x" * 20_000, "/sparql?query=ASK&format=" + "x" * 9000,
        "/graph-store?graph=urn:" + "x" * 9000, "/api/queries/" + "x" * 9000,
    ],
)  # fmt: skip
def test_pages(server: Running, target: str) -> None:
    """Links are left out, errors tell of what is wrong in their content."""
    assert len(head(server, target)) < MOST_HEAD_BYTES
    assert len(head(server, target, accept="x/" + "y" * 9000)) < MOST_HEAD_BYTES


def test_links_and_notes_make_room() -> None:
    """The first links stay, each whole; an address that is too long is refused with its length."""
    links = ", ".join(f'<urn:{n:0200d}>; rel="type"' for n in range(40))
    fields = shortened([("etag", '"x"'), ("link", links), ("x-result-note", "n" * 5000)])
    assert sum(len(name) + len(value) + 4 for name, value in fields) <= MOST_HEAD_BYTES
    short = [("link", links[: links.index(", <", 1500)]), ("x-result-note", "n")]
    assert shortened(short) == short
    only = dict(shortened([("link", links)]))["link"]
    assert links.startswith(only + ", <")
    assert only.count("<") > 5
    for size in (2_900, 10_000):
        with pytest.raises(Problem, match=f"{size:,} characters") as caught:
            shortened([("location", "x" * size)])
        assert (caught.value.status, caught.value.members["location"]) == (414, "x" * size)
