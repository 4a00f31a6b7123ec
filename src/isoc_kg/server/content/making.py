"""What is heavy, made once for all who ask for it, by other processes, and kept in files."""

import asyncio
import math
import pickle
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...errors import CannotCarry, EngineError, ProjectError
from ...limits import ServerLimits
from ...negotiation import preferences
from ..cache import BoundedCache
from ..http.problems import Problem
from ..http.reply import Reply
from ..log import log_event
from ..queries.admission import Admission
from ..queries.nursery import NO_ROOM_HEAD
from ..queries.pool import WorkerPool
from ..queries.runner import Disconnection, QueryResponse
from ..spool import Spool, SpooledContent
from .heavy import DATA, SEARCH, Heavy
from .maker import REPLY_FIELDS
from .resources import ALL_TYPES, DEFAULT_PROFILE, SEARCH_PAGE, accepted_profile
from .snapshot import Snapshot

__all__ = ["Making", "read_of"]

#: The kind of what is made, then what tells it from others of its kind.
_Key = tuple[Any, ...]
_Pairs = tuple[tuple[str, str], ...]
_FILE = 1_000_000  #: bytes that a file counts at least, as there may not be too many
_PARAMETERS_OF_IRIS = ("format", "profile")
_PARAMETERS_BY_PATH = {"describe": ("iri", *_PARAMETERS_OF_IRIS), SEARCH_PAGE: ("q", "kind")}
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
        self._small: BoundedCache[_Key, Reply] = BoundedCache(
            limits.cache_bytes, lambda _, reply: len(reply.body) + 2000
        )
        self._files: BoundedCache[_Key, Reply] = BoundedCache(
            limits.spool_bytes // 2, lambda _, reply: max(_FILE, len(reply.body))
        )
        self._without_room_until: dict[str, float] = {}  # before which files that found no room are not made again
        self._about_data: dict[str, Any] = {}  # what is said of the data files in pages, once they are made
        self._searched: Any = None  # where makers find what is searched, once it is made

    async def start(self) -> None:
        """Be ready; whoever asks before waits. Raises `EngineError`."""
        try:
            await self.pool.start()
        except EngineError as error:
            log_event({"event": "makers do not start", "error": error.message})
            self.pool.start_again()

    async def files(self, which: str, client: str, disconnection: Disconnection | None = None) -> None:
        """Have files made, `DATA` or `SEARCH`, if they are not there; the snapshot has them from then on.

        Raises `Problem`: 503 where they find no room on the disk, and for a while after that.
        """
        while (self.snapshot.made if which == DATA else self.snapshot.made_search) is None:
            self._check_room(which)
            await self._make_files(which, client, disconnection)

    def _check_room(self, which: str) -> None:
        """Raises `Problem` where files found no room a short while ago."""
        if asyncio.get_running_loop().time() < self._without_room_until.get(which, -math.inf):
            raise Problem(503, NO_ROOM_HEAD["detail"], headers={"Retry-After": str(NO_ROOM_HEAD["retry"])})

    async def _make_files(self, which: str, client: str, disconnection: Disconnection | None) -> None:
        """Have files made; where there is no room for data files, it is known what pages say of them."""
        head, _ = await self.pool.run({"make": which}, client, disconnection, partial(self._have, which))
        _raise_problem(head)

    def _have(self, which: str, response: QueryResponse) -> None:
        """Take files that were made."""
        head, content = response
        if "places" not in head:
            return
        if which == SEARCH:
            self._searched = head["searched"]
        else:
            about = {name: head[name] for name in ("files", "left_out")}
            self._about_data = about | {"names": list(head["places"])}
        if not head["room"]:
            self._without_room_until[which] = asyncio.get_running_loop().time() + NO_ROOM_HEAD["retry"]
            return
        assert isinstance(content, SpooledContent)
        made = {
            name: {coding: (content[start:end], tag) for coding, (start, end, tag) in variants.items()}
            for name, variants in head["places"].items()
        }
        if which == SEARCH:
            self.snapshot.have_search(made)
        else:
            self.snapshot.have(made, {name: CannotCarry(text) for name, text in head["left_out"].items()})

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
        if (
            path == SEARCH_PAGE and query.get("q", "").strip()
        ):  # there are as many as anybody thinks of: none is kept for others
            if not self._searched:
                await self.files(SEARCH, client, disconnection)
            return await self._made(None, request | {"searched": self._searched}, client, disconnection)
        alike = ("page", path, parameters, coding)  # for those answers that no header changes
        if (found := self._kept(alike)) is not None:
            return found
        reply = await self._made((*alike, read), request, client, disconnection)
        if not reply.vary:
            self._keep(alike, reply)
        return reply

    async def answer_page(
        self, name: str, values: Mapping[str, str], answer: bytes, client: str, disconnection: Disconnection
    ) -> Reply:
        """The page of a named query's answer, which is JSON in UTF-8. Raises `Problem`."""
        request = {"make": "answer", "name": name, "values": dict(values), "answer": answer.decode()}
        return await self._made(None, request, client, disconnection)

    async def _made(
        self, key: _Key | None, request: dict[str, Any], client: str, disconnection: Disconnection
    ) -> Reply:
        """What is made by a request, now or, where it has a key by which it is kept, earlier.

        What is not kept is made no further when nobody waits for it.
        """
        if key and (found := self._kept(key)) is not None:
            return found

        def keep(key: _Key, response: QueryResponse) -> None:
            head, _ = response
            if head["status"] == 200 and "problem" not in head and (reply := _reply(response)).cacheable:
                self._keep(key, reply)

        keeping = partial(keep, key) if key else None
        for _ in range(_ROUNDS):
            response = await self.pool.run(request | self._about_data, client, disconnection, keeping)
            if response[0]["status"]:
                break
            if not self._about_data:
                await self._make_files(DATA, client, disconnection)
        _raise_problem(response[0])
        return _reply(response)

    def _kept(self, key: _Key) -> Reply | None:
        found = self._small.get(key) or self._files.get(key)
        return _copy(found) if found else None

    def _keep(self, key: _Key, reply: Reply) -> None:
        (self._small if isinstance(reply.body, bytes) else self._files).put(key, reply)


