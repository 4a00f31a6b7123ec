"""The tokens of a Turtle 1.2 text, comments among them (https://www.w3.org/TR/rdf12-turtle/#sec-grammar)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import ParseError
from ..lazy_patterns import lazy_pattern

__all__ = ["Lexeme", "lexemes"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = f"_{_BASE}0-9\u00b7\u0300-\u036f\u203f-\u2040-"  # PN_CHARS
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"  # PLX
_CODE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"  # UCHAR
_PREFIX = f"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?"
_LOCAL = f"(?:[_{_BASE}:0-9]|{_ESCAPED})(?:(?:[{_CHARS}.:]|{_ESCAPED})*(?:[{_CHARS}:]|{_ESCAPED}))?"
_TOKEN = lazy_pattern(
    r"(?P<white>[ \t\r\n]+)"
    r"|(?P<comment>\#[^\n\r]*)"
    r"|(?P<mark><<\(|\)>>|<<|>>|\{\||\|\}|\^\^|[\[\](){}.;,~])"
    rf"|(?P<iri><(?:[^<>\"{{}}|^`\\\x00-\x20]|{_CODE})*>)"
    r"|(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"[^\"\\\n\r]*(?:\\.[^\"\\\n\r]*)*\"|'[^'\\\n\r]*(?:\\.[^'\\\n\r]*)*')"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)"
    rf"|(?P<blank>_:[_{_BASE}0-9](?:[{_CHARS}.]*[{_CHARS}])?)"
    rf"|(?P<name>{_PREFIX}:(?:{_LOCAL})?)"
    r"|(?P<number>[+-]?(?:(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))"
    r"|(?P<word>[A-Za-z]+)",
    re.DOTALL,
)
#: A full stop between digits and a name's beginning belongs to a number, not to a mark.
_DECIMAL = lazy_pattern(r"\.[0-9]+(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token or a comment, and how it stands in the text."""

    kind: str  #: `mark`, `iri`, `string`, `tag`, `blank`, `name`, `number`, `word` or `comment`
    text: str  #: as it is written; a comment without the white space at its end
    line_start: bool  #: it is the first on its line
    after_blank: bool  #: one or more empty lines stand before it


def lexemes(text: str, name: str | None = None) -> Iterator[Lexeme]:
    """All tokens of a text that is Turtle, and its comments; nothing but white space is left out.

    Raises `ParseError`, with the line, for a character that begins no token.
    """
    at, breaks = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match and match["mark"] == "." and (decimal := _DECIMAL.match(text, at)):
            match = decimal
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise ParseError(f"no token of Turtle begins with “{text[at]}”.", file=name, line=line)
        kind = match.lastgroup or "number"
        if kind == "white":
            breaks = match[0].replace("\r\n", "\n").replace("\r", "\n").count("\n") + (at == 0)
        else:
            found = match[0].rstrip() if kind == "comment" else match[0]
            yield Lexeme(kind, found, breaks > 0, breaks > 1)
            breaks = 0
        at = match.end()
