"""Child processes: each has an end to its time and its memory, and ends with the process that started it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .guard import NOT_STARTED, end_with

__all__ = ["NOT_STARTED", "Finished", "TookTooLong", "end_with", "run_script", "supervised"]

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
    child = subprocess.Popen(
        [sys.executable, "-I", _GUARD, str(os.getpid()), str(memory), "script", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        output, errors = child.communicate(input, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    return Finished(child.returncode, output, errors)


def supervised(command: Sequence[str], memory: int) -> list[str]:
    """The command line of a guard that runs a command with at most so many bytes of memory (0: any).

    It ends with this process. The guard, the command and what that starts are one process group, whose number is the
    guard's. The exit code is `NOT_STARTED` where there is no such command.
    """
    return [sys.executable, "-I", _GUARD, str(os.getpid()), str(memory), "command", *command]
