"""Shape-based constraint components (https://www.w3.org/TR/shacl/#core-components-shape).

`sh:property` is no check: the compilation goes down into it, since its results are those of the property shape.
"""

from collections.abc import Callable, Iterator

from ....namespaces import SH
from ...shape_index import Shape
from ...terms import Term
from ..check import Check, ValueCheck
from ..compilation import Compilation
from ..expressions import Condition, all_of, negated
from .cardinality import counted, number

__all__ = ["checks"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:node` and `sh:qualifiedValueShape`."""
    graph = compilation.graph
    for term in graph.values(shape.node, SH.node):
        yield ValueCheck(SH.NodeConstraintComponent, _node(compilation, term))
    if shape.path is None:
        return
    for term in graph.values(shape.node, SH.qualifiedValueShape):
        condition = _qualified(compilation, term, _siblings(compilation, shape))
        for count in graph.values(shape.node, SH.qualifiedMinCount):
            if least := number(count):
                component = SH.QualifiedMinCountConstraintComponent
                yield counted(compilation, component, shape.path, condition, least, most=False)
        for count in graph.values(shape.node, SH.qualifiedMaxCount):
            component = SH.QualifiedMaxCountConstraintComponent
            yield counted(compilation, component, shape.path, condition, number(count), most=True)


def _node(compilation: Compilation, node: Term) -> Callable[[str, str], str]:
    return lambda _, value: negated(compilation.conforms(node, value))


def _qualified(compilation: Compilation, node: Term, siblings: list[Term]) -> Condition:
    def held(value: str) -> str:
        return all_of(
            [compilation.conforms(node, value), *(negated(compilation.conforms(other, value)) for other in siblings)]
        )

    return held


def _siblings(compilation: Compilation, shape: Shape) -> list[Term]:
    """The other qualified value shapes of the shapes that this one is a property of."""
    graph = compilation.graph
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
