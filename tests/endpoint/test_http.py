"""Requests to stores: what is repeated, what is not, and what is said when one fails."""

import socket
import subprocess
import sys

import pytest

from endpoint.misbehaving import answering
from isoc_kg.endpoint import Credentials, Endpoint, Http
from isoc_kg.errors import EndpointError, UsageError

TEXT = {"Content-Type": "text/plain"}


def patient() -> tuple[Http, list[float]]:
    """A client that writes its pauses down in place of taking them."""
    pauses: list[float] = []
    return Http(pause=pauses.append, timeout=2.0), pauses


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_repeatable_requests_are_repeated(status: int) -> None:
    """A store that is busy is asked again, after growing pauses."""
    client, pauses = patient()
    with client, answering((status, TEXT, b"busy"), (status, TEXT, b"busy"), (200, TEXT, b"done")) as script:
        assert client.send("GET", script.url, repeatable=True).body == b"done"
    assert len(script.requests) == 3
    assert len(pauses) == 2
    assert client.repeated == 2
    assert pauses[1] > pauses[0] * 0.9


def test_what_is_not_repeatable_is_sent_once() -> None:
    """A request that would change something twice is not sent twice."""
    client, pauses = patient()
    with client, answering((503, TEXT, b"busy")) as script, pytest.raises(EndpointError, match="503"):
        client.send("POST", script.url, content=b"x", repeatable=False)
    assert len(script.requests) == 1
    assert pauses == []


def test_retry_after_is_heeded_within_reason() -> None:
    """The pause is the one that the store asks for, half a minute at most."""
    client, pauses = patient()
    busy, long = {"Retry-After": "3"}, {"Retry-After": "86400"}
    with client, answering((429, busy, b""), (429, long, b""), (200, TEXT, b"")) as script:
        client.send("GET", script.url, repeatable=True)
    assert pauses == [3.0, 30.0]


def test_it_ends_with_what_the_store_said() -> None:
    """After some tries the error tells the status and the store's words, without markup and control characters."""
    client, pauses = patient()
    page = b"<html><head><title>x</title></head><body><h1>Out of\x1b[31m coffee</h1></body></html>"
    with client, answering((503, {"Content-Type": "text/html"}, page)) as script, pytest.raises(EndpointError) as told:
        client.send("GET", script.url, repeatable=True)
    assert told.value.status == 503
    assert told.value.excerpt == "Out of [31m coffee"
    assert len(script.requests) == 5
    assert len(pauses) == 4


def test_a_lost_connection() -> None:
    """A connection that breaks off is told as that, and tried again where that is safe."""
    client, _ = patient()
    with client, answering((0, {}, b""), (200, TEXT, b"done")) as script:
        assert client.send("PUT", script.url, content=b"x", repeatable=True).body == b"done"
    client, _ = patient()
    with client, answering((0, {}, b"")) as script, pytest.raises(EndpointError, match="broke off") as told:
        client.send("POST", script.url, content=b"x", repeatable=False)
    assert told.value.status is None
    assert len(script.requests) == 1


def test_a_body_cut_short() -> None:
    """A body that ends before its announced length is no answer."""
    client, _ = patient()
    cut = {"Content-Type": "text/plain", "Content-Length": "100", "Connection": "close"}
    with client, answering((200, cut, b"part")) as script, pytest.raises(EndpointError, match="broke off"):
        client.send("POST", script.url, content=b"x", repeatable=False)


def test_a_body_without_end() -> None:
    """What is longer than the limit is given up while it comes."""
    client = Http(max_bytes=1000)
    with client, answering((200, TEXT, b"x" * 5000)) as script, pytest.raises(EndpointError, match="more than 1,000"):
        client.send("GET", script.url, repeatable=True)


def test_silence() -> None:
    """A store that says nothing is given up after the time-out."""
    client, _ = patient()
    client.timeout = 0.2
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with client, pytest.raises(EndpointError, match=r"no answer for 0\.2 seconds") as told:
            client.send("POST", url, content=b"x", repeatable=False)
    assert not told.value.unsent


def test_nobody_there() -> None:
    """A refused connection is told at once."""
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    client, pauses = patient()
    with client, pytest.raises(EndpointError, match="cannot reach") as told:
        client.send("GET", f"http://127.0.0.1:{port}/", repeatable=True)
    assert told.value.unsent
    assert pauses == []


