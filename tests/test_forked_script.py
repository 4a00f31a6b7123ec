"""Functions in processes of their own, forked: as bounded as those that start anew, and nothing of their parent's."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.limits.forked_script import ForkedScript
from isoc_kg.limits.forking import may_fork
from isoc_kg.limits.processes import Finished, Stop, TookTooLong

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux")


def _echo() -> None:
    sys.stdout.write(sys.stdin.readline().upper())
    sys.stderr.write("noted\n")


def _fails() -> None:
    raise ValueError("a reason")


def _leaves() -> None:
    sys.stdout.write("all of it")
    sys.stdout.flush()
    os._exit(7)


def _ended() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _takes() -> None:
    bytes(1_000_000_000)


@pytest.mark.parametrize(
    ("work", "code", "output", "errors"),
    [
        (_echo, 0, b"A TASK\n", b"noted\n"),
        (_leaves, 7, b"all of it", b""),
        (_ended, -signal.SIGSEGV, b"", b""),
        (_fails, 1, b"", b"ValueError: a reason\n"),
        (_takes, 1, b"", b"MemoryError\n"),
    ],
)
def test_how_it_ends(work: Callable[[], None], code: int, output: bytes, errors: bytes) -> None:
    """Its exit code, or its signal, and what it has written."""
    done = ForkedScript(work, memory=900_000_000).finish(b"a task\n", 60)
    assert (done.code, done.output) == (code, output)
    assert done.errors.endswith(errors)
    assert bool(done.errors) == bool(errors)


def test_it_takes_too_long() -> None:
    """It is ended, and what it had written to standard error is told."""

    def slow() -> None:
        sys.stderr.write("begun\n")
        sys.stderr.flush()
        time.sleep(60)

    script = ForkedScript(slow)
    child = script._child
    with pytest.raises(TookTooLong) as ended:
        script.finish(b"\n", 0.2)
    assert ended.value.errors == b"begun\n"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_another_thread_ends_it() -> None:
    """As if it was killed; once more does nothing, and so does a task for what has ended."""
    stop, script = Stop(), ForkedScript(lambda: time.sleep(60))
    found: list[Finished] = []
    thread = threading.Thread(target=lambda: found.append(stop.finish(script, b"\n", 60)))
    thread.start()
    assert stop.begun.wait(10)
    stop.now()
    thread.join(10)
    assert found == [Finished(-signal.SIGKILL, b"", b"")]
    stop.now()
    script.end()
    gone = ForkedScript(lambda: os._exit(3))
    time.sleep(0.1)
    assert gone.finish(b"a task\n", 60).code == 3


def test_nothing_of_its_parent(tmp_path: Path) -> None:
    """Files, handlers of signals and output that is not written yet stay the parent's; a descriptor is lent."""
    with (tmp_path / "a").open("w+") as kept, (tmp_path / "b").open("w+") as lent:

        def work() -> None:
            open_files = {int(name) for name in os.listdir("/proc/self/fd")}  # noqa: PTH208
            sys.stdout.write(f"{kept.fileno() in open_files} {lent.fileno() in open_files} ")
            sys.stdout.write(str(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL))

        before = signal.signal(signal.SIGTERM, lambda *_: None)
        try:
            done = ForkedScript(work, descriptors=[lent.fileno()]).finish(b"\n", 60)
        finally:
            signal.signal(signal.SIGTERM, before)
    assert done == Finished(0, b"False True True", b"")


PARENT = """
import os, sys, time
from isoc_kg.limits.forked_script import ForkedScript
print("once")
child = ForkedScript(lambda: time.sleep(60))
print(child._child, flush=True)
{then}
"""


@pytest.mark.parametrize("then", ["child.end()", "os._exit(0)"])
def test_it_ends_with_its_parent(then: str) -> None:
    """Whatever ends that; what that had not written yet is written once."""
    done = subprocess.run([sys.executable, "-c", PARENT.format(then=then)], capture_output=True, text=True, check=True)
    once, child = done.stdout.split()
    assert once == "once"
    for _ in range(200):
        try:
            state = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":  # for its new parent to look at
            return
        time.sleep(0.02)
    raise AssertionError("it is left")


def test_only_one_thread() -> None:
    """Beside another thread nothing is forked: it may hold a lock that is never let go of in the child."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        over.set()
        thread.join()
