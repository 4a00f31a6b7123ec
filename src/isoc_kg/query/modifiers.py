"""What stands behind the pattern of a query: its modifiers, in their order."""

from collections.abc import Sequence
from typing import NamedTuple

from ..wording.messages import message
from .forms import closing, pattern_start
from .keywords import near_keywords
from .tokens import Token, abridged

__all__ = ["Misplaced", "misplaced_clause"]

#: In the order of https://www.w3.org/TR/sparql11-query/#rSolutionModifier; LIMIT and OFFSET may change places.
_RANKS = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}


class Misplaced(NamedTuple):
    """A token that is out of place, what is wrong there, and what may be meant."""

    token: Token
    message: str
    meant: Sequence[str] = ()


def misplaced_clause(query: Sequence[Token]) -> Misplaced | None:
    """What is wrong behind the pattern of a query: a word that begins no modifier, a wrong order; else None."""
    start = pattern_start(query)
    opening = next((number for number, token in enumerate(query) if token.end == start), None)
    end = None if opening is None else closing(query, opening)
    if end is None or end + 1 >= len(query):
        return None
    first = query[end + 1]
    if first.kind == "operator" and first.text in "})]":
        return None  # a bracket too many
    if first.word not in _RANKS:
        near = near_keywords(first.text, _RANKS) if first.word else []
        key = "wrong_word" if near else "wrong_trailing"
        return Misplaced(first, message(key, word=abridged(first.text)), near)
    before: Token | None = None
    depth = 0
    for token, following in zip(query[end + 1 :], [*query[end + 2 :], None], strict=True):
        if token.kind == "operator":
            depth += (token.text in "({[") - (token.text in ")}]")
        if depth or token.word not in _RANKS:
            continue
        if before and _RANKS[token.word] < _RANKS[before.word]:
            told = message("wrong_order", clause=_clause(token), other=_clause(before))
            return Misplaced(token, told)
        if token.word in ("GROUP", "ORDER") and (following is None or following.word != "BY"):
            return Misplaced(token, message("wrong_by", word=token.word))
        if token.word in ("LIMIT", "OFFSET") and (following is None or not following.text.isdigit()):
            return Misplaced(following or token, message("wrong_number", word=token.word))
        before = token
    return None


def _clause(token: Token) -> str:
    return f"{token.word} BY" if token.word in ("GROUP", "ORDER") else token.word
