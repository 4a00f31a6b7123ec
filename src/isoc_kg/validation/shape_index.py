"""A shapes graph read into shapes (https://www.w3.org/TR/shacl/#shapes)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from ..errors import EngineError
from ..namespaces import RDF, RDFS, SH
from .paths import Kind, Path
from .shacl_terms import is_own_component
from .terms import Term, triples

__all__ = ["LOGICAL", "NESTING", "TRUE", "VALIDATORS", "Shape", "ShapeIndex", "shape_name"]

#: Members of a list, and paths inside one another.
_MAX_LIST, _MAX_PATH = 100_000, 50
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_PATHS: dict[str, Kind] = {
    SH.inversePath: "inverse",
    SH.zeroOrMorePath: "zeroOrMore",
    SH.oneOrMorePath: "oneOrMore",
    SH.zeroOrOnePath: "zeroOrOne",
}
#: Shapes inside a shape: as values, and as members of lists.
NESTING = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
LOGICAL = (SH["and"], SH["or"], SH.xone)
#: The properties by which a component names what validates.
VALIDATORS = ("validator", "nodeValidator", "propertyValidator")
#: Whatever has one of these is a shape.
_SHOWS_SHAPE = frozenset((*_TARGETS, *NESTING, *LOGICAL)) | frozenset(
    SH[name]
    for name in (
        *("class", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength", "pattern", "languageIn"),
        *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "uniqueLang", "equals", "disjoint"),
        *("lessThan", "lessThanOrEquals", "closed", "hasValue", "in", "sparql", "path"),
    )
)
#: The only value for which a flag of SHACL holds.
TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


_COMPONENT = ox.NamedNode(SH.ConstraintComponent)


@dataclass(frozen=True, eq=False)
class Shape:
    """A node shape, or a property shape when it has a path; `name` is what results call it."""

    node: Term
    path: Path | None
    deactivated: bool
    severity: str
    message: str
    name: str | None


class ShapeIndex:
    """The triples of a shapes graph by subject and predicate, in the order in which they are written.

    Declarations of SHACL's own components, which the vocabulary itself and DASH have, are left out: what those
    components mean is the specification's, whatever validators a graph names for them. So are validators that are not
    in SPARQL, and components that have no other.
    """

    def __init__(self, data: bytes) -> None:
        self._values: dict[Term, dict[str, list[Term]]] = {}
        self._above: dict[Term, list[Term]] = {}
        self._shapes: dict[Term, Shape] = {}
        for quad in triples(data, "the shapes graph"):
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, ox.Triple) or isinstance(object_, ox.Triple):
                raise EngineError(
                    "the shapes hold triple terms, which SHACL does not know.",
                    advice="Take them out: validate by files without RDF 1.2's triple terms.",
                )
            values = self._values.setdefault(subject, {}).setdefault(quad.predicate.value, [])
            if object_ not in values:
                values.append(object_)
                if quad.predicate.value == SH.property:
                    self._above.setdefault(object_, []).append(subject)
        self._leave_out_declarations()

    def _leave_out_declarations(self) -> None:
        """Have no declaration but those of components that the graph adds, and of their validators those in SPARQL."""
        queries = {node for node, values in self._values.items() if SH.ask in values or SH.select in values}
        for node, values in self._values.items():
            if SH.parameter not in values and _COMPONENT not in values.get(RDF.type, ()):
                continue
            for name in map(SH.__getitem__, VALIDATORS):
                if left := [term for term in values.pop(name, ()) if term in queries]:
                    values[name] = left
            if is_own_component(node) or not any(SH[name] in values for name in VALIDATORS):
                for name in (RDF.type, SH.parameter, *map(SH.__getitem__, VALIDATORS)):
                    values.pop(name, None)

    def values(self, node: Term, predicate: str) -> list[Term]:
        """The objects of a predicate of a node."""
        return self._values.get(node, {}).get(predicate, [])

    def value(self, node: Term, predicate: str) -> Term | None:
        """The first of them."""
        return next(iter(self.values(node, predicate)), None)

    def predicates(self, node: Term) -> Iterator[ox.NamedNode]:
        """The predicates of a node."""
        return map(ox.NamedNode, self._values.get(node, {}))

    def described(self, node: Term) -> Mapping[str, list[Term]]:
        """The predicates of a node, each with its objects."""
        return self._values.get(node, {})

    def triples(self) -> Iterator[tuple[Term, str, Term]]:
        """All triples, by subject and predicate."""
        for node, values in self._values.items():
            for predicate, terms in values.items():
                yield from ((node, predicate, term) for term in terms)

    def subjects(self, predicate: str) -> Iterator[Term]:
        """All nodes with such a predicate."""
        return (node for node, values in self._values.items() if predicate in values)

    def holds(self, node: Term, predicate: str) -> bool:
        """Whether the predicate's value is `true`."""
        return TRUE in self.values(node, predicate)

    def members(self, node: Term) -> list[Term]:
        """The members of a list; `EngineError` for one that is broken or comes back to itself."""
        found: list[Term] = []
        while node != ox.NamedNode(RDF.nil):
            first, rest = self.value(node, RDF.first), self.value(node, RDF.rest)
            if first is None or rest is None or len(found) > _MAX_LIST:
                what = "a blank node" if isinstance(node, ox.BlankNode) else str(node)
                raise EngineError(
                    f"{what} in the shapes is not a list.", advice="See https://www.w3.org/TR/shacl/#lists."
                )
            found.append(first)
            node = rest
        return found

    def path(self, node: Term, depth: int = 0) -> Path:
        """The path that a node stands for."""
        if depth > _MAX_PATH:
            raise EngineError(f"paths in the shapes are nested more than {_MAX_PATH} deep.", advice="Simplify them.")
        if self.values(node, RDF.first):
            return Path("sequence", tuple(self.path(part, depth + 1) for part in self.members(node)))
        if isinstance(node, ox.NamedNode):
            return Path("predicate", iri=node.value)
        for predicate, kind in _PATHS.items():
            if inner := self.value(node, predicate):
                return Path(kind, (self.path(inner, depth + 1),))
        if inner := self.value(node, SH.alternativePath):
            return Path("alternative", tuple(self.path(part, depth + 1) for part in self.members(inner)))
        what = "a blank node" if isinstance(node, ox.BlankNode) else str(node)
        raise EngineError(
            f"{what} in the shapes is not a valid path.", advice="See https://www.w3.org/TR/shacl/#property-paths."
        )

    def shape(self, node: Term) -> Shape:
        """The shape that a node stands for."""
        if node not in self._shapes:
            path = self.value(node, SH.path)
            severity = self.value(node, SH.severity)
            message = self.value(node, SH.message)
            self._shapes[node] = Shape(
                node,
                None if path is None else self.path(path),
                self.holds(node, SH.deactivated),
                severity.value if isinstance(severity, ox.NamedNode) else SH.Violation,
                message.value if isinstance(message, ox.Literal) else "",
                self.name(node),
            )
        return self._shapes[node]

    def parents(self, node: Term) -> list[Term]:
        """The shapes that name a property shape as theirs."""
        return self._above.get(node, [])

    def reached(self, nodes: Iterable[Term]) -> set[Term]:
        """The nodes that some nodes are described with, themselves included, and all that property shapes belong to."""
        found: set[Term] = set()
        todo = list(nodes)
        while todo:
            node = todo.pop()
            if node not in found and not isinstance(node, ox.Literal):
                found.add(node)
                todo += self.parents(node)
                todo += [term for terms in self._values.get(node, {}).values() for term in terms]
        return found

    def name(self, node: Term) -> str | None:
        """The IRI of a shape, or of the nearest one that it belongs to."""
        seen: set[Term] = set()
        todo = [node]
        while todo:
            node = todo.pop(0)
            if isinstance(node, ox.NamedNode):
                return node.value
            if node not in seen:
                seen.add(node)
                todo += self.parents(node)
        return None

    def with_targets(self) -> Iterator[tuple[Shape, list[tuple[str, Term]]]]:
        """Each shape that has targets, with them (https://www.w3.org/TR/shacl/#targets)."""
        for node in list(self._values):
            targets = [(kind, term) for kind in _TARGETS for term in self.values(node, kind)]
            if node in self.implicit_targets and (SH.targetClass, node) not in targets:
                targets.append((SH.targetClass, node))
            if targets:
                yield self.shape(node), targets

    @cached_property
    def nodes(self) -> frozenset[Term]:
        """All nodes that are shapes (https://www.w3.org/TR/shacl/#shapes)."""
        kinds = self.below(SH.NodeShape) | self.below(SH.PropertyShape)
        found = {
            node
            for node, values in self._values.items()
            if not _SHOWS_SHAPE.isdisjoint(values) or not kinds.isdisjoint(values.get(RDF.type, ()))
        }
        for values in self._values.values():
            for predicate in values.keys() & set(NESTING):
                found.update(values[predicate])
            for predicate in values.keys() & set(LOGICAL):
                found.update(member for term in values[predicate] for member in self.members(term))
        return frozenset(found)

    @cached_property
    def implicit_targets(self) -> frozenset[Term]:
        """The shapes that are classes, whose instances are their focus nodes.

        They are SHACL instances of `rdfs:Class`, of a class below it, that is
        (https://www.w3.org/TR/shacl/#implicit-targetClass).
        """
        classes = self.below(RDFS.Class)
        return frozenset(
            node
            for node in self.nodes
            if isinstance(node, ox.NamedNode) and not classes.isdisjoint(self.values(node, RDF.type))
        )

    def below(self, name: str) -> set[Term]:
        """A class and all below it."""
        found: set[Term] = {ox.NamedNode(name)}
        while more := {
            node
            for node in self.subjects(RDFS.subClassOf)
            if node not in found and not found.isdisjoint(self.values(node, RDFS.subClassOf))
        }:
            found |= more
        return found


def shape_name(shape: Shape) -> str:
    """A shape as a note names it."""
    return (shape.name.rpartition("#")[2].rpartition("/")[2] or shape.name) if shape.name else "a shape without a name"
