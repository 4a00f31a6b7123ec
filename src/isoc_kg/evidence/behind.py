"""Who says so? The claims behind each solution of a query, with the sentences that support them.

Behind a solution stand the claims whose subject and object are values of one of its matches, or terms that the query
names, with a property that it names (any, if it names none). A match has values for all variables, also for those that
are not selected; so the query is run with all of them selected, and only where its own solutions cannot be told from
that once more as it is. Behind a solution of groups stand the first statements of all matches of its group; where it is
computed otherwise, only what is selected is known of its matches, and the explanation says that it is incomplete.

A claim that a match itself has among its values, or that the query names, stands behind it.

Behind a match of a property path stand the claims on the walks that it accepts between its two ends (`walks.py`).

A claim also stands behind what its triple entails (`authoring/entailment.py`), and behind the scheme of the thing whose
class it states: what the build derives carries no claim of its own.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..authoring.entailment import IN_SCHEME
from ..authoring.facts import Claim
from ..errors import IsocKgError, QueryError, counted, visible
from ..namespaces import RDF
from ..query.forms import MOST_MATCHES, Widened, form, is_computed, is_ordered, named_terms, namespaces, widened
from ..query.notebook import caption, cut, linked, listed, table
from ..query.patterns import GroupPattern, groups, patterns_of
from ..query.property_path import Node, PathExpression
from ..query.solutions import Solutions, imported
from ..query.tokens import tokens
from ..rdf.lines import split
from ..rdf.tokens import iri_token, term_token
from .statement import Evidence, Support
from .walks import Incomplete, Route, Walks, dataset_clauses, routes

__all__ = ["Explanation", "claims_entailing", "explain"]

_TYPE = iri_token(RDF.type)
_MOST_OF_GROUP = 100  #: statements behind a solution of groups
_SHOWN = 20  #: solutions, columns, and sentences of a solution that a notebook shows

Row = tuple[Any, ...]
#: Variables and rows of a SELECT query; raises what it raises for a query that fails or has too many solutions.
Select = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
_Triple = tuple[bytes, bytes, bytes]
#: The tokens of a match's values, or of the terms that a query names.
Terms = frozenset[bytes]


class _Match(NamedTuple):
    """A match of a query's pattern, as far as it is known."""

    terms: Terms
    ends: Mapping[str, bytes | None]  #: the values of those variables that stand at the end of a path


@dataclass(frozen=True, slots=True)
class Explanation:
    """The solutions of a query with the evidence of the claims behind each of them."""

    solutions: Solutions
    evidence: tuple[list[Evidence], ...]
    incomplete: str | None = None  #: why claims may be missing
    each: str = "solution"  #: what one of them is

    def __iter__(self) -> Iterator[tuple[Row, list[Evidence]]]:
        """Each solution's terms with the evidence behind it."""
        return zip(self.solutions.terms, self.evidence, strict=True)

    def __len__(self) -> int:
        return len(self.evidence)

    def of(self, solutions: Solutions) -> "Explanation | None":
        """The explanation of some of its solutions, in their order; None where one of them is not among its own."""
        places: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(self.solutions.terms):
            places.setdefault(_alike(row), []).append(number)
        numbers = []
        for row in solutions.terms:
            if not (left := places.get(_alike(row))):
                return None
            numbers.append(left.pop(0))
        some = self.solutions.part([self.solutions.terms[number] for number in numbers])
        return replace(self, solutions=some, evidence=tuple(self.evidence[number] for number in numbers))

    def __repr__(self) -> str:
        """The first solutions, each with the sentences behind it."""
        lines = [f"<{counted(len(self), self.each)} with evidence>"]
        for cells, claims in zip(self._rows(), self.evidence, strict=False):
            of = f"  – {counted(len(claims), 'statement')}" if len(claims) > 1 and self.each == "solution" else ""
            lines += [cut("  ".join(cells)) + of, *(f"    {cut(text)}" for text in _reasons(claims))]
        lines += [f"… and {len(self) - _SHOWN:,} more"] if len(self) > _SHOWN else []
        lines += [cut(f"incomplete: {self.incomplete}")] if self.incomplete else []
        lines += [cut(f"note: {note}") for note in self.solutions.notes]
        return "\n".join(visible(line, line=True) for line in lines)

    def _repr_html_(self) -> str:
        rows = [
            [*map(linked, cells), listed(_reasons(claims))]
            for cells, claims in zip(self._rows(), self.evidence, strict=False)
        ]
        head = (*self.solutions.variables[:_SHOWN], "why")
        incomplete = [f"incomplete: {self.incomplete}"] if self.incomplete else []
        note = listed([*incomplete, *(f"note: {note}" for note in self.solutions.notes)])
        return caption(f"{counted(len(self), self.each)} with evidence") + table(head, rows, len(self)) + note

    def _rows(self) -> list[list[str]]:
        """The cells of the solutions that are shown."""
        some = [row[:_SHOWN] for row in self.solutions.terms[:_SHOWN]]
        return Solutions(self.solutions.variables[:_SHOWN], some, self.solutions.prefixes).cells()

    def to_pandas(self) -> Any:
        """A pandas `DataFrame` (extra `pandas`): a row for each sentence or other ground behind a solution.

        `row` counts solutions from 0; `how` is supported, implied, contradicted, or editorial, where no sentence is
        behind a claim. A solution without claims has a row without them.
        """
        columns = ("row", "statement", "sentence", "text", "how", "document")
        rows: list[tuple[Any, ...]] = []
        for number, claims in enumerate(self.evidence):
            before = len(rows)
            for evidence in claims:
                statement = evidence.statement(self.solutions.prefixes)
                told = [(one, "implied" if one.implied else "supported") for one in evidence.sentences]
                told += [(one, "contradicted") for one in evidence.contradicting]
                rows += [(number, statement, one.called, one.quote or one.gist, how, one.document) for one, how in told]
                if not told:
                    rows.append((number, statement, None, "; ".join(evidence.notes) or None, "editorial", None))
            if len(rows) == before:
                rows.append((number, None, None, None, None, None))
        pandas = imported("pandas")
        return pandas.DataFrame(rows, columns=columns)

    def to_json(self) -> str:
        """The solutions in the JSON form of SPARQL results, with a member `why`: for each of them its claims."""
        value = json.loads(self.solutions.to_json())
        value["why"] = [[_member(evidence) for evidence in claims] for claims in self.evidence]
        if self.incomplete:
            value["why_incomplete"] = self.incomplete
        return json.dumps(value, ensure_ascii=False)


