"""Review at the keyboard: from a key to the next screen, and to the decision on the disk, at a pseudo-terminal.

    python benchmarks/bench_review.py [--claims 1000 10000] [--keys 40] [--pause 1.5]

Each size is a generated project of `bench_check.py` with proposals in its queue; a is pressed again and again, with a
pause as of somebody who reads. Times are of the clock: median and slowest. The last column is the share of screens that
had the judge's word on them at once.
"""

import argparse
import fcntl
import os
import platform
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from bench_check import write_project

PROPOSED = """
import random, sys
from isoc_kg.project import load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission

judge = Judge(load_project(sys.argv[1]))
random.seed(1)
bodies = sorted(judge.corpus.types)
units = [unit for unit in judge.dataset.units if unit.endswith(".2")]
submission = Submission(judge, "bench")
while sum(one.id is not None for one in submission.arrivals) < int(sys.argv[2]):
    subject, other = random.sample(bodies, 2)
    submission.submit_json({"unit": random.choice(units), "subject": f"<{subject}>", "property": "l:supports",
                            "object": f"<{other}>", "support": "implied"})
submission.write()
"""
LEFT = re.compile(r"([\d,]+) proposals? left")


def until(handle: int, seconds: float, text: str = "") -> tuple[str, float]:
    """What a terminal gets until a text is in it, and after how many milliseconds it had that."""
    start, shown = time.perf_counter(), ""
    while (left := seconds - (time.perf_counter() - start)) > 0:
        if select.select([handle], [], [], left)[0]:
            shown += os.read(handle, 65_536).decode("utf-8", "replace")
            if text and text in shown:
                break
    return shown, 1000 * (time.perf_counter() - start)


def measure(project: Path, keys: int, pause: float) -> dict[str, object]:
    """Press a so many times."""
    process, handle = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm"
        command = [sys.executable, "-m", "isoc_kg", "review", "--project", str(project), "--reviewer", "Bench"]
        os.execv(sys.executable, command)
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    until(handle, 120, "proposals left")
    until(handle, 5)
    screens, written, judged = [], [], 0
    for _ in range(keys):
        os.write(handle, b"a")
        start = time.perf_counter()
        shown, milliseconds = until(handle, 30, " left")
        screens.append(milliseconds)
        judged += "Being judged" not in shown
        if "Accepted, in" not in shown:
            until(handle, 30, "Accepted, in")
        written.append(1000 * (time.perf_counter() - start))
        until(handle, pause)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(handle)
    screens.sort()
    written.sort()
    return {
        "screen": (screens[keys // 2], screens[-1]),
        "written": (written[keys // 2], written[-1]),
        "judged": judged / keys,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--pause", type=float, default=1.5)
    given = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("claims | next screen: median, slowest | on the disk: median, slowest | judged at once")
    for claims in given.claims:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder, "project")
            project.mkdir()
            write_project(project, claims)
            subprocess.run([sys.executable, "-c", PROPOSED, str(project), str(given.keys + 20)], check=True)
            found = measure(project, given.keys, given.pause)
        screen, written = found["screen"], found["written"]
        assert isinstance(screen, tuple)
        assert isinstance(written, tuple)
        print(f"{claims:,} | {screen[0]:.0f} ms, {screen[1]:.0f} ms | {written[0]:.0f} ms, {written[1]:.0f} ms"
              f" | {found['judged']:.0%}")  # fmt: skip


if __name__ == "__main__":
    main()
