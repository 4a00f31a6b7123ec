"""Scripts in forked processes: what this process has loaded is loaded there."""

import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from .descriptors import beyond_standard
from .guard import end_with, limit_memory, run_to_end
from .processes import Finished, TookTooLong, exit_code

__all__ = ["ForkedScript"]


class ForkedScript:
    """What `Script` is, where this process `may_fork`: it starts in half the time.

    It has at most so many bytes of memory (0: any), and of the files that are open here the `descriptors` alone.
    """

    def __init__(self, script: Path, *arguments: str, memory: int = 0, descriptors: Sequence[int] = ()) -> None:
        self._turn = threading.Lock()
        self._output, self._errors = (
            os.fdopen(beyond_standard(os.memfd_create(name)), "r+b", 0) for name in ("output", "errors")
        )
        asked, self._input = map(beyond_standard, os.pipe())
        self._ended, ends = map(beyond_standard, os.pipe())  # whose end is the child's
        parent = os.getpid()
        gc.freeze()  # a collection in the child would copy what it looks at
        try:
            self._child = os.fork()
            if not self._child:
                standard = asked, self._output.fileno(), self._errors.fileno()
                _be([str(script), *arguments], parent, memory, standard, ends, descriptors)
        finally:
            gc.unfreeze()
            os.close(asked)
            os.close(ends)

    def give(self, line: bytes) -> None:
        """Give it its input, shorter than a pipe takes: it works while this process does something else."""
        with suppress(BrokenPipeError):  # how it has ended, `finish` tells
            os.write(self._input, line)

    def finish(self, line: bytes, seconds: float) -> Finished:
        """How it ends with this input. Raises `TookTooLong` after so many seconds."""
        self.give(line)
        try:
            ended = select.poll()
            ended.register(self._ended)
            late = not ended.poll(seconds * 1000)
            if late:
                self.kill()
            code = self._wait()
            output, errors = _content(self._output), _content(self._errors)
        finally:
            self.end()
        if late:
            raise TookTooLong(errors)
        return Finished(code, output, errors)

    def kill(self) -> None:
        """End it while another thread waits for how it ends."""
        with self._turn:
            if self._child:
                with suppress(ProcessLookupError):  # something else in this process has waited for it
                    os.kill(self._child, signal.SIGKILL)

    def end(self) -> None:
        """End it, if it still runs."""
        self.kill()
        self._wait()
        self._output.close()
        self._errors.close()
        for descriptor in (self._input, self._ended):
            if descriptor >= 0:
                os.close(descriptor)
        self._input = self._ended = -1

    def _wait(self) -> int:
        with self._turn:  # it has ended: its number may be another's from here on
            if not self._child:
                return 0
            try:
                _, status = os.waitpid(self._child, 0)
            except ChildProcessError:  # something else was told of it, or SIGCHLD is ignored
                return exit_code(self._ended)
            finally:
                self._child = 0
            return os.waitstatus_to_exitcode(status)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _be(
    command: Sequence[str], parent: int, memory: int, standard: Sequence[int], ended: int, descriptors: Sequence[int]
) -> NoReturn:
    """Be a process that runs a script, and has nothing of its parent's but what is loaded."""
    try:
        for signalled in signal.valid_signals():
            if callable(signal.getsignal(signalled)) or signalled == signal.SIGCHLD:
                signal.signal(signalled, signal.SIG_DFL)
        end_with(parent)
        # what files have not written yet is the parent's to write: none of them ends here
        kept = sys.stdin, sys.stdout, sys.stderr, sys.modules["__main__"]  # noqa: F841
        for number, descriptor in enumerate(standard):
            os.dup2(descriptor, number)
        last = 2
        for descriptor in sorted((ended, *descriptors)):
            os.closerange(last + 1, descriptor)
            last = descriptor
        os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))
        sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115
        limit_memory(memory)
        run_to_end(ended, *command)
    finally:
        os._exit(1)  # nothing of the parent's is to be cleared here
