"""What a new edition of a document does to the units of the old one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..documents.units import Unit

__all__ = ["KEPT", "UnitChange", "compare_editions"]

#: The changes of units that kept their words.
KEPT = frozenset({"same", "moved"})

#: How alike two texts must be, word by word, for one to be what became of the other.
_SIMILAR = 0.6
#: So many comparisons of runs are made one with all; beyond, each with so many around its place, and with so many of
#: its rarest words.
_FEW, _AROUND, _RAREST = 250_000, 16, 4


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What became of units: `same`, `moved`, `edited`, `split`, `merged`, `removed` or `inserted`."""

    case: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def compare_editions(old: Sequence[Unit], new: Sequence[Unit], texts: tuple[str, str] | None) -> list[UnitChange]:
    """Each unit of two editions in exactly one change, in the order of the old one, then of the new.

    Units are paired by digest first, of their words where both sides have it: in the same number, else in their
    order. What is left is compared by its words: one for one, one for several in a row (split), several for one
    (merged). Without the two texts only the place tells: where as many units were lost as came between two that
    stayed, each became the next.
    """
    pairs = _by_digest(old, new)
    changes = {
        first: UnitChange(
            "same" if old[first].number == new[second].number else "moved", (old[first].number,), (new[second].number,)
        )
        for first, second in pairs.items()
    }
    taken = set(pairs.values())
    left = [index for index in range(len(old)) if index not in pairs]
    right = [index for index in range(len(new)) if index not in taken]
    changes |= _by_words(texts, (old, new), left, right) if texts else _by_place(old, new, pairs)
    done = {number for change in changes.values() for number in change.new}
    ordered = [changes[index] for index in sorted(changes)]
    return ordered + [UnitChange("inserted", (), (new[i].number,)) for i in right if new[i].number not in done]


def _by_digest(old: Sequence[Unit], new: Sequence[Unit]) -> dict[int, int]:
    """Old position → new position of units whose digest is the same, each used once."""
    by_words = all(unit.words for unit in (*old, *new))
    old_digests, new_digests = ([unit.words if by_words else unit.sha256 for unit in side] for side in (old, new))
    pairs: dict[int, int] = {}
    numbers = {unit.number: position for position, unit in enumerate(new)}
    for first, unit in enumerate(old):
        second = numbers.get(unit.number)
        if second is not None and new_digests[second] == old_digests[first]:
            pairs[first] = second
    waiting: dict[str | None, list[int]] = {}
    used = set(pairs.values())
    for second, digest in enumerate(new_digests):
        if second not in used:
            waiting.setdefault(digest, []).append(second)
    for first, digest in enumerate(old_digests):
        if first not in pairs and waiting.get(digest):
            pairs[first] = waiting[digest].pop(0)
    return pairs


def _by_place(old: Sequence[Unit], new: Sequence[Unit], pairs: dict[int, int]) -> dict[int, UnitChange]:
    """The changes of unpaired units, told by what stands around them alone."""
    changes: dict[int, UnitChange] = {}
    taken = set(pairs.values())
    first = 0
    while first < len(old):
        if first in pairs:
            first += 1
            continue
        lost = [first]
        while lost[-1] + 1 < len(old) and lost[-1] + 1 not in pairs:
            lost.append(lost[-1] + 1)
        before = pairs[first - 1] if first else -1
        came: list[int] = []
        while before + 1 + len(came) < len(new) and before + 1 + len(came) not in taken:
            came.append(before + 1 + len(came))
        for place, index in enumerate(lost):
            became = (new[came[place]].number,) if len(came) == len(lost) else ()
            changes[index] = UnitChange("edited" if became else "removed", (old[index].number,), became)
        if len(came) == len(lost):
            taken.update(came)
        first = lost[-1] + 1
    return changes


def _by_words(
    texts: tuple[str, str],
    sides: tuple[Sequence[Unit], Sequence[Unit]],
    left: Sequence[int],
    right: Sequence[int],
) -> dict[int, UnitChange]:
    """The changes of units without a twin, each with the most alike of what is free on the other side."""
    changes: dict[int, UnitChange] = {}
    runs = [list(_runs(texts[side], sides[side], positions)) for side, positions in enumerate((left, right))]
    options = sorted(_options(*runs), key=lambda option: (-option[0], len(option[1]) + len(option[2])))
    lost, came = set(left), set(right)
    for _, first, second in options:
        if lost.issuperset(first) and came.issuperset(second):
            case = "split" if len(second) > 1 else "merged" if len(first) > 1 else "edited"
            changes[first[0]] = UnitChange(
                case,
                tuple(sides[0][position].number for position in first),
                tuple(sides[1][position].number for position in second),
            )
            lost.difference_update(first)
            came.difference_update(second)
    return changes | {index: UnitChange("removed", (sides[0][index].number,), ()) for index in lost}


#: Positions of units in a row, and their words.
_Run = tuple[tuple[int, ...], list[str], Counter[str]]


def _near(old: Sequence[_Run], new: Sequence[_Run]) -> Callable[[int], Sequence[_Run]]:
    """For a run of the new edition, by its place, those of the old one with which it is compared.

    All of them where there are few. Else those that stand about as far into their edition, and those with the words
    that are rarest there: a sentence that moved far has some of these, or nothing to know it by.
    """
    if len(old) * len(new) <= _FEW:
        return lambda _: old
    having: dict[str, list[int]] = {}
    for number, (_, words, _) in enumerate(old):
        for word in dict.fromkeys(words):
            having.setdefault(word, []).append(number)

    def near(place: int) -> Sequence[_Run]:
        middle = place * len(old) // len(new)
        places = dict.fromkeys(range(max(0, middle - _AROUND), min(len(old), middle + _AROUND)))
        rare = sorted((word for word in new[place][2] if word in having), key=lambda word: len(having[word]))
        for word in rare[:_RAREST]:
            places |= dict.fromkeys(having[word][:_AROUND])
        return [old[number] for number in places]

    return near


def _runs(text: str, units: Sequence[Unit], positions: Sequence[int]) -> Iterator[_Run]:
    """One, two and three units in a row, with their words."""
    for at in range(len(positions)):
        for size in (1, 2, 3):
            run = tuple(positions[at : at + size])
            if len(run) == size and run[-1] - run[0] == size - 1:
                words = " ".join(units[position].text(text) for position in run).casefold().split()
                yield run, words, Counter(words)


def _options(old: Sequence[_Run], new: Sequence[_Run]) -> Iterator[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    """What may have become of what: one to one, and one to two or three in a row, either way; and how alike."""
    matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
    near = _near(old, new)
    for place, (second, new_words, new_counts) in enumerate(new):
        matcher.set_seq2(new_words)
        for first, old_words, old_counts in near(place):
            if len(first) > 1 and len(second) > 1:
                continue
            # words in common, in whatever order, are the most that can stand in order: mostly enough to say no
            least = _SIMILAR * (len(old_words) + len(new_words)) / 2
            if min(len(old_words), len(new_words)) < least or (old_counts & new_counts).total() < least:
                continue
            matcher.set_seq1(old_words)
            if (alike := matcher.ratio()) >= _SIMILAR:
                yield alike, first, second
