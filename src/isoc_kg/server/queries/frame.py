"""The frame in which a request and its response pass between the server and a worker process."""

import struct

__all__ = ["HEAD", "pack_frame"]

#: Lengths of head and body, in front of both.
HEAD = struct.Struct("!II")


def pack_frame(head: bytes, body: bytes = b"") -> bytes:
    """Head and body with their lengths."""
    return HEAD.pack(len(head), len(body)) + head + body
