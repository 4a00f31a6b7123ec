"""The engine's complaints about a query in plain words: what is missing or out of place, where, and what fits there."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ..errors import QueryError
from ..wording.messages import either, message
from .forms import FORMS, form, prologue_length
from .keywords import FUNCTIONS, IN_PATTERNS, KEYWORDS, near_keywords
from .modifiers import misplaced_clause
from .tokens import PROLOGUE, Token, abridged, error_at, tokens

__all__ = ["engine_error", "set_twice"]

_RANGES = re.compile(r"\['[^\]]*\]|\[_\]")  #: of characters, which help nobody
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[^,\s][^,]*')
_BRACKETS = {"}": "{", ")": "(", "]": "["}
_MOST = 4  #: signs that are named


class _Complaint(NamedTuple):
    start: int
    message: str
    advice: str | None = None


def engine_error(text: str, error: Exception, file: str | None = None) -> QueryError:
    """The engine's complaint about a text, with the spot shown."""
    match = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not match:
        return QueryError(f"{error}.", file=file)
    line, column, complaint = int(match[1]), int(match[2]), match[3]
    lines = text.split("\n")
    asked = list(tokens(text))
    last = asked[-1].end if asked else 0  # what is missing at the end is missing behind the last token
    start = min(sum(len(part) + 1 for part in lines[: line - 1]) + column - 1, last)
    signs = _signs(complaint)
    if said := _sentence(signs):
        found = _Complaint(start, f"{said}.")
    else:
        found = (
            _of_beginning(asked)
            or _of_words(text, asked, start, signs)
            or _of_binding(asked)
            or _of_signs(asked, start, signs)
        )
    return error_at(text, found.start, found.message, found.advice, file)


def _of_beginning(asked: Sequence[Token]) -> _Complaint | None:
    """Of a text that is no query."""
    if not asked:
        return _Complaint(0, message("wrong_no_query"), message("advice_no_query"))
    if form(asked) is not None:
        return None
    if first := _first_word(asked):
        near = near_keywords(first.text, FORMS | PROLOGUE) if first.word else []
        return _Complaint(first.start, message("wrong_form", word=abridged(first.text)), _meant(near))
    return _Complaint(asked[-1].end, message("wrong_prologue")) if prologue_length(asked) == len(asked) else None


def _of_words(text: str, asked: Sequence[Token], start: int, signs: Sequence[str]) -> _Complaint | None:
    """Of the first word that no query has, or that is out of place."""
    read = [token for token in asked if token.end <= start]
    unnamed = read[-1] if '":"' in signs and read and read[-1].word else None
    if unnamed and read[-2].text in ("{", "}", ".") and near_keywords(unnamed.text, IN_PATTERNS):
        unnamed = None
    words = KEYWORDS | FUNCTIONS
    word = next((token for token in asked if token.word and token.start <= start and token.word not in words), None)
    misplaced = misplaced_clause(asked)
    if misplaced and misplaced.token.start <= start and not (word and word.start < misplaced.token.start):
        return _Complaint(misplaced.token.start, misplaced.message, _meant(misplaced.meant))
    if word and word != unnamed:
        called = text[word.end :].lstrip()[:1] == "("
        near = near_keywords(word.text, FUNCTIONS | IN_PATTERNS if called else KEYWORDS)
        return _Complaint(word.start, message("wrong_word", word=abridged(word.text)), _meant(near))
    if unnamed and unnamed.word not in ("A", "TRUE", "FALSE", "UNDEF"):
        return _Complaint(unnamed.start, message("wrong_no_prefix", name=abridged(unnamed.text)))
    return None


def _of_binding(asked: Sequence[Token]) -> _Complaint | None:
    """Of a variable that BIND sets though it has a value, where brackets are as they should be."""
    token = None if _unmatched(asked) else set_twice(asked)
    if token is None:
        return None
    return _Complaint(token.start, message("wrong_set", name=token.text), message("advice_set"))


