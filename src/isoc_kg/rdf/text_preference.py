"""Which of several texts a reader gets: the one room that chooses by language, for names and descriptions alike.

First the reader's own language (that of the page, the project, the messages), then texts without a language or for all
of them (`mul`, as Wikidata has it), then English, then all others; within one language as it is written, then its
varieties (`en-GB` for `en`, `en` for `en-GB`).
"""

from functools import lru_cache

from .lines import literal

__all__ = ["ANY_LANGUAGE", "NO_LANGUAGE", "Preference", "is_visible", "language_rank", "preference"]

#: The least is the best: whether it is in the language or in none, the property's rank, the language's rank, the text.
Preference = tuple[int, int, int, str]
#: Tags of texts for readers of any language (ISO 639-2): several languages, no linguistic content, unknown.
ANY_LANGUAGE = frozenset({"mul", "zxx", "und"})
_OWN, _VARIETY, _NONE, _ENGLISH, _ENGLISH_VARIETY, _OTHER = range(6)
NO_LANGUAGE = _NONE  #: ranks up to this one are those of texts that are in the language, or in none


@lru_cache(1000)
def language_rank(tag: str | None, language: str) -> int:
    """How far a language tag (None for none) is from a language: 0 the same … 5 another, English apart.

    >>> [language_rank(tag, "de") for tag in ("de", "de-AT", None, "en", "en-GB", "fr")]
    [0, 1, 2, 3, 4, 5]
    """
    if not tag:
        return _NONE
    wanted, given = language.lower(), tag.partition("--")[0].lower()  # a base direction is no part of the tag
    primary = given.partition("-")[0]
    if primary == wanted.partition("-")[0]:
        return _OWN if given == wanted else _VARIETY
    if primary in ANY_LANGUAGE:
        return _NONE
    if primary == "en":
        return _ENGLISH if given == "en" else _ENGLISH_VARIETY
    return _OTHER


def preference(token: bytes, language: str, property_rank: int = 0) -> Preference:
    """By what a literal (token) is chosen before others, ties by code point.

    A text in the language, or in none, comes before one of a better property in another language.
    """
    text, tag, _ = literal(token)
    rank = language_rank(tag, language)
    band = 0 if rank <= NO_LANGUAGE else 1 if rank < _OTHER else 2
    return band, property_rank, rank, text


def is_visible(text: str) -> bool:
    r"""Whether a text has a character that is seen: no name is empty, or made of spaces and control characters.

    >>> [is_visible(text) for text in ("tea", " tea", "", " \n", "\u200b\u202e")]
    [True, True, False, False, False]
    """
    return text[:1].isalnum() or any(sign.isprintable() and not sign.isspace() for sign in text)
