"""The server under load, by wrk on the loopback, beside a bare Starlette and Oxigraph's own server, in one run.

    python benchmarks/bench_server.py [--seconds 5] [--things 10000] [--triples 1000000] [--only NAME …]

`resources`: ten thousand documents drawn at random, in each format: cold (a server just started, each asked for once)
and warm (again). `points`: a point query on so many triples, each text new (uncached) or the same hundred again.
`runaway`: the 99th percentile of pages and cheap queries, idle and beside eight queries that never end.
`start`: from the start of the process to the first page.
"""

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_site import lines

BASE = "https://bench.example/kg/"
KG = """name = "bench"
title = "Generated"
description = "A publication for timing."
base = "https://bench.example/kg/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "Nobody"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"

[server]
queries_per_client = 100
query_seconds = 20
cache_bytes = 400_000_000
"""
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
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, folder: Path, path: str = "/") -> Iterator[float]:
    """A server while it is up; gives the seconds until its first answer."""
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
        yield time.perf_counter() - start
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


def resources(folder: Path, things: int, seconds: float) -> None:
    """Documents in each format, cold and warm."""
    data = folder / "data.nq"
    data.write_bytes(b"".join(lines(things)))
    names = [f"/id/thing-{number}" for number in range(things)]
    random.Random(1).shuffle(names)
    port = free_port()
    with server(hello(folder, port), port, folder):
        once = each_once(port, names)
        bare, _, _ = wrk(port, folder, names, "*/*", seconds)
    print(
        f"\nresources ({things:,})\n{'format':<14} {'cold /s':>9} {'of bare':>8} {'warm /s':>9} {'of bare':>8} {'p99 ms':>7} {'bad':>4}"
    )
    print(f"{'bare Starlette':<14} {once:>9,.0f} {'':>8} {bare:>9,.0f}")
    for extension in ("html", "ttl", "jsonld", "nt", "rdf", "trig", "(303)"):
        paths = names if extension == "(303)" else [f"{name}.{extension}" for name in names]
        port = free_port()
        with server(ours(port, "--project", str(folder), str(data)), port, folder, "/health"):
            cold = each_once(port, paths)
            each_once(port, paths)
            warm, late, bad = wrk(port, folder, paths, "*/*", seconds)
        print(
            f"{extension:<14} {cold:>9,.0f} {cold / once:>8.2f} {warm:>9,.0f} {warm / bare:>8.2f} {late:>7.2f} {bad:>4}",
            flush=True,
        )


def points(folder: Path, triples: int, seconds: float) -> None:
    """Point queries beside Oxigraph's own server."""
    count = triples // 10
    data = folder / "data.nq"
    if not data.exists() or data.stat().st_size < count * 1000:
        data.write_bytes(b"".join(lines(count)))
    numbers = random.Random(2).choices(range(count), k=200_000)
    text = "SELECT ?p ?o {{ <{}id/thing-{}> ?p ?o }} # {}"
    fresh = ["/sparql?query=" + urllib.parse.quote(text.format(BASE, number, at)) for at, number in enumerate(numbers)]
    again = fresh[:100]
    print(f"\npoints ({triples:,} triples)\n{'server':<34} {'/s':>9} {'p99 ms':>8} {'bad':>5}")
    accept = "application/sparql-results+json"
    store = folder / "oxigraph"
    shutil.rmtree(store, ignore_errors=True)
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    native = 0.0
    if binary:
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
        with server(command, port, folder):
            wrk(port, folder, fresh, accept, 1)
            native, late, bad = wrk(port, folder, fresh, accept, seconds)
            print(f"{'oxigraph serve-read-only':<34} {native:>9,.0f} {late:>8.2f} {bad:>5}", flush=True)
    port = free_port()
    with server(ours(port, "--project", str(folder), str(data)), port, folder, "/health"):
        wrk(port, folder, fresh[:10_000], accept, 1)
        for name, paths in (("isoc-kg, each query new", fresh[10_000:]), ("isoc-kg, the same hundred", again)):
            rate, late, bad = wrk(port, folder, paths, accept, seconds)
            ratio = f", {rate / native:.2f} of it" if native else ""
            print(f"{name + ratio:<34} {rate:>9,.0f} {late:>8.2f} {bad:>5}", flush=True)


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
    print(f"\nrunaway\n{'what':<34} {'p99 ms idle':>12} {'p99 ms beside':>14} {'times':>6}")
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
    for what, before, now in zip(("pages", "cheap queries"), idle, beside, strict=True):
        print(f"{what:<34} {before:>12.2f} {now:>14.2f} {now / before:>6.1f}")


def start(folder: Path) -> None:
    """From the start of the process to the first page."""
    times = []
    for _ in range(5):
        port = free_port()
        with server(ours(port), port, folder) as seconds:
            times.append(seconds)
    print(f"\nstart: the shipped publication, first page after {min(times):.2f} s (median {sorted(times)[2]:.2f} s)")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--things", type=int, default=10_000)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", default=["start", "resources", "points", "runaway"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kg.toml").write_text(KG)
        if "resources" in asked.only:
            resources(folder, asked.things, asked.seconds)
        if "points" in asked.only:
            points(folder, asked.triples, asked.seconds)
        if "runaway" in asked.only:
            runaway(folder, asked.seconds)
        if "start" in asked.only:
            start(Path("/"))


if __name__ == "__main__":
    main()
