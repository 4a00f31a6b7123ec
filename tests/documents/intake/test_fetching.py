"""Documents at addresses: what is followed, what is not, and where it ends."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from isoc_kg.documents.intake import fetching
from isoc_kg.documents.intake.fetching import fetch
from isoc_kg.documents.intake.markdown import extract_markdown
from isoc_kg.documents.intake.plain import extract_plain
from isoc_kg.documents.intake.recognition import format_of
from isoc_kg.errors import EndpointError, LimitExceeded, ParseError, UsageError
from isoc_kg.limits import Limits

PAGE = b"<!doctype html><p>Text."
asked: list[str] = []
#: Whether somebody stopped reading what came slowly.
left = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.path)
        kind, _, rest = self.path[1:].partition("/")
        body, status, headers = PAGE, 200, {"Content-Type": "text/html; charset=windows-1251"}
        if kind == "to":
            status, headers = 302, {"Location": rest.replace("HOST", f"127.0.0.1:{self.server.server_address[1]}")}
        elif kind == "round":
            status, headers = 302, {"Location": self.path}
        elif kind == "missing":
            status = 404
        elif kind == "bomb":
            body, headers = gzip.compress(bytes(5_000_000)), {"Content-Encoding": "gzip"}
        elif kind == "data":
            body, headers = b'["One. Two."]', {"Content-Type": "application/json"}
        elif kind == "endless":
            self.send_response(200)
            self.send_header("Content-Length", "88888888888")
            self.end_headers()
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if kind != "slow":
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b"x" * 1)
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            left.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page(host: str) -> None:
    """Bytes, address without fragment, name, and what the server says of it."""
    answer = fetch(f"{host}/page/minutes%20of%20May.html#x", Limits())
    assert (answer.content, answer.url) == (PAGE, f"{host}/page/minutes%20of%20May.html")
    assert (answer.name, answer.format, answer.charset) == ("minutes of May.html", "html", "windows-1251")
    assert answer.at.utcoffset() is not None


def test_redirections_are_followed_to_the_last_address(host: str) -> None:
    """The final one is kept."""
    assert fetch(f"{host}/to//page/b", Limits()).url == f"{host}/page/b"


REFUSED = {
    "round": "more than 5 redirections",
    "missing": "answered 404",
    "to/file:///etc/passwd": "redirects to file:///etc/passwd, which is not followed",
    "to/ftp://example.org/": "which is not followed",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_not_followed(host: str, path: str) -> None:
    """Circles, errors, and other schemes."""
    with pytest.raises(EndpointError, match=REFUSED[path]):
        fetch(f"{host}/{path}", Limits())


def test_nothing_private_from_a_public_address(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page cannot have this machine ask its own network."""
    own = fetching._is_public
    monkeypatch.setattr(fetching, "_is_public", lambda url: "/to/" in url or own(url))
    asked.clear()
    with pytest.raises(EndpointError, match="not on the public web"):
        fetch(f"{host}/to/http://HOST/secret", Limits())
    assert not any("secret" in path and "/to/" not in path for path in asked)


def test_from_https_to_http_is_not_followed() -> None:
    """What was asked for in private is not told in public."""
    with pytest.raises(EndpointError, match="not followed"):
        fetching._redirected("https://example.org/", "http://example.org/", public=False)


def test_size_and_time_are_bounded(host: str) -> None:
    """Unpacked bytes count; bytes that come one by one do not hold up the end."""
    with pytest.raises(LimitExceeded, match="more than 1,000,000 bytes"):
        fetch(f"{host}/bomb/", Limits(intake_bytes=1_000_000))
    with pytest.raises(LimitExceeded, match=r"more than 0\.2 seconds"):
        fetch(f"{host}/slow/", Limits(intake_seconds=0.2))
    assert left.wait(10)


@pytest.mark.parametrize(
    ("url", "message"),
    [("http://", "not a valid URL"), ("http://[x", "not a valid URL"), ("http://a:b@example.org/", "has a user name")],
)
def test_addresses_that_cannot_be_asked(url: str, message: str) -> None:
    """Nothing is sent."""
    with pytest.raises(UsageError, match=message):
        fetch(url, Limits())


def test_nobody_answers() -> None:
    """A port that nobody listens at."""
    with pytest.raises(EndpointError, match="cannot be fetched"):
        fetch("http://127.0.0.1:9/", Limits())


def test_too_much_is_refused_before_it_comes(host: str) -> None:
    """By the length that the server says."""
    with pytest.raises(LimitExceeded, match="has more than"):
        fetch(f"{host}/endless/x", Limits())


def test_a_media_type_that_is_no_text(host: str) -> None:
    """It is kept, so that data do not become sentences; without a type, the content tells."""
    answer = fetch(f"{host}/data/minutes", Limits())
    assert answer.format == "application/json"
    with pytest.raises(ParseError, match="it is application/json, as its server says"):
        format_of(answer.content, answer.name, answer.format)
    assert format_of(answer.content, answer.name) == "text"


def test_the_encoding_of_a_text_is_what_its_server_says() -> None:
    """A byte order mark counts more."""
    text = "Größe – „ja“."
    for data in (text.encode("cp1252"), text.encode("utf-8-sig")):
        for name, read in (("text", extract_plain), ("markdown", extract_markdown)):
            assert format_of(data, "", name, "iso-8859-1") == name
            assert read(data, Limits(), "iso-8859-1").text == f"{text}\n"
