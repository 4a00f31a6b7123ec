"""Responses kept as they are sent, each for the requests that get it again."""

from collections.abc import Sequence

from ..cache import BoundedCache
from .problems import status_line

__all__ = ["CachedResponse", "Key", "ResponseCache", "ServerResponse", "key_of"]

#: Status, headers, content.
ServerResponse = tuple[int, list[tuple[bytes, bytes]], bytes]
#: Target, `Accept` and `Accept-Encoding` of a GET; None for an `Accept` that the response does not depend on.
Key = tuple[bytes, bytes | None, bytes]
_LONGEST_KEY = 2000  #: bytes of a request whose response is kept; longer ones would fill the memory of responses
_OVERHEAD = 1500  #: bytes that an entry takes beside its content
#: What makes a request depend on more than its key.
_CONDITIONS = frozenset(
    b"if-none-match if-modified-since range if-range accept-profile if-match if-unmodified-since content-length "
    b"transfer-encoding expect upgrade".split()
)


def key_of(url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> Key | None:
    """What the response to a GET may depend on; None when it may depend on more than that."""
    accept = coding = b""
    for name, value in headers:
        if name == b"accept":
            accept = value if not accept else accept + b"," + value
        elif name == b"accept-encoding":
            coding = value if not coding else coding + b"," + value
        elif name in _CONDITIONS:
            return None
    return url, accept, coding


#: Status, kind of the address, status line and headers, content, whether it is what a query came to.
CachedResponse = tuple[int, str, bytes, bytes, bool]


class ResponseCache(BoundedCache[Key, CachedResponse]):
    """Responses by their requests.

    A response whose `Vary` does not name `Accept` is kept once, for every `Accept` (RFC 9111, section 4.1). The address
    alone does not say so: that of a thing, or an IRI in the query, may end as a document's does.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity, lambda _, entry: len(entry[3]) + _OVERHEAD)

    def keep(self, key: Key, response: ServerResponse, kind: str, *, query: bool = False) -> None:
        """Have a response ready for the next request like it; `query` is whether it is what a query came to."""
        if sum(len(part or b"") for part in key) > _LONGEST_KEY:
            return
        status, headers, body = response
        if not _varies_on_accept(headers):
            key = key[0], None, key[2]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.put(key, (status, kind, status_line(status) + lines, body, query))

    def keep_made(self, key: Key, response: CachedResponse) -> CachedResponse:
        """Have a response ready that does not depend on `Accept`, if its request is short enough; gives it back."""
        if len(key[0]) + len(key[1] or b"") + len(key[2]) <= _LONGEST_KEY:
            self.put((key[0], None, key[2]), response)
        return response

    def for_request(self, key: Key) -> CachedResponse | None:
        """What is kept for a request."""
        return self.get(key) or self.get((key[0], None, key[2]))

    def response(self, key: Key) -> tuple[ServerResponse, bool] | None:
        """The response that is kept for a request, and whether it is what a query came to."""
        entry = self.for_request(key)
        if entry is None:
            return None
        status, _, head, body, query = entry
        lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:-1]]
        return (status, [(name, value) for name, value in lines], body), query


def _varies_on_accept(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether the response would be another one for another `Accept`."""
    fields = [value.lower() for name, value in headers if name == b"vary"]
    return any(field.strip() in (b"accept", b"*") for value in fields for field in value.split(b","))