def test_redirects_are_shown_not_followed() -> None:
    """Credentials go to the address that was named, and to no other."""
    client = Http(credentials=Credentials("basic", "me", "secret"))
    with (
        client,
        answering((307, {"Location": "http://127.0.0.1:1/elsewhere"}, b"")) as script,
        pytest.raises(EndpointError, match="another address") as told,
    ):
        client.send("GET", script.url, repeatable=True)
    assert told.value.advice
    assert "http://127.0.0.1:1/elsewhere" in told.value.advice


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Credentials("basic", "me", "secret"), "Basic bWU6c2VjcmV0"),
        (Credentials("bearer", secret="token"), "Bearer token"),
    ],
)
def test_signing_in(credentials: Credentials, header: str) -> None:
    """Each scheme sends its header."""
    with Http(credentials=credentials) as client, answering((200, TEXT, b"")) as script:
        client.send("GET", script.url, repeatable=True)
    assert script.requests[0][2]["authorization"] == header


def test_secrets_are_not_shown() -> None:
    """No form of credentials, and no error, shows the password."""
    credentials = Credentials("basic", "me", "secret")
    assert "secret" not in repr(credentials) + str(credentials)
    with (
        Http(credentials=credentials) as client,
        answering((401, TEXT, b"no")) as script,
        pytest.raises(EndpointError) as told,
    ):
        client.send("GET", script.url, repeatable=True)
    assert "secret" not in str(told.value)
    assert "ISOC_KG_PASSWORD" in str(told.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://host/x", "not a valid URL"),
        ("sparql", "not a valid URL"),
        ("http://", "not a valid URL"),
        ("http://me:secret@127.0.0.1/", "list of processes"),
        ("http://host name/", "not a valid URL"),
        ("http://127.0.0.1:99999/", "not a valid URL"),
        ("http://[::1/", "not a valid URL"),
    ],
)
def test_addresses(url: str, message: str) -> None:
    """What is no address, or shows a password, is refused before anything is sent."""
    with Http() as client, pytest.raises(UsageError, match=message) as told:
        client.send("GET", url, repeatable=False)
    assert "secret" not in str(told.value)


def test_a_full_store() -> None:
    """A store that says that it is full is understood, whatever status it says it with."""
    with (
        Http() as client,
        answering((500, TEXT, b"IO error: No space left on device")) as script,
        pytest.raises(EndpointError, match="no room left"),
    ):
        client.send("PUT", script.url, content=b"x", repeatable=False)


def test_headers_cannot_be_smuggled() -> None:
    """A header's value with a line feed is an error, not a second header."""
    with Http() as client, answering((200, TEXT, b"")) as script, pytest.raises((EndpointError, UsageError)):
        client.send("GET", script.url, headers={"Accept": "a\r\nX-Evil: 1"}, repeatable=False)
    assert all("x-evil" not in headers for _, _, headers, _ in script.requests)


def test_the_http_library_is_loaded_when_something_is_sent() -> None:
    """Making a client loads nothing heavy."""
    code = "import sys; from isoc_kg.endpoint import Endpoint; Endpoint('http://h/'); print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_part_of_a_result() -> None:
    """What a store sends when its time was over is an error, though its status is 200."""
    body = b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}'
    late = {"Content-Type": "application/sparql-results+json", "X-SQL-State": "S1TAT"}
    with (
        answering((200, late, body)) as script,
        Endpoint(script.url) as endpoint,
        pytest.raises(EndpointError, match="a part of the result"),
    ):
        endpoint.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_a_stores_home_page() -> None:
    """Who names the address of the store itself learns where its queries go."""
    with answering((200, {"Content-Type": "text/html"}, b"<html>")) as script:
        site = "/".join(script.url.split("/")[:3])
        with Endpoint(f"{site}/") as endpoint, pytest.raises(EndpointError) as raised:
            endpoint.select("SELECT ?n { ?s ?p ?n }")
    assert f"{site}/query in Oxigraph" in str(raised.value)


@pytest.mark.parametrize(
    ("type_", "body", "message"),
    [
        ("text/html", b"<html><body>Please sign in to the WiFi</body></html>", "a web page, not with SPARQL results"),
        (
            "application/sparql-results+json",
            b'{"head": {"vars": ["n"]}, "results": {"bin',
            "break off or are malformed",
        ),
        ("application/sparql-results+json", b'{"head": {}, "boolean": true}', "yes or no to a SELECT"),
        ("application/sparql-results+json", b"[" * 100_000, "malformed"),
        ("application/sparql-results+xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><sparql>&a;</sparql>", "malformed"),
        ("", b"", "something without a media type"),
    ],
)
def test_what_is_no_result(type_: str, body: bytes, message: str) -> None:
    """A proxy's page, half a result, or something else is told as what it is."""
    with (
        answering((200, {"Content-Type": type_}, body)) as script,
        Endpoint(script.url) as endpoint,
        pytest.raises(EndpointError, match=message),
    ):
        endpoint.select("SELECT ?n { ?s ?p ?n }")