def set_twice(asked: Iterable[Token], given: Collection[str] = ()) -> Token | None:
    """The first variable that BIND sets though its group has used it before, or it is given (names without `?`)."""
    groups: list[set[str]] = [set()]
    binding = False
    before = ""
    for token in asked:
        if token.text == "{":
            groups.append(set())
        elif token.text == "}" and len(groups) > 1:
            used = groups.pop()
            groups[-1] |= used
        elif token.kind == "variable":
            name = token.text[1:]
            if binding and before == "AS":
                binding = False
                if name in groups[-1] or (name in given and len(groups) == 2):  # where parameters are bound
                    return token
            groups[-1].add(name)
        binding = binding or token.word == "BIND"
        before = token.word
    return None


def _of_signs(asked: Sequence[Token], start: int, signs: Sequence[str]) -> _Complaint:
    """Of what is missing or too much, as the engine lists what it expects."""
    following = next((token for token in asked if token.end > start), None)
    expected = _expected(signs)
    fits = message("wrong_missing", word=abridged(following.text), fits=expected) if following and expected else None
    if expected == "“{”" and fits:
        return _Complaint(start, fits)
    if unmatched := _unmatched(asked):
        closing = {opening: mark for mark, opening in _BRACKETS.items()}.get(unmatched.text)
        if closing:
            return _Complaint(unmatched.start, message("wrong_open", sign=unmatched.text, closing=closing))
        return _Complaint(unmatched.start, message("wrong_close", sign=unmatched.text))
    if '"\\\\"' in signs or '"\\\\u"' in signs:
        return _Complaint(start, message("wrong_text"))
    if expected:
        return _Complaint(start, fits or message("wrong_missing_end", fits=expected))
    if not following:
        return _Complaint(start, message("wrong_end"))
    # a keyword is looked for in as many characters as it has, and the place is behind these
    begins = {start - len(sign) for sign in signs if sign.isupper()}
    place = next((token for token in reversed(asked) if token.start in begins), following)
    return _Complaint(place.start, message("wrong_place", word=abridged(place.text)))


def _meant(names: Sequence[str]) -> str | None:
    return message("hint_meant", names=either(names)) if names else None


def _signs(complaint: str) -> list[str]:
    """What the engine lists as expected, as it writes it; ranges of characters left out."""
    listed = re.sub(r"^expected (?:one of )?", "", _RANGES.sub("", complaint))
    return [sign.strip() for sign in _SIGN.findall(listed) if sign.strip(" ,.")]


def _sentence(signs: Iterable[str]) -> str:
    """What the engine says in words of its own, among the signs."""
    said = [sign for sign in signs if not sign.startswith('"') and len(sign.split()) > 2]
    return said[0][:1].lower() + said[0][1:] if said else ""


def _expected(signs: Sequence[str]) -> str | None:
    """What fits, in names a person knows; None where the engine's list tells nothing."""
    bare = {sign[1:-1].replace('\\"', '"') for sign in signs if sign.startswith('"')}
    if "?" in bare:
        return message("wrong_fits_term" if bare & {"<", ":"} else "wrong_fits_variable")
    if "<" in bare:
        return message("wrong_fits_iri")
    marks = sorted(bare & {"{", "}", "(", ")", "]", ".", ";"}) if len(bare) <= _MOST else []
    return either([f"“{mark}”" for mark in marks]) if marks else None


def _unmatched(asked: Sequence[Token]) -> Token | None:
    """The first bracket that closes nothing, else the last that is never closed."""
    opened: list[Token] = []
    for token in asked:
        if token.kind != "operator":
            continue
        if token.text in "{([":
            opened.append(token)
        elif token.text in _BRACKETS:
            if not opened or opened[-1].text != _BRACKETS[token.text]:
                return opened[-1] if opened and any(one.text == _BRACKETS[token.text] for one in opened) else token
            opened.pop()
    return opened[-1] if opened else None


def _first_word(asked: Sequence[Token]) -> Token | None:
    """The first word after the prologue; None for a prologue that is not well formed."""
    at = 0
    while at < len(asked):
        word = asked[at].word
        if word == "PREFIX":
            if [token.kind for token in asked[at + 1 : at + 3]] != ["name", "iri"]:
                return None
            at += 3
        elif word in ("BASE", "VERSION"):
            at += 2
        else:
            return asked[at]
    return None
