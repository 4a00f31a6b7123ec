"""What is sent back: a representation with its validators, whole, in part, or not at all when it is known already."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from hashlib import sha256

from ..spool import Content
from .coding import compress, content_coding, entity_tag, is_compressible
from .conditions import byte_range, is_current, is_stale
from .problems import Problem

__all__ = ["Reply", "response_to"]


@dataclass(slots=True)
class Reply:
    """An answer before it is fitted to the request's conditions."""

    status: int
    type: str = ""
    body: Content = b""
    headers: dict[str, str] = field(default_factory=dict)
    modified: float | None = None  #: seconds since 1970
    vary: str = ""
    cache: str = "no-store"
    ranges: bool = False
    fresh: bool = False  #: just computed: whether anybody asks for it again is not known
    query: bool = False  #: whether it is what a query came to
    coding: str = ""  #: of a body that is coded already
    tag: str = ""  #: the entity tag of a body that is coded already, or left as it is
    #: body and entity tag by coding, where there are several already
    variants: Mapping[str, tuple[Content, str]] = field(default_factory=dict)

    def _variant(self, request: Mapping[str, str]) -> "Reply":
        """The answer in the coding that a request gets, where there are several."""
        coding = content_coding(request.get("accept-encoding", ""), len(self.body)) if "range" not in request else ""
        coding = coding if coding in self.variants else ""
        body, tag = self.variants[coding]
        return replace(self, body=body, tag=tag, coding=coding, variants={})

    @property
    def cacheable(self) -> bool:
        """Whether the same request gets the same answer again."""
        return self.status in (200, 303) and self.cache != "no-store"


def response_to(request: Mapping[str, str], reply: Reply) -> tuple[int, list[tuple[str, str]], Content]:
    """Status, headers and content for a request's headers (RFC 9110, sections 8.8, 13 and 14).

    Raises `Problem`: 412 for a condition that does not hold, 416 for a range beyond the end.
    """
    several = len(reply.variants) > 1
    if reply.variants:
        reply = reply._variant(request)
    compressible = reply.status == 200 and is_compressible(reply.type, len(reply.body))
    headers = _headers(reply, compressible or several or bool(reply.coding))
    if reply.status != 200:
        return _whole(reply.status, headers, reply.body)
    coding = reply.coding
    if compressible and not reply.tag and "range" not in request:
        coding = content_coding(request.get("accept-encoding", ""), len(reply.body))
    if reply.cacheable:
        etag = headers["etag"] = reply.tag or entity_tag(sha256(bytes(reply.body)).hexdigest(), coding)
        if is_stale(request, etag, reply.modified):
            raise Problem(412, "it is not, or no longer, what the request is about.", headers={"ETag": etag})
        if is_current(request, etag, reply.modified):
            for name in ("content-type", "content-length"):
                headers.pop(name, None)
            return 304, list(headers.items()), b""
    status, body = 200, reply.body
    if coding:
        body = body if reply.coding else compress(bytes(body), coding)
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


def _whole(status: int, headers: dict[str, str], body: Content) -> tuple[int, list[tuple[str, str]], Content]:
    headers["content-length"] = str(len(body))
    return status, list(headers.items()), body
