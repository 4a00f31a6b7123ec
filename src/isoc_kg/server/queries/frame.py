"""How a request and its response pass between the server and a worker process: a head in JSON, and a body."""

import json
import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

__all__ = ["HEAD", "INLINE_BYTES", "WITHOUT_ROOM_BYTES", "pack_frame", "read_head", "written_head"]

#: Lengths of head and body, in front of both.
HEAD = struct.Struct("!II")
INLINE_BYTES = 65_536  #: a longer body is left in a file
WITHOUT_ROOM_BYTES = 2_000_000  #: a body of no more is sent in place of that where the file finds no room
_SHORT = 500  #: bytes or characters of a head that may come again and again


def pack_frame(head: bytes, body: bytes = b"") -> bytes:
    """Head and body with their lengths."""
    return b"%b%b%b" % (HEAD.pack(len(head), len(body)), head, body)


def written_head(head: Mapping[str, Any]) -> bytes:
    """A head as it is sent. Most are short and like one before, whose text is at hand."""
    if sum(len(value) for value in head.values() if isinstance(value, str)) <= _SHORT:
        with suppress(TypeError):  # it has lists, which are long more often than not
            return _written(tuple(head.items()))
    return json.dumps(head).encode()


def read_head(data: bytes) -> dict[str, Any]:
    """A head that was sent."""
    if len(data) > _SHORT:
        found: dict[str, Any] = json.loads(data)
        return found
    return dict(_read(data))


@lru_cache(500)
def _written(items: tuple[tuple[str, Any], ...]) -> bytes:
    return json.dumps(dict(items)).encode()


@lru_cache(500)
def _read(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)
    return found
