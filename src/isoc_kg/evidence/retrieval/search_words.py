"""The words that are searched: folded the same way in Python and in the page scripts (`web/src/search-words.ts`)."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from ...lazy_patterns import lazy_pattern
from ..words import without_clitics

__all__ = [
    "Inflection", "bigrams", "fold_name", "is_near", "is_run", "joined_words", "query_words", "stop_words", "words_in",
    "words_of", "words_of_all",
]  # fmt: skip

#: The marks that a reader may leave out: accents, points of Hebrew and Arabic, the stretching of Arabic.
_MARKS = lazy_pattern(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
#: Letters that have no decomposition, or are written in several ways.
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ς": "σ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "’": "'", "ʼ": "'",
})  # fmt: skip
#: Scripts that put no space between words; runs of them are searched by pairs of characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECES = lazy_pattern(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_RUN = lazy_pattern(f"[{_UNSPACED}]")
_ASCII = re.compile("[a-z0-9]+")
_POSSESSIVE = lazy_pattern(r"(?<=\w)'s\b")
_HYPHENATED = lazy_pattern("[^\\W_]+(?:[-\u2010\u2011][^\\W_]+)+")
_COMPOUNDING = frozenset({"da", "de", "nl", "no", "sv"})  #: languages that write compounds as one word
_LONGEST = 40  #: characters of a word that count, runs apart
_MOST_WORDS = 12  #: of a question
_MOST_ROOTS = 100_000  #: that are remembered
_SHORTEST = 3  #: letters that stay when an ending is taken off

#: The endings that a word is found without, by language; behind a slash what stands in an ending's place, so that
#: “policies” is “policy” and not “police”, and what has an ending with itself in its place stays whole.
_ENDINGS = {
    "en": "ings ing ed ied/y ies/y y/y es s e ss/ss us/us is/is eed/eed",
    "de": "ern em en er es e n s",
    "nl": "en es e s",
    "sv": "arna erna orna aren ar er or en et n t a e s",
    "da": "ernes erne ene er en et es e s",
    "no": "ene ane er en et a e s",
    "fr": "es e s x",
    "es": "es s os as o a",
    "pt": "es s os as o a",
    "it": "o a e i",
    "ca": "es s os as o a",
    "ru": "ами ями ого его ому ему ыми ими ах ях ов ев ей ой ий ый ая яя ое ее ые ие ую ом ем ам ям а я о е ы и у ю",
    "uk": "ами ями ого ому ими ах ях ів ей ой ий ам ям ом ем а я о е и і у ю ь",
    "ar": "ات ون ين ان ها هم يه ه ي",
    "tr": "lerin larin leri lari ler lar nin in i e a",
}
#: Words that carry no content, by language.
_STOP = {
    "en": """
        a about all an and any are as at be by can did do does for from had has have how i in into is it its many me
        much of on or our so tell that the their them there these they this those to us was we were what when where
        which who whom why will with you your
        """,
    "de": """
        am an auf aus bei das dass dem den der des die ein eine einem einen einer eines er es gibt hat im in ist mit
        nach oder sie sind und viel viele von vom wann war was welche welcher wer wie wo wurde wurden zu zum zur
        """,
    "fr": "a au aux ce cette dans de des du elle en est et il la le les ou par pour que qui quoi sur un une",
    "es": "a al con cual de del el en es la las lo los o para por que quien se su un una y",
    "ar": "الى او ان التي الذي على عن في ما متى من هذا هذه هو هي و",
}
#: Words by which a question asks for an agent, a date or a place, by language.
_ASKING = {
    "en": {"agent": "who whom whose", "date": "when", "place": "where"},
    "de": {"agent": "wer wem wen wessen", "date": "wann", "place": "wo"},
    "fr": {"agent": "qui", "date": "quand"},
    "es": {"agent": "quien", "date": "cuando", "place": "donde"},
}
_DOERS = ("er", "or")  #: endings of who does what a verb says, in English: the founder founded


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFC", _MARKS.sub("", lowered).translate(_LETTERS))
        lowered = "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdecimal() else c for c in lowered)
    return lowered


def fold_name(text: str) -> str:
    """A name as names are compared: case, accents, optional marks, forms of digits and letters, and spaces aside."""
    return " ".join(_fold(text).split())


def words_in(text: str) -> tuple[str, ...]:
    """What `words_of` gives, of a text that is read once."""
    folded = _fold(text)
    if "'s" in folded:
        folded = _POSSESSIVE.sub("", folded)
    if folded.isascii():
        words = _ASCII.findall(folded)
        return tuple([word[:_LONGEST] for word in words] if len(folded) > _LONGEST else words)
    parts = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded).split()
    pieces = (piece for part in parts for piece in _PIECES.findall(part))
    return tuple(piece if is_run(piece) else piece[:_LONGEST] for piece in pieces)


@lru_cache(maxsize=1 << 15)
def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text in its order; what is written without spaces stays in one run."""
    return words_in(text)


def words_of_all(texts: Iterable[str]) -> list[str]:
    """The words of several texts that are read once: together, as far as a space parts them."""
    texts = list(texts)
    together = [text for text in texts if text.isascii()]
    words = list(words_in(" ".join(together)))
    if len(together) < len(texts):
        words += [word for text in texts if not text.isascii() for word in words_of(text)]
    return words


