"""Queries to worker processes: short ones at once, long ones beside them, none beyond its limits.

A query that runs for longer than a tenth of a second gets only what the others leave of the processors, and its worker
is replaced; when as many long ones run as may, it is stopped and waits in a queue of its own. At its deadline its
worker is killed. So a cheap query never waits for an expensive one.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import EngineError
from ...limits import Limits, ServerLimits
from ...query.basic_patterns import is_point
from ..http.problems import Problem
from ..log import log_event
from ..spool import Spool
from .admission import Admission, Queue, gone_problem
from .fork_server import ForkServer
from .frame import pack_frame, written_head
from .processors import leaves_one_to_the_server
from .runner import Disconnection, QueryResponse, simplest_query
from .self_test import SelfTest
from .stderr_pipe import StderrPipe
from .worker_connection import LONG_SECONDS, Asker, Job, WorkerConnection

__all__ = ["Pool", "WorkerPool"]

_MOMENT = 0.05  #: seconds
_RECENTLY = 1.0
_PAUSE = 0.5  #: seconds before another worker takes the place of one that ended by itself
_BEAT = 2.0  #: seconds between two looks whether workers have stopped
_MOST_TOGETHER = 8  #: queries that one worker is sent at once
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
        self._jobs: dict[bytes, Job] = {}  # by what is asked
        self._idle: list[WorkerConnection] = []
        self._workers: set[WorkerConnection] = set()
        self._waiting: Queue[Asker] = Queue(limits.queued_queries, "queries", 2)
        self._long_waiting: Queue[Asker] = Queue(limits.queued_queries, "long queries", 10)
        self._long_running = 0
        self._long_texts: OrderedDict[str, None] = OrderedDict()
        self._replacements = 0  # short workers that are on their way
        self._cut_off: Problem | None = None  # what is told to those that do not end within the grace
        self._beat: asyncio.TimerHandle | None = None
        settings = {"memory": limits.query_memory_bytes, "spool_bytes": limits.spool_bytes, **settings}
        self._fork_server = ForkServer(module, data, settings, self._connection)

    async def start(self) -> None:
        """Wait until the data are read; raises `EngineError` if they cannot be."""
        await self._fork_server.start()
        self._look()
        self._replace()

    def start_again(self) -> None:
        """Start after all, when `start` has failed: as often as it takes."""
        self._fork_server.start_again()
        self._look()
        self._replace()

    async def stop(self, grace: float = 10.0, why: Problem | None = None) -> None:
        """Finish what runs, as long as that takes no longer than the grace, then end every process.

        What has not ended by then is answered with `why`.
        """
        await self.admission.drain(grace)
        self._cut_off = why or Problem(503, "the server was stopped before the query was answered.")
        if self._beat:
            self._beat.cancel()
        for job in self._jobs.values():
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
    def idle(self) -> bool:
        """Whether a worker has nothing to do."""
        return bool(self._idle)

    @property
    def running(self) -> int:
        """Queries that run."""
        return sum(bool(worker.job) + len(worker.ahead) for worker in self._workers)

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return len(self._waiting) + len(self._long_waiting)

    async def run(
        self,
        request: dict[str, Any],
        client: str,
        disconnection: Disconnection | None = None,
        keep: Callable[[QueryResponse], None] | None = None,
    ) -> QueryResponse:
        """What a worker answers, for all who ask the same; ends when the client disconnects.

        An empty client is the server. A query that nobody waits for any more is stopped, unless there is what is to
        `keep` its response, and it has begun. Raises `Problem`: 429 for too many of one client, 503 for a full queue
        or a worker that ended, 504 at the deadline.
        """
        asker = self.ask(*_framed(request), client, disconnection, keep)
        try:
            return await asker.future
        finally:
            self.leave(asker)
            del asker  # the frames of a problem hold it, which it holds

    def ask(
        self,
        frame: bytes,
        text: str,
        client: str,
        disconnection: Disconnection | None = None,
        keep: Callable[[QueryResponse], None] | None = None,
    ) -> Asker:
        """Whoever asks what a frame does; the `future` has what `run` returns or raises, and `leave` is to follow.

        Raises `Problem` as `run` does.
        """
        self.admission.enter(client)
        job = self._jobs.get(frame)
        if job is None:
            job = self._jobs[frame] = Job(frame, text, keep)
        asker = Asker(job, client, disconnection)
        job.askers.append(asker)
        try:
            self._dispatch(asker)
        except BaseException:
            self.leave(asker)
            raise
        return asker

    def leave(self, asker: Asker) -> None:
        """Nobody waits here any more, whether the response came or not."""
        self._leave(asker)
        self.admission.leave(asker.client)

    # -- what happens to a job ------------------------------------------------

    def _dispatch(self, asker: Asker) -> None:
        """Have a query answered, or wait."""
        job = asker.job
        if job.begun:
            self._watch_client(asker)
            if job.worker is None:
                self._limit_wait(asker)
        elif job.text in self._long_texts:
            self._wait(asker, self._long_waiting)
            self._start_long()
        elif self._idle:
            self._start(self._idle.pop(), job)
        else:
            self._wait(asker, self._waiting)

    def _wait(self, asker: Asker, queue: Queue[Asker]) -> None:
        """Have it wait for its turn, as long as it may. Raises `Problem`: 503 when too many do."""
        if (displaced := queue.put(asker.client, asker)) is not None:
            displaced.fail(queue.full())
        self._limit_wait(asker)

    def _limit_wait(self, asker: Asker) -> None:
        """Have it fail when its query has not begun in time, whatever others' have, or its client leaves."""
        if asker.timer:
            asker.timer.cancel()
        seconds = min(LONG_SECONDS, self.limits.queue_seconds)  # most wait for less
        asker.timer = asyncio.get_running_loop().call_later(
            seconds, self._wait_on, asker, self.limits.queue_seconds - seconds
        )

    def _wait_on(self, asker: Asker, seconds: float) -> None:
        """Have one that has waited for a moment wait for so long."""
        self._watch_client(asker, 0.0)
        asker.timer = asyncio.get_running_loop().call_later(seconds, self._stop_waiting, asker)

    def _stop_waiting(self, asker: Asker) -> None:
        asker.fail(self.admission.waiting_problem())

    def _leave(self, asker: Asker) -> None:
        job = asker.job
        asker.leave()
        self._give_up_place(asker)
        job.askers.remove(asker)
        if not job.askers and not (job.keep and job.worker):
            self._forget(job)
            if job.worker and job.worker.job is job:
                job.worker.kill()

    def _give_up_place(self, asker: Asker) -> None:
        self._waiting.remove(asker.client, asker)
        self._long_waiting.remove(asker.client, asker)

    def _forget(self, job: Job) -> None:
        """Whoever asks the same from now on has it answered anew."""
        if self._jobs.get(job.request) is job:
            del self._jobs[job.request]

    def _begin(self, job: Job) -> None:
        """The turn of one who asks it has come: for the others, too."""
        job.begun = True
        for asker in job.askers:
            self._give_up_place(asker)

    def _send(self, worker: WorkerConnection, *jobs: Job) -> None:
        for job in jobs:
            for asker in job.askers:
                if asker.timer:
                    asker.timer.cancel()
        worker.send(*jobs)

    def _start(self, worker: WorkerConnection, *jobs: Job) -> None:
        for job in jobs:
            self._begin(job)
        self._send(worker, *jobs)
        jobs[0].call_later(LONG_SECONDS / 2, self._check_duration)

    def _check_duration(self, job: Job) -> None:
        """See whether a job that runs as a short one is a long one."""
        worker = job.worker
        if worker is None:
            return
        if not worker.is_busy():
            job.call_later(LONG_SECONDS / 2, self._check_duration)
            return
        if worker.ahead:  # which of them takes long is not known
            self._ask_again(worker)
            return
        for asker in job.askers:
            self._watch_client(asker)
        self._remember(job.text)
        if self._long_running < self.limits.long_queries:
            self._continue_long(job, worker)
        else:
            self._queue_again(job, worker)

    def _watch_client(self, asker: Asker, patience: float = LONG_SECONDS) -> None:
        """Have it wait no longer when its client disconnects; one that closed its sending half gets what comes soon."""

        async def watch(disconnection: Disconnection) -> None:
            await asyncio.sleep(patience)
            await disconnection()
            asker.fail(gone_problem())

        if asker.disconnection and asker.watch is None:
            asker.watch = asyncio.get_running_loop().create_task(watch(asker.disconnection))

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
        self._wait_again(job, self._long_waiting)

    def _ask_again(self, worker: WorkerConnection) -> None:
        """End a worker, and have each of its jobs wait for one of its own."""
        for job in worker.release_all():
            job.alone = True
            self._wait_again(job, self._waiting)
        worker.kill()
        while self._idle and (jobs := self._next_jobs()):
            self._start(self._idle.pop(), *jobs)

    def _wait_again(self, job: Job, queue: Queue[Asker]) -> None:
        job.begun = False
        if not job.askers:
            self._forget(job)
        for asker in job.askers:
            try:
                self._wait(asker, queue)
            except Problem as problem:
                asker.fail(problem)

    def _start_long(self) -> None:
        """Start as many of the long jobs that wait as may run, each in a worker of its own."""
        while self._long_running < self.limits.long_queries and (entry := self._long_waiting.take()) is not None:
            _, asker = entry
            if not asker.future.done():
                self._begin(asker.job)
                self._long_running += 1
                self._fork_server.fork(partial(self._run_long, asker.job))

    def _run_long(self, job: Job, worker: WorkerConnection) -> None:
        worker.lower_priority(idle=self._idle_time)
        if self._cut_off or all(asker.future.done() for asker in job.askers):
            worker.kill()
            return
        self._send(worker, job)
        job.call_later(self.seconds, self._stop_at_deadline)

    def _stop_at_deadline(self, job: Job) -> None:
        job.timed_out = True
        if job.worker:
            job.worker.kill()

    # -- what happens to a worker -----------------------------------------------

    def _look(self) -> None:
        """End workers that have stopped: others take their places before somebody waits for them."""
        for worker in self._workers:
            if worker.has_stopped():
                log_event({"event": "worker stopped"})
                if worker.job:
                    worker.job.failure = "the process that answers the query stopped, and was ended."
                worker.kill()
        self._beat = asyncio.get_running_loop().call_later(_BEAT, self._look)

    def _connection(self, pid: int, spool: int, stderr: StderrPipe) -> WorkerConnection:
        worker = WorkerConnection(pid, spool, stderr, self._respond, self._lost)
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
        if job:
            self._forget(job)
            try:
                clients = [asker.client for asker in job.askers if not self._kept] or [""]
                # whoever of them has room for it: the share of one that has not is nothing to the others
                owner = next((client for client in clients if self.spool.has_share(client, size)), clients[0])
                content = self.spool.take(worker.take_spool(), size, owner) if size else body
                if job.keep:
                    job.keep((head, content))
                job.answer((head, content))
            except Problem as problem:
                job.fail(problem)
        if worker.long or size:
            self._ask_again(worker)
        elif worker.job:
            worker.job.call_later(LONG_SECONDS / 2, self._check_duration)
        else:
            self._idle_worker(worker)

    def _idle_worker(self, worker: WorkerConnection) -> None:
        """A short worker has nothing to do."""
        if jobs := self._next_jobs():
            self._start(worker, *jobs)
        else:
            self._idle.append(worker)

    def _next_jobs(self) -> list[Job]:
        """What a short worker is to do next: a query, or, where many wait, some that each take no time.

        Among those the last one may be any query, since their answers do not wait for it.
        """
        jobs: dict[Job, None] = {}
        most = min(_MOST_TOGETHER, len(self._waiting) // self.limits.workers)
        while (entry := self._waiting.take()) is not None:
            job = entry[1].job
            if entry[1].future.done() or job in jobs:
                continue
            jobs[job] = None
            if len(jobs) >= most or job.alone or not is_point(job.text):
                break
        return list(jobs)

    def _lost(self, worker: WorkerConnection) -> None:
        """A worker ended: killed by us, or by its query."""
        self._workers.discard(worker)
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
        job = worker.release() if not worker.ahead or (worker.job and worker.job.failure) else None
        if job:
            # in a moment it is known whether all of them have ended
            asyncio.get_running_loop().call_later(_MOMENT, self._fail, job, worker.stderr.text())
        self._ask_again(worker)  # which of several has ended it is not known
        if worker.long:
            self._long_running -= 1
        if self._cut_off:
            return
        if worker.long:
            self._start_long()
        elif worker.asked:
            self._replace()
        else:  # no query has ended it, so others may end as soon
            if text := worker.stderr.text():
                log_event({"event": "worker ended", "stderr": text})
            self.self_test.failed()
            asyncio.get_running_loop().call_later(_PAUSE, self._replace)

    def _fail(self, job: Job, stderr: str) -> None:
        self._forget(job)
        if any(not asker.future.done() for asker in job.askers) or job.keep:
            job.fail(self._failure(job, stderr))

    def _failure(self, job: Job, stderr: str) -> Problem:
        """Why the worker of a job ended, with what it had written."""
        if job.timed_out:
            return self.admission.timeout_problem(self.seconds)
        if self._cut_off:
            return self._cut_off
        if self._fork_server.ended_within(_RECENTLY):
            detail = "the processes that answer queries ended, and are started again."
            return Problem(503, detail, headers={"Retry-After": "2"})
        if job.failure:
            return Problem(503, job.failure, headers={"Retry-After": "2"})
        self.crashes += 1
        self.self_test.failed()
        log_event({"event": "query ended its process"} | ({"stderr": stderr} if stderr else {}))
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


def _framed(request: Mapping[str, Any]) -> tuple[bytes, str]:
    """A request as it is sent, and the text by which it is known whether it takes long."""
    text = request.get("query")
    if not text:
        head = written_head(request)
        return pack_frame(head), head.decode()
    head = written_head({name: value for name, value in request.items() if name != "query"})
    return pack_frame(head, text.encode()), text


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
