"""The first thing that a child process runs: an end to its memory, and to its life when its parent's ends.

Run as a script by its path, so that nothing of this package is imported. Arguments: the parent's process number, bytes
of memory (0 for any), a descriptor to which a script's exit code is written (-1 for none), the parent's folders of
modules (one a line), `script` or `command`, then the script or command with its arguments. A script runs in this
process. A command may start others: they and this process are a group, which is to be ended as one, and ends when the
command does, or the parent. On Linux those that left the group end, too: they become this process's children when
their own parent ends. Ended by SIGTERM, this process ends them; by SIGKILL it cannot.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # what is loaded here, each child waits for
if TYPE_CHECKING:
    from typing import Any, NoReturn

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
NOT_STARTED = 126  #: exit code where a command cannot be started
_LOOKS_EVERY = 0.5  #: seconds, where no signal tells of a parent's end
_CLEARS = 5.0  #: seconds at most, in which what a command has left is ended


def end_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends (Linux), or now if it did already."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def limit_memory(most: int) -> None:
    """No core, and no more address space than that; nothing where the system has no such limits."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if most:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, ValueError, OSError):
        pass


def _supervise(parent: int, memory: int, command: list[str], lent: int) -> NoReturn:
    import contextlib
    import subprocess

    here = os.getpid()
    if os.getpgrp() != here:
        os.setpgid(0, 0)

    def start() -> None:  # the process has one thread, so this is safe
        end_with(here)
        limit_memory(memory)

    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)

    def stop(*_: Any) -> NoReturn:
        _end_children()
        os.killpg(here, signal.SIGKILL)
        os._exit(1)

    signal.signal(signal.SIGTERM, stop)
    end_with(parent, signal.SIGTERM)
    try:
        child = subprocess.Popen(command, preexec_fn=start, pass_fds=[lent] if lent >= 0 else [])
    except OSError as error:
        sys.stderr.write(f"{error.strerror}: {command[0]}\n")
        os._exit(NOT_STARTED)
    while True:
        try:
            code = child.wait(_LOOKS_EVERY)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                stop()
            continue
        _end_children()
        if code < 0:  # end as it did
            with contextlib.suppress(OSError, ValueError):  # some signals cannot be handled
                signal.signal(-code, signal.SIG_DFL)
            os.kill(here, -code)
        os._exit(code)


def _end_children() -> None:
    """End this process's children, and theirs as they become its own, until there are none (Linux)."""
    import time
    from contextlib import suppress

    end = time.monotonic() + _CLEARS
    while sys.platform == "linux" and time.monotonic() < end:
        for child in _children():
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def _children() -> list[int]:
    """The processes whose parent this one is."""
    from contextlib import suppress

    here, found = str(os.getpid()).encode(), []
    for name in os.listdir("/proc"):  # noqa: PTH208 – numbers, no paths
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                if file.read().rpartition(b")")[2].split()[1:2] == [here]:
                    found.append(int(name))
    return found


def run_script_here(script: str, *arguments: str) -> None:
    """Run a script as the main module; one of this package as it was compiled before, if it was."""
    from importlib.machinery import SourceFileLoader
    from types import ModuleType

    loader = SourceFileLoader("__main__", script)
    own = script.startswith(os.path.dirname(os.path.dirname(__file__)) + os.sep)  # noqa: PTH120
    code = loader.get_code("__main__") if own else loader.source_to_code(loader.get_data(script), script)
    sys.argv = [script, *arguments]
    module = sys.modules["__main__"] = ModuleType("__main__")
    module.__dict__.update(__file__=script, __loader__=loader)
    assert code
    exec(code, module.__dict__)  # noqa: S102


def run_to_end(ended: int, script: str, *arguments: str) -> NoReturn:
    """Run a script as `run_script_here`, and end this process with its exit code, which is written to a descriptor.

    The parent may learn of it by no other way: where it ignores SIGCHLD, or where something in it waits for any child.
    """
    code = 1
    try:
        try:
            run_script_here(script, *arguments)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except BaseException:  # noqa: BLE001 – it ends, whatever it is
            sys.excepthook(*sys.exc_info())
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if ended >= 0:
            os.write(ended, b"%d" % code)
    finally:
        os._exit(code)  # threads that still run are none to wait for


def main() -> None:
    """Run what the arguments name."""
    parent, memory, ended, folders, kind, *command = sys.argv[1:]
    if hasattr(signal, "SIGCHLD"):  # where it is ignored, no code of a child is known
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.path += [folder for folder in folders.split("\n") if folder and folder not in sys.path]
    if kind == "script" and sys.platform != "linux":
        kind = "command"
        command = [sys.executable, "-I", __file__, str(os.getpid()), "0", ended, folders, "script here", *command]
    if kind == "command":
        _supervise(int(parent), int(memory), command, int(ended))
    if kind == "script":
        end_with(int(parent))
        limit_memory(int(memory))
    run_to_end(int(ended), *command)


if __name__ == "__main__":
    main()
