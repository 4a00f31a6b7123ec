"""Why an entry is found; the page scripts (`web/src/reason.ts`) give the same reasons."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .entries import Entry, SearchStatement
from .range_kinds import DATE, PLACE
from .search_words import Inflection, fold_name, is_run, joined_words, query_words, words_of

__all__ = ["Reason", "as_written", "reason"]

_WORD = re.compile(r"\w+")

_TAIL_FROM = 4  #: letters
_SNIPPET = 160  #: characters of a text, about


@dataclass(frozen=True, slots=True)
class Reason:
    """What of an entry has the words of a question, apart from its label."""

    kind: str  #: `name`, `statement`, `text`, `keyword`, or empty where the label has them or nothing shown does
    text: str = ""
    statement: SearchStatement | None = None


def reason(entry: Entry, question: str, meant: Mapping[str, Sequence[str]], inflection: Inflection) -> Reason:
    """The best of what has words of a question: label, another name, a statement, a text, a keyword."""
    kind = inflection.asked(question)
    words = query_words(question, inflection.stop)
    sought = [(word, *meant.get(word, ())) for word in words]
    whole = fold_name(question)
    if whole and (named := [n for n in entry.names if fold_name(n) == whole]) and fold_name(entry.label) != whole:
        return Reason("name", named[0])
    # what its name shows needs no reason
    sought = [of_one for of_one in sought if not _count(f"{entry.label} {entry.acronym}", [of_one], inflection)]
    if not sought:
        # its name alone does not answer when and where
        answers = (one for one in entry.statements if one.asks == kind) if kind in (DATE, PLACE) else iter(())
        return next((Reason("statement", one.text, one) for one in answers), Reason(""))
    texts = [*([entry.text] if entry.text else []), *entry.more]
    candidates = [
        *(Reason("name", name) for name in entry.names),
        *(Reason("statement", statement.text, statement) for statement in entry.statements),
        *(Reason("text", text) for text in texts),
        *(Reason("keyword", keyword) for keyword in entry.keywords),
    ]
    best, most = Reason(""), 0
    for candidate in candidates:
        property_ = f" {candidate.statement.property}" if candidate.statement else ""
        text = candidate.text + property_
        number = 2 * _count(text, sought, inflection)
        if kind and candidate.statement and candidate.statement.asks == kind:
            number = max(number, 2 * _count_roots(text, sought, inflection))
            number += 1 if number else 0
        if number > most:
            best, most = candidate, number
    return Reason("text", snippet(best.text, sought, inflection)) if best.kind == "text" else best


def as_written(word: str, entries: Iterable[Entry]) -> str:
    """A folded word as the first of the entries that has it writes it; as it is where none shows it."""
    for entry in entries:
        statements = (statement.text for statement in entry.statements)
        for text in (entry.label, *entry.names, *statements, entry.text, *entry.more):
            for part in _WORD.findall(text):
                if words_of(part) == (word,):
                    return str(part)
    return word


def _count(text: str, sought: Sequence[Sequence[str]], inflection: Inflection) -> int:
    """How many of the words, each with others in its place, a text has."""
    words = (*words_of(text), *joined_words(text))
    having = dict.fromkeys(form for word in words for form in inflection.forms(word))
    return sum(any(_has(having, word, inflection) for word in of_one) for of_one in sought)


def _count_roots(text: str, sought: Sequence[Sequence[str]], inflection: Inflection) -> int:
    """How many of the words, each with others in its place, a text has by their roots."""
    roots = set(map(inflection.root, words_of(text)))
    return sum(any(inflection.root(word) in roots for word in of_one) for of_one in sought)


def _has(having: Mapping[str, None], word: str, inflection: Inflection) -> bool:
    if is_run(word):
        return any(word in other for other in having)
    forms = inflection.forms(word)
    if any(
        other == form or (len(form) >= 2 and other.startswith(form)) or inflection.alike(other, form)
        for form in forms
        for other in having
    ):
        return True
    tail = inflection.tail(word) if len(word) >= _TAIL_FROM else ""
    return bool(tail) and any(inflection.tail(other).startswith(tail) for other in having)


def snippet(text: str, sought: Sequence[Sequence[str]], inflection: Inflection) -> str:
    """The part of a text that has most of the words, cut at spaces where there are any."""
    if len(text) <= _SNIPPET:
        return text
    starts = range(0, len(text) - _SNIPPET // 2, _SNIPPET // 4)
    start = max(starts, key=lambda at: (_count(text[at : at + _SNIPPET], sought, inflection), -at))
    if start and (space := text.find(" ", start, start + 20)) > 0:
        start = space + 1
    end = min(len(text), start + _SNIPPET)
    if end < len(text) and (space := text.rfind(" ", end - 20, end)) > 0:
        end = space
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
