"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), for reading."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...errors import visible
from ...iris import is_absolute
from ...limits import ServerLimits
from ...negotiation import FORMAT_PARAMETER, accept_of, choose
from ..cache import CACHED_PART, BoundedCache
from ..http.coding import accepted_codings
from ..http.problems import Problem
from ..http.reply import Reply
from ..http.request import Parameters, Request, parse_parameters
from ..spool import Content
from .runner import Disconnection, QueryResponse, QueryRunner

__all__ = ["READ_ONLY", "QueryResult", "ResultKey", "SparqlProtocol", "accepted", "options", "wants_page"]

READ_ONLY = (
    "this endpoint only reads: facts change in their files, where evidence and the gate are, "
    "or in the triple store behind."
)
#: What is sent when nothing is asked for in particular; a query's kind decides which of them fit.
_ANY = "*/*"
_PLAIN = ("status", "type")  #: of a response's head, where there is nothing to say about it
_FIGURES = ("cut", "total", "coding", "tag")  #: of a response's head
_LONGEST_ACCEPT = 4096  #: characters of the header that are looked at
_OPEN = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
#: Of a result: text, `Accept`, default and named graphs, whether sentences are asked for, which page, accepted codings.
ResultKey = tuple[str, str, tuple[str, ...], tuple[str, ...], bool, tuple[int, int, str] | None, str]


class QueryResult(NamedTuple):
    """What a query came to. `reply` gives it as an answer."""

    type: str
    body: Content
    cut: int = 0  #: how many solutions were kept of it
    notes: str = ""  #: what may be wrong with them
    total: int = 0  #: of a page, how many solutions there are on all
    coding: str = ""  #: of a large body
    tag: str = ""

    def reply(self) -> Reply:
        """The answer that has it."""
        headers = dict(_OPEN)
        if self.notes:
            headers["x-result-note"] = _NOT_IN_HEADERS.sub(" ", self.notes)
        if self.cut:
            headers["x-result-cut"] = f"only the first {self.cut} solutions"
        type_ = f"{self.type}; charset=utf-8" if self.type.startswith("text/") else self.type
        cache = "public, max-age=60"
        return Reply(
            200, type_, self.body, headers, vary="Accept", cache=cache, query=True, coding=self.coding, tag=self.tag
        )


