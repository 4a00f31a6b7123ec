"""Rows of works that servers do: each server is started, asked by `wrk` in turns with the others, and stopped.

All servers of a work are up at the same time and idle but for the one that is asked, on the loopback.
"""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import organisations
from benchmarks.bench_server import HELLO, each_once, free_port, wrk
from benchmarks.bench_site import SETTINGS
from benchmarks.figures import OURS, Figure, Row
from benchmarks.measuring import Plan
from benchmarks.peers import Installed
from benchmarks.running import held_by
from benchmarks.works import OURS as COMMAND
from benchmarks.works import shown
from isoc_kg.version import __version__

#: Seconds that a server may take to start.
START_SECONDS = 120
BASE = "https://example.org/kg/"
TRIFID = """globals:
  datasetBaseUrl: {base}
  endpoints:
    default:
      url: /query
server:
  listener:
    port: {port}
    host: 127.0.0.1
  logLevel: error
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
    config:
      labelLoader:
        chunkSize: 30
        concurrency: 2
        timeout: 4000
  fetch-handler:
    module: trifid-handler-fetch
    paths: /query
    config:
      url: {data}
      contentType: application/n-triples
      baseIRI: {base}
      graphName: http://example.com/graph
      unionDefaultGraph: true
"""


class NotStartedError(Exception):
    """A server that ended, or gave no answer in time; the text states which."""


@dataclass(frozen=True)
class Server:
    """A server's command for a port, and where it answers; `reason` where it cannot be had."""

    name: str
    version: str
    command: Callable[[int], Sequence[str]]
    #: What is asked of it, each path once around.
    paths: Sequence[str]
    #: A path that is answered once it is up.
    ready: str = "/"
    reason: str = ""
    note: str = ""
    environment: Callable[[int], dict[str, str]] = lambda _: {}
    #: The media type that is asked for.
    accept: str = "*/*"
    #: Reads what the first path's answer comes to; a ValueError states what is wrong with it.
    answer: Callable[[bytes], str] | None = None
    #: Each path is asked for once, of a server just started, instead of again and again.
    once: bool = False


@contextmanager
def started(server: Server, folder: Path, timeout: float) -> Iterator[tuple[int, int, float]]:
    """Its port and process while it is up, and the seconds until its first answer."""
    port = free_port()
    errors = folder / f"{server.name.replace(' ', '-')}.stderr"
    begun = time.perf_counter()
    with errors.open("wb") as err:
        process = subprocess.Popen(server.command(port), cwd=folder, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                                   env={**os.environ, **server.environment(port)}, start_new_session=True)  # fmt: skip
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{server.ready}", timeout=timeout) as answer:
                    answer.read()
                break
            except urllib.error.HTTPError as error:
                raise NotStartedError(f"{server.ready} was answered {error.code}") from None
            except OSError:
                if process.poll() is not None:
                    lines = errors.read_bytes()[-2000:].decode(errors="replace").strip().splitlines()
                    raise NotStartedError(f"it ended: {lines[-1][:160] if lines else 'no message'}") from None
                if time.perf_counter() - begun > timeout:
                    raise NotStartedError(f"no answer after {timeout:.0f} s") from None
                time.sleep(0.02)
        yield port, process.pid, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def first(server: Server, port: int) -> str:
    """What the answer to the first path comes to."""
    if server.answer is None:
        return ""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{server.paths[0]}", headers={"Accept": server.accept})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return server.answer(answer.read())


def _bindings(body: bytes) -> str:
    return f"{len(json.loads(body)['results']['bindings'])} solutions"


def _page(name: str) -> Callable[[bytes], str]:
    def read(body: bytes) -> str:
        if name.replace("organisation-", "Organisation “").encode() not in body or b"<html" not in body[:500]:
            raise ValueError("a page that does not name the thing")
        return f"{len(body) / 1000:.0f} kB the first page"

    return read


def peer(installed: Installed, command: Callable[[int], Sequence[str]], paths: Sequence[str], **more: Any) -> Server:
    """A peer's server, skipped with the reason where it is not there."""
    version = installed.peer.version
    if installed.path is None:
        return Server(installed.peer.name, version, lambda _: (), (), reason=installed.reason)
    return Server(installed.peer.name, version, command, paths, **more)


