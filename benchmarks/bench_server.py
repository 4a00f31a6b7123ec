"""The server under load, by wrk on the loopback, beside a bare Starlette and Oxigraph's own server, in one run.

    python benchmarks/bench_server.py [--seconds 5] [--things 10000] [--triples 1000000] [--only NAME …] [--store DIR]
    python benchmarks/bench_server.py --soak 10

One table with each target beside what was measured, in Markdown, after about ten minutes; needs wrk and, for `points`,
`pip install oxigraph`. `start`: from the start of the process to the first page, of the shipped publication and of a
store with ten million triples on disk, which is made first unless `--store` names one made by an earlier run.
`resources`: ten thousand documents drawn at random, in each format: cold (a server just started, each asked for once)
and warm (again); both servers take turns of 500 requests, and what each takes of a processor is told beside the rates
(`--formats html ttl`, `--claims` for ten claims each, `--processes 2` for several serving processes). `points`: a
point query on so many triples, each text new (uncached) or the same hundred again (`--processes` as before).
`runaway`: the 99th percentile of pages and cheap queries, idle and beside eight queries that never end.
`beside`: that of pages of a publication with 200,000 triples, idle and beside 32 clients that read whole graphs, then
beside eight that never end and both; seven rounds of idle, loaded, idle, loaded, since other work on the machine slows
both. Its table has the spread of idle runs: what is less is noise. `--realtime` puts the server above other work, which
keeps that out, and shows less than users will see. `--soak` runs so many minutes of mixed load instead and tells what
memory it took.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.bench_site import BASE, SETTINGS, WORDS, lines

KG = (
    SETTINGS
    + """
[server]
queries_per_client = 100
query_seconds = 20
cache_bytes = 400_000_000
"""
)
HELLO = """from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def hello(request): return PlainTextResponse("hello")
app = Starlette(routes=[Route("/{rest:path}", hello)])
"""
LUA = """
local paths = {{}}
for line in io.lines("{file}") do paths[#paths + 1] = line end
local at = {start}
request = function()
  at = at + 1
  if at > #paths then at = 1 end
  return wrk.format("GET", paths[at], {{["Accept"] = "{accept}"}})
end
"""
#: What a thing never asked for is to reach, as a part of what a bare Starlette does.
_LEAST = {"html": 0.25, "ttl": 0.6, "jsonld": 0.6, "nt": 0.6, "rdf": 0.4}
_PART = 500  #: requests to one server, before the other has its turn
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def request_reader() -> str:
    """What the bare Starlette reads requests with: without `httptools` it takes more than twice as long."""
    return "with httptools" if importlib.util.find_spec("httptools") else "without httptools"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Started(NamedTuple):
    """A server that is up."""

    seconds: float  #: until its first answer
    pid: int

    def processor_seconds(self) -> float:
        """What it has taken of a processor, with other serving processes, which are started by the same command."""
        pids, total, command = [self.pid], 0, Path(f"/proc/{self.pid}/cmdline").read_bytes()
        for pid in pids:
            with contextlib.suppress(OSError):
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    children = map(int, (thread / "children").read_text().split())
                    pids += [child for child in children if Path(f"/proc/{child}/cmdline").read_bytes() == command]
                    total += int((thread / "schedstat").read_text().split()[0])
        return total / 1e9


@contextmanager
def server(command: list[str], port: int, folder: Path, path: str = "/") -> Iterator[Started]:
    """A server while it is up."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                    answer.read(1)
                    break
            except urllib.error.HTTPError:
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command} ended") from None
                time.sleep(0.005)
        yield Started(time.perf_counter() - start, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def ours(port: int, *arguments: str) -> list[str]:
    """The command of our server."""
    return [sys.executable, "-m", "isoc_kg", "serve", "--no-log", "--port", str(port), *arguments]


def wrk(
    port: int, folder: Path, paths: list[str], accept: str, seconds: float, connections: int = 16
) -> tuple[float, float, int]:
    """Requests a second, 99th percentile in ms, and answers that were none."""
    (folder / "paths").write_text("\n".join(paths))
    script = folder / "wrk.lua"
    script.write_text(LUA.format(file=folder / "paths", start=random.randrange(len(paths)), accept=accept))
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "-s", str(script), f"http://127.0.0.1:{port}/"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])
    value, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s|m)", done.stdout)[0]
    bad = re.findall(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit], int(bad[0]) if bad else 0


