"""A unit's words, read once: where names and cues stand in it."""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .grammar import Grammar
from .hedges import hedges_of
from .words import Lexicon, fold, is_unspaced

__all__ = ["Name", "Span", "UnitText"]

#: Start and end of a stretch of a passage's folded text.
Span = tuple[int, int]
#: The share of a name's content words that must occur where it is named.
_SHARE = 2 / 3
#: A name's words stand close together when there are at most so many others among them.
_SLACK = 6
#: What ties two names is at most so long.
_TIE = 16


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is searched: the stems of its words, or its letters where words are not spaced."""

    text: str
    words: frozenset[str]  #: all that carry content
    content: frozenset[str]  #: those of them that are not frequent in the document
    phrase: tuple[str, ...]  #: the words in their order, for a proper name
    run: tuple[str, ...]  #: the same for a name that may be proper, in a script without capitals
    unspaced: bool

    @property
    def keys(self) -> frozenset[str]:
        """Stems of which a text that has the name has one; an empty one stands for any text."""
        return frozenset(("",)) if self.unspaced else self.content

    @classmethod
    def of(cls, text: str, lexicon: Lexicon) -> "Name":
        """The name that a label is."""
        folded = fold(text).strip()
        stems = [stem for stem, _, _ in lexicon.tokens(folded)]
        words = frozenset(stems) - lexicon.stop or frozenset(stems)
        # the first letter of each word that is no stop word, in a script that has capitals
        capitals = [word[0].isupper() for word in text.split() if lexicon.words(word) - lexicon.stop]
        proper = tuple(stems) if len(capitals) > 1 and all(capitals) else ()
        may_be = tuple(stems) if text.upper() == text.lower() and len(stems) > 1 else proper
        return cls(folded, words, frozenset(lexicon.content(text)), proper, may_be, is_unspaced(text))


class UnitText:
    """The text of a unit, folded, with the place of each stem."""

    def __init__(self, text: str, lexicon: Lexicon, grammar: Grammar | None) -> None:
        self.text = text
        self.folded = fold(text)
        self.grammar = grammar
        self.hedging = grammar or hedges_of(lexicon.language)
        self.stem = lexicon.stem
        self.stop = lexicon.stop
        tokens = list(lexicon.tokens(self.folded))
        self.starts = [start for _, start, _ in tokens]
        self.ends = [end for _, _, end in tokens]
        self.stems = [stem for stem, _, _ in tokens]
        self.places: dict[str, list[int]] = {}
        for number, stem in enumerate(self.stems):
            self.places.setdefault(stem, []).append(number)

    def names(self, name: Name, share: float = _SHARE) -> list[Span]:
        """Where a name stands: as it is written, or by so many of its content words, close together."""
        if name.unspaced:
            return [match.span() for match in re.finditer(re.escape(name.text), self.folded)] if name.text else []
        if name.phrase:
            return self.run(name.phrase, 1)
        if share == 1:
            narrow, wide = self._windows(name.words, share)
            return narrow or wide
        narrow, wide = self._windows(name.content, share)
        return (self._windows(name.words, share)[0] or narrow or wide) if narrow or wide else []

    def spells(self, name: Name) -> list[Span]:
        """Where a proper name stands word for word."""
        return self.names(name) if name.unspaced else self.run(name.run, 0) if name.run else []

    def resumes(self, nouns: frozenset[str], lexicon: Lexicon) -> list[tuple[Span, str]]:
        """Where a definite noun stands, one of these stems or the head of one: “the canal”; each with its stem."""
        spans = []
        grammar = self.grammar
        for match in grammar.definite.finditer(self.folded) if grammar and grammar.definite else ():
            first = next(lexicon.tokens(match[1]), None)
            if grammar and first is not None and grammar.is_head(first[0], nouns):
                spans.append(((match.start(1) + first[1], match.start(1) + first[2]), first[0]))
        return spans

    def _windows(self, stems: frozenset[str], share: float) -> tuple[list[Span], list[Span]]:
        """Where so large a share of stems stands: close together, and else the narrowest stretch."""
        present = [stem for stem in stems if stem in self.places]
        needed = math.ceil(share * len(stems) - 1e-9)
        if not present or len(present) < needed:
            return [], []
        if len(stems) == 1:
            return [(self.starts[place], self.ends[place]) for place in self.places[present[0]]], []
        marks = sorted((place, stem) for stem in present for place in self.places[stem])
        windows: list[tuple[int, int]] = []
        for wanted in range(len(present), needed - 1, -1):
            windows = _windows(marks, wanted)
            narrow = [window for window in windows if window[1] - window[0] < len(stems) + _SLACK]
            if narrow:
                return [(self.starts[first], self.ends[last]) for first, last in narrow], []
        shortest = min(windows, key=lambda window: window[1] - window[0])
        return [], [(self.starts[shortest[0]], self.ends[shortest[1]])]

    def run(self, stems: Sequence[str], gap: int = 2) -> list[Span]:
        """Where stems stand one behind the other, with at most `gap` words between two of them."""
        spans = []
        for first in self.places.get(stems[0], ()):
            at = first
            for stem in stems[1:]:
                following = self.places.get(stem, ())
                index = bisect_left(following, at + 1)
                if index == len(following) or following[index] > at + 1 + gap:
                    break
                at = following[index]
            else:
                spans.append((self.starts[first], self.ends[at]))
        return spans

    def between(self, first: int, second: int) -> int:
        """How many words start between two places."""
        return max(0, bisect_left(self.starts, second) - bisect_left(self.starts, first))

    def refers_back(self, names: Sequence[Span], others: Sequence[Span]) -> bool:
        """Whether a pronoun, or a definite noun that is in none of these names, refers to what was named before.

        So does a sentence without a subject, where the language has such ones, and it names no `others`.

        In a language without a grammar it may.
        """
        if self.grammar is None or (self.grammar.back and self.grammar.back.search(self.folded)):
            return True
        if self.grammar.elided and not others and self.grammar.elided.search(self.folded):
            return True
        nouns = self.grammar.definite.finditer(self.folded) if self.grammar.definite else ()
        return any(not any(start < noun.end(1) and noun.start(1) < end for start, end in names) for noun in nouns)

    def tied(self, span: Span, heads: Sequence[Span]) -> bool:
        """Whether what stands in a span says more of one of the heads: “oak” in “cranes of oak”."""
        if self.grammar is None or self.grammar.of is None:
            return False
        match = self.grammar.of.search(self.folded, max(0, span[0] - _TIE), span[0])
        return match is not None and any(end == match.start() for _, end in heads)

    def ruled(self, span: Span) -> bool:
        """Whether a preposition stands before a name, so that nothing is said of what it names."""
        words = self.folded[max(0, span[0] - _TIE * 2) : span[0]].split()[-2:]
        return self.grammar is not None and any(word in self.grammar.prepositions for word in words)

    @cached_property
    def clauses(self) -> list[Span]:
        """The clauses of the passage, by the borders that its grammar knows."""
        borders = [0, *(m.start() for m in self.hedging.border.finditer(self.folded))] if self.hedging else [0]
        return [*pairwise([*borders, len(self.folded) + 1])]

    def clause(self, place: int) -> Span:
        """The clause that holds a place."""
        return next(clause for clause in self.clauses if clause[0] <= place < clause[1])

    def _found(self, pattern: re.Pattern[str] | None) -> list[Span]:
        return [match.span() for match in pattern.finditer(self.folded)] if pattern else []

    @cached_property
    def denials(self) -> list[Span]:
        """The words that deny."""
        return self._found(self.hedging.denial if self.hedging else None)

    @cached_property
    def insertions(self) -> list[Span]:
        """What is put into a clause: in brackets, or as a relative clause that a comma ends."""
        return self._found(self.grammar.inserted if self.grammar else None)

    @cached_property
    def definites(self) -> list[Span]:
        """Definite nouns, with what stands before them."""
        nouns = self.grammar.definite.finditer(self.folded) if self.grammar and self.grammar.definite else ()
        return [noun.span(1) for noun in nouns]

    def hedges(self, words: str) -> bool:
        """Whether words deny or hedge by themselves."""
        folded, hedging = fold(words), self.hedging
        return hedging is not None and (hedging.denial.search(folded) or hedging.doubt.search(folded)) is not None

    @cached_property
    def doubts(self) -> list[Span]:
        """The words that hedge."""
        return self._found(self.hedging.doubt if self.hedging else None)

    @cached_property
    def reports(self) -> list[Span]:
        """The words by which somebody says or thinks what follows in their clause."""
        return self._found(self.grammar.reporting if self.grammar else None)

    @cached_property
    def qualifiers(self) -> list[Span]:
        """The words that make the noun behind them another: “former”, “planned”."""
        return self._found(self.grammar.qualifying if self.grammar else None)

    @cached_property
    def sums(self) -> list[Span]:
        """The words that make an amount that of several things: “together”."""
        return self._found(self.grammar.summing if self.grammar else None)

    @cached_property
    def possessives(self) -> frozenset[int]:
        """Where the marks of possession stand that folding leaves out, or leaves as an apostrophe."""
        return frozenset(len(fold(self.text[: match.start()])) for match in _OWNED.finditer(self.text))

    def tokens(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Start, end and stem of each word in a stretch."""
        return [
            token
            for token in zip(self.starts, self.ends, self.stems, strict=True)
            if start <= token[0] and token[1] <= end
        ]

    def introduces(self, stem: str) -> bool:
        """Whether the passage names something new by a noun with this stem: “a mill”, “an old water mill”."""
        pattern = self.grammar.introducing if self.grammar else None
        return pattern is not None and any(
            stem in (found for _, _, found in self.tokens(*match.span(1))) for match in pattern.finditer(self.folded)
        )

    def is_coordinated(self, span: Span) -> bool:
        """Whether a name is one of several that words such as “and” put together."""
        words = self.grammar.coordinating if self.grammar else frozenset()
        before = self.folded[: span[0]].split()[-2:]
        behind = self.folded[span[1] :].split()[:1]
        return bool(words.intersection(before) or words.intersection(behind) or self.folded[span[1] :].startswith(","))

    def excepts(self, span: Span) -> bool:
        """Whether what a name stands for is left out: “all stations except the halt”."""
        pattern = self.grammar.excepting if self.grammar else None
        return pattern is not None and pattern.search(self.folded[: span[0]], self.clause(span[0])[0]) is not None

    @cached_property
    def ended(self) -> list[Span]:
        """The words that say until when something was so: “until 1990”, “from 1971 to 1990”."""
        return [m.span() for m in _UNTIL.finditer(self.folded)] if self.hedging else []


_OWNED = re.compile(r"['’]s?(?=\s)", re.IGNORECASE)
_YEAR = r"(?:[^\W\d_]+ |\d{1,2}\.? ){0,3}\d{4}\b"
_UNTIL = re.compile(
    rf"(?<!not )(?<!nicht )\b(?:(?:until|till|bis|hasta|fino al?) |jusqu['’](?:en |au |a |à )){_YEAR}"
    rf"|\bfrom {_YEAR} to {_YEAR}|\bd[ei] \d{{4}} [àa] \d{{4}}\b"
)


def _windows(marks: Sequence[tuple[int, str]], wanted: int) -> list[tuple[int, int]]:
    """The narrowest stretches, first and last word, that hold so many different stems."""
    windows: list[tuple[int, int]] = []
    counts: dict[str, int] = {}
    left = 0
    for place, stem in marks:
        counts[stem] = counts.get(stem, 0) + 1
        while len(counts) >= wanted:
            first, oldest = marks[left]
            if not windows or windows[-1][0] < first:
                windows.append((first, place))
            counts[oldest] -= 1
            if not counts[oldest]:
                del counts[oldest]
            left += 1
    return windows
