"""Logical constraint components (https://www.w3.org/TR/shacl/#core-components-logical)."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ....namespaces import SH
from ..check import Check, ValueCheck
from ..expressions import all_of, any_of, negated
from ..graph import Shape
from ..terms import Term

if TYPE_CHECKING:
    from ..compiler import Compiler

__all__ = ["checks"]


def checks(compiler: "Compiler", shape: Shape) -> Iterator[Check]:
    """The checks of `sh:not`, `sh:and`, `sh:or` and `sh:xone`."""
    graph = compiler.graph
    for term in graph.values(shape.node, SH["not"]):
        yield ValueCheck(SH.NotConstraintComponent, _not(compiler, term))
    for name, bad in (("and", _and), ("or", _or), ("xone", _xone)):
        for term in graph.values(shape.node, SH[name]):
            component = SH[name.capitalize() + "ConstraintComponent"]
            yield ValueCheck(component, bad(compiler, graph.members(term)))


def _not(compiler: "Compiler", node: Term) -> Callable[[str, str], str]:
    return lambda _, value: compiler.conforms(node, value)


def _and(compiler: "Compiler", nodes: list[Term]) -> Callable[[str, str], str]:
    return lambda _, value: negated(all_of(compiler.conforms(node, value) for node in nodes))


def _or(compiler: "Compiler", nodes: list[Term]) -> Callable[[str, str], str]:
    return lambda _, value: negated(any_of(compiler.conforms(node, value) for node in nodes))


def _xone(compiler: "Compiler", nodes: list[Term]) -> Callable[[str, str], str]:
    def bad(_: str, value: str) -> str:
        met = " + ".join(f"IF({compiler.conforms(node, value)}, 1, 0)" for node in nodes) or "0"
        return f"(({met}) != 1)"

    return bad
