"""Which classes a property's ends may have: what domain, range and shapes declare, never what is inferred."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ..namespaces import OWL, RDF, RDFS, SCHEMA, SH
from ..rdf.lines import iri, split

__all__ = ["Declarations", "Ends"]

#: Alternatives nested deeper than this are not read.
_DEPTH = 5
_BUILT_IN = frozenset((RDFS.Resource, OWL.Thing, RDFS.Literal))


@dataclass(slots=True)
class Ends:
    """What is declared of one property: each group is alternatives, and every group must be met."""

    subject: list[frozenset[str]] = field(default_factory=list)
    object: list[frozenset[str]] = field(default_factory=list)
    by_subject: dict[str, frozenset[str]] = field(default_factory=dict)  #: class of the subject → classes of the object
    literal: bool | None = None  #: whether the object is a literal, when it is declared


class Declarations:
    """The declarations of a project's ontology and shapes, read once."""

    def __init__(self, ontology: Iterable[bytes], shapes: Iterable[bytes]) -> None:
        self._ends: dict[str, Ends] = {}
        self._above: dict[str, set[str]] = {}
        self._over: dict[str, set[str]] = {}
        included: dict[tuple[str, bool], set[str]] = {}
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if not object_.startswith(b"<"):
                continue
            name, property_, value = iri(subject), iri(predicate), iri(object_)
            if property_ == RDFS.subClassOf:
                self._above.setdefault(name, set()).add(value)
            elif property_ == RDFS.subPropertyOf:
                self._over.setdefault(name, set()).add(value)
            elif property_ == RDFS.domain and value not in _BUILT_IN:
                self._of(name).subject.append(frozenset((value,)))
            elif property_ == RDFS.range and value not in _BUILT_IN and not value.startswith("http://www.w3.org/2001/"):
                self._of(name).object.append(frozenset((value,)))
            elif property_ in (SCHEMA.domainIncludes, SCHEMA.rangeIncludes):
                included.setdefault((name, property_ == SCHEMA.domainIncludes), set()).add(value)
            elif property_ == RDF.type and value in (OWL.ObjectProperty, OWL.DatatypeProperty):
                self._of(name).literal = value == OWL.DatatypeProperty
        for (name, domain), classes in included.items():
            ends = self._of(name)
            (ends.subject if domain else ends.object).append(frozenset(classes))
        self._read_shapes(shapes)
        self._closures: dict[str, frozenset[str]] = {}
        self._closures_over: dict[str, frozenset[str]] = {}
        self._fitting: dict[tuple[str, frozenset[str], frozenset[str] | None], tuple[bool, bool]] = {}

    def _of(self, property_: str) -> Ends:
        return self._ends.setdefault(property_, Ends())

    def _read_shapes(self, lines: Iterable[bytes]) -> None:
        """The classes that node shapes ask of values, and those that shapes of a property's subjects or objects do."""
        nodes = _Nodes(lines)
        for shape, parts in nodes.parts.items():
            for property_ in parts.get(SH.targetSubjectsOf, []):
                self._of(property_).subject += nodes.classes(shape)
            for property_ in parts.get(SH.targetObjectsOf, []):
                self._of(property_).object += nodes.classes(shape)
            for inner in parts.get(SH.property, []):
                for property_ in nodes.parts.get(inner, {}).get(SH.path, []):
                    for group in nodes.classes(inner):
                        for target in parts.get(SH.targetClass, []):
                            self._of(property_).by_subject[target] = group
                        if property_ in parts.get(SH.targetSubjectsOf, []):
                            self._of(property_).object.append(group)

    def superclasses(self, types: Collection[str]) -> frozenset[str]:
        """Stated classes with those above them."""
        result: set[str] = set()
        for name in types:
            if name not in self._closures:
                seen, queue = {name}, [name]
                while queue:
                    for above in self._above.get(queue.pop(), ()):
                        if above not in seen:
                            seen.add(above)
                            queue.append(above)
                self._closures[name] = frozenset(seen)
            result |= self._closures[name]
        return frozenset(result)

    def related(self, first: str, second: str) -> bool:
        """Whether one of two properties is the other, or stands above it."""
        return second in self._broader(first) or first in self._broader(second)

    def _broader(self, property_: str) -> frozenset[str]:
        if property_ not in self._closures_over:
            seen, queue = {property_}, [property_]
            while queue:
                for above in self._over.get(queue.pop(), ()):
                    if above not in seen:
                        seen.add(above)
                        queue.append(above)
            self._closures_over[property_] = frozenset(seen)
        return self._closures_over[property_]

    def ends(self, property_: str) -> Ends:
        """What is declared of a property; where it says nothing of one end, what the properties above it do."""
        own = self._ends.get(property_, Ends())
        if own.subject and own.object:
            return own
        result = Ends(list(own.subject), list(own.object), own.by_subject, own.literal)
        for above in sorted(self._broader(property_) - {property_}):
            other = self._ends.get(above, Ends())
            if not own.subject:
                result.subject += other.subject
            if not own.object:
                result.object += other.object
        return result

    def fit(self, property_: str, subject: frozenset[str], object_: frozenset[str] | None) -> tuple[bool, bool]:
        """Whether the stated classes of subject and object are among those declared; None is a literal.

        An end whose classes are not stated fits: that is asked elsewhere.
        """
        key = (property_, subject, object_)
        if key not in self._fitting:
            self._fitting[key] = self._fit(*key)
        return self._fitting[key]

    def _fit(self, property_: str, subject: frozenset[str], object_: frozenset[str] | None) -> tuple[bool, bool]:
        ends = self.ends(property_)
        above = self.superclasses(subject)
        first = not subject or all(above & group for group in ends.subject)
        if ends.literal is not None and ends.literal != (object_ is None):
            return first, False
        if not object_:
            return first, object_ is not None or not ends.object
        below = self.superclasses(object_)
        asked = [*ends.object, *(group for target, group in ends.by_subject.items() if target in above)]
        return first, all(below & group for group in asked)

    def declared(self, property_: str) -> tuple[bool, bool]:
        """Whether anything is declared of a property's subject and of its object."""
        ends = self.ends(property_)
        return bool(ends.subject), bool(ends.object)


class _Nodes:
    """Shapes as nodes with their links."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.parts: dict[str, dict[str, list[str]]] = {}
        for line in lines:
            subject, predicate, object_, _ = split(line)
            if object_.startswith(b"<"):
                self.parts.setdefault(iri(subject), {}).setdefault(iri(predicate), []).append(iri(object_))

    def cells(self, head: str) -> list[str]:
        """The items of a list."""
        items: list[str] = []
        seen = set()
        while head != RDF.nil and head in self.parts and head not in seen:
            seen.add(head)
            items += self.parts[head].get(RDF.first, [])
            head = self.parts[head].get(RDF.rest, [RDF.nil])[0]
        return items

    def classes(self, shape: str, depth: int = 0) -> list[frozenset[str]]:
        """Groups of alternatives that a shape asks of its focus nodes or values."""
        parts = self.parts.get(shape, {})
        groups = [frozenset((name,)) for name in parts.get(SH["class"], [])]
        for head in parts.get(SH["or"], []) if depth < _DEPTH else ():
            each = [self.classes(item, depth + 1) for item in self.cells(head)]
            if each and all(each):
                groups.append(frozenset().union(*(group for alternatives in each for group in alternatives)))
        return groups
