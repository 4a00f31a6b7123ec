"""A server as users start it: a process of its own on a free port of the loopback, ended by its process id."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import httpx

from warm_start import Started, WarmStart

__all__ = ["Running", "essence", "running"]


@dataclass
class Running:
    """A running server."""

    address: str  #: with a slash at its end
    process: "subprocess.Popen[str] | Started"
    lines: list[str] = field(default_factory=list)  #: of its log, so far

    def get(self, path: str, accept: str | None = None, *, seconds: float = 120, **headers: str) -> httpx.Response:
        """GET without following redirections, waiting so long; `_` in names of headers stands for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept is not None:
            given["accept"] = accept
        return httpx.get(self.address + path, headers=given, timeout=seconds)

    def query(self, text: str, accept: str = "application/sparql-results+json", **more: str) -> httpx.Response:
        """A query by GET."""
        return httpx.get(
            self.address + "sparql", params={"query": text, **more}, headers={"accept": accept}, timeout=150
        )

    def logs(self, event: str) -> int:
        """How often its log has an event."""
        return sum(f'"event": "{event}"' in line for line in self.lines)

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(self.address + "health", timeout=10).raise_for_status()
            except httpx.TransportError:
                assert self.process.poll() is None
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the server does not answer")


@contextmanager
def running(*arguments: str | Path, cwd: Path) -> Iterator[Running]:
    """`isoc-kg serve` with these arguments, ready to answer."""
    command = ["serve", "--port", "0", "--no-log", *map(str, arguments)]
    process = WarmStart.current.process(command, cwd)
    reader = None
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"listening at (http://127\.0\.0\.1:\d+/)", line)
        assert found, line + process.stderr.read()
        server = Running(found[1], process)
        reader = Thread(target=lambda stderr: server.lines.extend(stderr), args=(process.stderr,), daemon=True)
        reader.start()
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader is not None:
            reader.join(20)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def essence(page: str) -> str:
    """A page without what leads to pages that a store has not: search, graph, downloads, what is not recorded.

    And without classes behind names, and what is said of things beside links to them, as pages have them where
    whoever makes them knows all things.
    """
    parts = (
        r'<nav.*?</nav>|<form class="search".*?</form>|<link rel="(?:linkset|collection)"[^>]*>|'
        r'<p><a href="[^"]*(?:explore|not-recorded)\.html.*?</p>|"@type": "BreadcrumbList".*?\}\]|'
        r" \([^()<]*\)(?=</a>)|<span class=\"beside\".*?</span>|\s"
    )
    return re.sub(parts, "", page, flags=re.DOTALL)
