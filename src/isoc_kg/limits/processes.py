"""Child processes: each has an end to its time and its memory, and ends with the process that started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .guard import end_with

__all__ = ["Finished", "TookTooLong", "end_with", "run_command", "run_script"]

_GUARD = str(Path(__file__).with_name("guard.py"))


class TookTooLong(Exception):
    """A child process was ended because its time was over; whoever started it says what to do about it."""


class Finished(NamedTuple):
    """How a child process ended: its exit code, or the negative number of the signal that ended it, and its output."""

    code: int
    output: bytes
    errors: bytes


def run_script(script: Path, input: bytes, *, seconds: float, memory: int = 0) -> Finished:  # noqa: A002
    """Run a Python script, isolated from the environment, with at most so many bytes of memory (0: any).

    Raises `TookTooLong`.
    """
    return _run(["script", str(script)], input, seconds, memory, None)


def run_command(
    command: Sequence[str],
    input: bytes,  # noqa: A002
    *,
    seconds: float,
    memory: int = 0,
    folder: Path | None = None,
) -> Finished:
    """Run a command, which may start others: all of them end with it, with this process, or when its time is over.

    Raises `TookTooLong`. The exit code is 127 where there is no such command.
    """
    return _run(["command", *command], input, seconds, memory, folder)


def _run(work: list[str], input_: bytes, seconds: float, memory: int, folder: Path | None) -> Finished:
    child = subprocess.Popen(
        [sys.executable, "-I", _GUARD, str(os.getpid()), str(memory), *work],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    try:
        output, errors = child.communicate(input_, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    finally:
        _end(child)
    return Finished(child.returncode, output, errors)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End a child that still runs; by a signal that it may act upon, then by one that it may not."""
    if child.poll() is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            child.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=1)
            return
