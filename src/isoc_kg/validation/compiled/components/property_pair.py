"""Property pair constraint components (https://www.w3.org/TR/shacl/#core-components-property-pairs)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....namespaces import SH, XSD
from ...paths import Path
from ...shape_index import Shape
from ...terms import Uncompilable, iri
from ..check import Check, Rows, RowsCheck, ValueCheck
from ..compilation import Compilation
from ..datatypes import ill_formed
from ..expressions import leads, negated, some

__all__ = ["checks"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:equals`, `sh:disjoint`, `sh:lessThan` and `sh:lessThanOrEquals`."""
    for other in _properties(compilation, shape, "equals"):
        yield ValueCheck(SH.EqualsConstraintComponent, _missing(other))
        yield _unmatched(compilation, shape.path, other)
    for other in _properties(compilation, shape, "disjoint"):
        yield ValueCheck(SH.DisjointConstraintComponent, _shared(other))
    if shape.path is not None:
        for name, comparison in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in _properties(compilation, shape, name):
                yield _ordered(compilation, shape.path, other, name, comparison)


def _properties(compilation: Compilation, shape: Shape, name: str) -> list[str]:
    terms = compilation.graph.values(shape.node, SH[name])
    if not all(isinstance(term, ox.NamedNode) for term in terms):
        raise Uncompilable(f"sh:{name} needs an IRI")
    return [iri(term.value) for term in terms if isinstance(term, ox.NamedNode)]


def _missing(other: str) -> Callable[[str, str], str]:
    return lambda focus, value: f"!EXISTS {{ {focus} {other} {value} }}"


def _shared(other: str) -> Callable[[str, str], str]:
    return lambda focus, value: f"EXISTS {{ {focus} {other} {value} }}"


def _unmatched(compilation: Compilation, path: Path | None, other: str) -> Check:
    """Values of the other property that are no value nodes."""
    names = compilation.names

    def reached(focus: str, value: str) -> str:
        if path is None:
            return f"sameTerm({focus}, {value})"
        return leads(focus, path, value, names)

    def rows(focus: str) -> Rows:
        value = names.fresh()
        return Rows(f"{focus} {other} {value} . FILTER({negated(reached(focus, value))})", value)

    def bad(focus: str) -> str:
        value = names.fresh()
        return f"EXISTS {{ {focus} {other} {value} FILTER({negated(reached(focus, value))}) }}"

    return RowsCheck(SH.EqualsConstraintComponent, rows, bad)


def _ordered(compilation: Compilation, path: Path, other: str, name: str, comparison: str) -> Check:
    """One result for each pair that is not in order; what cannot be compared is not."""
    names = compilation.names

    def apart(value: str, second: str) -> str:
        # Only literals have an order, and numbers none with texts, whatever a store makes of them.
        literals = compilation.literals
        first, other_value = literals.value(value), literals.value(second)
        alike = f"isLiteral({value}) && isLiteral({second}) && isNumeric({first}) = isNumeric({other_value})"
        if comparison == "<=":  # a store may call equal what has no order, and what has no value
            ordered = f'(LANG({first}) != "" || STRSTARTS(STR(DATATYPE({first})), "{XSD.iri}"))'
            valueless = f'(isNumeric({first}) && STR({first}) = "NaN") || {ill_formed(first)}'
            alike += f" && (!sameTerm({value}, {second}) || ({ordered} && !({valueless})))"
        return negated(literals.ordered(alike, first, comparison, other_value))

    def rows(focus: str) -> Rows:
        value, second = names.fresh(), names.fresh()
        pattern = f"{focus} {path.to_sparql()} {value} . {focus} {other} {second} ."
        return Rows(f"{pattern} FILTER({apart(value, second)})", value, others=(second,))

    def bad(focus: str) -> str:
        second = names.fresh()

        def late(value: str) -> str:
            return f"EXISTS {{ {focus} {other} {second} FILTER({apart(value, second)}) }}"

        return some(focus, path, late, names)

    return RowsCheck(SH[name[0].upper() + name[1:] + "ConstraintComponent"], rows, bad)
