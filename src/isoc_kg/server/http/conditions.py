"""Conditional and range requests (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from ..spool import Content
from .problems import Problem

__all__ = ["byte_range", "is_current", "is_stale"]

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def is_current(request: Mapping[str, str], etag: str, modified: float | None) -> bool:
    """Whether the client has this representation already (sections 13.1.2 and 13.1.3)."""
    if (wanted := request.get("if-none-match")) is not None:
        return wanted.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in wanted[:4096].split(",")]
    since = _seconds(request.get("if-modified-since"))
    return since is not None and modified is not None and since >= int(modified)


def is_stale(request: Mapping[str, str], etag: str, modified: float | None) -> bool:
    """Whether the client wants another state than this (sections 13.1.1 and 13.1.4)."""
    if (wanted := request.get("if-match")) is not None:
        return wanted.strip() != "*" and etag not in [tag.strip() for tag in wanted[:4096].split(",")]
    since = _seconds(request.get("if-unmodified-since"))
    return since is not None and modified is not None and since < int(modified)


def _seconds(date: str | None) -> float | None:
    """A date of HTTP as seconds since 1970; None for what is none."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, TypeError, OverflowError):
        return None


def byte_range(request: Mapping[str, str], headers: dict[str, str], body: Content) -> tuple[int, Content]:
    """Status and content for a request: the part that its Range names, if it is only one, else the whole.

    Raises `Problem`: 416 for a range beyond the end.
    """
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
