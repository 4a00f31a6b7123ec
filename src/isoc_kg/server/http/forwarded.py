"""The client on whose behalf a proxy asks (RFC 7239, and the older X-Forwarded-For)."""

import re
from collections.abc import Iterable

__all__ = ["forwarded_client"]

_FOR = re.compile(r'(?i)\bfor="?(?:\[([0-9a-f:.]+)\]|([0-9.]+))')


def forwarded_client(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The address that the last proxy was asked from; None when it does not say."""
    for name, value in headers:
        if name == b"forwarded":
            addresses = _FOR.findall(value.decode("latin-1")[-1000:])
            if addresses:
                return str(addresses[-1][0] or addresses[-1][1])
        elif name == b"x-forwarded-for":
            return value.decode("latin-1").rpartition(",")[2].strip()
    return None
