"""Shapes compiled to queries, each of which finds the results of some constraints of one shape."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...namespaces import SH
from . import components
from .check import Check, FocusCheck, Rows, RowsCheck, ValueCheck
from .classes import Classes
from .components import sparql_based
from .components.sparql_based import SparqlCheck
from .expressions import any_of, negated, some
from .graph import Shape, ShapesGraph
from .queryable import Queryable, Term
from .targets import patterns
from .terms import Names, Uncompilable, iri

__all__ = ["Compiler", "Focus", "Found", "Loop", "Query"]

#: Shapes inside one another, and characters of a query: more, and the engine's own parser may fail.
_MAX_DEPTH, _MAX_TEXT = 25, 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a row of a query means: a result of this constraint when the variable `flag` is true, or always."""

    shape: Shape
    component: str
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query, what its rows are results of, and the variables that hold their parts.

    Rows that agree in `key` are one result.
    """

    text: str
    found: tuple[Found, ...]
    focus: str
    key: tuple[str, ...]
    value: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """How the focus nodes of a shape are found: a pattern, the nodes on the way to them, themselves last."""

    pattern: str
    nodes: tuple[str, ...]

    @property
    def node(self) -> str:
        """The variable of the focus node."""
        return self.nodes[-1]


@dataclass(frozen=True, slots=True)
class Loop:
    """A constraint in SPARQL that is still to be run for the focus nodes of a shape."""

    shape: Shape
    focus: Focus
    check: SparqlCheck


@dataclass
class Compiler:
    """Makes queries of shapes for one store."""

    graph: ShapesGraph
    queryable: Queryable
    classes: Classes
    names: Names = field(default_factory=Names)
    _within: list[Term] = field(default_factory=list)
    _kept: dict[str, bool] = field(default_factory=dict)

    def keeps(self, datatype: str) -> bool:
        """Whether the store keeps a datatype derived from `xsd:integer`, rather than make it `xsd:integer`."""
        if datatype not in self._kept:
            text = f'ASK {{ FILTER(DATATYPE("1"^^{iri(datatype)}) = {iri(datatype)}) }}'
            self._kept[datatype] = self.queryable.ask(text)
        return self._kept[datatype]

    def written_in_sparql(self, shape: Shape) -> list[SparqlCheck]:
        """The constraints of a shape whose queries its author wrote."""
        return list(sparql_based.checks(self, shape))

    @property
    def lost(self) -> list[str]:
        """The datatypes asked for that the store does not keep."""
        return sorted(name for name, kept in self._kept.items() if not kept)

    def focuses(self, targets: list[tuple[str, Term]]) -> list[Focus]:
        """How the focus nodes of a shape with targets are found; together the queries of all are complete."""
        node = self.names.fresh()
        return [Focus(pattern, (node,)) for pattern in patterns(node, targets, self.classes, self.names)]

    def queries(self, shape: Shape, focus: Focus) -> Iterator[Query | Loop]:
        """The queries that find the results of a shape and of its property shapes.

        Raises `Uncompilable` when a part of it cannot be said in a query.
        """
        for query in self._queries(shape, focus):
            if isinstance(query, Query) and len(query.text) > _MAX_TEXT:
                raise Uncompilable("its query would be too long")
            yield query

    def _queries(self, shape: Shape, focus: Focus) -> Iterator[Query | Loop]:
        if shape.deactivated:
            return
        with _Within(self._within, shape.node):
            found = list(components.checks(self, shape))
            yield from self._by_value(shape, focus, [check for check in found if isinstance(check, ValueCheck)])
            yield from self._by_focus(shape, focus, [check for check in found if isinstance(check, FocusCheck)])
            for check in found:
                if isinstance(check, RowsCheck):
                    yield self._by_rows(shape, focus, check.component, check.rows(focus.node))
            for written in self.written_in_sparql(shape):
                yield Loop(shape, focus, written)
            below = focus
            if shape.path is not None:
                value = self.names.fresh()
                pattern = f"{focus.pattern} {focus.node} {shape.path.to_sparql()} {value} ."
                below = Focus(pattern, (*focus.nodes, value))
            for node in self.graph.values(shape.node, SH.property):
                yield from self._queries(self.graph.shape(node), below)

    def _by_value(self, shape: Shape, focus: Focus, checks: list[ValueCheck]) -> Iterator[Query]:
        if not checks:
            return
        value, pattern, key = focus.node, focus.pattern, focus.nodes
        if shape.path is not None:
            value = self.names.fresh()
            pattern += f" {focus.node} {shape.path.to_sparql()} {value} ."
            key = (*focus.nodes, value)
        bad = [(check.component, check.bad(focus.node, value)) for check in checks]
        yield from self._filtered(shape, focus, pattern, bad, key, value)

    def _by_focus(self, shape: Shape, focus: Focus, checks: list[FocusCheck]) -> Iterator[Query]:
        bad = [(check.component, check.bad(focus.node)) for check in checks]
        yield from self._filtered(shape, focus, focus.pattern, bad, focus.nodes, None)

    def _filtered(
        self,
        shape: Shape,
        focus: Focus,
        pattern: str,
        bad: list[tuple[str, str]],
        key: tuple[str, ...],
        value: str | None,
    ) -> Iterator[Query]:
        """One query for several constraints: which of them a row breaks is told by a variable each."""
        bad = [(component, held) for component, held in bad if held != "false"]
        if not bad:
            return
        flags = [self.names.fresh() for _ in bad] if len(bad) > 1 else [None]
        told = "".join(f" ({held} AS {flag})" for (_, held), flag in zip(bad, flags, strict=True) if flag)
        held = any_of(held for _, held in bad)
        yield Query(
            f"SELECT {' '.join(key)}{told} WHERE {{ {pattern} FILTER({held}) }}",
            tuple(Found(shape, component, flag) for (component, _), flag in zip(bad, flags, strict=True)),
            focus.node,
            key,
            value,
        )

    def _by_rows(self, shape: Shape, focus: Focus, component: str, rows: Rows) -> Query:
        shown = [name for name in (rows.value, rows.path) if name]
        key = tuple(dict.fromkeys((*focus.nodes, *shown, *rows.others)))
        text = f"SELECT {' '.join(key)} WHERE {{ {focus.pattern} {rows.pattern} }}"
        if rows.having:
            text += f" GROUP BY {' '.join(key)} HAVING({rows.having})"
        return Query(text, (Found(shape, component),), focus.node, key, rows.value, rows.path)

    def conforms(self, node: Term, focus: str) -> str:
        """An expression: whether a node conforms to a shape."""
        return negated(self.breaks(self.graph.shape(node), focus))

    def breaks(self, shape: Shape, focus: str) -> str:
        """An expression: whether a node breaks a constraint of a shape."""
        if shape.deactivated:
            return "false"
        with _Within(self._within, shape.node):
            found: list[Check] = list(components.checks(self, shape))
            parts = [check.bad(focus) for check in found if not isinstance(check, ValueCheck)]
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
            return any_of(parts)

    def _broken(self, shape: Shape, check: SparqlCheck, focus: str) -> str:
        """An expression: whether a node breaks a constraint in SPARQL, if its query can stand in another."""
        if not check.query.is_one_pattern:
            raise Uncompilable("a query stands inside another constraint")
        if not check.each_value:
            return f"EXISTS {{ {check.query.bound({'this': focus}).pattern} }}"

        def bad(value: str) -> str:
            return negated(f"EXISTS {{ {check.query.bound({'this': focus, 'value': value}).pattern} }}")

        return bad(focus) if shape.path is None else some(focus, shape.path, bad, self.names)


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
