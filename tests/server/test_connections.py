"""What a client holds without asking anything: connections, half requests, answers that it does not take."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from .running import Running, running
from material import ROOT


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with little patience, that takes nobody here for its proxy."""
    folder = tmp_path_factory.mktemp("strict")
    (folder / "kg.toml").write_text(
        'name = "h"\ntitle = "H"\ndescription = "D"\nbase = "https://harbour.example/kg/"\nlanguage = "en"\n'
        'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "C"\n'
        'created = 2026-01-02\nmodified = 2026-02-03\nversion = "1.0.0"\n'
        "[server]\nconnections = 30\nconnections_per_client = 12\nrequest_seconds = 1\nidle_seconds = 0.5\n"
        "body_bytes = 50_000\nheld_bytes_per_client = 300_000\nanswer_bytes_per_second = 200_000\n"
    )
    arguments = ("--project", folder, "--forwarded-from", "192.0.2.1", ROOT / "out" / "isoc-kg.nt")
    with running(*arguments, cwd=folder) as server:
        yield server


def connect(server: Running, source: str = "127.0.0.1") -> socket.socket:
    """A connection, from an address of the loopback."""
    host, port = server.address.removeprefix("http://").rstrip("/").split(":")
    return socket.create_connection((host, int(port)), timeout=20, source_address=(source, 0))


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_idle_connections(strict: Running) -> None:
    """One client gets so many and no more; another one is answered all the while; in time the idle ones are closed."""
    held = [connect(strict, "127.0.0.2") for _ in range(40)]
    try:
        assert strict.get("health").status_code == 200
        answers = [everything(connection) for connection in held]
    finally:
        for connection in held:
            connection.close()
    codes = [answer.split(b" ", 2)[1] for answer in answers]
    assert (codes.count(b"408"), codes.count(b"429")) == (12, 28)
    assert all(b"application/problem+json" in answer for answer in answers)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"408"),
        (
            (
                b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK"
            ),
            b"408",
        ),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 80_000, b"431"),
    ],
    ids=["headers", "body", "long headers"],
)  # fmt: skip
def test_half_requests(strict: Running, sent: bytes, status: bytes) -> None:
    """What does not come, or does not end, is not waited for."""
    with connect(strict) as connection:
        connection.sendall(sent)
        answer = everything(connection)
    assert answer.split(b" ", 2)[1] == status


def test_an_answer_that_is_not_taken(strict: Running) -> None:
    """Its connection is cut, and its memory free."""
    with connect(strict, "127.0.0.3") as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /data.nt HTTP/1.1\r\nHost: x\r\n\r\n" * 40)
        first = connection.recv(4096)
        assert first.startswith(b"HTTP/1.1 200")
        end = time.monotonic() + 30
        while time.monotonic() < end and "127.0.0.3" in established(strict):
            time.sleep(0.05)
        assert "127.0.0.3" not in established(strict)


