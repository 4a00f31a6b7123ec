"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), for reading."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from ...limits import ServerLimits
from ...negotiation import FORMAT_PARAMETER, choose
from ..http.problems import Problem
from ..http.reply import Reply
from .pool import Evaluator, Gone

__all__ = ["READ_ONLY", "Endpoint", "Parameters", "is_absolute", "parameters"]

READ_ONLY = "this endpoint only reads: facts change in their files, where evidence and the gate are, or in the triple store behind."
#: What is sent when nothing is asked for in particular; a query's kind decides which of them fit.
_ANY = "*/*"
_OPEN = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
_MOST_PARAMETERS = 500
Parameters = list[tuple[str, str]]


def parameters(text: str) -> Parameters:
    """The parameters of a query string or a form. Raises `Problem` for what is no UTF-8."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not UTF-8.") from None
    except ValueError:
        raise Problem(400, f"more than {_MOST_PARAMETERS} parameters.") from None


class Endpoint:
    """Answers queries, out of a cache where it can."""

    def __init__(self, pool: Evaluator, limits: ServerLimits, describe: Callable[[str | None], Reply]) -> None:
        self.pool = pool
        self.limits = limits
        self.describe = describe
        self.hits = 0
        #: request → media type, content and how many solutions were kept of it; nothing that refers to anything else,
        #: since the search for garbage would stop the server while it goes through thousands
        self._cache: OrderedDict[tuple[Any, ...], tuple[str, bytes, int]] = OrderedDict()
        self._cached = 0

    async def answer(
        self,
        method: str,
        query: Parameters,
        headers: Mapping[str, str],
        body: Callable[[], Awaitable[bytes]],
        client: str,
        gone: Gone | None = None,
    ) -> Reply:
        """The answer to a request of the protocol. Raises `Problem`."""
        if method in ("GET", "HEAD"):
            given = query
        elif method == "POST":
            given = query + await self._posted(headers, body)
        else:
            raise Problem(405, "queries come by GET or POST.", headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        names = [name for name, _ in given]
        if "update" in names or any(name.startswith("using-") for name in names):
            raise Problem(403, READ_ONLY)
        texts = [value for name, value in given if name == "query"]
        if not texts:
            if method in ("GET", "HEAD"):
                return self.describe(headers.get("accept"))
            raise Problem(400, "the request has no query.", advice="Send one as the parameter “query”.")
        if len(texts) > 1:
            raise Problem(400, "the request has more than one query.")
        default = [value for name, value in given if name == "default-graph-uri"]
        named = [value for name, value in given if name == "named-graph-uri"]
        wanted = next((value for name, value in given if name == "format"), "")
        why = any(name == "why" and value not in ("", "0", "false") for name, value in given)
        accept = FORMAT_PARAMETER.get(wanted, headers.get("accept") or _ANY)
        return await self.query(texts[0], accept, client, default=default, named=named, why=why, gone=gone)

    async def _posted(self, headers: Mapping[str, str], body: Callable[[], Awaitable[bytes]]) -> Parameters:
        type_, _, rest = headers.get("content-type", "").partition(";")
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
            text = (await body()).decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(400, "the request is not UTF-8.") from None
        return [("query", text)] if type_ == "application/sparql-query" else parameters(text)

    async def query(
        self,
        text: str,
        accept: str,
        client: str,
        *,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        why: bool = False,
        gone: Gone | None = None,
    ) -> Reply:
        """The answer to a query, in the form that is liked best. Raises `Problem`."""
        if len(text) > self.limits.query_bytes:
            raise Problem(413, f"a query of over {self.limits.query_bytes:,} characters.")
        key = (text, accept, tuple(default), tuple(named), why)
        if (found := self._cache.get(key)) is not None:
            self._cache.move_to_end(key)
            self.hits += 1
            return _reply(*found)
        request: dict[str, Any] = {"query": text, "accept": accept[:4096], "why": why}
        if default or named:
            request |= {"default": list(default), "named": list(named)}
            for name in (*default, *named):
                if not is_absolute(name):
                    raise Problem(400, f"{name[:200]} is no absolute IRI.")
        head, body = await self.pool.run(request, client, gone)
        status = head["status"]
        if status != 200:
            raise self._problem(head, accept)
        found = (head["type"], body, head.get("cut", 0))
        self._keep(key, found)
        reply = _reply(*found)
        reply.fresh = True
        return reply

    def _problem(self, head: Mapping[str, Any], accept: str) -> Problem:
        more = {name: head.get(name) for name in ("line", "column", "excerpt", "advice")}
        if head["status"] == 406:
            detail = head.get("detail", f"no result is there as {accept[:200]}.")
            return Problem(406, detail, alternatives=head.get("offered"))
        return Problem(head["status"], head["detail"], **more)

    def _keep(self, key: tuple[Any, ...], found: tuple[str, bytes, int]) -> None:
        size = len(found[1]) + _size(key)
        if size * 8 > self.limits.cache_bytes:
            return
        self._cache[key] = found
        self._cached += size
        while self._cached > self.limits.cache_bytes:
            old, gone = self._cache.popitem(last=False)
            self._cached -= len(gone[1]) + _size(old)


def _size(key: tuple[Any, ...]) -> int:
    """Bytes that a request takes in the cache, about."""
    text, accept, default, named, _ = key
    return 500 + len(text) + len(accept) + sum(len(name) + 60 for name in (*default, *named))


def _reply(type_: str, body: bytes, cut: int) -> Reply:
    headers = dict(_OPEN)
    if cut:
        headers["x-result-cut"] = f"only the first {cut} solutions"
    if type_.startswith("text/"):
        type_ += "; charset=utf-8"
    return Reply(200, type_, body, headers, vary="Accept", cache="public, max-age=60")


def wants_page(accept: str | None) -> bool:
    """Whether a browser asks, that wants the console and not a result."""
    liked = _liked if accept is None or len(accept) < 300 else choose
    return liked(accept, ("application/sparql-results+json", "text/turtle", "text/html")) == "text/html"


_liked = lru_cache(500)(choose)


def is_absolute(name: str) -> bool:
    """Whether it is an absolute IRI, as far as its characters tell."""
    scheme, colon, rest = name.partition(":")
    return (
        bool(colon and rest)
        and scheme[:1].isalpha()
        and not any(c in name for c in '<>"{}|^`\\')
        and name.isprintable()
        and " " not in name
    )
