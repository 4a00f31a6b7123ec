"""Child processes: each has an end to its time and its memory, and ends with the process that started it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .descriptors import beyond_standard
from .guard import NOT_STARTED, end_with

__all__ = [
    "NOT_STARTED",
    "Finished",
    "Running",
    "Script",
    "Stop",
    "TookTooLong",
    "end_with",
    "ending_in_order",
    "exit_code",
    "module_folders",
    "run_script",
    "supervised",
]

_GUARD = str(Path(__file__).with_name("guard.py"))
_FOLDER = str(Path(__file__).parent)
#: The same as it was compiled before; its folder is the first argument.
_COMPILED_GUARD = "import sys; sys.path.insert(0, sys.argv.pop(1)); import guard; del sys.path[0]; guard.main()"


class TookTooLong(Exception):
    """A child process was ended because its time was over; whoever started it says what to do about it.

    `errors` is what it had written to standard error.
    """

    def __init__(self, errors: bytes = b"") -> None:
        super().__init__()
        self.errors = errors


class Finished(NamedTuple):
    """How a child process ended: its exit code, or the negative number of the signal that ended it, and its output."""

    code: int
    output: bytes
    errors: bytes


class Running(Protocol):
    """A script in a process of its own, as `Script` is one."""

    def give(self, line: bytes) -> None:
        """Give it its input."""

    def finish(self, line: bytes, seconds: float, /) -> Finished:
        """How it ends with this input."""

    def kill(self) -> None:
        """End it while another thread waits for how it ends."""


class Script:
    """A Python script in a process of its own, isolated from the environment, which waits for its input.

    It has at most so many bytes of memory (0: any), and inherits the `descriptors` of open files. Its modules are where
    this process has them. Where it is done, it ends with its last line or by SystemExit: who ends by `os._exit(0)`
    counts as killed.
    """

    def __init__(self, script: Path, *arguments: str, memory: int = 0, descriptors: Sequence[int] = ()) -> None:
        self._code, ended = map(beyond_standard, os.pipe()) if os.name == "posix" else (-1, -1)
        settings = str(os.getpid()), str(memory), str(ended), module_folders()
        try:
            self._child = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-c", _COMPILED_GUARD, _FOLDER, *settings, "script"),
                    *(str(script), *arguments),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[ended, *descriptors] if ended >= 0 else descriptors,
            )
        except BaseException:
            self._close()
            raise
        finally:
            if ended >= 0:
                os.close(ended)

    def give(self, line: bytes) -> None:
        """Give it a first line of its input, shorter than a pipe takes: it reads while this process does other work."""
        assert self._child.stdin
        with suppress(BrokenPipeError):  # how it has ended, `finish` tells
            self._child.stdin.write(line)
            self._child.stdin.flush()

    def finish(self, input: bytes, seconds: float) -> Finished:  # noqa: A002
        """How it ends with this input. Raises `TookTooLong` after so many seconds."""
        try:
            output, errors = self._child.communicate(input, timeout=seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            _, errors = self._child.communicate()
            raise TookTooLong(errors) from None
        else:
            # zero is also what a code is taken for that something else in this process was told of
            code = self._child.returncode or (exit_code(self._code) if self._code >= 0 else 0)
        finally:
            self.end()
        return Finished(code, output, errors)

    def kill(self) -> None:
        """End it while another thread waits for how it ends."""
        self._child.kill()

    def end(self) -> None:
        """End it, if it still runs."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.communicate()
        self._close()

    def _close(self) -> None:
        if self._code >= 0:
            os.close(self._code)
        self._code = -1


def exit_code(descriptor: int) -> int:
    """What a script has written as its exit code at its end, or that of a process that was killed."""
    os.set_blocking(descriptor, False)  # a process forked meanwhile may have the other end
    try:
        written = os.read(descriptor, 8)
    except BlockingIOError:
        written = b""
    return int(written) if written else -signal.SIGKILL


def module_folders() -> str:
    """Where this process finds modules, a folder a line, for one that is isolated from the environment.

    The current folder is left out: who works in it need not have written what is there.
    """
    here = os.getcwd() if os.path.isdir(".") else ""  # noqa: PTH109, PTH112
    return "\n".join(folder for folder in sys.path if os.path.isabs(folder) and folder != here)  # noqa: PTH117


class Stop:
    """What ends scripts from another thread: they end as if killed, those that come later at once.

    `begun` is set when the first of them works.
    """

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._turn = threading.Lock()
        self._scripts: list[Running] = []
        self._over = False

    def finish(self, script: Running, line: bytes, seconds: float) -> Finished:
        """How a script ends with a line of input, or by this. Raises `TookTooLong`."""
        with self._turn:
            self._scripts.append(script)
            if self._over:
                script.kill()
        script.give(line)
        self.begun.set()
        return script.finish(b"", seconds)

    def now(self) -> None:
        """End them."""
        with self._turn:
            self._over = True
            for script in self._scripts:
                script.kill()


def run_script(
    script: Path,
    input: bytes,  # noqa: A002
    *,
    seconds: float,
    memory: int = 0,
    descriptors: Sequence[int] = (),
    stop: Stop | None = None,
) -> Finished:
    """Run a Python script as `Script` does, with its input, until `stop` ends it. Raises `TookTooLong`.

    With `stop`, the input is a line.
    """
    started = Script(script, memory=memory, descriptors=descriptors)
    return stop.finish(started, input, seconds) if stop else started.finish(input, seconds)


def supervised(command: Sequence[str], memory: int) -> list[str]:
    """The command line of a guard that runs a command with at most so many bytes of memory (0: any).

    It ends with this process. The guard, the command and what that starts are one process group, whose number is the
    guard's. The exit code is `NOT_STARTED` where there is no such command.
    """
    return [sys.executable, "-I", _GUARD, str(os.getpid()), str(memory), "-1", "", "command", *command]


@contextmanager
def ending_in_order() -> Iterator[None]:
    """SIGTERM and SIGHUP end the block as an error would, and the process with 128 and the signal's number.

    What has a handler already keeps it, and so do other threads than the main one, and processes forked in the block.
    """
    owner = os.getpid()
    before: dict[int, Any] = {}

    def stop(number: int, _: Any) -> None:
        if os.getpid() != owner:  # a child, which owns nothing that is to be cleared
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        for each in before:  # a second one does not disturb the clearing
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.SIG_DFL
                signal.signal(number, stop)
    try:
        yield
    finally:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
