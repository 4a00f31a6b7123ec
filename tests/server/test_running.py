"""Starting, stopping, reading anew, being watched; and requests that no browser sends."""

import asyncio
import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import ProjectError
from isoc_kg.limits import ServerLimits
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.server.app import Application
from isoc_kg.server.content import snapshot as content_snapshot
from isoc_kg.server.content.snapshot import Snapshot

from .processes import until
from .running import Running, running
from material import ROOT


def test_a_changed_publication(harbour: Path) -> None:
    """SIGHUP: from one moment on everything is new, and no answer is of both."""
    with running("--project", harbour, cwd=harbour) as server:
        facts = harbour / "facts/harbour.ttl"
        text = facts.read_text()
        seen: list[tuple[str, str]] = []
        done = threading.Event()

        def watch() -> None:
            with httpx.Client(base_url=server.address, timeout=30) as client:
                while not done.is_set():
                    found = client.get(
                        "sparql",
                        params={"query": "SELECT ?n { id:oak schema:name ?n FILTER(LANG(?n) = 'en') }"},
                        headers={"accept": "text/csv"},
                    )
                    page = client.get("id/oak.html")
                    assert (found.status_code, page.status_code) == (200, 200)
                    seen.append((found.text.split()[1], re.findall("<h1[^>]*>([^<]*)</h1>", page.text)[0]))

        def watched() -> None:
            """Wait until what is served was looked at again."""
            number = len(seen) + 3
            until(lambda: len(seen) >= number or not thread.is_alive(), "it answers")

        thread = threading.Thread(target=watch)
        thread.start()
        watched()
        facts.write_text(text.replace('"oak"@en', '"Oak"@en'))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.logs("reloaded") > 0, "it is read again")
        watched()
        facts.write_text(text + "this is no Turtle")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.logs("reload failed") > 0, "what cannot be read is noticed")
        watched()
        done.set()
        thread.join()
        assert seen[0] == ("oak", "oak")
        assert seen[-1] == ("Oak", "Oak")  # what cannot be read leaves the old one in place
        turned = next(number for number, pair in enumerate(seen) if "Oak" in pair)
        assert all(pair == ("Oak", "Oak") for pair in seen[turned + 1 :])


@pytest.mark.parametrize("kind", ["project", "store"])
def test_a_link_to_another_folder(harbour: Path, here: Path, kind: str) -> None:
    """A link that leads to a new folder, and SIGHUP, publish that; and the old one again when it leads back."""
    new = here / "new"
    if kind == "project":
        shutil.copytree(harbour, new)
        facts = new / "facts/harbour.ttl"
        facts.write_text(facts.read_text().replace('"oak"@en', '"Oak"@en'))
        old, arguments = harbour, ("--project", here / "current")
    else:
        old, arguments = here / "old", ("--project", harbour, "--store", here / "current")
        for folder, name in ((old, "oak"), (new, "Oak")):
            ox.Store(str(folder)).load(
                f'<urn:oak> <https://schema.org/name> "{name}"@en .'.encode(), format=ox.RdfFormat.N_TRIPLES
            )
    (here / "current").symlink_to(old)
    query = "SELECT (STR(?n) AS ?name) { ?s <https://schema.org/name> ?n FILTER(STR(?n) IN ('oak', 'Oak')) }"
    with running(*arguments, cwd=here) as server:
        assert server.query(query, "text/csv").text.split() == ["name", "oak"]
        for reloads, (folder, name) in enumerate(((new, "Oak"), (old, "oak")), 1):
            (here / "next").symlink_to(folder)
            (here / "next").replace(here / "current")
            server.process.send_signal(signal.SIGHUP)
            until(lambda number=reloads: server.logs("reloaded") >= number, "it is read again")  # type: ignore[misc]
            assert server.query(query, "text/csv").text.split() == ["name", name]


