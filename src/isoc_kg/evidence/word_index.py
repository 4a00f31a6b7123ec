"""Texts by their words: ranked, with inflection and misspelling forgiven."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .words import Lexicon, fold, is_unspaced

__all__ = ["Ranking", "WordIndex"]

_EXACT, _BEGINNING, _NEAR = 1.0, 0.6, 0.4  # what a word counts that is found so
_PHRASE = 0.5  # more for a text that has the words in their order
_SHORTEST = 3  # letters of a beginning
_LIKENESS = 0.75  # of a misspelt word to one that there is
_MOST_NEAR = 3  # words that a misspelt one may be
_MOST_WORDS = 16  # of a question


@dataclass(frozen=True, slots=True)
class Ranking:
    """The texts that have words of a question, the best first, and the words that were taken for others."""

    texts: tuple[int, ...]
    meant: dict[str, tuple[str, ...]]  #: word → those in its place, where nothing has it


class WordIndex:
    """Texts by number, each with a language, or with several that its words may be of."""

    def __init__(self, languages: Iterable[str]) -> None:
        self._lexicons = {language: Lexicon(language, ()) for language in dict.fromkeys(languages)}
        self._folded: list[str] = []
        self._sizes: list[int] = []
        self._having: dict[str, set[int]] = {}
        self._stems_of: dict[str, set[str]] = {}  #: word → its stems

    def add(self, texts: Iterable[str], languages: Sequence[str]) -> None:
        """One more entry: what it is found by."""
        number = len(self._folded)
        folded = [fold(text) for text in texts]
        self._folded.append("\n".join(folded))
        stems: set[str] = set()
        for text in folded:
            for language in languages:
                for stem, start, end in self._lexicons[language].tokens(text):
                    stems.add(stem)
                    self._stems_of.setdefault(text[start:end], set()).add(stem)
        self._sizes.append(len(stems))
        for stem in stems:
            self._having.setdefault(stem, set()).add(number)

    def ranked(self, question: str) -> Ranking:
        """The entries with words of a question: those with more of them first, then those with rarer ones."""
        folded = " ".join(fold(question).split())
        words = list(dict.fromkeys(self._words(folded)))[:_MOST_WORDS]
        content = [word for word in words if not self._is_stop(word)] or words
        scores: dict[int, float] = {}
        matched: dict[int, int] = {}
        meant: dict[str, tuple[str, ...]] = {}
        for word in content:
            weights = self._matches(word, meant)
            for number, weight in weights.items():
                rarity = math.log(1 + len(self._folded) / len(weights))
                scores[number] = scores.get(number, 0.0) + weight * rarity
                matched[number] = matched.get(number, 0) + 1
        for number in scores:
            if folded in self._folded[number]:
                scores[number] *= 1 + _PHRASE + (folded in self._folded[number].split("\n"))
            scores[number] /= math.log(10 + self._sizes[number])
        order = sorted(scores, key=lambda number: (-matched[number], -scores[number], number))
        return Ranking(tuple(order), meant)

    def _words(self, folded: str) -> Iterable[str]:
        for part in folded.split():
            if is_unspaced(part):
                yield part
            else:
                yield from (part[start:end] for _, start, end in Lexicon("und", ()).tokens(part))

    def _stems(self, word: str) -> set[str]:
        return {lexicon.stem(word) for lexicon in self._lexicons.values()}

    def _is_stop(self, word: str) -> bool:
        return any(lexicon.stem(word) in lexicon.stop for lexicon in self._lexicons.values())

    def _matches(self, word: str, meant: dict[str, tuple[str, ...]]) -> dict[int, float]:
        """The entries that have a word, its beginning, or, where none has, one like it; and what each counts."""
        if is_unspaced(word):
            return {number: _EXACT for number, text in enumerate(self._folded) if word in text}
        stems = self._stems(word)
        weights: dict[int, float] = {}
        if len(word) >= _SHORTEST:
            starts = tuple(stem for stem in stems if len(stem) >= _SHORTEST) or (word,)
            for stem, numbers in self._having.items():
                if stem.startswith(starts):
                    weights |= dict.fromkeys(numbers, _BEGINNING)
        for stem in stems:
            weights |= dict.fromkeys(self._having.get(stem, ()), _EXACT)
        if not weights and len(word) > _SHORTEST:
            like = [other for other in self._stems_of if abs(len(other) - len(word)) <= 2]
            near = get_close_matches(word, like, _MOST_NEAR, _LIKENESS)
            for other in near:
                for stem in self._stems_of[other]:
                    weights |= dict.fromkeys(self._having[stem], _NEAR)
            if near:
                meant[word] = tuple(near)
        return weights