def joined_words(text: str) -> list[str]:
    """The folded words that hyphens part, as others write them without: `nonprofit` for “non-profit”."""
    parts = _HYPHENATED.findall(text) if "-" in text or "\u2010" in text or "\u2011" in text else ()
    return [word[:_LONGEST] for part in parts for word in words_of(re.sub("[-\u2010\u2011]", "", part))]


def query_words(text: str, stop: Iterable[str]) -> list[str]:
    """The words of a question that are searched: those without content only where there are no others."""
    words = list(dict.fromkeys(words_of(text)))
    stop = frozenset(stop)
    return ([word for word in words if word not in stop] or words)[:_MOST_WORDS]


def stop_words(languages: Iterable[str]) -> list[str]:
    """The words of languages that carry no content, folded and sorted."""
    return sorted({word for language in languages for word in words_of(_STOP.get(language, ""))})


def is_run(word: str) -> bool:
    """Whether a word is a run of a script that puts no space between words."""
    return _RUN.match(word) is not None


def bigrams(run: str, *, last: bool) -> list[str]:
    """The pairs of characters of a run; with `last` its last character, too, by which single ones are found."""
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*pairs, run[-1]] if last or not pairs else pairs


class Inflection:
    """Which words are forms of one another in some languages: those that are equal without an ending.

    A stem is a beginning of its word, so that all forms of a word stand near one another in a sorted list.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        primary = {language.partition("-")[0].lower() for language in languages}
        primary |= {"no"} if primary & {"nb", "nn"} else set()
        self.languages = sorted(primary & _ENDINGS.keys())
        self.endings = {language: _ENDINGS[language].split() for language in self.languages}
        #: Whether each word is found as it is and in no other form.
        self.one_form = "ar" not in self.endings and _COMPOUNDING.isdisjoint(self.languages)
        self.stop = stop_words(sorted(primary & _STOP.keys()))
        asking = [_ASKING[language] for language in self.languages if language in _ASKING]
        #: Word → the kind of value that a question with it asks for.
        self.asking = {word: kind for words in asking for kind, text in words.items() for word in text.split()}
        self._ending = {
            language: dict(ending.partition("/")[::2] for ending in endings)
            for language, endings in self.endings.items()
        }

        self._roots: dict[str, str] = {}  # word → its root; of runs empty

    def stem(self, word: str, language: str) -> tuple[str, str]:
        """A word without its longest ending in a language, and what stands in the place of that."""
        if not word.isalpha() and any(character.isdigit() for character in word):
            return word, ""
        endings = self._ending[language]
        for size in range(min(6, len(word) - _SHORTEST), 0, -1):
            if (other := endings.get(word[-size:])) is not None:
                stem = word[:-size]
                twice = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
                return stem[:-1] if twice and not other and size > 1 and language == "en" else stem, other
        return word, ""

    def start(self, word: str) -> str:
        """What all forms of a word begin with."""
        return min((self.stem(word, language)[0] for language in self.languages), key=len, default=word)

    def alike(self, one: str, other: str) -> bool:
        """Whether two words are forms of one."""
        return any(
            "".join(self.stem(one, language)) == "".join(self.stem(other, language)) for language in self.languages
        )

    def tail(self, word: str) -> str:
        """By what a compound is found by its last part: the stem from its end; empty where no language has compounds.

        >>> Inflection(["de"]).tail("salzgilden"), Inflection(["de"]).tail("gilde")
        ('dligzlas', 'dlig')
        """
        languages = [language for language in self.languages if language in _COMPOUNDING]
        return min((self.stem(word, language)[0][::-1] for language in languages), key=len, default="")

    def asked(self, question: str) -> str:
        """The kind of value that a question asks for (`agent`, `date`, `place`): by the first word that tells it."""
        return next(filter(None, map(self.asking.get, words_of(question))), "") or ""

    def root(self, word: str) -> str:
        """What a word, and the noun for who does it, begin with.

        >>> Inflection(["en"]).root("founded"), Inflection(["en"]).root("founders")
        ('found', 'found')
        """
        start = self.start(word)
        return start[:-2] if start.endswith(_DOERS) and len(start) >= _SHORTEST + 2 else start

    def roots(self, texts: Iterable[str]) -> set[str]:
        """The roots of the words of texts, runs of scripts without spaces apart."""
        return self.roots_of(words_of_all(texts))

    def roots_of(self, words: Collection[str]) -> set[str]:
        """The roots of words, runs of scripts without spaces apart."""
        known = self._roots
        roots = set(map(known.get, words))
        if None in roots:
            roots.update([word if word.isdecimal() else self._kept_root(word) for word in words if word not in known])
        return {root for root in roots if root}

    def _kept_root(self, word: str) -> str:
        if len(self._roots) >= _MOST_ROOTS:
            self._roots.clear()
        root = self._roots[word] = "" if is_run(word) else self.root(word)
        return root

    def forms(self, word: str) -> list[str]:
        """A word, and in Arabic what it is without the particles before it."""
        return [word, bare] if "ar" in self.endings and (bare := without_clitics(word)) != word else [word]


def is_near(one: str, other: str) -> bool:
    """Whether a word may be another misspelt by one letter, or by two exchanged; in long ones by two of these."""
    most = 2 if min(len(one), len(other)) >= 8 else 1
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, row, before_last = row, [i], before
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1] <= most
