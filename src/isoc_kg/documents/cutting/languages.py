"""What full stops mean in a language: abbreviations, ordinals, and words that open sentences."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

__all__ = ["StopWords", "all_greetings", "all_months", "all_sections", "stop_words"]


@dataclass(frozen=True, slots=True)
class StopWords:
    """The lists of `languages.toml`, which says what each is, for one language."""

    never: frozenset[str] = frozenset()
    before_number: frozenset[str] = frozenset()
    may_end: frozenset[str] = frozenset()
    often_ends: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    ordinal_after: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    fronts: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    greetings: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))


@cache
def stop_words(language: str) -> StopWords:
    """The lists for a language tag; of a language that has none, those that count in every one."""
    table = _table()
    tag = language.casefold().split("-")[0]
    own = table.get({"no": "nb", "nn": "nb"}.get(tag, tag), {})

    def both(name: str) -> Collection[str]:
        return {*table["all"].get(name, ()), *own.get(name, ())}

    return StopWords(**{item.name: frozenset(both(item.name)) for item in fields(StopWords)})


@cache
def all_months() -> frozenset[str]:
    """The months of all languages that write a day's number with a full stop."""
    return frozenset(month for lists in _table().values() for month in lists.get("months", ()))


@cache
def all_sections() -> frozenset[str]:
    """The words before a number that together name a part of a text, in all languages."""
    return frozenset(word for lists in _table().values() for word in lists.get("sections", ()))


@cache
def all_greetings() -> frozenset[str]:
    """The first words of letters, in all languages."""
    return frozenset(word for lists in _table().values() for word in lists.get("greetings", ()))
