"""The form of a query, what it names, and other queries that are made of its parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

import pyoxigraph as ox

from ..rdf.lines import literal
from .tokens import PROLOGUE, Token, covers

__all__ = [
    "AGGREGATES", "FORMS", "Widened",
    "calls_aggregate", "closing", "declared_prefixes", "form", "is_ordered", "name_iri",
    "named_terms", "names_dataset", "pattern_start", "prologue_end", "prologue_length", "token_iri", "token_literal",
    "widened",
]  # fmt: skip

#: The forms of queries (https://www.w3.org/TR/sparql11-query/#QueryForms).
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_BRACKETS = {"{": "}", "(": ")", "[": "]"}


def form(query: Sequence[Token]) -> str | None:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; None for what is no query."""
    word = next((token.word for token in query[prologue_length(query) :] if token.word), "")
    return word if word in FORMS else None


def prologue_end(text: str, query: Sequence[Token]) -> int:
    """Where the query itself begins, behind its prologue."""
    position = prologue_length(query)
    return query[position].start if position < len(query) else len(text)


def prologue_length(query: Sequence[Token]) -> int:
    """How many tokens the prologue has. A prefix may be named like a form."""
    position = 0
    while position < len(query) and query[position].word in PROLOGUE:
        position += 1
        while position < len(query) and query[position - 1].kind not in ("iri", "string"):
            position += 1
    return position


