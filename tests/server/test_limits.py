"""One greedy or hostile client cannot hurt the others."""

import contextlib
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from .processes import until
from .running import Running, running
from material import ROOT

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RUNAWAYS = {
    "cross join": CROSS,
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?c (!<urn:x>)* ?d . ?e (!<urn:x>)* ?f }",
    "regular expressions": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o "
    'FILTER(REGEX(STR(?c), "(a+)+(b+)+$") && REGEX(STR(?f), "(.*)*x")) }',
    "values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6)) + " }",
}  # fmt: skip
CRASHES = {
    "braces": "SELECT * {" + "{" * 3000 + "}" * 3000 + "}",
    "brackets": "SELECT * { FILTER(" + "(" * 6000 + "1" + ")" * 6000 + ") }",
    "sums": "SELECT (1" + "+1" * 9000 + " AS ?n) {}",
}
KG = (
    'name = "h"\ntitle = "H"\ndescription = "D"\nbase = "https://harbour.example/kg/"\nlanguage = "en"\n'
    'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "C"\n'
    'created = 2026-01-02\nmodified = 2026-02-03\nversion = "1.0.0"\n'
)
LIMITS = """
[server]
query_seconds = 1.5
result_bytes = 200_000
result_rows = 50
body_bytes = 50_000
query_bytes = 40_000
queries_per_client = 12
long_queries = 3
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with tight limits over the shipped publication's data."""
    folder = tmp_path_factory.mktemp("limits")
    (folder / "kg.toml").write_text(KG + LIMITS)
    with running("--project", folder, ROOT / "out" / "isoc-kg.nt", cwd=folder) as server:
        yield server


def children(pid: int) -> list[int]:
    """The processes below one, as far as the system tells."""
    found = [pid]
    for one in found:
        text = Path(f"/proc/{one}/task/{one}/children")
        found += [int(number) for number in text.read_text().split()] if text.exists() else []
    return found[1:]


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_deadline(small: Running, name: str) -> None:
    """A query that would not end in days is stopped at its deadline: 504."""
    answer = small.query(RUNAWAYS[name])
    assert answer.status_code == 504
    assert "1.5 seconds" in answer.json()["detail"]


@pytest.mark.parametrize("name", CRASHES)
def test_texts_that_crash_the_engine(small: Running, name: str) -> None:
    """They cost one worker and are told; the next query is answered."""
    answer = small.query("", "*/*") if not CRASHES[name] else httpx.post(
        small.address + "sparql", data={"query": CRASHES[name]}, timeout=60
    )  # fmt: skip
    assert answer.status_code in (400, 503, 504)
    assert small.query("ASK {}").json()["boolean"] is True


def test_memory(tmp_path: Path) -> None:
    """A query that takes too much of it ends alone."""
    (tmp_path / "kg.toml").write_text(KG + "\n[server]\nquery_memory_bytes = 100_000_000\nquery_seconds = 60\n")
    with running("--project", tmp_path, ROOT / "out" / "isoc-kg.nt", cwd=tmp_path) as server:
        answer = server.query("SELECT ?a ?c ?f ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?f ?c ?i")
        assert answer.status_code == 503
        assert "memory" in answer.json()["detail"]
        assert server.query("ASK {}").json()["boolean"] is True


def test_cheap_queries_do_not_wait(here: Path) -> None:
    """While more runaway queries are there than may run, pages and cheap queries are answered before any of them."""
    (here / "kg.toml").write_text(KG + "[server]\nquery_seconds = 3600\nqueue_seconds = 3600\nlong_queries = 3\n")
    with running("--project", here, ROOT / "out" / "isoc-kg.nt", cwd=here) as server, ExitStack() as clients:
        host, port = server.address.removeprefix("http://").rstrip("/").split(":")
        for number in range(10):
            client = clients.enter_context(socket.create_connection((host, int(port)), timeout=60))
            target = f"/sparql?query={quote(f'{CROSS} # {number}')}"
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

        def under_way() -> tuple[int, int]:
            """Queries that run, and that wait."""
            found = dict(re.findall(r"(?m)^isoc_kg_queries_(running|queued) (\d+)", server.get("metrics").text))
            return int(found["running"]), int(found["queued"])

        until(lambda: under_way() == (3, 7), "all are known to be long")
        for number in range(20):
            assert answered(server, f"SELECT * {{ ?s ?p {number} }}")
            assert server.get("index.html").status_code == 200
        # whoever waits for one of them would wait for an hour
        until(lambda: under_way() == (3, 7), "all of them are still there")
        clients.close()
        until(lambda: under_way() == (0, 0), "they end with their clients")
        assert server.query("ASK {}").json()["boolean"] is True


def answered(server: Running, text: str) -> bool:
    """Whether a cheap query is answered.

    One that gets no processor for a third of a second counts as long, on a machine that has other work: it is left and
    asked again. One that had to wait for the long ones would never be answered.
    """
    for attempt in range(10):
        with suppress(httpx.ReadTimeout):
            query = {"query": f"{text} # {attempt}"}
            return httpx.get(server.address + "sparql", params=query, timeout=8).status_code == 200
    return False


