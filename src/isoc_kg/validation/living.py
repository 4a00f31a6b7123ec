"""Validation in a living process: what further statements break, over all data, in a few milliseconds.

All data and the shapes are read once. Further statements join them for a moment, and the shapes are asked of the nodes
that these touch: whatever a shape reads beyond its focus node is there, so nothing is missed that only a part of the
data would lack. A shape that reads from farther than a neighbour what these statements change is left to the gate of a
build.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import pyoxigraph as ox

from ..namespaces import RDF, RDFS, SH
from ..query.evaluator import StoreEvaluator
from ..query.lexical_forms import marked_lines
from .compiled import validate_compiled
from .compiled.written_literals import WrittenLiterals, renamed_lines, written_results, written_store
from .constructs import QUERIES, Uses
from .prepared import prepared_shapes
from .report import Result
from .shape_index import Shape, ShapeIndex
from .shapes import TARGETS
from .shapes_graph import ShapesGraph
from .terms import Term

__all__ = ["LivingValidation"]

#: So many nodes that lead to the changed ones are asked, too.
_NEIGHBOURS = 40
_TYPE = ox.NamedNode(RDF.type)


class LivingValidation:
    """Data (canonical lines of triples) and shapes, kept ready."""

    def __init__(self, lines: Iterable[bytes], shapes: ShapesGraph) -> None:
        data = b"".join(lines)
        self._index = ShapeIndex(b"".join(shapes.lines))
        uses = Uses(self._index)
        self._targeted = [(shape, targets) for shape, targets in self._index.with_targets() if not shape.deactivated]
        self._by_class: dict[ox.NamedNode, list[Shape]] = {}
        self._by_use: list[tuple[str, ox.NamedNode, Shape]] = []
        for shape, targets in self._targeted:
            for kind, term in targets:
                if isinstance(term, ox.NamedNode) and kind == SH.targetClass:
                    self._by_class.setdefault(term, []).append(shape)
                elif isinstance(term, ox.NamedNode):
                    self._by_use.append((kind, term, shape))
        self._queried = {
            shape for shape, _ in self._targeted if any(use.construct in QUERIES for use in uses.of(shape))
        }
        self._written = written_store(data)
        self._asked = StoreEvaluator.of_lines(data.splitlines(keepends=True)) if self._queried else None
        self._above: dict[ox.NamedNode, set[ox.NamedNode]] = {}
        for quad in self._written.store.quads_for_pattern(None, ox.NamedNode(RDFS.subClassOf), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                self._above.setdefault(quad.subject, set()).add(quad.object)
        self._prepared = lru_cache(64)(self._without_targets)

    def add(self, lines: Sequence[bytes]) -> None:
        """Let statements join the data for good."""
        self._change(self._new(lines), into=True)

    def remove(self, lines: Sequence[bytes]) -> None:
        """Take statements out of the data for good."""
        self._change(lines, into=False)

    def results(self, lines: Sequence[bytes]) -> list[Result]:
        """What the data break with these further statements (canonical lines), and do not break without them."""
        new = self._new(lines)
        focus = self._touched(new)
        self._change(new, into=True)
        try:
            after = self._report(focus | self._touched(new))
        finally:
            self._change(new, into=False)
        if not after:
            return []
        before = {_key(result) for result in self._report(focus)}
        return [result for result in after if _key(result) not in before]

    def _new(self, lines: Sequence[bytes]) -> list[bytes]:
        """The lines that are not among the data."""
        store = self._written.store
        return [line for line in dict.fromkeys(lines) if not all(quad in store for quad in _quads(renamed_lines(line)))]

    def _change(self, lines: Sequence[bytes], *, into: bool) -> None:
        changes = [(self._written.store, renamed_lines(b"".join(lines)))]
        if self._asked:
            data, written, _ = marked_lines(lines)
            self._asked.written = self._asked.written or written
            changes.append((self._asked.store, data))
        for store, data in changes:
            for quad in _quads(data):
                store.add(quad) if into else store.remove(quad)

    def _touched(self, lines: Sequence[bytes]) -> set[ox.NamedNode]:
        """The things that statements are about, and those from which one step leads to them."""
        nodes: set[ox.NamedNode] = set()
        subjects: set[ox.NamedNode] = set()
        for quad in _quads(b"".join(lines)):
            if isinstance(quad.subject, ox.NamedNode):
                subjects.add(quad.subject)
            if isinstance(quad.object, ox.NamedNode) and quad.predicate != _TYPE:
                nodes.add(quad.object)
        nodes |= subjects
        for node in sorted(subjects, key=str):
            for quad in self._written.store.quads_for_pattern(None, None, node):
                if len(nodes) > _NEIGHBOURS:
                    break
                if isinstance(quad.subject, ox.NamedNode):
                    nodes.add(quad.subject)
        return nodes

    def _report(self, nodes: Iterable[ox.NamedNode]) -> list[Result]:
        """The results of the shapes on those of the nodes that they have as focus nodes."""
        focus: dict[Shape, list[ox.NamedNode]] = {}
        for node in sorted(nodes, key=str):
            for shape in self._shapes_of(node):
                focus.setdefault(shape, []).append(node)
        results: list[Result] = []
        plain = {shape: found for shape, found in focus.items() if shape not in self._queried}
        if plain:
            report = validate_compiled(
                self._written, self._targeting(plain), literals=WrittenLiterals(self._written), engine=_nothing
            )
            results += written_results(report.results)
        queried = {shape: found for shape, found in focus.items() if shape in self._queried}
        if queried and self._asked:
            results += validate_compiled(self._asked, self._targeting(queried), engine=_nothing).results
        return results

    def _targeting(self, focus: Mapping[Shape, Sequence[ox.NamedNode]]) -> bytes:
        """The shapes, each with some nodes as its only targets."""
        target = f"<{SH.targetNode}>"
        nodes = "".join(f"{shape.node} {target} {node} .\n" for shape, found in focus.items() for node in found)
        return self._prepared(frozenset(shape.node for shape in focus)) + nodes.encode()

    def _without_targets(self, kept: frozenset[Term]) -> bytes:
        quads = ox.parse(prepared_shapes(self._index, "compiled", kept), format=ox.RdfFormat.N_TRIPLES)
        own = (quad.triple for quad in quads if quad.predicate.value not in TARGETS)
        return ox.serialize(own, format=ox.RdfFormat.N_TRIPLES) or b""

    def _shapes_of(self, node: ox.NamedNode) -> Iterator[Shape]:
        """The shapes of which a node is a target (https://www.w3.org/TR/shacl/#targets)."""
        store = self._written.store
        found = dict.fromkeys(shape for class_ in self._classes(node) for shape in self._by_class.get(class_, ()))
        for kind, term, shape in self._by_use:
            pattern = (None, term, node) if kind == SH.targetObjectsOf else (node, term, None)
            if (term == node) if kind == SH.targetNode else any(store.quads_for_pattern(*pattern)):
                found[shape] = None
        yield from found

    def _classes(self, node: ox.NamedNode) -> set[ox.NamedNode]:
        waiting = [quad.object for quad in self._written.store.quads_for_pattern(node, _TYPE, None)]
        found: set[ox.NamedNode] = set()
        while waiting:
            class_ = waiting.pop()
            if isinstance(class_, ox.NamedNode) and class_ not in found:
                found.add(class_)
                waiting += self._above.get(class_, ())
        return found


def _quads(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))


def _nothing(_data: bytes, _shapes: bytes) -> list[Result]:
    """What no query says is left to the gate of a build."""
    return []


def _key(result: Result) -> tuple[object, ...]:
    return result.focus_node, result.path, result.value, result.component, result.shape
