"""The content words of a text: stems, without the words that say nothing."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

__all__ = ["Lexicon"]

#: Words that carry no content. Only English has a list; elsewhere frequency alone decides.
_STOP = {
    "en": """
        a about all also am an and any are as at be been between but by can do does for from had has
        have he how i if in into is it its may more most not of on one or other our own s she so
        some such than that the their them then there these they this those through to too up us was
        we were what when where which who why will with you your
        """
}
_WORD = re.compile(r"[^\W_]+(?:[ˈˌː][^\W_]+)*|[ˈˌ][^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
#: A word in more than this share of a document's units tells no unit from another.
_FREQUENT = 0.2


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


class Lexicon:
    """The words of a document's units, and which of them are too frequent to tell anything."""

    def __init__(self, language: str, units: Iterable[str]) -> None:
        self.language = language
        self.stop = {self.stem(word) for word in _STOP.get(language.split("-")[0].lower(), "").split()}
        sets = [self.words(unit) for unit in units]
        counts = Counter(word for words in sets for word in words)
        self.frequent = {word for word, count in counts.items() if count > _FREQUENT * len(sets)}

    def stem(self, word: str) -> str:
        """The stem of a word, in lower case."""
        stemmer = _stemmer(self.language)
        return str(stemmer.stemWord(word)) if stemmer else word

    def words(self, text: str) -> set[str]:
        """The stems of all words of a text."""
        return {self.stem(word) for word in _WORD.findall(_POSSESSIVE.sub("", text.casefold()))}

    def content(self, text: str) -> set[str]:
        """The stems of the words that carry content: frequent ones only when there are no others."""
        words = self.words(text)
        return words - self.stop - self.frequent or words - self.stop or words
