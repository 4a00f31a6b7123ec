"""What a request is read as, whose it is, and what is written about it; no server runs."""

import json
import random

import h11
import pytest

from isoc_kg.errors import UsageError
from isoc_kg.limits import ServerLimits
from isoc_kg.server.http.content import RequestContent
from isoc_kg.server.http.forwarded import Proxies, client_of
from isoc_kg.server.http.head import parse_head
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.http.traffic import Traffic
from isoc_kg.server.log import log_request


@pytest.mark.parametrize(
    ("fields", "client"),
    [
        ([], "10.0.0.1"),
        (["X-Forwarded-For: 198.51.100.7"], "198.51.100.7"),
        (["X-Forwarded-For: 203.0.113.1, 198.51.100.7"], "198.51.100.7"),
        (["X-Forwarded-For: 203.0.113.1", "X-Forwarded-For: 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
        (["X-Forwarded-For: 10.9.9.9, 10.2.3.4"], "10.9.9.9"),
        (["X-Forwarded-For: 198.51.100.7:4711"], "198.51.100.7"),
        (["X-Forwarded-For: [2001:db8::7]:80"], "2001:db8::7"),
        (["X-Forwarded-For: 2001:db8::7"], "2001:db8::7"),
        (["X-Forwarded-For: ::ffff:198.51.100.7"], "198.51.100.7"),
        (["X-Forwarded-For: a\tb<script>"], "10.0.0.1"),
        (["Forwarded: for=203.0.113.1, for=198.51.100.7;proto=https"], "198.51.100.7"),
        (['Forwarded: proto=https;For="[2001:db8::7]:80"'], "2001:db8::7"),
        (["Forwarded: for=_hidden"], "10.0.0.1"),
        (["Forwarded: for=unknown"], "10.0.0.1"),
        (["Forwarded: by=198.51.100.7"], "10.0.0.1"),
        (["Forwarded: for=198.51.100.7", "X-Forwarded-For: 198.51.100.7"], "198.51.100.7"),
        (["Forwarded: for=203.0.113.1", "X-Forwarded-For: 198.51.100.7"], "10.0.0.1"),
        (["X-Real-IP: 198.51.100.7"], "10.0.0.1"),
    ],
)
def test_clients_of_proxies(fields: list[str], client: str) -> None:
    """The last address that is no proxy's; where two headers differ, one was invented."""
    head = parse_head("\r\n".join(["GET / HTTP/1.1", "Host: x", *fields]).encode())
    assert Proxies(["10.0.0.0/8,192.0.2.1"]).origin("10.0.0.1", head.fields) == client


def test_proxies() -> None:
    """None unless named; networks and addresses of both kinds."""
    assert "127.0.0.1" not in Proxies()
    some = Proxies(["192.0.2.1, 2001:db8::/32", "10.0.0.0/8"])
    assert [address in some for address in ("192.0.2.1", "::ffff:10.1.1.1", "2001:db8:9::1", "192.0.2.2", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    for wrong in ("proxy.example", "10.0.0.1/8", "*"):
        with pytest.raises(UsageError):
            Proxies([wrong])


def test_one_client() -> None:
    """Whoever has a network of 64 bits is one client."""
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:1") != client_of("2001:db8:0:1::1")
    assert client_of("fe80::1%eth0") == client_of("fe80::2")
    assert client_of("192.0.2.1") == client_of("::ffff:192.0.2.1") != client_of("192.0.2.2")


def test_the_account() -> None:
    """What is refused leaves nothing behind, and what has ended neither."""
    traffic = Traffic(ServerLimits(connections=3, connections_per_client=2, held_bytes_per_client=100, held_bytes=250))
    traffic.connect("a", trusted=False)
    traffic.connect("a", trusted=False)
    assert refusal(lambda: traffic.connect("a", trusted=False)) == 429
    traffic.connect("a", trusted=True)
    assert refusal(lambda: traffic.connect("b", trusted=False)) == 503
    for _ in range(3):
        traffic.disconnect("a")
    assert traffic.connections == 0
    with traffic.hold("a", 180):  # one content, however large
        assert refusal(lambda: traffic.add("a", 1)) == 429
        with traffic.hold("b", 60):
            assert refusal(lambda: traffic.add("c", 20)) == 503
    assert traffic.held_bytes == 0
    with traffic.request("a"), traffic.request("a"):
        with pytest.raises(Problem), traffic.request("a"):
            pass
        with traffic.request("b"):
            pass
    assert not traffic._requests
    assert traffic.refused == 5


def refusal(call: object) -> int:
    with pytest.raises(Problem) as caught:
        call()  # type: ignore[operator]
    assert caught.value.headers["Retry-After"]
    return caught.value.status


STARTS = [b"GET / HTTP/1.1", b"POST /a?b HTTP/1.1", b"GET http://x/y HTTP/1.1", b"GET / HTTP/1.0"]
PARTS = [
    b"Host: x", b"Host: x:80", b"Content-Length: 3", b"Content-Length: 03", b"Transfer-Encoding: chunked", b"a: b",
    b" ", b"\t", b":", b"\n", b"\r", b"\x00", b"\xe4", b",", b"Expect: 100-continue", b"Connection: close", b"a:",
]  # fmt: skip


def test_heads_are_read_as_others_read_them() -> None:
    """Whatever is taken is taken by h11 as the same request with the same framing: no proxy sees another one."""
    chance = random.Random(13)
    taken = 0
    for _ in range(6000):
        lines = [chance.choice(STARTS), b"\r\n", chance.choice(PARTS[:2])]
        for _ in range(chance.randrange(6)):
            lines += [b"\r\n", chance.choice(PARTS)] if chance.random() < 0.8 else [chance.choice(PARTS)]
        data = b"".join(lines)
        if b"\r\n\r\n" in data:
            continue
        try:
            head = parse_head(data)
        except Problem as problem:
            assert 400 <= problem.status <= 505
            continue
        taken += 1
        other = h11.Connection(h11.SERVER)
        other.receive_data(data + b"\r\n\r\n")
        event = other.next_event()
        assert isinstance(event, h11.Request), data
        assert list(event.headers) == head.fields, data
        assert event.method.decode() == head.method
        framing = dict(event.headers)
        assert (b"transfer-encoding" in framing) == (head.length is None)
        assert int(framing.get(b"content-length", 0)) == (head.length or 0)
    assert taken > 500


def test_contents_in_any_parts() -> None:
    """Chunks are the same content, however they arrive, and what follows is left alone."""
    chance = random.Random(7)
    text = b"5\r\nabcde\r\n0A;x=y\r\n" + b"0123456789" + b"\r\n000\r\nA: b\r\n\r\nGET"
    for _ in range(200):
        content, buffer, rest = RequestContent(None, 15), bytearray(), text
        whole = False
        while not whole:
            size = chance.randint(1, 9)
            buffer += rest[:size]
            rest = rest[size:]
            whole = content.feed(buffer)
        assert (bytes(content.data), bytes(buffer) + rest) == (b"abcde0123456789", b"GET")
    for wrong in (b"10\r\n", b"5\r\nabcdef\r\n", b"\r\n", b"-1\r\n", b"5 5\r\n", b"5\nabcde", b"G\r\n", b"5;\x00\r\n"):
        with pytest.raises(Problem):
            RequestContent(None, 15).feed(bytearray(wrong) + b"\r\n\r\n")


def test_log_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of a request starts a line of its own or is obeyed by a terminal."""
    path = '/a\n{"status": 200}\r\x1b[2J\x9b31m\u2028\u202e\x7f\x00"'
    log_request("1", "a\nb", "GET", path, status=404, size=0, seconds=0.1)
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert line.rstrip("\n").isprintable()
    assert (json.loads(line)["path"], json.loads(line)["client"]) == (path, "a\nb")