def _enter(server: Server, figure: Figure, stack: ExitStack, folder: Path, plan: Plan) -> tuple[int, int] | None:
    """Port and process of a server that is up and answers right; else None, and its figure has the reason."""
    figure.reason = server.reason or ("not run: the time set for the whole was over" if plan.over else "")
    if figure.reason:
        return None
    timeout = min(START_SECONDS, max(1.0, plan.deadline - time.monotonic()))
    try:
        port, pid, _ = stack.enter_context(started(server, folder, timeout))
    except NotStartedError as error:
        figure.reason = str(error)
        return None
    try:
        figure.answer = first(server, port)
    except (ValueError, OSError) as error:
        figure.reason = f"wrong answer: {error}"[:160]
        return None
    return port, pid


def _turn(server: Server, figure: Figure, port: int, folder: Path, seconds: float, share: tuple[int, int]) -> None:
    """Ask one server once more, in the round of that number among so many."""
    turn, turns = share
    try:
        if server.once:
            figure.values.append(each_once(port, list(server.paths[turn::turns])))
            return
        start = random.Random(turn).randrange(len(server.paths))
        rate, late, bad = wrk(port, folder, [*server.paths[start:], *server.paths[:start]], server.accept, seconds)
    except (subprocess.CalledProcessError, OSError, IndexError) as error:
        figure.reason = f"it gave no answers: {type(error).__name__}"
        return
    if bad:
        figure.reason = f"{bad:,} answers were errors"
    elif rate < 0.01:
        figure.reason = f"no answer within {seconds:.0f} s"
    else:
        figure.values.append(rate)
        # of the last round
        figure.note = (re.sub(r"(; )?p99 [\d.]+ ms$", "", figure.note) + f"; p99 {late:.1f} ms").removeprefix("; ")


def ask(row: Row, servers: Sequence[tuple[Server, Figure]], folder: Path, seconds: float, plan: Plan) -> None:
    """Start all, ask each in turn for so many seconds a round, and put down requests a second."""
    with ExitStack() as stack:
        up = []
        for server, figure in servers:
            place = _enter(server, figure, stack, folder, plan)
            if place:
                up.append((server, figure, *place))
        for turn in range(plan.runs):
            for server, figure, port, _ in up:
                if not figure.reason and not (plan.over and figure.values):
                    _turn(server, figure, port, folder, seconds, (turn, plan.runs))
        for _, figure, _, pid in up:
            figure.peak = held_by(pid)
    for _, figure in servers:
        what = f"{figure.median:9,.0f}/s  {figure.answer}; {figure.note}" if figure.ran else figure.reason
        plan.say(f"{row.work:<16} {row.triples:>11,}  {figure.name:<22} {what}")


def measured(work: str, line: str, size: tuple[int, int], servers: Sequence[Server], limit: Server, folder: Path,
             seconds: float, plan: Plan) -> Row:  # fmt: skip
    """The row of one work of servers."""
    row = Row(work, line, size[0], size[1], "/s")
    pairs = []
    for server in (*servers, limit):
        command = shown(server.command(8000), folder)
        version = __version__ if server.name == OURS else server.version
        figure = Figure(server.name, version, command, reason=server.reason, note=server.note)
        pairs.append((server, figure))
        if server is limit:
            row.limit = figure
        else:
            row.figures.append(figure)
    if shutil.which("wrk") is None:
        for _, figure in pairs:
            figure.reason = figure.reason or "wrk is not on this machine"
        return row
    ask(row, pairs, folder, seconds, plan)
    return row


def _names(data: Path) -> list[str]:
    found = re.findall(r"^<[^>]*/id/(organisation-\d+)> <[^>]*#type>", data.read_text(encoding="utf-8"), re.MULTILINE)
    random.Random(1).shuffle(found)
    return found


def _bare(plan: Plan, folder: Path, names: Sequence[str], *, once: bool = False) -> Server:
    starlette = plan.cache.find("Starlette")
    (folder / "hello.py").write_text(HELLO)
    paths = [f"/id/{name}" for name in names]

    def command(port: int) -> list[str]:
        options = ["--port", str(port), "--log-level", "error", "--no-access-log"]
        return [starlette.script("uvicorn"), "hello:app", *options]

    found = peer(starlette, command, paths, once=once)
    return Server("bare Starlette", found.version, found.command, paths, reason=found.reason, once=once,
                  note="five bytes")  # fmt: skip


def _query_paths(prefix: str, names: Sequence[str], count: int) -> list[str]:
    texts = (f"SELECT ?p ?o {{ <{BASE}id/{names[number % len(names)]}> ?p ?o }} # {number}" for number in range(count))
    return [prefix + urllib.parse.quote(text) for text in texts]


