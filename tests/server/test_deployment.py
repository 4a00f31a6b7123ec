"""The files of docs/deployment: what clients get through nginx and Caddy set up so, and what the unit runs."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from isoc_kg.cli.serve import serve

from .processes import until
from .running import Running, running
from .test_limits import CROSS
from material import ROOT

FILES = ROOT / "docs" / "deployment"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = shutil.which("caddy")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """A text with the addresses of a test in place of its own."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def nginx(folder: Path, server: str, port: int) -> list[str]:
    """The command that runs nginx with the file, included as by a distribution's own file."""
    text = (FILES / "nginx.conf").read_text()
    text = replaced(text, ("listen 80;", f"listen 127.0.0.1:{port};"), ("127.0.0.1:8000", server))
    (folder / "isoc-kg.conf").write_text(text)
    user = "user www-data;\n" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}include {folder}/isoc-kg.conf;\n}}\n"
    )
    return [NGINX or "", "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]


def caddy(folder: Path, server: str, port: int) -> list[str]:
    """The command that runs Caddy with the file, without certificates."""
    text = (FILES / "Caddyfile").read_text()
    changes = ("example.org {", f"http://example.org:{port} {{\n\tbind 127.0.0.1"), ("127.0.0.1:8000", server)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + replaced(text, *changes))
    return [CADDY or "", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


@dataclass
class Fronted:
    """A server behind a proxy."""

    server: Running  #: whose address is its own
    port: int  #: of the proxy

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, source: str = "127.0.0.1", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by their names in lower case, and content that the proxy answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(source, 0))
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"host": "example.org", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def own(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """What the server itself answers."""
        return Fronted(self.server, int(self.server.address.rstrip("/").rpartition(":")[2])).ask(path, **headers)


@contextmanager
def program(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """A program until it listens, and while it is needed."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:

        def listens() -> bool:
            assert process.poll() is None, (folder / "output").read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        until(listens, "it listens")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def fronted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    """The shipped publication behind a proxy that is set up by the file."""
    name, command = {"nginx": (NGINX, nginx), "caddy": (CADDY, caddy)}[request.param]
    if name is None:
        pytest.skip(f"there is no {request.param} on this machine")
    folder = tmp_path_factory.mktemp(request.param)
    if os.geteuid() == 0:  # nginx answers as another user
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
    port = free_port()
    arguments = ("--project", ROOT, "--base", "https://example.org/kg/", "--forwarded-from", "127.0.0.1", "--log")
    with ExitStack() as stack:
        server = stack.enter_context(running(*arguments, cwd=folder))
        own = server.address.removeprefix("http://").rstrip("/")
        stack.enter_context(program(command(folder, own, port), folder, port))
        yield Fronted(server, port)


def test_answers_come_as_they_are(fronted: Fronted) -> None:
    """Coded and not, whole and in part, with their validators, lengths and links."""
    for headers in ({}, {"accept_encoding": "br"}, {"accept_encoding": "gzip"}, {"range": "bytes=5-99"}):
        for path in ("/kg/id/manrs.html", "/kg/id/manrs.ttl", "/kg/isoc-kg.nt"):
            (status, found, content), (same, ours, whole) = fronted.ask(path, **headers), fronted.own(path, **headers)
            assert (status, content) == (same, whole)
            names = ("etag", "content-length", "content-encoding", "content-range", "vary", "link", "cache-control")
            assert [found.get(name) for name in names] == [ours.get(name) for name in names]
            again = fronted.ask(path, **headers, if_none_match=ours["etag"])
            assert (again[0], again[1]["etag"], again[2]) == (304, ours["etag"], b"")
    status, found, _ = fronted.ask("/kg/id/manrs", accept="text/turtle")
    assert (status, found["location"]) == (303, "/kg/id/manrs.ttl")
    assert (
        fronted.ask("/kg/id/manrs.ttl", "HEAD")[1]["content-length"]
        == fronted.own("/kg/id/manrs.ttl")[1]["content-length"]
    )
    assert fronted.ask("/kg")[1]["location"].endswith("/kg/")


def test_addresses_go_on_as_they_came(fronted: Fronted) -> None:
    """Escapes, doubled slashes and long queries are the server's to read."""
    for path in (
        "/kg/describe?iri=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fc%23d", "/kg/id/a%2Fb", "/kg/id/%C3%A9",
        "/kg//id/manrs.html", "/kg/sparql?query=" + quote("ASK {} #" + "x" * 20_000),
    ):  # fmt: skip
        (status, found, _), (same, ours, _) = fronted.ask(path), fronted.own(path)
        assert (status, found.get("location")) == (same, ours.get("location")), path


def test_who_asks(fronted: Fronted) -> None:
    """The client is the one that the proxy sees, whatever it says of itself."""
    for number, headers in enumerate((
        {}, {"x_forwarded_for": "192.0.2.7"}, {"forwarded": "for=192.0.2.7"},
        {"x_forwarded_for": "192.0.2.7, 127.0.0.1", "forwarded": "for=192.0.2.9;proto=https, for=192.0.2.7"},
    )):  # fmt: skip
        fronted.ask(f"/kg/nothing-{number}", source="127.0.0.9", **headers)
        until(lambda path=f"nothing-{number}": any(path in line for line in fronted.server.lines), "it is logged")  # type: ignore[misc]
        line = next(line for line in fronted.server.lines if f"nothing-{number}" in line)
        assert '"client": "127.0.0.9"' in line


def test_the_server_says_what_is_too_much(fronted: Fronted) -> None:
    """Contents that are too long get its own problem details."""
    form = {"content_type": "application/sparql-query"}
    status, headers, _ = fronted.ask("/kg/sparql", "POST", b" " * 1_500_000, **form)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    for _ in range(10):  # as large as the proxy itself may find too much: it answers no 502
        assert fronted.ask("/kg/sparql", "POST", b" " * 2_500_000, **form)[0] == 413


def test_what_is_not_for_everybody(fronted: Fronted) -> None:
    """Metrics are there for those on the machine."""
    assert fronted.ask("/kg/metrics")[0] == 403
    assert fronted.own("/kg/metrics")[0] == 200


def test_a_client_that_leaves_the_proxy(fronted: Fronted) -> None:
    """Its query ends."""

    def runs(number: int) -> Callable[[], bool]:
        return lambda: f"isoc_kg_queries_running {number}\n".encode() in fronted.own("/kg/metrics")[2]

    with socket.create_connection(("127.0.0.1", fronted.port)) as connection:
        path = "/kg/sparql?query=" + quote(f"{CROSS} # {time.time()}")
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode())
        until(runs(1), "it runs")
        begun = time.monotonic()
    until(runs(0), "it has ended")
    assert time.monotonic() - begun < 25  # of thirty that it may take


def test_the_unit() -> None:
    """What it runs are options that there are, with the addresses of the proxies' files; systemd finds no fault."""
    text = (FILES / "isoc-kg.service").read_text()
    command = re.findall(r"^ExecStart=(.*)", text, re.MULTILINE)[0].split()
    assert command[1] == "serve"
    options = {option for parameter in serve.params for option in parameter.opts}
    assert options.issuperset(option for option in command if option.startswith("--"))
    values = dict(zip(command[2::2], command[3::2], strict=True))
    for name in ("nginx.conf", "Caddyfile"):
        other = (FILES / name).read_text()
        assert f"127.0.0.1:{values['--port']}" in other
        assert f"--base {values['--base']} --forwarded-from {values['--forwarded-from']}" in other


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine")
def test_the_unit_is_one(tmp_path: Path) -> None:
    """Each of its settings is one that systemd has."""
    text = (FILES / "isoc-kg.service").read_text()
    (tmp_path / "isoc-kg.service").write_text(replaced(text, ("/opt/isoc-kg/bin/isoc-kg", "/bin/true")))
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "isoc-kg.service")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "isoc-kg" in line]) == (0, [])
