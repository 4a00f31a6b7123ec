"""The command line of `python -m benchmarks`."""

import argparse
import os
import platform
import shutil
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import Measurement, Row
from benchmarks.growth import COMMANDS, grow
from benchmarks.measuring import Plan, measure
from benchmarks.page import record, write_plots
from benchmarks.peers import PEERS, Cache
from benchmarks.regression import compare, instructions
from benchmarks.serving import SERVING, serve
from benchmarks.works import ROOT, WORKS

GROWTH = [10_000, 100_000, 1_000_000, 10_000_000]
QUICK_SECONDS = 110
QUICK_TRIPLES = 10_000


def machine(quick: bool) -> dict[str, str]:
    """What was measured on, and with which versions."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    java = "none"
    if shutil.which("java"):
        done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
        java = (done.stderr.splitlines() or ["unknown"])[0]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "mode": "quick" if quick else "whole",
        "system": platform.platform(terse=True),
        "processor": f"{os.cpu_count()} × {model}",
        "memory": f"{memory:.0f} GiB",
        "python": platform.python_version(),
        "java": java,
        "packages": ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "shacl", "pyshacl", "rdflib")),
        "commit": _commit(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def _commit() -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def main(arguments: list[str]) -> int:
    """Run what the arguments name; the exit code."""
    every = [*(work.name for work in WORKS), *SERVING]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TRIPLES:,} triples, at most {QUICK_SECONDS} s")
    parser.add_argument("--triples", type=int, nargs="+", metavar="N", help="sizes of the data (10,000 … 10,000,000)")
    parser.add_argument("--work", nargs="*", metavar="NAME", default=every, help="only: " + ", ".join(every))
    parser.add_argument("--commands", nargs="*", metavar="NAME", default=list(COMMANDS),
                        help="with --growth only: " + ", ".join(COMMANDS))  # fmt: skip
    parser.add_argument("--runs", type=int, default=3, help="rounds; of each contestant the median counts (default: 3)")
    parser.add_argument("--timeout", type=float, default=600, metavar="S", help="most of one run (default: 600)")
    parser.add_argument(
        "--peers",
        type=Path,
        default=Path.home() / ".cache" / "isoc-kg-peers",
        metavar="DIR",
        help="the folder of peers' environments (default: ~/.cache/isoc-kg-peers)",
    )
    parser.add_argument("--install", action="store_true", help="install peers that are not there, at pinned versions")
    parser.add_argument("--only", nargs="*", default=(), metavar="PEER", help="only these peers: " + ", ".join(PEERS))
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data are generated (default: the system's)")
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmarks-out"), metavar="DIR",
                        help="where results.json goes (default: benchmarks-out)")  # fmt: skip
    parser.add_argument("--record", action="store_true", help="write page, plots and JSON into docs/")
    parser.add_argument(
        "--growth",
        nargs="*",
        type=int,
        metavar="N",
        help="also one run of each command at these sizes (default: 10,000 to 10,000,000)",
    )
    parser.add_argument("--seconds", type=float, default=5, help="that a server is asked in each round (default: 5)")
    parser.add_argument("--against", type=Path, metavar="JSON", help="report ratios that changed since these figures")
    parser.add_argument(
        "--instructions",
        action="store_true",
        help="count instructions, and nothing else; exit code 1 "
        "when there are more than recorded; with --record record them",
    )
    parser.add_argument(
        "--draw", type=Path, metavar="JSON", nargs="+", help="measure nothing: put these figures together"
    )
    given = parser.parse_args(arguments)
    if given.instructions:
        return instructions(given.record)
    found = _together(given.draw) if given.draw else _measured(given)
    finish(found, given)
    return 0


def _together(files: list[Path]) -> Measurement:
    """The figures of several files; of two for one work and size the later file's.

    The load before is that before the first: the others' is what these measurements left.
    """
    first, *others = (Measurement.read(path) for path in files)
    for other in others:
        for mine, theirs in ((first.rows, other.rows), (first.growth, other.growth)):
            keys = {(row.work, row.triples_asked) for row in theirs}
            mine[:] = [row for row in mine if (row.work, row.triples_asked) not in keys] + theirs
        first.machine |= {name: value for name, value in other.machine.items() if name != "load before"}
    return first


def _measured(given: argparse.Namespace) -> Measurement:
    deadline = time.monotonic() + QUICK_SECONDS if given.quick else float("inf")
    cache = Cache(given.peers.absolute(), install=given.install, only=tuple(given.only))
    plan = Plan(cache, given.runs, min(given.timeout, 20) if given.quick else given.timeout,
                long=1.5 if given.quick else 20, scratch=given.scratch, deadline=deadline,
                say=lambda line: print(line, flush=True))  # fmt: skip
    sizes = given.triples or ([QUICK_TRIPLES] if given.quick else [10_000, 100_000, 1_000_000])
    found = Measurement(machine(given.quick))
    file = given.output / "results.json"
    for triples in sizes:
        # what is shipped has one size
        works = [work for work in WORKS if work.name in given.work and (triples == sizes[0] or work.data != "shipped")]
        found.rows += measure(works, triples, plan)
        found.write(file)
        found.rows += serve([name for name in SERVING if name in given.work], triples, plan,
                            1 if given.quick else given.seconds)  # fmt: skip
        found.write(file)
    if given.growth is not None:

        def written(rows: list[Row]) -> None:
            found.growth = rows
            found.write(file)

        grow([name for name in COMMANDS if name in given.commands], given.growth or GROWTH, plan, written)
    found.machine["load after"] = f"{os.getloadavg()[0]:.1f}"
    return found


def finish(found: Measurement, given: argparse.Namespace) -> None:
    """Order the rows, compare, draw, and record where that is asked."""
    order = [*(work.name for work in WORKS), *SERVING]
    found.rows.sort(key=lambda row: (order.index(row.work), row.triples))
    if given.against:
        lines = compare(Measurement.read(given.against), found)
        print("\n".join(lines) or "no ratio changed by more than noise")
    write_plots(found, given.output)
    if given.record:
        record(found, ROOT / "docs" / "benchmarks.md")
