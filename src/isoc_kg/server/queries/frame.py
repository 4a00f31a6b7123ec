"""How a request and its response pass between the server and a worker process."""

import struct

__all__ = ["HEAD", "INLINE_BYTES", "WITHOUT_ROOM_BYTES", "pack_frame"]

#: Lengths of head and body, in front of both.
HEAD = struct.Struct("!II")
INLINE_BYTES = 65_536  #: a longer body is left in a file
WITHOUT_ROOM_BYTES = 2_000_000  #: a body of no more is sent in place of that where the file finds no room


def pack_frame(head: bytes, body: bytes = b"") -> bytes:
    """Head and body with their lengths."""
    return HEAD.pack(len(head), len(body)) + head + body
