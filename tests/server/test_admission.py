"""Whose turn it is: worker processes and a store behind an endpoint answer alike."""

import asyncio
import gc
import os
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from isoc_kg.endpoint import Endpoint
from isoc_kg.limits import Limits, ServerLimits
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries.admission import Queue, Slots
from isoc_kg.server.queries.forwarding import Forwarder
from isoc_kg.server.queries.pool import Pool
from isoc_kg.server.queries.runner import QueryRunner
from isoc_kg.server.queries.shared_work import SharedWork

#: Runs longer than any test; the texts differ in their comments.
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(
    f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6)
) + " }"  # fmt: skip
LIMITS = ServerLimits(workers=1, long_queries=1, queued_queries=2, queries_per_client=2, query_seconds=60.0)


@asynccontextmanager
async def pool(limits: ServerLimits) -> AsyncIterator[QueryRunner]:
    """Worker processes over one triple."""
    runner = Pool(
        [b"<urn:s> <urn:p> <urn:o> .\n"], limits, prefixes={}, base="urn:x", claims="urn:claim/", text_limits=Limits()
    )
    await runner.start()
    try:
        yield runner
    finally:
        await runner.stop(0.0)


@asynccontextmanager
async def forwarder(limits: ServerLimits) -> AsyncIterator[QueryRunner]:
    """A store that takes queries and answers none."""
    handlers: set[asyncio.Task[None] | None] = set()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())
        await reader.read()  # until the client closes the connection
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    runner = Forwarder(
        Endpoint(f"http://127.0.0.1:{port}/"), limits, prefixes={}, claims="urn:claim/", text_limits=Limits()
    )
    await runner.start()
    try:
        yield runner
    finally:
        await runner.stop(0.0)
        await asyncio.sleep(0.05)  # connections that were closed at once are accepted by then
        server.close()
        await asyncio.gather(*filter(None, handlers))


Runner = Callable[[ServerLimits], "asynccontextmanager[QueryRunner]"]  # type: ignore[valid-type]


async def tell(answer: Awaitable[object]) -> tuple[int, str, dict[str, str]]:
    """Status, detail and headers of the problem that is the answer."""
    with pytest.raises(Problem) as caught:
        await answer
    return caught.value.status, caught.value.detail, caught.value.headers


def ask(runner: QueryRunner, text: str, client: str) -> "asyncio.Task[tuple[int, str, dict[str, str]]]":
    """A query on its way; what is told to it."""
    return asyncio.ensure_future(tell(runner.run({"query": text, "accept": "*/*"}, client)))


async def until(condition: Callable[[], bool]) -> None:
    """Return when it holds."""
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)


async def fill(runner: QueryRunner) -> "list[asyncio.Task[tuple[int, str, dict[str, str]]]]":
    """As many queries of one client as it may have: one runs, one waits."""
    first = ask(runner, f"{ENDLESS} # 0", "a")
    await until(lambda: runner.running == 1)
    return [first, ask(runner, f"{ENDLESS} # 1", "a")]


@pytest.fixture(params=[pool, forwarder])
def runner(request: pytest.FixtureRequest) -> Runner:
    """What runs queries."""
    return request.param  # type: ignore[no-any-return]


def test_share_of_a_client(runner: Runner) -> None:
    """What it asks beyond it is 429; others are not concerned."""

    async def run() -> None:
        async with runner(LIMITS) as started:  # type: ignore[attr-defined]
            tasks = await fill(started)
            assert await ask(started, "ASK {}", "a") == (
                429,
                "2 of your queries run or wait already.",
                {"Retry-After": "1"},
            )
            other = ask(started, f"{ENDLESS} # other", "b")
            await until(lambda: started.running + started.queued == 3)
            for task in (*tasks, other):
                task.cancel()
            await asyncio.gather(*tasks, other, return_exceptions=True)
            await until(lambda: started.running + started.queued == 0)
            again = ask(started, f"{ENDLESS} # again", "a")
            await until(lambda: started.running == 1)
            again.cancel()
            await asyncio.gather(again, return_exceptions=True)

    asyncio.run(run())


