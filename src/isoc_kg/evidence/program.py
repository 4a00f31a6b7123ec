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
from time import monotonic
from typing import IO

__all__ = ["Output", "run_bounded"]

_BLOCK = 1 << 16
#: So much of what a program complains of is kept.
_COMPLAINT = 1 << 12


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote, and how it ended."""

    data: bytes
    code: int
    last_words: str  #: the last line of its standard error


def run_bounded(command: Sequence[str], data: bytes, *, folder: Path, seconds: float, most: int) -> Output:
    """The output of a program that reads `data`; it and all that it started end with it.

    Raises `TimeoutError` after `seconds`, `OverflowError` for more than `most` bytes, and `OSError` or `ValueError`
    where it cannot be started.
    """
    if not command:
        raise ValueError("no command is named")
    deadline = monotonic() + seconds
    with tempfile.TemporaryFile() as given:  # a program that reads nothing blocks nobody
        given.write(data)
        given.seek(0)
        process = subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, start_new_session=True
        )
    assert process.stdout is not None
    assert process.stderr is not None
    output, complaint = _Reading(process.stdout, most, stop=True), _Reading(process.stderr, _COMPLAINT, stop=False)
    try:
        output.join(max(0.0, deadline - monotonic()))
        if output.is_alive():
            raise TimeoutError
        if output.over:
            raise OverflowError
        process.wait(max(0.0, deadline - monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        _end(process)
        for reading in (output, complaint):
            reading.join(1)  # who left the session may keep a pipe open: nobody waits for that
            if not reading.is_alive():
                reading.pipe.close()
    lines = complaint.kept.decode(errors="replace").strip().splitlines()
    return Output(bytes(output.kept), process.returncode, lines[-1] if lines else "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class _Reading(Thread):
    """Reads a pipe: no more than so much, or its end alone."""

    def __init__(self, pipe: IO[bytes], most: int, *, stop: bool) -> None:
        super().__init__(daemon=True)
        self.pipe, self.most, self.stop = pipe, most, stop
        self.kept, self.over = bytearray(), False
        self.start()

    def run(self) -> None:
        while block := os.read(self.pipe.fileno(), _BLOCK):
            self.kept += block
            if len(self.kept) > self.most:
                self.over = True
                if self.stop:
                    return
                del self.kept[: -self.most]
