"""Patterns are XPath's: both dialects that they are written in match the same texts, and what XPath lacks is named."""

import re

import pyoxigraph as ox
import pytest

from isoc_kg.query.regular_expressions import PatternError, read_pattern

STORE = ox.Store()
#: Pattern, flags, texts that match, texts that do not.
MATCHES = [
    (r"^\p{Lu}\p{L}*$", "", ["Étagère", "A"], ["étagère", "A1"]),
    (r"^\P{L}+$", "", ["12-"], ["1a"]),
    (r"^\p{IsGreek}+$", "", ["αβγ"], ["abc"]),
    (r"^\P{IsBasicLatin}$", "", ["é"], ["e"]),
    (r"^\p{IsLatin-1Supplement}$", "", ["é"], ["ā"]),
    (r"^\i\c*$", "", ["a-b.1", ":x", "_", "é·"], ["1a", "-a", "a b"]),
    (r"^[\I\C]$", "", ["!"], ["a"]),
    (r"^[a-z-[aeiou]]+$", "", ["bcd"], ["bad", "B"]),
    (r"^[^a-z-[A]]$", "", ["B", "1"], ["A", "b"]),
    (r"^[\p{L}-[\p{Lu}x]]$", "", ["y", "é"], ["x", "Y"]),
    (r"^\w+$", "", ["aé1", "a+b"], ["a_b", "a-b", "a b"]),
    (r"^\s$", "", [" ", "\n"], ["\u00a0"]),
    (r"^\d$", "", ["3", "٣"], ["³"]),
    (r"^a.c$", "", ["abc"], ["a\nc"]),
    (r"^a.c$", "s", ["abc", "a\nc"], ["ac"]),
    (r"a$", "", ["ba"], ["a\n"]),
    (r"^b$", "m", ["a\nb\nc", "b"], ["ab"]),
    (r"^$", "m", ["a\n\nb", ""], ["a\n"]),
    (r" a b [ ]$", "x", ["ab "], ["a b ", "ab"]),
    (r"a.b*", "q", ["a.b*"], ["axb"]),
    (r"a.B", "qi", ["A.b"], ["axb"]),
    (r"^abc$", "i", ["ABC"], ["abd"]),
    (r"^\p{Lu}$", "i", ["A"], ["a"]),
    (r"^[\p{Lu}x]$", "i", ["X", "x", "A"], ["a"]),
    (r"^[^\p{Lu}x]$", "i", ["a"], ["X", "x", "A"]),
    (r"^[^a]$", "i", ["b"], ["a", "A"]),
    (r"^[b-y]$", "i", ["C"], ["a"]),
    (r"^(a|b)\1$", "", ["aa", "bb"], ["ab"]),
    (r"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10$", "", ["abcdefghijj"], ["abcdefghija0"]),
    (r"^(?:ab){2}?$", "", ["abab"], ["ab"]),
    (r"^a{2,3}$", "", ["aa", "aaa"], ["a", "aaaa"]),
    (r"^[\w-.]+$", "", ["a.-"], ["a b"]),
    (r"^[-a]|[b-]$", "", ["-", "b"], ["c"]),
    (r"^\-\^\[\]\{\}\(\)\.\?\*\+\\\|\$$", "", ["-^[]{}().?*+\\|$"], ["-"]),
    ("", "", ["", "a"], []),
    ("^(|a)$", "", ["", "a"], ["b"]),
]


@pytest.mark.parametrize(("pattern", "flags", "matching", "others"), MATCHES)
def test_both_dialects(pattern: str, flags: str, matching: list[str], others: list[str]) -> None:
    """Python's `re`, and the crate that the fast engine and the embedded store match with."""
    read = read_pattern(pattern, flags)
    for text in (*matching, *others):
        expected = text in matching
        assert (re.search(read.to_python(), text) is not None) == expected, text
        if not read.looks_back:
            arguments = ", ".join(str(ox.Literal(part)) for part in (text, read.to_rust()))
            (found,) = STORE.query(f"SELECT (REGEX({arguments}) AS ?found) WHERE {{ }}")  # type: ignore[misc]
            assert found[0] is not None
            assert (found[0].value == "true") == expected, text


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("a{,3}", "“{,3}” is no quantifier"),
        (r"\Aa", r"“\A”"),
        (r"\bword\b", r"“\b”"),
        (r"a\z", r"“\z”"),
        ("a(?=b)", "no looking ahead"),
        ("a(?!b)", "no looking ahead"),
        ("(?<=a)b", "no looking ahead or behind"),
        ("(?P<name>a)", "name"),
        ("(?i)a", "flags"),
        ("a**", "behind a quantifier"),
        ("a++", "behind a quantifier"),
        ("*a", "nothing to repeat"),
        ("(a", "not closed"),
        ("a)", "not opened"),
        ("[a", "ends within"),
        ("[]", "empty"),
        ("a]", "“]”"),
        ("a{", "“{”"),
        ("[z-a]", "ends before it begins"),
        ("a{3,2}", "least is more"),
        (r"\p{Foo}", "category “Foo”"),
        (r"\p{IsFoo}", "block “Foo”"),
        (r"\pL", "category or a block"),
        (r"(a\1)", "refers to no group"),
        (r"\x41", r"“\x”"),
        (r"https?:\/\/", "“/” needs no backslash"),
        ("[[:alpha:]]", "“[” in a character class"),
        ("(a{1000}){1000}", "more than 20,000"),
        ("(" * 5000, "nested more than 100"),
    ],
)
def test_what_xpath_does_not_have(pattern: str, named: str) -> None:
    """It is refused by name, whatever an engine would make of it."""
    with pytest.raises(PatternError, match=re.escape(named)):
        read_pattern(pattern)


def test_flags() -> None:
    """There are five."""
    with pytest.raises(PatternError, match="“g”"):
        read_pattern("a", "ig")