def test_full_queue(runner: Runner) -> None:
    """503, with when to try again."""

    async def run() -> None:
        async with runner(replace(LIMITS, queued_queries=1)) as started:  # type: ignore[attr-defined]
            tasks = await fill(started)
            others = [ask(started, f"{ENDLESS} # {client}", client) for client in "bc"]
            refused, _ = await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
            status, detail, headers = refused.pop().result()
            assert (status, detail.replace("long ", "")) == (503, "too many queries wait already.")
            assert int(headers["Retry-After"]) > 1
            for task in (*tasks, *others):
                task.cancel()
            await asyncio.gather(*tasks, *others, return_exceptions=True)

    asyncio.run(run())


def test_deadline(runner: Runner) -> None:
    """504 with the limit, counted; then the next has its turn."""

    async def run() -> None:
        async with runner(replace(LIMITS, query_seconds=0.3)) as started:  # type: ignore[attr-defined]
            tasks = [ask(started, f"{ENDLESS} # {number}", "a") for number in range(2)]
            told = (504, "the query ran for more than 0.3 seconds and was stopped.", {})
            assert await asyncio.gather(*tasks) == [told, told]
            assert started.timeouts == 2
            await until(lambda: started.running + started.queued == 0)

    asyncio.run(run())


def test_disconnection(runner: Runner) -> None:
    """A query whose client disconnects is stopped, and takes no turn any more."""

    async def run() -> None:
        async with runner(LIMITS) as started:  # type: ignore[attr-defined]
            left = asyncio.Event()

            async def disconnection() -> None:
                await left.wait()

            request = {"query": ENDLESS, "accept": "*/*"}
            task = asyncio.ensure_future(tell(started.run(request, "a", disconnection)))
            await until(lambda: started.running == 1)
            left.set()
            status, text, _ = await task
            assert (status, text.partition(",")[0]) == (503, "the query was stopped")
            await until(lambda: started.running + started.queued == 0)

    asyncio.run(run())


def test_stop(runner: Runner) -> None:
    """What runs may end within the grace; nothing more is taken."""

    async def run() -> None:
        async with runner(replace(LIMITS, query_seconds=0.5)) as started:  # type: ignore[attr-defined]
            task = ask(started, ENDLESS, "a")
            await until(lambda: started.running == 1)
            stopping = asyncio.ensure_future(started.stop(20.0))
            await asyncio.sleep(0)
            assert await ask(started, "ASK {}", "b") == (503, "the server is about to stop.", {})
            assert (await task)[0] == 504
            await stopping

    asyncio.run(run())


def test_slots_are_shared() -> None:
    """One client has no more than half of them while it runs; those that wait come in turn, whoever may run first."""

    async def run() -> None:
        slots = Slots(2, Queue(5, "queries", 2), 3600.0, lambda: Problem(503, "expired"))
        order: list[str] = []
        ends: list[asyncio.Event] = []

        async def work(client: str) -> None:
            async with slots.turn(client):
                order.append(client)
                ends.append(asyncio.Event())
                await ends[-1].wait()

        tasks = [asyncio.ensure_future(work(client)) for client in ("a", "a", "a", "b", "")]
        await until(lambda: len(slots.waiting) == 3)
        assert order == ["a", "b"]
        tasks[1].cancel()
        await until(lambda: len(slots.waiting) == 2)
        ends[1].set()
        await until(lambda: len(order) == 3)
        assert order == ["a", "b", ""]  # the server itself, since the first client has its half
        ends[0].set()
        await until(lambda: len(order) == 4)
        assert (order[-1], slots.running, len(slots.waiting)) == ("a", 2, 0)
        for end in ends:
            end.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert slots.running == 0

    asyncio.run(run())


