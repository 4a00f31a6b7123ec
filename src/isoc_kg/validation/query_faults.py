"""Queries of shapes' authors that cannot be run, found before they are, whatever engine would run them."""

from collections.abc import Iterator

import pyoxigraph as ox

from ..errors import EngineError, Finding, QueryError
from ..limits import Limits
from ..namespaces import SH
from .shape_index import ShapeIndex
from .shapes import Fault
from .terms import Term, Uncompilable

__all__ = ["query_faults", "syntax_faults"]


def query_faults(shapes: bytes, limits: Limits, *, all_engines: bool = False) -> list[Fault]:
    """An error for each shape (of N-Triples) with a query that no engine may run, or that is none, or with no path.

    With `all_engines`, queries that are merely more than the engine `compiled` takes are none.
    """
    faults = []
    queried: bool | None = None
    for graph, node in _shapes(shapes):
        queried = _has_queries(graph) if queried is None else queried
        try:
            shape = graph.shape(node)
            if shape.deactivated or not queried:
                continue
            from .compiled.components.sparql_based import check, executables

            for executable in executables(graph, shape):
                try:
                    check(graph, shape, executable, limits)
                except EngineError as error:
                    if not (all_engines and isinstance(error.__cause__, QueryError)):
                        faults.append(_fault(node, error, executable.node, executable.predicate))
                except Uncompilable:
                    pass  # a query all the same
        except EngineError as error:
            faults.append(_fault(node, error))
        except Uncompilable:
            pass
    return faults


def syntax_faults(shapes: bytes, limits: Limits) -> list[Fault]:
    """An error for each shape (of N-Triples) with a query whose syntax is not that of SPARQL 1.1."""
    from ..query.engine_errors import engine_error
    from .compiled.components.sparql_based import as_written, executables

    faults = []
    for graph, node in _shapes(shapes):
        try:
            shape = graph.shape(node)
            for executable in () if shape.deactivated else executables(graph, shape):
                text, prefixes = as_written(graph, shape, executable, limits)
                try:
                    ox.Store().query(text, prefixes=prefixes)
                except SyntaxError as error:
                    name = shape.name or "a shape without a name"
                    spot = engine_error(text, error).excerpt
                    advice = f"{spot}\nCorrect it at the mark, or before." if spot else "Correct it."
                    wrong = EngineError(f"the query of {name} is not valid SPARQL.", advice=advice)
                    faults.append(_fault(node, wrong, executable.node, executable.predicate))
                except (ValueError, RuntimeError):
                    pass  # a query, though nothing comes of it without data
        except (EngineError, Uncompilable):
            pass
    return faults


def _shapes(shapes: bytes) -> Iterator[tuple[ShapeIndex, Term]]:
    """The nodes of the shapes, in a fixed order, with their graph; none of a graph that cannot be read as shapes."""
    try:
        graph = ShapeIndex(shapes)
        nodes = sorted(graph.nodes, key=str)
    except EngineError:  # SHACL-SHACL, or the engines, say what is wrong with it
        return
    yield from ((graph, node) for node in nodes)


def _has_queries(graph: ShapeIndex) -> bool:
    """Whether shapes have queries, or components of their own, which validate by queries."""
    return any(True for name in (SH.sparql, SH.parameter) for _ in graph.subjects(name))


def _fault(shape: Term, error: EngineError, node: Term | None = None, predicate: str | None = None) -> Fault:
    finding = Finding(error.message, iri=str(shape).strip("<>"), advice=error.advice)
    return Fault(shape, finding, f"<{predicate}>" if predicate else None, node)
