"""Who may use a review in the browser: whoever has the printed address, from this machine, on its own pages.

A token in the address is exchanged for a cookie. The host of each request must be that of the address (else a name
that leads here could be used by another page), and what changes something must come from a page of the review
(`Origin`, and a value of its forms).
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie

__all__ = ["LOOPBACK", "Access"]

#: The hosts at which a review may listen.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Access:
    """The secrets of one run."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.token = secrets.token_urlsafe(32)
        self.form_value = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._cookie = f"isoc-kg-review-{port}"  # cookies are shared by all ports of a host

    @property
    def origin(self) -> str:
        """The origin of the pages, as the address has it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def address(self) -> str:
        """What is printed: whoever opens it is let in."""
        return f"{self.origin}/?token={self.token}"

    @property
    def _authorities(self) -> Iterable[str]:
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}", f"[::1]:{self.port}")

    @property
    def cookie(self) -> str:
        """The value of `Set-Cookie` for whoever brought the token."""
        return f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"

    def has_host(self, headers: Mapping[str, str]) -> bool:
        """Whether a request names this machine."""
        return headers.get("host", "").lower() in self._authorities

    def is_token(self, given: str) -> bool:
        """Whether it is the token of the address."""
        return _same(given, self.token)

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Whether a request has the cookie."""
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self._session)

    def may_change(self, headers: Mapping[str, str], form: Mapping[str, str]) -> bool:
        """Whether a form was sent by one of these pages."""
        own = headers.get("origin") in {f"http://{authority}" for authority in self._authorities}
        return (
            own
            and headers.get("origin") == f"http://{headers.get('host', '')}"
            and _same(form.get("form", ""), self.form_value)
        )


def _same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
