"""Which texts are absolute IRIs: those that RDF allows, whether or not a terminal shows their characters."""

import random

import pyoxigraph as ox
import pytest

from isoc_kg.iris import is_absolute, is_language_tag

#: On both sides of each border of RFC 3987's character classes.
_BORDERS = (
    *range(0x180), 0xAD, 0x2028, 0x202E, 0xD7FF, 0xE000, 0xF8FF, 0xF900, 0xFDCF, 0xFDD0, 0xFDEF, 0xFDF0, 0xFFEF, 0xFFF0,
    0xFFFF, 0x10000, 0x1FFFD, 0x1FFFE, 0xE0000, 0xE0FFF, 0xE1000, 0xEFFFD, 0xF0000, 0xFFFFD, 0x10FFFD, 0x10FFFE,
)  # fmt: skip


@pytest.mark.parametrize("start", ["https://e.org/a", "https://e.org/?a", "https://e.org/#a", "urn:a"])
def test_characters(start: str) -> None:
    """As the engine says it."""

    def is_named(text: str) -> bool:
        try:
            ox.NamedNode(text)
        except ValueError:
            return False
        return True

    texts = [start + chr(code) for code in _BORDERS]
    assert [is_absolute(text) for text in texts] == [is_named(text) for text in texts]


def test_forms() -> None:
    """A scheme, and something behind it."""
    for text in ("mailto:a@e.org", "urn:x:%41", "https://[::1]/a", "a:b#c", "https://e.org"):
        assert is_absolute(text), text
    for text in ("", "a", "a:", "1a:b", "é:b", "//e.org/", "a:%zz", "a:b#c#d", "a:b\n", "https://e.org/[a]"):
        assert not is_absolute(text), text


def test_language_tags() -> None:
    """Those that the engine takes, and no others: what passes here is written as a literal's tag later."""
    parts = ("x", "i", "en", "de", "US", "C", "1", "419", "Latn", "u", "a", "1996", "valencia", "abc", "abcdefghi", "ſ")
    choice = random.Random(5)

    def is_taken(tag: str) -> bool:
        try:
            ox.Literal("", language=tag)
        except ValueError:
            return False
        return True

    for _ in range(5_000):
        tag = "-".join(choice.choice(parts) for _ in range(choice.randint(1, 5)))
        assert is_language_tag(tag) == is_taken(tag), tag
