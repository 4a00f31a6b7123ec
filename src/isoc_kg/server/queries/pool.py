"""Queries to worker processes: short ones at once, long ones beside them, none beyond its limits.

A query that runs for longer than a tenth of a second gets only what the others leave of the processors, and its worker
is replaced; when as many long ones run as may, it is stopped and waits in a queue of its own. At its deadline its
worker is killed. So a cheap query never waits for an expensive one.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import EngineError
from ...limits import Limits, ServerLimits
from ..http.problems import Problem
from ..log import log_event
from ..spool import Spool
from .admission import Admission, Queue, gone_problem
from .fork_server import ForkServer
from .processors import leaves_one_to_the_server
from .runner import Disconnection, QueryResponse, simplest_query
from .self_test import SelfTest
from .worker_connection import LONG_SECONDS, Job, WorkerConnection

__all__ = ["Pool", "WorkerPool"]

_MOMENT = 0.05  #: seconds
_RECENTLY = 1.0
_PAUSE = 0.5  #: seconds before another worker takes the place of one that ended by itself
_MOST_LONG_TEXTS = 1000  #: texts remembered as long queries


class WorkerPool:
    """Runs requests in processes that a module forks from one set of data. `start` before the first, `stop` after.

    A response that its client waits for holds the head, then its content; `seconds` is how long one may take.
    """

    def __init__(
        self,
        module: str,
        data: Iterable[bytes] | Path,
        limits: ServerLimits,
        settings: dict[str, Any],
        *,
        admission: Admission | None = None,
        spool: Spool | None = None,
        seconds: float | None = None,
        kept: bool = False,
    ) -> None:
        self.limits = limits
        self.crashes = 0
        self.self_test = SelfTest(partial(simplest_query, self))
        self.admission = admission or Admission(limits)
        self.spool = spool or Spool(limits.spool_bytes)
        self.seconds = seconds or limits.query_seconds
        # what all wait for must not starve beside others' work, if it need not
        self._idle_time = not (kept and leaves_one_to_the_server())
        self._kept = kept  # whether large results are kept for all, and are not one client's
        self._jobs: set[Job] = set()
        self._idle: list[WorkerConnection] = []
        self._workers: set[WorkerConnection] = set()
        self._waiting: Queue[Job] = Queue(limits.queued_queries, "queries", 2)
        self._long_waiting: Queue[Job] = Queue(limits.queued_queries, "long queries", 10)
        self._long_running = 0
        self._long_texts: OrderedDict[str, None] = OrderedDict()
        self._replacements = 0  # short workers that are on their way
        self._cut_off: Problem | None = None  # what is told to those that do not end within the grace
        settings = {"memory": limits.query_memory_bytes, "spool_bytes": limits.spool_bytes, **settings}
        self._fork_server = ForkServer(module, data, settings, self._connection)

    async def start(self) -> None:
        """Wait until the data are read; raises `EngineError` if they cannot be."""
        await self._fork_server.start()
        self._replace()

    def start_again(self) -> None:
        """Start after all, when `start` has failed: as often as it takes."""
        self._fork_server.start_again()
        self._replace()

    async def stop(self, grace: float = 10.0, why: Problem | None = None) -> None:
        """Finish what runs, as long as that takes no longer than the grace, then end every process.

        What has not ended by then is answered with `why`.
        """
        await self.admission.drain(grace)
        self._cut_off = why or Problem(503, "the server was stopped before the query was answered.")
        for job in self._jobs:
            job.fail(self._cut_off)
        for worker in list(self._workers):
            worker.kill()
        await self._fork_server.stop()
        for worker in list(self._workers):
            worker.close()

    async def drain(self, grace: float) -> None:
        """Take no more; wait until all are answered, or the grace is over."""
        await self.admission.drain(grace)

    @property
    def ready(self) -> bool:
        """Whether there are workers, or will be in a moment."""
        return self._fork_server.ready

    @property
    def restarts(self) -> int:
        """How often the workers' parent had to be started again."""
        return self._fork_server.restarts

    @property
    def expired(self) -> int:
        """Queries that waited for their turn until their time was over."""
        return self.admission.expired

    @property
    def timeouts(self) -> int:
        """Queries stopped at their deadline."""
        return self.admission.timeouts

    @property
    def running(self) -> int:
        """Queries that run."""
        return sum(worker.job is not None for worker in self._workers)

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return len(self._waiting) + len(self._long_waiting)

    async def run(
        self, request: dict[str, Any], client: str, disconnection: Disconnection | None = None
    ) -> QueryResponse:
        """What a worker answers; a long query is stopped when its client disconnects. An empty client is the server.

        Raises `Problem`: 429 for too many of one client, 503 for a full queue or a worker that ended, 504 at the
        deadline.
        """
        with self.admission.admit(client):
            job = Job(request, client, disconnection)
            self._jobs.add(job)
            try:
                self._dispatch(job)
                return await job.future
            finally:
                self._close(job)

    # -- what happens to a job ------------------------------------------------

    def _dispatch(self, job: Job) -> None:
        """Start a new job, or have it wait."""
        if job.text in self._long_texts:
            self._wait(job, self._long_waiting)
            self._start_long()
        elif self._idle:
            self._start(job, self._idle.pop())
        else:
            self._wait(job, self._waiting)

    def _wait(self, job: Job, queue: Queue[Job]) -> None:
        """Have it wait for its turn, as long as it may. Raises `Problem`: 503 when too many do."""
        if (displaced := queue.put(job.client, job)) is not None:
            displaced.fail(queue.full())
        job.call_later(self.limits.queue_seconds, self._stop_waiting)
        self._watch_client(job)

    def _stop_waiting(self, job: Job) -> None:
        job.fail(self.admission.waiting_problem())

    def _close(self, job: Job) -> None:
        """Nobody waits for the response any more, whether it came or not."""
        self._jobs.discard(job)
        if job.timer:
            job.timer.cancel()
        if job.watch:
            job.watch.cancel()
            job.watch = None  # which holds the job: together they would stay until garbage is looked for
        if job.worker:
            job.worker.kill()
        self._waiting.remove(job.client, job)
        self._long_waiting.remove(job.client, job)

    def _start(self, job: Job, worker: WorkerConnection) -> None:
        worker.send(job)
        job.call_later(LONG_SECONDS / 2, self._check_duration)

    def _check_duration(self, job: Job) -> None:
        """See whether a job that runs as a short one is a long one."""
        worker = job.worker
        if worker is None:
            return
        if not worker.is_busy():
            job.call_later(LONG_SECONDS / 2, self._check_duration)
            return
        self._watch_client(job)
        self._remember(job.text)
        if self._long_running < self.limits.long_queries:
            self._continue_long(job, worker)
        else:
            self._queue_again(job, worker)

    def _watch_client(self, job: Job) -> None:
        """Stop the job when its client disconnects, unless what it makes is kept for others and has begun."""

        async def watch(disconnection: Disconnection) -> None:
            await asyncio.sleep(LONG_SECONDS)  # who only closed its sending half gets what takes no time
            await disconnection()
            if not (self._kept and job.worker):
                job.fail(gone_problem())

        if job.disconnection and job.watch is None:
            job.watch = asyncio.get_running_loop().create_task(watch(job.disconnection))

    def _remember(self, text: str) -> None:
        """The next query with this text is a long one from the start."""
        self._long_texts[text] = None
        if len(self._long_texts) > _MOST_LONG_TEXTS:
            self._long_texts.popitem(last=False)

    def _continue_long(self, job: Job, worker: WorkerConnection) -> None:
        """Let a job run on as a long one; another worker takes the place of its own."""
        self._long_running += 1
        worker.lower_priority(idle=self._idle_time)
        job.call_later(self.seconds - LONG_SECONDS, self._stop_at_deadline)
        self._replace()

    def _queue_again(self, job: Job, worker: WorkerConnection) -> None:
        """Stop a job; it is started again when there is room for long ones."""
        worker.release()
        worker.kill()
        try:
            self._wait(job, self._long_waiting)
        except Problem as problem:
            job.fail(problem)

    def _start_long(self) -> None:
        """Start as many of the long jobs that wait as may run, each in a worker of its own."""
        while self._long_running < self.limits.long_queries and (entry := self._long_waiting.take()) is not None:
            _, job = entry
            if not job.future.done():
                self._long_running += 1
                self._fork_server.fork(partial(self._run_long, job))

    def _run_long(self, job: Job, worker: WorkerConnection) -> None:
        worker.lower_priority(idle=self._idle_time)
        if self._cut_off or job.future.done():
            worker.kill()
            return
        worker.send(job)
        job.call_later(self.seconds, self._stop_at_deadline)

    def _stop_at_deadline(self, job: Job) -> None:
        job.timed_out = True
        if job.worker:
            job.worker.kill()

    # -- what happens to a worker -----------------------------------------------

    def _connection(self, pid: int, spool: int) -> WorkerConnection:
        worker = WorkerConnection(pid, spool, self._respond, self._lost)
        self._workers.add(worker)
        return worker

    def _respond(self, worker: WorkerConnection, head: dict[str, Any], body: bytes) -> None:
        """A worker has answered."""
        job = worker.release()
        if (damage := head.pop("damage", None)) is not None:
            log_event({"event": "store damaged", "error": damage})
        if head.get("status") == 200:
            self.self_test.answered()
        size = head.pop("spooled", 0)
        if job and not job.future.done():
            try:
                owner = "" if self._kept else job.client
                content = self.spool.take(worker.take_spool(), size, owner) if size else body
                job.future.set_result((head, content))
            except Problem as problem:
                job.fail(problem)
        if worker.long or size:
            worker.kill()
        else:
            self._idle_worker(worker)

    def _idle_worker(self, worker: WorkerConnection) -> None:
        """A short worker has nothing to do."""
        while (entry := self._waiting.take()) is not None:
            _, job = entry
            if not job.future.done():
                self._start(job, worker)
                return
        self._idle.append(worker)

    def _lost(self, worker: WorkerConnection) -> None:
        """A worker ended: killed by us, or by its query."""
        self._workers.discard(worker)
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
        job = worker.release()
        if job and not job.future.done():
            # in a moment it is known whether all of them have ended
            asyncio.get_running_loop().call_later(_MOMENT, self._fail, job)
        if worker.long:
            self._long_running -= 1
        if self._cut_off:
            return
        if worker.long:
            self._start_long()
        elif worker.asked:
            self._replace()
        else:  # no query has ended it, so others may end as soon
            self.self_test.failed()
            asyncio.get_running_loop().call_later(_PAUSE, self._replace)

    def _fail(self, job: Job) -> None:
        if not job.future.done():
            job.fail(self._failure(job))

    def _failure(self, job: Job) -> Problem:
        """Why the worker of a job ended."""
        if job.timed_out:
            return self.admission.timeout_problem(self.seconds)
        if self._cut_off:
            return self._cut_off
        if self._fork_server.ended_within(_RECENTLY):
            detail = "the processes that answer queries ended, and are started again."
            return Problem(503, detail, headers={"Retry-After": "2"})
        self.crashes += 1
        self.self_test.failed()
        log_event({"event": "query ended its process"})
        return Problem(503, "the query ended its process: it is too deep, or needs too much memory.")

    def _replace(self) -> None:
        """Have as many short workers as there should be."""
        if self._cut_off:
            return
        short = sum(not worker.long for worker in self._workers) + self._replacements
        for _ in range(self.limits.workers - short):
            self._replacements += 1
            self._fork_server.fork(self._replacement)

    def _replacement(self, worker: WorkerConnection) -> None:
        self._replacements -= 1
        self._idle_worker(worker)


class Pool(WorkerPool):
    """Runs queries over lines, or over a store in a folder."""

    def __init__(
        self,
        data: Iterable[bytes] | Path,
        limits: ServerLimits,
        *,
        prefixes: dict[str, str],
        base: str,
        claims: str,
        text_limits: Limits,
        admission: Admission | None = None,
        spool: Spool | None = None,
    ) -> None:
        settings = {
            "prefixes": prefixes,
            "base": base,
            "claims": claims,
            "text_limits": asdict(text_limits),
            "result_bytes": limits.result_bytes,
            "result_rows": limits.result_rows,
        }
        super().__init__(f"{__package__}.worker", data, limits, settings, admission=admission, spool=spool)

    async def start(self) -> None:
        """Wait until the data are read and a query is answered. Raises `EngineError` where that is not so."""
        await super().start()
        if not await self.self_test.passes_at_start():
            raise EngineError(
                f"no query is answered: {self.self_test.reason}",
                advice="See how much memory, how many processes and how many open files the system lets it have "
                "(ulimit -v, -u, -n).",
            )
