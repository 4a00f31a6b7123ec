"""Shapes compiled to what finds their results in a store."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pyoxigraph as ox

from ...namespaces import SH
from ...query.evaluator import Evaluator
from ..shape_index import Shape, ShapeIndex
from ..terms import Names, Term, Uncompilable, token
from . import components
from .check import Check, FocusCheck, Rows, RowsCheck, SparqlCheck, ValueCheck
from .classes import Classes
from .components import sparql_based
from .expressions import any_of, negated, some
from .probes import Probes
from .query import Condition, Constraint, Focus, Loop, Query, Scan
from .stored_literals import StoredLiterals
from .targets import patterns

__all__ = ["Compiler"]

#: Shapes inside one another, and characters of a query: more, and the engine's own parser may fail.
_MAX_DEPTH, _MAX_TEXT = 25, 100_000


@dataclass
class Compiler:
    """Makes queries of shapes for one store."""

    graph: ShapeIndex
    evaluator: Evaluator
    classes: Classes
    literals: StoredLiterals
    probes: Probes
    names: Names = field(default_factory=Names)
    _within: list[Term] = field(default_factory=list)
    _focuses: dict[tuple[tuple[str, Term], ...], list[Focus]] = field(default_factory=dict)
    _reached: dict[tuple[str, str], Focus] = field(default_factory=dict)
    _broken_by: dict[tuple[Term, str], str] = field(default_factory=dict)
    _readable: dict[tuple[str, str], bool] = field(default_factory=dict)

    def reads(self, pattern: str, flags: str = "") -> bool:
        """Whether the store's regular expressions take a pattern: for one that they do not, nothing is broken."""
        if (pattern, flags) not in self._readable:
            arguments = ", ".join(token(ox.Literal(part)) for part in ("", pattern, flags))
            self._readable[pattern, flags] = self.evaluator.ask(
                f"ASK {{ BIND(REGEX({arguments}) AS ?readable) FILTER(BOUND(?readable)) }}"
            )
        return self._readable[pattern, flags]

    def written_in_sparql(self, shape: Shape) -> list[SparqlCheck]:
        """The constraints of a shape whose queries its author wrote."""
        return list(sparql_based.checks(self.graph, shape))

    def focuses(self, targets: list[tuple[str, Term]]) -> list[Focus]:
        """How the focus nodes of a shape with targets are found; together the queries of all are complete."""
        name = tuple(sorted(targets, key=repr))
        if name not in self._focuses:
            node = self.names.fresh()
            found = patterns(node, targets, self.classes, self.literals, self.names)
            self._focuses[name] = [Focus(pattern, (node,)) for pattern in found]
        return self._focuses[name]

    def parts(self, shape: Shape, focus: Focus) -> list[Scan | Query | Loop]:
        """What finds the results of a shape with targets, and of its property shapes.

        Raises `Uncompilable` when a part of it cannot be said in a query.
        """
        numbers = count()
        self._broken_by.clear()

        def constraint(where: Shape, component: str, on_value: bool) -> Constraint:
            return Constraint(shape, next(numbers), where, component, on_value)

        found = list(self._parts(shape, focus, constraint))
        for part in found:
            if (
                len(part.text) > _MAX_TEXT
                if isinstance(part, Query)
                else isinstance(part, Scan) and part.size > _MAX_TEXT
            ):
                raise Uncompilable("its query would be too long")
        return found

    def _parts(
        self, shape: Shape, focus: Focus, constraint: Callable[[Shape, str, bool], Constraint]
    ) -> Iterator[Scan | Query | Loop]:
        if shape.deactivated:
            return
        self._require(shape)
        with _Within(self._within, shape.node):
            below = self._values(shape, focus)
            on_values: list[Condition] = []
            on_focus: list[Condition] = []
            for check in components.checks(self, shape):
                of = constraint(shape, check.component, isinstance(check, ValueCheck))
                if isinstance(check, RowsCheck):
                    yield _rows(of, focus, check.rows(focus.node))
                elif isinstance(check, FocusCheck):
                    test = check.test or check.bad
                    on_focus.append(Condition(of, check.bad(focus.node), test(focus.node)))
                else:
                    bad = check.bad(focus.node, below.node)
                    on_values.append(Condition(of, bad, bad))
            yield Scan(below.pattern, focus.node, below.nodes, tuple(on_values))
            yield Scan(focus.pattern, focus.node, focus.nodes, tuple(on_focus))
            for written in self.written_in_sparql(shape):
                yield Loop(constraint(shape, written.component, False), focus, written)
            for node in self.graph.values(shape.node, SH.property):
                yield from self._parts(self.graph.shape(node), below, constraint)

    def _values(self, shape: Shape, focus: Focus) -> Focus:
        """The value nodes of a focus node as further focus nodes."""
        if shape.path is None:
            return focus
        path = shape.path.to_sparql()
        name = (focus.pattern, path)
        if name not in self._reached:
            value = self.names.fresh()
            pattern = f"{focus.pattern} {focus.node} {path} {value} ."
            if shape.path.is_nullable:  # a store need not know a node that is in none of its triples
                pattern = f"{{ {focus.pattern} BIND({focus.node} AS {value}) }} UNION {{ {pattern} }}"
            self._reached[name] = Focus(pattern, (*focus.nodes, value))
        return self._reached[name]

    def conforms(self, node: Term, focus: str) -> str:
        """An expression: whether a node conforms to a shape."""
        return negated(self.breaks(self.graph.shape(node), focus))

    def breaks(self, shape: Shape, focus: str) -> str:
        """An expression: whether a node breaks a constraint of a shape."""
        if shape.deactivated:
            return "false"
        if (known := self._broken_by.get((shape.node, focus))) is None:
            known = self._broken_by[shape.node, focus] = self._breaks(shape, focus)
        return known

    def _require(self, shape: Shape) -> None:
        """Raise `Uncompilable` for a path that the store does not follow."""
        if shape.path is not None and shape.path.repeats and not self.probes.repeats_paths:
            raise Uncompilable("the store does not follow paths that repeat")

    def _breaks(self, shape: Shape, focus: str) -> str:
        self._require(shape)
        with _Within(self._within, shape.node):
            found: list[Check] = list(components.checks(self, shape))
            parts = [check.bad(focus) for check in found if isinstance(check, RowsCheck)]
            parts += [(check.test or check.bad)(focus) for check in found if isinstance(check, FocusCheck)]
            each = [check for check in found if isinstance(check, ValueCheck)]
            below = self.graph.values(shape.node, SH.property)

            def bad(value: str) -> str:
                return any_of(
                    [
                        *(check.bad(focus, value) for check in each),
                        *(self.breaks(self.graph.shape(node), value) for node in below),
                    ]
                )

            if each or below:
                parts.append(bad(focus) if shape.path is None else some(focus, shape.path, bad, self.names))
            parts += [self._broken(shape, check, focus) for check in self.written_in_sparql(shape)]
            text = any_of(parts)
        if len(text) > _MAX_TEXT:
            raise Uncompilable("its query would be too long")
        return text

    def _broken(self, shape: Shape, check: SparqlCheck, focus: str) -> str:
        """An expression: whether a node breaks a constraint in SPARQL, if its query can stand in another."""
        if not check.query.is_one_pattern:
            raise Uncompilable("a query stands inside another constraint")
        if not check.each_value:
            return f"EXISTS {{ {check.query.bound({'this': focus}).pattern} }}"

        def bad(value: str) -> str:
            return negated(f"EXISTS {{ {check.query.bound({'this': focus, 'value': value}).pattern} }}")

        return bad(focus) if shape.path is None else some(focus, shape.path, bad, self.names)


def _rows(constraint: Constraint, focus: Focus, rows: Rows) -> Query:
    shown = [name for name in (rows.value, rows.path) if name]
    key = tuple(dict.fromkeys((*focus.nodes, *shown, *rows.others)))
    text = f"SELECT {' '.join(key)} WHERE {{ {focus.pattern} {rows.pattern} }}"
    if rows.having:
        text += f" GROUP BY {' '.join(key)} HAVING({rows.having})"
    return Query(text, ((constraint, None),), focus.node, key, rows.value, rows.path)


class _Within:
    """Shapes that are being compiled: one that comes back to itself has no end as a query."""

    def __init__(self, nodes: list[Term], node: Term) -> None:
        self.nodes, self.node = nodes, node

    def __enter__(self) -> None:
        if self.node in self.nodes:
            raise Uncompilable("it refers to itself")
        if len(self.nodes) >= _MAX_DEPTH:
            raise Uncompilable(f"shapes are nested more than {_MAX_DEPTH} deep")
        self.nodes.append(self.node)

    def __exit__(self, *_: object) -> None:
        self.nodes.pop()
