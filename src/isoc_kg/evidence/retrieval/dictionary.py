"""A dictionary: the words and names of entries, each with the numbers of the entries that have it, in sorted shards."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import sub

__all__ = ["Dictionary", "Postings", "Shard", "decoded", "encoded", "shards_of"]

#: Sorted keys, and in the same order the entries of each.
Shard = tuple[Sequence[str], Sequence[str]]
_SHARD = 24_000  #: characters of a shard, about; more where one word is in very many entries
_FIELD_BITS = 3  #: of a number that is an entry and a field
_FIELD = (1 << _FIELD_BITS) - 1
_BARS = ["|" * field for field in range(_FIELD + 1)]
_RUNS = re.compile("(?: 1)+(?![0-9a-z])")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@lru_cache(1 << 17)
def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


class Postings:
    """Word → the entries that have it, each with the best of the fields in which it does.

    Most words are in one entry only and there are millions of them, so each entry with its field is one number.
    """

    def __init__(self) -> None:
        self.words: dict[str, int | array[int]] = {}

    def add(self, number: int, fields: Mapping[str, int]) -> None:
        """The words of an entry, whose number is above those of the entries before."""
        words = self.words
        start = number << _FIELD_BITS
        for word, field in fields.items():
            having = words.get(word)
            if having is None:
                words[word] = start | field
            elif isinstance(having, int):
                words[word] = array("Q", (having, start | field))
            else:
                having.append(start | field)


def encoded(fields: Mapping[int, int]) -> str:
    """Entries with the field in which each has a word, as text.

    By field, a bar between two: differences of ascending numbers in base 36, a space between two; `d.n` is a
    difference that n more of 1 follow.
    """
    return _encoded([number << _FIELD_BITS | fields[number] for number in sorted(fields)])


def _encoded(having: int | Sequence[int]) -> str:
    """As `encoded`, of numbers as `Postings` have them."""
    if isinstance(having, int):
        return "|" * (having & _FIELD) + _base36((having >> _FIELD_BITS) + 1)
    fields = {value & _FIELD for value in having} or {0}
    parts = []
    for field in range(max(fields) + 1):
        numbers = [value >> _FIELD_BITS for value in having if value & _FIELD == field] if field in fields else []
        steps = " ".join(map(_base36, map(sub, numbers, chain((-1,), numbers))))
        parts.append(_RUNS.sub(_counted, steps) if " 1" in steps else steps)
    return "|".join(parts)


def _counted(run: re.Match[str]) -> str:
    """How many of 1 follow a difference."""
    return f".{_base36(len(run[0]) // 2)}"


def decoded(text: str) -> Iterator[tuple[int, int]]:
    """The entries, each with its field."""
    for field, part in enumerate(text.split("|")):
        last = -1
        for step in part.split():
            first, _, more = step.partition(".")
            start = last + int(first, 36)
            last = start + (int(more, 36) if more else 0)
            for number in range(start, last + 1):
                yield number, field


def shards_of(words: Mapping[str, int | Sequence[int]]) -> list[Shard]:
    """The shards of a dictionary whose words are those of `Postings`; no key is in two."""
    shards: list[tuple[list[str], list[str]]] = [([], [])]
    size = 0
    for key in sorted(words):
        having = words[key]
        if isinstance(having, int):  # as most are
            text = _BARS[having & _FIELD] + _base36((having >> _FIELD_BITS) + 1)
        else:
            text = _encoded(having)
        if size + len(key) + len(text) > _SHARD and shards[-1][0]:
            shards.append(([], []))
            size = 0
        shards[-1][0].append(key)
        shards[-1][1].append(text)
        size += len(key) + len(text) + 6
    return list(shards)


@dataclass
class Dictionary:
    """A dictionary whose shards are read when they are needed: from memory, or from the files of a site."""

    firsts: Sequence[str]  #: the first key of each shard
    read: Callable[[int], Shard]

    def get(self, key: str) -> str | None:
        """The entries of a key."""
        return next((entries for found, entries in self.beginning(key, 1) if found == key), None)

    def beginning(self, start: str, most: int) -> list[tuple[str, str]]:
        """The first keys that begin so, at most that many, each with its entries."""
        found: list[tuple[str, str]] = []
        for number in range(max(0, bisect_right(self.firsts, start) - 1), len(self.firsts)):
            keys, entries = self.read(number)
            at = bisect_left(keys, start)
            while at < len(keys) and len(found) < most:
                if not keys[at].startswith(start):
                    return found
                found.append((keys[at], entries[at]))
                at += 1
            if len(found) >= most:
                break
        return found
