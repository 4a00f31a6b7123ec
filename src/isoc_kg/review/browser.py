"""Review in the browser: an ASGI application for one reviewer.

Everything that reads or changes the project runs in one thread at a time, at the desk; each answer is made whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote

from ..errors import IsocKgError
from ..proposals.proposal import Proposal
from .access import Access
from .desk import Desk
from .exchange import JSON, PageReply, PageRequest
from .pages import ReviewPages
from .routes import Routes
from .strangers import Strangers

__all__ = ["ReviewApplication"]

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with less, browsers hide the origin of forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_TEXT = "text/plain; charset=utf-8"
_MOST_BODY, _MOST_FIELDS = 1_000_000, 50


class ReviewApplication:
    """The pages of a desk, for whoever `access` lets in."""

    def __init__(self, desk: Desk, access: Access) -> None:
        self.desk = desk
        self.access = access
        self.strangers = Strangers()
        self.pages = ReviewPages(desk.judge.project, desk.reviewer, access.form_value)
        self._routes = Routes(desk, self.pages)
        self._one = asyncio.Lock()
        self._judging: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply = await self._answer(scope, receive)
        except Exception:
            await _send(send, PageReply(500, b"Internal error; see the terminal.\n", _TEXT), scope)
            raise
        await _send(send, reply, scope)

    async def _answer(self, scope: Scope, receive: Receive) -> PageReply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = _fields(scope["query_string"])
        if not self.access.has_host(headers):
            return PageReply(421, b"Not the address of this review.\n", _TEXT)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if method == "GET" and query and "token" in query and self.access.is_token(query["token"]):
            return PageReply(303, headers={"location": _own(scope["path"]), "set-cookie": self.access.cookie})
        if not self.access.is_known(headers):
            return PageReply(403, self.pages.closed)
        if scope.get("client"):
            self.strangers.let_in(tuple(scope["client"]))
        if query is None:
            return PageReply(400, b"Too many fields.\n", _TEXT)
        form: dict[str, str] = {}
        if method == "POST":
            body = await _body(receive)
            if body is None:
                return PageReply(413, b"Too long.\n", _TEXT)
            form = _fields(body, blank=True) or {}
            if not self.access.may_change(headers, form):
                return PageReply(403, b"This was not sent by a page of the review.\n", _TEXT)
        elif method != "GET":
            return PageReply(405, b"GET or POST.\n", _TEXT, {"allow": "GET, HEAD, POST"})
        if found := self.pages.file(scope["path"]):
            return PageReply(200, found[1], found[0])
        request = PageRequest(method, scope["path"], query, form, headers.get("accept", "").startswith(JSON))
        async with self._one:
            reply = await asyncio.to_thread(self._routes.answer, request)
        if self._judging is None or self._judging.done():
            self._judging = asyncio.create_task(self._judge_ahead())
        return reply

    async def _judge_ahead(self) -> None:
        """Judge what is shown and was not judged yet, one at a time, so that requests come in between."""
        for one in self._routes.shown:
            if self.desk.last_assessment(one.proposal) is None:
                async with self._one:
                    await asyncio.to_thread(self._judge, one.proposal)

    def _judge(self, proposal: Proposal) -> None:
        with suppress(IsocKgError, OSError):
            self.desk.assessment(proposal)


def _fields(data: bytes, *, blank: bool = False) -> dict[str, str] | None:
    """The fields of a query or a form; None where there are too many."""
    try:
        return dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=blank, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return None


def _own(path: str) -> str:
    """A path as `Location` has it: of this server, since two slashes at its start would name another."""
    return quote("/" + path.lstrip("/\\"), safe="/:@!$&'()*+,;=~")


async def _body(receive: Receive) -> bytes | None:
    """The content of a request; None where it is too long."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > _MOST_BODY:
            return None
        if not message.get("more_body"):
            return body


async def _send(send: Send, reply: PageReply, scope: Scope) -> None:
    headers = {**_HEADERS, "content-type": reply.type, "content-length": str(len(reply.body)), **reply.headers}
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})
