"""What a browser is told about an answer, lest contents do what they are not meant to."""

from collections.abc import Iterable

from ...rendering.theme import CONTENT_SECURITY_POLICY

__all__ = ["EXPOSED", "protected"]

_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'self'"
#: Scripts of other sites may read Link, ETag and the like.
EXPOSED = "access-control-expose-headers", "*"
_ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}


def protected(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers with those that protect readers; pages, and what else may hold scripts, get a policy (CSP3)."""
    headers = dict(fields)
    type_ = headers.get("content-type", "").partition(";")[0]
    policy = {"content-security-policy": _POLICY} if type_ == "text/html" or type_.endswith("xml") else {}
    return list({**_ALWAYS, **policy, **headers}.items())
