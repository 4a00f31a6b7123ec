"""The tokens of SPARQL and Turtle texts, and errors that show their position with a caret."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import QueryError
from ..lazy_patterns import lazy_pattern

__all__ = ["NAMES", "PROLOGUE", "TERMS", "Token", "abridged", "covers", "error_at", "tokens"]

#: Tokens of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, as coarse as the checks need them. Nothing that was
#: taken is given back (`++`, `*+`) but full stops at the end, so that no part of a text is read again and again.
_LOCAL = (
    r"(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
    r"(?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]))?)?"
)
_TOKENS = (
    r"(?P<comment>\#[^\n\r]*+)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)"
    r"|(?P<quote>[\"'])"
    r"|(?P<variable>[?$]\w++)"
    r"|(?P<blank>_:\w(?:[\w.\-]*[\w\-])?)"
    r"|(?P<name>PREFIX:" + _LOCAL + r")"
    r"|(?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)"
    r"|(?P<number>[+-]?(?:(?:\d++(?:\.\d*+)?|\.\d++)[eE][+-]?\d++|\d*+\.\d++|\d++))"
    r"|(?P<word>[A-Za-z_]\w*+)"
    r"|(?P<operator>\|\||&&|\^\^|[!<>]=|[{}()\[\].;,*/+\-|^!?=<>])"
    r"|(?P<letter>[^\W\d_])"  # that begins none of these
)
_TOKEN = lazy_pattern(_TOKENS.replace("PREFIX", r"(?:[^\W\d_][\w.\-]*+(?<!\.))?"))
#: The same where letters, digits, full stops and hyphens are known to be no prefix.
_TOKEN_IN_RUN = lazy_pattern(_TOKENS.replace("PREFIX", ""))
_RUN = re.compile(r"[\w.\-]*+")
#: By the mark that they begin with; the group of a short one is the mark that closes it, or empty.
_LONG_STRINGS = {
    mark: re.compile(rf"{mark}{{3}}(?:[^{mark}\\]++|\\.|{mark}(?!{mark * 2}))*+{mark}{{3}}", re.DOTALL)
    for mark in "\"'"
}
_SHORT_STRINGS = {mark: re.compile(rf"{mark}(?:[^{mark}\\\n\r]++|\\.)*+({mark}?)", re.DOTALL) for mark in "\"'"}
#: The words before which a query's form does not stand (https://www.w3.org/TR/sparql12-query/#rPrologue).
PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
#: The kinds of tokens that are a variable or an IRI.
NAMES = frozenset({"variable", "iri", "name"})
#: The kinds of tokens that are, or begin, a term.
TERMS = frozenset({"iri", "string", "variable", "blank", "name", "number"})
_MENTION = 100  # characters of a query's part that a note names


def abridged(text: str) -> str:
    """A part of a query as notes name it: its start, where it is long."""
    return text if len(text) <= _MENTION else f"{text[:_MENTION]}…"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it begins."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where what follows it begins."""
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """A keyword, or what looks like one, in capitals; empty for tokens of other kinds."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a SPARQL or Turtle text, comments left out; characters that begin none are passed over.

    Takes time in proportion to the text's length, whatever it is.
    """
    strings = _Strings(text)
    run_end = at = 0
    while match := (_TOKEN_IN_RUN if at < run_end else _TOKEN).search(text, at):
        kind, start, at = match.lastgroup, match.start(), match.end()
        if kind == "quote":
            if end := strings.end(start):
                yield Token("string", text[start:end], start)
                at = end
            continue
        if kind in ("word", "letter") and start >= run_end and text[start] != "_":
            run_end = _RUN.match(text, at).end()  # type: ignore[union-attr] # up to there, no prefix begins either
        if kind not in ("comment", "letter"):
            yield Token(kind or "", match[0], start)


class _Strings:
    """Where the strings of a text end.

    What begins within a string that is never closed, which is at an escaped quotation mark, is never closed either: it
    reads on as that one did.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._long = {'"': True, "'": True}  # whether one that begins later may be closed
        self._open = {'"': 0, "'": 0}  # up to where no short one is

    def end(self, start: int) -> int:
        """The end of the string that begins at a quotation mark; 0 where none does."""
        mark = self._text[start]
        if self._long[mark] and self._text.startswith(mark * 3, start):
            if match := _LONG_STRINGS[mark].match(self._text, start):
                return match.end()
            self._long[mark] = False
        if start < self._open[mark]:
            return 0
        match = _SHORT_STRINGS[mark].match(self._text, start)
        assert match is not None
        if match[1]:
            return match.end()
        self._open[mark] = match.end()
        return 0


def covers(text: str, parts: Sequence[Token], start: int = 0, end: int | None = None) -> bool:
    """Whether only white space and comments stand between the tokens of a part of a text: nothing was passed over."""
    for token in (*parts, Token("", "", len(text) if end is None else end)):
        if re.sub(r"#[^\n\r]*", "", text[start : token.start]).strip():
            return False
        start = token.end
    return True


def error_at(text: str, start: int, message: str, advice: str | None = None, file: str | None = None) -> QueryError:
    """A `QueryError` whose excerpt shows the line with a caret under the spot."""
    line = text.count("\n", 0, start) + 1
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    shown = text[begin : end if end >= 0 else len(text)].replace("\t", " ")
    column = start - begin
    offset = max(0, column - 100)
    excerpt = f"{shown[offset : offset + 160]}\n{' ' * (column - offset)}^"
    return QueryError(message, file=file, line=line, column=column + 1, excerpt=excerpt, advice=advice)
