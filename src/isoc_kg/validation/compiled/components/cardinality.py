"""Cardinality constraint components (https://www.w3.org/TR/shacl/#core-components-count)."""

from collections.abc import Iterator

import pyoxigraph as ox

from ....namespaces import SH
from ...paths import Path
from ...shape_index import Shape
from ...terms import Term, Uncompilable
from ..check import Check, FocusCheck, Rows, RowsCheck
from ..compilation import Compilation
from ..expressions import MOST_COUNTED, Condition, at_least, negated, some

__all__ = ["checks", "counted", "number"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:minCount` and `sh:maxCount`."""
    if shape.path is None:
        return
    path, names = shape.path, compilation.names
    least = [number(term) for term in compilation.graph.values(shape.node, SH.minCount)]
    most = [number(term) for term in compilation.graph.values(shape.node, SH.maxCount)]
    found = [
        counted(compilation, SH.MinCountConstraintComponent, path, _any, limit, most=False) for limit in least if limit
    ]
    found += [counted(compilation, SH.MaxCountConstraintComponent, path, _any, limit, most=True) for limit in most]
    if least == most == [1]:

        def not_one(focus: str) -> str:
            def only(value: str) -> str:
                return negated(some(focus, path, lambda other: f"!sameTerm({value}, {other})", names))

            return negated(some(focus, path, only, names))

        # One question for both: is there a value beside which there is no other?
        found = [
            FocusCheck(check.component, check.bad, test)
            for check, test in zip(found, (not_one, lambda _: "false"), strict=True)
            if isinstance(check, FocusCheck)
        ]
    yield from found


def _any(_: str) -> str:
    return "true"


def number(term: Term) -> int:
    """The whole number that a parameter gives."""
    if not isinstance(term, ox.Literal) or not term.value.isdecimal() or len(term.value) > 18:
        raise Uncompilable("a count is no whole number")
    return int(term.value)


def counted(
    compilation: Compilation, component: str, path: Path, condition: Condition, limit: int, *, most: bool
) -> Check:
    """The check that at least, or at most, so many values fulfil a condition.

    Small numbers are told apart by look-ups, larger ones counted in groups.
    """
    names = compilation.names

    def bad(focus: str) -> str:
        if most:
            return at_least(focus, path, condition, limit + 1, names)
        return negated(at_least(focus, path, condition, limit, names))

    def rows(focus: str) -> Rows:
        value = names.fresh()
        held = condition(value)
        pattern = f"{focus} {path.to_sparql()} {value} ." + ("" if held == "true" else f" FILTER({held})")
        if most:
            return Rows(pattern, having=f"COUNT(DISTINCT {value}) > {limit}")
        return Rows(f"OPTIONAL {{ {pattern} }}", having=f"COUNT(DISTINCT {value}) < {limit}")

    return FocusCheck(component, bad) if limit + most <= MOST_COUNTED else RowsCheck(component, rows, bad)
