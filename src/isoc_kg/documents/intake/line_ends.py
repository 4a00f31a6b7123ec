"""What stands between two lines of a paragraph: a blank, nothing, or a hyphen that belongs to the word."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["HYPHENS", "DocumentWords"]

HYPHENS = "-\u00ad\u2010"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LAST = re.compile(r"(?:[^\W\d_]+-)*[^\W_]+$")
_FIRST = re.compile(r"[^\W_]+(?:[-\u2010][^\W\d_]+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.|doi:)\S*$")
_ADDRESS_GOES_ON = re.compile(r"[\w/%?#&=~+-]")
#: After these a hyphen stands for the rest of the word: `Vor- und Nachteile`, `two- or threefold`.
_AND = frozenset(
    ("and", "or", "to", "und", "oder", "bzw", "sowie", "bis", "et", "ou", "och", "eller", "en", "of", "lub", "oraz")
)
_FEW_LINES = 30  #: lines of a text that is too short to tell whether its words are broken
_OFTEN = 0.015  #: of the lines that end in a hyphen, but in no word known to have it, where words are broken
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]")


class DocumentWords:
    """The words of a document that are not broken: evidence for those that are."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._counts: Counter[str] = Counter()
        for line in lines:
            words = [match[0].casefold() for match in _WORD.finditer(line.rstrip(HYPHENS))]
            # the last word of a line may be half a word, and so may the first one of the next line
            self._counts.update(words[1:-1] if line.endswith(tuple(HYPHENS)) else words[1:])
        for word in [word for word in self._counts if "-" in word]:
            self._counts.update(word.split("-"))
        self._sorted = sorted(self._counts)
        self._breaks = self._are_broken(lines)

    def _are_broken(self, lines: Sequence[str]) -> bool:
        """Whether words are broken at the ends of lines at all: not where every hyphen there may be a word's own."""
        pairs = [pair for pair in pairwise(lines) if pair[0].endswith(("-", "\u2010"))]
        if len(lines) < _FEW_LINES:
            return True
        halves = [(_LAST.search(left[:-1]), _FIRST.match(right)) for left, right in pairs]
        broken = sum(not self._counts[f"{a[0]}-{b[0]}".casefold()] for a, b in halves if a and b)
        return broken > max(1, _OFTEN * len(lines))

    def joined(self, left: str, right: str) -> tuple[str, str]:
        """The first of two lines as it goes into the paragraph, and what stands between it and the second.

        >>> words = DocumentWords(["this is a well-known committee of the house"])
        >>> words.joined("the com-", "mittee"), words.joined("a well-", "known")
        (('the com', ''), ('a well-', ''))
        """
        if left.endswith("\u00ad"):
            return left[:-1], ""
        if left.endswith(("-", "\u2010")) and len(left) > 1 and not left[-2].isspace():
            return self._hyphenated(left, right)
        if left.endswith(("—", "/")) and not left[-2:-1].isspace():
            return left, ""
        if left.endswith("–") and left[-2:-1].isdecimal() and right[:1].isdecimal():
            return left, ""
        if _ADDRESS.search(left) and left.endswith((".", "=", "_", "&", "?", "%")) and _ADDRESS_GOES_ON.match(right):
            return left, "" if right[:1].islower() or not left.endswith((".", "?")) else " "
        if _UNSPACED.match(left[-1:]) and _UNSPACED.match(right[:1]):
            return left, ""
        return left, " "

    def _hyphenated(self, left: str, right: str) -> tuple[str, str]:
        bare = left[:-1]
        before, after = _LAST.search(bare), _FIRST.match(right)
        if before is None or after is None or _ADDRESS.search(left):
            return left, ""
        first, second = before[0].casefold(), after[0].casefold()
        whole, compound = self._counts[first + second], self._counts[f"{first}-{second}"]
        if whole or compound:
            return (bare, "") if whole >= compound else (left, "")
        if second in _AND:
            return left, " "
        if (
            not self._breaks
            or not after[0][0].islower()
            or not before[0][-1].isalpha()
            or self._is_compound(first, second)
        ):
            return left, ""
        return bare, ""

    def _is_compound(self, first: str, second: str) -> bool:
        """Whether the hyphen is the word's own: further ones are there, or both halves are words of the document."""
        if "-" in first:
            return True
        head = second.partition("-")[0]
        halves = self._counts[first] and self._counts[head]
        return bool(halves) and min(len(first), len(head)) > 2 and not self._known_beginning(first)

    def _known_beginning(self, first: str) -> bool:
        """Whether the document writes words that begin so in one."""
        at = bisect_left(self._sorted, first)
        return any(
            word.startswith(first) and len(word) > len(first) + 3 and "-" not in word
            for word in self._sorted[at : at + 20]
        )