def each_once(port: int, paths: list[str]) -> float:
    """Requests a second when each path is asked for once, over sixteen connections of one thread."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(16)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    start = time.perf_counter()
    for at in range(0, len(paths), 16):
        part = list(zip(connections, paths[at : at + 16], strict=False))
        for connection, path in part:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n".encode())
        for connection, _ in part:
            data = connection.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            size = int(re.findall(rb"content-length: (\d+)", head)[0])
            got = len(body)
            while got < size:
                got += len(connection.recv(65536))
    seconds = time.perf_counter() - start
    for connection in connections:
        connection.close()
    return len(paths) / seconds


def turns(
    contestants: dict[str, tuple[int, list[str]]], folder: Path, accept: str, seconds: float
) -> dict[str, tuple[float, float]]:
    """Of each the best rate and 99th percentile of five turns, taken by turns: a busy machine is busy for all."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(5):
        for name, (port, paths) in contestants.items():
            rate, late, bad = wrk(port, folder, paths, accept, max(1.0, seconds / 5))
            assert bad == 0, name
            known = best.get(name, (0.0, 1e9))
            best[name] = max(known[0], rate), min(known[1], late)
    return best


def hello(folder: Path, port: int) -> list[str]:
    """The command of a bare Starlette."""
    (folder / "hello.py").write_text(HELLO)
    return [
        sys.executable,
        "-m",
        "uvicorn",
        "hello:app",
        "--port",
        str(port),
        "--log-level",
        "error",
        "--no-access-log",
    ]


Row = tuple[str, str, str, str, str]
_ROWS: list[Row] = []


def told(what: str, ours: str, beside: str, target: str, met: bool | None) -> None:
    """One more row of the table, shown at once."""
    _ROWS.append((what, ours, beside, target, "" if met is None else "met" if met else "**missed**"))
    print("| " + " | ".join(_ROWS[-1]) + " |", flush=True)


def resources(folder: Path, things: int, seconds: float, formats: list[str], processes: int, claims: bool) -> None:
    """Documents in each format, cold and warm, with and without the claims of each statement."""
    data = folder / "data.nq"
    data.write_bytes(b"".join(claimed_lines(things) if claims else lines(things)))
    names = [f"/id/thing-{number}" for number in range(things)]
    random.Random(1).shuffle(names)
    bare_port = free_port()
    for extension in formats:
        paths = names if extension == "(303)" else [f"{name}.{extension}" for name in names]
        port = free_port()
        several = ["--processes", str(processes)] if processes > 1 else []
        command = ours(port, "--project", str(folder), *several, str(data))
        with (
            server(hello(folder, bare_port), bare_port, folder) as bare_server,
            server(command, port, folder, "/health") as our_server,
        ):
            time.sleep(3)  # data files are made, and nothing more
            ratios, rates, costs = [], [], []
            for at in range(0, len(paths), _PART):
                before = bare_server.processor_seconds(), our_server.processor_seconds()
                once = each_once(bare_port, names[at : at + _PART])
                between = bare_server.processor_seconds(), our_server.processor_seconds()
                cold = each_once(port, paths[at : at + _PART])
                after = our_server.processor_seconds()
                ratios.append(cold / once)
                rates.append((cold, once))
                costs.append((after - between[1], between[0] - before[0]))
            each_once(port, paths)
            found = turns({"bare": (bare_port, names), "ours": (port, paths)}, folder, "*/*", seconds)
        (bare, _), (warm, late) = found["bare"], found["ours"]
        cold, once = (statistics.median(one) for one in zip(*rates, strict=True))
        mine, other = (statistics.median(one) * 1e6 / _PART for one in zip(*costs, strict=True))
        ratio, least = statistics.median(ratios), _LEAST.get(extension, 1 / 3)
        what = f"{extension}, {things:,} at random" + (", ten claims each" if claims else "")
        what += f", {processes} processes" if processes > 1 else ""
        told(
            f"{what}, cold", f"{cold:,.0f}/s; {mine:.0f} µs of a processor",
            f"bare Starlette {request_reader()} {once:,.0f}/s: {ratio:.2f}; {other:.0f} µs: {other / mine:.2f}",
            f"≥ {least:.2f}",
            ratio >= least,
        )  # fmt: skip
        told(
            f"{what}, warm", f"{warm:,.0f}/s, p99 {late:.1f} ms",
            f"bare Starlette {request_reader()} {bare:,.0f}/s: {warm / bare:.2f}", "≥ 1", warm >= bare,
        )  # fmt: skip