def established(server: Running) -> str:
    """The addresses that connections to the server come from."""
    port = int(server.address.rstrip("/").rpartition(":")[2])
    found = []
    for line in Path(f"/proc/{server.process.pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *_ = line.split()
        if state == "01" and int(local.rpartition(":")[2], 16) == port:
            number = int(remote.partition(":")[0], 16)
            found.append(".".join(str(number >> shift & 255) for shift in (0, 8, 16, 24)))
    return " ".join(found)


BROWSE = b"GET /about HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HOSTILE = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
    "host with a path": (b"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
    "two framings": (CHUNKED[:-2] + b"Content-Length: 6\r\n\r\nASK {}", 400),
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}", 400),
    "lengths in a list": (POST + b"Content-Length: 6, 6\r\n\r\nASK {}", 400),
    "signed length": (POST + b"Content-Length: +6\r\n\r\nASK {}", 400),
    "absurd length": (POST + b"Content-Length: 1" + b"0" * 40 + b"\r\n\r\n", 413),
    "long content": (POST + b"Content-Length: 50001\r\n\r\n", 413),
    "coding": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "coding in 1.0": (CHUNKED.replace(b"1.1", b"1.0"), 400),
    "many fields": (BROWSE[:-2] + b"a: b\r\n" * 5000 + b"\r\n", 431),
    "long field": (BROWSE[:-2] + b"a: " + b"b" * 65_500 + b"\r\n\r\n", 431),
    "blanks": (BROWSE[:-2] + b"a: " + b" " * 65_500 + b"\r\n\r\n", 431),
    "long line": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "endless line": (b"GET /" + b"a" * 40_000, 414),
    "expectation": (POST + b"Expect: miracles\r\nContent-Length: 6\r\n\r\n", 417),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xa5" * 200, 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "blank before the colon": (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "folded field": (BROWSE[:-2] + b"a: b\r\n c\r\n\r\n", 400),
    "control character": (BROWSE[:-2] + b"a: b\x00c\r\n\r\n", 400),
    "carriage return": (BROWSE[:-2] + b"a: b\rc: d\r\n\r\n", 400),
    "target": (b"GET about HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "tunnel": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "size of a chunk": (CHUNKED + b"0x6\r\nASK {}\r\n0\r\n\r\n", 400),
    "long chunk": (CHUNKED + b"5\r\nASK {}\r\n0\r\n\r\n", 400),
    "huge chunk": (CHUNKED + b"FFFFFFFFFFFFFFF\r\nASK {}", 413),
    "many chunks": (CHUNKED + b"1\r\n \r\n" * 50_001 + b"0\r\n\r\n", 431),
    "extension": (CHUNKED + b"6;" + b"a" * 70_000 + b"\r\nASK {}\r\n0\r\n\r\n", 431),
    "trailers": (CHUNKED + b"6\r\nASK {}\r\n0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", 431),
    "trailer without a name": (CHUNKED + b"6\r\nASK {}\r\n0\r\nab\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_request(strict: Running, kind: str) -> None:
    """It is told why, once, and the connection is closed."""
    sent, status = HOSTILE[kind]
    with connect(strict, "127.0.0.4") as connection:
        with suppress(ConnectionError):
            connection.sendall(sent)
        answer = everything(connection)
    assert answer.split(b" ", 2)[1] == str(status).encode()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nconnection: close\r\n" in answer


DRIPS = {
    "head": b"GET /about HTTP/1.1\r\nHost: x\r\na: ",
    "line": b"GET /",
    "content": POST + b"Content-Length: 40000\r\n\r\n",
    "chunk": CHUNKED + b"9000\r\n",
    "extension": CHUNKED + b"6;",
    "trailer": CHUNKED + b"6\r\nASK {}\r\n0\r\na: ",
    "second head": BROWSE + b"GET /",
}


def test_drips(strict: Running) -> None:
    """What comes byte by byte ends in time all the same."""
    drips = {kind: connect(strict, "127.0.0.5") for kind in DRIPS}
    start = time.monotonic()
    for kind, sent in DRIPS.items():
        drips[kind].sendall(sent)
    while time.monotonic() < start + 1.5:
        for connection in drips.values():
            with suppress(ConnectionError):
                connection.sendall(b"a")
        time.sleep(0.05)
    for kind, connection in drips.items():
        with connection:
            answer = everything(connection)
        assert answer.rpartition(b"HTTP/1.1 ")[2].startswith(b"408 "), kind


def test_connections_of_all(strict: Running) -> None:
    """When all are taken, the next is told, whoever's it is."""
    held = [connect(strict, f"127.0.1.{number % 6}") for number in range(50)]
    answers = []
    for connection in held:
        with connection:
            answers.append(everything(connection).split(b" ", 2)[1])
    assert answers.count(b"408") <= 30
    assert answers.count(b"503") >= 20
    assert set(answers) == {b"408", b"503"}


def test_between_requests(strict: Running) -> None:
    """A connection that asks nothing more is closed without a word."""
    with connect(strict, "127.0.0.6") as connection:
        connection.sendall(BROWSE)
        answer = everything(connection)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" not in answer


def test_a_half_closed_connection(strict: Running) -> None:
    """A client that has said all it has to say gets its answers."""
    with connect(strict, "127.0.0.6") as connection:
        connection.sendall(BROWSE + POST + b"Content-Length: 6\r\n\r\nASK {}")
        connection.shutdown(socket.SHUT_WR)
        answer = everything(connection)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert b'"boolean":true' in answer


def test_a_half_closed_connection_and_a_long_query(strict: Running) -> None:
    """A client that may have left gets no long answer; one that listens on learns why."""
    text = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?q ?r ?s }"
    with connect(strict, "127.0.0.6") as connection:
        connection.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        connection.shutdown(socket.SHUT_WR)
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"its client closed the connection or its sending half" in answer


def test_an_old_client(strict: Running) -> None:
    """HTTP/1.0 needs no Host, and its connection ends with the answer."""
    with connect(strict, "127.0.0.6") as connection:
        connection.sendall(b"GET /about HTTP/1.0\r\n\r\n")
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in answer


def test_contents(strict: Running) -> None:
    """By length, in chunks with extensions and trailers, when it was waited for; each next request is read right."""
    chunks = b'3;a="b"\r\nASK\r\n3\r\n {}\r\n0\r\nwhen: now\r\n\r\n'
    with connect(strict, "127.0.0.6") as connection:
        connection.sendall(POST + b"Content-Length: 6\r\n\r\nASK {}" + CHUNKED + chunks + BROWSE + b"\r\n")
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        answer = b""
        while b"HTTP/1.1 100 Continue\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        connection.sendall(b"ASK {}")
        answer += everything(connection)
    assert answer.count(b'"boolean":true') == 3
    assert answer.count(b"HTTP/1.1 200 OK") == 4


def test_a_flood_of_requests(strict: Running) -> None:
    """Thousands in one go are answered in order, as fast as their answers are taken."""
    strict.get("theme/icon.svg")
    text = b"".join(b"GET /theme/icon.svg?%d HTTP/1.1\r\nHost: x\r\n\r\n" % (number % 3) for number in range(3000))
    with connect(strict, "127.0.0.6") as connection:
        sender = threading.Thread(target=connection.sendall, args=(text,))
        sender.start()
        answer = everything(connection)
        sender.join()
    assert answer.count(b"HTTP/1.1 200 OK") == 3000


def test_answers_in_pieces(strict: Running) -> None:
    """A large answer comes whole, to readers that are slow but not too slow, and out of the cache, too."""
    ask = b"GET /data.nt HTTP/1.1\r\nHost: x\r\n\r\n"
    whole = strict.get("data.nt").content
    with connect(strict, "127.0.0.6") as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sendall(ask * 3)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3 or not got.endswith(whole[-1000:]):
            part = connection.recv(100_000)
            assert part
            got += part
            time.sleep(0.005)
    assert [part.partition(b"\r\n\r\n")[2] for part in got.split(b"HTTP/1.1 200 OK\r\n")[1:]] == [whole] * 3


def test_answers_that_are_held(strict: Running) -> None:
    """One client gets so many bytes at a time; others get theirs; what was cut is free again."""

    def held() -> float:
        text = strict.get("metrics").text
        return float(text.partition("\nisoc_kg_held_bytes ")[2].split()[0])

    ask = b"GET /data.nt HTTP/1.1\r\nHost: x\r\n\r\n"
    readers = [connect(strict, "127.0.0.7") for _ in range(5)]
    for reader in readers:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(ask)
    starts = [reader.recv(12) for reader in readers]
    assert sorted(starts) == [b"HTTP/1.1 200"] + [b"HTTP/1.1 429"] * 4
    with connect(strict, "127.0.0.8") as connection:
        connection.sendall(ask.replace(b"Host", b"Connection: close\r\nHost"))
        answer = everything(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert len(body) > 300_000
    slow = readers[starts.index(b"HTTP/1.1 200")]
    end = time.monotonic() + 20
    while held() and time.monotonic() < end:
        with suppress(ConnectionError):
            slow.recv(10)  # too little
        time.sleep(0.1)
    assert not held()
    for reader in readers:
        reader.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 200), ("about", 200), ("sparql", 200), ("nothing", 404), ("api/queries/none", 404),
        ("describe?iri=x", 400), ("dataset?format=none", 406), ("theme/icon.svg", 200),
    ],
)  # fmt: skip
def test_policies(shipped: Running, path: str, status: int) -> None:
    """Every page has one, also those that say what is wrong."""
    answer = shipped.get(path, "text/html")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(("text/html", "image/svg+xml"))
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_what_is_ready(strict: Running) -> None:
    """The second answer is the first, on another path through the server: pipelined, after errors, last of all."""
    one = b"GET /about HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"
    page = b"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /index.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    body = b"GET /index.html HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    with connect(strict) as connection:
        connection.sendall(page + page + one + body + page + b"HEAD /index.html HTTP/1.1\r\nHost: x\r\n\r\n" + last)
        got = everything(connection)
    parts = got.split(b"HTTP/1.1 200 OK\r\n")
    assert parts.pop(0) == b""
    assert len(parts) == 7
    heads, contents = zip(*(part.split(b"\r\n\r\n", 1) for part in parts), strict=True)
    pages = [contents[number] for number in (0, 1, 3, 4, 6)]
    assert len(set(pages)) == 1
    assert len(pages[0]) > 1000
    assert (contents[5], b"This server" in contents[2]) == (b"", True)
    ids = {line for head in heads for line in head.split(b"\r\n") if line.startswith(b"x-request-id")}
    assert len(ids) == 7
    names = [{line.split(b":")[0] for line in head.split(b"\r\n")} for head in heads]
    assert names[0] == names[1] == names[4]
    assert b"date" in names[0]


def test_keys_that_fill_memory(strict: Running) -> None:
    """Answers to requests with long texts are not kept: the cache counts what it holds."""

    def held() -> float:
        text = httpx.get(strict.address + "metrics").text
        return float(text.partition("\nisoc_kg_cache_bytes ")[2].split()[0])

    path = "describe?iri=https://w3id.org/isoc-kg/id/manrs"
    strict.get(path)
    before = held()
    for number in range(20):
        answer = strict.get(f"{path}&x={number}{'y' * 20_000}")
        assert answer.status_code == 303
    assert held() == before


@pytest.mark.parametrize("pieces", [["\r\n"], ["\r\n\r\n", "\r\n"], ["\r", "\n"], ["\r\n\r", "\n"], ["\r\n" * 5000]])
def test_empty_lines_before_a_request(shipped: Running, pieces: list[str]) -> None:
    """They are passed over (RFC 9112, section 2.2), however they come; between requests, too."""
    host, port = shipped.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection, connection.makefile("rb") as answers:
        for _ in range(2):
            for piece in pieces:
                connection.sendall(piece.encode())
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            answers.read(length)
