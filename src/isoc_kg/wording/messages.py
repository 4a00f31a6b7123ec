"""What queries are told, on the command line and in pages: one text of ours, said in English or in another language."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Message", "either", "joined", "message", "our_texts"]

_PREFIX = "script_"  #: of the texts that page scripts have, too


@cache
def our_texts() -> Mapping[str, str]:
    """Our texts in English by key; a process that opens no files later asks for them before."""
    texts: dict[str, str] = tomllib.loads((Path(__file__).parent / "strings.toml").read_text(encoding="utf-8"))
    return texts


class Message(str):
    """A text in English that knows which of our texts it is made of.

    >>> str(message("hint_class", name="ex:House"))
    'nothing has the class ex:House.'
    """

    parts: tuple[tuple[str, Mapping[str, Any]], ...]  #: keys, without `script_`, and what they are filled in with

    def said(self, strings: Mapping[str, str]) -> str:
        """The same in the language of the strings, which are those of pages."""
        return " ".join(strings[_PREFIX + key].format_map(_filled(values, strings)) for key, values in self.parts)


def message(key: str, **values: Any) -> Message:
    """A text of ours, filled in; values that are messages are said in the same language as it."""
    return _of([(key, values)])


def joined(messages: Iterable[Message]) -> Message:
    """Sentences as one message."""
    return _of([part for one in messages for part in one.parts])


def either(names: Iterable[str]) -> str:
    """Names with “or” between them.

    >>> str(either(["rdf:type", "rdfs:label"]))
    'rdf:type or rdfs:label'
    """
    first, *others = names
    found: str = first
    for other in others:
        found = message("hint_or", first=found, other=other)
    return found


def _filled(values: Mapping[str, Any], strings: Mapping[str, str]) -> dict[str, Any]:
    from .strings import without_signs

    return {
        name: value.said(strings) if isinstance(value, Message) else without_signs(str(value))
        for name, value in values.items()
    }


def _of(parts: list[tuple[str, Mapping[str, Any]]]) -> Message:
    ours = our_texts()
    made = Message(" ".join(ours[_PREFIX + key].format_map(values) for key, values in parts))
    made.parts = tuple(parts)
    return made
