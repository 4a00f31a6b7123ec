"""What shapes are made of, and which engine is right on it: the table by which `auto` chooses.

Each row is shown by `tests/validation/test_constructs.py`, and in docs/conformance.md.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..namespaces import INTEGER_TYPES, RDF, SH, XSD
from ..query.regular_expressions import PatternError, read_pattern
from .shape_index import LOGICAL, NESTING, Shape, ShapeIndex
from .terms import Term

if TYPE_CHECKING:
    from ..query.tokens import Token

__all__ = ["BOUNDS", "CONSTRUCTS", "ORDINARY", "QUERIES", "Use", "Uses"]

#: A constraint in SPARQL; of the second kind are those that compute values or have queries inside, and the components
#: that shapes graphs declare.
QUERIES = ("a query", "a query that computes or nests")
#: Filters and functions in a query: what they see depends on how an engine has literals.
_LITERALS = "a query that looks at literals"
#: What depends on the values of literals: order, `IN`, `!=`, arithmetic, casts, whether one is true.
_VALUES = "a query on the values of literals"
#: `shacl` takes the focus node for the value where a solution has none, which is right for node shapes alone.
_VALUELESS = "a query of a property shape that may have solutions without ?value"
#: The words of queries that are all about nodes and properties.
_PLAIN_WORDS = frozenset(("SELECT", "ASK", "DISTINCT", "WHERE", "OPTIONAL", "UNION", "PREFIX", "A"))
#: Further words of queries whose conditions are about the forms, tags and datatypes of literals.
_TESTS = frozenset(("BOUND", "EXISTS", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "REGEX", "CONTAINS", "STRSTARTS")) | {
    "STRENDS",
    "LANGMATCHES",
    "SAMETERM",
}
_FORM_WORDS = _PLAIN_WORDS | _TESTS | {"FILTER", "NOT", "STR", "LANG", "DATATYPE", "STRLEN", "UCASE", "LCASE"}

#: The components that compare values with a bound.
BOUNDS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
_EXACT = INTEGER_TYPES | {XSD.decimal}
_NUMBERS = _EXACT | {XSD.double, XSD.float}
_NUMBER_BOUND = "a number as a bound"
#: Digits of numbers on which engines agree.
_DIGITS = 15
_LAX_DATATYPE = "sh:datatype xsd:decimal, xsd:duration, or of times"
#: Datatypes whose ill-formed literals `shacl` does not all find, or whose well-formed ones it does not all take.
_LAX = frozenset((XSD.decimal, XSD.dateTime, XSD.dateTimeStamp, XSD.time, XSD.duration))
#: Datatypes of which every literal is well-formed.
_FREE = frozenset((XSD.string, RDF.langString, XSD.anyURI))
_FAST, _OURS, _SLOW = frozenset(("shacl", "compiled")), frozenset(("compiled",)), frozenset(("compiled", "pyshacl"))

#: The engines that are right on each construct; a shape of anything else is right in all of them.
CONSTRUCTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "sh:closed in a property shape": _SLOW,
        "sh:qualifiedValueShapesDisjoint": _SLOW,
        "sh:datatype of numbers, dates and booleans": _FAST,
        _LAX_DATATYPE: _OURS,
        _NUMBER_BOUND: _OURS,
        "a date as a bound": _FAST,
        "a bound that is neither a number nor a date": _OURS,
        "sh:lessThan": _OURS,
        "sh:languageIn": _FAST,
        "sh:minLength": _FAST,
        "a pattern with back references or the flag m": _SLOW,
        "an empty list": _FAST,
        QUERIES[0]: _FAST,
        QUERIES[1]: _OURS,
        _VALUELESS: _SLOW,
        _LITERALS: _SLOW,
        _VALUES: _OURS,
        "a path of paths": _FAST,
        "a shape that refers to itself": frozenset(("shacl",)),
        "more than 3 values counted inside another constraint": frozenset(("shacl", "pyshacl")),
        "a query inside another constraint": frozenset(("shacl", "pyshacl")),
        "shapes nested more than 20 deep": frozenset(("shacl",)),
    }
)
#: Constructs on which `shacl` is right where all values are `ordinary` literals.
ORDINARY = frozenset((_LAX_DATATYPE, "sh:lessThan", _NUMBER_BOUND))
_DEEP, _COUNTED = 20, 3
#: What `Uses` looks at; most shapes have none of it.
_JUDGED = frozenset((*LOGICAL, *(SH[name] for name in BOUNDS))) | frozenset(
    SH[name]
    for name in (
        *("closed", "qualifiedValueShapesDisjoint", "datatype", "lessThan", "lessThanOrEquals", "in", "languageIn"),
        *("minLength", "pattern"),
    )
)


class Use(NamedTuple):
    """A construct, and the properties whose values it judges; None where that is not told by one property."""

    construct: str
    properties: frozenset[str] | None


class Uses:
    """The constructs of the shapes of a shapes graph."""

    def __init__(self, graph: ShapeIndex) -> None:
        self._graph = graph
        self._seen: set[tuple[Term, frozenset[str] | None, bool]] = set()
        self._components = {
            path.value
            for component in graph.subjects(SH.parameter)
            for parameter in graph.values(component, SH.parameter)
            for path in graph.values(parameter, SH.path)
            if isinstance(path, ox.NamedNode)
        }

    def of(self, shape: Shape) -> Iterator[Use]:
        """The constructs of a shape and of all shapes inside it."""
        self._seen.clear()
        yield from self._of(shape, None, (), inside=False)

    def _of(self, shape: Shape, at: frozenset[str] | None, within: tuple[Term, ...], *, inside: bool) -> Iterator[Use]:
        if shape.node in within:
            yield Use("a shape that refers to itself", None)
        if len(within) > _DEEP:
            yield Use("shapes nested more than 20 deep", None)
        if shape.path is not None:
            at = frozenset((shape.path.iri,)) if shape.path.kind == "predicate" else None
        if shape.node in within or len(within) > _DEEP or (shape.node, at, inside) in self._seen:
            return
        self._seen.add((shape.node, at, inside))
        if shape.path is not None and shape.path.kind != "predicate":
            yield Use("a path of paths", None)
        described = self._graph.described(shape.node)
        if not _JUDGED.isdisjoint(described):
            yield from self._own(shape, at)
        if SH.sparql in described or not self._components.isdisjoint(described):
            yield from self._queries(shape, inside=inside)
        if inside:
            yield from self._only_outside(shape)
        for inner, is_constraint in self._inner(shape):
            yield from self._of(inner, at, (*within, shape.node), inside=inside or is_constraint)

    def _inner(self, shape: Shape) -> Iterator[tuple[Shape, bool]]:
        """The shapes inside a shape, and whether they are a constraint of it rather than further property shapes."""
        graph = self._graph
        for name in NESTING:
            for node in graph.values(shape.node, name):
                yield graph.shape(node), name != SH.property
        for name in LOGICAL:
            for term in graph.values(shape.node, name):
                yield from ((graph.shape(node), True) for node in graph.members(term))

    def _only_outside(self, shape: Shape) -> Iterator[Use]:
        """What cannot be said in a query where it is part of another condition."""
        graph, node = self._graph, shape.node
        least = [*graph.values(node, SH.minCount), *graph.values(node, SH.qualifiedMinCount)]
        most = [*graph.values(node, SH.maxCount), *graph.values(node, SH.qualifiedMaxCount)]
        if any(_number(term) > _COUNTED for term in least) or any(_number(term) >= _COUNTED for term in most):
            yield Use("more than 3 values counted inside another constraint", None)
        if graph.values(node, SH.sparql) or not self._components.isdisjoint(graph.described(node)):
            yield Use("a query inside another constraint", None)

    def _own(self, shape: Shape, at: frozenset[str] | None) -> Iterator[Use]:
        graph, node = self._graph, shape.node
        if shape.path is not None and graph.holds(node, SH.closed):
            yield Use("sh:closed in a property shape", None)
        if graph.holds(node, SH.qualifiedValueShapesDisjoint):
            yield Use("sh:qualifiedValueShapesDisjoint", None)
        for term in graph.values(node, SH.datatype):
            if term.value in _LAX:
                yield Use(_LAX_DATATYPE, at)
            elif term.value.startswith(XSD.iri) and term.value not in _FREE:
                yield Use("sh:datatype of numbers, dates and booleans", at)
        for name in BOUNDS:
            yield from (self._bound(term, at) for term in graph.values(node, SH[name]))
        for name in ("lessThan", "lessThanOrEquals"):
            for term in graph.values(node, SH[name]):
                yield Use("sh:lessThan", None if at is None else at | {term.value})
        yield from self._texts(shape)
        for name in (*LOGICAL, SH["in"], SH.languageIn):
            if any(not graph.members(term) for term in graph.values(node, name)):
                yield Use("an empty list", None)

    def _queries(self, shape: Shape, *, inside: bool) -> Iterator[Use]:
        graph, declared = self._graph, not self._components.isdisjoint(self._graph.described(shape.node))
        queries = graph.values(shape.node, SH.sparql)
        if declared or any(_is_involved(graph, term) for term in queries):
            yield Use(QUERIES[1], None)
        elif queries and not inside:  # inside, it does not matter how many results there are
            yield Use(QUERIES[0], None)
        if queries and not inside and shape.path is not None and not all(_has_values(graph, term) for term in queries):
            yield Use(_VALUELESS, None)
        if declared or not all(_is_plain(graph, term) for term in queries):
            yield Use(_LITERALS, None)
        if declared or any(_needs_values(graph, term) for term in queries):
            yield Use(_VALUES, None)

    def _bound(self, term: Term, at: frozenset[str] | None) -> Use:
        datatype = term.datatype.value if isinstance(term, ox.Literal) else ""
        if datatype in _NUMBERS:
            is_ordinary = (
                datatype in _EXACT and re.fullmatch(r"[+-]?[0-9.]+", term.value) and len(term.value) <= _DIGITS
            )
            return Use(_NUMBER_BOUND, at if is_ordinary else None)
        return Use("a date as a bound" if datatype == XSD.date else "a bound that is neither a number nor a date", at)

    def _texts(self, shape: Shape) -> Iterator[Use]:
        graph = self._graph
        if graph.values(shape.node, SH.languageIn):
            yield Use("sh:languageIn", None)
        if graph.values(shape.node, SH.minLength):
            yield Use("sh:minLength", None)
        flags = graph.value(shape.node, SH.flags)
        for term in graph.values(shape.node, SH.pattern):
            try:
                pattern = read_pattern(term.value, flags.value if flags else "")
            except PatternError:
                continue  # an error of its own
            hard = pattern.looks_back or pattern.size > _RUST
            if hard:
                yield Use("a pattern with back references or the flag m", None)


#: The size of a pattern that the crate `regex` compiles within its limits in any case.
_RUST = 1_000


def _number(term: Term) -> int:
    return int(term.value[:18]) if isinstance(term, ox.Literal) and term.value.isdecimal() else 0


def _is_involved(graph: ShapeIndex, constraint: Term) -> bool:
    """Whether a query computes values or has others inside, or is none."""
    from ..query.tokens import tokens

    texts = [text.value for text in graph.values(constraint, SH.select) if isinstance(text, ox.Literal)]
    words = Counter(token.word for text in texts for token in tokens(text))
    return len(texts) != 1 or words["SELECT"] != 1 or not words.keys().isdisjoint(("AS", "GRAPH"))


def _is_plain(graph: ShapeIndex, constraint: Term) -> bool:
    """Whether a query has nothing but patterns, and no literal in them."""
    from ..query.tokens import tokens

    texts = [text.value for text in graph.values(constraint, SH.select) if isinstance(text, ox.Literal)]
    read = [token for text in texts for token in tokens(text)]
    return all(token.kind not in ("number", "string") and (token.word or "A") in _PLAIN_WORDS for token in read)


def _has_values(graph: ShapeIndex, constraint: Term) -> bool:
    """Whether each solution of a query has a value for `?value`, as far as its words tell."""
    from ..query.tokens import tokens

    for text in graph.values(constraint, SH.select):
        read = list(tokens(text.value)) if isinstance(text, ox.Literal) else []
        opened = accumulate(token.text == "{" for token in read)
        head = [token for token, opening in zip(read, opened, strict=True) if not opening]
        projected = any(token.text in ("?value", "$value", "*") for token in head)
        if not projected or any(token.word in ("OPTIONAL", "UNION") for token in read):
            return False
    return True


def _needs_values(graph: ShapeIndex, constraint: Term) -> bool:
    """Whether the solutions of a query depend on the values of literals, or may do so."""
    from ..query.tokens import tokens

    texts = [text.value for text in graph.values(constraint, SH.select) if isinstance(text, ox.Literal)]
    return any(_has_value(list(tokens(text))) for text in texts)


def _has_value(query: "Sequence[Token]") -> bool:
    ends = [None, None, *query, None]
    for before, last, token, after in zip(ends, ends[1:], query, ends[3:], strict=False):
        follows = after.text if after else ""
        if (token.word or "A") not in _FORM_WORDS or token.text in ("<", ">", "<=", ">=", "!=", "-"):
            return True
        if token.kind == "number" and token.text[0] in "+-":  # it may stand for an operator
            return True
        if token.kind in ("name", "iri") and follows == "(":  # a cast, or a function of the author's
            return True
        if token.text in ("+", "*", "/") and (
            (last is not None and last.kind in ("variable", "number"))
            or (after is not None and after.kind in ("variable", "number"))
            or follows == "("
        ):
            return True
        if token.text == "!" and (after is None or after.word not in _TESTS):
            return True
        if token.kind == "variable" and follows in (")", "&&", "||") and last is not None:
            opened = last.text == "(" and (before is None or before.word in (None, "", "FILTER"))
            if opened or last.text in ("&&", "||"):
                return True
    return False
