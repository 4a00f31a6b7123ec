"""The form of a query, what it names, and other queries that are made of its parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

import pyoxigraph as ox

from ..namespaces import XSD
from ..rdf.lines import literal
from .tokens import PROLOGUE, Token, covers

__all__ = [
    "AGGREGATES", "FORMS", "MOST_MATCHES", "Widened",
    "calls_aggregate", "closing", "dataset_of", "declared_prefixes", "form", "is_computed", "is_ordered", "name_iri",
    "named_terms", "names_dataset", "namespaces", "pattern_start", "prologue_end", "prologue_length", "short_literal",
    "token_iri", "token_literal", "widened",
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


def dataset_of(query: Sequence[Token], prefixes: Mapping[str, str], base: str) -> tuple[list[str], list[str]]:
    """The graphs of the FROM clauses of a query, and those of its FROM NAMED clauses. Raises `ValueError`."""
    start = prologue_length(query)
    for before, token in pairwise(query[:start]):
        if before.word == "BASE" and token.kind == "iri":
            base = token_iri(token, {}, base)
    declared = {
        name: token_iri(Token("iri", f"<{iri}>", 0), {}, base) for name, iri in declared_prefixes(query[:start]).items()
    }
    default: list[str] = []
    named: list[str] = []
    for before, token, after in zip(query[start:], query[start + 1 :], query[start + 2 :], strict=False):
        if before.word == "FROM":
            graph = after if token.word == "NAMED" else token
            (named if token.word == "NAMED" else default).append(token_iri(graph, {**prefixes, **declared}, base))
    return default, named


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
    """The IRIs and literals that a query names, as N-Triples tokens; not what no match may have.

    Numbers and truth values without quotes count in patterns alone: in a condition or behind LIMIT they match nothing.
    """
    start = prologue_length(query)
    declared, base = namespaces(query, prefixes, base)
    terms = set()
    absent = _absent(query)
    round_, curly = 0, 0
    for number, token in enumerate(query[start:], start):
        round_ += (token.text == "(") - (token.text == ")")
        curly += (token.text == "{") - (token.text == "}")
        if number in absent:
            continue
        if curly and not round_ and (short := short_literal(token)):
            terms.add(short)
        if token.kind in ("iri", "name"):
            terms.add(f"<{token_iri(token, declared, base)}>")
        elif token.kind == "string":
            with suppress(ValueError):
                terms.add(str(token_literal(token, query[number + 1 : number + 3], declared, base)))
    return frozenset(terms)


def short_literal(token: Token) -> str:
    """The literal, as an N-Triples token, that a number, `true` or `false` is short for; empty for other tokens."""
    if token.kind == "number":
        kind = XSD.double if "e" in token.text.lower() else XSD.decimal if "." in token.text else XSD.integer
        return str(ox.Literal(token.text, datatype=ox.NamedNode(kind)))
    return f'"{token.text.lower()}"^^<{XSD.boolean}>' if token.word in ("TRUE", "FALSE") else ""


def namespaces(query: Sequence[Token], prefixes: Mapping[str, str], base: str = "") -> tuple[dict[str, str], str]:
    """The prefixes and the base by which a query's names are read: those given, and those of its prologue."""
    prologue = query[: prologue_length(query)]
    for word, value in pairwise(prologue):
        if word.word == "BASE":
            base = urljoin(base, value.text[1:-1])
    return dict(prefixes) | {name: _absolute(iri, base) for name, iri in declared_prefixes(prologue).items()}, base


def _absent(query: Sequence[Token]) -> frozenset[int]:
    """The numbers of the tokens in groups that no solution may match: behind MINUS, NOT EXISTS and `!EXISTS`."""
    numbers: set[int] = set()
    negated = False
    for number, token in enumerate(query[:-1]):
        opens = query[number + 1].text == "{" and number + 1 not in numbers
        if opens and (token.word == "MINUS" or (negated and token.word == "EXISTS")):
            end = closing(query, number + 1)
            numbers.update(range(number + 1, len(query) if end is None else end))
        negated = token.word == "NOT" or token.text == "!" or (negated and token.text == "(")
    return frozenset(numbers)


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


