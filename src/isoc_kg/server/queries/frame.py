"""How a request and its response pass between the server and a worker process."""

import struct

__all__ = ["HEAD", "INLINE_BYTES", "pack_frame"]

#: Lengths of head and body, in front of both.
HEAD = struct.Struct("!II")
INLINE_BYTES = 65_536  #: a longer body is left in a file


def pack_frame(head: bytes, body: bytes = b"") -> bytes:
    """Head and body with their lengths."""
    return HEAD.pack(len(head), len(body)) + head + body