def _reasons(claims: Sequence[Evidence]) -> list[str]:
    """What stands behind a solution, each once; the first of much."""
    texts: dict[str, None] = {}
    for evidence in claims:
        texts |= dict.fromkeys(evidence.reasons)
        if len(texts) > _SHOWN:
            return [*list(texts)[:_SHOWN], "…"]
    return list(texts)


def explain(
    text: str,
    select: Select,
    support: Support,
    prefixes: Mapping[str, str],
    *,
    data: Select | None = None,
    parameters: Collection[str] = (),
    base: str = "",
    most: int | None = None,
) -> Explanation:
    """The solutions of a SELECT query, with the claims behind them; the first so many, if `most` says so.

    `parameters` are the tokens of terms that `select` binds to variables; then `data` answers queries as they are.
    Raises `QueryError` for another form of query, and what `select` raises for the query itself. Where it fails for all
    variables, or they are too many, or a path leads too far, the explanation says that it is incomplete.
    """
    query_tokens = list(tokens(text))
    if form(query_tokens) not in ("SELECT", None):
        raise QueryError("only the solutions of a SELECT query have sentences behind them.")
    wide = widened(text, query_tokens)
    root = patterns_of(text, query_tokens, prefixes, base)
    asked = list(routes(root))
    ends = frozenset(node.variable for route in asked for node in (route.subject, route.object, route.graph or Node()))
    matched, incomplete = None, []
    if wide is not None:
        try:
            matched = select(wide.text)
        except (IsocKgError, SyntaxError, ValueError, RuntimeError, OSError) as error:
            incomplete.append(f"not every match of the query was read: {getattr(error, 'message', error)}")
    if wide and wide.grouped and matched and len(matched[1]) > MOST_MATCHES:
        matched = None
        incomplete.append(f"the solutions are of more than {MOST_MATCHES:,} matches.")
    if wide is None or matched is None:
        variables, rows = select(text)
        matches = {}
    else:
        projected = _projected(wide, *matched)
        variables, rows = (wide.variables, _rows_of(wide, projected)) if wide.whole else select(text)
        matches = _by_solution(projected, *matched, ends)
    ordered = rows if is_ordered(query_tokens) else sorted(rows, key=_key)
    ordered = list(ordered[:most])
    keys = [list(variables).index(name) for name in wide.variables] if wide and wide.grouped else range(len(variables))
    own = [matches.get(_key([row[at] for at in keys])) or [_match(variables, row, ends)] for row in ordered]
    if wide is None and is_computed(query_tokens):
        incomplete.append("the solutions are computed; select the variables that they are computed from.")
    walked: list[list[_Triple]] = [[] for _ in own]
    if asked:
        dataset = dataset_clauses(query_tokens, *namespaces(query_tokens, prefixes, base))
        if not _are_read(asked, matched[0] if matched else variables):
            incomplete.append("a path leads to a node that no variable of the solutions stands for.")
        walked, reasons = _walked(Walks(data or select, dataset), asked, own)
        incomplete += reasons
    # the properties within paths say nothing of what stands beside them
    spans = [(route.path.start, route.path.end) for group in groups(root) for route in _all_routes(group)]
    beside = [token for token in query_tokens if not any(start <= token.start < end for start, end in spans)]
    names = {name.encode() for name in named_terms(beside, prefixes, base)}
    names.update(term.encode() for term in parameters)
    any_property = not spans or any(pattern.path.variable for group in groups(root) for pattern in group.patterns)
    most_of_each = _MOST_OF_GROUP if wide and wide.grouped else None
    behind, left_out = _behind(support, own, walked, frozenset(names), any_property, most_of_each)
    if left_out:
        incomplete.append(f"of each solution's statements the first {_MOST_OF_GROUP} are told.")
    return Explanation(Solutions(variables, ordered, prefixes), behind, "; ".join(incomplete) or None)


