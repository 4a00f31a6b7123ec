"""Logical constraint components (https://www.w3.org/TR/shacl/#core-components-logical)."""

from collections.abc import Callable, Iterator

from ....namespaces import SH
from ...shape_index import Shape
from ...terms import Term
from ..check import Check, ValueCheck
from ..compilation import Compilation
from ..expressions import all_of, any_of, negated

__all__ = ["checks"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:not`, `sh:and`, `sh:or` and `sh:xone`."""
    graph = compilation.graph
    for term in graph.values(shape.node, SH["not"]):
        yield ValueCheck(SH.NotConstraintComponent, _not(compilation, term))
    for name, bad in (("and", _and), ("or", _or), ("xone", _xone)):
        for term in graph.values(shape.node, SH[name]):
            component = SH[name.capitalize() + "ConstraintComponent"]
            yield ValueCheck(component, bad(compilation, graph.members(term)))


def _not(compilation: Compilation, node: Term) -> Callable[[str, str], str]:
    return lambda _, value: compilation.conforms(node, value)


def _and(compilation: Compilation, nodes: list[Term]) -> Callable[[str, str], str]:
    return lambda _, value: negated(all_of(compilation.conforms(node, value) for node in nodes))


def _or(compilation: Compilation, nodes: list[Term]) -> Callable[[str, str], str]:
    return lambda _, value: negated(any_of(compilation.conforms(node, value) for node in nodes))


def _xone(compilation: Compilation, nodes: list[Term]) -> Callable[[str, str], str]:
    def bad(_: str, value: str) -> str:
        met = " + ".join(f"IF({compilation.conforms(node, value)}, 1, 0)" for node in nodes) or "0"
        return f"(({met}) != 1)"

    return bad
