"""A query that a shape holds, and its variables bound before it runs (https://www.w3.org/TR/shacl/#pre-binding)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import EngineError, QueryError
from ...limits import Limits
from ...namespaces import RDF
from ...query.forms import calls_aggregate, closing, declared_prefixes, form, name_iri
from ...query.safety import check_text
from ...query.tokens import TERMS, Token, covers, tokens
from ..terms import iri

__all__ = ["BoundQuery", "read_query", "replaced", "undeclared"]

#: Words that pre-binding does not allow in a query.
_FORBIDDEN = ("MINUS", "SERVICE", "VALUES")
#: Words of queries whose pattern cannot simply be joined with the focus nodes, since their parts do not see them.
_APART = frozenset({"UNION", "SELECT", "GRAPH", "GROUP", "HAVING", "LIMIT", "OFFSET", "DISTINCT", "REDUCED"})
#: Operators behind which a triple pattern goes on with another one, the steps of a path among them.
_JOINS = ";,/|*+^?["
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """The parts of a `SELECT` or `ASK` query, its names written as IRIs, and the variables that it projects.

    `$this` is one of the variables, and left out of the projection: each row is asked about one focus node.
    """

    projection: str
    variables: tuple[str, ...]
    pattern: str
    modifiers: str
    distinct: bool

    def bound(self, terms: Mapping[str, str]) -> "BoundQuery":
        """The query with a token, or another variable, in place of each variable (given without its mark)."""
        grouped = {name: term if term[0] in "?$" else f"({term})" for name, term in terms.items()}
        return BoundQuery(
            replaced(self.projection, terms, in_head=True),
            self.variables,
            replaced(self.pattern, terms),
            replaced(self.modifiers, grouped),
            self.distinct,
        )

    @property
    def mentions(self) -> frozenset[str]:
        """The variables of all parts, without their marks."""
        text = f"{self.projection} {self.pattern} {self.modifiers}"
        return frozenset(token.text[1:] for token in tokens(text) if token.kind == "variable")

    @property
    def required(self) -> str | None:
        """A property that the focus node has wherever there is a solution, as a token; None where that is not plain."""
        head = list(tokens(f"{self.projection} {self.modifiers}"))
        first = [token for token, _ in zip(tokens(self.pattern), range(4), strict=False)]
        if len(first) < 3 or first[0].text not in ("$this", "?this") or calls_aggregate(head):
            return None
        _, verb, object_, *_ = first
        if object_.kind not in TERMS or (verb.kind != "iri" and verb.text != "a"):
            return None
        return iri(RDF.type) if verb.text == "a" else verb.text

    @property
    def is_flat(self) -> bool:
        """Whether joining the pattern with focus nodes means the same as binding them before.

        So it is for a group of patterns with filters and optional parts, none of them with groups inside. An
        `EXISTS` of several patterns is no flat one: without a constant in it, stores may read everything for each row.
        """
        query = list(tokens(f"{self.projection} {self.pattern} {self.modifiers}"))
        if _APART.intersection(token.word for token in query):
            return False
        return not calls_aggregate(query) and _groups_are_plain(query)

    @property
    def is_one_pattern(self) -> bool:
        """Whether it can stand in an `EXISTS`: at most one triple pattern, and filters."""
        query = list(tokens(self.pattern))
        words = {token.word for token in query}
        plain = not words.intersection(_APART | {"BIND", "OPTIONAL"}) and not self.modifiers.strip()
        return plain and not any(token.text in "{}" for token in query) and _patterns(query) <= 1


def _groups_are_plain(query: Sequence[Token]) -> bool:
    """Whether braces stand only behind `EXISTS` (with one pattern inside) and `OPTIONAL`, and not inside each other."""
    depth = start = 0
    exists = False
    for position, token in enumerate(query):
        if token.text == "{":
            word = query[position - 1].text.upper() if position else ""
            if depth or word not in ("EXISTS", "OPTIONAL"):
                return False
            depth, start, exists = 1, position, word == "EXISTS"
        elif token.text == "}":
            depth -= 1
            if exists and _patterns(query[start + 1 : position]) > 1:
                return False
    return True


def _patterns(query: Sequence[Token]) -> int:
    """At least how many triple patterns tokens hold: expressions in parentheses are none."""
    outside = list(_outside_parentheses(query))
    operators = [token.text for token in outside if token.kind == "operator"]
    terms = sum(token.kind in TERMS for token in outside)
    dots = operators.count(".")
    joins = sum(operator in _JOINS for operator in operators)
    beyond_the_first = terms + dots - 4  # three terms, and a dot behind them
    return joins + (terms + dots + joins > 1) + max(0, -(-beyond_the_first // 3))


def _outside_parentheses(query: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in query:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.text != ")":
            yield token


def replaced(text: str, terms: Mapping[str, str], *, in_head: bool = False) -> str:
    """A text with other tokens for variables; in the head of a query, a term is given the variable's name."""
    query = list(tokens(text))
    projected = set(_projected_in_heads(query, in_head=in_head))
    parts: list[str] = []
    end = 0
    for position, token in enumerate(query):
        term = terms.get(token.text[1:]) if token.kind == "variable" else None
        if term is None:
            continue
        start, stop = token.start, token.end
        if term[0] not in "?$":
            if position in projected:
                term = f"({term} AS {token.text})"
            elif _is_asked_whether_bound(query, position):
                start, stop, term = query[position - 2].start, query[position + 1].end, "(true)"
        parts += [text[end:start], term]
        end = stop
    return "".join(parts) + text[end:]


