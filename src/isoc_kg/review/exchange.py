"""Requests to a review, and what they are answered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["HTML", "JSON", "PageReply", "PageRequest"]

HTML, JSON = "text/html; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request of somebody who was let in."""

    method: str  #: GET or POST
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    scripted: bool  #: whether a script asks, which takes JSON


@dataclass(slots=True)
class PageReply:
    """A whole answer."""

    status: int = 200
    body: bytes = b""
    type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
