r"""Replacement strings of `REPLACE` as XPath has them, for an engine that reads them in another way.

In XPath (https://www.w3.org/TR/xpath-functions-31/#func-replace) `$1` is a group, `$10` the first group and a zero
where there are fewer than ten, `\$` and `\\` stand for themselves, and all else with them is an error, as is a pattern
that matches nothing at all. The engine knows `${1}` and `$$`.
"""

import re
from functools import lru_cache

import pyoxigraph as ox

__all__ = ["engine_replacement", "is_pattern"]

_PART = re.compile(r"\\(?P<escaped>[\\$])|\$(?P<group>[0-9]+)|(?P<plain>[^\\$]+)")


@lru_cache(10_000)
def engine_replacement(replacement: str, pattern: str, flags: str = "") -> str | None:
    r"""The engine's replacement string; None where the specification has an error.

    >>> engine_replacement(r"\$$10", "(a)(b)")
    '$$${1}0'
    """
    if _matches_nothing(pattern, flags):
        return None
    if "q" in flags:
        return replacement.replace("$", "$$")
    groups = _groups(pattern)
    parts = []
    position = 0
    while position < len(replacement):
        part = _PART.match(replacement, position)
        if part is None:
            return None
        position = part.end()
        if part["escaped"]:
            parts.append("$$" if part["escaped"] == "$" else "\\")
        elif digits := part["group"]:
            length = len(digits)
            while length > 1 and int(digits[:length]) > groups:
                length -= 1
            if int(digits[:length]) <= groups:
                parts.append(f"${{{int(digits[:length])}}}")
            parts.append(digits[length:])
        else:
            parts.append(part["plain"])
    return "".join(parts)


def _groups(pattern: str) -> int:
    """How many groups of a pattern are captured."""
    plain = re.sub(r"\\.", "", pattern, flags=re.DOTALL)
    depth = count = 0
    for position, character in enumerate(plain):
        if character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
        elif character == "(" and not depth:
            count += plain[position + 1 : position + 2] != "?"
    return count


@lru_cache(10_000)
def _matches_nothing(pattern: str, flags: str) -> bool:
    """Whether a pattern matches the empty string, which `REPLACE` must refuse."""
    return bool(ox.Store().query(f"ASK {{ FILTER({_regex(pattern, flags)}) }}"))


@lru_cache(10_000)
def is_pattern(pattern: str, flags: str = "") -> bool:
    """Whether the engine can read a pattern."""
    return bool(ox.Store().query(f"ASK {{ FILTER(COALESCE({_regex(pattern, flags)}, 0) IN (true, false)) }}"))


def _regex(pattern: str, flags: str) -> str:
    return f'REGEX("", {ox.Literal(pattern)}, {ox.Literal(flags)})'
