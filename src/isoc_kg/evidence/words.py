"""The content words of a text: stems, without the words that say nothing."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from ..lazy_patterns import lazy_pattern

__all__ = ["Lexicon", "fold", "is_unspaced", "without_clitics"]

#: Words that carry no content. Elsewhere frequency alone decides.
_STOP = {
    "en": """
        a about all also am an and any are as at be been between but by can do does for from had has
        have he how i if in into is it its may more most not of on one or other our own s she so
        some such than that the their them then there these they this those through to too up us was
        we were what when where which who why will with you your
        """,
    "de": """
        aber als am an auch auf aus bei beim bis das dass dem den der des die durch ein eine einem einen einer
        eines er es für hat im in ist mit nach oder sich sie sind so über um und unter von vom vor war was werden
        wird wurde wurden zu zum zur
        """,
    "ar": "ال الى الي ان او التي الذي ب ثم على علي عن في كل كما ل ما مع من هذا هذه هو هي و",
}
_WORD = lazy_pattern(r"[^\W_]+(?:[ˈˌː][^\W_]+)*|[ˈˌ][^\W_]+")
#: A word before it is folded: with the marks within it, and with an ending after an apostrophe.
_WRITTEN = lazy_pattern(r"[^\W_](?:[\w\u064b-\u0652\u0640ˈˌː]|\u0670|[\u0300-\u036f])*(?:['’]s\b)?|[ˈˌ][^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
#: Marks that Arabic may leave out, and letters that are written in several ways.
_ARABIC = lazy_pattern("[\u064b-\u0652\u0670\u0640]")
_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا"})
#: Scripts that put no space between words: names in them are searched as parts of the text.
_UNSPACED = lazy_pattern("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
#: A word in more than this share of a document's units tells no unit from another.
_FREQUENT = 0.2
#: In a short document a word must be in more than so many.
_FEW = 2


def fold(text: str) -> str:
    """A text as it is compared: compatibility forms, case, possessives and optional Arabic marks aside."""
    folded = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _ARABIC.sub("", folded).translate(_ALEF) if max(folded, default="") >= "\u0600" else folded


def is_unspaced(text: str) -> bool:
    """Whether a text is, in part, of a script that puts no space between words."""
    return _UNSPACED.search(text) is not None


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    names = {
        "ar": "arabic",
        "da": "danish",
        "de": "german",
        "en": "english",
        "es": "spanish",
        "fi": "finnish",
        "fr": "french",
        "hu": "hungarian",
        "it": "italian",
        "nl": "dutch",
        "no": "norwegian",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
    }
    name = names.get(language.split("-")[0].lower())
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=1 << 16)
def _stem(word: str, language: str) -> str:
    if language.split("-")[0].lower() == "en":
        return _english(word)
    stemmer = _stemmer(language)
    if language.split("-")[0].lower() == "ar":
        word = without_clitics(word)
    return str(stemmer.stemWord(word)) if stemmer else word


def without_clitics(word: str) -> str:
    """An Arabic word without the particles that are written together with it: “and”, “for”, “by”, the article."""
    while True:
        clitic = next((c for c in ("ال", "و", "ف", "ب", "ك", "ل") if word.startswith(c)), "")
        if not clitic or len(word) - len(clitic) < (3 if clitic == "ال" else 4):
            return word
        word = word[len(clitic) :]


def _english(word: str) -> str:
    """An English word without its inflection; derivation stays: “develops” is “developing”, “development” is not."""
    if len(word) < 4 or not word.isascii():
        return word
    for ending in ("ies", "ied"):
        if word.endswith(ending) and len(word) > 4:
            return word[: -len(ending)] + "i"
    base = word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        base = word[:-1]
    else:
        for ending in ("ing", "ed"):
            if word.endswith(ending) and _VOWEL.search(stem := word[: -len(ending)]):
                doubled = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
                base = stem[:-1] if doubled else stem if len(stem) > 2 else stem + "e"
    if len(base) > 3:
        base = base.removesuffix("e")
    return base[:-1] + "i" if base.endswith("y") and len(base) > 2 else base


#: A word with a capital, of letters alone.
_CAPITALISED = re.compile(r"(?<![^\W_])[A-Z][a-z]+(?![^\W_])")
_VOWEL = re.compile("[aeiouy]")


class Lexicon:
    """The words of a document's units, and which of them are too frequent to tell anything."""

    def __init__(self, language: str, units: Iterable[str]) -> None:
        self.language = language
        self.stop = {self.stem(fold(word)) for word in _STOP.get(language.split("-")[0].lower(), "").split()}
        sets = [self.words(unit) for unit in units]
        counts = Counter(word for words in sets for word in words)
        self.frequent = {word for word, count in counts.items() if count > max(_FEW, _FREQUENT * len(sets))}

    def stem(self, word: str) -> str:
        """The stem of a folded word."""
        return _stem(word, self.language)

    def tokens(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Stem, start and end of each word of a folded text."""
        for match in _WORD.finditer(folded):
            yield _stem(match[0], self.language), match.start(), match.end()

    def words(self, text: str) -> set[str]:
        """The stems of all words of a text."""
        return {stem for stem, _, _ in self.tokens(fold(text))}

    def written(self, text: str) -> dict[str, str]:
        """The stems of all words of a text, each with its first word as it is written there."""
        found: dict[str, str] = {}
        for match in _WRITTEN.finditer(text):
            for stem in self.words(match[0]):
                found.setdefault(stem, match[0])
        return found

    def misspells(self, name: str, text: str) -> bool:
        """Whether a text writes a word of a name otherwise, with a capital: “Anne” for “Ann”. Known for English alone.

        Words that differ by inflection are one word elsewhere; in a name no more than a plural is.
        """
        if self.language.split("-")[0].lower() != "en":
            return False
        standing = [fold(word) for word in _CAPITALISED.findall(text)]
        every = set(fold(text).split()) | {match[0] for match in _WORD.finditer(fold(text))}
        for word in map(fold, _CAPITALISED.findall(name)):
            same = {word, f"{word}s", f"{word}es", word.removesuffix("s"), word.removesuffix("es")}
            same |= {f"{word.removesuffix('y')}ies", f"{word.removesuffix('ies')}y"}
            if not same & every and any(self.stem(other) == self.stem(word) for other in standing):
                return True
        return False

    def content(self, text: str) -> set[str]:
        """The stems of the words that carry content: frequent ones only when there are no others."""
        words = self.words(text)
        return words - self.stop - self.frequent or words - self.stop or words