def points(data: Path, size: tuple[int, int], folder: Path, seconds: float, plan: Plan) -> Row:
    """Point queries, each text new."""
    import pyoxigraph as ox

    names = _names(data)
    store = folder / "store"
    loaded = ox.Store(str(store))
    loaded.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    loaded.flush()
    del loaded
    (folder / "kg.toml").write_text(SETTINGS.replace("https://bench.example/kg/", BASE)
                                    + "\n[server]\nqueries_per_client = 100\n")  # fmt: skip
    oxigraph, jena, endpoint = (plan.cache.find(name) for name in ("Oxigraph", "Jena", "rdflib-endpoint"))
    count = 200_000
    mine = [*COMMAND, "serve", "--no-log", "--project", str(folder)]
    fuseki = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    ready = "query=ASK%7B%7D"
    asked: dict[str, Any] = {"accept": "application/sparql-results+json", "answer": _bindings}
    servers = [
        Server(OURS, __version__, lambda port: [*mine, "--store", str(store), "--port", str(port)],
               _query_paths("/sparql?query=", names, count), "/health", **asked),
        peer(oxigraph, lambda port: [oxigraph.script("oxigraph"), "serve-read-only", "--location", str(store), "--bind",
                                     f"127.0.0.1:{port}"],
             _query_paths("/query?query=", names, count), ready=f"/query?{ready}", **asked),
        peer(jena, lambda port: [*jena.classpath, fuseki, "--localhost", f"--port={port}", f"--file={data}", "/ds"],
             _query_paths("/ds/query?query=", names, count), ready=f"/ds/query?{ready}", note="Fuseki, data in memory",
             environment=lambda _: {"FUSEKI_BASE": str(folder / "fuseki")}, **asked),
        peer(endpoint, lambda port: [endpoint.script("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port",
                                     str(port), str(data)],
             _query_paths("/?query=", names, count), ready=f"/?{ready}", note="data in memory", **asked),
    ]  # fmt: skip
    line = "Answer point queries over HTTP, each text new, from a store on disk"
    return measured("serve-queries", line, size, servers, _bare(plan, folder, names), folder, seconds, plan)


def pages(data: Path, size: tuple[int, int], folder: Path, seconds: float, plan: Plan, *, once: bool) -> Row:
    """Pages of organisations as HTML: each asked for once, or again and again."""
    names = _names(data)
    (folder / "kg.toml").write_text(SETTINGS.replace("https://bench.example/kg/", BASE))
    trifid, prez = plan.cache.find("Trifid"), plan.cache.find("Prez")
    config = folder / "trifid.yaml"

    def trifid_command(port: int) -> list[str]:
        config.write_text(TRIFID.format(base=BASE, port=port, data=data))
        return [trifid.script("trifid"), "-c", str(config)]

    mine = [*COMMAND, "serve", "--no-log", "--project", str(folder), str(data)]
    asked: dict[str, Any] = {"accept": "text/html", "answer": _page(names[0])}
    # where `each_once` reads answers by their length, a server that sends none cannot be asked
    servers = [
        Server(OURS, __version__, lambda port: [*mine, "--port", str(port)],
               [f"/id/{name}.html" for name in names], "/health", once=once, **asked),
    ]  # fmt: skip
    if not once:
        servers.append(peer(trifid, trifid_command, [f"/id/{name}" for name in names], ready=f"/id/{names[0]}",
                            note="it caches nothing", **asked))  # fmt: skip
        servers.append(peer(prez, lambda _: (), ()))
    line = "Serve pages as HTML, each asked for once" if once else "Serve pages as HTML, asked for again and again"
    limit = _bare(plan, folder, names, once=once)
    return measured("serve-new" if once else "serve-pages", line, size, servers, limit, folder, seconds, plan)


SERVING: dict[str, Callable[..., Row]] = {
    "serve-queries": points,
    "serve-pages": lambda *given: pages(*given, once=False),
    "serve-new": lambda *given: pages(*given, once=True),
}


def serve(names: Sequence[str], triples: int, plan: Plan, seconds: float) -> list[Row]:
    """The rows of those works on organisations of about so many triples."""
    rows = []
    for name in names:
        with plan.folder() as folder:
            data = folder / "organisations.nt"
            number = organisations.generate(data, triples)
            rows.append(SERVING[name](data, (number, triples), folder, seconds, plan))
    return rows