def _alike(row: Sequence[Any]) -> tuple[str, ...]:
    """A row to compare with another answer's, blank nodes alike."""
    return tuple("_:" if isinstance(term, ox.BlankNode) else str(term) for term in row)


def _key(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, row))


def _match(variables: Sequence[str], row: Sequence[Any], ends: Collection[str]) -> _Match:
    terms = frozenset(term_token(term) for term in row if term is not None)
    values = {
        name: None if term is None else term_token(term)
        for name, term in zip(variables, row, strict=True)
        if name in ends
    }
    return _Match(terms, values)


def _projected(wide: Widened, variables: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Each row with the values of the selected variables alone; one that the pattern does not have is unbound."""
    columns = [variables.index(name) if name in variables else None for name in wide.variables]
    return [tuple(None if column is None else row[column] for column in columns) for row in rows]


def _rows_of(wide: Widened, projected: list[Row]) -> list[Row]:
    """The solutions of the query itself, in the order of their matches."""
    return list({_key(row): row for row in projected}.values()) if wide.distinct else projected


def _by_solution(
    projected: Sequence[Row], variables: Sequence[str], rows: Sequence[Sequence[Any]], ends: Collection[str]
) -> dict[tuple[str, ...], list[_Match]]:
    matches: dict[tuple[str, ...], list[_Match]] = {}
    for solution, row in zip(projected, rows, strict=True):
        matches.setdefault(_key(solution), []).append(_match(variables, row, ends))
    return matches


def _all_routes(group: GroupPattern) -> Iterator[Route]:
    return (Route(*pattern) for pattern in group.patterns if not pattern.path.is_property)


def _are_read(asked: Iterable[Route], variables: Collection[str]) -> bool:
    """Whether both ends of all paths are terms, or variables that matches have values for."""
    ends = [node for route in asked for node in (route.subject, route.object)]
    return all(node.term or node.variable in variables for node in ends)


def _walked(
    walks: Walks, asked: Sequence[Route], solutions: Sequence[Sequence[_Match]]
) -> tuple[list[list[_Triple]], list[str]]:
    """For each solution the statements on the walks of its matches, and why some may be missing."""
    pairs: dict[tuple[PathExpression, str], dict[tuple[bytes, bytes], list[int]]] = {}
    for route in asked:
        for number, matches in enumerate(solutions):
            for match in matches:
                start, end = (_end(node, match) for node in (route.subject, route.object))
                of_graph = _end(route.graph, match) if route.graph else b""
                if start and end and of_graph is not None:
                    of_path = pairs.setdefault((route.path.expression, of_graph.decode()), {})
                    of_path.setdefault((start, end), []).append(number)
    found: list[list[_Triple]] = [[] for _ in solutions]
    reasons: dict[str, None] = {}
    for (expression, graph), numbers in pairs.items():
        try:
            for pair, triples in walks.between(expression, numbers.keys(), graph).items():
                for number in numbers[pair]:
                    found[number] += triples
        except Incomplete as error:
            reasons[str(error)] = None
        except (IsocKgError, SyntaxError, ValueError, RuntimeError, OSError) as error:
            reasons[f"the paths were not followed: {getattr(error, 'message', error)}"] = None
    return found, list(reasons)


def _end(node: Node, match: _Match) -> bytes | None:
    return node.term.encode() or match.ends.get(node.variable)


def _behind(
    support: Support,
    solutions: Sequence[Sequence[_Match]],
    walked: Sequence[Sequence[_Triple]],
    names: Terms,
    any_property: bool,
    most: int | None = None,
) -> tuple[tuple[list[Evidence], ...], bool]:
    """For each solution, given as its matches and the statements that their paths lead over, the evidence behind it.

    Of each there are so many, if `most` says so; the second value tells whether any were left out.
    Claims are in the order of their triples. Where no property is named, `any_property` tells whether all count.
    """
    values = frozenset().union(*(match.terms for matches in solutions for match in matches), names)
    claims: dict[bytes, list[tuple[bytes, Claim]]] = {}
    stated = [pair for pair in _stated(support, support.about(values), names) if pair[1][2] in values]
    named = support.properties(names)
    named |= {predicate for _, (_, predicate, _) in stated if predicate in names}
    for claim, (subject, predicate, object_) in stated:
        if predicate in named or (not named and any_property):
            claims.setdefault(subject, []).append((object_, claim))
    called = {iri_token(claim.iri): claim for claim in support.called(values)}
    of_statement = _claims_of(support, {triple for triples in walked for triple in triples})
    evidence_of: dict[str, Evidence] = {}

    def evidence(claim: Claim) -> Evidence:
        if claim.iri not in evidence_of:
            evidence_of[claim.iri] = support.evidence(claim)
        return evidence_of[claim.iri]

    result, left_out = [], False
    for matches, triples in zip(solutions, walked, strict=True):
        behind = {
            (claim.triple, claim.iri): claim
            for terms, _ in matches
            for subject in (terms | names) & claims.keys()
            for object_, claim in claims[subject]
            if object_ in terms or object_ in names
        }
        own = frozenset().union(names, *(terms for terms, _ in matches)) & called.keys()
        behind |= {(claim.triple, claim.iri): claim for claim in (called[name] for name in own)}
        behind |= {(claim.triple, claim.iri): claim for triple in triples for claim in of_statement.get(triple, ())}
        left_out = left_out or (most is not None and len(behind) > most)
        result.append([evidence(claim) for _, claim in sorted(behind.items())[:most]])
    return tuple(result), left_out


def _claims_of(support: Support, triples: Collection[_Triple]) -> dict[_Triple, list[Claim]]:
    """The claims that statements are or follow from."""
    nodes = {node for subject, _, object_ in triples for node in (subject, object_)}
    names = frozenset(predicate for _, predicate, _ in triples)
    found: dict[_Triple, list[Claim]] = {}
    for claim, triple in _stated(support, support.about(nodes), names) if triples else ():
        if triple in triples:
            found.setdefault(triple, []).append(claim)
    return found


def claims_entailing(support: Support, subject: bytes, predicate: bytes, object_: bytes | None) -> list[Claim]:
    """The claims that a statement (tokens) is or follows from, in the order of their triples.

    Without an object, those about the subject alone are asked.
    """
    claims = support.about({subject, object_} if object_ else {subject})
    found = {
        (claim.triple, claim.iri): claim
        for claim, triple in _stated(support, claims, frozenset((predicate,)))
        if triple[:2] == (subject, predicate) and object_ in (None, triple[2])
    }
    return [claim for _, claim in sorted(found.items())]


def _stated(support: Support, claims: Iterable[Claim], names: Terms) -> Iterator[tuple[Claim, _Triple]]:
    """Claims with their triple and each that it entails; with the schemes of concepts, where the names ask for them."""
    stated = [(claim, split(claim.triple)[:3]) for claim in claims]
    axioms = support.axioms({object_ if predicate == _TYPE else predicate for _, (_, predicate, object_) in stated})
    for claim, own in stated:
        yield claim, own
        for entailed in axioms.entailed(*own):
            yield claim, entailed
    if asked := IN_SCHEME.keys() & names:
        typed = [(own[0], claim) for claim, own in stated if own[1] == _TYPE]
        schemes = support.schemes({concept for concept, _ in typed})
        for concept, claim in typed:
            for scheme in schemes.get(concept, ()):
                for name in asked:
                    yield claim, (scheme, name, concept) if IN_SCHEME[name] else (concept, name, scheme)


def _member(evidence: Evidence) -> dict[str, Any]:
    """A claim as a member of `why`."""
    sentences = [
        {"iri": sentence.iri, "number": sentence.unit.number, "kind": sentence.unit.kind}
        | ({"gist": sentence.gist} if sentence.gist else {})
        | ({"quote": sentence.quote} if sentence.quote else {})
        | sentence.status
        for sentence in evidence.sentences
    ]
    notes = {"notes": list(evidence.notes)} if evidence.notes else {}
    about = {"claim": evidence.claim, "statement": list(evidence.triple), "sentences": sentences}
    return about | notes | evidence.disagreement
