r"""What REGEX and REPLACE are given, for an engine whose patterns and replacement strings are not XPath's.

The engine takes `\w`, `\s` and `[a-z-[aeiou]]` to mean something else, does not know `\i` and `\p{IsGreek}`, and takes
what XPath refuses: patterns are written for it (`regular_expressions`), and those that no automaton matches, with back
references or anchors of lines, are matched here. In replacement strings
(https://www.w3.org/TR/xpath-functions-31/#func-replace) `$1` is a group, `$10` the first group and a zero where there
are fewer than ten, `\$` and `\\` stand for themselves, and all else with them is an error, as is a pattern that matches
nothing at all. The engine knows `${1}` and `$$`.
"""

import re
from functools import lru_cache

import pyoxigraph as ox

from .regular_expressions import PatternError, read_pattern

__all__ = ["engine_pattern", "engine_replacement", "matches", "replaced"]

_PART = re.compile(r"\\(?P<escaped>[\\$])|\$(?P<group>[0-9]+)|(?P<plain>[^\\$]+)")
#: Patterns that are the same to the engine.
_SAME = re.compile(r"(?:[^\\\[\]{}()?*+^$|]|[\^$|](?![?*+{]))(?:[^\\\[\]{}()?*+]|(?<![\^$|?*+])[?*+])*")


@lru_cache(1000)
def engine_pattern(pattern: str, flags: str = "") -> str | None:
    r"""The pattern for the engine, without any flag beside it; None where it has none. Raises `PatternError`.

    >>> engine_pattern("a[b-d-[c]]")
    'a[[b-d]--[c]]'
    """
    read = read_pattern(pattern, flags)
    if not flags and _SAME.fullmatch(pattern):
        return pattern
    if read.looks_back:
        return None
    text = read.to_rust()
    return text if _is_taken(text) else None


def _is_taken(pattern: str) -> bool:
    """Whether the engine matches with a pattern: it may be too large."""
    return _asked(f"{_matched(pattern)} IN (true, false)")


def _matched(pattern: str) -> str:
    return f'REGEX("", {ox.Literal(pattern)})'


def _asked(condition: str) -> bool:
    return bool(ox.Store().query(f"ASK {{ FILTER({condition}) }}"))


@lru_cache(1000)
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    return re.compile(read_pattern(pattern, flags).to_python())


def matches(text: str, pattern: str, flags: str = "") -> bool | None:
    """Whether a text matches, where the engine has no pattern for it; None for what is none of XPath's."""
    try:
        return _compiled(pattern, flags).search(text) is not None
    except PatternError:
        return None


def replaced(text: str, pattern: str, replacement: str, flags: str = "") -> str | None:
    """A text with its matches replaced, where the engine has no pattern for it; None where XPath has an error."""
    parts = _parts(replacement, pattern, flags)
    if parts is None:
        return None

    def new(match: re.Match[str]) -> str:
        return "".join(part if isinstance(part, str) else match[part] or "" for part in parts)

    return _compiled(pattern, flags).sub(new, text)


@lru_cache(10_000)
def engine_replacement(replacement: str, pattern: str, flags: str = "") -> str | None:
    r"""The engine's replacement string; None where the specification has an error.

    >>> engine_replacement(r"\$$10", "(a)(b)")
    '$$${1}0'
    """
    parts = _parts(replacement, pattern, flags)
    if parts is None:
        return None
    return "".join(part.replace("$", "$$") if isinstance(part, str) else f"${{{part}}}" for part in parts)


@lru_cache(10_000)
def _parts(replacement: str, pattern: str, flags: str) -> tuple[str | int, ...] | None:
    """The texts of a replacement string, and the numbers of groups; None where the specification has an error."""
    try:
        if _matches_nothing(pattern, flags):
            return None
        if "q" in flags:
            return (replacement,)
        groups = read_pattern(pattern, flags).groups
    except PatternError:
        return None
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        part = _PART.match(replacement, position)
        if part is None:
            return None
        position = part.end()
        if digits := part["group"]:
            length = len(digits)
            while length > 1 and int(digits[:length]) > groups:
                length -= 1
            if int(digits[:length]) <= groups:
                parts.append(int(digits[:length]))
            parts.append(digits[length:])
        else:
            parts.append(part["escaped"] or part["plain"])
    return tuple(parts)


@lru_cache(1000)
def _matches_nothing(pattern: str, flags: str) -> bool:
    """Whether a pattern matches the empty string, which `REPLACE` must refuse; asked of the engine, which is faster."""
    text = engine_pattern(pattern, flags)
    return _compiled(pattern, flags).search("") is not None if text is None else _asked(_matched(text))
