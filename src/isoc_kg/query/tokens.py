"""The tokens of SPARQL and Turtle texts, and errors that show their position with a caret."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import QueryError

__all__ = ["NAMES", "PROLOGUE", "TERMS", "Token", "abridged", "covers", "engine_error", "error_at", "tokens"]

#: Tokens of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, as coarse as the checks need them.
_TOKEN = re.compile(
    r"(?P<comment>\#[^\n\r]*)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)"
    r"|(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<blank>_:\w(?:[\w.\-]*[\w\-])?)"
    r"|(?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
    r"(?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]))?)?)"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+))"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<operator>\|\||&&|\^\^|[!<>]=|[{}()\[\].;,*/+\-|^!?=<>])",
    re.DOTALL,
)
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
    """The tokens of a SPARQL or Turtle text, comments left out; characters that begin none are passed over."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "", match[0], match.start())


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


def engine_error(text: str, error: Exception, file: str | None = None) -> QueryError:
    """The engine's complaint about a text, with the spot shown."""
    match = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not match:
        return QueryError(f"{error}.", file=file)
    line, column, message = int(match[1]), int(match[2]), match[3]
    lines = text.split("\n")
    start = sum(len(part) + 1 for part in lines[: line - 1]) + column - 1
    message = message.replace("[_]", "the end").replace("expected one of", "here was expected one of")
    return error_at(text, min(start, len(text)), message.removesuffix(".") + ".", None, file)
