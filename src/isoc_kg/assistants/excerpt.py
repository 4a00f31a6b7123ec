"""Excerpts: as much of an answer as an assistant takes at once, and how it goes on."""

import json
from collections.abc import Sequence
from typing import Any

from ..errors import UsageError

__all__ = ["MOST_BYTES", "MOST_ROWS", "excerpt", "sized"]

MOST_ROWS = 200  #: rows of one answer
MOST_BYTES = 100_000  #: of one answer, as JSON
_MOST_CHARACTERS = 2_000  #: of a text in a row that alone is larger
_MOST_MEMBERS = 50  #: of a list in such a row


def excerpt(items: Sequence[Any], what: str, offset: int = 0, limit: int = MOST_ROWS) -> tuple[list[Any], str | None]:
    """The items from an offset on that fit into one answer, and a notice where there are others.

    A first item that does not fit alone is shortened, and the notice says so. Raises `UsageError` for an offset or a
    limit that makes no sense.
    """
    if offset < 0 or not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"offset must be 0 or more, and limit from 1 to {MOST_ROWS}.")
    if offset and offset >= len(items):
        raise UsageError(f"there are {len(items):,} {what}, so none from offset={offset} on.")
    taken: list[Any] = []
    size, notices = 0, []
    for item in items[offset : offset + limit]:
        length = _size(item)
        if size + length > MOST_BYTES:
            if not taken:
                taken.append(sized(item))
                notices.append(f"One of the {what} is too large for an answer: long texts and lists are shortened.")
            break
        taken.append(item)
        size += length
    end = offset + len(taken)
    if len(taken) < len(items):
        notices.insert(0, f"{what.capitalize()} {offset + 1:,} to {end:,} of {len(items):,}.")
        if end < len(items):
            notices.append(f"Go on with offset={end}.")
    return taken, " ".join(notices) or None


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def sized(value: Any, members: int = _MOST_MEMBERS) -> Any:
    """A value in which texts and lists are shortened until it fits into an answer."""
    shorter = _shortened(value, members)
    return shorter if members <= 1 or _size(shorter) <= MOST_BYTES else sized(value, members // 2)


def _shortened(value: Any, members: int) -> Any:
    if isinstance(value, str):
        most = _MOST_CHARACTERS * members // _MOST_MEMBERS + 100
        return value if len(value) <= most else f"{value[:most]}… ({len(value):,} characters)"
    if isinstance(value, (list, tuple)):
        return [_shortened(item, members) for item in value[:members]]
    if isinstance(value, dict):
        return {name: _shortened(item, members) for name, item in list(value.items())[: 20 * members]}
    return value
