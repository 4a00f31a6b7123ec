"""A shapes graph as an engine gets it: the targets of its shapes, said in one way, and patterns in its dialect."""

from collections.abc import Collection, Iterable

import pyoxigraph as ox

from ..namespaces import OWL, RDF, RDFS, SH
from ..query.regular_expressions import PatternError, read_pattern
from .shape_index import TRUE, ShapeIndex
from .shapes import TARGETS
from .terms import Term

__all__ = ["prepared_shapes"]

_FLAGS = frozenset(SH[name] for name in ("deactivated", "closed", "uniqueLang", "qualifiedValueShapesDisjoint"))


def prepared_shapes(graph: ShapeIndex, engine: str, kept: Collection[Term] | None = None) -> bytes:
    """The shapes (N-Triples) for an engine, of which only those `kept` have targets, or all of them.

    What other shapes alone are made of is left out: the engine need not be able to read it.
    A shape that is a class says so by `sh:targetClass`, since engines differ on what a class is; flags that are not
    `true` are left out, and patterns are translated.
    """
    own = set(graph.nodes if kept is None else kept)
    classes = graph.below(RDFS.Class) | {ox.NamedNode(OWL.Class)}
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


def _triple(subject: Term, predicate: str, object_: Term) -> ox.Triple:
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, ox.NamedNode(predicate), object_)
