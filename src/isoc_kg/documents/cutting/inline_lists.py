"""Lists within a line: one opens with a colon and a dash, and from there on dashes begin its segments."""

import re

__all__ = ["segments"]

_INLINE_LIST = re.compile(r":[ \t]*[-–—][ \t]+(?=\S)")
_INLINE_ITEM = re.compile(r"(?:(?<=[”\"'’»)])[ \t]*|[ \t]+)[-–—][ \t]+(?=\S)")


def segments(text: str, start: int, end: int) -> tuple[int, list[tuple[int, int]]]:
    """Where the words before a list end, its colon included, and the ranges of its segments; none without a list."""
    opening = _INLINE_LIST.search(text, start, end)
    if opening is None:
        return end, []
    at = opening.end()
    ranges = []
    for match in _INLINE_ITEM.finditer(text, at, end):
        ranges.append((at, match.start()))
        at = match.end()
    return opening.start() + 1, [*ranges, (at, end)]
