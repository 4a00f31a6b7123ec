"""A shapes graph as an engine gets it: the targets of its shapes, said in one way, and patterns in its dialect."""

from collections.abc import Collection, Iterable

import pyoxigraph as ox

from ..namespaces import OWL, RDF, RDFS, SH
from ..query.regular_expressions import PatternError, read_pattern
from .shacl_terms import has_term
from .shape_index import TRUE, ShapeIndex
from .shapes import TARGETS
from .terms import Term

__all__ = ["prepared_shapes"]

_FLAGS = frozenset(SH[name] for name in ("deactivated", "closed", "uniqueLang", "qualifiedValueShapesDisjoint"))


def prepared_shapes(
    graph: ShapeIndex, engine: str, kept: Collection[Term] | None = None, *, advanced: bool = False
) -> bytes:
    """The shapes (N-Triples) for an engine, of which only those `kept` have targets, or all of them.

    What other shapes alone are made of is left out: the engine need not be able to read it.
    A shape that is a class says so by `sh:targetClass`, since engines differ on what a class is; flags that are not
    `true` are left out, and patterns are translated. Left out, too, are terms that SHACL does not have, or only its
    advanced features unless `advanced`, and severities of queries: some engines act on them.
    """
    own = set(graph.nodes if kept is None else kept)
    classes = graph.below(RDFS.Class) | {ox.NamedNode(OWL.Class)}
    queries = {term for node in graph.subjects(SH.sparql) for term in graph.values(node, SH.sparql)} - graph.nodes
    known = _parameters(graph)
    lines: list[ox.Triple] = []
    others = [shape.node for shape, _ in graph.with_targets() if shape.node not in own]
    foreign = (graph.reached(others) - graph.reached(own)) & graph.nodes if others else frozenset()
    for node, predicate, object_ in graph.triples():
        if node in foreign or (predicate in TARGETS and node not in own):
            continue
        if predicate == RDF.type and object_ in classes and node in graph.nodes:
            continue
        if predicate == SH.sparql and (graph.holds(object_, SH.deactivated) or graph.holds(node, SH.deactivated)):
            continue
        if predicate in _FLAGS and object_ != TRUE:
            continue
        if predicate == SH.ignoredProperties and not graph.holds(node, SH.closed):  # pyshacl refuses it
            continue
        if predicate == SH.severity and node in queries:
            continue
        if predicate.startswith(SH.iri) and predicate not in known and not has_term(predicate, advanced=advanced):
            continue
        lines.append(_triple(node, predicate, object_))
    lines += [_triple(node, SH.targetClass, node) for node in graph.implicit_targets if node in own]
    return ox.serialize(_translated(graph, lines, engine), format=ox.RdfFormat.N_TRIPLES) or b""


def _translated(graph: ShapeIndex, lines: Iterable[ox.Triple], engine: str) -> Iterable[ox.Triple]:
    for line in lines:
        if line.predicate.value == SH.flags and engine != "compiled":
            continue
        if line.predicate.value == SH.pattern and engine != "compiled" and isinstance(line.object, ox.Literal):
            flags = graph.value(line.subject, SH.flags)  # type: ignore[arg-type]
            try:
                pattern = read_pattern(line.object.value, flags.value if flags else "")
            except PatternError:
                pass  # an error of its own
            else:
                text = pattern.to_rust() if engine == "shacl" else pattern.to_python()
                line = ox.Triple(line.subject, line.predicate, ox.Literal(text))
        yield line


def _parameters(graph: ShapeIndex) -> set[str]:
    """The properties that are parameters of components which the graph declares."""
    return {
        path.value
        for component in graph.subjects(SH.parameter)
        for parameter in graph.values(component, SH.parameter)
        for path in graph.values(parameter, SH.path)
    }


def _triple(subject: Term, predicate: str, object_: Term) -> ox.Triple:
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, ox.NamedNode(predicate), object_)
