"""What is heavy, made once for all who ask for it, by other processes, and kept in files."""

import asyncio
import math
import pickle
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import CannotCarry, EngineError
from ...limits import ServerLimits
from ...negotiation import preferences
from ..cache import BoundedCache
from ..http.problems import Problem
from ..http.reply import Reply
from ..log import log_event
from ..queries.admission import Admission
from ..queries.nursery import NO_ROOM_HEAD
from ..queries.pool import WorkerPool
from ..queries.runner import Disconnection
from ..queries.shared_work import SharedWork
from ..spool import Spool, SpooledContent
from .heavy import Heavy
from .maker import REPLY_FIELDS
from .resources import ALL_TYPES, DEFAULT_PROFILE, accepted_profile
from .snapshot import Snapshot

__all__ = ["Making", "read_of"]

#: The kind of what is made, then what tells it from others of its kind.
_Key = tuple[Any, ...]
_Pairs = tuple[tuple[str, str], ...]
_FILE = 1_000_000  #: bytes that a file counts at least, as there may not be too many
_PARAMETERS_OF_IRIS = ("format", "profile")
_PARAMETERS = ("iri", *_PARAMETERS_OF_IRIS)
_ROUNDS = 3  #: in which a page is asked for, which may find that the data files are to be made first


class Making:
    """Has heavy pages, graphs and data files of a snapshot made, each once. `start` before the first, `stop` after."""

    def __init__(
        self, snapshot: Snapshot, limits: ServerLimits, root: str, *, admission: Admission, spool: Spool
    ) -> None:
        self.snapshot = snapshot
        self.pool = WorkerPool(
            "isoc_kg.server.content.maker",
            [pickle.dumps(snapshot.state, pickle.HIGHEST_PROTOCOL)],
            replace(limits, workers=1, long_queries=2, query_memory_bytes=2 * limits.query_memory_bytes),
            {"root": root},
            admission=admission,
            spool=spool,
            seconds=limits.making_seconds,
            kept=True,
        )
        self._running: SharedWork[_Key, Reply] = SharedWork()
        self._small: BoundedCache[_Key, Reply] = BoundedCache(
            limits.cache_bytes, lambda _, reply: len(reply.body) + 2000
        )
        self._files: BoundedCache[_Key, Reply] = BoundedCache(
            limits.spool_bytes // 2, lambda _, reply: max(_FILE, len(reply.body))
        )
        self._without_room_until = -math.inf  # before which data files are not made again
        self._about_data: dict[str, Any] = {}  # what is said of the data files in pages, once they are made

    async def start(self) -> None:
        """Be ready; whoever asks before waits. Raises `EngineError`."""
        try:
            await self.pool.start()
        except EngineError as error:
            log_event({"event": "makers do not start", "error": error.message})
            self.pool.start_again()

    async def data(self, client: str) -> None:
        """Have the data files made, if they are not there; the snapshot has them from then on.

        Raises `Problem`: 503 where they find no room on the disk, and for a while after that.
        """
        while self.snapshot.made is None:
            if asyncio.get_running_loop().time() < self._without_room_until:
                raise Problem(503, NO_ROOM_HEAD["detail"], headers={"Retry-After": str(NO_ROOM_HEAD["retry"])})
            await self._make_data(client)

    async def _make_data(self, client: str) -> None:
        """Have the data files made; where there is no room for them, it is known what pages say of them."""

        async def make(_: Disconnection) -> Reply:
            head, content = await self.pool.run({"make": "data"}, client)
            _raise_problem(head)
            self._about_data = {"files": head["files"], "left_out": head["left_out"], "names": list(head["places"])}
            if not head["room"]:
                self._without_room_until = asyncio.get_running_loop().time() + NO_ROOM_HEAD["retry"]
                return Reply(200)
            assert isinstance(content, SpooledContent)
            made = {
                name: {coding: (content[start:end], tag) for coding, (start, end, tag) in variants.items()}
                for name, variants in head["places"].items()
            }
            self.snapshot.have(made, {name: CannotCarry(text) for name, text in head["left_out"].items()})
            return Reply(200)

        await self._running.do(("data",), make)

    async def graph(
        self, name: str | None, type_: str, coding: str, client: str, disconnection: Disconnection
    ) -> Reply:
        """A graph in a format. Raises `Problem`."""
        request = {"make": "graph", "name": name, "type": type_, "coding": coding}
        return await self._made(("graph", name, type_, coding), request, client, disconnection)

    async def answer(
        self,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        coding: str,
        client: str,
        disconnection: Disconnection,
    ) -> Reply:
        """The answer to a GET for a path, as `Resources` gives it. Raises `Problem`."""
        if not path:  # only a page is heavy there, whatever chose it
            page = await self.answer("index.html", query, headers, coding, client, disconnection)
            return replace(page, vary="Accept")
        parameters, read = read_of(path, query, headers, self.snapshot.base)
        request = {
            "make": "page",
            "path": path,
            "parameters": dict(parameters),
            "headers": dict(read),
            "coding": coding,
        }
        alike = ("page", path, parameters, coding)  # for those answers that no header changes
        if (found := self._kept(alike)) is not None:
            return found
        reply = await self._made((*alike, read), request, client, disconnection)
        if not reply.vary:
            self._keep(alike, reply)
        return reply

    async def _made(self, key: _Key, request: dict[str, Any], client: str, disconnection: Disconnection) -> Reply:
        """What is made by a request, now or earlier."""
        if (found := self._kept(key)) is not None:
            return found

        async def make(gone: Disconnection) -> Reply:
            for _ in range(_ROUNDS):
                head, content = await self.pool.run(request | self._about_data, client, gone)
                if head["status"]:
                    break
                if not self._about_data:
                    await self._make_data(client)
            _raise_problem(head)
            given = {name: head[name] for name in REPLY_FIELDS}
            reply = Reply(**given, body=content, coding=head.get("coding", ""), tag=head.get("tag", ""))
            if reply.cacheable:
                self._keep(key, reply)
            return reply

        reply, _ = await self._running.do(key, make, disconnection)
        return _copy(reply)

    def _kept(self, key: _Key) -> Reply | None:
        found = self._small.get(key) or self._files.get(key)
        return _copy(found) if found else None

    def _keep(self, key: _Key, reply: Reply) -> None:
        (self._small if isinstance(reply.body, bytes) else self._files).put(key, reply)


