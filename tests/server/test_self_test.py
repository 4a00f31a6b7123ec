"""What the server says of itself is true: `/health`, and a start that cannot work."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries.self_test import SelfTest

from .processes import nursery, until, workers
from .running import Running, running

DATA = "<urn:a> <urn:p> <urn:b> .\n"


def limited(folder: Path, kind: str, value: int, arguments: Sequence[str]) -> "subprocess.Popen[str]":
    """A server in a process with a limit of the system."""
    (folder / "data.nt").write_text(DATA)
    code = (
        f"import resource, sys; resource.setrlimit(resource.{kind}, ({value}, {value}));"
        "from isoc_kg.cli import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--no-log", *arguments]
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone bounds address space")
def test_little_memory(tmp_path: Path) -> None:
    """Where the system lets a process have less than a query may take, queries have that much."""
    process = limited(tmp_path, "RLIMIT_AS", 1_500_000_000, ["data.nt"])
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        server = Running(line[line.index("http://") :].strip(), process)
        server.wait()
        assert server.query("ASK { ?s ?p ?o }").json()["boolean"] is True
        assert server.get("data.nt").text == DATA
        assert server.get("health").json()["status"] == "ok"
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


@pytest.mark.parametrize("files", [12, 24, 40])
def test_few_files(tmp_path: Path, files: int) -> None:
    """Where too few files may be open, it does not start, and says how many it needs."""
    process = limited(tmp_path, "RLIMIT_NOFILE", files, ["data.nt"])
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert f"open {files} files" in errors
    assert "ulimit -n" in errors
    assert "Traceback" not in errors
    assert "listening" not in errors


def test_connections_leave_files_for_queries(tmp_path: Path) -> None:
    """The connections are fewer where few files may be open."""
    process = limited(tmp_path, "RLIMIT_NOFILE", 1000, ["data.nt"])
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        server = Running(line[line.index("http://") :].strip(), process)
        server.wait()
        assert int(server.get("about", "application/json").json()["limits"]["connections"].replace(",", "")) < 1000
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone sets limits of other processes")
def test_health_is_true(tmp_path: Path) -> None:
    """While every new worker ends at once, it is 503 with the reason, and 200 when queries are answered again."""
    (tmp_path / "data.nt").write_text(DATA)
    with running("data.nt", cwd=tmp_path) as server:
        assert server.get("health").status_code == 200
        parent = nursery(server.process.pid)
        before = resource.prlimit(parent, resource.RLIMIT_NOFILE)
        resource.prlimit(parent, resource.RLIMIT_NOFILE, (0, before[1]))  # it can hand no socket to a worker
        for worker in workers(server.process.pid):
            os.kill(worker, signal.SIGKILL)
        until(lambda: server.get("health").status_code == 503, "it is noticed")
        assert "queries are not answered" in server.get("health").json()["status"]
        resource.prlimit(parent, resource.RLIMIT_NOFILE, before)
        until(lambda: server.get("health").status_code == 200, "it works again")
        assert server.query("ASK { ?s ?p ?o }").json()["boolean"] is True


def test_one_query_for_many_who_ask() -> None:
    """It is run once for all, not at all after others' answers, and again after a failure."""

    async def run() -> None:
        asked = 0

        async def ask() -> None:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0)

        test = SelfTest(ask)
        assert await asyncio.gather(*(test.passes() for _ in range(20))) == [True] * 20
        assert asked == 1
        assert await test.passes()
        assert asked == 1
        test.failed()  # somebody's query ended its process
        assert await test.passes()
        assert asked == 2

    asyncio.run(run())


def test_reasons() -> None:
    """A query that fails twice, or never ends, is told; that others were answered meanwhile counts."""

    async def run() -> None:
        asked = 0

        async def fail() -> None:
            nonlocal asked
            asked += 1
            raise Problem(503, "it ended.")

        test = SelfTest(fail)
        assert not await test.passes()
        assert (test.reason, asked) == ("it ended.", 2)
        assert not await test.passes()
        assert asked == 2  # not at once again

        async def wait() -> None:
            await asyncio.get_running_loop().create_future()

        test = SelfTest(wait)
        assert not await test.passes(0.01)
        assert "0.01 seconds" in test.reason
        busy = SelfTest(wait)
        waiting = asyncio.ensure_future(busy.passes(0.05))
        await asyncio.sleep(0)
        busy.answered()
        assert await waiting

    asyncio.run(run())