def _projected_in_heads(query: Sequence[Token], *, in_head: bool) -> Iterator[int]:
    """The positions of the variables that queries select as they are, outside of expressions."""
    depth = 0
    for position, token in enumerate(query):
        depth += (token.text == "(") - (token.text == ")")
        if token.word in ("SELECT", "WHERE"):
            in_head, depth = token.word == "SELECT", 0
        in_head = in_head and token.text != "{"
        if in_head and depth == 0 and token.kind == "variable":
            yield position


def _is_asked_whether_bound(query: Sequence[Token], position: int) -> bool:
    """Whether a variable stands in `BOUND(…)`, which takes nothing but variables."""
    around = [token.text.upper() for token in query[max(0, position - 2) : position + 2]]
    return around[:2] == ["BOUND", "("] and around[3:] == [")"]


def read_query(
    text: str, kind: str, prefixes: Mapping[str, str], prebound: Sequence[str], limits: Limits, shape: str
) -> BoundQuery:
    """The query of a constraint, `SELECT` or `ASK` as `kind` tells, read without running anything.

    Raises `EngineError` for what would crash an engine, is no query, or is not allowed with pre-bound variables.
    """
    query = list(tokens(text))
    if forbidden := next((token.word for token in query if token.word in _FORBIDDEN), None):
        raise EngineError(
            f"{forbidden} in the query of {shape}: pre-bound variables do not allow it.",
            advice="Write it without; see https://www.w3.org/TR/shacl/#pre-binding.",
        )
    words = [token.word for token in query if token.word]
    if form(query) != kind or "FROM" in words or words.count("ASK") > (kind == "ASK"):
        raise EngineError(
            f"the query of {shape} is not {'an' if kind == 'ASK' else 'a'} {kind} query over the data.",
            advice=f"Write a query that begins with {kind}, without FROM.",
        )
    relative = [token.text for token in query if token.kind == "iri" and not _ABSOLUTE.match(token.text)]
    if relative or "BASE" in words:
        raise EngineError(
            f"the query of {shape} has {f'the relative IRI {relative[0]}' if relative else 'BASE'}.",
            advice="Write whole IRIs, or a prefix that sh:prefixes declares.",
        )
    try:
        check_text(text, {**dict.fromkeys(undeclared(text, {}), ""), **prefixes}, limits)
    except QueryError as error:  # more than the embedded store takes
        raise EngineError(f"the query of {shape} cannot be run: {error.message}", advice=error.advice) from error
    if not covers(text, query):
        raise EngineError(f"the query of {shape} has characters outside of any token.", advice="Look at its quotes.")
    _refuse(query, prebound, shape)
    start = next(number for number, token in enumerate(query) if token.word == kind)
    opening = next((number for number, token in enumerate(query) if token.text == "{" and number > start), None)
    end = closing(query, opening) if opening is not None else None
    if opening is None or end is None:
        raise EngineError(f"the query of {shape} has no pattern that is closed.", advice="Write { … }.")
    namespaces = dict(prefixes) | declared_prefixes(query)
    head = _plain(text[query[start].end : query[opening].start], namespaces)
    projection = re.sub(r"\bWHERE\s*$", "", head, flags=re.IGNORECASE).strip()
    distinct = re.match(r"(DISTINCT|REDUCED)\b", projection, re.IGNORECASE)
    if distinct:
        projection = projection[distinct.end() :]
    inner = _plain(text[query[opening].end : query[end].start], namespaces)
    projection = _plain(projection, namespaces)
    modifiers = _plain(text[query[end].end :], namespaces)
    if not all(map(_balanced, (projection, inner, modifiers))):
        raise EngineError(f"the query of {shape} has brackets that do not match.", advice="Correct it.")
    variables = _projected(projection, inner)
    return BoundQuery(_without_this(projection), variables, inner, modifiers, bool(distinct))


