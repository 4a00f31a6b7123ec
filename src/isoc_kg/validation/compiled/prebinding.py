"""A query that a shape holds, and its variables bound before it runs (https://www.w3.org/TR/shacl/#pre-binding)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...errors import EngineError, QueryError
from ...limits import Limits
from ...query.tokens import Token, check_text, tokens
from .terms import iri

__all__ = ["BoundQuery", "read_query"]

#: Words that pre-binding does not allow in a query.
_FORBIDDEN = ("MINUS", "SERVICE", "VALUES")
#: Words of queries whose pattern cannot simply be joined with the focus nodes, since their parts do not see them.
_APART = frozenset({"UNION", "SELECT", "GRAPH", "GROUP", "HAVING", "LIMIT", "OFFSET", "DISTINCT", "REDUCED"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """The parts of a `SELECT` or `ASK` query, its names written as IRIs, and the variables that it projects."""

    projection: str
    variables: tuple[str, ...]
    pattern: str
    modifiers: str
    distinct: bool

    def bound(self, terms: Mapping[str, str]) -> "BoundQuery":
        """The query with a token, or another variable, in place of each variable (given without its mark)."""
        return BoundQuery(
            _replaced(self.projection, terms),
            self.variables,
            _replaced(self.pattern, terms),
            _replaced(self.modifiers, terms),
            self.distinct,
        )

    @property
    def mentions(self) -> frozenset[str]:
        """The variables of the pattern, without their marks."""
        return frozenset(token.text[1:] for token in tokens(self.pattern) if token.kind == "variable")

    @property
    def is_flat(self) -> bool:
        """Whether joining the pattern with focus nodes means the same as binding them before.

        So it is for a group of patterns with filters and optional parts, none of them with groups inside. An
        `EXISTS` of several patterns is no flat one here: without a constant in it, stores may read everything for each row.
        """
        found = list(tokens(f"{self.projection} {self.pattern} {self.modifiers}"))
        if _APART.intersection(token.text.upper() for token in found if token.kind == "word"):
            return False
        return not self._aggregates(found) and _groups_are_plain(found)

    @property
    def is_one_pattern(self) -> bool:
        """Whether it can stand in an `EXISTS`: at most one triple pattern, and filters."""
        found = list(tokens(self.pattern))
        words = {token.text.upper() for token in found if token.kind == "word"}
        plain = not words.intersection(_APART | {"BIND", "OPTIONAL"}) and not self.modifiers.strip()
        return plain and not any(token.text in "{}" for token in found) and _patterns(found) <= 1

    @staticmethod
    def _aggregates(found: Sequence[Token]) -> bool:
        return any(
            token.kind == "word" and token.text.upper() in _AGGREGATES and after.text == "("
            for token, after in pairwise(found)
        )


def _groups_are_plain(found: Sequence[Token]) -> bool:
    """Whether braces stand only behind `EXISTS` (with one pattern inside) and `OPTIONAL`, and not inside each other."""
    depth = start = 0
    exists = False
    for position, token in enumerate(found):
        if token.text == "{":
            word = found[position - 1].text.upper() if position else ""
            if depth or word not in ("EXISTS", "OPTIONAL"):
                return False
            depth, start, exists = 1, position, word == "EXISTS"
        elif token.text == "}":
            depth -= 1
            if exists and _patterns(found[start + 1 : position]) > 1:
                return False
    return True


def _patterns(found: Sequence[Token]) -> int:
    """At least how many triple patterns tokens hold: expressions in parentheses are none."""
    depth = joins = 0
    terms = 0
    for token in found:
        if token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif depth == 0 and token.kind == "operator" and token.text in ".;,/|*+^?[":
            joins += token.text != "."
            terms += 1
        elif depth == 0 and token.kind in ("iri", "variable", "name", "blank", "string", "number"):
            terms += 1
    return joins + (terms > 1) + max(0, (terms - 4 - joins + 2) // 3)


def _replaced(text: str, terms: Mapping[str, str]) -> str:
    """A text with other tokens for variables; in the head of a subquery, a term is given the variable's name."""
    parts: list[str] = []
    end = depth = 0
    in_head = False
    found = list(tokens(text))
    for position, token in enumerate(found):
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "word" and token.text.upper() in ("SELECT", "WHERE"):
            in_head, depth = token.text.upper() == "SELECT", 0
        in_head = in_head and token.text != "{"
        if token.kind != "variable" or token.text[1:] not in terms:
            continue
        start, stop, term = token.start, token.start + len(token.text), terms[token.text[1:]]
        if term[0] not in "?$":
            if in_head and depth == 0:
                term = f"({term} AS {token.text})"
            elif position > 1 and found[position - 2].text.upper() == "BOUND" and position + 1 < len(found):
                start, stop, term = found[position - 2].start, found[position + 1].start + 1, "(true)"
        parts += [text[end:start], term]
        end = stop
    return "".join(parts) + text[end:]


