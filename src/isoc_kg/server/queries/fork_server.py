"""The process that reads the data once and forks workers, as the server sees it: started, watched, started anew."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ...errors import EngineError, OutputError
from ...limits.modules import running
from ..log import log_event
from ..spool import no_temporary_file, unnamed_file
from .nursery import LOOK, WORKER
from .stderr_pipe import StderrPipe

__all__ = ["ForkServer"]

_Worker = TypeVar("_Worker", bound=asyncio.Protocol)
_BEAT = 2.0  #: seconds between two looks whether it answers
_MISSED = 4  #: looks that find no answer, after which it has stopped; looks, since all may have been stopped with it
_AGAIN = 1.0  #: seconds after which it is asked for a worker again, where no file can be opened
_LONGEST_PAUSE = 10.0  #: seconds before it is started again, when that fails again and again
#: The engine takes and frees blocks of some thousand bytes with each query, which is a third of its time where glibc
#: keeps none of that size at hand ("Memory Allocation Tunables" in its manual).
_ALLOCATION = {"GLIBC_TUNABLES": "glibc.malloc.tcache_max=65536:glibc.malloc.tcache_count=100"}
_GROUP = {signal.SIGINT, signal.SIGTERM, *({signal.SIGHUP} if hasattr(signal, "SIGHUP") else ())}


@dataclass(slots=True)
class _Wanted(Generic[_Worker]):
    """A worker that is wanted, and what its connection needs."""

    use: Callable[[_Worker], None]
    ours: socket.socket | None = None
    spool: int = -1
    stderr: StderrPipe | None = None

    def close(self) -> None:
        """Leave nothing open."""
        if self.ours:
            self.ours.close()
        if self.stderr:
            self.stderr.close()
        if self.spool >= 0:
            os.close(self.spool)
        self.ours, self.stderr, self.spool = None, None, -1


class ForkServer(Generic[_Worker]):
    """Gives worker processes of a module.

    `connection_of` makes the protocol of one, of its process number, spool file and standard error.

    The data are a folder, or lines, which stay in a file without a name for as long as they may be read again.
    """

    def __init__(
        self,
        module: str,
        data: Iterable[bytes] | Path,
        settings: dict[str, Any],
        connection_of: Callable[[int, int, StderrPipe], _Worker],
    ) -> None:
        self.ready = False  #: whether it can fork
        self.restarts = 0
        self._module = module
        self._connection_of = connection_of
        self._wanted: deque[_Wanted[_Worker]] = deque()  # in the order in which they are asked for
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._end_time = -1e9  # when it ended last
        self._beat: asyncio.TimerHandle | None = None
        self._unanswered = 0  # looks since it was asked whether it answers, and has not
        self._settings = {**settings, "store": str(data) if isinstance(data, Path) else None, "parent": os.getpid()}
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 – for as long as this object
            if not isinstance(data, Path):
                self._file.writelines(data)
                self._file.flush()
        except OSError as error:
            raise OutputError(
                f"{no_temporary_file(error)}.", advice="Make room there, or name another folder in TMPDIR."
            ) from None
        self._stderr = StderrPipe()
        self._spawn()

    def _spawn(self) -> None:
        """Start the process. Signals to the group stay blocked in it: they are for the server."""
        self._control, theirs = socket.socketpair()
        fds = (theirs.fileno(), self._file.fileno())
        command = [*running(self._module), *map(str, fds), json.dumps(self._settings)]
        self._stderr.close()
        self._stderr = StderrPipe()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _GROUP)
        try:
            self._process = subprocess.Popen(
                command,
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stderr=self._stderr.writer,
                env={**_ALLOCATION, **os.environ},
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
            self._stderr.given()
        self._control.setblocking(False)

    def ended_within(self, seconds: float) -> bool:
        """Whether the process ended at most so many seconds ago."""
        return asyncio.get_running_loop().time() - self._end_time < seconds

    async def start(self) -> None:
        """Wait until the data are read; raises `EngineError` if they cannot be."""
        loop = asyncio.get_running_loop()
        control = self._control
        try:
            message = await loop.sock_recv(control, 1024)
        except OSError:
            message = b""
        if message != b".":
            await loop.run_in_executor(None, self._process.wait)
            reason = message[1:].decode() or "its process ended"
            advice = None if message[1:] else "It may need more memory than the system lets it have (ulimit -v)."
            said = self._stderr.text() or None
            raise EngineError(f"the store cannot be opened: {reason}.", excerpt=said, advice=advice)
        loop.add_reader(control.fileno(), self._forked)
        self.ready, self._unanswered = True, 0
        self._beat = loop.call_later(_BEAT, self._look)
        for wanted in list(self._wanted):
            self._ask(wanted)

    async def stop(self) -> None:
        """End the process; its workers end with it."""
        self._stopped = True
        self._close_control()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()  # one that was stopped would never see that its socket is closed
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for wanted in self._wanted:
            wanted.close()
        self._wanted.clear()
        self._stderr.close()
        self._file.close()

    def _close_control(self) -> None:
        self.ready = False
        if self._beat:
            self._beat.cancel()
        if self._control.fileno() >= 0:
            with contextlib.suppress(ValueError, OSError):
                asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()

    def fork(self, use: Callable[[_Worker], None]) -> None:
        """Have one more worker, and use it as soon as it is connected."""
        if self._stopped:
            return
        wanted = _Wanted(use)
        self._wanted.append(wanted)
        if self.ready:
            self._ask(wanted)

    def _ask(self, wanted: _Wanted[_Worker]) -> None:
        """Ask the process for a worker."""
        try:
            wanted.spool = unnamed_file()
            wanted.stderr = StderrPipe()
            wanted.ours, theirs = socket.socketpair()
        except OSError as error:  # no file may be opened at the moment
            log_event({"event": "no worker", "error": str(error)})
            wanted.close()
            self._wanted.remove(wanted)
            asyncio.get_running_loop().call_later(_AGAIN, self.fork, wanted.use)
            return
        wanted.ours.setblocking(False)
        try:
            socket.send_fds(self._control, [WORKER], [theirs.fileno(), wanted.spool, wanted.stderr.writer])
        except OSError:  # it takes nothing more
            self._end()
        finally:
            theirs.close()
            wanted.stderr.given()

    def _look(self) -> None:
        """See whether the process answers: one that has stopped is ended before somebody needs it."""
        if self._unanswered >= _MISSED:
            log_event({"event": "workers' parent stopped", "module": self._module})
            self._end()
            return
        if not self._unanswered:
            try:
                self._control.send(LOOK)
            except OSError:  # it takes nothing more
                self._end()
                return
        self._unanswered += 1
        self._beat = asyncio.get_running_loop().call_later(_BEAT, self._look)

    def _end(self) -> None:
        """End a process that does not do what it is there for; that is noticed, and another one started."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def _forked(self) -> None:
        """The process number of the next worker has come, or the answer to a look, or the process has ended."""
        try:
            data = self._control.recv(4)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if len(data) < 4:
            self._ended()
            return
        (pid,) = struct.unpack("!I", data)
        if not pid:
            self._unanswered = 0
            return
        wanted = self._wanted.popleft()
        ours, stderr = wanted.ours, wanted.stderr
        assert ours is not None
        assert stderr is not None
        worker = self._connection_of(pid, wanted.spool, stderr)
        self._keep(self._connect(ours, worker, wanted.use))

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, ours: socket.socket, worker: _Worker, use: Callable[[_Worker], None]) -> None:
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        use(worker)

    # -- a process that ended ---------------------------------------------------

    def start_again(self) -> None:
        """Start it after all, when `start` has failed: as often as it takes."""
        self._close_control()
        self._keep(self._restart())

    def _ended(self) -> None:
        self._close_control()
        self._end()
        self._end_time = asyncio.get_running_loop().time()
        for wanted in self._wanted:
            wanted.close()
        if not self._stopped:
            text = self._stderr.text()
            event = {"event": "workers' parent ended", "module": self._module}
            log_event(event | ({"stderr": text} if text else {}))
            self._keep(self._restart())

    async def _restart(self) -> None:
        """Start the process again, until it works."""
        pause = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopped:
            await loop.run_in_executor(None, self._process.wait)
            await asyncio.sleep(pause)
            pause = min(max(0.2, 2 * pause), _LONGEST_PAUSE)
            self.restarts += 1
            try:
                self._spawn()
                await self.start()
            except (OSError, EngineError) as error:
                self._close_control()
                log_event({"event": "workers' parent does not start", "error": str(error)})
            else:
                return