def test_clients_come_by_turns() -> None:
    """A hundred queries of one client that wait delay another's by one at most; its own come in its order."""
    queue: Queue[str] = Queue(200, "queries", 2)
    for number in range(100):
        queue.put("a", f"a{number}")
    queue.put("b", "b0")
    queue.put("b", "b1")
    queue.put("c", "c0")
    taken = [entry[1] for entry in iter(queue.take, None)]
    assert taken[:6] == ["a0", "b0", "c0", "a1", "b1", "a2"]
    assert [entry for entry in taken if entry.startswith("a")] == [f"a{number}" for number in range(100)]
    assert len(queue) == 0


def test_long_queries_of_others_do_not_wait_for_all_of_one() -> None:
    """With one place for long queries, a second client's is run after one more of the first's, not after all."""

    async def run() -> None:
        limits = replace(LIMITS, queries_per_client=20, queued_queries=50, query_seconds=3600.0, queue_seconds=3600.0)
        async with pool(limits) as started:
            assert isinstance(started, Pool)
            tasks = [ask(started, f"{ENDLESS} # {number}", "a") for number in range(8)]
            await until(lambda: (started.running, len(started._long_waiting)) == (1, 7))
            tasks.append(ask(started, f"{ENDLESS} # other", "b"))
            await until(lambda: (started.running, len(started._long_waiting)) == (1, 8))
            order = []
            for left in (7, 6, 5):
                job = next(worker.job for worker in started._workers if worker.job)
                order.append(job.askers[0].client)
                job.fail(Problem(503, "it ran long enough"))
                await until(lambda left=left: (started.running, len(started._long_waiting)) == (1, left))  # type: ignore[misc]
            assert order == ["a", "a", "b"]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


def test_waiting_has_an_end(runner: Runner) -> None:
    """A query that has had no turn when its time is over is 503, with when to try again."""

    async def run() -> None:
        async with runner(replace(LIMITS, queue_seconds=0.3)) as started:  # type: ignore[attr-defined]
            tasks = await fill(started)
            status, detail, headers = await tasks[1]
            assert (status, headers) == (503, {"Retry-After": "10"})
            assert "0.3 seconds" in detail
            assert started.expired == 1
            tasks[0].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux alone tells which processors a process has")
def test_workers_leave_a_processor_to_the_server() -> None:
    """Where there are two processors, none of them uses the first."""

    async def run() -> None:
        async with pool(LIMITS) as started:
            task = ask(started, ENDLESS, "a")
            await until(lambda: started.running == 1)
            pids = [worker.pid for worker in started._workers]  # type: ignore[attr-defined]
            own = os.sched_getaffinity(0)
            wanted = own - {min(own)} if len(own) > 1 else own
            assert [os.sched_getaffinity(pid) for pid in pids] == [wanted] * len(pids)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_shared_work() -> None:
    """It is done once; those who join have what it makes, or its failure; it ends when all have left."""

    async def run() -> None:
        work: SharedWork[str, int] = SharedWork()
        go = asyncio.Event()
        calls = 0

        async def make(_: object) -> int:
            nonlocal calls
            calls += 1
            await go.wait()
            return calls

        tasks = [asyncio.ensure_future(work.do("k", make)) for _ in range(5)]
        await asyncio.sleep(0)
        go.set()
        assert sorted(await asyncio.gather(*tasks)) == [(1, False)] + [(1, True)] * 4

        gone, left = asyncio.Event(), asyncio.Event()

        abandoned = 0

        async def until_abandoned(all_gone: Callable[[], Awaitable[None]]) -> int:
            nonlocal abandoned
            await all_gone()
            abandoned += 1
            return -1

        async def leaves(event: asyncio.Event) -> None:
            await event.wait()

        both = [
            asyncio.ensure_future(work.do("k", until_abandoned, gone=lambda event=event: leaves(event)))  # type: ignore[misc]
            for event in (gone, left)
        ]
        await asyncio.sleep(0)
        gone.set()
        await asyncio.sleep(0.01)
        assert abandoned == 0
        await asyncio.wait([both[0]])
        assert (len(work), abandoned) == (1, 0)  # another waits
        left.set()
        await asyncio.wait(both)
        assert [getattr(task.exception(), "status", None) for task in both] == [503, 503]
        await until(lambda: (len(work), abandoned) == (0, 1))

    asyncio.run(run())


