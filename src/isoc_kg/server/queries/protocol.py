"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), for reading."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...iris import is_absolute
from ...limits import ServerLimits
from ...negotiation import FORMAT_PARAMETER, choose
from ..cache import BoundedCache
from ..http.problems import Problem
from ..http.reply import Reply
from ..http.request import Parameters, Request, parse_parameters
from .runner import Disconnection, QueryRunner

__all__ = ["READ_ONLY", "SparqlProtocol", "wants_page"]

READ_ONLY = (
    "this endpoint only reads: facts change in their files, where evidence and the gate are, "
    "or in the triple store behind."
)
#: What is sent when nothing is asked for in particular; a query's kind decides which of them fit.
_ANY = "*/*"
_OPEN = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
#: Text, `Accept`, default graphs, named graphs and whether sentences are asked for.
_Key = tuple[str, str, tuple[str, ...], tuple[str, ...], bool]


class SparqlProtocol:
    """Answers queries, out of a cache where it can."""

    def __init__(self, runner: QueryRunner, limits: ServerLimits, describe: Callable[[str | None], Reply]) -> None:
        self.runner = runner
        self.limits = limits
        self.describe = describe
        self.hits = 0  #: queries answered out of the cache
        #: request → media type, content, how many solutions were kept of it, and what may be wrong with them
        self._results: BoundedCache[_Key, tuple[str, bytes, int, str]] = BoundedCache(limits.cache_bytes, _size)

    async def answer(self, request: Request) -> Reply:
        """The answer to a request of the protocol. Raises `Problem`."""
        if request.reads:
            parameters = request.query
        elif request.method == "POST":
            parameters = request.query + await self._posted(request)
        else:
            raise Problem(405, "queries come by GET or POST.", headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        names = [name for name, _ in parameters]
        if "update" in names or any(name.startswith("using-") for name in names):
            raise Problem(403, READ_ONLY)
        texts = [value for name, value in parameters if name == "query"]
        if not texts:
            if request.reads:
                return self.describe(request.accept)
            raise Problem(400, "the request has no query.", advice="Send one as the parameter “query”.")
        if len(texts) > 1:
            raise Problem(400, "the request has more than one query.")
        format_ = next((value for name, value in parameters if name == "format"), "")
        return await self.query(
            texts[0],
            FORMAT_PARAMETER.get(format_, request.accept or _ANY),
            request.client,
            default=[value for name, value in parameters if name == "default-graph-uri"],
            named=[value for name, value in parameters if name == "named-graph-uri"],
            why=any(name == "why" and value not in ("", "0", "false") for name, value in parameters),
            disconnection=request.disconnection,
        )

    async def _posted(self, request: Request) -> Parameters:
        """The parameters that a request has in its content."""
        type_, _, rest = request.headers.get("content-type", "").partition(";")
        type_ = type_.strip().lower()
        if type_ == "application/sparql-update":
            raise Problem(403, READ_ONLY)
        if type_ not in ("application/x-www-form-urlencoded", "application/sparql-query"):
            raise Problem(
                415 if type_ else 400,
                f"a query is not posted as {type_[:100] or 'something without a media type'}.",
                advice="Send application/sparql-query, or a form.",
            )
        charset = rest.lower().partition("charset=")[2].strip('" ;') or "utf-8"
        try:
            if charset not in ("utf-8", "utf8", "us-ascii"):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, charset)
            text = (await request.body()).decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(400, "the request is not UTF-8.") from None
        return [("query", text)] if type_ == "application/sparql-query" else parse_parameters(text)

    async def query(
        self,
        text: str,
        accept: str,
        client: str,
        *,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        why: bool = False,
        disconnection: Disconnection | None = None,
    ) -> Reply:
        """The answer to a query, in the form that is liked best. Raises `Problem`."""
        if len(text) > self.limits.query_bytes:
            raise Problem(413, f"a query of over {self.limits.query_bytes:,} characters.")
        key = (text, accept, tuple(default), tuple(named), why)
        if (cached := self._results.get(key)) is not None:
            self.hits += 1
            return _reply(*cached)
        request: dict[str, Any] = {"query": text, "accept": accept[:4096], "why": why, "labelled": True}
        if default or named:
            request |= {"default": list(default), "named": list(named)}
            for name in (*default, *named):
                if not is_absolute(name):
                    raise Problem(400, f"{name[:200]} is no absolute IRI.")
        head, body = await self.runner.run(request, client, disconnection)
        if head["status"] != 200:
            raise self._problem(head, accept)
        result = (head["type"], body, head.get("cut", 0), " ".join(head.get("notes", ())))
        self._results.put(key, result)
        reply = _reply(*result)
        reply.fresh = True
        return reply

    def _problem(self, head: Mapping[str, Any], accept: str) -> Problem:
        more = {name: head.get(name) for name in ("line", "column", "excerpt", "advice")}
        if head["status"] == 406:
            detail = head.get("detail", f"no result is there as {accept[:200]}.")
            return Problem(406, detail, alternatives=head.get("alternatives"))
        return Problem(head["status"], head["detail"], **more)


def _size(key: _Key, result: tuple[str, bytes, int, str]) -> int:
    """Bytes that a result takes in the cache with its request, about."""
    text, accept, default, named, _ = key
    return len(result[1]) + 500 + len(text) + len(accept) + sum(len(name) + 60 for name in (*default, *named))


def _reply(type_: str, body: bytes, cut: int, notes: str) -> Reply:
    headers = dict(_OPEN)
    if notes:
        headers["x-result-note"] = _NOT_IN_HEADERS.sub(" ", notes)
    if cut:
        headers["x-result-cut"] = f"only the first {cut} solutions"
    if type_.startswith("text/"):
        type_ += "; charset=utf-8"
    return Reply(200, type_, body, headers, vary="Accept", cache="public, max-age=60")


def wants_page(accept: str | None) -> bool:
    """Whether a browser asks, that wants the console and not a result."""
    return choose(accept, _PAGE_TYPES) == "text/html"


#: Characters that a header's value may not have (https://www.rfc-editor.org/rfc/rfc9110#name-field-values).
_NOT_IN_HEADERS = re.compile(r"[^\x20-\x7e]+")
_PAGE_TYPES = ("application/sparql-results+json", "text/turtle", "text/html")