def read_of(path: str, query: Mapping[str, str], headers: Mapping[str, str], base: str) -> tuple[_Pairs, _Pairs]:
    """Of parameters and headers those that what is at a path depends on; of headers what they choose, not their texts.

    So no client has the same made again and again by asking in other words.
    """
    names = _PARAMETERS_BY_PATH.get(path, _PARAMETERS_OF_IRIS)
    parameters = tuple((name, query[name]) for name in names if name in query)
    read = {}
    if headers.get("accept"):
        read["accept"] = preferences(headers["accept"], ALL_TYPES)
    if (profile := accepted_profile(headers, base)) != DEFAULT_PROFILE:
        read["accept-profile"] = f"<{base}profile/{profile}>"
    return parameters, tuple(read.items())


def _reply(response: QueryResponse) -> Reply:
    """What a maker has made."""
    head, content = response
    given = {name: head[name] for name in REPLY_FIELDS}
    given["headers"] = dict(given["headers"])  # an own one for each who asked
    return Reply(**given, body=content, coding=head.get("coding", ""), tag=head.get("tag", ""))


def _copy(reply: Reply) -> Reply:
    """A reply of its own for each request, since headers are added to it."""
    return replace(reply, headers=dict(reply.headers))


def _raise_problem(head: Mapping[str, Any]) -> None:
    """Raise the `Problem` that a response is, if it is one; `ProjectError` for a mistake in a template."""
    if "template" in head:
        raise ProjectError(head["template"])
    if "problem" in head:
        raise Problem(head["status"], head["problem"], headers=head.get("headers"), **head.get("members", {}))
    if head["status"] == 503:  # no room for what was made
        raise Problem(503, head["detail"], headers={"Retry-After": "30"})
    if not head["status"]:
        raise Heavy
