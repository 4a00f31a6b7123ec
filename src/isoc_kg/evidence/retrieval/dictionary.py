"""A dictionary: the words and names of entries, each with the numbers of the entries that have it, in sorted shards."""

import marshal
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import sub

__all__ = ["Dictionary", "Part", "Postings", "Shard", "decoded", "encoded", "shards_of", "shards_of_parts"]

#: Sorted keys, and in the same order the entries of each.
Shard = tuple[Sequence[str], Sequence[str]]
#: The postings of some entries, by what their words begin with, so that only a part of the words is merged at a time.
Part = Mapping[str, bytes]
#: The number of the first of entries that follow each other, the one that it had before, and how many they are.
_Run = tuple[int, int, int]
_SHARD = 24_000  #: characters of a shard, about; more where one word is in very many entries
_ENTRY_BITS = 29  #: of a number that is a field and an entry, so that its order is that of its text
_ENTRY = (1 << _ENTRY_BITS) - 1
_BARS = ["|" * field for field in range(1 << 32 - _ENTRY_BITS)]
_PER_RUN = 8  #: characters of a text for each run, from which it takes less to look where these begin
_MARKED = ("<", "=", "?")  #: what begins keys that are no words
_RUNS = re.compile("(?: 1)+(?![0-9a-z])")
_COUNTED = re.compile(r"\.([0-9a-z]+)")
_MOST_NUMBERS = 1 << 17  #: that are remembered
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class _Numbers(dict[int, str]):
    """Number → its digits in base 36, remembered: most of them are wanted again, and a cache by use takes longer."""

    def __missing__(self, number: int) -> str:
        digits, rest = "", number
        while True:
            rest, digit = divmod(rest, 36)
            digits = _DIGITS[digit] + digits
            if not rest:
                break
        if len(self) >= _MOST_NUMBERS:
            self.clear()
        self[number] = digits
        return digits


_numbers_known = _Numbers()
_base36 = _numbers_known.__getitem__


class Postings:
    """Word → the entries that have it, each with the best of the fields in which it does.

    Most words are in one entry only and there are millions of them, so each entry with its field is one number.
    """

    def __init__(self) -> None:
        self.words: dict[str, int | array[int]] = {}

    def add(self, number: int, fields: Mapping[str, int]) -> None:
        """The words of an entry, whose number is above those of the entries before."""
        words = self.words
        known = words.get
        for word, field in fields.items():
            having = known(word)
            if having is None:
                words[word] = field << _ENTRY_BITS | number
            elif isinstance(having, int):
                words[word] = array("I", (having, field << _ENTRY_BITS | number))
            else:
                having.append(field << _ENTRY_BITS | number)

    @property
    def part(self) -> Part:
        """The same as bytes, for `shards_of_parts`."""
        parts: dict[str, dict[str, int | bytes]] = {}
        for word, having in self.words.items():
            start = word[:2] if word[:1] in _MARKED else word[:1]
            if not start.isascii():
                start = start[:-1] + "\x7f"
            parts.setdefault(start, {})[word] = having if isinstance(having, int) else having.tobytes()
        return {start: marshal.dumps(words, 2) for start, words in parts.items()}


def encoded(fields: Mapping[int, int]) -> str:
    """Entries with the field in which each has a word, as text.

    By field, a bar between two: differences of ascending numbers in base 36, a space between two; `d.n` is a
    difference that n more of 1 follow.
    """
    return _encoded([field << _ENTRY_BITS | number for number, field in fields.items()])


def _encoded(having: Sequence[int]) -> str:
    """As `encoded`, of numbers as `Postings` have them."""
    values = sorted(having)
    parts = []
    start, field = 0, 0
    while start < len(values) or not field:
        end = bisect_left(values, field + 1 << _ENTRY_BITS, start)
        numbers = values[start:end] if start or end < len(values) else values
        parts.append(_text(numbers, (field << _ENTRY_BITS) - 1))
        start, field = end, field + 1
    return "|".join(parts)


def _text(numbers: Sequence[int], last: int) -> str:
    """The differences of ascending numbers, of the first to another."""
    return _counted_runs(" ".join(map(_base36, map(sub, numbers, chain((last,), numbers)))))


def _counted_runs(steps: str) -> str:
    return _RUNS.sub(_counted, steps) if " 1 " in steps or steps.endswith(" 1") else steps


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
    return list(_shards(_sorted(words)))


def shards_of_parts(parts: Sequence[Part]) -> Iterator[Shard]:
    """The shards of a dictionary of several parts, whose entries are above those of the parts before."""
    starts = sorted({start for part in parts for start in part})
    merged = (_merged([part[start] for part in parts if start in part]) for start in starts)
    return _shards(chain.from_iterable(map(_sorted, merged)))


def renumbered(shards: Iterable[Shard], numbers: Sequence[int], parts: Iterable[Part]) -> Iterator[Shard]:
    """The shards of a dictionary whose entries have other numbers, and that has those of parts besides.

    `numbers` are the new ones of the entries before; -1 stands for an entry that is gone. Raises `LookupError` where
    there are others in the shards.
    """
    return _shards(_renumbered(shards, numbers, _merged([words for part in parts for words in part.values()])))


