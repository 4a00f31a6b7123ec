"""A document at an address that its user named: fetched with an end to its size, its time and its redirections."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from ...errors import EndpointError, LimitExceeded, UsageError
from ...limits import Limits

if TYPE_CHECKING:
    import httpx

__all__ = ["Fetched", "fetch", "is_address"]

_MOST_REDIRECTIONS = 5
_SILENCE = 20.0  #: seconds
_ACCEPT = "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, */*;q=0.8"
#: Media types → formats, where the content does not tell. Markdown is often sent as plain text.
_FORMATS = {"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown", "text/plain": "text"}
_MARKDOWN = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered with."""

    content: bytes
    url: str  #: where it was in the end, redirections followed
    name: str  #: of the file, as the address has it; may be empty
    format: str | None  #: a name of `FORMATS` as the server says, or the media type of another format
    charset: str | None  #: as the server says
    at: datetime  #: when it was asked, in UTC


def is_address(text: str) -> bool:
    """Whether a text is meant as an address on the web."""
    return text.lower().startswith(("https://", "http://"))


def fetch(url: str, limits: Limits) -> Fetched:
    """The document at an address.

    Redirections lead to http and https alone, from https to https alone, and from a public address to public ones.
    Raises `UsageError` for an address that cannot be asked, `EndpointError`, and `LimitExceeded`.
    """
    import httpx

    from ...version import __version__

    url = urldefrag(url).url
    asked, deadline = datetime.now(UTC), time.monotonic() + limits.intake_seconds
    public = _is_public(url)
    headers = {"User-Agent": f"isoc-kg/{__version__}", "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
    try:
        with httpx.Client(headers=headers, timeout=httpx.Timeout(_SILENCE), follow_redirects=False) as client:
            for _ in range(_MOST_REDIRECTIONS + 1):
                with client.stream("GET", url) as answer:
                    if answer.has_redirect_location:
                        url = _redirected(url, answer.headers["location"], public=public)
                        continue
                    if answer.status_code != 200:
                        raise EndpointError(
                            f"{url} answered {answer.status_code} {answer.reason_phrase}.", status=answer.status_code
                        )
                    content = _content(answer, url, limits, deadline)
                    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
                    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
                    format_name = _FORMATS.get(media_type, media_type) or None
                    if name.lower().endswith(_MARKDOWN):
                        format_name = "markdown"
                    return Fetched(content, url, name, format_name, answer.charset_encoding, asked)
    except httpx.TimeoutException:
        raise EndpointError(f"{url} did not answer within {_SILENCE:g} seconds.", again=True) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise EndpointError(f"{url} cannot be fetched: {reason}.", again=True) from None
    raise EndpointError(f"{url} is behind more than {_MOST_REDIRECTIONS} redirections.")


def _content(answer: "httpx.Response", url: str, limits: Limits, deadline: float) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limits.intake_bytes:
        raise _too_large(url, limits)
    parts, size = [], 0
    for part in answer.iter_bytes():  # as they come: one of a fixed size may be long in coming
        parts.append(part)
        size += len(part)
        if size > limits.intake_bytes:
            raise _too_large(url, limits)
        if time.monotonic() > deadline:
            raise LimitExceeded(
                f"{url} took more than {limits.intake_seconds:g} seconds.",
                advice="Try again later, or raise intake_seconds under [limits] in kg.toml.",
            )
    return b"".join(parts)


def _too_large(url: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{url} has more than {limits.intake_bytes:,} bytes.", advice="Raise intake_bytes under [limits] in kg.toml."
    )


def _redirected(url: str, location: str, *, public: bool) -> str:
    target = urldefrag(urljoin(url, location)).url
    if not is_address(target) or (url.lower().startswith("https:") and not target.lower().startswith("https:")):
        raise EndpointError(f"{url} redirects to {target}, which is not followed.", advice="Name that address itself.")
    if public and not _is_public(target):
        raise EndpointError(
            f"{url} redirects to {target}, which is not on the public web.", advice="Name that address itself."
        )
    return target


def _is_public(url: str) -> bool:
    """Whether the host of an address is on the public internet, all of its addresses. Raises `UsageError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host:
        raise UsageError(f"“{url}” is not a valid URL.", advice="Such as https://example.org/minutes.html.")
    if parts.username or parts.password:
        raise UsageError(
            f"the URL of {host} has a user name; it would be published.",
            advice="Fetch the file by other means, and add it: isoc-kg document add FILE --source URL.",
        )
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False  # the request says what is wrong
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)
