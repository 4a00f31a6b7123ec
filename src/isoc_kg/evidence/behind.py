"""Who says so? The claims behind each solution of a query, with the sentences that support them.

Behind a solution stand the claims whose subject and object are values of one of its matches, or terms that the query
names, with a property that it names (any, if it names none). A match has values for all variables, also for those that
are not selected; so the query is run with all of them selected, and only where its own solutions cannot be told from
that once more as it is. Where solutions are grouped or computed, only what is selected is known of their matches.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..authoring.facts import Claim
from ..errors import IsocKgError, QueryError
from ..query.forms import Widened, form, is_ordered, named_terms, widened
from ..query.solutions import Solutions
from ..query.tokens import tokens
from ..rdf.lines import split
from .statement import Evidence, Support

__all__ = ["Explanation", "explain"]

Row = tuple[Any, ...]
#: Variables and rows of a SELECT query; raises what it raises for a query that fails or has too many solutions.
Select = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
#: The tokens of a match's values, or of the terms that a query names.
Terms = frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The solutions of a query with the evidence of the claims behind each of them."""

    solutions: Solutions
    evidence: tuple[list[Evidence], ...]
    incomplete: str | None = None  #: why claims may be missing

    def __iter__(self) -> Iterator[tuple[Row, list[Evidence]]]:
        """Each solution's terms with the evidence behind it."""
        return zip(self.solutions.terms, self.evidence, strict=True)

    def __len__(self) -> int:
        return len(self.evidence)

    def to_json(self) -> str:
        """The solutions in the JSON form of SPARQL results, with a member `why`: for each of them its claims."""
        value = json.loads(self.solutions.to_json())
        value["why"] = [[_member(evidence) for evidence in claims] for claims in self.evidence]
        if self.incomplete:
            value["why_incomplete"] = self.incomplete
        return json.dumps(value, ensure_ascii=False)


def explain(
    text: str,
    select: Select,
    support: Support,
    prefixes: Mapping[str, str],
    *,
    parameters: Collection[str] = (),
    base: str = "",
) -> Explanation:
    """The solutions of a SELECT query, with the claims behind them.

    `parameters` are the tokens of terms that `select` binds to variables. Raises `QueryError` for another form of
    query, and what `select` raises for the query itself. Where it fails for all variables, or they are too many, the
    explanation says that it is incomplete.
    """
    query_tokens = list(tokens(text))
    if form(query_tokens) not in ("SELECT", None):
        raise QueryError("only the solutions of a SELECT query have sentences behind them.")
    wide = widened(text, query_tokens)
    matched, incomplete = None, None
    if wide is not None:
        try:
            matched = select(wide.text)
        except (IsocKgError, SyntaxError, ValueError, RuntimeError, OSError) as error:
            incomplete = f"not every match of the query was read: {getattr(error, 'message', error)}"
    if wide is None or matched is None:
        variables, rows = select(text)
        matches = {}
    else:
        projected = _projected(wide, *matched)
        variables, rows = (wide.variables, _rows_of(wide, projected)) if wide.whole else select(text)
        matches = _by_solution(projected, matched[1])
    ordered = rows if is_ordered(query_tokens) else sorted(rows, key=_key)
    names = {name.encode() for name in named_terms(query_tokens, prefixes, base)}
    names.update(term.encode() for term in parameters)
    own = [matches.get(_key(row)) or [_match(row)] for row in ordered]
    return Explanation(Solutions(variables, ordered, prefixes), _behind(support, own, frozenset(names)), incomplete)


def _key(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, row))


def _match(row: Sequence[Any]) -> Terms:
    return frozenset(str(term).encode() for term in row if term is not None)


def _projected(wide: Widened, variables: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Each row with the values of the selected variables alone; one that the pattern does not have is unbound."""
    columns = [variables.index(name) if name in variables else None for name in wide.variables]
    return [tuple(None if column is None else row[column] for column in columns) for row in rows]


def _rows_of(wide: Widened, projected: list[Row]) -> list[Row]:
    """The solutions of the query itself, in the order of their matches."""
    return list({_key(row): row for row in projected}.values()) if wide.distinct else projected


def _by_solution(projected: Sequence[Row], rows: Sequence[Sequence[Any]]) -> dict[tuple[str, ...], list[Terms]]:
    matches: dict[tuple[str, ...], list[Terms]] = {}
    for solution, row in zip(projected, rows, strict=True):
        matches.setdefault(_key(solution), []).append(_match(row))
    return matches


def _behind(support: Support, solutions: Sequence[Sequence[Terms]], names: Terms) -> tuple[list[Evidence], ...]:
    """For each solution, given as its matches, the evidence of the claims behind it, in the order of their triples."""
    values = frozenset().union(*(match for matches in solutions for match in matches), names)
    properties = support.properties(names)
    claims: dict[bytes, list[tuple[bytes, Claim]]] = {}
    for claim in support.about(values):
        subject, predicate, object_, _ = split(claim.triple)
        if object_ in values and (not properties or predicate in properties):
            claims.setdefault(subject, []).append((object_, claim))
    evidence_of: dict[str, Evidence] = {}

    def evidence(claim: Claim) -> Evidence:
        if claim.iri not in evidence_of:
            evidence_of[claim.iri] = support.evidence(claim)
        return evidence_of[claim.iri]

    result = []
    for matches in solutions:
        behind = {
            (claim.triple, claim.iri): claim
            for match in matches
            for subject in (match | names) & claims.keys()
            for object_, claim in claims[subject]
            if object_ in match or object_ in names
        }
        result.append([evidence(claim) for _, claim in sorted(behind.items())])
    return tuple(result)


def _member(evidence: Evidence) -> dict[str, Any]:
    """A claim as a member of `why`."""
    sentences = [
        {"iri": sentence.iri, "number": sentence.unit.number}
        | ({"gist": sentence.gist} if sentence.gist else {})
        | sentence.status
        for sentence in evidence.sentences
    ]
    notes = {"notes": list(evidence.notes)} if evidence.notes else {}
    return {"claim": evidence.claim, "sentences": sentences} | notes | evidence.disagreement
