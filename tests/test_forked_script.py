"""Functions in processes of their own, forked: as bounded as those that start anew, and nothing of their parent's."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from isoc_kg.limits.forked_script import ForkedScript
from isoc_kg.limits.forking import may_fork
from isoc_kg.limits.processes import Finished, Script, Stop, TookTooLong

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux")


#: What a script does → its exit code, its output and the end of its errors.
SCRIPTS = {
    "import sys; sys.stdout.write(sys.stdin.readline().upper()); sys.stderr.write('noted\\n')": (
        *(0, b"A TASK\n", b"noted\n"),
    ),
    "import sys; sys.stdout.write(' '.join(sys.argv[1:]))": (0, b"one two", b""),
    "import os, sys; sys.stdout.write('all of it'); sys.stdout.flush(); os._exit(7)": (7, b"all of it", b""),
    "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": (-signal.SIGSEGV, b"", b""),
    "raise ValueError('a reason')": (1, b"", b"ValueError: a reason\n"),
    "raise SystemExit(3)": (3, b"", b""),
    "bytes(1_000_000_000)": (1, b"", b"MemoryError\n"),
}


def script(folder: Path, text: str) -> Path:
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", SCRIPTS)
def test_how_it_ends(text: str, tmp_path: Path) -> None:
    """Its exit code, or its signal, and what it has written: as one that starts anew."""
    code, output, errors = SCRIPTS[text]
    for kind in (ForkedScript, Script):
        done = kind(script(tmp_path, text), "one", "two", memory=900_000_000).finish(b"a task\n", 60)
        assert (done.code, done.output) == (code, output)
        assert done.errors.endswith(errors)
        assert bool(done.errors) == bool(errors)


LOSSES = {
    "ignored": "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "reaped": """
def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass
signal.signal(signal.SIGCHLD, reap)
""",
}
LOSING = """
import json, os, signal, sys, time
from pathlib import Path
from isoc_kg.limits.forked_script import ForkedScript
from isoc_kg.limits.forking import forked
from isoc_kg.limits.processes import Script
{loss}
codes = []
for kind in (ForkedScript, Script):
    for text in ("print()", "raise SystemExit(3)", "1 / 0", "import os; os.kill(os.getpid(), 9)"):
        Path("script.py").write_text(text)
        script = kind(Path("script.py"))
        time.sleep(0.1)
        codes.append(script.finish(b"\\n", 60).code)
with forked(lambda: 5) as done, forked(lambda: 1 / 0) as failed:
    time.sleep(0.2)
    codes += [done.result(), failed.result()]
with forked(time.time) as left:
    time.sleep(0.2)
print(json.dumps(codes))
"""


@pytest.mark.parametrize("loss", LOSSES)
def test_codes_that_nobody_waits_for(loss: str, tmp_path: Path) -> None:
    """A process that fails is no success where its program ignores SIGCHLD, or waits for any child itself."""
    code = LOSING.format(loss=LOSSES[loss])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert json.loads(done.stdout) == [0, 3, 1, -9, 0, 3, 1, -9, 5, None]


def test_modules_are_where_the_parent_has_them(tmp_path: Path) -> None:
    """A folder of the program's own is there, too, behind those of the interpreter; the current one is not."""
    (tmp_path / "lib").mkdir()
    for name in ("lib/own_module.py", "here_module.py", "lib/json.py"):
        (tmp_path / name).write_text("")
    text = """
import json
from importlib.util import find_spec
print(*(bool(find_spec(name)) for name in ("own_module", "here_module")), hasattr(json, "loads"))
"""
    code = f"""
import sys
from pathlib import Path
from isoc_kg.limits.processes import run_script
sys.path[:0] = [{str(tmp_path)!r}]
sys.path += [{str(tmp_path / "lib")!r}]
print(run_script(Path({str(script(tmp_path, text))!r}), b"", seconds=60).output.decode())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == ["True", "False", "True"]


def test_it_takes_too_long(tmp_path: Path) -> None:
    """It is ended, and what it had written to standard error is told."""
    slow = "import sys, time; sys.stderr.write('begun\\n'); sys.stderr.flush(); time.sleep(60)"
    forked = ForkedScript(script(tmp_path, slow))
    child = forked._child
    with pytest.raises(TookTooLong) as ended:
        forked.finish(b"\n", 0.3)
    assert ended.value.errors == b"begun\n"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_another_thread_ends_it(tmp_path: Path) -> None:
    """As if it was killed; once more does nothing, and so does a task for what has ended."""
    stop, forked = Stop(), ForkedScript(script(tmp_path, "import time; time.sleep(60)"))
    found: list[Finished] = []
    thread = threading.Thread(target=lambda: found.append(stop.finish(forked, b"\n", 60)))
    thread.start()
    assert stop.begun.wait(10)
    stop.now()
    thread.join(10)
    assert found == [Finished(-signal.SIGKILL, b"", b"")]
    stop.now()
    forked.end()
    gone = ForkedScript(script(tmp_path, "import os; os._exit(3)"))
    time.sleep(0.1)
    assert gone.finish(b"a task\n", 60).code == 3


def test_nothing_of_its_parent(tmp_path: Path) -> None:
    """Files and handlers of signals stay the parent's; a descriptor is lent."""
    with (tmp_path / "a").open("w+") as kept, (tmp_path / "b").open("w+") as lent:
        text = f"""
import os, signal, sys
open_files = set(map(int, os.listdir("/proc/self/fd")))
print({kept.fileno()} in open_files, {lent.fileno()} in open_files, end=" ")
print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, __name__, len(sys.argv), end="")
"""
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        try:
            done = ForkedScript(script(tmp_path, text), descriptors=[lent.fileno()]).finish(b"\n", 60)
        finally:
            signal.signal(signal.SIGTERM, before)
    assert done == Finished(0, b"False True True __main__ 1", b"")


PARENT = """
import os, sys, time
from pathlib import Path
from isoc_kg.limits.forked_script import ForkedScript
file = open({file!r}, "w")
file.write("once")
print("once")
child = ForkedScript(Path({script!r}))
print(child._child, flush=True)
{then}
"""


@pytest.mark.parametrize("then", ["child.end()", "os._exit(0)"])
def test_it_ends_with_its_parent(then: str, tmp_path: Path) -> None:
    """Whatever ends that; what that had not written yet is written once."""
    file, own = tmp_path / "file", script(tmp_path, "import time; time.sleep(60)")
    code = PARENT.format(then=then, script=str(own), file=str(file))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    once, child = done.stdout.split()
    assert once == "once"
    assert file.read_text(encoding="utf-8") == ("" if "_exit" in then else "once")
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