def test_shared_work_begins_at_the_first_turn() -> None:
    """Of who asks the same, each has an own turn: the first that comes counts, one that fails is its own matter."""

    async def run() -> None:
        work: SharedWork[str, int] = SharedWork()
        slots = Slots(1, Queue(9, "queries", 2), 3600.0, lambda: Problem(503, "expired"))
        short = Slots(1, Queue(9, "queries", 2), 0.02, lambda: Problem(503, "expired"))
        calls = 0

        async def make(_: object) -> int:
            nonlocal calls
            calls += 1
            return calls

        async with slots.turn(""), short.turn(""):
            late = asyncio.ensure_future(work.do("k", make, turn=slots.turn("a")))
            await asyncio.sleep(0)
            expired = asyncio.ensure_future(work.do("k", make, turn=short.turn("b")))
            assert await tell(expired) == (503, "expired", {})
            assert not late.done()
            assert await work.do("k", make, turn=Slots(1, slots.waiting, 1.0, slots._expired).turn("c")) == (1, True)
            assert await late == (1, False)
            assert (calls, len(slots.waiting), len(work)) == (1, 0, 0)
        assert (slots.running, short.running) == (0, 0)

    asyncio.run(run())


def test_who_asks_the_same_keeps_an_own_place(runner: Runner) -> None:
    """A query runs at the earliest place of any who ask it; the end of one's wait or connection is not the others'."""

    async def run() -> None:
        limits = replace(LIMITS, queries_per_client=20, queued_queries=50, query_seconds=3600.0, queue_seconds=3600.0)
        async with runner(limits) as started:  # type: ignore[attr-defined]
            slots = getattr(started, "_slots", None)
            if slots:
                slots.number = 1
            tasks = [ask(started, f"{ENDLESS} # {number}", "192.0.2.1") for number in range(4)]
            if slots is None:
                await until(lambda: len(started._long_waiting) == 3)
            else:
                await until(lambda: started.queued == 3)
            left = asyncio.Event()

            async def gone() -> None:
                await left.wait()

            shared = {"query": f"{ENDLESS} # shared", "accept": "*/*"}
            theirs = asyncio.ensure_future(tell(started.run(shared, "192.0.2.1", gone)))
            await asyncio.sleep(0)
            own = asyncio.ensure_future(started.run(shared, "203.0.113.1"))
            await until(lambda: started.queued == 4 + 1)
            left.set()
            assert (await theirs)[0] == 503
            await until(lambda: started.queued == 4)
            for number in range(2):  # the next turn but one is the other network's
                tasks[number].cancel()
                await until(lambda left=3 - number: (started.queued, started.running) == (left, 1))  # type: ignore[misc]
            again = asyncio.ensure_future(started.run(shared, "198.51.100.1"))
            await asyncio.sleep(0.01)
            assert (started.queued, started.running) == (2, 1)  # it has joined what runs
            for task in (*tasks, own, again):
                task.cancel()
            await asyncio.gather(*tasks, own, again, return_exceptions=True)
            await until(lambda: started.queued == 0)

    asyncio.run(run())


def test_nothing_of_who_has_left_stays(runner: Runner) -> None:
    """Who waited for what others still wait for is free at once, without a search for garbage."""

    class Held:
        async def gone(self) -> None:
            await asyncio.sleep(0.01)

    async def run() -> None:
        async with runner(LIMITS) as started:  # type: ignore[attr-defined]
            stays = ask(started, ENDLESS, "a")
            await until(lambda: started.running == 1)
            gc.collect()
            gc.disable()
            try:
                held = Held()
                reference = weakref.ref(held)
                joins = asyncio.ensure_future(started.run({"query": ENDLESS, "accept": "*/*"}, "b", held.gone))
                del held
                await asyncio.wait([joins])
                assert isinstance(joins.exception(), Problem)
                del joins
                await asyncio.sleep(0.01)
                assert reference() is None
            finally:
                gc.enable()
            assert started.running == 1
            stays.cancel()
            await asyncio.gather(stays, return_exceptions=True)

    asyncio.run(run())
