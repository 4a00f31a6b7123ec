"""Which properties should have one value: those declared functional, and those that a shape gives `sh:maxCount 1`."""

from collections.abc import Collection, Iterable, Mapping

from ..namespaces import OWL, RDF, RDFS, SH, XSD
from ..rdf.lines import split
from ..rdf.tokens import iri_token

__all__ = ["Cardinality"]

_TYPE, _FUNCTIONAL = iri_token(RDF.type), iri_token(OWL.FunctionalProperty)
_SUBCLASS = iri_token(RDFS.subClassOf)
_PATH, _PROPERTY, _MAX_COUNT = iri_token(SH.path), iri_token(SH.property), iri_token(SH.maxCount)
_TARGETS = {iri_token(SH.targetClass): "class", iri_token(SH.targetSubjectsOf): "subjects"}
_NODE = iri_token(SH.node)
_TARGET_NODE = iri_token(SH.targetNode)
_ONE = f'"1"^^<{XSD.integer}>'.encode()


class Cardinality:
    """What an ontology and shapes say of how many values a property has; paths of one property alone are read."""

    def __init__(self, ontology: Iterable[bytes], shapes: Iterable[bytes]) -> None:
        self._functional: set[bytes] = set()
        self._supers: dict[bytes, list[bytes]] = {}
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == _TYPE and object_ == _FUNCTIONAL:
                self._functional.add(subject)
            elif predicate == _SUBCLASS:
                self._supers.setdefault(subject, []).append(object_)
        #: property → classes, properties and nodes whose shapes give it one value at most
        self._by_class: dict[bytes, set[bytes]] = {}
        self._by_use: dict[bytes, set[bytes]] = {}
        self._by_node: dict[bytes, set[bytes]] = {}
        self._read_shapes(shapes)

    def _read_shapes(self, lines: Iterable[bytes]) -> None:
        paths: dict[bytes, bytes] = {}
        single: set[bytes] = set()
        properties: list[tuple[bytes, bytes]] = []
        classes: set[bytes] = set()
        within: dict[bytes, list[bytes]] = {}  #: shape → those that ask their nodes for it (`sh:node`)
        targets: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for line in lines:
            subject, predicate, object_, _ = split(line)
            if predicate == _PATH:
                paths[subject] = object_
            elif predicate == _MAX_COUNT and object_ == _ONE:
                single.add(subject)
            elif predicate == _PROPERTY:
                properties.append((subject, object_))
            elif predicate == _NODE:
                within.setdefault(object_, []).append(subject)
            elif predicate in _TARGETS or predicate == _TARGET_NODE:
                targets.setdefault(subject, []).append((predicate, object_))
            elif predicate == _TYPE and object_ == iri_token(RDFS.Class):
                classes.add(subject)
        for shape, property_shape in (*properties, *((shape, shape) for shape in single)):
            path = paths.get(property_shape)
            # classes that exclude one another are a mistake, not sources that disagree
            if path is None or path == _TYPE or property_shape not in single:
                continue
            # nodes of a property shape's own are other nodes than its targets
            asking = [one for one in _reached(shape, within) if one == shape or one not in paths]
            for asked in asking:
                if asked in classes:  # a shape that is a class is its own target
                    self._by_class.setdefault(path, set()).add(asked)
                for kind, target in targets.get(asked, ()):
                    by = {"class": self._by_class, "subjects": self._by_use}.get(_TARGETS.get(kind, ""), self._by_node)
                    by.setdefault(path, set()).add(target)

    def concerns(self, property_: bytes) -> bool:
        """Whether anything is said of a property (a token)."""
        return any(property_ in table for table in (self._functional, self._by_class, self._by_use, self._by_node))

    def single(self, property_: bytes, subject: bytes, types: Collection[bytes], used: Collection[bytes]) -> bool:
        """Whether a subject of these classes, of which these properties are used, should have one value of it."""
        if property_ in self._functional or subject in self._by_node.get(property_, ()):
            return True
        if not self._by_use.get(property_, set()).isdisjoint(used):
            return True
        targets = self._by_class.get(property_)
        return targets is not None and not targets.isdisjoint(self._with_supers(types))

    def _with_supers(self, types: Collection[bytes]) -> set[bytes]:
        return set().union(*(_reached(type_, self._supers) for type_ in types))


def _reached(start: bytes, links: Mapping[bytes, Iterable[bytes]]) -> set[bytes]:
    """All that links lead to from a node, itself included."""
    reached, waiting = {start}, [start]
    while waiting:
        for node in links.get(waiting.pop(), ()):
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached
