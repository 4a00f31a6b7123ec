"""One run of a command: seconds, processor time, peak memory, and what became of it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: Starts the command and waits for it. A process counts the memory of the one that started it as its own peak, so this
#: one is small: peaks below its 10 MB are not told apart.
LAUNCHER = """import os, sys, time
start = time.perf_counter()
pid = os.fork()
if not pid:
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as error:
        sys.stderr.write(sys.argv[2] + ": " + error.strerror)
        sys.stderr.flush()
        os._exit(127)
_, status, used = os.wait4(pid, 0)
seconds = time.perf_counter() - start
with open(sys.argv[1], "w") as told:
    told.write(f"{seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}")
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"""


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of the processor; peak bytes of the largest process; why it failed, if it did."""

    seconds: float
    processor: float
    peak: int
    failure: str = ""
    timed_out: bool = False


def run(
    command: Sequence[str],
    folder: Path,
    *,
    output: Path,
    timeout: float,
    codes: Sequence[int] = (0,),
    environment: dict[str, str] | None = None,
) -> Run:
    """Run in that folder, standard output into a file. Past `timeout` seconds it and its children are killed."""
    errors, told = output.with_suffix(".stderr"), output.with_suffix(".told")
    told.unlink(missing_ok=True)
    late = threading.Event()
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-S", "-E", "-c", LAUNCHER, str(told), *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )

        def kill() -> None:
            late.set()
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, kill)
        timer.start()
        process.wait()
        timer.cancel()
        with contextlib.suppress(OSError):
            # what it left running in its session
            os.killpg(process.pid, signal.SIGKILL)
    words = told.read_text().split() if told.exists() else ["0", "0", "0"]
    failure = ""
    if late.is_set():
        failure = f"not finished after {timeout:,.0f} s"
    elif process.returncode not in codes:
        lines = errors.read_bytes()[-4000:].decode(errors="replace").strip().splitlines()
        failure = f"exit code {process.returncode}" + (f": {lines[-1].strip()[:160]}" if lines else "")
    seconds = timeout if late.is_set() else float(words[0])
    return Run(seconds, float(words[1]), int(words[2]), failure, late.is_set())


def held_by(pid: int) -> int:
    """The bytes that a process and its descendants hold now, pages that several share counted once."""
    total, family = 0, [pid]
    for member in family:
        with contextlib.suppress(OSError):
            sizes = Path(f"/proc/{member}/smaps_rollup").read_text()
            total += next((int(line.split()[1]) for line in sizes.splitlines() if line.startswith("Pss:")), 0)
            for task in Path(f"/proc/{member}/task").iterdir():
                family += map(int, (task / "children").read_text().split())
    return total * 1024
