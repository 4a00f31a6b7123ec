"""The processes that make what is heavy: dumps, whole graphs, pages about everything. Forked as query workers are.

One process reads the state of a publication, which the server hands to it, and forks one that makes a file, a page or
a graph. No file of the project is read in them: what they make belongs to the state that they were given.
"""

import gc
import os
import pickle
import socket
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from ...errors import CannotCarry, IsocKgError
from ...publication.description import DataFile
from ..http.coding import compress, entity_tag, is_compressible
from ..http.problems import Problem
from ..queries.confinement import bound_memory
from ..queries.graph_store import graph_of_index
from ..queries.nursery import NO_ROOM, Answer, NotReadable, run_nursery, write_whole
from .heavy import Heavy
from .resources import Resources, media_type_of
from .snapshot import Snapshot

_SMALL = 4_000_000  #: bytes of a file that is there in br, too
#: Of a reply, what stands in the head of a response.
REPLY_FIELDS = ("status", "type", "headers", "modified", "vary", "cache", "ranges")


class _Maker:
    """Makes what a request names."""

    def __init__(self, snapshot: Snapshot, root: str, spool: int) -> None:
        self.snapshot, self.spool = snapshot, spool
        self.resources = Resources(snapshot, root)

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body: of a page, a graph, or all data files."""
        try:
            if request["make"] == "data":
                return self._data(), b""
            if request.get("files") is not None:
                self._know(request)
            if request["make"] == "graph":
                prefixes = self.snapshot.project.prefixes
                reply = graph_of_index(request["name"], self.snapshot.index, prefixes, request["type"])
            else:
                reply = self.resources.answer(request["path"], request["parameters"], request["headers"])
        except Problem as problem:
            members = {"headers": problem.headers, "members": problem.members}
            return {"status": problem.status, "problem": problem.detail, **members}, b""
        except Heavy:
            return {"status": 0}, b""
        assert isinstance(reply.body, bytes)
        return {name: getattr(reply, name) for name in REPLY_FIELDS}, reply.body

    def _know(self, request: dict[str, Any]) -> None:
        """Know of the data files what pages say of them."""
        publication = self.snapshot.publication
        publication.files[:] = [DataFile(*file) for file in request["files"]]
        publication.left_out.update({name: CannotCarry(text) for name, text in request["left_out"].items()})
        self.snapshot.be_maker({name: {"": (b"", "")} for name in request["names"]})

    def _data(self) -> dict[str, Any]:
        """All data files, one behind the other in the file for what is large, each in its codings.

        Where they find no room, what pages say of them alone: names, sizes, digests.
        """
        publication = self.snapshot.publication
        places: dict[str, dict[str, tuple[int, int, str]]] = {}
        at = 0
        room = True
        for name, content in publication.data_files():
            digest = sha256(content).hexdigest()
            variants = places[name] = {}
            if not room:
                continue
            codings = [""]
            if is_compressible(media_type_of(name, name.rpartition(".")[2]), len(content)):
                codings += ["gzip", "br"] if len(content) <= _SMALL else ["gzip"]
            for coding in codings:
                coded = compress(content, coding) if coding else content
                try:
                    write_whole(self.spool, coded, at)
                except OSError as error:
                    if error.errno not in NO_ROOM:
                        raise
                    room, at = False, 0
                    os.ftruncate(self.spool, 0)
                    break
                variants[coding] = at, at + len(coded), entity_tag(digest, coding)
                at += len(coded)
        files = [[file.name, file.size, file.sha256] for file in publication.files]
        left_out = {name: str(error) for name, error in publication.left_out.items()}
        return {"status": 200, "spooled": at, "room": room, "places": places, "files": files, "left_out": left_out}


def prepare(data: int, settings: dict[str, Any], _: socket.socket) -> Callable[[int], Answer]:
    """Read the state of the publication. Raises `NotReadable`."""
    try:
        with os.fdopen(os.dup(data), "rb") as file:
            file.seek(0)
            snapshot = Snapshot(*pickle.load(file))  # noqa: S301 – written by the server that started this process
    except (OSError, ValueError, IsocKgError) as error:
        raise NotReadable(str(error)) from None
    snapshot.be_maker()
    gc.freeze()  # memory that is not looked at stays shared

    def worker(spool: int) -> Answer:
        bound_memory(settings["memory"])
        return _Maker(snapshot, settings["root"], spool).answer

    return worker


if __name__ == "__main__":
    run_nursery(prepare)
