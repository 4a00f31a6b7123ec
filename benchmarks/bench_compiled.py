"""Fifteen shapes on a synthetic organisation graph: as queries on a loaded store, beside `shacl` and pyshacl.

    python benchmarks/bench_compiled.py [TRIPLES …] [--on-disk] [--alone] [--runs N]

The embedded store holds the data already (in memory, or `--on-disk`), and so does Oxigraph's server where its program
is installed (PyPI `oxigraph`), in memory or on disk as well; the engines that read files are timed from the file to
the report. pyshacl runs once, on 100,000 triples at most, and is scaled linearly above, which is kind to it. The
reports are compared. The least of the runs counts, and beside the clock's seconds stands the processor's time of the
embedded run.
"""

import argparse
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import pyoxigraph as ox
from organisations import SHAPES, generate

from isoc_kg.endpoint import Endpoint
from isoc_kg.limits import Limits
from isoc_kg.query import StoreEvaluator
from isoc_kg.validation import Report, Result, validate
from isoc_kg.validation.compiled import validate_compiled

PYSHACL_MOST = 100_000
LIMITS = Limits(validation_seconds=7200, validation_memory_bytes=60_000_000_000)


def least(runs: int, work: Callable[[], Report]) -> tuple[float, float, Report]:
    """The least seconds, by the clock and of the processor, and the report."""
    clock = processor = 1e9
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        report = work()
        clock, processor = min(clock, time.perf_counter() - start), min(processor, time.process_time() - used)
    return clock, processor, report


def comparable(results: Iterable[Result]) -> Counter[tuple[str | None, ...]]:
    """Results without the labels of blank nodes and without messages, which each engine words its own way."""
    return Counter(
        tuple(re.sub(r"_:\w+", "_:", part or "") for part in (r.focus_node, r.path, r.value, r.component, r.shape))
        for r in results
    )


def remote(data: Path, folder: Path, shapes: bytes, runs: int, *, on_disk: bool) -> tuple[float, Report] | None:
    """Seconds on a server of Oxigraph's own that holds the data, and the report."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    location = folder / "server"
    where = ["--location", str(location)] if on_disk else []
    if on_disk:
        command = [program, "load", *where, "--file", str(data), "--format", "nt"]
        subprocess.run(command, check=True, capture_output=True)
    command = [program, "serve", *where, "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/query"
        for _ in range(100):
            try:
                urllib.request.urlopen(address + "?query=ASK%7B%7D", timeout=10).read()
                break
            except OSError:
                time.sleep(0.1)
        if not on_disk:
            with data.open("rb") as body:
                upload = urllib.request.Request(f"http://127.0.0.1:{port}/store?default", data=body, method="PUT")
                upload.add_header("Content-Type", "application/n-triples")
                upload.add_header("Content-Length", str(data.stat().st_size))
                urllib.request.urlopen(upload, timeout=600).read()
        with Endpoint(address, timeout=600) as endpoint:
            clock, _, report = least(runs, lambda: validate_compiled(endpoint, shapes))
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(location, ignore_errors=True)
    return clock, report


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("triples", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--on-disk", action="store_true")
    parser.add_argument("--alone", action="store_true", help="the embedded store only")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "shacl", "pyshacl"))
    print(f"{platform.platform()}, Python {platform.python_version()}, {packages}; least of {given.runs} runs\n")
    shapes = ox.serialize(ox.parse(SHAPES.encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
    print("triples     results   embedded (processor)   Oxigraph's server       shacl, file   pyshacl")
    pyshacl: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as name:
        for size in given.triples:
            data = Path(name) / f"{size}.nt"
            number = generate(data, size)
            store = ox.Store(Path(name) / "store") if given.on_disk else ox.Store()
            store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
            evaluator = StoreEvaluator(store)
            clock, used, report = least(given.runs, lambda e=evaluator: validate_compiled(e, shapes))  # type: ignore[misc]
            del store, evaluator
            shutil.rmtree(Path(name) / "store", ignore_errors=True)
            if given.alone:
                print(f"{number:>10,}  {len(report.results):>7}   {clock:7.2f} s ({used:6.2f} s)", flush=True)
                data.unlink()
                continue
            fast, _, expected = least(
                min(given.runs, 2),
                lambda d=data: validate([d], shapes, engine="shacl", limits=LIMITS),  # type: ignore[misc]
            )
            assert comparable(report.results) == comparable(expected.results)
            served = remote(data, Path(name), shapes, given.runs, on_disk=given.on_disk)
            if served:
                assert comparable(served[1].results) == comparable(expected.results)
            if size <= PYSHACL_MOST:
                slow, _, expected = least(1, lambda d=data: validate([d], shapes, engine="pyshacl", limits=LIMITS))  # type: ignore[misc]
                assert comparable(report.results) == comparable(expected.results)
                pyshacl = number, slow
            there = f"{served[0]:7.2f} s, {served[0] / clock:4.1f} times" if served else "not installed"
            line = f"{number:>10,}  {len(report.results):>7}   {clock:7.2f} s ({used:6.2f} s)   "
            line += f"{there:>20}   {fast:8.2f} s"
            if pyshacl:
                estimate = pyshacl[1] * number / pyshacl[0]
                scaled = "" if pyshacl[0] == number else ", scaled"
                line += f"   {estimate:8.1f} s, {estimate / clock:5.0f} times{scaled}"
            print(line, flush=True)
            data.unlink()


if __name__ == "__main__":
    main()
