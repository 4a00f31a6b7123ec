"""A worker process as the server sees it, and the query that it runs."""

import asyncio
import contextlib
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .frame import HEAD, WITHOUT_ROOM_BYTES, pack_frame
from .runner import Disconnection, QueryResponse

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONG_SECONDS", "Job", "WorkerConnection"]

LONG_SECONDS = 0.1  #: after which a query is a long one
_LONGEST_HEAD = 1_000_000  #: bytes
_PATIENCE = 6  #: how often a query may be seen that neither runs nor waits for a processor
_PATIENCE_IN_ALL = 100  #: how often one may be seen that has no time of a processor, for whatever reason


_RUNNABLE = "R"  # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html


class Job:
    """A query on its way."""

    __slots__ = ("client", "disconnection", "future", "payload", "text", "timed_out", "timer", "watch", "worker")

    def __init__(self, request: dict[str, Any], client: str, disconnection: Disconnection | None) -> None:
        text = json.dumps(request)
        self.payload = pack_frame(text.encode())
        self.text: str = request.get("query", text)
        self.client = client
        self.disconnection = disconnection
        self.future: asyncio.Future[QueryResponse] = asyncio.get_running_loop().create_future()
        self.timer: asyncio.TimerHandle | None = None
        self.watch: asyncio.Task[None] | None = None
        self.worker: WorkerConnection | None = None
        self.timed_out = False

    def fail(self, error: Exception) -> None:
        """Answer with an error, unless it is answered already."""
        if not self.future.done():
            self.future.set_exception(error)

    def call_later(self, seconds: float, function: "Callable[[Job], None]") -> None:
        """Have a function called with the job after some time, unless its worker is released before.

        Nothing else is called any more.
        """
        if self.timer:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(seconds, function, self)


class WorkerConnection(asyncio.Protocol):
    """One worker process; `on_response` and `on_loss` are called with it.

    A response is its head and body; when the head says `spooled`, the body is that many bytes in the file `spool`.
    """

    def __init__(
        self,
        pid: int,
        spool: int,
        on_response: "Callable[[WorkerConnection, dict[str, Any], bytes], None]",
        on_loss: "Callable[[WorkerConnection], None]",
    ) -> None:
        self.pid = pid
        self._spool = spool
        self.job: Job | None = None
        self.long = False  #: whether it runs a long query
        self.asked = False  #: whether it was ever given one
        self._on_response = on_response
        self._on_loss = on_loss
        self._processor_seconds: float | None = None  # those it had taken when its query was first looked at
        self._looks = self._looks_at_rest = 0
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process can be asked."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """A part of a response has come, or the last."""
        buffer = self._buffer
        buffer += data
        if len(buffer) < HEAD.size:
            return
        head, body = HEAD.unpack_from(buffer)
        end = HEAD.size + head
        if head > _LONGEST_HEAD or body > WITHOUT_ROOM_BYTES or self.job is None:
            self.kill()  # this is no response: the query has got hold of its process
            return
        if len(buffer) < end + body:
            return
        said, content = json.loads(bytes(buffer[HEAD.size : end])), bytes(buffer[end : end + body])
        del buffer[:]
        self._on_response(self, said, content)

    def take_spool(self) -> int:
        """The file with its large result; the process is not to be asked again."""
        spool, self._spool = self._spool, -1
        return spool

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended."""
        if self._spool >= 0:
            os.close(self.take_spool())
        self._on_loss(self)

    def send(self, job: Job) -> None:
        """Have it run a query."""
        self.job, job.worker, self.asked = job, self, True
        self._processor_seconds, self._looks, self._looks_at_rest = None, 0, 0
        assert self._transport is not None
        self._transport.write(job.payload)

    def release(self) -> Job | None:
        """The job that it had, which has no worker and no timer from now on."""
        job, self.job = self.job, None
        if job:
            job.worker = None
            if job.timer:
                job.timer.cancel()
        return job

    def is_busy(self) -> bool:
        """Whether its query is a long one; asked after each half of the time that makes one.

        Time spent waiting for a processor is not counted, up to a limit: else a cheap query would be a long one where
        others keep the processors busy.
        """
        self._looks += 1
        try:
            now = int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError, IndexError):  # a system that does not report it
            return True
        if self._processor_seconds is None:
            self._processor_seconds = now
            return False
        self._looks_at_rest += state != _RUNNABLE
        if now - self._processor_seconds > LONG_SECONDS / 4:
            return True
        return self._looks_at_rest > _PATIENCE or self._looks > _PATIENCE_IN_ALL

    def lower_priority(self, *, idle: bool = True) -> None:
        """Give it only the time that nobody else wants, unless it is not in the server's way."""
        self.long = True
        if idle and hasattr(os, "SCHED_IDLE"):
            with contextlib.suppress(OSError):
                os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))

    def kill(self) -> None:
        """End it; `on_loss` follows."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close the connection to a process that has ended."""
        if self._transport is not None:
            self._transport.abort()
