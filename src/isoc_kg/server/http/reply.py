"""What is sent back: a representation with its validators, whole, in part, or not at all when it is known already."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256

import brotli

from .problems import Problem

__all__ = ["Reply", "finished"]

_COMPRESSIBLE = re.compile(
    r"(?:text/|application/(?:json|ld\+json|n-triples|n-quads|trig|rdf\+xml|xml|linkset\+json|sparql-|problem\+json|wasm)|image/svg)"
)
_SMALL = 600  #: bytes below which compressing gains nothing
_BROTLI_MOST = 4_000_000  #: above this brotli takes too long
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


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
    fresh: bool = False  #: nobody has asked for it before

    @property
    def kept(self) -> bool:
        """Whether the same request gets the same answer again."""
        return self.status in (200, 303) and self.cache != "no-store"


def finished(reply: Reply, request: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and content for a request: RFC 9110, sections 8.8, 13 and 14.

    Raises `Problem`: 412 for a condition that does not hold, 416 for a range beyond the end.
    """
    headers = dict(reply.headers)
    status, body = reply.status, reply.body
    if reply.type:
        headers["content-type"] = reply.type
    if reply.cache:
        headers["cache-control"] = reply.cache
    vary = [reply.vary] if reply.vary else []
    if reply.modified is not None:
        headers["last-modified"] = formatdate(int(reply.modified), usegmt=True)
    compressible = status == 200 and len(body) >= _SMALL and _COMPRESSIBLE.match(reply.type) is not None
    if compressible:
        vary.append("Accept-Encoding")
    if vary:
        headers["vary"] = ", ".join(vary)
    if status == 200:
        # a strong validator is one representation's: its bytes, and how they are coded
        coding = (
            _coding(request.get("accept-encoding", ""), len(body)) if compressible and "range" not in request else ""
        )
        tag = sha256(body).hexdigest()[:32] if reply.kept else ""
        mark = f'"{tag}{"-" + coding if coding else ""}"' if tag else ""
        if mark:
            headers["etag"] = mark
        if mark and _changed(request, mark, reply.modified):
            raise Problem(412, "it is not, or no longer, what the request is about.", headers={"ETag": mark})
        if mark and _known(request, mark, reply.modified):
            for name in ("content-type", "content-length"):
                headers.pop(name, None)
            return 304, list(headers.items()), b""
        if coding:
            body = brotli.compress(body, quality=5) if coding == "br" else _gzip(body)
            headers["content-encoding"] = coding
        if reply.ranges:
            headers["accept-ranges"] = "bytes"
            status, body = _part(request, headers, body)
    headers["content-length"] = str(len(body))
    return status, list(headers.items()), body


def _known(request: Mapping[str, str], mark: str, modified: float | None) -> bool:
    """Whether the requester has this representation (RFC 9110, sections 13.1.2 and 13.1.3)."""
    if (known := request.get("if-none-match")) is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known[:4096].split(",")]
        return known.strip() == "*" or mark in tags
    since = _seconds(request.get("if-modified-since"))
    return since is not None and modified is not None and since >= int(modified)


def _changed(request: Mapping[str, str], mark: str, modified: float | None) -> bool:
    """Whether the requester wants another state than this (sections 13.1.1 and 13.1.4)."""
    if (wanted := request.get("if-match")) is not None:
        return wanted.strip() != "*" and mark not in [tag.strip() for tag in wanted[:4096].split(",")]
    since = _seconds(request.get("if-unmodified-since"))
    return since is not None and modified is not None and since < int(modified)


def _seconds(date: str | None) -> float | None:
    """A date of HTTP as seconds since 1970; None for what is none."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, TypeError, OverflowError):
        return None


def _coding(accept: str, size: int) -> str:
    """The content coding that a request likes, of br and gzip."""
    liked = {}
    for part in accept.lower()[:1000].split(","):
        name, _, quality = part.partition(";")
        liked[name.strip()] = not re.fullmatch(r"\s*q=0(?:\.0*)?\s*", quality)
    if liked.get("br") and size <= _BROTLI_MOST:
        return "br"
    return "gzip" if liked.get("gzip", liked.get("*", False)) else ""


def _gzip(body: bytes) -> bytes:
    """The same bytes each time: no name, no time."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def _part(request: Mapping[str, str], headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """The part of a content that a request wants; one part only, else the whole."""
    wanted = _RANGE.fullmatch(request.get("range", "").strip())
    if not wanted or wanted.group() == "bytes=-":
        return 200, body
    condition = request.get("if-range")
    if condition and condition not in (headers.get("etag"), headers.get("last-modified")):
        return 200, body
    size = len(body)
    if wanted[1]:
        start, end = int(wanted[1][:18]), min(int(wanted[2][:18]) if wanted[2] else size - 1, size - 1)
    else:
        start, end = max(0, size - int(wanted[2][:18])), size - 1
    if start > end:
        if wanted[1] and wanted[2] and int(wanted[2][:18]) < int(wanted[1][:18]):
            return 200, body
        text = f"there are {size:,} bytes."
        raise Problem(416, text, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return 206, body[start : end + 1]
