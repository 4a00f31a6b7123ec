"""Several serving processes: one address, one set of figures, one life."""

import json
import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.errors import OutputError, UsageError
from isoc_kg.limits import ServerLimits
from isoc_kg.rdf.files import RdfFile
from isoc_kg.server.metrics import Metrics
from isoc_kg.server.serving import serve
from isoc_kg.server.sibling_figures import SiblingFigures
from isoc_kg.server.siblings import share_of

from .processes import gone, until
from .running import Running, running


def _children(pid: int) -> set[int]:
    return {int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def _answering(server: Running) -> set[int]:
    """The numbers of the processes that answer."""
    return {health["process"] for health in _healths(server)}


def _healths(server: Running) -> list[dict[str, Any]]:
    """What several connections are told; the chance that all lead to one of two processes is 1 : 500."""
    found = []
    for _ in range(10):
        connection = HTTPConnection(server.address.removeprefix("http://").strip("/"), timeout=30)
        connection.request("GET", "/health")
        found.append(json.loads(connection.getresponse().read()))
        connection.close()
    return found


def _requests(server: Running) -> int:
    return sum(map(int, re.findall(r"^isoc_kg_requests_total\S+ (\d+)", server.get("metrics").text, re.MULTILINE)))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file with a thing."""
    path = tmp_path / "data.ttl"
    path.write_text('<http://example.org/oak> <https://schema.org/name> "oak"@en .\n')
    return path


def test_the_life_of_two_processes(data: Path) -> None:
    """Both answer; one that is killed is replaced; SIGHUP reaches both; SIGTERM ends all."""
    with running(data, "--processes", "2", cwd=data.parent) as server:
        pid = server.process.pid
        until(lambda: _answering(server) == {1, 2}, "both answer")
        until(lambda: _requests(server) > 10, "the requests of both are counted")
        page = server.get("index.html").text
        first = _children(pid)
        assert len(first) == 2

        counted = _requests(server)
        killed = min(first)
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(_children(pid) - first) == 1, "it is replaced")
        until(lambda: server.logs("serving process ended") == 1, "the log says so")
        until(lambda: _answers_without_end(server), "both answer again")
        assert server.get("index.html").text == page
        assert _requests(server) >= counted - 10  # what it had not told yet is lost, no more

        data.write_text(data.read_text().replace("oak", "elm"))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.logs("reloaded") == 2, "both have read it again")

        again = _children(pid)
        os.kill(max(again), signal.SIGKILL)  # the one in its place has read it again, too
        until(lambda: len(_children(pid) - again) == 1, "it is replaced")
        until(lambda: _answers_without_end(server), "both answer again")
        assert len({health["digest"] for health in _healths(server)}) == 1

        last = _children(pid)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        until(lambda: gone(list(last)), "none is left")


def _answers_without_end(server: Running) -> bool:
    try:
        return _answering(server) == {1, 2}
    except (OSError, HTTPException):
        return False


def test_what_ends_at_once(data: Path) -> None:
    """The processes end with their parent; nobody else may listen at their address."""
    with running(data, "--processes", "2", cwd=data.parent) as server:
        port = server.address.rpartition(":")[2].strip("/")
        with pytest.raises(OutputError, match="cannot listen"):
            serve(None, [RdfFile(data)], port=int(port), processes=2)
        children = _children(server.process.pid)
        server.process.kill()
        server.process.wait()
        until(lambda: gone(list(children)), "none outlives the parent")


def test_what_makes_no_sense(data: Path) -> None:
    """`--watch` is for one process."""
    with pytest.raises(UsageError, match="one process"):
        serve(None, [RdfFile(data)], watch=True, processes=2)


def test_shares() -> None:
    """What is counted for all clients is divided, what is counted for one is not."""
    whole = ServerLimits(workers=4, connections=1000, cache_bytes=64_000_000, long_queries=1)
    part = share_of(whole, 2)
    assert (part.workers, part.connections, part.cache_bytes, part.long_queries) == (2, 500, 32_000_000, 1)
    assert (part.connections_per_client, part.query_seconds) == (whole.connections_per_client, whole.query_seconds)


def test_figures_of_all() -> None:
    """Counters are sums, also of a process that has ended; what is measured at the moment is not kept of that."""
    figures = [SiblingFigures(2)]
    one, two = figures[0], SiblingFigures(2)
    two._memory = one._memory  # as after a fork
    one.begin(0)
    two.begin(1)
    counts, others = Metrics(), Metrics()
    counts.count("page", 200, 0.01)
    others.count("page", 200, 0.02)
    others.count("data", 404, 0.02)
    gauges = {"connections": ("", 2.0), "refused_total": ("", 3.0)}
    two.publish(others, gauges)
    total, sums = one.of_all(counts, gauges)
    assert {(kind, status): count for kind, status, count, *_ in total.record()} == {
        ("page", 200): 2,
        ("data", 404): 1,
    }
    assert {name: value for name, (_, value) in sums.items()} == {"connections": 4, "refused_total": 6}

    successor = SiblingFigures(2)
    successor._memory = one._memory
    successor.begin(1)
    successor.publish(Metrics(), {"connections": ("", 0.0), "refused_total": ("", 1.0)})
    total, sums = one.of_all(counts, gauges)
    assert sum(count for _, _, count, *_ in total.record()) == 3
    assert {name: value for name, (_, value) in sums.items()} == {"connections": 2, "refused_total": 7}


def test_a_record_that_is_being_written() -> None:
    """The one before it is read."""
    figures = SiblingFigures(1)
    figures.begin(0)
    counts = Metrics()
    for _ in range(2):
        counts.count("page", 200, 0.0)
        figures.publish(counts, {})
    whole = figures._read(0)[0]
    at = whole % 2 * 65_536
    figures._memory[at + 30 : at + 34] = b"????"
    assert figures._read(0)[0] == whole - 1


_STARTING = """
import socket, sys, time
from isoc_kg.errors import EngineError
from isoc_kg.server.siblings import serve_in_processes
listeners = [socket.socket() for _ in range(2)]
def serve(listener, number, outdated, ready):
    if sys.argv[1] == "hangs":
        time.sleep(60)
    if number == 1:
        raise RuntimeError("no room")
    ready()
    time.sleep(60)
try:
    serve_in_processes(listeners, serve, "notice\\n")
except EngineError as error:
    print(error, flush=True)
"""


@pytest.mark.parametrize("way", ["fails", "hangs"])
def test_a_start_that_fails_or_is_ended(way: str) -> None:
    """What a process says of its start is told; while one starts, SIGTERM ends all."""
    process = subprocess.Popen(
        [sys.executable, "-c", _STARTING, way], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "notice\n"
    until(lambda: way == "fails" or len(_children(process.pid)) == 2, "both begin")
    if way == "hangs":
        process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert ("no room" in output, process.returncode) == (way == "fails", 0)