def _sorted(words: Mapping[str, int | Sequence[int]]) -> Iterator[tuple[str, str]]:
    """Words in their order, with the text of their entries."""
    for key in sorted(words):
        having = words[key]
        if isinstance(having, int):  # as most are
            yield key, _BARS[having >> _ENTRY_BITS] + _base36((having & _ENTRY) + 1)
        else:
            yield key, _encoded(having)


def _merged(parts: Iterable[bytes]) -> dict[str, "int | array[int]"]:
    """The postings of the words of several parts."""
    words: dict[str, int | array[int]] = {}
    for part in parts:
        for word, having in marshal.loads(part).items():  # noqa: S302 – of `Postings.part`, in this run
            known = words.get(word)
            if known is None:
                words[word] = having if isinstance(having, int) else array("I", having)
            elif isinstance(known, int):
                words[word] = array("I", (known, *_numbers(having)))
            else:
                known.extend(_numbers(having))
    return words


def _numbers(having: int | bytes) -> "array[int]":
    return array("I", (having,) if isinstance(having, int) else having)


def _renumbered(
    shards: Iterable[Shard], numbers: Sequence[int], more: Mapping[str, int | Sequence[int]]
) -> Iterator[tuple[str, str]]:
    """The words of shards in their order, and others among them, with the text of their entries."""
    steps = {_base36(number): number for number in range(len(numbers) + 1)}
    #: The text of a word that one entry has → that of its number now, empty for one that is gone.
    single = {_base36(n): _base36(number + 1) if number >= 0 else "" for n, number in enumerate(numbers, 1)}
    runs = _runs(numbers)
    added = sorted(more, reverse=True)  # the next one last
    following = added[-1] if added else ""
    for keys, texts in shards:
        for key, text in zip(keys, texts, strict=True):
            while added and following < key:
                yield following, _encoded(_values(more[added.pop()]))
                following = added[-1] if added else ""
            if added and following == key:
                found = _encoded((*_renumbered_values(text, numbers, steps), *_values(more[added.pop()])))
                following = added[-1] if added else ""
            elif (one := single.get(digits := text.lstrip("|"))) is not None:  # as most are
                found = text[: len(text) - len(digits)] + one if one else ""
            else:
                found = _renumbered_text(text, numbers, single, steps, runs)
            if found:
                yield key, found
    for word in reversed(added):
        yield word, _encoded(_values(more[word]))


def _runs(numbers: Sequence[int]) -> list[_Run]:
    """The entries that follow each other now as they did before, by their numbers now."""
    runs: list[_Run] = []
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1 or numbers[place - 1] < 0:
            if numbers[start] >= 0:
                runs.append((numbers[start], start, place - start))
            start = place
    return sorted(runs)


def _values(having: int | Sequence[int]) -> Sequence[int]:
    return (having,) if isinstance(having, int) else having


def _renumbered_text(
    text: str, numbers: Sequence[int], single: Mapping[str, str], steps: Mapping[str, int], runs: Sequence[_Run]
) -> str:
    """The entries of a word, of which there may be as many as of all, with other numbers."""
    few = len(text) < _PER_RUN * len(runs)
    parts = []
    for part in text.split("|"):
        one = single.get(part) if part else ""
        if one is not None:
            parts.append(one)
        elif few:
            parts.append(_text(sorted(_renumbered_field(part, numbers, steps)), -1))
        else:
            parts.append(_renumbered_runs(part, steps, runs))
    return "|".join(parts).rstrip("|")


def _renumbered_runs(part: str, steps: Mapping[str, int], runs: Sequence[_Run]) -> str:
    """The same of one field, where there are far more entries than runs, in each of which differences stay the same."""
    every = (_COUNTED.sub(_spelt, part) if "." in part else part).split(" ")
    places = list(accumulate(map(steps.__getitem__, every), initial=-1))
    del places[0]
    found: list[str] = []
    last = -1
    for number, before, count in runs:
        start = bisect_left(places, before)
        end = bisect_left(places, before + count, start)
        if start < end:
            found.append(_base36(places[start] - before + number - last))
            found += every[start + 1 : end]
            last = places[end - 1] - before + number
    return _counted_runs(" ".join(found))


def _renumbered_values(text: str, numbers: Sequence[int], steps: Mapping[str, int]) -> Iterator[int]:
    """The same as numbers as `Postings` have them."""
    for field, part in enumerate(text.split("|")):
        if part:
            yield from map((field << _ENTRY_BITS).__or__, _renumbered_field(part, numbers, steps))


def _renumbered_field(part: str, numbers: Sequence[int], steps: Mapping[str, int]) -> list[int]:
    every = _COUNTED.sub(_spelt, part) if "." in part else part
    places = accumulate(map(steps.__getitem__, every.split(" ")), initial=-1)
    next(places)
    return [number for number in map(numbers.__getitem__, places) if number >= 0]


def _spelt(counted: re.Match[str]) -> str:
    """As many differences of 1 as are counted."""
    return " 1" * int(counted[1], 36)


def _shards(words: Iterable[tuple[str, str]]) -> Iterator[Shard]:
    """The shards of words that come in their order, with the text of their entries."""
    keys: list[str] = []
    texts: list[str] = []
    size = 0
    for key, text in words:
        length = len(key) + len(text)
        if size + length > _SHARD and keys:
            yield keys, texts
            keys, texts, size = [], [], 0
        keys.append(key)
        texts.append(text)
        size += length + 6
    _numbers_known.clear()
    yield keys, texts


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
