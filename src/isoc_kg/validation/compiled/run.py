"""Shapes checked by queries, where the data is."""

from collections.abc import Iterator

import pyoxigraph as ox

from ...errors import EngineError, QueryError
from ...namespaces import SH
from ..report import Report, Result
from .classes import Classes
from .compiler import Compiler, Focus, Loop, Query
from .fetching import Engine, fetched_results
from .graph import Shape, ShapesGraph
from .loops import Runner
from .queryable import Queryable, Row, Term
from .terms import Uncompilable

__all__ = ["validate_compiled", "validate_fetched"]


def validate_fetched(data: bytes, shapes: bytes) -> list[Result]:
    """The results of the embedded engine, or of pyshacl where that one fails, each in a process of its own."""
    from ..engines import default_engine, validate

    try:
        return list(validate([data], shapes, engine=default_engine()).results)
    except EngineError:
        return list(validate([data], shapes, engine="pyshacl").results)


def validate_compiled(
    queryable: Queryable, shapes: bytes, *, ontology: bytes = b"", engine: Engine = validate_fetched
) -> Report:
    """The report on a store's data, by queries compiled from shapes (N-Triples).

    `ontology` (N-Triples) adds subclasses that the store does not know. Shapes that no query says are named in the
    report's notes, and validated by `engine` on what is fetched for them.
    """
    graph = ShapesGraph(shapes)
    targeted = [(shape, targets) for shape, targets in graph.with_targets() if not shape.deactivated]
    compiler = Compiler(graph, queryable, Classes(queryable, ontology, _classes(graph, targeted)))
    results: list[Result] = []
    notes: list[str] = []
    unmet: list[str] = []
    for shape, targets in targeted:
        focuses = compiler.focuses(targets)
        if _is_unmet(queryable, shape, targets, focuses):
            unmet.append(shape.node.value)
        try:
            results += _compiled_results(compiler, shape, focuses)
        except (Uncompilable, QueryError) as reason:
            notes.append(f"{shape.name or 'a shape without a name'} is checked on fetched triples: {_said(reason)}.")
            results += fetched_results(compiler, shape, focuses, shapes, engine)
    notes += [f"the store makes {name} xsd:integer: such values are checked by their range." for name in compiler.lost]
    return Report(tuple(sorted(results, key=repr)), "compiled", tuple(sorted(unmet)), tuple(notes))


def _said(reason: Exception) -> str:
    return reason.message.removesuffix(".") if isinstance(reason, QueryError) else str(reason)


def _classes(graph: ShapesGraph, targeted: list[tuple[Shape, list[tuple[str, Term]]]]) -> Iterator[str]:
    """All classes that shapes name."""
    for node in graph.subjects(SH["class"]):
        yield from (term.value for term in graph.values(node, SH["class"]) if isinstance(term, ox.NamedNode))
    for _, targets in targeted:
        for kind, term in targets:
            if kind == SH.targetClass and isinstance(term, ox.NamedNode):
                yield term.value


def _is_unmet(queryable: Queryable, shape: Shape, targets: list[tuple[str, Term]], focuses: list[Focus]) -> bool:
    if not isinstance(shape.node, ox.NamedNode) or any(kind == SH.targetNode for kind, _ in targets):
        return False
    return not any(queryable.ask(f"ASK {{ {focus.pattern} }}") for focus in focuses)


def _compiled_results(compiler: Compiler, shape: Shape, focuses: list[Focus]) -> list[Result]:
    """The results of one shape with targets; `Uncompilable` or `QueryError` before any is given."""
    results: list[Result] = []
    queries = [list(compiler.queries(shape, focus)) for focus in focuses]
    seen: list[set[Row]] = [set() for _ in queries[0]] if queries else []
    for group in queries:
        for query, known in zip(group, seen, strict=True):
            if isinstance(query, Loop):
                results += Runner(compiler, query).results(known)
            else:
                results += _results(compiler.queryable, query, known)
    return results


def _results(queryable: Queryable, query: Query, seen: set[Row]) -> Iterator[Result]:
    """The results that a query finds, each once."""
    variables, rows = queryable.select(query.text)
    place = {f"?{name}": position for position, name in enumerate(variables)}
    key = [place[name] for name in query.key]
    for row in rows:
        known = tuple(row[position] for position in key)
        if known in seen:
            continue
        seen.add(known)
        for found in query.found:
            if found.flag and not _true(row[place[found.flag]]):
                continue
            shape = found.shape
            path = shape.path.shown() if shape.path else None
            if query.path:
                path = str(row[place[query.path]])
            yield Result(
                focus_node=str(row[place[query.focus]]),
                path=path,
                value=str(row[place[query.value]]) if query.value else None,
                component=found.component,
                severity=shape.severity,
                shape=shape.name,
                message=shape.message,
            )


def _true(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.value in ("true", "1")