def test_a_client_has_its_share(small: Running) -> None:
    """What one client asks beyond it is 429, with when to come again."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: small.query(f"{CROSS} # share {number}"), range(20)))
    codes = [answer.status_code for answer in answers]
    assert set(codes) == {504, 429}
    assert codes.count(429) >= 8
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 429)


def test_clients_behind_a_proxy(tmp_path: Path) -> None:
    """Each has its share, when the proxy that is believed tells them apart; else they are all one."""
    text = KG + LIMITS.replace("queries_per_client = 12", "queries_per_client = 2")
    (tmp_path / "kg.toml").write_text(text)
    for proxy, codes in (("127.0.0.1", {504}), ("192.0.2.9", {504, 429})):
        arguments = ("--project", tmp_path, "--forwarded-from", proxy, ROOT / "out" / "facts.ttl")
        with running(*arguments, cwd=tmp_path) as server, ThreadPoolExecutor(6) as pool:

            def ask(number: int, server: Running = server) -> int:
                heads = {"forwarded": f'for=192.0.2.1, for="[2001:db8:0:{number % 3}::1]:80";proto=https'}
                query = {"query": f"{CROSS} # {number}"}
                return httpx.get(server.address + "sparql", params=query, headers=heads, timeout=60).status_code

            assert set(pool.map(ask, range(6))) == codes


def test_long_results_are_cut(small: Running) -> None:
    """Where people and programs see it."""
    answer = small.query("SELECT * { ?s ?p ?o }")
    assert len(answer.json()["results"]["bindings"]) == 50
    assert "only the first 50" in answer.json()["cut"]
    assert "only the first 50" in answer.headers["x-result-cut"]
    assert small.query("SELECT * { ?s ?p ?o } LIMIT 10").headers.get("x-result-cut") is None
    assert small.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle").status_code == 413


def test_sizes(small: Running) -> None:
    """Bodies and texts that are too long are 413."""
    form = {"content-type": "application/sparql-query"}
    for size in (45_000, 60_000):
        answer = httpx.post(small.address + "sparql", content="ASK {}" + " " * size, headers=form)
        assert answer.status_code == 413


def test_no_query_reaches_the_network(small: Running) -> None:
    """SERVICE and LOAD connect to nothing."""
    with socket.socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        trap.settimeout(0.5)
        port = trap.getsockname()[1]
        for text in (
            f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<http://127.0.0.1:{port}/> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
            f"LOAD <http://127.0.0.1:{port}/>",
        ):
            answer = small.query(text)
            assert "open files" not in answer.text
            if "SERVICE <" in text or "SERVICE ?e" in text:
                assert "no query reaches the network" in answer.text
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_worker_that_is_killed(small: Running) -> None:
    """It costs the query that it ran; others come in its place."""
    result: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: result.append(small.query(CROSS + " # killed")))
    thread.start()
    nursery = children(small.process.pid)[0]
    while thread.is_alive():  # on a busy machine it may be some time before it runs
        for pid in children(nursery):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        thread.join(0.2)
    assert result[0].status_code == 503
    assert small.query("ASK { ?s ?p 1 }").status_code == 200


def test_a_client_that_leaves(small: Running) -> None:
    """Its query is stopped, and what it held is free."""
    for number in range(6):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(small.address + "sparql", params={"query": f"{CROSS} # gone {number}"}, timeout=0.3)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        metrics = small.get("metrics").text
        if "isoc_kg_queries_running 0\n" in metrics and "isoc_kg_queries_queued 0\n" in metrics:
            return
        time.sleep(0.05)
    raise AssertionError(metrics)


def test_limits_are_told(small: Running) -> None:
    """/about lists them, for programs and for people."""
    assert small.get("about", "application/json").json()["limits"]["query_seconds"] == "1.5"
    assert "query_seconds" in small.get("about", "text/html").text


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """When the server is killed outright, its workers end with it."""
    with running(ROOT / "out" / "facts.ttl", cwd=tmp_path) as server:
        server.query("ASK {}")
        below = children(server.process.pid)
        assert len(below) >= 3
        server.process.kill()
        server.process.wait()
        end = time.monotonic() + 5
        while time.monotonic() < end and any(alive(pid) for pid in below):
            time.sleep(0.02)
        assert not [pid for pid in below if alive(pid)]


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_texts_are_held_to_the_projects_limits(harbour: Path, here: Path) -> None:
    """`[limits]` of `kg.toml`, by workers and before a store behind an endpoint is asked."""
    with (harbour / "kg.toml").open("a", encoding="utf-8") as file:
        file.write("\n[limits]\nmax_nesting = 3\n")
    deep = "SELECT * { { { { ?s ?p ?o } } } }"
    with running("--project", harbour, cwd=here) as server:
        for text in (deep, deep + " }"):  # one that the engine takes, one that it does not
            answer = server.query(text)
            assert (answer.status_code, answer.json()["detail"]) == (400, "brackets nested more than 3 deep.")
        with running("--project", harbour, "--endpoint", server.address + "sparql", cwd=here) as front:
            answer = front.query(deep)
            assert answer.status_code == 400
            assert answer.json()["detail"] == "brackets nested more than 3 deep."


def test_chains_that_would_end_a_worker(small: Running) -> None:
    """400 with the limit, where the engine's process would end, and for none; the endpoint's metrics count none."""
    chains = (
        ("!" * 9_000 + "true", "operators and clauses"), ("1" + "||1" * 3_000, "operators and clauses"),
        ("EXISTS { ?s " + "/".join(["<a:p>"] * 1_600) + " ?o }", "operators and clauses"),
        ("EXISTS { ?s ?p " + "1," * 4_000 + " 1 }", "patterns are joined"),
    )  # fmt: skip
    crashes = re.compile(r"^isoc_kg_query_crashes_total .*$", re.MULTILINE)
    before = crashes.search(small.get("metrics").text)
    for chain, limit in chains:
        text = f"ASK {{ ?s ?p ?o FILTER({chain}) }}"
        answer = httpx.post(small.address + "sparql", data={"query": text}, timeout=60)
        assert answer.status_code == 400
        assert limit in answer.json()["detail"]
    for empty in ("", "%20", "%00"):
        answer = small.get(f"sparql?query={empty}", "application/json")
        assert answer.status_code == 400, answer.text
    after = crashes.search(small.get("metrics").text)
    assert before is not None
    assert after is not None
    assert after[0] == before[0]
