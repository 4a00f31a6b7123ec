"""Pages of answers to named queries: made where lists are, in turns, of answers whose bytes are held meanwhile."""

from collections.abc import Mapping
from contextlib import nullcontext

from ...query import NamedQuery
from ...rendering.answer import AnswerPages
from ..http.connections import PIECE_BYTES
from ..http.reply import Reply
from ..http.request import Request
from ..http.traffic import Traffic
from ..queries.answer_page import answer_page
from ..spool import Content
from .making import Making
from .snapshot import Snapshot
from .threads import Threads

__all__ = ["Answers"]


class Answers:
    """Has pages made of a snapshot's answers: by the processes that make what is heavy, where there are some."""

    def __init__(self, snapshot: Snapshot, threads: Threads, making: Making | None, traffic: Traffic) -> None:
        self._pages = AnswerPages(snapshot.renderer)
        self._threads, self._making, self._traffic = threads, making, traffic

    @property
    def explains(self) -> bool:
        """Whether the data may have claims, so that a page shows who says so."""
        return self._pages.explains

    async def page(self, named: NamedQuery, values: Mapping[str, str], answer: Content, request: Request) -> Reply:
        """The page of an answer in the API's JSON, for the values that its parameters have. Raises `Problem`."""
        large = len(answer) > PIECE_BYTES
        with self._traffic.hold(request.client, len(answer)) if large else nullcontext():
            body = bytes(answer)
            if self._making:
                return await self._making.answer_page(named.name, values, body, request.client, request.disconnection)
            key = (named.name, *values.items(), body)
            return await self._threads.do(key, request, answer_page, self._pages, named, values, body)
