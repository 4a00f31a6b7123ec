"""The two spellings of schema.org, which are different IRIs: what is asked by one finds nothing said by the other."""

import mmap
from collections.abc import Iterable

__all__ = ["SPELLINGS", "mixed_up", "spellings", "spellings_in"]

SPELLINGS = ("http://schema.org/", "https://schema.org/")
_STARTS = tuple((spelling, f"<{spelling}".encode()) for spelling in SPELLINGS)


def spellings(lines: Iterable[bytes]) -> frozenset[str]:
    """Which of the spellings stand in lines of N-Quads, or in any text that writes IRIs as `<…>`."""
    seen: set[str] = set()
    for line in lines:
        if b"schema.org/" in line:
            seen.update(spelling for spelling, start in _STARTS if start in line)
            if len(seen) == len(SPELLINGS):
                break
    return frozenset(seen)


def spellings_in(text: bytes | mmap.mmap) -> frozenset[str]:
    """The same of a text as a whole: no line of it is looked at by itself."""
    return frozenset(spelling for spelling, start in _STARTS if text.find(start) >= 0)


def mixed_up(asked: frozenset[str], data: frozenset[str], what: str) -> str | None:
    """A hint, where what is asked uses another spelling than the data; `what` names the asker: “the query”."""
    if not data or not asked - data:
        return None
    (here,), (there,) = sorted(asked - data)[:1], sorted(data - asked)[:1] or sorted(data)[:1]
    return f"{what} says {here}, the data say {there}: these are different IRIs"
