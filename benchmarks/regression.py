"""What became slower since an earlier measurement, in ratios to the peers, and what executes more instructions.

Ratios are reported and decide nothing: they vary with the machine and with what else it does. Counts of instructions
hardly vary, so they may fail.
"""

import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import organisations
from benchmarks.figures import Measurement
from benchmarks.works import GROUPS, OURS

#: A ratio that changed by less says nothing.
NOISE = 0.25
#: More instructions than recorded, as a share, that are too many.
TOLERANCE = 0.05
RECORD = Path(__file__).parent / "instructions.json"
TRIPLES = 2_000


def compare(old: Measurement, new: Measurement) -> list[str]:
    """A line for each ratio that changed by more than noise."""
    before = {(row.work, row.triples, figure.name, figure.version): ratio
              for row in old.rows for figure in row.figures if (ratio := row.ratio(figure)) is not None}  # fmt: skip
    lines = []
    for row in new.rows:
        for figure in row.figures:
            key, now = (row.work, row.triples, figure.name, figure.version), row.ratio(figure)
            if figure is row.ours or now is None or key not in before:
                continue
            change = now / before[key]
            if not 1 - NOISE < change < 1 / (1 - NOISE):
                word = "slower" if change < 1 else "faster"
                lines.append(f"{word}: {row.work}, {row.triples:,} triples, beside {figure.name}: "
                             f"{before[key]:.2f} × before, {now:.2f} × now")  # fmt: skip
    return lines


def surroundings() -> dict[str, str]:
    """What a count depends on besides our own code."""
    packages = {name: version(name) for name in ("pyoxigraph", "shacl", "click")}
    return {"python": platform.python_version(), "machine": platform.machine(), **packages}


def count() -> dict[str, int]:
    """Instructions of a few commands on small data, by valgrind; the processes that they start are not counted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, query = folder / "data.nt", folder / "query.rq"
        organisations.generate(data, TRIPLES)
        query.write_text(GROUPS, encoding="utf-8")
        commands = {
            "help": ["--help"],
            "export": ["export", str(data), "-o", str(folder / "data.ttl")],
            "query": ["query", "--data", str(data), "--file", str(query), "--format", "csv"],
        }
        return {work: _counted([*OURS, *arguments], folder) for work, arguments in commands.items()}


def _counted(command: list[str], folder: Path) -> int:
    tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    environment = {"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    # once before, so that byte code is there
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    done = subprocess.run([*tool, *command], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if not found:
        raise SystemExit(f"valgrind counted nothing for {' '.join(command)}")
    return int(found[1].replace(",", ""))


def judge(recorded: dict[str, Any], counts: dict[str, int], where: dict[str, str]) -> tuple[list[str], bool]:
    """Lines to show, and whether any work executes too many; other surroundings than recorded decide nothing."""
    same = recorded.get("surroundings") == where
    lines, worse = [], False
    for work, now in counts.items():
        before = recorded.get("instructions", {}).get(work)
        if before is None:
            lines.append(f"{work}: {now:,} instructions, none recorded")
            continue
        change = now / before - 1
        lines.append(f"{work}: {now:,} instructions, {change:+.1%} of the {before:,} recorded")
        worse |= change > TOLERANCE
    if not same:
        lines.append("recorded elsewhere (another interpreter or packages), so this decides nothing")
    return lines, worse and same


def instructions(record: bool) -> int:
    """Count, report, and record where that is asked; the exit code."""
    if shutil.which("valgrind") is None:
        print("instructions are not counted: valgrind is not on this machine", file=sys.stderr)
        return 0
    counts, where = count(), surroundings()
    recorded = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    lines, worse = judge(recorded, counts, where)
    print("\n".join(lines))
    if record:
        RECORD.write_text(
            json.dumps({"surroundings": where, "instructions": counts}, indent=1) + "\n", encoding="utf-8"
        )
        return 0
    return 1 if worse else 0
