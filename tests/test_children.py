"""Child processes: how they end is known, and what they run is ours."""

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from isoc_kg.limits.children import UNKNOWN_ENDS
from isoc_kg.limits.modules import running
from isoc_kg.limits.threads import Begun

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")


#: A program that ignores SIGCHLD, as a host of this library may.
IGNORING = """
import signal
from pathlib import Path
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from isoc_kg.evidence.program import run_bounded
from isoc_kg.limits.children import keep_ends_of_children, knows_ends_of_children
def run():
    return run_bounded(["false"], b"", folder=Path.cwd(), seconds=10, most=10).code
try:
    print(run())
except OSError as error:
    print(error)
keep_ends_of_children()
print(knows_ends_of_children(), run())
"""


def test_where_ends_are_not_kept(tmp_path: Path) -> None:
    """No program is started: one that failed would seem to have ended well, with part of its answer."""
    done = subprocess.run([sys.executable, "-c", IGNORING], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.split("\n")) == ("", [UNKNOWN_ENDS, "True 1", ""])


def test_no_module_of_the_current_folder(tmp_path: Path) -> None:
    """What lies beside somebody's data is not run."""
    for name in ("isoc_kg", "json", "pickle", "socket", "runpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the current folder')\n")
    command = [*running("isoc_kg"), "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("isoc-kg "), done.stderr) == (0, True, "")


def test_no_further_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is an error of the system, with a reason."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(OSError, match="no further thread") as caught:
        Begun(lambda: 1)
    assert caught.value.errno == errno.EAGAIN
