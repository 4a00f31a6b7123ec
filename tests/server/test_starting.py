"""Signals that come while a server starts: none ends it but SIGTERM and SIGINT, and that in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.limits.starting import hung_up_at_start, starting

from .processes import below, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")

#: Sends signals to itself where reading begins, and where there are workers already.
_SCRIPT = """
import os, signal, sys
from isoc_kg.cli import main
number, place = signal.Signals[sys.argv[1]], sys.argv[2]
from isoc_kg.review import serving as review
from isoc_kg.server import services
from isoc_kg.server.content import source

def before(kind, name):
    old = getattr(kind, name)
    def new(*arguments):
        setattr(kind, name, old)
        os.kill(os.getpid(), number)
        return old(*arguments)
    setattr(kind, name, new)

before(*{"load": (source.Source, "load"), "start": (services.Services, "start"), "desk": (review, "Desk")}[place])
main(["serve", "--port", "0", "--no-log", *sys.argv[3:]])
"""


@pytest.fixture
def start(harbour: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts servers."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, *arguments], cwd=harbour, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _modes(folder: Path) -> dict[str, tuple[str, ...]]:
    """What is served in each mode."""
    (folder / "own.nt").write_text("<urn:x:s> <urn:x:p> <urn:x:o> .\n")
    store = ox.Store(str(folder / "store"))
    store.add(ox.Quad(ox.NamedNode("urn:x:s"), ox.NamedNode("urn:x:p"), ox.NamedNode("urn:x:o")))
    store.flush()
    del store
    return {"files": ("own.nt", "--watch"), "store": ("--store", "store")}


def test_a_reload_is_done_after_the_start(harbour: Path, start: Callable[..., "subprocess.Popen[str]"]) -> None:
    """Whatever is served, and whenever it is told."""
    modes = _modes(harbour)
    places = ("load", "start")
    servers = [start("SIGHUP", place, *arguments) for place, arguments in zip(places, modes.values(), strict=True)]
    for server, mode in zip(servers, modes, strict=True):
        assert server.stderr is not None
        lines = []
        for line in server.stderr:
            lines.append(line)
            if '"event": "reloaded"' in line:
                break
        assert '"event": "reloaded"' in lines[-1], (mode, server.wait(), lines)
        server.terminate()
    assert [server.wait(60) for server in servers] == [0] * len(servers)


@pytest.mark.parametrize("place", ["load", "start"])
def test_the_start_is_ended(harbour: Path, place: str, start: Callable[..., "subprocess.Popen[str]"]) -> None:
    """By SIGTERM with exit code 0, and none of its processes stays."""
    server = start("SIGTERM", place)
    family = {server.pid}
    while server.poll() is None:
        family |= set(below(server.pid))
    assert server.returncode == 0
    assert server.stderr is not None
    assert "Traceback" not in server.stderr.read()
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in family - {server.pid}), "all have ended")


def test_a_review_goes_on(harbour: Path, start: Callable[..., "subprocess.Popen[str]"]) -> None:
    """It has nothing to read again, and says so."""
    server = start("SIGHUP", "desk", "--review", "--reviewer", "Ada")
    assert server.stderr is not None
    lines = []
    for line in server.stderr:
        lines.append(line)
        if "review by" in line:
            break
    assert any("SIGHUP is ignored" in line for line in lines), lines
    server.send_signal(signal.SIGHUP)
    assert "SIGHUP is ignored" in server.stderr.readline()
    server.terminate()
    assert server.wait(30) == 0


def test_nothing_of_it_stays() -> None:
    """Handlers are there for the start alone, and what is ignored stays ignored."""
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)
    assert before == (signal.SIG_DFL, signal.SIG_DFL)
    with starting():
        os.kill(os.getpid(), signal.SIGHUP)
        assert (hung_up_at_start(), hung_up_at_start()) == (True, False)
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)) == before
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with starting():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before[1])


def test_a_hangup_does_not_disturb_the_end() -> None:
    """Whoever tells it to end, and then that its terminal is gone, gets the exit code of an end."""
    script = (
        "import os, signal\n"
        "from isoc_kg.limits.starting import starting\n"
        "try:\n"
        "    with starting():\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "finally:\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")