def claimed_lines(count: int) -> list[bytes]:
    """So many things with ten claims each, on one or two units of a document."""
    generator = random.Random(3)
    schema, xsd = "https://schema.org/", "http://www.w3.org/2001/XMLSchema#"
    rdf, evidence = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "https://w3id.org/isoc-kg/evidence#"
    edition, units = f"{BASE}document/source/1", max(50, count // 4)
    result = [f"<{edition}> <{rdf}type> <{evidence}Edition> <{BASE}graph/document> .\n"]
    for number in range(units):
        unit = f"<{edition}#{number // 10 + 1}.{number % 10 + 1}>"
        gist = " ".join(generator.choices(WORDS, k=8))
        result += [
            f"{unit} <{predicate}> {object_} <{BASE}graph/document> .\n"
            for predicate, object_ in (
                (f"{rdf}type", f"<{evidence}Unit>"),
                (f"{schema}position", f'"{number + 1}"^^<{xsd}integer>'),
                (f"{evidence}unitKind", f"<{evidence}Sentence>"),
                (f"{evidence}gist", f'"{gist}"@en'),
            )
        ]
    for line in lines(count):
        text = line.decode()
        triple = text[: text.rindex(f" <{BASE}graph/facts>")] + " .\n"
        parts = triple[:-3].split(" ", 2)
        name = parts[0].removeprefix(f"<{BASE}id/")[:-1]
        claim = f"<{BASE}claim/{name}.{hashlib.sha256(triple.encode()).hexdigest()[:16]}>"
        said = [(f"{rdf}type", f"<{rdf}Statement>")]
        said += [(f"{rdf}{part}", token) for part, token in zip(("subject", "predicate", "object"), parts, strict=True)]
        for number in generator.sample(range(units), 1 + (generator.random() < 0.3)):
            support = "supportedBy" if generator.random() < 0.8 else "impliedBy"
            said.append((f"{evidence}{support}", f"<{edition}#{number // 10 + 1}.{number % 10 + 1}>"))
        result += [
            text,
            *(f"{claim} <{predicate}> {object_} <{BASE}graph/evidence> .\n" for predicate, object_ in said),
        ]
    return sorted({line.encode() for line in result})


def points(folder: Path, triples: int, seconds: float, processes: int) -> None:
    """Point queries beside Oxigraph's own server."""
    count = triples // 10
    data = folder / "points.nq"
    data.write_bytes(b"".join(lines(count)))
    numbers = random.Random(2).choices(range(count), k=200_000)
    text = "SELECT ?p ?o {{ <{}id/thing-{}> ?p ?o }} # {}"
    fresh = ["/sparql?query=" + urllib.parse.quote(text.format(BASE, number, at)) for at, number in enumerate(numbers)]
    again = fresh[:100]
    accept = "application/sparql-results+json"
    store = folder / "oxigraph"
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if binary is None:
        raise SystemExit("points: there is no oxigraph: pip install oxigraph")
    subprocess.run([binary, "load", "--location", str(store), "--file", str(data)], check=True, capture_output=True)
    port = free_port()
    command = [
        binary,
        "serve-read-only",
        "--location",
        str(store),
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    queries = [path.replace("/sparql?", "/query?") for path in fresh]
    for where, arguments, least in (("from files", [str(data)], 0.5), ("from a store", ["--store", str(store)], 0.6)):
        mine = free_port()
        several = ["--processes", str(processes)] if processes > 1 else []
        more = f", {processes} processes" if several else ""
        ours_ = ours(mine, "--project", str(folder), *several, *arguments)
        with server(command, port, folder), server(ours_, mine, folder, "/health"):
            wrk(port, folder, queries[:10_000], accept, 1)
            for name, paths, target in (("each new", fresh[10_000:], least), ("the same hundred", again, 2.0)):
                wrk(mine, folder, paths[:10_000], accept, 1)
                found = turns({"native": (port, queries[10_000:]), "ours": (mine, paths)}, folder, accept, seconds)
                (native, _), (rate, late) = found["native"], found["ours"]
                told(
                    f"point queries on {triples:,} triples {where}, {name}{more}", f"{rate:,.0f}/s, p99 {late:.1f} ms",
                    f"oxigraph serve-read-only {native:,.0f}/s: {rate / native:.2f}", f"≥ {target:g}",
                    rate / native >= target,
                )  # fmt: skip


def runaway(folder: Path, seconds: float) -> None:
    """Pages and cheap queries beside eight queries that never end."""
    data = folder / "small.nq"
    data.write_bytes(b"".join(lines(10_000)))
    names = [f"/id/thing-{number}.html" for number in range(10_000)]
    cheap = [
        "/sparql?query=" + urllib.parse.quote(f"SELECT ?o {{ <{BASE}id/thing-{n % 10_000}> ?p ?o }} # {n}")
        for n in range(100_000)
    ]
    port = free_port()
    with server(ours(port, "--project", str(folder), str(data)), port, folder, "/health"):
        each_once(port, names)
        end = threading.Event()

        def greedy(number: int) -> None:
            while not end.is_set():
                try:
                    urllib.request.urlopen(
                        f"http://127.0.0.1:{port}/sparql?query=" + urllib.parse.quote(f"{CROSS} # {number}"), timeout=60
                    ).read()
                except OSError:
                    time.sleep(0.1)

        idle = [wrk(port, folder, paths, "*/*", seconds, 4)[1] for paths in (names, cheap[:50_000])]
        threads = [threading.Thread(target=greedy, args=(number,), daemon=True) for number in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(2)
        beside = [wrk(port, folder, paths, "*/*", seconds, 4)[1] for paths in (names, cheap[50_000:])]
        end.set()
    for what, before, now, most in zip(("pages", "cheap queries"), idle, beside, (3, 10), strict=True):
        told(
            f"{what} beside eight runaway queries, p99",
            f"{now:.2f} ms",
            f"idle {before:.2f} ms: {now / before:.1f} times",
            f"≤ {most} times",
            now / before <= most,
        )


class Readers:
    """Clients in a process of their own, that ask for paths again and again while they are let."""

    CODE = """
import random, socket, sys, threading, time
port, paths = int(sys.argv[1]), sys.argv[2:]
answers = [0] * len(paths)
def ask(number):
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
            path = paths[number].replace("RANDOM", str(random.random()))
            connection.sendall(f"GET {path} HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n".encode())
            buffer = bytearray(1 << 18)
            good = connection.recv(12, socket.MSG_WAITALL).endswith(b"200")
            while connection.recv_into(buffer):
                pass
            answers[number] += good
            connection.close()
        except OSError:
            time.sleep(0.1)
for number in range(len(paths)):
    threading.Thread(target=ask, args=(number,), daemon=True).start()
sys.stdin.read()
print(sum(answers))
"""

    def __init__(self, port: int, paths: list[str]) -> None:
        command = [sys.executable, "-c", self.CODE, str(port), *paths]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answers = 0

    def __enter__(self) -> "Readers":
        time.sleep(1.5)
        return self

    def __exit__(self, *_: object) -> None:
        self.answers = int(self._process.communicate("")[0])


def probe(port: int, paths: list[str], seconds: float) -> float:
    """The 99th percentile in ms of requests at a steady pace over one connection."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        connection.sendall(f"GET {random.choice(paths)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head, _, body = connection.recv(1 << 20).partition(b"\r\n\r\n")
        left = int(re.findall(rb"content-length: (\d+)", head)[0]) - len(body)
        while left > 0:
            left -= len(connection.recv(1 << 20))
        times.append(time.perf_counter() - begun)
        time.sleep(0.002)
    connection.close()
    return sorted(times)[len(times) * 99 // 100] * 1000


def spread(values: list[float]) -> str:
    """Median, least and most, in ms."""
    return f"{statistics.median(values):.2f} ms ({min(values):.2f} to {max(values):.2f})"


def beside(folder: Path, seconds: float, realtime: bool, rounds: int = 7) -> None:
    """Pages beside clients that read whole graphs, and beside queries that never end."""
    data = folder / "twenty.nq"
    data.write_bytes(b"".join(lines(20_000)))
    names = [f"/id/thing-{number}.html" for number in range(20_000)]
    port = free_port()
    graphs = [f"/graph-store?default&n=RANDOM-{number}" for number in range(32)]
    cross = "/sparql?query=" + urllib.parse.quote(f"{CROSS} # ") + "RANDOM"
    loads = {
        "32 readers of graphs": (graphs, 10.0),
        "8 runaway queries": ([cross] * 8, 1.0),
        "8 runaway queries and 8 readers of graphs": (graphs[:8] + [cross] * 8, 1.0),
    }
    command = ours(port, "--project", str(folder), str(data))
    if realtime:  # the server and this process alone, not its workers and not the readers
        command = ["chrt", "-R", "-f", "1", *command]
    with server(command, port, folder, "/health"):
        if realtime:
            os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
        # All in turn, so that whatever else the machine does meets idle and loaded alike; idle on both sides of a load.
        idle: list[float] = []
        loaded: dict[str, list[float]] = {what: [] for what in loads}
        answers: Counter[str] = Counter()
        for _ in range(rounds):
            for what, (paths, _most) in loads.items():
                idle.append(probe(port, names, seconds))
                with Readers(port, paths) as readers:
                    loaded[what].append(probe(port, names, seconds))
                answers[what] += readers.answers
        idle.append(probe(port, names, seconds))
    tenths = statistics.quantiles(idle, n=10)
    noise = tenths[-1] - tenths[0]
    told(
        "pages of an idle server, p99", spread(idle),
        f"{len(idle)} times, eight of ten within {noise:.2f} ms: differences below that are noise", "", None,
    )  # fmt: skip
    for at, (what, (_, most)) in enumerate(loads.items()):
        # each beside the mean of idle just before and just after it
        places = range(at, len(idle) - 1, len(loads))
        more = [now - (idle[i] + idle[i + 1]) / 2 for now, i in zip(loaded[what], places, strict=True)]
        middle = statistics.median(more)
        told(
            f"pages beside {what}, p99", spread(loaded[what]),
            f"{middle:+.2f} ms (median; {min(more):+.2f} to {max(more):+.2f}); {answers[what]} answers to the others",
            f"≤ {most:g} ms more" + (" (less than the noise: no verdict)" if noise > most else ""),
            None if noise > most else middle <= most,
        )  # fmt: skip
    if realtime:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def start(folder: Path, store: Path | None) -> None:
    """From the start of the process to the first page: files, and a store on disk."""
    if store is None:
        store = folder / "large"
        large(store, folder / "part.nq")
    count = 1_000_000
    page = f"/id/part-3-thing-{random.randrange(100_000)}.html"
    for what, arguments, path, most in (
        ("the shipped publication", [], "/index.html", 0.6),
        (f"a store on disk, {count * 10:,} triples", ["--project", str(folder), "--store", str(store)], page, 1.5),
    ):
        times = []
        for _ in range(5):
            port = free_port()
            with server(ours(port, *arguments), port, Path("/"), path) as started:
                times.append(started.seconds)
        middle = sorted(times)[2]
        told(
            f"start to first page, {what}",
            f"{min(times):.2f} s, median {middle:.2f} s",
            "",
            f"≤ {most} s",
            middle <= most,
        )


def large(store: Path, part: Path) -> None:
    """Ten million triples in a store on disk, in ten parts."""
    import pyoxigraph as ox

    made = ox.Store(store)
    for number in range(10):
        name = f"id/part-{number}-thing-".encode()
        part.write_bytes(b"".join(lines(100_000)).replace(b"id/thing-", name))
        made.bulk_load(path=part, format=ox.RdfFormat.N_QUADS)
    made.flush()
    part.unlink()


def memory(pid: int) -> tuple[float, float]:
    """MiB of a process, and of it with all below it, shared pages counted once."""
    pids = [pid]
    for one in pids:
        with contextlib.suppress(OSError):
            pids += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    sizes = []
    for one in pids:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            sizes.append(int(re.findall(r"Pss:\s+(\d+)", text)[0]) / 1024)
    return sizes[0], sum(sizes)


def soak(folder: Path, minutes: float) -> None:
    """Mixed load: pages, data, dumps, queries cheap, heavy, endless and wrong, clients that leave, reloads."""
    data = folder / "small.nq"
    data.write_bytes(b"".join(lines(10_000)))
    (folder / "kg.toml").write_text(KG.replace("cache_bytes = 400_000_000", "cache_bytes = 64_000_000"))
    port = free_port()
    codes: Counter[str] = Counter()
    end = time.monotonic() + minutes * 60

    def ask(number: int) -> None:
        chosen = random.Random(number)
        while time.monotonic() < end:
            thing = f"id/thing-{chosen.randrange(10_000)}"
            query, patience = "", 60.0
            kind = chosen.random()
            if kind < 0.5:
                path = f"{thing}.{chosen.choice(['html', 'ttl', 'jsonld', 'nt', 'rdf', 'trig'])}"
            elif kind < 0.85:
                path, query = "sparql", f"SELECT ?o {{ <{BASE}{thing}> ?p ?o }} # {chosen.random()}"
            elif kind < 0.92:
                path, query = "sparql", "SELECT * { ?s ?p ?o } LIMIT 20000"
            elif kind < 0.95:
                path, query = "sparql", "SELECT * {" + "{" * chosen.randrange(4000)
            elif kind < 0.97:
                path, query, patience = "sparql", f"{CROSS} # {chosen.random()}", chosen.choice([0.3, 60.0])
            else:
                path = chosen.choice(["data.nt", "graph-store?default", "metrics", "id/none", "search.html"])
            address = f"http://127.0.0.1:{port}/{path}" + (f"?query={urllib.parse.quote(query)}" if query else "")
            try:
                with urllib.request.urlopen(address, timeout=patience) as answer:
                    answer.read()
                    codes[str(answer.status)] += 1
            except urllib.error.HTTPError as error:
                codes[str(error.code)] += 1
            except OSError:
                codes["left"] += 1

    with server(ours(port, "--project", str(folder), str(data)), port, folder, "/health"):
        pid = int(
            subprocess.run(
                ["pgrep", "-f", f"serve --no-log --port {port}"], capture_output=True, text=True, check=True
            ).stdout.split()[0]
        )
        threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(12)]
        for thread in threads:
            thread.start()
        seen = []
        begun = time.monotonic()
        while time.monotonic() < end:
            time.sleep(min(10.0, max(0.1, end - time.monotonic())))
            if len(seen) % 6 == 5:
                os.kill(pid, signal.SIGHUP)
            seen.append(memory(pid))
            print(
                f"{time.monotonic() - begun:5.0f} s  server {seen[-1][0]:6.0f} MiB, all {seen[-1][1]:6.0f} MiB",
                file=sys.stderr,
            )
        for thread in threads:
            thread.join(90)
    middle = len(seen) // 2
    first, last = max(one for one, _ in seen[:middle]), max(one for one, _ in seen[middle:])
    total = ", ".join(f"{code} {number:,}" for code, number in sorted(codes.items()))
    told(
        f"{minutes:g} minutes of mixed load, memory of the server, most",
        f"{last:,.0f} MiB in the second half",
        f"{first:,.0f} MiB in the first; with all workers {max(all_ for _, all_ in seen):,.0f} MiB",
        "≤ 1.2 times",
        last <= 1.2 * first,
    )
    told("answers", total, "", "no 500", codes["500"] == 0)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--things", type=int, default=10_000)
    parser.add_argument("--formats", nargs="+", default=["html", "ttl", "jsonld", "nt", "rdf", "trig", "(303)"])
    parser.add_argument("--processes", type=int, default=1, help="resources, points: so many serving processes")
    parser.add_argument("--claims", action="store_true", help="resources: of things with ten claims each")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, help="a store that an earlier run made with --keep")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="make the store of ten million triples here, for later"
    )
    parser.add_argument(
        "--realtime", action="store_true", help="beside: above other work on the machine, as root; not the workers"
    )
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--only", nargs="+", default=["resources", "points", "runaway", "beside", "start"])
    asked = parser.parse_args()
    if asked.keep:
        large(asked.keep, asked.keep.with_suffix(".part"))
        return
    print("| what | isoc-kg | beside it | target | |\n| --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kg.toml").write_text(KG)
        if asked.soak:
            soak(folder, asked.soak)
            return
        if "resources" in asked.only:
            resources(folder, asked.things, asked.seconds, asked.formats, asked.processes, asked.claims)
        if "points" in asked.only:
            points(folder, asked.triples, asked.seconds, asked.processes)
        if "runaway" in asked.only:
            runaway(folder, asked.seconds)
        if "beside" in asked.only:
            beside(folder, asked.seconds, asked.realtime)
        if "start" in asked.only:
            start(folder, asked.store and asked.store.resolve())


if __name__ == "__main__":
    main()
