"""How long a verified load into a triple store takes, beside a bare upload of the same bytes with curl and a count.

    python benchmarks/bench_load.py [--triples N] [--runs N] [--replace] [STORE …]

Each measurement has a store of its own, started empty on the loopback (tests/stores/running.py says how to get the
stores). The bare upload is one PUT of the N-Triples to a graph, then one `SELECT (COUNT(*) …)`; Virtuoso, which hangs
on bodies of that size, gets the same bytes in parts as large as `isoc-kg load` sends them, one curl after the other.
The loads are whole processes, start of the interpreter and reading of the file included, into a graph that is not there
yet. The contestants take turns; the least of the runs counts.

--replace loads once, and then over what is there: the same, the same with a hundredth changed, other data. Its times
are processor seconds of the store and of the command together, beside the first load's.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from bench_serialization import generate  # noqa: E402

from isoc_kg.stores import find_profile  # noqa: E402
from isoc_kg.stores.store import RemoteStore  # noqa: E402
from stores.running import MISSING, STARTERS, Running  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRAPH = "https://example.org/benchmark"


def bare(store: Running, file: Path, expected: int) -> float:
    """Seconds for curl to upload the file and to count."""
    profile = find_profile(store.kind)
    with RemoteStore(profile, store.endpoint) as addresses:
        to = (addresses.endpoint.graph_store_url or "").partition("?")[0]
        query = addresses.endpoint.query_url
    settings = file.parent / "curl.txt"
    scheme = f'--{store.auth}\nuser = "{store.user}:{store.password}"\n' if store.auth else ""
    settings.write_text(scheme)
    curl = ["curl", "--silent", "--show-error", "--fail", "-K", str(settings)]
    count = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    parts = [file] if store.kind != "virtuoso" else split(file, profile.batch_bytes)
    started = time.perf_counter()
    for part in parts:
        method = "PUT" if part == parts[0] else "POST"
        subprocess.run(
            [*curl, "-X", method, "-H", "Content-Type: application/n-triples", "-T", part, f"{to}?graph={GRAPH}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    accept = "Accept: application/sparql-results+json"
    done = subprocess.run(
        [*curl, "-H", accept, "--data-urlencode", f"query={count}", query], check=True, stdout=subprocess.PIPE
    )
    seconds = time.perf_counter() - started
    assert str(expected).encode() in done.stdout, done.stdout
    return seconds


def split(file: Path, size: int) -> list[Path]:
    """The lines of a file in files of at most so many bytes."""
    command = ["split", f"--line-bytes={size}", file, file.with_suffix(".part-")]
    subprocess.run(command, check=True)
    return sorted(file.parent.glob(f"{file.stem}.part-*"))


def load(store: Running, file: Path, *options: str) -> float:
    """Seconds for `isoc-kg load`."""
    command = [sys.executable, "-m", "isoc_kg", "load", file, "--to", store.kind, "--endpoint", store.endpoint]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--graph", GRAPH, "--timeout", "7200", *options],
        check=True,
        env={**os.environ, **store.environment},
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


@contextmanager
def started(kind: str, work: Path) -> "Iterator[Running]":
    """An empty store of a folder of its own."""
    folder = Path(tempfile.mkdtemp(dir=work))
    store = STARTERS[kind](folder)
    store.start()
    try:
        yield store
    finally:
        store.stop()
        shutil.rmtree(folder)


def used(store: Running) -> float:
    """Processor seconds of a store and of the commands so far."""
    assert store.process is not None
    fields = Path(f"/proc/{store.process.pid}/stat").read_text().rpartition(")")[2].split()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + children.ru_utime + children.ru_stime


def replace(store: Running, new: Path, other: Path) -> None:
    """Measure and print what it costs to replace a graph."""
    changed = new.with_name("changed.nt")
    with new.open("rb") as lines, changed.open("wb") as file:
        file.writelines(line.replace(b"> .", b"-> .") if n % 100 == 0 else line for n, line in enumerate(lines))
    first = 0.0
    for name, file in (("first load", new), ("the same", new), ("1 % changed", changed), ("other data", other)):
        before = used(store)
        wall = load(store, file)
        cost = used(store) - before
        first = first or cost
        print(f"{store.kind}, {name}: {cost:.1f} s, {cost / first:.2f} ×; {wall:.1f} s by the clock", flush=True)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stores", nargs="*", metavar="STORE", default=["oxigraph", "fuseki", "virtuoso"])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--replace", action="store_true", help="measure replacements, and nothing else")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="bench-load-"))
    try:
        file, other = work / "new.nt", work / "old.nt"
        generate(file, given.triples)
        generate(other, given.triples - 1)
        with file.open("rb") as lines:
            triples = len(set(lines))  # a few are written twice
        print(f"{triples:,} triples, {file.stat().st_size / 1e6:.0f} MB; load average {os.getloadavg()[0]:.1f}")
        if not given.replace:
            print(f"{'':10} {'curl':>8} {'count':>8} {'':>6} {'digest':>8} {'':>6}")
        for kind in given.stores:
            if kind in MISSING:
                print(f"{kind:10} not here: {MISSING[kind]}")
                continue
            ways: dict[str, Callable[[Running], float]] = {
                "curl": lambda store: bare(store, file, triples),
                "count": lambda store: load(store, file, "--verify", "count"),
                "digest": lambda store: load(store, file),
            }
            best = dict.fromkeys(ways, float("inf"))
            for _ in range(0 if given.replace else given.runs):
                for name, way in ways.items():
                    with started(kind, work) as store:
                        best[name] = min(best[name], way(store))
            if given.replace:
                with started(kind, work) as store:
                    replace(store, file, other)
                continue
            curl, count, digest = best.values()
            print(
                f"{kind:10} {curl:7.1f}s {count:7.1f}s {count / curl:5.2f}× {digest:7.1f}s {digest / curl:5.2f}×",
                flush=True,
            )
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
