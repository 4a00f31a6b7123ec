"""Two sequences beside each other, in a time that does not grow with the square of their length."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

__all__ = ["Opcode", "aligned"]

#: As `difflib.SequenceMatcher.get_opcodes` has them: a case and two ranges.
Opcode = tuple[str, int, int, int, int]
_SMALL = 40_000  # comparisons of all with all; up to so many the best alignment is looked for


def aligned(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Opcode]:
    """What is equal and what is not, in the order of both; neighbouring ranges are of different cases.

    Ends that are equal are paired first, then what stands once on each side, in its order. What is left between two of
    these is aligned as well as possible while it is short, else place by place.
    """
    last: Opcode | None = None
    for case, old_start, old_end, new_start, new_end in _parts(old, new):
        if old_start == old_end and new_start == new_end:
            continue
        if last is not None and (last[0] == "equal") == (case == "equal"):
            last = (case if case == "equal" else "replace", last[1], old_end, last[3], new_end)
            continue
        if last is not None:
            yield last
        last = (case, old_start, old_end, new_start, new_end)
    if last is not None:
        yield last


def _parts(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Opcode]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    ends = len(old) - tail, len(new) - tail
    yield "equal", 0, start, 0, start
    at = start, start
    for pair in [*_anchors(old[start : ends[0]], new[start : ends[1]]), None]:
        to = (pair[0] + start, pair[1] + start) if pair else ends
        yield from _between(old, new, (at[0], to[0]), (at[1], to[1]))
        if pair:
            yield "equal", to[0], to[0] + 1, to[1], to[1] + 1
            at = to[0] + 1, to[1] + 1
    yield "equal", ends[0], len(old), ends[1], len(new)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of what stands once on each side, the longest chain in the order of both."""
    if len(old) * len(new) <= _SMALL:
        return []
    counts = Counter(old), Counter(new)
    places = {item: place for place, item in enumerate(new) if counts[1][item] == 1}
    pairs = [(place, places[item]) for place, item in enumerate(old) if counts[0][item] == 1 and item in places]
    ends: list[int] = []  # by the length of a chain, the pair that it ends with
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if pairs[ends[middle]][1] < second else (low, middle)
        before.append(ends[low - 1] if low else -1)
        ends[low : low + 1] = [number]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _between(
    old: Sequence[Hashable], new: Sequence[Hashable], lost: tuple[int, int], came: tuple[int, int]
) -> Iterator[Opcode]:
    lengths = lost[1] - lost[0], came[1] - came[0]
    if lengths[0] * lengths[1] <= _SMALL:
        matcher = SequenceMatcher(None, old[slice(*lost)], new[slice(*came)], False)
        for case, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            yield case, lost[0] + old_start, lost[0] + old_end, came[0] + new_start, came[0] + new_end
        return
    shared = min(lengths)
    for place in range(shared):
        at = lost[0] + place, came[0] + place
        yield "equal" if old[at[0]] == new[at[1]] else "replace", at[0], at[0] + 1, at[1], at[1] + 1
    yield "replace", lost[0] + shared, lost[1], came[0] + shared, came[1]
