"""Tokens: what the grammar says they are, and texts made to be slow."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import QueryError
from isoc_kg.limits import Limits
from isoc_kg.query.safety import check_text
from isoc_kg.query.tokens import tokens

#: The tokens as one expression, which is plain, and takes the square of a text's length.
PLAIN = re.compile(
    r"(?P<comment>#[^\n\r]*)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)"
    r"|(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<blank>_:\w(?:[\w.\-]*[\w\-])?)"
    r"|(?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
    r"(?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*"
    r"(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]))?)?)"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+))"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<operator>\|\||&&|\^\^|[!<>]=|[{}()\[\].;,*/+\-|^!?=<>])",
    re.DOTALL,
)
PARTS = [*"a1.-:'\"\\<>@_?%e+#\n éE٣", '"""', "'''", "SELECT", "x:a.b", "_:b.", "1.5e3", "\\u00e9", '\\"', "\\'", "%20"]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=16).map("".join))
def test_tokens_are_those_of_the_plain_expression(text: str) -> None:
    """Whatever stands beside what: strings that are not closed, prefixes that are none, numbers of all forms."""
    plain = [(m.lastgroup, m[0], m.start()) for m in PLAIN.finditer(text) if m.lastgroup != "comment"]
    assert [(token.kind, token.text, token.start) for token in tokens(text)] == plain


@pytest.mark.parametrize(
    "unit",
    ["1", "1.", "1e", "a.", "a-", "é.", "_.", "_:a.", "a:b.", "'\\", "\"\\", "\"-\\", "'''\\", "\"\"\"\\", "<a", "@a-",
     "?", "%", "\\u0"],
)  # fmt: skip
def test_no_text_takes_the_square_of_its_length(unit: str) -> None:
    """Each of 300,000 characters: with the square of that, this would take minutes for most of them."""
    text = unit * (300_000 // len(unit))
    assert sum(len(token.text) for token in tokens(text)) <= len(text)
    with suppress(QueryError):
        check_text(text, {}, Limits())
