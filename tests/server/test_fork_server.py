"""The process that forks workers, and the workers: stopped ones are replaced, what they write goes into the log."""

import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from isoc_kg.limits import Limits, ServerLimits
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries import fork_server, pool
from isoc_kg.server.queries.pool import Pool, WorkerPool

from .processes import below, gone, nursery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")

LIMITS = replace(ServerLimits(), workers=2, long_queries=1)
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(
    f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6)
) + " }"  # fmt: skip
NOISY = r"""
import os
from isoc_kg.server.queries.nursery import run_nursery

def prepare(data, settings, control):
    def answer(request):
        kind = request["query"]
        if kind == "ends":
            os.write(2, b"out of \x1b[31mmemory\n" + "line\u2028two\x9b\n".encode() + b"\xff" + b"x" * 60_000)
            os.write(2, b"y" * 60_000) if request.get("more") else None
            os._exit(7)
        if kind == "raises":
            raise LookupError("no\nsuch \x07thing")
        if kind == "fills":
            for _ in range(100):
                try:
                    os.write(2, b"z" * 10_000)
                except BlockingIOError:
                    pass
        return {"status": 200, "type": "text/plain"}, b"answered"
    return lambda spool: answer

run_nursery(prepare)
"""
Test = Callable[[WorkerPool], Coroutine[Any, Any, None]]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged; beats follow each other closely."""
    for module in (fork_server, pool):
        monkeypatch.setattr(module, "_BEAT", 0.05)
    stream = io.StringIO()
    monkeypatch.setattr("isoc_kg.server.log.sys", SimpleNamespace(stderr=stream))
    return stream


def events(log: io.StringIO, name: str) -> list[dict[str, Any]]:
    """The lines of the log about an event."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [event for event in found if event["event"] == name]


def run(make: Callable[[], WorkerPool], test: Test) -> None:
    """Run a test with workers."""

    async def run() -> None:
        workers = make()
        try:
            await workers.start()
            async with asyncio.timeout(60):
                await test(workers)
        finally:
            await workers.stop(0.0)

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Return when it holds."""
    while not condition():
        await asyncio.sleep(0.01)


def queries() -> Pool:
    """Workers that answer queries over nothing."""
    return Pool([], LIMITS, prefixes={}, base="urn:x", claims="urn:claim/", text_limits=Limits())


async def ask(workers: WorkerPool, query: str, **more: Any) -> Any:
    """The answer to a query."""
    return await workers.run({"query": query, "accept": "*/*", **more}, "192.0.2.1")


def test_a_stopped_parent_is_noticed_before_a_worker_is_needed(log: io.StringIO) -> None:
    """Nobody asks anything: it is replaced all the same, and its workers with it."""

    async def test(workers: WorkerPool) -> None:
        first = nursery(os.getpid())
        await until(lambda: len(below(first)) == 2)
        family = [first, *below(first)]
        os.kill(first, signal.SIGSTOP)
        await until(lambda: gone(family))
        await until(lambda: workers.restarts == 1 and workers.ready)
        assert (await ask(workers, "ASK {}"))[0]["status"] == 200
        assert nursery(os.getpid()) != first

    run(queries, test)
    assert len(events(log, "workers' parent stopped")) == len(events(log, "workers' parent ended")) == 1


def test_one_that_answers_is_left_alone(log: io.StringIO) -> None:
    """However often it is looked at, and though it was stopped for a moment, as with the whole server."""

    async def test(workers: WorkerPool) -> None:
        first = nursery(os.getpid())
        await until(lambda: len(below(first)) == 2)
        family = [first, *below(first)]
        for _ in range(3):
            for pid in family:
                os.kill(pid, signal.SIGSTOP)
            for pid in family:
                os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(0.2)
        assert sorted([nursery(os.getpid()), *below(first)]) == sorted(family)

    run(queries, test)
    assert not log.getvalue()


def test_stopped_workers_are_replaced(log: io.StringIO) -> None:
    """Those at work and those at rest, by others; what they were at is 503, with the reason."""

    async def test(workers: WorkerPool) -> None:
        first = nursery(os.getpid())
        await until(lambda: len(below(first)) == 2)
        query = asyncio.ensure_future(ask(workers, ENDLESS))
        await until(lambda: len(below(first)) == 3)  # it is a long one, and its worker replaced
        family = below(first)
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        await until(lambda: gone(family))
        with pytest.raises(Problem, match="stopped") as caught:
            await query
        assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "2"})
        assert (await ask(workers, "ASK {}"))[0]["status"] == 200
        assert nursery(os.getpid()) == first

    run(queries, test)
    assert len(events(log, "worker stopped")) == 3
    assert not events(log, "query ended its process")


def test_what_workers_write_is_one_line(
    log: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With what ended them, bounded, without control characters; who writes much waits for nobody."""
    (tmp_path / "noisy_worker.py").write_text(NOISY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))

    async def test(workers: WorkerPool) -> None:
        for query in ("ends", "raises"):
            with pytest.raises(Problem, match="ended its process"):
                await ask(workers, query)
        assert (await ask(workers, "fills"))[1] == b"answered"

    run(lambda: WorkerPool("noisy_worker", [], LIMITS, {}), test)
    ended, raised = events(log, "query ended its process")
    assert ended["stderr"].startswith("out of \x1b[31mmemory\nline")
    assert raised["stderr"].startswith("LookupError: no")
    assert "noisy_worker.py:" in raised["stderr"]
    text = log.getvalue()
    assert not any(character in text for character in "\x07\x1b\x9b\u2028")
    assert all(len(line) < 3000 for line in text.splitlines())
    assert capfd.readouterr().err == ""


def test_why_the_parent_ended(log: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it wrote is in the line about its end."""
    (tmp_path / "ending_parent.py").write_text(
        NOISY.replace("def prepare(data, settings, control):", "def prepare(data, settings, control):\n"
        "    import threading; threading.Timer(0.3, lambda: (os.write(2, b'no more\\x1b[2J'), os._exit(1))).start()")
    )  # fmt: skip
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))

    async def test(workers: WorkerPool) -> None:
        await until(lambda: workers.restarts > 0)

    run(lambda: WorkerPool("ending_parent", [], LIMITS, {}), test)
    found = events(log, "workers' parent ended")
    assert found
    assert all(event["stderr"] == "no more\x1b[2J" for event in found)
