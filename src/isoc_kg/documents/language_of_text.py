"""In what language a text is, told by its scripts and by the short words that every text of a language has.

A file may say that it is in the language of the program that wrote it. What is told here is told only where the text
leaves no doubt.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from .intake.passages import Extraction

__all__ = ["language_of", "prevailing_language"]

#: So much of a text is looked at, in characters, out of its beginning and its middle.
_SAMPLE = 20_000
#: So many of a language's short words are needed, and so large a share of the words.
_LEAST, _SHARE = 6, 0.15
#: So many times as many as of the language that it is said to be in.
_LEAD = 2
#: Scripts that one language has, as far as it can be told; of others the words tell.
_OF_SCRIPT = {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "HEBREW": "he", "THAI": "th", "ARMENIAN": "hy",
              "GEORGIAN": "ka"}  # fmt: skip
#: Scripts of several languages, the most frequent first: a text said to be in one of them is.
_OF_SEVERAL = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ku", "ckb", "ug", "sd"),
    "DEVANAGARI": ("hi", "mr", "ne", "sa"),
    "CJK": ("zh", "ja", "yue", "ko"),
}
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _short_words() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("function_words.toml").read_text(encoding="utf-8")
    return {language: frozenset(words.split()) for language, words in tomllib.loads(text).items()}


def prevailing_language(text: str, said: str) -> str | None:
    """The language of a text, where that is another than the one it is said to be in; None where nothing says so.

    >>> prevailing_language("Der Verein wurde im Jahr 1890 von der Gilde und den Fischern gegründet.", "en-US")
    'de'
    """
    middle = len(text) // 2
    sample = text[:_SAMPLE] + text[max(middle, _SAMPLE) :][:_SAMPLE]
    own = {"no": "nb", "nn": "nb"}.get(primary := said.casefold().split("-")[0], primary)
    scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in sample[:2000] if letter.isalpha())
    if not scripts:
        return None
    script, most = scripts.most_common(1)[0]
    kana = sum(scripts[name] for name in ("HIRAGANA", "KATAKANA"))
    if kana >= 0.1 * scripts.total():
        script = "HIRAGANA"
    elif most < 0.6 * scripts.total():
        return None
    if script in _OF_SCRIPT:
        found = _OF_SCRIPT[script]
        return found if found != own else None
    if script in _OF_SEVERAL:
        return None if own in _OF_SEVERAL[script] else _OF_SEVERAL[script][0]
    return _by_words(sample, own)


def _by_words(sample: str, own: str) -> str | None:
    words = [word.casefold() for word in _WORD.findall(sample)]
    counts = {language: sum(word in short for word in words) for language, short in _short_words().items()}
    best, count = max(counts.items(), key=lambda one: one[1])
    # of a language without a list nothing is known, and its sister's words may be its own
    if own not in counts or count < max(_LEAST, _SHARE * len(words)) or count < _LEAD * counts[own]:
        return None
    return best


def language_of(extraction: Extraction, given: str | None, default: str) -> tuple[str, str | None]:
    """The language of a document, and a note where its words are of another than it is said to be in.

    What is `given` by somebody stands; what the file says of itself, or the project's `default`, gives way to what the
    words say.
    """
    said = given or extraction.language or default
    found = prevailing_language(extraction.text, said)
    if found is None:
        return said, None
    if given:
        return given, f"the words are not {given}: they seem to be {found} (--language {found})."
    who = "the file says that it is" if extraction.language else "the project is"
    return (
        found,
        f"{who} in {said}, and the words are {found}: that is its language (--language {said}, if they are not).",
    )
