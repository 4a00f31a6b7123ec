"""What people see of an error: a page in the site's frame, with what is wrong and what to do next."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from ..wording.sentences import begun
from .renderer import Renderer

__all__ = ["ERROR_PAGE_SECONDS", "error_page", "not_found_page"]

ERROR_PAGE_SECONDS = 0.5  #: of processor time, for each of a project's own templates that such a page is made of
_LONGEST_QUERY = 20_000  #: characters of a query that the page of its error shows
_LONGEST_TEXT = 2_000
_ADDRESS = re.compile(r"(?<![^\s(])/(?!/)[\w~=@%./-]*[\w~=@%/-]")  #: a path, without the full stop behind it


def not_found_page(renderer: Renderer, root: str, near: Sequence[tuple[str, str]] = (), detail: str = "") -> bytes:
    """The page in place of one that is not there; `near` are addresses like the one asked for, and their names.

    `root` leads to the site's root from wherever the page is shown. Without anything near it is the site's `404.html`.
    """
    page = renderer.page("404.html", renderer.theme.strings["not_found"], "overview", section="", root=root)
    return renderer.html("404.html", page, near=near, detail=detail)


def error_page(
    renderer: Renderer,
    root: str,
    status: int,
    reason: str,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    retry: str = "",
    request_id: str = "",
    query: str = "",
) -> bytes:
    """The page of any other error: the status and its `reason`, what is wrong, what to do, and where to go from here.

    `members` are those of the problem details (RFC 9457) beyond the standard ones; `retry` the seconds after which to
    try again; `query` the SPARQL that could not be answered.
    """
    t = renderer.theme.strings
    rest = dict(members or {})
    advice = _text(rest.pop("advice", ""))
    alternatives = rest.pop("alternatives", ())
    title = t.get(f"error_{status}") or t["error_other"]
    page = renderer.page("404.html", f"{status} {reason}", "overview", section="", root=root)
    return renderer.html(
        "error.html",
        replace(page, canonical="", structured=""),
        status=status,
        reason=reason,
        heading=title,
        detail=begun(detail[:_LONGEST_TEXT]),
        advice=_linked(begun(advice), root),
        next=t.get(f"error_{status}_next", ""),
        alternatives=[(_leading(one), one) for one in map(str, alternatives or ())][:100],
        facts=[(name, _text(value)) for name, value in rest.items()],
        retry=t["error_retry"].format(seconds=retry) if retry.isdigit() else "",
        request=request_id,
        query=query[:_LONGEST_QUERY],
        console=f"{root}sparql.html?{urlencode({'query': query}, quote_via=quote)}"
        if query and len(query) <= _LONGEST_TEXT and renderer.has("sparql.html")
        else "",
    )


def _leading(alternative: str) -> str:
    """Where an alternative leads; empty for what is only a name."""
    return alternative if alternative.startswith("/") and not alternative.startswith("//") else ""


def _linked(text: str, root: str) -> Markup:
    """A text in which addresses of this site, whose root is at `root`, are links."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        if match[0].startswith(root):
            parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
            end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:_LONGEST_TEXT]
