"""Answers kept as they are sent, each for the requests that get it again."""

from collections import OrderedDict
from collections.abc import Sequence
from http import HTTPStatus

__all__ = ["Answer", "Key", "Ready", "key_of"]

#: Status, headers, content.
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
#: Target, `Accept` and `Accept-Encoding` of a GET.
Key = tuple[bytes, bytes, bytes]
_LONGEST_KEY = 2000  #: bytes of a request whose answer is kept; longer ones would fill the memory that answers may take
_OVERHEAD = 1500  #: bytes that an entry takes beside its content
#: What makes a request depend on more than its key.
_CONDITIONS = frozenset(
    b"if-none-match if-modified-since range if-range accept-profile if-match if-unmodified-since content-length "
    b"transfer-encoding expect upgrade".split()
)
_EXTENSIONS = frozenset(b"html ttl jsonld nt rdf trig css js svg wasm".split())


def key_of(url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> Key | None:
    """What an answer to a GET depends on; None when it depends on more than that."""
    accept = coding = b""
    for name, value in headers:
        if name == b"accept":
            accept = value if not accept else accept + b"," + value
        elif name == b"accept-encoding":
            coding = value if not coding else coding + b"," + value
        elif name in _CONDITIONS:
            return None
    if url.rpartition(b".")[2] in _EXTENSIONS:
        accept = b""  # a document, whatever is liked
    return url, accept, coding


class Ready:
    """The answers asked for last, as many as fit into so many bytes.

    Each is its status, the kind of its address, its status line and headers, its content.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Key, tuple[int, str, bytes, bytes]] = OrderedDict()

    def get(self, key: Key) -> tuple[int, str, bytes, bytes] | None:
        """The answer, if it is here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Key, answer: Answer, kind: str) -> None:
        """Have an answer ready for the next request like it."""
        status, headers, body = answer
        size = len(body) + _OVERHEAD
        if size * 8 > self.most or sum(map(len, key)) > _LONGEST_KEY or key in self._kept:
            return
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + lines
        self._kept[key] = status, kind, head, body
        self.size += size
        while self.size > self.most:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone[3]) + _OVERHEAD
