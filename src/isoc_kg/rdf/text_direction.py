"""In which direction a text of a language is written: the one room that knows it, for pages and messages."""

from functools import lru_cache

__all__ = ["direction"]

#: Scripts written from right to left, by their codes (ISO 15924), and the languages that are written in one of them
#: when their tag names no script (`Suppress-Script` and common use; https://www.w3.org/International/questions/qa-scripts).
_SCRIPTS = frozenset(("adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"))
_LANGUAGES = frozenset(
    ("ar", "arc", "arz", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "ps", "rhg", "sd", "syr", "ug", "ur", "yi")
)


@lru_cache(1000)
def direction(tag: str) -> str:
    """`rtl` or `ltr`, what `dir` says of a text with that language tag (RFC 5646); a script in the tag decides.

    >>> [direction(tag) for tag in ("ar-EG", "he", "de", "az-Arab", "ar-Latn", "ar-x-Latn", "")]
    ['rtl', 'rtl', 'ltr', 'rtl', 'ltr', 'rtl', 'ltr']
    """
    primary, *rest = tag.lower().split("-")
    for part in rest:
        if len(part) == 1:  # what follows is an extension
            break
        if len(part) == 4 and part.isalpha():
            return "rtl" if part in _SCRIPTS else "ltr"
    return "rtl" if primary in _LANGUAGES else "ltr"
