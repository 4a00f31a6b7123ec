"""The processes that make what is heavy: dumps, whole graphs, pages about everything. Forked as query workers are.

One process reads the state of a publication, which the server hands to it, and forks one that makes a file, a page or
a graph. No file of the project is read in them: what they make belongs to the state that they were given.
"""

import gc
import os
import pickle
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple
from hashlib import sha256
from typing import Any

from ...errors import CannotCarry, IsocKgError, ProjectError
from ...publication.data_file import DataFile
from ...rendering.answer import AnswerPages
from ...rendering.search_files import SearchFiles, search_files
from ..http.coding import compress, entity_tag, is_compressible
from ..http.problems import Problem
from ..queries.answer_page import answer_page
from ..queries.confinement import bound_memory
from ..queries.graph_store import graph_of_index
from ..queries.nursery import NO_ROOM, Answer, NotReadable, run_nursery, write_whole
from .heavy import DATA, SEARCH, Heavy
from .resources import Resources, media_type_of
from .searched import Searched
from .snapshot import Snapshot

_SMALL = 4_000_000  #: bytes of a file that is there in br, too
#: Of a reply, what stands in the head of a response.
REPLY_FIELDS = ("status", "type", "headers", "modified", "vary", "cache", "ranges")


class _Maker:
    """Makes what a request names."""

    def __init__(self, snapshot: Snapshot, root: str, spool: int, *, searched: Searched, pages: AnswerPages) -> None:
        self.snapshot, self.spool, self.searched, self.pages = snapshot, spool, searched, pages
        self._searches = False  # whether it has what is searched
        self.resources = Resources(snapshot, root)

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body: of a page, a graph, or all data files."""
        try:
            if request["make"] == DATA:
                return self._data(), b""
            if request["make"] == SEARCH:
                return self._search(), b""
            if request.get("files") is not None:
                self._know(request)
            if request.get("searched") and not self._searches:
                self.snapshot.search_in(SearchFiles.reading(self.searched.reading(request["searched"])))
                self._searches = True
            if request["make"] == "graph":
                prefixes = self.snapshot.project.prefixes
                reply = graph_of_index(request["name"], self.snapshot.index, prefixes, request["type"])
            elif request["make"] == "answer":
                named, answer = self.snapshot.queries[request["name"]], request["answer"].encode()
                reply = answer_page(self.pages, named, request["values"], answer)
            else:
                reply = self.resources.answer(request["path"], request["parameters"], request["headers"])
        except Problem as problem:
            members = {"headers": problem.headers, "members": problem.members}
            return {"status": problem.status, "problem": problem.detail, **members}, b""
        except ProjectError as error:  # in a template of the project
            return {"status": 500, "template": str(error)}, b""
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
        """All data files. Where they find no room, what pages say of them alone: names, sizes, digests."""
        publication = self.snapshot.publication
        found = self._spooled(publication.data_files(), coded=True)
        files = [astuple(file) for file in publication.files]
        left_out = {name: str(error) for name, error in publication.left_out.items()}
        return found | {"files": files, "left_out": left_out}

    def _search(self) -> dict[str, Any]:
        """The files of what is searched, for pages that search themselves, and where searches of makers read it."""
        files = search_files(self.snapshot.renderer)
        try:
            searched = self.searched.write(files)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            searched = None
        # many small files, of which few are asked for
        found = self._spooled(files, coded=False)
        return found | {"searched": searched, "room": found["room"] and searched is not None}

    def _spooled(self, files: Iterable[tuple[str, bytes]], *, coded: bool) -> dict[str, Any]:
        """Files, one behind the other in the file for what is large, each in its codings; their places, if any."""
        places: dict[str, dict[str, tuple[int, int, str]]] = {}
        at = 0
        room = True
        for name, content in files:
            digest = sha256(content).hexdigest()
            variants = places[name] = {}
            if not room:
                continue
            codings = [""]
            if coded and is_compressible(media_type_of(name, name.rpartition(".")[2]), len(content)):
                codings += ["gzip", "br"] if len(content) <= _SMALL else ["gzip"]
            for coding in codings:
                body = compress(content, coding) if coding else content
                try:
                    write_whole(self.spool, body, at)
                except OSError as error:
                    if error.errno not in NO_ROOM:
                        raise
                    room, at = False, 0
                    os.ftruncate(self.spool, 0)
                    break
                variants[coding] = at, at + len(body), entity_tag(digest, coding)
                at += len(body)
        return {"status": 200, "spooled": at, "room": room, "places": places}


def prepare(data: int, settings: dict[str, Any], _: socket.socket) -> Callable[[int], Answer]:
    """Read the state of the publication. Raises `NotReadable`."""
    try:
        with os.fdopen(os.dup(data), "rb") as file:
            file.seek(0)
            snapshot = Snapshot(*pickle.load(file))  # noqa: S301 – written by the server that started this process
            searched = Searched(data, file.tell())
    except (OSError, ValueError, IsocKgError) as error:
        raise NotReadable(str(error)) from None
    snapshot.be_maker()
    pages = AnswerPages(snapshot.renderer)
    with suppress(Exception):  # what is wrong is told where a page needs it
        pages.prepare()
    gc.freeze()  # memory that is not looked at stays shared

    def worker(spool: int) -> Answer:
        bound_memory(settings["memory"])
        return _Maker(snapshot, settings["root"], spool, searched=searched, pages=pages).answer

    return worker


if __name__ == "__main__":
    run_nursery(prepare)
