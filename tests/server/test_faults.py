"""Processes that die or stop, signals to all of them, states that replace each other: what clients get."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from .processes import below, gone, nursery, until, workers
from .running import Running, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(
    f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6)
) + " }"  # fmt: skip
#: Soon answered, and by a worker.
CHEAP = "SELECT ?o { <https://harbour.example/kg/id/oak> ?p ?o FILTER(ISLITERAL(?o)) } LIMIT 1"


@pytest.fixture
def serving(harbour: Path) -> Iterator[Running]:
    """A small project."""
    with running("--project", harbour, cwd=harbour) as server:
        yield server


def busy(server: Running, number: int) -> bool:
    """Whether so many queries run."""
    return f"isoc_kg_queries_running {number}\n" in server.get("metrics").text


@contextmanager
def asked(server: Running, texts: list[str]) -> Iterator[list[httpx.Response | Exception]]:
    """Queries on their way; what comes of them, once the block is over."""
    answers: list[httpx.Response | Exception] = []

    def ask(text: str) -> None:
        try:
            answers.append(server.query(text))
        except httpx.HTTPError as error:
            answers.append(error)

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    yield answers
    for thread in threads:
        thread.join(60)


def test_the_parent_of_the_workers_is_killed(serving: Running) -> None:
    """What runs is 503, health tells it, then queries are answered again."""
    pid = serving.process.pid
    first = nursery(pid)
    with asked(serving, [ENDLESS]) as answers:
        until(lambda: busy(serving, 1), "the query runs")
        family = workers(pid)
        os.kill(first, signal.SIGKILL)
    assert isinstance(answers[0], httpx.Response)
    assert answers[0].status_code == 503
    assert "started again" in answers[0].json()["detail"]
    assert answers[0].headers["retry-after"]
    until(lambda: gone(family), "its workers ended")
    until(lambda: serving.get("health").status_code == 200, "it is well again")
    assert nursery(pid) != first
    assert serving.query(CHEAP).status_code == 200


def test_health_tells_that_queries_cannot_be_answered(serving: Running) -> None:
    """As long as their processes are not there it is 503; pages are served meanwhile; those that wait are answered."""
    pid = serving.process.pid
    os.kill(nursery(pid), signal.SIGKILL)
    seen = set()
    with asked(serving, [CHEAP]) as answers:
        end = time.monotonic() + 60
        while time.monotonic() < end and not (503 in seen and 200 in seen):
            seen.add(serving.get("health").status_code)
            assert serving.get("id/oak.html").status_code == 200
    assert seen == {200, 503}
    assert isinstance(answers[0], httpx.Response)
    assert answers[0].status_code in (200, 503)


def test_workers_are_killed(serving: Running) -> None:
    """A query whose process is killed is 503, and its place is free again."""
    pid = serving.process.pid
    for _ in range(3):
        with asked(serving, [ENDLESS]) as answers:
            until(lambda: busy(serving, 1), "the query runs")
            for worker in workers(pid):
                os.kill(worker, signal.SIGKILL)
        assert isinstance(answers[0], httpx.Response)
        assert answers[0].status_code == 503
    assert serving.query(CHEAP).status_code == 200
    assert busy(serving, 0)


def test_a_stopped_parent_is_replaced(serving: Running) -> None:
    """It is stopped (SIGSTOP) and forks no more: that is noticed, and another one is started."""
    pid = serving.process.pid
    first = nursery(pid)
    os.kill(first, signal.SIGSTOP)
    for worker in workers(pid):
        os.kill(worker, signal.SIGKILL)
    until(lambda: serving.query(CHEAP).status_code == 200, "queries are answered")
    assert nursery(pid) != first
    assert gone([first])


@pytest.mark.parametrize("stopped", [False, True], ids=["busy", "stopped"])
def test_a_killed_server_leaves_no_process(harbour: Path, stopped: bool) -> None:
    """SIGKILL of the server alone: whatever its processes are at, they end."""
    with running("--project", harbour, cwd=harbour) as server, asked(server, [ENDLESS]):
        until(lambda: busy(server, 1), "the query runs")
        family = below(server.process.pid)
        assert len(family) > 2
        if stopped:
            for pid in family:
                os.kill(pid, signal.SIGSTOP)
        server.process.kill()
        until(lambda: gone(family), "nothing is left")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_to_the_whole_group(harbour: Path, number: signal.Signals, code: int) -> None:
    """As a terminal, `timeout` and systemd send it: what runs is answered, then all ends."""
    (harbour / "kg.toml").write_text((harbour / "kg.toml").read_text() + "\n[server]\nquery_seconds = 2\n")
    with group(harbour) as server:
        with asked(server, [ENDLESS]) as answers:
            until(lambda: busy(server, 1), "the query runs")
            family = below(server.process.pid)
            os.killpg(server.process.pid, number)
        assert isinstance(answers[0], httpx.Response)
        assert answers[0].status_code == 504  # its own deadline, as on any other day
        assert server.process.wait(30) == code
        until(lambda: gone(family), "nothing is left")


def test_a_second_interruption_ends_at_once(harbour: Path) -> None:
    """Whoever presses Ctrl-C again does not want to wait."""
    with group(harbour) as server, asked(server, [ENDLESS]):
        until(lambda: busy(server, 1), "the query runs")
        family = below(server.process.pid)
        os.killpg(server.process.pid, signal.SIGINT)
        time.sleep(0.3)
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(5) == 130
        until(lambda: gone(family), "nothing is left")


@contextmanager
def group(folder: Path) -> Iterator[Running]:
    """A server in a process group of its own."""
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--no-log", "--project", str(folder)]
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        server = Running(line[line.index("http://") :].strip(), process)
        server.wait()
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


def test_two_hundred_signals_are_two_reloads(harbour: Path) -> None:
    """One that runs when they come, and one more for what changed since it began."""
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--project", str(harbour)]
    process = subprocess.Popen(command, cwd=harbour, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        server = Running(line[line.index("http://") :].strip(), process)
        server.wait()
        for _ in range(200):
            process.send_signal(signal.SIGHUP)
        facts = harbour / "facts/harbour.ttl"
        facts.write_text(facts.read_text().replace('"oak"@en', '"Oak"@en'))
        process.send_signal(signal.SIGHUP)
        until(lambda: "<h1>Oak</h1>" in server.get("id/oak.html").text, "the last state is served")
    finally:
        process.terminate()
        process.wait(30)
    events = [json.loads(line) for line in process.stderr if '"reloaded"' in line]
    process.stderr.close()
    assert 1 <= len(events) <= 3  # the signals may be spread over the beginning of the first


def test_a_long_query_outlives_a_reload(harbour: Path) -> None:
    """It is answered out of the state in which it was asked."""
    (harbour / "kg.toml").write_text((harbour / "kg.toml").read_text() + "\n[server]\nquery_seconds = 12\n")
    with running("--project", harbour, cwd=harbour) as server:
        facts = harbour / "facts/harbour.ttl"
        before = facts.read_text()
        with asked(server, [ENDLESS]) as answers:
            until(lambda: busy(server, 1), "the query runs")
            facts.write_text(before.replace('"oak"@en', '"Oak"@en'))
            server.process.send_signal(signal.SIGHUP)
            until(lambda: "<h1>Oak</h1>" in server.get("id/oak.html").text, "the new state is served")
            assert not answers
        assert isinstance(answers[0], httpx.Response)
        assert answers[0].status_code == 504, answers[0].text


def test_identical_queries_are_run_once(harbour: Path) -> None:
    """Those who ask at the same time what others ask get the same answer, and are counted as answered so."""
    with (harbour / "kg.toml").open("a") as settings:
        settings.write("\n[server]\nquery_seconds = 3600\n")
    text = CHEAP
    with running("--project", harbour, cwd=harbour) as server, ThreadPoolExecutor(12) as pool:
        held = workers(server.process.pid)
        for worker in held:
            os.kill(worker, signal.SIGSTOP)  # so that all ask before it is answered
        asking = [pool.submit(server.query, text) for _ in range(12)]
        until(lambda: "isoc_kg_connections 13\n" in server.get("metrics").text, "all of them ask")
        for worker in held:
            os.kill(worker, signal.SIGCONT)
        answers = [answer.result() for answer in asking]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert "isoc_kg_query_cache_hits_total 11\n" in server.get("metrics").text
        for hits in range(12, 16):  # later ones come out of another cache, and count, too
            assert server.query(text).text == answers[0].text
            assert f"isoc_kg_query_cache_hits_total {hits}\n" in server.get("metrics").text
        server.get("sparql")  # the endpoint's description is no query
        server.get("sparql")
        assert "isoc_kg_query_cache_hits_total 15\n" in server.get("metrics").text


def test_large_results_are_whole(tmp_path: Path) -> None:
    """Results that pass through files are the same as small ones: coded, uncoded, and again."""
    data = tmp_path / "data.nt"
    lines = [f'<urn:s{n}> <urn:p> "{"x" * 40} {n}" .\n' for n in range(6000)]
    data.write_text("".join(lines))
    with running(data, cwd=tmp_path) as server:
        text = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
        wanted = sorted(lines)
        for coding in ("identity", "gzip", "br", "identity"):
            answer = httpx.get(
                server.address + "sparql", params={"query": text},
                headers={"accept": "application/n-triples", "accept-encoding": coding}, timeout=60,
            )  # fmt: skip
            assert answer.status_code == 200
            assert answer.headers.get("content-encoding", "identity") == coding
            assert answer.text.splitlines(keepends=True) == wanted
        assert "isoc_kg_spool_bytes 0\n" in server.get("metrics").text


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """A large result that has no room is 503; what is smaller is answered, out of memory, and pages are."""
    data = tmp_path / "data.nt"
    data.write_text("".join(f'<urn:s{n}> <urn:p> "{"x" * 40} {n}" .\n' for n in range(6000)))
    code = (
        "import resource, signal, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000));"
        "from isoc_kg.cli import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--no-log", str(data)]
    process = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "http://" in line, line + process.stderr.read()
        server = Running(line[line.index("http://") :].strip(), process)
        server.wait()
        many = f"CONSTRUCT {{ ?s ?p ?o, ?n }} {{ ?s ?p ?o VALUES ?n {{ {' '.join(map(str, range(20)))} }} }}"
        for _ in range(2):
            answer = httpx.get(
                server.address + "sparql", params={"query": many},
                headers={"accept": "application/n-triples", "accept-encoding": "identity"}, timeout=60,
            )  # fmt: skip
            assert answer.status_code == 503
            assert "disk" in answer.json()["detail"]
            smaller = httpx.get(
                server.address + "sparql", params={"query": "CONSTRUCT { ?s ?p ?o, ?s } { ?s ?p ?o }"},
                headers={"accept": "application/n-triples", "accept-encoding": "identity"}, timeout=60,
            )  # fmt: skip
            assert smaller.status_code == 200
            assert 600_000 < len(smaller.content) < 2_000_000
            assert len(smaller.text.splitlines()) == 12_000
            assert server.query("ASK { ?s ?p ?o }").json()["boolean"] is True
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()