def read_of(path: str, query: Mapping[str, str], headers: Mapping[str, str], base: str) -> tuple[_Pairs, _Pairs]:
    """Of parameters and headers those that what is at a path depends on; of headers what they choose, not their texts.

    So no client has the same made again and again by asking in other words.
    """
    names = _PARAMETERS if path == "describe" else _PARAMETERS_OF_IRIS
    parameters = tuple((name, query[name]) for name in names if name in query)
    read = {}
    if headers.get("accept"):
        read["accept"] = preferences(headers["accept"], ALL_TYPES)
    if (profile := accepted_profile(headers, base)) != DEFAULT_PROFILE:
        read["accept-profile"] = f"<{base}profile/{profile}>"
    return parameters, tuple(read.items())


def _copy(reply: Reply) -> Reply:
    """A reply of its own for each request, since headers are added to it."""
    return replace(reply, headers=dict(reply.headers))


def _raise_problem(head: Mapping[str, Any]) -> None:
    """Raise the `Problem` that a response is, if it is one."""
    if "problem" in head:
        raise Problem(head["status"], head["problem"], headers=head.get("headers"), **head.get("members", {}))
    if head["status"] == 503:  # no room for what was made
        raise Problem(503, head["detail"], headers={"Retry-After": "30"})
    if not head["status"]:
        raise Heavy
