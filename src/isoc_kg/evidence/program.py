"""A program that a project names, run with an end to its time and its output."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from ..limits.children import UNKNOWN_ENDS, knows_ends_of_children
from ..limits.processes import NOT_STARTED, supervised

__all__ = ["Output", "run_bounded"]

_BLOCK = 1 << 16
#: So much of what a program complains of is kept.
_COMPLAINT = 1 << 12
#: So many seconds the guard has to end what it watches.
_CLEARS = 6.0


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote, and how it ended."""

    data: bytes
    code: int
    last_words: str  #: the last line of its standard error


def run_bounded(
    command: Sequence[str], data: bytes, *, folder: Path, seconds: float, most: int, memory: int = 0
) -> Output:
    """The output of a program that reads `data`; it and all that it started end with it, and with this process.

    Raises `TimeoutError` after `seconds`, `OverflowError` for more than `most` bytes, and `OSError` or `ValueError`
    where it cannot be started.
    """
    if not command:
        raise ValueError("no command is named")
    if not knows_ends_of_children():
        raise OSError(UNKNOWN_ENDS)
    with tempfile.TemporaryFile() as given:  # a program that reads nothing blocks nobody
        given.write(data)
        given.seek(0)
        process = subprocess.Popen(
            supervised(command, memory),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            start_new_session=True,
        )
    assert process.stdout is not None
    assert process.stderr is not None
    output, complaint = _Reading(process.stdout, most, process), _Reading(process.stderr, _COMPLAINT)
    try:
        process.wait(seconds)  # and not for its pipes: what it started may keep them open
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        _end(process)
        for reading in (output, complaint):
            reading.join(1)  # who left the session may keep a pipe open: nobody waits for that
            if not reading.is_alive():
                reading.pipe.close()
    if process.returncode == NOT_STARTED:
        raise OSError(complaint.kept.decode(errors="replace").strip())
    if output.over:
        raise OverflowError
    lines = complaint.kept.decode(errors="replace").strip().splitlines()
    return Output(bytes(output.kept), process.returncode, lines[-1] if lines else "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: its guard ends what left the group, and then the group is ended."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_CLEARS)
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class _Reading(Thread):
    """Reads a pipe: no more than so much of a process, which ends then, or the pipe's end alone."""

    def __init__(self, pipe: IO[bytes], most: int, process: "subprocess.Popen[bytes] | None" = None) -> None:
        super().__init__(daemon=True)
        self.pipe, self.most, self.process = pipe, most, process
        self.kept, self.over = bytearray(), False
        self.start()

    def run(self) -> None:
        while block := os.read(self.pipe.fileno(), _BLOCK):
            self.kept += block
            if len(self.kept) > self.most:
                self.over = True
                if self.process:
                    self.process.terminate()
                    return
                del self.kept[: -self.most]
