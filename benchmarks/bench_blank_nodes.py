"""What blank nodes cost: labels by content, differences, and queries over files, beside pyoxigraph's own load.

    python benchmarks/bench_blank_nodes.py [--things N] [--only labels shapes query diff export load serve]

A thing has nine triples, four of them about a blank node that is its address; 1,100,000 things are 9.9 M triples. The
shapes are graphs of blank nodes alone, at which RDFC-1.0 takes time or memory without end. Times are processor seconds.
`load` goes into an Oxigraph of its own, first into nothing and then over the same; `serve` is stopped once it answers.
"""

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pyoxigraph as ox

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from isoc_kg.rdf.labelling import labelled  # noqa: E402
from stores.running import STARTERS, free_port  # noqa: E402

E = "https://e.example/"


def things(count: int) -> Iterator[bytes]:
    """N-Triples, each with its end, blank nodes with random labels."""
    chance = random.Random(1)
    for n in range(count):
        node = f"_:{chance.getrandbits(128):032x}"
        yield (
            f'<{E}t{n}> <{E}name> "Organisation {n}" .\n<{E}t{n}> <{E}kind> <{E}Organisation> .\n'
            f'<{E}t{n}> <{E}year> "{1900 + n % 120}" .\n<{E}t{n}> <{E}link> <https://t{n}.example/> .\n'
            f"<{E}t{n}> <{E}address> {node} .\n"
            f'{node} <{E}city> "City {n % 5000}" .\n{node} <{E}lat> "{n / 7:f}" .\n'
            f"{node} <{E}country> <{E}c{n % 200}> .\n{node} <{E}kind> <{E}Address> .\n"
        ).encode()


def linked(pairs: Iterable[tuple[int, int]]) -> list[bytes]:
    """Statements of one property between numbered nodes."""
    return [b"_:n%d <x:p> _:n%d .\n" % pair for pair in pairs]


def shapes() -> Iterator[tuple[str, list[bytes]]]:
    """Names, and graphs of blank nodes."""
    side = 200
    grid = [(i * side + j, i * side + j + 1) for i in range(side) for j in range(side - 1)]
    grid += [(i * side + j, (i + 1) * side + j) for i in range(side - 1) for j in range(side)]
    chance = random.Random(3)
    ends = chance.sample(range(50_000), 50_000)
    regular = [(n, (n + 1) % 50_000) for n in range(50_000)] + list(zip(ends[::2], ends[1::2], strict=True))
    yield "chain of 10,000", linked((n, n + 1) for n in range(10_000))
    yield "cycle of 30,000", linked((n, (n + 1) % 30_000) for n in range(30_000))
    yield "clique of 12", linked((i, j) for i in range(12) for j in range(12) if i != j)
    yield "grid of 200 by 200", linked(grid)
    yield "30,000 triangles", linked((3 * n + k, 3 * n + (k + 1) % 3) for n in range(30_000) for k in range(3))
    yield "random, three neighbours, 50,000", linked([*regular, *((b, a) for a, b in regular)])


def run(*arguments: str | Path) -> tuple[float, int]:
    """Processor seconds and MiB of a Python process."""
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, *map(str, arguments)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def usage_of(pid: int) -> tuple[float, int]:
    """Processor seconds so far of a process that runs, and MiB at its peak."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert peak
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak[1]) // 1024


def load(file: Path, folder: Path) -> None:
    """Load twice, and print what it costs the command and the store."""
    folder.mkdir()
    store = STARTERS["oxigraph"](folder)
    store.start()
    assert store.process
    try:
        before = 0.0
        for name in ("load", "load of the same"):
            started = time.perf_counter()
            seconds, memory = run(
                "-m", "isoc_kg", "load", file, "--to", store.kind, "--endpoint", store.endpoint, "--graph", E + "g"
            )  # fmt: skip
            used, peak = usage_of(store.process.pid)
            wall = time.perf_counter() - started
            print(
                f"{name}: {seconds:.1f} s, {memory} MiB; Oxigraph {used - before:.1f} s, {peak} MiB; "
                f"{wall:.0f} s by the clock",
                flush=True,
            )
            before = used
    finally:
        store.stop()


def serve(file: Path) -> None:
    """Start a server over a file, and print what that costs, or how it ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "isoc_kg", "serve", "--no-log", "--port", str(port), file], stderr=subprocess.PIPE
    )
    memory, started, seconds = 0, time.perf_counter(), 0.0
    try:
        while process.poll() is None:
            seconds, memory = usage_of(process.pid)
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                print(f"serve: {seconds:.1f} s, {memory} MiB; the home page {len(answer.read()):,} bytes")
                break
            time.sleep(0.5)
        else:
            assert process.stderr
            print(f"serve: {seconds:.1f} s, {memory} MiB, exit {process.returncode}: {process.stderr.read().decode()}")
    finally:
        process.terminate()
        process.wait()
    print(f"serve: {time.perf_counter() - started:.0f} s by the clock", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", default=["shapes", "labels", "query", "export", "diff"])
    given = parser.parse_args()
    if "shapes" in given.only:
        for name, lines in shapes():
            started = time.process_time()
            ties = labelled(lines).ties
            print(f"{name}: {time.process_time() - started:.2f} s, {ties} ties", flush=True)
    if "labels" in given.only:
        lines = [line for thing in things(given.things) for line in thing.splitlines(keepends=True)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started = time.process_time()
        count = len(labelled(lines).lines)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"labels, {count:,} triples: {time.process_time() - started:.1f} s; {before} MiB, then {after} MiB",
            flush=True,
        )
        del lines
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "data.nt").open("wb") as file:
            file.writelines(things(given.things))
        if "diff" in given.only:
            command = ["sort", "-R", "-o", folder / "other.nt", folder / "data.nt"]
            subprocess.run(command, check=True, env={"LC_ALL": "C"})
            with (folder / "other.nt").open("ab") as file:
                file.write(b'<x:s> <x:p> _:more .\n_:more <x:p> "1" .\n')
        if "query" in given.only:
            ox.serialize(
                ox.parse(path=str(folder / "data.nt"), format=ox.RdfFormat.N_TRIPLES),
                str(folder / "data.ttl"),
                format=ox.RdfFormat.TURTLE,
            )
            for form, engine in (("nt", "N_TRIPLES"), ("ttl", "TURTLE")):
                file_ = folder / f"data.{form}"
                code = f"import pyoxigraph as o; o.Store().bulk_load(path={str(file_)!r}, format=o.RdfFormat.{engine})"
                alone, _ = run("-c", code)
                ours, memory = run("-m", "isoc_kg", "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--data", file_)
                print(
                    f"query, {form}: {ours:.1f} s, pyoxigraph {alone:.1f} s, {ours / alone:.2f} ×; {memory} MiB",
                    flush=True,
                )
        for verb, files in (("export", ["data.nt"]), ("diff", ["data.nt", "other.nt"])):
            if verb in given.only:
                seconds, memory = run("-m", "isoc_kg", verb, *(folder / file for file in files))
                print(f"{verb}: {seconds:.1f} s, {memory} MiB", flush=True)
        if "load" in given.only:
            load(folder / "data.nt", folder / "store")
        if "serve" in given.only:
            serve(folder / "data.nt")


if __name__ == "__main__":
    main()
