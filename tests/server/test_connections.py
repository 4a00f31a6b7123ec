"""What a client holds without asking anything: connections, half requests, answers that it does not take."""

import socket
import time
from collections.abc import Iterator
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
        "[server]\nconnections_per_client = 12\nrequest_seconds = 1\n"
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
