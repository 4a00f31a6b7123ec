"""What goes wrong, told as RFC 9457 problem details, to machines as JSON and to people as a page."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from markupsafe import escape

from ...negotiation import choose
from .protection import protected

__all__ = ["Problem", "ProblemPage", "status_line"]

#: A problem and the number of its request → its page; None where there is none, for whatever reason.
ProblemPage = Callable[["Problem", str], bytes | None]

#: As RFC 9110 names them, which older Pythons do not.
_TITLES = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable"}
_TYPES = ("application/problem+json", "application/json", "text/html")


def _title(status: int) -> str:
    """A status in words."""
    return _TITLES.get(status) or HTTPStatus(status).phrase


@cache
def status_line(status: int) -> bytes:
    """The first line of a response (RFC 9112, section 4)."""
    return f"HTTP/1.1 {status} {_title(status)}\r\n".encode()


class Problem(Exception):
    """A request that cannot be answered: status, what is wrong, what to do, and further members.

    `nothing_at` is the path at which there is nothing, of a problem that says only that.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        nothing_at: str | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.nothing_at = nothing_at
        self.headers = dict(headers or {})
        self.members = {name: value for name, value in members.items() if value is not None}

    @property
    def title(self) -> str:
        """The status in words."""
        return _title(self.status)

    def again(self) -> "Problem":
        """The same for another client: one that several raise would hold the frames of all of them."""
        return Problem(self.status, self.detail, headers=self.headers, nothing_at=self.nothing_at, **self.members)

    @staticmethod
    def is_page(accept: str | None) -> bool:
        """Whether people are told by a page: where one is liked better than JSON."""
        return bool(accept) and choose(accept, _TYPES) == "text/html"

    def body(self, accept: str | None, request_id: str = "", page: ProblemPage | None = None) -> tuple[str, bytes]:
        """Media type and content, as JSON unless a page is liked better: that of `page`, else a bare one."""
        value = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        value |= self.members
        if request_id:
            value["request"] = request_id
        if not self.is_page(accept):
            return "application/problem+json", (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
        if page and (made := page(self, request_id)) is not None:
            return "text/html; charset=utf-8", made
        texts = {
            name: member if isinstance(member, str) else json.dumps(member, ensure_ascii=False)
            for name, member in self.members.items()
        }
        rows = "".join(f"<dt>{escape(name)}</dt><dd><pre>{escape(text)}</pre></dd>" for name, text in texts.items())
        text = (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>'
            f"{self.status} {escape(self.title)}</title></head><body><main><h1>{self.status} {escape(self.title)}</h1>"
            f"<p>{escape(self.detail)}</p>{f'<dl>{rows}</dl>' if rows else ''}</main></body></html>\n"
        )
        return "text/html; charset=utf-8", text.encode()

    def response(
        self, accept: str | None, request_id: str, page: ProblemPage | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and content."""
        type_, body = self.body(accept, request_id, page)
        fields = [
            ("content-type", type_),
            ("content-length", str(len(body))),
            ("access-control-allow-origin", "*"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            *((name.lower(), value) for name, value in self.headers.items()),
        ]
        return self.status, fields, body

    def message(self, accept: str | None = None, page: ProblemPage | None = None) -> bytes:
        """The whole response to what is no request, after which the connection is closed."""
        type_, body = self.body(accept, page=page)
        fields = {"content-type": type_, "content-length": str(len(body)), "x-content-type-options": "nosniff"}
        if accept:
            fields = {**dict(protected(fields.items())), "cache-control": "no-store"}
        lines = "".join(
            f"{name}: {value}\r\n" for name, value in {**fields, **self.headers, "connection": "close"}.items()
        )
        return status_line(self.status) + f"{lines}\r\n".encode() + body
