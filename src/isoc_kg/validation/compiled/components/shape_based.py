"""Shape-based constraint components (https://www.w3.org/TR/shacl/#core-components-shape).

`sh:property` is no check: the compiler goes down into it, since its results are those of the property shape.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ....namespaces import SH
from ..check import Check, ValueCheck
from ..expressions import Condition, all_of, negated
from ..graph import Shape
from ..terms import Term
from .cardinality import counted, number

if TYPE_CHECKING:
    from ..compiler import Compiler

__all__ = ["checks"]


def checks(compiler: "Compiler", shape: Shape) -> Iterator[Check]:
    """The checks of `sh:node` and `sh:qualifiedValueShape`."""
    graph = compiler.graph
    for term in graph.values(shape.node, SH.node):
        yield ValueCheck(SH.NodeConstraintComponent, _node(compiler, term))
    if shape.path is None:
        return
    for term in graph.values(shape.node, SH.qualifiedValueShape):
        condition = _qualified(compiler, term, _siblings(compiler, shape))
        for count in graph.values(shape.node, SH.qualifiedMinCount):
            if least := number(count):
                component = SH.QualifiedMinCountConstraintComponent
                yield counted(compiler, component, shape.path, condition, least, most=False)
        for count in graph.values(shape.node, SH.qualifiedMaxCount):
            component = SH.QualifiedMaxCountConstraintComponent
            yield counted(compiler, component, shape.path, condition, number(count), most=True)


def _node(compiler: "Compiler", node: Term) -> Callable[[str, str], str]:
    return lambda _, value: negated(compiler.conforms(node, value))


def _qualified(compiler: "Compiler", node: Term, siblings: list[Term]) -> Condition:
    def held(value: str) -> str:
        return all_of(
            [compiler.conforms(node, value), *(negated(compiler.conforms(other, value)) for other in siblings)]
        )

    return held


def _siblings(compiler: "Compiler", shape: Shape) -> list[Term]:
    """The other qualified value shapes of the shapes that this one is a property of."""
    graph = compiler.graph
    if not graph.holds(shape.node, SH.qualifiedValueShapesDisjoint):
        return []
    own = graph.values(shape.node, SH.qualifiedValueShape)
    found = (
        other
        for parent in graph.parents(shape.node)
        for sibling in graph.values(parent, SH.property)
        for other in graph.values(sibling, SH.qualifiedValueShape)
    )
    return [other for other in dict.fromkeys(found) if other not in own]
