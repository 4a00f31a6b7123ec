"""Queries to worker processes: short ones at once, long ones beside them, none beyond its limits.

A query that runs for longer than a tenth of a second gets only what the others leave of the processors, and its worker
is replaced; when as many long ones run as may, it is stopped and waits in a queue of its own. At its deadline its
worker is killed. So a cheap query never waits for an expensive one.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from ...errors import EngineError
from ...limits import ServerLimits
from ...project import Limits
from ..http.problems import Problem

__all__ = ["Answer", "Evaluator", "Gone", "Pool"]

_FRAME = struct.Struct("!II")
_LONG = 0.1  #: seconds after which a query is a long one
_PATIENCE = 6  #: how often a query may be found waiting for a processor
_KNOWN = 1000  #: texts remembered as long ones
Answer = tuple[dict[str, Any], bytes]
#: Returns when the client is gone.
Gone = Callable[[], Awaitable[None]]


class Evaluator(Protocol):
    """Whatever runs queries for the server: workers here, or a store elsewhere."""

    crashes: int
    timeouts: int

    @property
    def running(self) -> int:
        """Queries that run."""

    @property
    def queued(self) -> int:
        """Queries that wait."""

    async def start(self) -> None:
        """Be ready for queries."""

    async def stop(self, grace: float = 10.0) -> None:
        """Finish what runs, then end."""

    async def run(self, request: dict[str, Any], client: str, gone: Gone | None = None) -> Answer:
        """Head and body for a request. Raises `Problem`."""


class _Job:
    """A query on its way."""

    __slots__ = ("client", "future", "gone", "key", "payload", "timed_out", "timer", "watch", "worker")

    def __init__(
        self, payload: bytes, key: str, client: str, future: "asyncio.Future[Answer]", gone: "Gone | None"
    ) -> None:
        self.payload = payload
        self.key = key
        self.client = client
        self.future = future
        self.timer: asyncio.TimerHandle | None = None
        self.worker: _Worker | None = None
        self.timed_out = False
        self.gone = gone
        self.watch: asyncio.Task[None] | None = None


class _Worker(asyncio.Protocol):
    """One worker process, as the server sees it."""

    def __init__(self, pool: "Pool", pid: int) -> None:
        self.pool = pool
        self.pid = pid
        self.job: _Job | None = None
        self.long = False
        self.spent: float | None = None
        self.asked = 0
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer
        buffer += data
        if len(buffer) < _FRAME.size:
            return
        head, body = _FRAME.unpack_from(buffer)
        end = _FRAME.size + head
        if len(buffer) < end + body:
            return
        answer = json.loads(bytes(buffer[_FRAME.size : end])), bytes(buffer[end : end + body])
        del buffer[:]
        self.pool._answered(self, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.pool._lost(self)

    def send(self, job: _Job) -> None:
        self.job, job.worker = job, self
        self.spent, self.asked = None, 0
        assert self.transport is not None
        self.transport.write(job.payload)

    def busy(self) -> bool:
        """Whether its query is a long one; asked after each half of the time that makes one.

        One that waits for a processor is none the longer for it, but not for ever.
        """
        self.asked += 1
        try:
            now = int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9
        except (OSError, ValueError, IndexError):  # a system that does not tell
            return True
        if self.spent is None:
            self.spent = now
            return False
        return now - self.spent > _LONG / 4 or self.asked > _PATIENCE

    def rest(self) -> None:
        """Give it only the time that nobody else wants."""
        self.long = True
        if hasattr(os, "SCHED_IDLE"):
            with contextlib.suppress(OSError):
                os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))

    def kill(self) -> None:
        """End it; its job is told by `connection_lost`."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Pool:
    """Runs queries over one set of data. `start` before the first, `stop` after the last."""

    def __init__(
        self,
        data: Iterable[bytes] | Path,
        limits: ServerLimits,
        *,
        prefixes: dict[str, str],
        base: str,
        claims: str,
        text_limits: Limits,
    ) -> None:
        self.limits = limits
        self.crashes = 0
        self.timeouts = 0
        self._idle: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._waiting: deque[_Job] = deque()
        self._long_waiting: deque[_Job] = deque()
        self._long_running = 0
        self._clients: Counter[str] = Counter()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._births: deque[tuple[socket.socket, Callable[[_Worker], None]]] = deque()
        self._coming = 0
        self._stopped = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._control, theirs = socket.socketpair()
        settings = {
            "prefixes": prefixes,
            "base": base,
            "claims": claims,
            "text_limits": asdict(text_limits),
            "result_bytes": limits.result_bytes,
            "result_rows": limits.result_rows,
            "memory": limits.query_memory_bytes,
            "store": str(data) if isinstance(data, Path) else None,
            "parent": os.getpid(),
        }
        with tempfile.TemporaryFile() as file:
            if not isinstance(data, Path):
                file.writelines(data)
                file.seek(0)
            fds = (theirs.fileno(), file.fileno())
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", *map(str, fds), json.dumps(settings)], pass_fds=fds
            )
        theirs.close()

    async def start(self) -> None:
        """Wait until the data are read; raises `EngineError` if they cannot be."""
        loop = asyncio.get_running_loop()
        self._control.setblocking(False)
        message = await loop.sock_recv(self._control, 1024)
        if message != b".":
            self._nursery.wait()
            raise EngineError(f"the store cannot be opened: {message[1:].decode() or 'its process ended'}.")
        loop.add_reader(self._control.fileno(), self._born)
        for _ in range(self.limits.workers):
            self._spawn(self._ready)

    async def stop(self, grace: float = 10.0) -> None:
        """Finish what runs, as long as that takes no longer than the grace, then end every process."""
        self._stopped = True
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        while self._clients and loop.time() < end:
            await asyncio.sleep(0.02)
        with contextlib.suppress(ValueError, OSError):
            loop.remove_reader(self._control.fileno())
        for worker in list(self._workers):
            worker.kill()
        self._control.close()
        await loop.run_in_executor(None, self._nursery.wait)

    @property
    def running(self) -> int:
        """Queries that run."""
        return sum(worker.job is not None for worker in self._workers)

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return len(self._waiting) + len(self._long_waiting)

    async def run(self, request: dict[str, Any], client: str, gone: Gone | None = None) -> Answer:
        """What a worker answers; a long query is given up when `gone` returns. An empty client is the server itself.

        Raises `Problem`: 429 for too many of one client, 503 for a full queue or a worker that ended, 504 at the
        deadline.
        """
        if self._stopped:
            raise Problem(503, "the server is about to stop.")
        if client and self._clients[client] >= self.limits.queries_per_client:
            raise Problem(
                429,
                f"{self.limits.queries_per_client} of your queries run or wait already.",
                headers={"Retry-After": "1"},
            )
        body = json.dumps(request).encode()
        key = request["query"]
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        job = _Job(_FRAME.pack(len(body), 0) + body, key, client, future, gone)
        self._clients[client] += 1
        try:
            if key in self._known:
                self._wait(job)
                self._look_out(job)
                self._next_long()
            elif self._idle:
                self._start(job, self._idle.pop())
            elif len(self._waiting) < self.limits.queued_queries:
                self._waiting.append(job)
            else:
                raise Problem(503, "too many queries wait already.", headers={"Retry-After": "2"})
            return await future
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]
            if job.timer:
                job.timer.cancel()
            if job.watch:
                job.watch.cancel()
            if job.worker or not future.done() or future.cancelled():
                self._abandon(job)

    # -- what happens to a job ------------------------------------------------

    def _start(self, job: _Job, worker: _Worker) -> None:
        worker.send(job)
        loop = asyncio.get_running_loop()
        job.timer = loop.call_later(_LONG / 2, self._turned_long, job)

    def _turned_long(self, job: _Job) -> None:
        worker = job.worker
        if worker is None:
            return
        if not worker.busy():
            job.timer = asyncio.get_running_loop().call_later(_LONG / 2, self._turned_long, job)
            return
        self._look_out(job)
        self._known[job.key] = None
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        if self._long_running < self.limits.long_queries:
            self._long_running += 1
            worker.rest()
            rest = self.limits.query_seconds - _LONG
            job.timer = asyncio.get_running_loop().call_later(rest, self._at_deadline, job)
            self._replace()
            return
        worker.job, job.worker = None, None  # started again when there is room for long ones
        worker.kill()
        try:
            self._wait(job)
        except Problem as problem:
            if not job.future.done():
                job.future.set_exception(problem)

    def _look_out(self, job: _Job) -> None:
        """Give the job up when its client is gone."""

        async def watch(gone: Gone) -> None:
            await gone()
            if not job.future.done():
                job.future.set_exception(Problem(503, "the client is gone."))

        if job.gone and job.watch is None:
            job.watch = asyncio.get_running_loop().create_task(watch(job.gone))

    def _wait(self, job: _Job) -> None:
        if len(self._long_waiting) >= self.limits.queued_queries:
            raise Problem(503, "too many long queries wait already.", headers={"Retry-After": "10"})
        self._long_waiting.append(job)

    def _next_long(self) -> None:
        while self._long_waiting and self._long_running < self.limits.long_queries:
            job = self._long_waiting.popleft()
            if job.future.done():
                continue
            self._long_running += 1

            def begin(worker: _Worker, job: _Job = job) -> None:
                worker.rest()
                if job.future.done():
                    worker.kill()
                    return
                worker.send(job)
                loop = asyncio.get_running_loop()
                job.timer = loop.call_later(self.limits.query_seconds, self._at_deadline, job)

            self._spawn(begin)

    def _at_deadline(self, job: _Job) -> None:
        job.timed_out = True
        self.timeouts += 1
        if job.worker:
            job.worker.kill()

    def _abandon(self, job: _Job) -> None:
        """Nobody waits for the answer any more."""
        if job.worker:
            job.worker.kill()
        for queue in (self._waiting, self._long_waiting):
            with contextlib.suppress(ValueError):
                queue.remove(job)

    def _answered(self, worker: _Worker, answer: Answer) -> None:
        job, worker.job = worker.job, None
        if job:
            job.worker = None
            if job.timer:
                job.timer.cancel()
            if not job.future.done():
                job.future.set_result(answer)
        if worker.long:
            worker.kill()
        else:
            self._ready(worker)

    def _ready(self, worker: _Worker) -> None:
        while self._waiting:
            job = self._waiting.popleft()
            if not job.future.done():
                self._start(job, worker)
                return
        self._idle.append(worker)

    def _lost(self, worker: _Worker) -> None:
        """A worker ended: killed by us, or by its query."""
        self._workers.discard(worker)
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
        job, worker.job = worker.job, None
        if job:
            job.worker = None
            if job.timer:
                job.timer.cancel()
            if not job.future.done():
                seconds = self.limits.query_seconds
                if job.timed_out:
                    problem = Problem(504, f"the query ran for more than {seconds:g} seconds and was stopped.")
                else:
                    self.crashes += 1
                    problem = Problem(503, "the query ended its process: it is too deep, or needs too much memory.")
                job.future.set_exception(problem)
        if worker.long:
            self._long_running -= 1
            if not self._stopped:
                self._next_long()
        elif not self._stopped:
            self._replace()

    # -- workers ----------------------------------------------------------------

    def _replace(self) -> None:
        """Have as many short workers as there should be."""
        short = sum(not worker.long for worker in self._workers) + self._coming
        for _ in range(self.limits.workers - short):
            self._coming += 1
            self._spawn(self._arrived)

    def _arrived(self, worker: _Worker) -> None:
        self._coming -= 1
        self._ready(worker)

    def _spawn(self, use: Callable[[_Worker], None]) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        socket.send_fds(self._control, [b"w"], [theirs.fileno()])
        theirs.close()
        self._births.append((ours, use))

    def _born(self) -> None:
        """The nursery has told the process of the next worker."""
        try:
            data = self._control.recv(4)
        except OSError:
            data = b""
        if len(data) < 4:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            return
        ours, use = self._births.popleft()
        worker = _Worker(self, struct.unpack("!I", data)[0])
        self._workers.add(worker)
        task = asyncio.get_running_loop().create_task(self._connect(ours, worker, use))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, ours: socket.socket, worker: _Worker, use: Callable[[_Worker], None]) -> None:
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        if self._stopped:
            worker.kill()
        else:
            use(worker)