MOST_MATCHES = 100_000  #: of rows of groups that are read
_AFTER_GROUPS = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


@dataclass(frozen=True, slots=True)
class Widened:
    """A SELECT query that selects every variable of the pattern of another one."""

    text: str
    variables: tuple[str, ...]  #: what the other one selects
    whole: bool  #: whether its solutions, without the other variables, are those of the other one
    distinct: bool  #: whether they are so once repeated ones are left out
    grouped: bool = False  #: whether `variables` are those that each solution of the other one is grouped by


def widened(text: str, query: Sequence[Token]) -> Widened | None:
    """A SELECT query with all its variables selected; None where that finds nothing else or would be another query.

    Behind a row of groups stand all matches of its group, if the groups are told apart by variables that are selected.
    Of these at most one more than `MOST_MATCHES` is asked for. Other expressions in the projection make rows that no
    match is known to stand behind. Where rows are left out after repeated ones are (DISTINCT or REDUCED with LIMIT or
    OFFSET), every match is asked for: how many of them make up the rows that are left is not known before.
    """
    select, opening = prologue_length(query), _pattern(query)
    end = None if opening is None else closing(query, opening)
    if opening is None or end is None or query[select].word != "SELECT":
        return None
    clauses = next(
        number for number in range(select + 1, opening + 1)
        if number == opening or query[number].word in ("WHERE", "FROM")
    )  # fmt: skip
    head, modifiers = query[select + 1 : clauses], query[end + 1 :]
    outermost = {token.word: token for _, token in _outermost(modifiers)}
    values = outermost.get("VALUES")
    pattern, behind = text[query[clauses].start : query[end].end], f" {text[values.start :]}" if values else ""
    if outermost.keys() & {"GROUP", "HAVING"} or calls_aggregate([*head, *modifiers]):
        keys = _group_keys(modifiers)
        told = {token.text[1:] for _, token in _outermost(head) if token.kind == "variable"}
        if keys is None or not told >= set(keys):
            return None
        some = f"{text[: query[select].start]}SELECT * {pattern} LIMIT {MOST_MATCHES + 1}{behind}"
        return Widened(some, keys, whole=False, distinct=False, grouped=True)
    repeats = head[0].word if head else ""
    selected = head[1:] if repeats in ("DISTINCT", "REDUCED") else head
    variables = tuple(dict.fromkeys(token.text[1:] for token in selected if token.kind == "variable"))
    if (
        not variables
        or len(variables) < len(selected)
        or not covers(text, head, query[select].end, query[clauses].start)
    ):
        return None
    whole = not repeats or (repeats == "DISTINCT" and not outermost.keys() & {"LIMIT", "OFFSET"})
    rest = text[query[clauses].start :] if whole else pattern + behind
    return Widened(f"{text[: query[select].start]}SELECT * {rest}", variables, whole, repeats == "DISTINCT")


def _group_keys(modifiers: Sequence[Token]) -> tuple[str, ...] | None:
    """The variables that solutions are grouped by; none for one group of all, None for groups by expressions."""
    start = next((number for number, token in _outermost(modifiers) if token.word == "GROUP"), None)
    if start is None:
        return ()
    keys: list[str] = []
    for token in modifiers[start + 2 :]:
        if token.kind != "variable":
            return tuple(dict.fromkeys(keys)) if token.word in _AFTER_GROUPS else None
        keys.append(token.text[1:])
    return tuple(dict.fromkeys(keys))


def is_computed(query: Sequence[Token]) -> bool:
    """Whether a SELECT query's rows hold what is computed or grouped, and not the values of single matches alone."""
    opening = _pattern(query)
    end = None if opening is None else closing(query, opening)
    head, modifiers = query[prologue_length(query) : opening], query[end + 1 :] if end else ()
    return any(token.text == "(" for token in head) or any(token.word == "GROUP" for _, token in _outermost(modifiers))
