"""Child processes: an end to their time and memory, and none that outlives whoever started it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isoc_kg.errors import EngineError, LimitExceeded
from isoc_kg.evidence.program import run_bounded
from isoc_kg.limits import Limits
from isoc_kg.limits.processes import TookTooLong, run_script
from isoc_kg.rdf import canonical_lines

#: Kind of child → a program that starts one, which writes its process number to the file named.
PARENTS = {
    "script": """
from pathlib import Path
from isoc_kg.limits.processes import run_script
run_script(Path({script!r}), b"", seconds=60)
""",
    "command": """
import pathlib, sys
from isoc_kg.evidence.program import run_bounded
run_bounded([sys.executable, {script!r}], b"", folder=pathlib.Path.cwd(), seconds=60, most=100)
""",
    "a command's own child": """
import pathlib
from isoc_kg.evidence.program import run_bounded
command = ["/bin/sh", "-c", {python!r} + " " + {script!r} + "; true"]
run_bounded(command, b"", folder=pathlib.Path.cwd(), seconds=60, most=100)
""",
    "forked": """
import multiprocessing, os, time
from isoc_kg.limits.processes import end_with
def work(parent):
    end_with(parent)
    exec(compile(open({script!r}).read(), "script", "exec"))
child = multiprocessing.get_context("fork").Process(target=work, args=(os.getpid(),), daemon=True)
child.start()
child.join()
""",
}


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until(condition: object, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes that are ended after the test."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL], ids=lambda by: by.name)
@pytest.mark.parametrize("kind", PARENTS)
def test_a_child_ends_with_its_parent(
    kind: str, by: signal.Signals, tmp_path: Path, started: list["subprocess.Popen[bytes]"]
) -> None:
    """Whether the parent is asked to end or killed."""
    number, script = tmp_path / "number", tmp_path / "script.py"
    script.write_text(f"import os, time\nopen({str(number)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    code = PARENTS[kind].format(script=str(script), python=sys.executable)
    parent = subprocess.Popen([sys.executable, "-c", code])
    started.append(parent)
    assert wait_until(lambda: number.exists() and number.read_text())
    child = int(number.read_text())
    try:
        assert is_alive(child)
        parent.send_signal(by)
        assert wait_until(lambda: not is_alive(child))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def test_time(tmp_path: Path) -> None:
    """A child whose time is over is ended, and so is what it has started."""
    number = tmp_path / "number"
    with pytest.raises(TimeoutError):
        run_bounded(["/bin/sh", "-c", f"sleep 60 & echo $! > {number}; wait"], b"", folder=tmp_path, seconds=1, most=9)
    assert wait_until(lambda: not is_alive(int(number.read_text())))
    script = tmp_path / "script.py"
    script.write_text("while True: pass\n")
    with pytest.raises(TookTooLong):
        run_script(script, b"", seconds=0.5)


def test_memory(tmp_path: Path) -> None:
    """What takes more than it may fails; it does not take it."""
    script = tmp_path / "script.py"
    script.write_text("bytes(1_000_000_000)\n")
    assert b"MemoryError" in run_script(script, b"", seconds=30, memory=500_000_000).errors
    command = [sys.executable, str(script)]
    done = run_bounded(command, b"", folder=tmp_path, seconds=30, most=99, memory=500_000_000)
    assert (done.code, done.last_words) == (1, "MemoryError")


def test_input_and_output(tmp_path: Path) -> None:
    """A command gets the input, and gives output, errors and exit code; one that is not there is an error."""
    code = "import sys; print(sys.stdin.read().upper()); print('no', file=sys.stderr); sys.exit(4)"
    done = run_bounded([sys.executable, "-c", code], b"yes", folder=tmp_path, seconds=30, most=99)
    assert (done.data, done.code, done.last_words) == (b"YES\n", 4, "no")
    with pytest.raises(OSError, match="No such file or directory: there-is-no-such-command"):
        run_bounded(["there-is-no-such-command"], b"", folder=tmp_path, seconds=30, most=99)


def test_canonical_labels_are_bounded() -> None:
    """RDFC-1.0 on a graph that it cannot do ends by its time or by its memory."""
    clique = [b"_:n%d <x:p> _:n%d .\n" % (i, j) for i in range(14) for j in range(14) if i != j]
    with pytest.raises(LimitExceeded, match=r"within 0\.3 seconds"):
        canonical_lines(clique, Limits(canonicalization_seconds=0.3))
    with pytest.raises(EngineError, match="out of memory"):
        canonical_lines(clique, Limits(canonicalization_memory_bytes=300_000_000))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to whoever asks for them")
@pytest.mark.parametrize("ending", ["by itself", "late", "too much"])
def test_what_leaves_the_group_ends_too(tmp_path: Path, ending: str) -> None:
    """Children that call setsid, and theirs, end with the command, however it ends."""
    numbers, script = tmp_path / "numbers", tmp_path / "script.py"
    script.write_text(
        f"""
import os, sys, time
for depth in range(3):
    if os.fork() == 0:
        os.setsid()
        if depth == 2 and os.fork():
            os._exit(0)
        with open({str(numbers)!r}, "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        time.sleep(600)
        os._exit(0)
while open({str(numbers)!r}, "a+").seek(0) or len(open({str(numbers)!r}).readlines()) < 3:
    time.sleep(0.01)
if sys.argv[1] == "late":
    time.sleep(600)
while sys.argv[1] == "too much":
    print("x" * 1000)
"""
    )
    command = [sys.executable, str(script), ending]
    expected = {"by itself": None, "late": TimeoutError, "too much": OverflowError}[ending]
    with pytest.raises(expected) if expected else contextlib.nullcontext():
        run_bounded(command, b"", folder=tmp_path, seconds=3 if ending == "late" else 60, most=10_000)
    for number in numbers.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)
