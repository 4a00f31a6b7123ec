"""What takes a while and is made in the serving process: in threads, so many at a time, once for all who want it."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any

from ...limits import ServerLimits
from ..http.reply import Reply
from ..http.request import Request
from ..queries.admission import Admission, Disconnection, Queue, Slots
from ..queries.questions import in_thread
from ..queries.shared_work import SharedWork

__all__ = ["Threads"]

_NUMBER = 16  #: half of them for one client


class Threads:
    """Threads that make replies; clients wait for their turns, and leave the queue with their connections."""

    def __init__(self, limits: ServerLimits, admission: Admission) -> None:
        waiting: Queue[asyncio.Future[None]] = Queue(limits.queued_queries, "requests", 2)
        self._turns = Slots(_NUMBER, waiting, limits.queue_seconds, admission.waiting_problem)
        self._seconds = limits.making_seconds
        self._work = SharedWork[Hashable, Reply]()
        self._kept_work = SharedWork[Hashable, Reply](kept=True)

    async def do(
        self,
        key: Hashable,
        request: Request,
        function: Callable[..., Reply],
        *arguments: Any,
        keep: Callable[[Reply], None] | None = None,
    ) -> Reply:
        """What a function returns, for all who want what `key` names; with `keep`, which takes it, whoever still waits.

        Raises `Problem`: 503 when too many wait, or for too long, 504 when what the function asks takes too long.
        """

        async def make(gone: Disconnection) -> Reply:
            if keep is None:
                return await in_thread(function, *arguments, gone=gone, seconds=self._seconds)
            reply = await asyncio.to_thread(function, *arguments)
            keep(reply)
            return reply

        work = self._kept_work if keep else self._work
        turn = self._turns.turn(request.client)
        return (await work.do(key, make, turn=turn, gone=request.disconnection))[0]
