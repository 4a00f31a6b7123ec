"""Processes of engines that wait for their task: they load what they need while others read the data."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..limits.forked_script import ForkedScript
from ..limits.forking import may_fork
from ..limits.processes import Finished, Script, Stop
from ..limits.scratch import ScratchFiles

__all__ = ["WORKER", "WaitingEngine", "engines_waiting", "waiting_engine"]

#: What an engine's process runs.
WORKER = Path(__file__).with_name("worker.py")
#: More is not copied for a process that waits: one that is started for it inherits the file.
_MOST_BYTES = 16_000_000
_changed = threading.Condition()
_waiting: list["WaitingEngine"] = []


class WaitingEngine:
    """A process in which an engine will validate once, with at most so many bytes of memory (0: any)."""

    def __init__(self, engine: str, memory: int) -> None:
        self.engine, self.memory = engine, memory
        self._scratch = ScratchFiles()
        self._files = [self._scratch.add() for _ in ("shapes", "data")]  # it inherits them before there is anything
        descriptors = self._scratch.descriptors
        start = ForkedScript if may_fork() else Script
        self._script = start(WORKER, engine, memory=memory, descriptors=descriptors)

    def path(self, file: Path) -> Path:
        """Where the process finds a file of this one."""
        if not ScratchFiles.is_unnamed(file):
            return file
        own = self._files.pop()
        own.write_bytes(file.read_bytes())
        return own

    def finish(self, task: bytes, seconds: float, stop: Stop | None = None) -> Finished:
        """How it ends with its task, or by `stop`. Raises `TookTooLong`."""
        try:
            return stop.finish(self._script, task, seconds) if stop else self._script.finish(task, seconds)
        finally:
            self.end()

    def end(self) -> None:
        """End it, if it still runs."""
        self._script.end()
        self._scratch.close()


@contextmanager
def engines_waiting(*engines: str, memory: int) -> Iterator[Callable[[float], bool]]:
    """A process of each of the engines for a validation in the block; those that it does not need end with it.

    Gives what waits, for so many seconds at most, until all of them have a task: whether they have.
    """
    own = [WaitingEngine(engine, memory) for engine in engines]

    def left() -> list[WaitingEngine]:
        return [one for one in own if one in _waiting]

    def all_taken(seconds: float) -> bool:
        with _changed:
            return _changed.wait_for(lambda: not left(), seconds)

    with _changed:
        _waiting.extend(own)
    try:
        yield all_taken
    finally:
        with _changed:
            needless = left()
            _waiting[:] = [one for one in _waiting if one not in needless]
        for one in needless:
            one.end()


def waiting_engine(engine: str, memory: int, files: tuple[Path, ...]) -> WaitingEngine | None:
    """A process of the engine that waits, for whoever asks first; None without one, or for files that are large."""
    if sum(file.stat().st_size for file in files if ScratchFiles.is_unnamed(file)) > _MOST_BYTES:
        return None
    with _changed:
        for one in _waiting:
            if (one.engine, one.memory) == (engine, memory):
                _waiting.remove(one)
                _changed.notify_all()
                return one
    return None
