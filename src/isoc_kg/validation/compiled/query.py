"""Queries, what their rows are results of, and how several conditions on the same nodes become one query."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..shape_index import Shape
from ..terms import Names
from .check import SparqlCheck
from .expressions import any_of

__all__ = ["Condition", "Constraint", "Focus", "Loop", "Query", "Scan", "apart", "merged"]

#: Conditions that one query may have, and the characters of their texts together.
_MOST, _LONGEST = 40, 60_000


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
class Constraint:
    """A constraint of a shape, reached from a shape with targets (`target`), where it is the `number`th.

    With `on_value`, the last of the nodes that a scan binds is what is wrong.
    """

    target: Shape
    number: int
    shape: Shape
    component: str
    on_value: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query, and the variables that hold the parts of its results.

    A row is a result of each constraint whose flag, if it has one, is true. Rows that agree in `key` are one result.
    """

    text: str
    found: tuple[tuple[Constraint, str | None], ...]
    focus: str
    key: tuple[str, ...]
    value: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """A constraint whose query its author wrote, to be run for the focus nodes of a shape."""

    constraint: Constraint
    focus: Focus
    check: SparqlCheck


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that holds where a constraint is broken.

    `test` may stand for it in a filter, if the tests of all constraints on the same nodes stand there together.
    """

    constraint: Constraint
    bad: str
    test: str


@dataclass(frozen=True, slots=True)
class Scan:
    """Conditions on nodes that one pattern binds: focus nodes, or focus nodes with their values."""

    pattern: str
    focus: str
    key: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def query(self, names: Names) -> Query:
        """The query for the nodes of which a condition holds; which one is told by a variable each."""
        conditions = [condition for condition in self.conditions if condition.bad != "false"]
        flags = [names.fresh() for _ in conditions] if len(conditions) > 1 else [None]
        pairs = list(zip(conditions, flags, strict=True)) if conditions else []
        told = "".join(f" ({condition.bad} AS {flag})" for condition, flag in pairs if flag)
        held = any_of(condition.test for condition in self.conditions)
        return Query(
            f"SELECT {' '.join(self.key)}{told} WHERE {{ {self.pattern} FILTER({held}) }}",
            tuple((condition.constraint, flag) for condition, flag in pairs),
            self.focus,
            self.key,
        )

    @property
    def size(self) -> int:
        """The characters of its conditions."""
        return sum(2 * len(condition.bad) for condition in self.conditions)


def merged(scans: Iterable[Scan]) -> Iterator[Scan]:
    """The same conditions in fewer scans: nodes are looked up once for all that is asked about them."""
    found: dict[tuple[str, str, tuple[str, ...]], Scan] = {}
    for scan in scans:
        if not scan.conditions:
            continue
        name = (scan.pattern, scan.focus, scan.key)
        if one := found.get(name):
            if len(one.conditions) + len(scan.conditions) <= _MOST and one.size + scan.size <= _LONGEST:
                scan = replace(one, conditions=one.conditions + scan.conditions)
            else:
                yield one
        found[name] = scan
    yield from found.values()


def apart(scan: Scan) -> Iterator[Scan]:
    """The conditions of a scan one by one: simpler queries, for a store that refuses the whole."""
    for condition in scan.conditions:
        yield replace(scan, conditions=(replace(condition, test=condition.bad),))