def declared_prefixes(query: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares itself."""
    return {
        name.text.partition(":")[0]: value.text[1:-1]
        for word, name, value in zip(query, query[1:], query[2:], strict=False)
        if word.word == "PREFIX" and value.kind == "iri"
    }


def names_dataset(query: Iterable[Token]) -> bool:
    """Whether a query has a FROM clause (https://www.w3.org/TR/sparql11-query/#specifyingDataset)."""
    return any(token.word == "FROM" for token in query)


def is_ordered(query: Iterable[Token]) -> bool:
    """Whether a query has an ORDER BY clause: without one the order of its solutions means nothing."""
    return any(token.word == "ORDER" for token in query)


def calls_aggregate(query: Sequence[Token]) -> bool:
    """Whether an aggregate is computed somewhere in the tokens."""
    return any(token.word in AGGREGATES and after.text == "(" for token, after in pairwise(query))


def closing(query: Sequence[Token], opening: int) -> int | None:
    """The number of the token that closes the bracket with the number `opening`; None where none does."""
    depth = 0
    for number in range(opening, len(query)):
        depth += _nesting(query[number])
        if not depth:
            return number if query[number].text == _BRACKETS[query[opening].text] else None
    return None


def _nesting(token: Token) -> int:
    """1 for a bracket that opens, -1 for one that closes."""
    if token.kind != "operator":
        return 0
    return (token.text in _BRACKETS) - (token.text in _BRACKETS.values())


def _outermost(query: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Number and token of what stands in no bracket, the opening brackets included."""
    depth = 0
    for number, token in enumerate(query):
        nesting = _nesting(token)
        if depth == 0:
            yield number, token
        depth += nesting


def _pattern(query: Sequence[Token]) -> int | None:
    """The number of the brace that opens the outermost group pattern, no CONSTRUCT query's template."""
    template = False
    for number, token in _outermost(query):
        if token.text == "{" and token.kind == "operator":
            if not template:
                return number
            template = False
        template = token.word == "CONSTRUCT" or (template and token.word != "WHERE")
    return None


def pattern_start(query: Sequence[Token]) -> int | None:
    """Where the outermost group pattern begins, just behind its brace; None when there is none."""
    opening = _pattern(query)
    return None if opening is None else query[opening].end


def name_iri(name: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a prefixed name as SPARQL writes it, an unknown prefix left out."""
    prefix, _, local = name.partition(":")
    parts = local.split("\\")  # each escape stands for the character behind it
    return prefixes.get(prefix, "") + "".join(parts)


def named_terms(query: Sequence[Token], prefixes: Mapping[str, str], base: str = "") -> frozenset[str]:
    """The IRIs and the literals in quotes that a query names, as N-Triples tokens."""
    start = prologue_length(query)
    for word, value in pairwise(query[:start]):
        if word.word == "BASE":
            base = urljoin(base, value.text[1:-1])
    namespaces = {name: _absolute(iri, base) for name, iri in declared_prefixes(query[:start]).items()}
    declared = dict(prefixes) | namespaces
    terms = set()
    for number, token in enumerate(query[start:], start):
        if token.kind in ("iri", "name"):
            terms.add(f"<{token_iri(token, declared, base)}>")
        elif token.kind == "string":
            with suppress(ValueError):
                terms.add(str(token_literal(token, query[number + 1 : number + 3], declared, base)))
    return frozenset(terms)


def token_iri(token: Token, prefixes: Mapping[str, str], base: str) -> str:
    """The absolute IRI of a token of kind `iri` or `name`."""
    return name_iri(token.text, prefixes) if token.kind == "name" else _absolute(token.text[1:-1], base)


def _absolute(iri: str, base: str) -> str:
    scheme, colon, _ = iri.partition(":")
    if colon and not {"/", "?", "#"}.intersection(scheme):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")  # which urljoin leaves out


def token_literal(string: Token, behind: Sequence[Token], prefixes: Mapping[str, str], base: str) -> ox.Literal:
    """The literal of a string and the tokens behind it, its language or datatype among them."""
    quotes = 3 if string.text[:3] in ('"""', "'''") else 1
    value = literal(f'"{string.text[quotes:-quotes]}"'.encode())[0]
    if behind and behind[0].kind == "tag":
        return ox.Literal(value, language=behind[0].text[1:])
    if len(behind) > 1 and behind[0].text == "^^" and behind[1].kind in ("iri", "name"):
        return ox.Literal(value, datatype=ox.NamedNode(token_iri(behind[1], prefixes, base)))
    return ox.Literal(value)


@dataclass(frozen=True, slots=True)
class Widened:
    """A SELECT query that selects every variable of the pattern of another one."""

    text: str
    variables: tuple[str, ...]  #: what the other one selects
    whole: bool  #: whether its solutions, without the other variables, are those of the other one
    distinct: bool  #: whether they are so once repeated ones are left out


def widened(text: str, query: Sequence[Token]) -> Widened | None:
    """A SELECT query with all its variables selected; None where that finds nothing else or would be another query.

    Grouping and expressions in the projection make rows that no single match stands behind. Where rows are left out
    after repeated ones are (DISTINCT or REDUCED with LIMIT or OFFSET), every match is asked for: how many of them make
    up the rows that are left is not known before.
    """
    select, opening = prologue_length(query), _pattern(query)
    end = None if opening is None else closing(query, opening)
    if opening is None or end is None or query[select].word != "SELECT":
        return None
    clauses = next(
        number for number in range(select + 1, opening + 1)
        if number == opening or query[number].word in ("WHERE", "FROM")
    )  # fmt: skip
    head = query[select + 1 : clauses]
    repeats = head[0].word if head else ""
    selected = head[1:] if repeats in ("DISTINCT", "REDUCED") else head
    variables = tuple(dict.fromkeys(token.text[1:] for token in selected if token.kind == "variable"))
    if (
        not variables
        or len(variables) < len(selected)
        or not covers(text, head, query[select].end, query[clauses].start)
    ):
        return None
    modifiers = query[end + 1 :]
    outermost = {token.word: token for _, token in _outermost(modifiers)}
    if outermost.keys() & {"GROUP", "HAVING"} or calls_aggregate(modifiers):
        return None
    whole = not repeats or (repeats == "DISTINCT" and not outermost.keys() & {"LIMIT", "OFFSET"})
    rest = text[query[clauses].start :]
    if not whole:
        values = outermost.get("VALUES")
        rest = text[query[clauses].start : query[end].end] + (f" {text[values.start :]}" if values else "")
    return Widened(f"{text[: query[select].start]}SELECT * {rest}", variables, whole, repeats == "DISTINCT")