class SparqlProtocol:
    """Answers queries, out of a cache where it can."""

    def __init__(self, runner: QueryRunner, limits: ServerLimits, describe: Callable[[str | None], Reply]) -> None:
        self.runner = runner
        self.limits = limits
        self.describe = describe
        self.hits = 0  #: queries answered out of the cache
        #: results as plain tuples, which the search for garbage passes over
        self._results: BoundedCache[ResultKey, tuple[Any, ...]] = BoundedCache(limits.cache_bytes, _size)

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
                return self.describe(accepted(parameters, request.accept))
            raise Problem(400, "the request has no query.", advice="Send one as the parameter “query”.")
        if len(texts) > 1:
            raise Problem(400, "the request has more than one query.")
        return await self.query(
            texts[0],
            accepted(parameters, request.accept) or _ANY,
            request.client,
            default=[value for name, value in parameters if name == "default-graph-uri"],
            named=[value for name, value in parameters if name == "named-graph-uri"],
            why=any(name == "why" and value not in ("", "0", "false") for name, value in parameters),
            coding=accepted_codings(request.headers.get("accept-encoding", "")),
            disconnection=request.disconnection,
            outcome=request.outcome,
        )

    async def _posted(self, request: Request) -> Parameters:
        """The parameters that a request has in its content."""
        coding = request.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity"):  # https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16
            raise Problem(
                415,
                f"the content is coded as {coding[:100]}.",
                headers={"Accept-Encoding": "identity"},
                advice="Send it without Content-Encoding.",
            )
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

    async def query(self, text: str, accept: str, client: str, **more: Any) -> Reply:
        """The answer to a query, in the form that is liked best; `more` as for `result`. Raises `Problem`."""
        result, shared = await self.result(text, accept, client, **more)
        reply = result.reply()
        reply.fresh = not shared
        return reply

    async def result(
        self,
        text: str,
        accept: str,
        client: str,
        *,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        why: bool = False,
        page: tuple[int, int, str] | None = None,
        coding: str = "",
        disconnection: Disconnection | None = None,
        outcome: Awaitable[QueryResponse] | None = None,
    ) -> tuple[QueryResult, bool]:
        """What a query comes to, in the form that is liked best, and whether it was there. Raises `Problem`.

        `page` makes it a page of the solutions: its number, how many are on one, and its media type. `coding` is what
        a large answer may be coded in; `outcome` is what the query has come to, where it was run before. Who asks what
        is being answered gets the same answer.
        """
        if len(text) > self.limits.query_bytes:
            raise Problem(413, f"a query of over {self.limits.query_bytes:,} characters.")
        key = (text, accept[:_LONGEST_ACCEPT], tuple(default), tuple(named), why, page, coding)
        if (cached := self._results.get(key)) is not None:
            self.hits += 1
            return QueryResult(*cached), True
        request: dict[str, Any] = {"query": text, **options(key[1], coding, why=why)}
        if page:
            request["page"] = page
        if default or named:
            request |= {"default": list(default), "named": list(named)}
            for name in (*default, *named):
                if not is_absolute(name):
                    raise Problem(400, f"{visible(name[:200], line=True)} is not a valid absolute IRI.")

        head, body = await (outcome or self.runner.run(request, client, disconnection))
        if (cached := self._results.get(key)) is not None:  # another who asked the same has put it there
            self.hits += 1
            return QueryResult(*cached), True
        if head["status"] != 200:
            raise self._problem(head, accept)
        return self.take(key, head, body), False

    def new_key(self, text: str, accept: str, coding: str) -> ResultKey | None:
        """That of the result of a query that has no dataset of its own; None where it is at hand, or too long."""
        key = (text, accept[:_LONGEST_ACCEPT], (), (), False, None, coding)
        return None if len(text) > self.limits.query_bytes or self._results.get(key) is not None else key

    def has(self, key: ResultKey) -> bool:
        """Whether the result of a query is at hand, which is counted."""
        found = self._results.get(key) is not None
        self.hits += found
        return found

    def take(self, key: ResultKey, head: Mapping[str, Any], body: Content) -> QueryResult:
        """What a query has come to, kept for whoever asks the same."""
        if len(body) * CACHED_PART <= self.limits.cache_bytes:
            body = bytes(body)
        if len(head) == len(_PLAIN):
            found = QueryResult(head["type"], body)
        else:
            more = {name: head[name] for name in _FIGURES if head.get(name)}
            found = QueryResult(head["type"], body, notes=" ".join(head.get("notes", ())), **more)
        self._results.put(key, tuple(found))
        return found

    def _problem(self, head: Mapping[str, Any], accept: str) -> Problem:
        more = {name: head.get(name) for name in ("line", "column", "excerpt", "advice")}
        if head["status"] == 406:
            detail = head.get("detail", f"no result is there as {accept[:200]}.")
            return Problem(406, detail, alternatives=head.get("alternatives"))
        headers = {"Retry-After": str(head["retry"])} if "retry" in head else None
        return Problem(head["status"], head["detail"], headers=headers, **more)


def _size(key: ResultKey, result: tuple[Any, ...]) -> int:
    """Bytes that a result takes in the cache with its request, about."""
    text, accept, default, named, *_ = key
    return len(result[1]) + 700 + len(text) + len(accept) + sum([len(name) + 60 for name in (*default, *named)])


def options(accept: str, coding: str, *, why: bool = False) -> dict[str, Any]:
    """Of a request to those who run queries, all but the query and its dataset."""
    return {"accept": accept, "why": why, "labelled": True, "coding": coding}


def accepted(parameters: Parameters, accept: str | None) -> str | None:
    """What a request takes, as an `Accept` header: its parameter `format` stands before the header.

    Raises `Problem`: 400 for what is no format.
    """
    named = list(dict.fromkeys(value for name, value in parameters if name == "format" and value))
    if not named:
        return accept
    if len(named) > 1:
        raise Problem(400, "the request names more than one format.")
    if (found := accept_of(named[0])) is None:
        raise Problem(400, f"there is no format “{named[0][:100]}”.", alternatives=list(FORMAT_PARAMETER))
    return found


def wants_page(accept: str | None, parameters: Sequence[tuple[str, str]] = ()) -> bool:
    """Whether a browser asks, that wants the console and not a result; who names a format wants the result."""
    named = any(name == "format" and value for name, value in parameters)
    return not named and choose(accept, _PAGE_TYPES) == "text/html"


#: Characters that a header's value may not have (https://www.rfc-editor.org/rfc/rfc9110#name-field-values).
_NOT_IN_HEADERS = re.compile(r"[^\x20-\x7e]+")
_PAGE_TYPES = ("application/sparql-results+json", "text/turtle", "text/html")
