"""Queries of shapes' authors that cannot be run, found before they are."""

from ..errors import EngineError, Finding
from ..limits import Limits
from .compiled.components.sparql_based import checks
from .shape_index import ShapeIndex
from .shapes import Fault
from .terms import Uncompilable

__all__ = ["query_faults"]


def query_faults(shapes: bytes, limits: Limits) -> list[Fault]:
    """An error for each shape (of N-Triples) with a query that no engine may run, or that is none."""
    graph = ShapeIndex(shapes)
    faults = []
    for node in sorted(graph.nodes, key=str):
        try:
            list(checks(graph, graph.shape(node), limits))
        except EngineError as error:
            faults.append(Fault(node, Finding(error.message, iri=str(node).strip("<>"), advice=error.advice)))
        except Uncompilable:
            pass  # a query all the same
    return faults
