"""Queries of shapes' authors, run for the focus nodes: all at once where that means the same, else in batches."""

import re
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from ...errors import EngineError, QueryError
from ..report import Result
from ..terms import Row, Term, Uncompilable, shown, token
from .compiler import Compiler
from .prebinding import BoundQuery
from .query import Loop

__all__ = ["Runner"]

#: Focus nodes whose solutions one query gives.
_AT_ONCE = 16


class Runner:
    """The queries of a constraint in SPARQL."""

    def __init__(self, compiler: Compiler, loop: Loop) -> None:
        self.compiler = compiler
        self.shape, self.focus, self.check = loop.constraint.shape, loop.focus, loop.check

    def results(self) -> Iterator[Result]:
        """The results."""
        if pattern := self._at_once():
            yield from self._joined(pattern)
            return
        rows = list(self._nodes())
        nameless = [row for row in rows if any(isinstance(term, ox.BlankNode) for term in self._named(row))]
        if nameless:
            raise Uncompilable("its query is to run for blank nodes, which no second query can name")
        run = self._values if self.check.each_value else self._solutions
        for start in range(0, len(rows), _AT_ONCE):
            yield from run(rows[start : start + _AT_ONCE])

    def _at_once(self) -> str | None:
        """A pattern for all focus nodes and what the query finds for them; None where it would mean something else."""
        query, node = self.check.query, self.focus.node
        if self.check.each_value:
            if not query.is_one_pattern:
                return None
            nodes, pattern = self._valued()
            bound = query.bound({"this": node, "value": nodes[-1]})
            return f"{pattern} FILTER(NOT EXISTS {{ {bound.pattern} }})"
        if not query.is_flat or query.modifiers.strip():
            return None
        every = f"{{ SELECT DISTINCT {' '.join(self.focus.nodes)} WHERE {{ {self.focus.pattern} }} }}"
        return f"{every} {query.bound({'this': node}).pattern}"

    def _joined(self, pattern: str) -> Iterator[Result]:
        query, check = self.check.query, self.check
        nodes = self._valued()[0] if check.each_value else list(self.focus.nodes)
        names = [] if check.each_value else [name for name in query.variables if name != "this"]
        projected = [] if check.each_value else self._shown(query.bound({"this": self.focus.node}))
        distinct = "DISTINCT " if query.distinct or check.each_value else ""
        text = f"SELECT {distinct}{' '.join([*nodes, *projected])} WHERE {{ {pattern} }}"
        for row in self._rows(text, [*nodes, *(f"?{name}" for name in names)]):
            terms: dict[str, Term | None] = dict(zip(names, row[len(nodes) :], strict=True))
            focus = row[len(self.focus.nodes) - 1]
            value = row[len(nodes) - 1] if check.each_value else self._value(terms, focus)
            yield self._result(focus, value, terms.get("path"), {**terms, "this": focus, "value": value})

    def _valued(self) -> tuple[list[str], str]:
        """The variables of focus nodes and their values, and the pattern that binds them."""
        if self.shape.path is None:
            return list(self.focus.nodes), self.focus.pattern
        value = f"{self.focus.node}v"
        pattern = f"{self.focus.pattern} {self.focus.node} {self.shape.path.to_sparql()} {value} ."
        return [*self.focus.nodes, value], pattern

    def _value(self, terms: dict[str, Term | None], focus: Term | None) -> Term | None:
        """What a solution says is wrong: its `?value`, or the focus node of a node shape."""
        return terms.get("value") or (focus if self.shape.path is None else None)

    def _named(self, row: Row) -> Sequence[Term | None]:
        return row[-2:] if self.check.each_value and self.shape.path is not None else row[-1:]

    def _nodes(self) -> Iterator[Row]:
        """The focus nodes (with their values, where each is asked about), each once."""
        nodes, pattern = self._valued() if self.check.each_value else (list(self.focus.nodes), self.focus.pattern)
        if not self.check.each_value and (required := self.check.query.required):
            # most nodes need not be asked about one by one
            pattern += f" FILTER(EXISTS {{ {nodes[-1]} {required} {self.compiler.names.fresh()} }})"
        _, rows = self.compiler.evaluator.select(f"SELECT DISTINCT {' '.join(nodes)} WHERE {{ {pattern} }}")
        yield from rows

    def _values(self, rows: list[Row]) -> Iterator[Result]:
        """A result for each value node for which the query answers no."""
        query, number = self.check.query, self.compiler.names.fresh()
        parts = []
        for position, row in enumerate(rows):
            focus, value = self._named(row)[0], row[-1]
            bound = query.bound({"this": token(focus), "value": token(value)})
            parts.append(f"{{ SELECT ({position} AS {number}) WHERE {{ FILTER(NOT EXISTS {{ {bound.pattern} }}) }} }}")
        for answer in self._union(parts, [number]):
            row = rows[_index(answer[0])]
            terms = {"this": self._named(row)[0], "value": row[-1]}
            yield self._result(self._named(row)[0], row[-1], None, terms)

    def _solutions(self, rows: list[Row]) -> Iterator[Result]:
        """A result for each solution of the query."""
        query, number = self.check.query, self.compiler.names.fresh()
        names = [name for name in query.variables if name != "this"]
        parts = [self._part(query, position, row[-1], number) for position, row in enumerate(rows)]
        for answer in self._union(parts, [number, *(f"?{name}" for name in names)]):
            focus = rows[_index(answer[0])][-1]
            terms: dict[str, Term | None] = dict(zip(names, answer[1:], strict=True))
            value = self._value(terms, focus)
            yield self._result(focus, value, terms.get("path"), {**terms, "this": focus})

    def _part(self, query: BoundQuery, position: int, focus: Term | None, number: str) -> str:
        bound = query.bound({"this": token(focus)})
        projected = " ".join(self._shown(bound))
        # Modifiers may group by the focus node: there it stays a variable, bound behind all that it is in.
        grouping = f" BIND({token(focus)} AS ?this)" if query.modifiers.strip() else ""
        distinct = "DISTINCT " if query.distinct else ""
        grouped = (
            f"SELECT {distinct}{projected or '(1 AS ?one)'} WHERE {{ {bound.pattern}{grouping} }} {query.modifiers}"
        )
        return f"{{ SELECT * WHERE {{ {{ {grouped} }} BIND({position} AS {number}) }} }}"

    def _shown(self, query: BoundQuery) -> list[str]:
        """The projection, of a query whose `$this` is bound."""
        if query.projection.startswith("*"):
            return [f"?{name}" for name in query.variables if name != "this"]
        return [query.projection] if query.projection else []

    def _union(self, parts: list[str], wanted: list[str]) -> Iterator[list[Term | None]]:
        return self._rows(f"SELECT {' '.join(wanted)} WHERE {{ {' UNION '.join(parts)} }}", wanted)

    def _rows(self, text: str, wanted: list[str]) -> Iterator[list[Term | None]]:
        variables, rows = self.compiler.evaluator.select(text)
        if not {name[1:] for name in wanted}.issubset(variables):
            raise QueryError("the store answers without some of the variables asked for.")
        places = [variables.index(name[1:]) for name in wanted]
        for row in rows:
            yield [row[place] for place in places]

    def _result(
        self, focus: Term | None, value: Term | None, path: Term | None, terms: dict[str, Term | None]
    ) -> Result:
        check, shape = self.check, self.shape
        own = terms.get("message")
        message = own.value if isinstance(own, ox.Literal) else next(iter(check.messages), "")
        named = {**check.parameters, **terms}
        return Result(
            focus_node=shown(focus),
            path=str(path) if isinstance(path, ox.NamedNode) else shape.path.shown() if shape.path else None,
            value=None if value is None else shown(value),
            component=check.component,
            severity=shape.severity,
            shape=shape.name,
            message=_filled(message, named) if message else shape.message,
        )


def _filled(message: str, terms: dict[str, Term | None]) -> str:
    """A message with the values of the variables it names in braces."""

    def value(match: re.Match[str]) -> str:
        term = terms.get(match[1])
        return match[0] if term is None else term.value

    return re.sub(r"\{[?$](\w+)\}", value, message)


def _index(term: Term | None) -> int:
    if not isinstance(term, ox.Literal) or not term.value.isdecimal():
        raise EngineError("the store answers a number with something else.")
    return int(term.value)
