"""What is read from the tokens of a query: the engine's complaint with its place, other forms of the query."""

import re

from ..errors import QueryError
from .tokens import PROLOGUE, Token, check_text, error_at, tokens

__all__ = ["Token", "check_text", "engine_error", "error_at", "form", "pattern_start", "select_all", "tokens"]


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


def form(found: list[Token]) -> str | None:
    """SELECT, ASK, CONSTRUCT, DESCRIBE: the word after the prologue, in capitals."""
    passed = False  # a prefix may be named like a form
    for token in found:
        word = token.text.upper() if token.kind == "word" else ""
        if word in PROLOGUE:
            passed = True
        elif passed:
            passed = token.kind not in ("iri", "string")
        elif word:
            return word
    return None


def select_all(text: str, found: list[Token]) -> str | None:
    """The query with all its variables selected; None where that would make another query of it.

    Grouping and expressions in the projection make rows that no single match stands behind.
    """
    words = [token.text.upper() for token in found if token.kind == "word"]
    if "GROUP" in words or "HAVING" in words:
        return None
    start = next((token for token in found if token.kind == "word" and token.text.upper() == "SELECT"), None)
    if start is None:
        return None
    for token in found[found.index(start) + 1 :]:
        if token.text == "(":
            return None
        if token.text == "{" or (token.kind == "word" and token.text.upper() in ("WHERE", "FROM")):
            return f"{text[: start.start]}SELECT * {text[token.start :]}"
    return None


def pattern_start(found: list[Token]) -> int | None:
    """Where the outermost group pattern begins, just behind its brace; None when there is none."""
    depth = 0
    template = False
    for token in found:
        if token.kind == "word" and token.text.upper() == "CONSTRUCT":
            template = True
        elif token.kind == "word" and token.text.upper() == "WHERE" and depth == 0:
            template = False
        elif token.text == "{" and token.kind == "operator":
            if not template and depth == 0:
                return token.start + 1
            depth += 1
        elif token.text == "}" and token.kind == "operator":
            depth -= 1
            template = False
    return None
