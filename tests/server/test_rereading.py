"""SIGHUP when what is to be read cannot be, or never ends: the server goes on, and reads what comes after it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isoc_kg.limits.regular_files import read_regular

from .processes import until
from .running import Running, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")

DATA = "<https://harbour.example/kg/id/{}> <http://www.w3.org/2000/01/rdf-schema#label> 'x' .\n"


class Logged(Running):
    """A server whose log is read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"listening at (http://127\.0\.0\.1:\d+/)", line)
        if not found:
            process.kill()
        assert found, line + process.communicate()[1]
        super().__init__(found[1], process)
        self.log: list[dict[str, object]] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("{"):
                self.log.append(json.loads(line))

    def reload(self) -> None:
        """Tell it to."""
        self.process.send_signal(signal.SIGHUP)

    def events(self, name: str) -> list[dict[str, object]]:
        """Of the log."""
        return [event for event in self.log if event["event"] == name]

    def wait_for(self, event: str, number: int = 1) -> str:
        """The error of the last of so many events."""
        until(lambda: len(self.events(event)) >= number, f"{event}: {self.log}")
        return str(self.events(event)[-1].get("error", ""))

    def end(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self._reading.join()
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture
def here(harbour: Path) -> Path:
    """A project's folder."""
    return harbour


@pytest.fixture
def start(here: Path) -> Iterator[Callable[..., Logged]]:
    """Starts a server of data.ttl, with these settings."""
    servers = []

    def start_with(**settings: float) -> Logged:
        (here / "data.ttl").write_text(DATA.format("first"))
        table = "\n".join(f"{name} = {value}" for name, value in settings.items())
        (here / "kg.toml").write_text((here / "kg.toml").read_text() + f"\n[server]\n{table}\n")
        command = [sys.executable, "-m", "isoc_kg", "serve", "data.ttl", "--project", ".", "--port", "0"]
        command.append("--no-log")
        process = subprocess.Popen(command, cwd=here, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        servers.append(Logged(process))
        servers[-1].wait()
        return servers[-1]

    yield start_with
    for server in servers:
        server.end()


def make_socket(path: Path) -> None:
    """A socket, which stays when it is closed."""
    with socket.socket(socket.AF_UNIX) as made:
        before = Path.cwd()
        os.chdir(path.parent)  # its path may be longer than one of a socket may be
        made.bind(path.name)
        os.chdir(before)


def make_large(path: Path) -> None:
    """40 GB, all of them holes."""
    with path.open("wb") as file:
        file.truncate(40_000_000_000)


#: How what is no data comes to be, and what the log says of it.
NO_DATA: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "it is a pipe, not a regular file"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a regular file"),
    "a terminal": (lambda path: path.symlink_to("/dev/tty"), "it is a device, not a regular file"),
    "a socket": (make_socket, "it is a socket, not a regular file"),
    "a folder": (Path.mkdir, "it is a folder, not a regular file"),
    "40 GB": (make_large, "the limit is"),
    "random bytes": (lambda path: path.write_bytes(b"\xfe\xd8\x00" * 1000), "it looks like a binary file"),
    "too many brackets": (lambda path: path.write_text("<a:b> <a:b> " + "[" * 100_000), "data.ttl:1"),
    "nothing": (lambda path: None, "no such file"),
}


def test_what_is_no_data(here: Path, start: Callable[..., Logged]) -> None:
    """It is refused with its reason, what was served stays; the next reload is served."""
    server = start()
    path = here / "data.ttl"
    for number, (name, (make, reason)) in enumerate(NO_DATA.items(), 1):
        path.rmdir() if path.is_dir() else path.unlink()
        make(path)
        server.reload()
        error = server.wait_for("reload failed", number)
        assert reason in error, (name, error)
        assert server.get("id/first").status_code == 303, name
    path.write_text(DATA.format("second"))
    server.reload()
    server.wait_for("reloaded")
    assert server.get("id/second").status_code == 303
    assert server.get("id/first").status_code == 404


def memory(pid: int) -> int:
    """Bytes that a process has had at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def test_memory_of_a_reload(here: Path, start: Callable[..., Logged]) -> None:
    """What needs more than it may ends the process that reads it, and not the server, which takes none for it."""
    server = start(reload_memory_bytes=600_000_000)
    before = memory(server.process.pid)
    with (here / "data.ttl").open("wb") as file:
        file.truncate(3_000_000_000)
    server.reload()
    assert "memory" in server.wait_for("reload failed")
    assert memory(server.process.pid) < before + 50_000_000
    assert server.get("id/first").status_code == 303


def test_deadline_of_a_reload(here: Path, start: Callable[..., Logged]) -> None:
    """Reading that does not end is ended; signals meanwhile are told of, and obeyed afterwards."""
    server = start(reload_seconds=8.0)
    readers = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    own = set(readers.read_text().split())
    server.reload()
    until(lambda: bool(set(readers.read_text().split()) - own), "it reads")
    (reader,) = map(int, set(readers.read_text().split()) - own)
    # not before it is another program: until then the server waits for it
    until(lambda: b"reader" in Path(f"/proc/{reader}/cmdline").read_bytes(), "the reader runs")
    os.kill(reader, signal.SIGSTOP)
    (here / "data.ttl").write_text(DATA.format("second"))
    for _ in range(50):
        server.reload()
    assert "within 8 seconds" in server.wait_for("reload failed")
    server.wait_for("reloaded")
    assert len(server.events("reload")) == 1
    assert server.get("id/second").status_code == 303


def test_a_reader_ends_with_its_server(here: Path, start: Callable[..., Logged]) -> None:
    """However that ends, at once."""
    server = start()
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    own = set(children.read_text().split())
    server.reload()
    until(lambda: bool(set(children.read_text().split()) - own), "it reads")
    pids = children.read_text().split()
    server.process.kill()
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() and _runs(pid) for pid in pids), "they end")


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_regular_files(here: Path) -> None:
    """They are read whole, up to a limit, also when their size is not known before."""
    file = here / "a"
    file.write_bytes(b"x" * 3_000_000)
    assert len(read_regular(file)) == 3_000_000
    assert len(read_regular(file, 3_000_000)) == 3_000_000
    with pytest.raises(OSError, match="more than 2,999,999 bytes"):
        read_regular(file, 2_999_999)
    assert read_regular("/proc/self/stat").startswith(str(os.getpid()).encode())
    with pytest.raises(FileNotFoundError):
        read_regular(here / "none")


def test_what_is_behind_an_endpoint(tmp_path: Path) -> None:
    """It is read again by the other process, too; where the store is gone, the old state stays and health says so."""
    data = tmp_path / "data.nt"
    data.write_text(DATA.format("one").replace("'", '"'))
    here = tmp_path / "here"
    here.mkdir()
    (here / "kg.toml").write_text(
        'name = "h"\ntitle = "H"\ndescription = "D"\nbase = "https://harbour.example/kg/"\nlanguage = "en"\n'
        'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "C"\n'
        'created = 2026-01-02\nmodified = 2026-02-03\nversion = "1.0.0"\n'
    )
    with running(data, cwd=tmp_path) as store:
        endpoint = f"{store.address}sparql"
        with running("--project", here, "--endpoint", endpoint, cwd=here) as server:
            assert server.get("id/one.html").status_code == 200
            assert server.get("health").status_code == 200
            data.write_text(DATA.format("two").replace("'", '"'))
            store.process.send_signal(signal.SIGHUP)
            until(lambda: "id/two" in store.query("SELECT * { ?s ?p ?o }").text, "the store has the new state")
            server.process.send_signal(signal.SIGHUP)
            until(lambda: server.logs("reloaded") == 1, "it is read again")
            assert server.get("id/two.html").status_code == 200
            assert server.get("id/one.html").status_code == 404
            store.process.terminate()
            store.process.wait(30)
            server.process.send_signal(signal.SIGHUP)
            until(lambda: server.logs("reload failed") == 1, "it cannot be read")
            assert server.get("id/two.html").status_code == 200
            until(lambda: server.get("health").status_code == 503, "no query is answered")
            assert "does not answer" in server.get("health").json()["status"]
            assert server.query("ASK {}").status_code == 502