@pytest.mark.parametrize("light", [10**9, 0], ids=["light", "heavy"])
def test_the_old_state_is_gone(harbour: Path, light: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each reload what was served before takes no memory, whoever makes it."""
    monkeypatch.setattr(content_snapshot, "_LIGHT_LINES", light)

    async def reloads() -> list[object]:
        app = Application(
            lambda: Snapshot(Publication.of_project(load_project(harbour)), None, 0.0),
            ServerLimits(),
            address="http://127.0.0.1/",
            log=False,
        )
        await app.start()
        before = []
        for _ in range(3):
            before.append(weakref.ref(app.services.snapshot))
            app.reload()
            while app._reloading or (app._retiring and not app._retiring.done()):
                await asyncio.sleep(0.01)
        await app.stop()
        return [found() for found in before]

    try:
        assert asyncio.run(reloads()) == [None] * 3
    finally:
        gc.unfreeze()


def test_a_graceful_end(harbour: Path) -> None:
    """What runs when the signal comes is answered; then the process ends well."""
    with running("--project", harbour, cwd=harbour) as server:
        text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) > STRLEN(STR(?f))) }"
        answers: list[httpx.Response] = []
        thread = threading.Thread(target=lambda: answers.append(server.query(text)))
        thread.start()
        while "isoc_kg_queries_running 1" not in server.get("metrics").text and thread.is_alive():
            time.sleep(0.01)
        server.process.send_signal(signal.SIGTERM)
        thread.join()
        server.process.wait(20)
        # a machine that is busy with other things may not have done it within the grace
        assert answers[0].status_code == 200 or "stopped" in answers[0].json()["detail"]
        assert server.process.returncode == 0


def test_what_others_reach(tmp_path: Path) -> None:
    """A server that is not on the loopback alone says what is open, and whom it believes."""
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--no-log", str(ROOT / "out" / "facts.ttl")]
    for arguments, believed in (
        (["--host", "0.0.0.0"], "nobody"),
        (["--host", "::", "--forwarded-from", "10.0.0.0/8"], "10.0.0.0/8"),
    ):
        process = subprocess.Popen([*command, *arguments], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            lines = [process.stderr.readline() for _ in range(3)]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
        assert "listening at" in lines[0]
        assert f"open to whoever reaches {arguments[1]}, without password or encryption" in lines[1]
        assert f"believed about the addresses of clients: {believed}" in lines[2]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """One message with what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "isoc_kg", "serve", "--port", port],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert "cannot listen" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_does_not_conform_is_not_served(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """As with `publish`: findings with their places, exit code 1."""
    facts = harbour / "facts/harbour.ttl"
    facts.write_text(facts.read_text() + '\nid:oak schema:name "bare" .\n')
    assert "harbour.ttl" in cli("serve", "--port", "0", "--project", harbour, code=1).stderr


def test_more_triples_than_are_served_from_files(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The message says what serves them; up to the limit they are served."""
    settings_ = harbour / "kg.toml"
    settings_.write_text(settings_.read_text() + "\n[server]\nfile_triples = 3\n")
    data = harbour / "data.nt"
    lines = [f'<http://e.example/s> <http://e.example/p> "{number}" .\n' for number in range(4)]
    data.write_text("".join(lines[:3]))
    with running("--project", harbour, data, cwd=harbour) as server:
        assert server.get("").status_code == 200
    data.write_text("".join(lines))
    stderr = cli("serve", "--port", "0", "--project", harbour, data, code=3).stderr
    assert "4 triples" in stderr
    assert "serve --store DIR" in stderr


@pytest.mark.parametrize("section", ["limits", "server"])
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("{} = -1", "“{}” must be a number above zero."),
        ("{} = nan", "“{}” must be a number above zero."),
        ("{} = 'two'", "“{}” must be a number above zero."),
        ("{} = true", "“{}” must be a number above zero."),
        ("{} = 0.5", "“{}” must be a whole number."),
        ("{}s = 3", "there is no setting “{}s”"),
    ],
)
def test_limits_are_read_alike(harbour: Path, section: str, setting: str, message: str) -> None:
    """A wrong limit of input and one of the server get the same message, with file and line."""
    name = {"limits": "max_query_bytes", "server": "query_bytes"}[section]
    kg = harbour / "kg.toml"
    text = kg.read_text() + f"\n[{section}]\n"
    kg.write_text(text + setting.format(name) + "\n")
    with pytest.raises(ProjectError) as caught:
        load_project(harbour)
    assert caught.value.message.startswith(message.format(name))
    assert (caught.value.file, caught.value.line) == (kg, text.count("\n") + 1)


def test_limits_are_set(harbour: Path) -> None:
    """Each limit has the type that it is declared with, and the others stay."""
    kg = harbour / "kg.toml"
    kg.write_text(kg.read_text() + "\n[server]\nquery_seconds = 3\nquery_bytes = 2e3\n")
    limits = load_project(harbour).server
    assert (limits.query_seconds, limits.query_bytes) == (3.0, 2000)
    assert isinstance(limits.query_seconds, float)
    assert isinstance(limits.query_bytes, int)
    assert limits.result_rows == ServerLimits().result_rows


@pytest.mark.parametrize("setting", ["query_seconds = -1", "seconds = 3", 'workers = "two"'])
def test_settings_that_are_none(harbour: Path, setting: str, cli) -> None:  # type: ignore[no-untyped-def]
    """A wrong limit is told with its file."""
    kg = harbour / "kg.toml"
    kg.write_text(kg.read_text() + f"\n[server]\n{setting}\n")
    assert "kg.toml" in cli("serve", "--port", "0", "--project", harbour, code=3).stderr


def test_health_metrics_and_logs(harbour: Path) -> None:
    """What operators look at: health, counters, a line of JSON for each request with its id."""
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--project", str(harbour)]
    process = subprocess.Popen(command, cwd=harbour, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found
        server = Running(found[0], process)
        server.wait()
        health = server.get("health").json()
        assert health["status"] == "ok"
        assert re.fullmatch("sha256:[0-9a-f]{64}", health["digest"])
        answer = server.get("id/oak.html")
        server.get("id/none")
        metrics = server.get("metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'isoc_kg_requests_total{kind="page",status="200"} 1' in metrics.text
        assert 'isoc_kg_requests_total{kind="data",status="404"} 1' in metrics.text
        for line in metrics.text.splitlines():
            assert re.fullmatch(r"# (HELP|TYPE) \w+ .*|\w+(\{[^}]*\})? [\d.e+-]+", line), line
    finally:
        process.terminate()
        process.wait(20)
    lines = [json.loads(line) for line in process.stderr if line.startswith("{")]
    process.stderr.close()
    entry = next(line for line in lines if line.get("request") == answer.headers["x-request-id"])
    assert (entry["path"], entry["status"], entry["method"]) == ("/id/oak.html", 200, "GET")


# -- hostile requests ----------------------------------------------------------


def raw(server: Running, data: bytes, seconds: float = 0.5, *, whole: bool = False) -> bytes:
    """What comes back for bytes, until the other side closes or says nothing for so long.

    With `whole` the other side is told that there are no more, so that it closes in any case.
    """
    host, port = server.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(data)
        if whole:
            connection.shutdown(socket.SHUT_WR)
        else:
            connection.settimeout(seconds)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except (TimeoutError, ConnectionResetError):
            pass  # it waits for the rest of a request that is not whole
    return b"".join(parts)


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "id/../../kg.toml",
        "theme/../../pyproject.toml", "//etc/passwd", "id/%00", "id/manrs.html%00.ttl", "id/a%0d%0aSet-Cookie:%20x=1",
        "id/%ff%fe", "..\\..\\kg.toml", "id/" + "a" * 20000, ".isoc-kg.json", "kg.toml", "facts/organisations.ttl",
        "C:/kg.toml", "id/manrs?format=../../x", "id/manrs?profile=%0d%0ax", "claim/x%0d%0a.0123456789abcdef",
    ],
)  # fmt: skip
def test_paths_that_climb_or_inject(shipped: Running, path: str) -> None:
    """Nothing outside the publication, no header of the client's making, no 500."""
    answer = raw(shipped, f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"), 30)
    status = answer.split(b" ", 2)[1]
    assert status in (b"400", b"404", b"406", b"303", b"431", b"414")
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"set-cookie" not in head.replace(b"%0d%0aset-cookie", b"")
    assert b"root:" not in answer


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW", "get"]),
    path=st.binary(max_size=60).map(lambda b: re.sub(rb"[\x00-\x20\x7f]", b"", b)),
    headers=st.lists(
        st.tuples(
            st.sampled_from([
                "Accept", "Accept-Encoding", "Accept-Profile", "Range", "If-None-Match", "If-Modified-Since",
                "If-Range", "Content-Type", "Content-Length", "Transfer-Encoding", "Host", "Forwarded",
                "X-Forwarded-For", "Cookie",
            ]),
            st.binary(max_size=40).map(lambda b: re.sub(rb"[\x00-\x1f\x7f]", b" ", b)),
        ),
        max_size=5,
    ),
    body=st.binary(max_size=200),
)  # fmt: skip
def test_any_request(shipped: Running, method: str, path: bytes, headers: list[tuple[str, bytes]], body: bytes) -> None:
    """Whatever comes, the answer is HTTP, and never a 500."""
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    request = method.encode() + b" /" + path + b" HTTP/1.1\r\nConnection: close\r\n" + lines + b"\r\n" + body
    answer = raw(shipped, request, whole=True)
    if answer:
        assert re.match(rb"HTTP/1\.1 [2345]\d\d ", answer)
        assert not answer.startswith(b"HTTP/1.1 500")


def test_smuggling(shipped: Running) -> None:
    """Two lengths, or a length beside chunks, are one request or none, never two."""
    inner = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for head in (
        b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(inner),
        b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n" % len(inner),
        b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n",
        b"Content-Length: +0\r\n",
    ):
        answer = raw(
            shipped,
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n" + head + b"\r\n" + inner,
        )
        assert b'"digest"' not in answer or answer.count(b"HTTP/1.1 400") == 1, answer


def test_cache_poisoning(shipped: Running) -> None:
    """What one client's headers change does not reach another whose request is the same for caches."""
    clean = shipped.get("id/manrs.html", accept_encoding="identity")
    for name in (
        "x-forwarded-host",
        "x-forwarded-scheme",
        "x-original-url",
        "x-rewrite-url",
        "forwarded",
        "host",
        "x-http-method-override",
    ):
        httpx.get(shipped.address + "id/manrs.html", headers={name: "evil.example"})
    assert shipped.get("id/manrs.html", accept_encoding="identity").content == clean.content
    for _ in range(2):
        packed = httpx.get(
            shipped.address + "id/ietf.html", headers=[("accept-encoding", "gzip"), ("accept-encoding", "identity")]
        )
        assert packed.headers.get("content-encoding") == "gzip"
        assert "content-encoding" not in shipped.get("id/ietf.html", accept_encoding="identity").headers
    assert shipped.get("id/manrs", "text/turtle").headers["location"] == "/id/manrs.ttl"
    assert shipped.get("id/manrs", "text/html").headers["location"] == "/id/manrs.html"


def test_no_entities(tmp_path: Path) -> None:
    """RDF/XML with entities is refused before it is served: nothing is read from elsewhere."""
    (tmp_path / "secret").write_text("hidden words")
    (tmp_path / "x.rdf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a">'
        "<p xmlns='urn:'>&e;</p></rdf:Description></rdf:RDF>"
    )
    done = subprocess.run(
        [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "x.rdf"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "hidden words" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_no_room_for_temporary_files(tmp_path: Path) -> None:
    """Where none can be written, it does not start, and names their folder."""
    (tmp_path / "data.nt").write_text("".join(f"<urn:s{n}> <urn:p> <urn:o> .\n" for n in range(1000)))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from isoc_kg.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", "--port", "0", "data.nt"],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert f"no temporary file in {tmp_path} (TMPDIR)" in done.stderr
    assert "Traceback" not in done.stderr
