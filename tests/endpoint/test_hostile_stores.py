"""Stores that mean harm, or fail badly: bounded in time and size, and no secret goes anywhere."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from endpoint.misbehaving import answering
from isoc_kg import atomic
from isoc_kg.endpoint import Credentials, Endpoint, Http
from isoc_kg.errors import EndpointError, OutputError
from isoc_kg.stores import Load, RemoteStore, find_profile
from isoc_kg.stores.batches import graph_label

LINE = b"<http://e.example/s> <http://e.example/p> <http://e.example/o> .\n"
RESULTS = {"Content-Type": "application/sparql-results+json"}
BOMB = gzip.compress(bytes(20_000_000))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n"


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads the beginning of each request and then does as it likes."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.recv(1 << 16)
            talk(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    finally:
        over.set()
        listener.close()


def drip(connection: socket.socket, head: bytes, byte: bytes) -> None:
    connection.sendall(head)
    while True:
        connection.sendall(byte)
        time.sleep(0.02)


def endless(connection: socket.socket, head: bytes, block: bytes) -> None:
    connection.sendall(head)
    while True:
        connection.sendall(block)


@pytest.mark.parametrize(
    ("talk", "told"),
    [
        (lambda c: drip(c, b"", b"H"), "cannot|less than|broke off"),
        (lambda c: drip(c, b"HTTP/1.1 200 OK\r\nX: ", b"x"), "less than 1,000 bytes a second"),
        (lambda c: drip(c, HEAD + b"Content-Length: 999999\r\n\r\n", b" "), "less than 1,000 bytes a second"),
        (lambda c: drip(c, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), "less than 1,000 bytes"),
        (lambda c: drip(c, b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n"), "less than|broke off"),
        (lambda c: endless(c, b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 9000 + b"\r\n"), "broke off"),
        (lambda c: endless(c, b"", b"x" * 9000), "broke off"),
        (lambda c: endless(c, HEAD + b"\r\n", LINE), "more than 100,000 bytes"),
        (lambda c: c.sendall(HEAD + b"Content-Length: 99\r\n\r\nx"), "broke off"),
        (lambda c: c.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\nxx"), "unpacked"),
        (lambda c: c.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + BOMB[:99]), "compressed body"),
        (lambda c: c.sendall(HEAD + b"Content-Encoding: br\r\n\r\nxx"), "unpacked"),
        (lambda c: c.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + BOMB), "more than"),
        (lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "broke off"),
        (lambda c: endless(c, b"HTTP/1.1 500 No\r\n\r\n", b"failed "), "failed"),
        (lambda _: None, "broke off"),
    ],
)
def test_an_answer_ends(talk: Callable[[socket.socket], None], told: str) -> None:
    """By size, by time, or by what it is; with one message."""
    with talking(talk) as url, Http(timeout=0.4, max_bytes=100_000) as client, pytest.raises(EndpointError, match=told):
        client.send("GET", url, repeatable=False)


def test_a_store_that_takes_nothing() -> None:
    """What is sent has an end, too."""
    with (
        talking(lambda connection: connection.recv(1) and time.sleep(20)) as url,
        Http(timeout=0.4) as client,
        pytest.raises(EndpointError),
    ):
        client.send("POST", url, content=bytes(50_000_000), repeatable=False)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://user:pw@other.example/", "//other.example/x", "gopher://x", "\x1b[31m"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(location: str, status: int) -> None:
    """Neither to a file nor to another host; what has a password, or is no web address, is not advised."""
    credentials = Credentials("basic", "curator", "tulip-9")
    headers = {"Location": location.replace("\x1b", "%1b")}
    with (
        answering((status, headers, b"")) as script,
        Http(credentials=credentials) as client,
        pytest.raises(EndpointError, match="nothing was sent") as caught,
    ):
        client.send("GET", script.url, repeatable=True)
    assert len(script.requests) == 1
    assert ("other.example/x" in str(caught.value)) == location.startswith("//")
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["basic", "bearer", "digest"])
def test_what_a_store_sends_back_is_not_shown(scheme: str) -> None:
    """It may repeat the header that has the secret."""
    credentials = Credentials(scheme, "curator", "tulip-9/x")  # type: ignore[arg-type]
    body = b"you sent tulip-9/x, tulip-9%2Fx and Basic Y3VyYXRvcjp0dWxpcC05L3g="
    with (
        answering((500, {"Content-Type": "text/plain"}, body)) as script,
        Http(credentials=credentials) as client,
        pytest.raises(EndpointError) as caught,
    ):
        client.send("GET", script.url, repeatable=False)
    assert "you sent" in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("tulip", "Y3Vy"))


@pytest.mark.parametrize("challenge", ["Digest", 'Digest realm="x"', 'Digest realm="x", nonce="n", algorithm="NEW"'])
def test_challenges_that_make_no_sense(challenge: str) -> None:
    """No trace, no password in the clear."""
    with (
        answering((401, {"WWW-Authenticate": challenge}, b"")) as script,
        Http(credentials=Credentials("digest", "curator", "tulip-9")) as client,
        pytest.raises(EndpointError),
    ):
        client.send("GET", script.url, repeatable=False)
    assert not any("tulip" in str(request) for request in script.requests)


@pytest.mark.parametrize("count", ["1000000000000", "-5", "9" * 5000, "many"])
def test_counts_that_are_lies(count: str) -> None:
    """A load does not read what no one sent, and says what the store holds."""
    body = f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{{"n":{{"type":"literal","value":"{count}"}}}}]}}}}'
    with answering((200, RESULTS, body.encode())) as script:
        store = RemoteStore(find_profile("virtuoso"), script.url.removesuffix("/sparql"), timeout=2.0)
        with store, pytest.raises(EndpointError):
            Load(store, {"http://e.example/g": [LINE]}).run()
    assert len(script.requests) < 20


def test_a_count_is_not_a_gigabyte() -> None:
    """What is to be one number is given up early."""
    with (
        talking(lambda c: endless(c, HEAD.replace(b"n-triples", b"json") + b"\r\n", b" " * 9000)) as url,
        Endpoint(url, timeout=5.0) as endpoint,
        pytest.raises(EndpointError, match="more than 1,000,000 bytes"),
    ):
        endpoint.ask("ASK {}")


def test_two_loads_of_a_graph_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second sends nothing while the first is at it; of another graph it does."""
    monkeypatch.setenv("ISOC_KG_WAIT", "0")
    with answering((500, {}, b"asked")) as script:
        store = RemoteStore(find_profile("oxigraph"), script.url.removesuffix("/sparql"), timeout=2.0)
        with store, atomic.turn_at(f"{graph_label('http://e.example/g')} of {store.endpoint.query_url}"):
            outcome: list[BaseException] = []

            def load(graph: str) -> None:
                try:
                    Load(store, {graph: [LINE]}).run()
                except (OutputError, EndpointError) as error:
                    outcome.append(error)

            for graph in ("http://e.example/g", "http://e.example/h"):
                thread = threading.Thread(target=load, args=(graph,))
                thread.start()
                thread.join()
    assert [type(error) for error in outcome] == [OutputError, EndpointError]
    assert "e.example/g" in str(outcome[0])
