"""What is sent back: a representation with its validators, whole, in part, or not at all when it is known already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256

from .coding import compress, content_coding, is_compressible
from .conditions import byte_range, is_current, is_stale
from .problems import Problem

__all__ = ["Reply", "response_to"]


@dataclass(slots=True)
class Reply:
    """An answer before it is fitted to the request's conditions."""

    status: int
    type: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    modified: float | None = None  #: seconds since 1970
    vary: str = ""
    cache: str = "no-store"
    ranges: bool = False
    fresh: bool = False  #: just computed: whether anybody asks for it again is not known

    @property
    def cacheable(self) -> bool:
        """Whether the same request gets the same answer again."""
        return self.status in (200, 303) and self.cache != "no-store"


def response_to(request: Mapping[str, str], reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and content for a request's headers (RFC 9110, sections 8.8, 13 and 14).

    Raises `Problem`: 412 for a condition that does not hold, 416 for a range beyond the end.
    """
    compressible = reply.status == 200 and is_compressible(reply.type, len(reply.body))
    headers = _headers(reply, compressible)
    if reply.status != 200:
        return _whole(reply.status, headers, reply.body)
    coding = ""
    if compressible and "range" not in request:
        coding = content_coding(request.get("accept-encoding", ""), len(reply.body))
    if reply.cacheable:
        etag = headers["etag"] = _etag(reply.body, coding)
        if is_stale(request, etag, reply.modified):
            raise Problem(412, "it is not, or no longer, what the request is about.", headers={"ETag": etag})
        if is_current(request, etag, reply.modified):
            for name in ("content-type", "content-length"):
                headers.pop(name, None)
            return 304, list(headers.items()), b""
    status, body = 200, reply.body
    if coding:
        body = compress(body, coding)
        headers["content-encoding"] = coding
    if reply.ranges:
        headers["accept-ranges"] = "bytes"
        status, body = byte_range(request, headers, body)
    return _whole(status, headers, body)


def _headers(reply: Reply, compressible: bool) -> dict[str, str]:
    """The headers that do not depend on the request."""
    headers = dict(reply.headers)
    if reply.type:
        headers["content-type"] = reply.type
    if reply.cache:
        headers["cache-control"] = reply.cache
    if reply.modified is not None:
        headers["last-modified"] = formatdate(int(reply.modified), usegmt=True)
    vary = [reply.vary] if reply.vary else []
    if compressible:
        vary.append("Accept-Encoding")
    if vary:
        headers["vary"] = ", ".join(vary)
    return headers


def _etag(body: bytes, coding: str) -> str:
    """A strong validator, which is one representation's: of its bytes, and how they are coded."""
    return f'"{sha256(body).hexdigest()[:32]}{"-" + coding if coding else ""}"'


def _whole(status: int, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    headers["content-length"] = str(len(body))
    return status, list(headers.items()), body