def read_query(
    text: str, prefixes: Mapping[str, str], prebound: Sequence[str], limits: Limits, shape: str
) -> BoundQuery:
    """The query of a constraint, read without running anything.

    Raises `EngineError` for what would crash an engine, is no query, or is not allowed with pre-bound variables.
    """
    try:
        found = check_text(text, prefixes, limits)
    except QueryError as error:
        raise EngineError(f"the query of {shape} cannot be run: {error.message}", advice=error.advice) from None
    if not _covered(text, found):
        raise EngineError(f"the query of {shape} has characters outside of any token.", advice="Look at its quotes.")
    words = [token.text.upper() for token in found if token.kind == "word"]
    form = next((word for word in words if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "")
    if form not in ("SELECT", "ASK") or {"FROM", "BASE"}.intersection(words) or words.count("ASK") > (form == "ASK"):
        raise EngineError(f"the query of {shape} is no SELECT or ASK over the data.", advice="Write one of these.")
    _refuse(found, prebound, shape)
    start = next(token for token in found if token.kind == "word" and token.text.upper() == form)
    opening = next((token for token in found if token.text == "{" and token.start > start.start), None)
    closing = _end(found, opening) if opening else None
    if opening is None or closing is None:
        raise EngineError(f"the query of {shape} has no pattern that is closed.", advice="Write { … }.")
    head = _plain(text[start.start + len(form) : opening.start], dict(prefixes) | _declared(found))
    projection = re.sub(r"\bWHERE\s*$", "", head, flags=re.IGNORECASE).strip()
    distinct = re.match(r"(DISTINCT|REDUCED)\b", projection, re.IGNORECASE)
    if distinct:
        projection = projection[distinct.end() :]
    known = dict(prefixes) | _declared(found)
    inner = _plain(text[opening.start + 1 : closing.start], known)
    projection = _plain(projection, known)
    modifiers = _plain(text[closing.start + 1 :], known)
    if not all(map(_balanced, (projection, inner, modifiers))):
        raise EngineError(f"the query of {shape} has brackets that do not match.", advice="Correct it.")
    return BoundQuery(projection, _projected(projection, inner), inner, modifiers, bool(distinct))


def _covered(text: str, found: Sequence[Token]) -> bool:
    """Whether only white space and comments stand between tokens: a quote left open would change what follows."""
    end = 0
    for token in (*found, Token("", "", len(text))):
        if re.sub(r"#[^\n\r]*", "", text[end : token.start]).strip():
            return False
        end = token.start + len(token.text)
    return True


def _balanced(text: str) -> bool:
    """Whether brackets are closed as they were opened: then the text stays inside whatever it is put in."""
    opened: list[str] = []
    for token in tokens(text):
        if token.text in ("{", "(", "["):
            opened.append({"{": "}", "(": ")", "[": "]"}[token.text])
        elif token.text in ("}", ")", "]") and (not opened or opened.pop() != token.text):
            return False
    return not opened


def _declared(found: Sequence[Token]) -> dict[str, str]:
    """The prefixes that the query itself declares."""
    return {
        name.text[:-1]: value.text[1:-1]
        for word, name, value in zip(found, found[1:], found[2:], strict=False)
        if word.kind == "word" and word.text.upper() == "PREFIX" and value.kind == "iri"
    }


def _plain(text: str, prefixes: Mapping[str, str]) -> str:
    """A text without comments, which would hide what is put behind them, its prefixed names as IRIs."""
    parts, end = [], 0
    for token in tokens(text):
        gap = text[end : token.start]
        name = token.text
        if token.kind == "name":
            prefix, _, local = name.partition(":")
            name = iri(prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local))
        parts += [gap if "#" not in gap else " ", name]
        end = token.start + len(token.text)
    rest = text[end:]
    return "".join(parts) + (rest if "#" not in rest else " ")


def _projected(projection: str, pattern: str) -> tuple[str, ...]:
    found = list(tokens(projection))
    if any(token.text == "*" for token in found[:1]):
        return tuple(dict.fromkeys(token.text[1:] for token in tokens(pattern) if token.kind == "variable"))
    names: list[str] = []
    depth = 0
    for position, token in enumerate(found):
        depth += (token.text == "(") - (token.text == ")")
        named = position and found[position - 1].text.upper() == "AS"
        if token.kind == "variable" and (depth == 0 or (depth == 1 and named)):
            names.append(token.text[1:])
    return tuple(names)


def _end(found: Sequence[Token], opening: Token) -> Token | None:
    depth = 0
    for token in found:
        if token.start >= opening.start and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            if not depth:
                return token
    return None


def _refuse(found: Sequence[Token], prebound: Sequence[str], shape: str) -> None:
    seen_select = False
    for position, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        if word in _FORBIDDEN:
            raise EngineError(f"{word} in the query of {shape}: pre-bound variables do not allow it.")
        if word == "AS" and position + 1 < len(found) and found[position + 1].text[1:] in prebound:
            raise EngineError(f"{found[position + 1].text} is bound again in the query of {shape}.")
        if word == "SELECT":
            if seen_select and not _returns(found[position + 1 :], prebound):
                raise EngineError(f"a subquery of {shape} does not return its pre-bound variables.")
            seen_select = True


def _returns(found: Sequence[Token], prebound: Sequence[str]) -> bool:
    """Whether a subquery, from behind its SELECT, projects the variables; `*` projects what its patterns bind."""
    names: set[str] = set()
    braces = brackets = 0
    every = False
    for token in found:
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