def undeclared(text: str, prefixes: Mapping[str, str]) -> list[str]:
    """The prefixes that a query uses, and that neither it nor `prefixes` declares, in their order."""
    query = list(tokens(text))
    own = declared_prefixes(query)
    names = (token.text.partition(":")[0] for token in query if token.kind == "name")
    return [name for name in dict.fromkeys(names) if name not in own and name not in prefixes]


def _without_this(projection: str) -> str:
    query = list(tokens(projection))
    plain = set(_projected_in_heads(query, in_head=True))
    kept = [token for position, token in enumerate(query) if position not in plain or token.text[1:] != "this"]
    return " ".join(token.text for token in kept)


def _balanced(text: str) -> bool:
    """Whether brackets are closed as they were opened: then the text stays inside whatever it is put in."""
    opened: list[str] = []
    for token in tokens(text):
        if token.text in ("{", "(", "["):
            opened.append({"{": "}", "(": ")", "[": "]"}[token.text])
        elif token.text in ("}", ")", "]") and (not opened or opened.pop() != token.text):
            return False
    return not opened


def _plain(text: str, prefixes: Mapping[str, str]) -> str:
    """A text without comments, which would hide what is put behind them, its prefixed names as IRIs."""
    parts, end = [], 0
    for token in tokens(text):
        gap = text[end : token.start]
        name = token.text
        if token.kind == "name":
            name = iri(name_iri(name, prefixes))
        parts += [gap if "#" not in gap else " ", name]
        end = token.end
    rest = text[end:]
    return "".join(parts) + (rest if "#" not in rest else " ")


def _projected(projection: str, pattern: str) -> tuple[str, ...]:
    query = list(tokens(projection))
    if any(token.text == "*" for token in query[:1]):
        return tuple(dict.fromkeys(token.text[1:] for token in tokens(pattern) if token.kind == "variable"))
    names: list[str] = []
    depth = 0
    for position, token in enumerate(query):
        depth += (token.text == "(") - (token.text == ")")
        named = position and query[position - 1].text.upper() == "AS"
        if token.kind == "variable" and (depth == 0 or (depth == 1 and named)):
            names.append(token.text[1:])
    return tuple(names)


def _refuse(query: Sequence[Token], prebound: Sequence[str], shape: str) -> None:
    seen_select = False
    for position, token in enumerate(query):
        word = token.word
        if word == "AS" and position + 1 < len(query) and query[position + 1].text[1:] in prebound:
            raise EngineError(
                f"{query[position + 1].text} is bound again in the query of {shape}.",
                advice="It has a value before the query runs: give the new value another name.",
            )
        if word == "SELECT":
            if seen_select and not _returns(query[position + 1 :], prebound):
                names = ", ".join(f"${name}" for name in prebound)
                raise EngineError(
                    f"a subquery of {shape} does not return its pre-bound variables.",
                    advice=f"Add {names} to its SELECT; see https://www.w3.org/TR/shacl/#pre-binding.",
                )
            seen_select = True


def _returns(query: Sequence[Token], prebound: Sequence[str]) -> bool:
    """Whether a subquery, from behind its SELECT, projects the variables; `*` projects what its patterns bind."""
    names: set[str] = set()
    braces = brackets = 0
    every = False
    for token in query:
        braces += (token.text == "{") - (token.text == "}")
        brackets += (token.text == "(") - (token.text == ")")
        if token.text == "{" and braces == 1 and not every:
            break
        if token.text == "}" and braces == 0:
            break
        every = every or (token.text == "*" and braces == 0)
        if token.kind == "variable" and (not braces or not brackets):
            names.add(token.text[1:])
    return names.issuperset(prebound)
