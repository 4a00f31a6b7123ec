"""A worker process as the server sees it, and the query that it runs."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..http.problems import Problem
from .frame import HEAD, WITHOUT_ROOM_BYTES, read_head
from .runner import Disconnection, QueryResponse
from .stderr_pipe import StderrPipe

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONG_SECONDS", "Asker", "Job", "WorkerConnection"]

LONG_SECONDS = 0.1  #: after which a query is a long one
_LONGEST_HEAD = 1_000_000  #: bytes
_PATIENCE = 6  #: how often a query may be seen that neither runs nor waits for a processor
_PATIENCE_IN_ALL = 100  #: how often one may be seen that has no time of a processor, for whatever reason


# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
_RUNNABLE = "R"
_STOPPED = ("T", "t")
_MISSED = 4  #: looks in a row that find a process stopped, after which it is ended


class Asker:
    """A client that waits for the response to a query, each at a place of its own."""

    __slots__ = ("client", "disconnection", "future", "job", "timer", "watch")

    def __init__(self, job: "Job", client: str, disconnection: Disconnection | None) -> None:
        self.job = job
        self.client = client
        self.disconnection = disconnection
        self.future: asyncio.Future[QueryResponse] = asyncio.get_running_loop().create_future()
        self.timer: asyncio.TimerHandle | None = None  #: which ends its wait
        self.watch: asyncio.Task[None] | None = None

    def fail(self, problem: Problem) -> None:
        """Answer with a problem, unless it is answered already."""
        if not self.future.done():
            self.future.set_exception(problem)

    def leave(self) -> None:
        """Wait no longer."""
        for ending in (self.timer, self.watch):
            if ending:
                ending.cancel()
        self.timer = self.watch = None  # which hold it: together they would stay until garbage is looked for


class Job:
    """A query on its way, for all who ask it at the same time."""

    __slots__ = ("alone", "askers", "begun", "failure", "keep", "request", "text", "timed_out", "timer", "worker")

    def __init__(self, request: bytes, text: str, keep: "Callable[[QueryResponse], None] | None") -> None:
        self.request = request  #: as it is sent, which is what tells it from others
        self.text = text
        self.keep = keep  #: what takes the response, whoever still waits for it
        self.askers: list[Asker] = []
        self.alone = False  #: whether no other may be sent with it
        self.begun = False  #: whether it has, or is about to have, a worker
        self.timer: asyncio.TimerHandle | None = None
        self.worker: WorkerConnection | None = None
        self.timed_out = False
        self.failure = ""  #: why its worker is ended, where that is known before

    def answer(self, response: QueryResponse) -> None:
        """Give the response to all who wait for it."""
        for asker in self.askers:
            if not asker.future.done():
                asker.future.set_result(response)

    def fail(self, problem: Problem) -> None:
        """Answer all who wait with a problem."""
        for asker in self.askers:
            asker.fail(problem.again())

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
        stderr: StderrPipe,
        on_response: "Callable[[WorkerConnection, dict[str, Any], bytes], None]",
        on_loss: "Callable[[WorkerConnection], None]",
    ) -> None:
        self.pid = pid
        self._spool = spool
        self.stderr = stderr  #: what it has written, once it has ended
        self.job: Job | None = None
        self.ahead: deque[Job] = deque()  #: those that it was sent with it
        self.long = False  #: whether it runs a long query
        self.asked = False  #: whether it was ever given one
        self._on_response = on_response
        self._on_loss = on_loss
        self._processor_seconds: float | None = None  # those it had taken when its query was first looked at
        self._looks = self._looks_at_rest = self._looks_stopped = 0
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process can be asked."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """A part of a response has come, or the last, or several."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= HEAD.size:
            head, body = HEAD.unpack_from(buffer)
            end = HEAD.size + head
            if head > _LONGEST_HEAD or body > WITHOUT_ROOM_BYTES or self.job is None:
                self.kill()  # this is no response: the query has got hold of its process
                return
            if len(buffer) < end + body:
                return
            said, content = read_head(bytes(buffer[HEAD.size : end])), bytes(buffer[end : end + body])
            del buffer[: end + body]
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
        self.stderr.close()

    def send(self, job: Job, *following: Job) -> None:
        """Have it run a query, and others after it."""
        self.asked = True
        self.job, self.ahead = job, deque(following)
        for each in (job, *following):
            each.worker = self
        self._forget_looks()
        assert self._transport is not None
        self._transport.write(b"".join([each.request for each in (job, *following)]))

    def _forget_looks(self) -> None:
        self._processor_seconds, self._looks, self._looks_at_rest = None, 0, 0

    def release(self) -> Job | None:
        """The job that it had, which has no worker and no timer from now on; it is at the next one, if it has one."""
        job, self.job = self.job, self.ahead.popleft() if self.ahead else None
        self._forget_looks()
        if job:
            job.worker = None
            if job.timer:
                job.timer.cancel()
                job.timer = None
        return job

    def release_all(self) -> list[Job]:
        """The jobs that it had, as `release` gives them."""
        jobs = []
        while (job := self.release()) is not None:
            jobs.append(job)
        return jobs

    def is_busy(self) -> bool:
        """Whether its query is a long one; asked after each half of the time that makes one.

        Time spent waiting for a processor is not counted, up to a limit: else a cheap query would be a long one where
        others keep the processors busy.
        """
        self._looks += 1
        try:
            now = int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9
            state = self._process_state()
        except (OSError, ValueError, IndexError):  # a system that does not report it
            return True
        if self._processor_seconds is None:
            self._processor_seconds = now
            return False
        self._looks_at_rest += state != _RUNNABLE
        if now - self._processor_seconds > LONG_SECONDS / 4:
            return True
        return self._looks_at_rest > _PATIENCE or self._looks > _PATIENCE_IN_ALL

    def _process_state(self) -> str:
        """Its letter for what the process is at. Raises `OSError`, `IndexError` on a system that does not report it."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def has_stopped(self) -> bool:
        """Whether it was found stopped several times in a row; asked every few seconds.

        Looks are counted, not seconds, since all may have been stopped, the server with it.
        """
        try:
            stopped = self._process_state() in _STOPPED
        except (OSError, IndexError):
            stopped = False
        self._looks_stopped = self._looks_stopped + 1 if stopped else 0
        return self._looks_stopped >= _MISSED

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
