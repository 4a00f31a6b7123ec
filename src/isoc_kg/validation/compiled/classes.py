"""Which classes are below which: `rdfs:subClassOf` of the data, and of an ontology beside it."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ...namespaces import RDF, RDFS
from ...query.evaluator import Evaluator
from ..terms import Names, iri, is_iri, triples
from .expressions import any_of

__all__ = ["Classes"]

#: Classes that are asked for at once, and that one pattern lists; some stores plan longer lists badly.
_AT_ONCE, _LISTED = 50, 50
_TYPE, _SUBCLASS = iri(RDF.type), iri(RDFS.subClassOf)


class Classes:
    """The closures of the classes that shapes name, asked of the store a layer at a time."""

    def __init__(self, evaluator: Evaluator, ontology: bytes, named: Iterable[str]) -> None:
        direct: dict[str, set[str]] = {}
        for quad in triples(ontology, "the ontology"):
            if quad.predicate.value == RDFS.subClassOf:
                if all(isinstance(term, ox.NamedNode) and is_iri(term.value) for term in (quad.subject, quad.object)):
                    direct.setdefault(str(quad.object)[1:-1], set()).add(str(quad.subject)[1:-1])
        self._nameless: set[str] = set()
        self._direct = direct
        self._ask(evaluator, sorted(set(named)))

    def _ask(self, evaluator: Evaluator, layer: list[str]) -> None:
        """Add what the store knows, breadth first, each class once."""
        if not layer or not evaluator.ask(f"ASK {{ ?below {_SUBCLASS} ?above }}"):
            return
        seen = set(layer)
        while layer:
            below: set[str] = set()
            for start in range(0, len(layer), _AT_ONCE):
                listed = " ".join(map(iri, layer[start : start + _AT_ONCE]))
                _, rows = evaluator.select(
                    f"SELECT ?below ?above WHERE {{ VALUES ?above {{ {listed} }} ?below {_SUBCLASS} ?above }}"
                )
                for lower, upper in rows:
                    if not isinstance(upper, ox.NamedNode):
                        continue
                    if isinstance(lower, ox.NamedNode) and is_iri(lower.value):
                        self._direct.setdefault(upper.value, set()).add(lower.value)
                    else:
                        self._nameless.add(upper.value)
            for name in layer:
                below |= self._direct.get(name, set())
            layer = sorted(below - seen)
            seen |= below

    def lines(self) -> bytes:
        """What is known of classes below one another, as N-Triples."""
        found = sorted((lower, upper) for upper, all_ in self._direct.items() for lower in all_)
        return "".join(f"{iri(lower)} {_SUBCLASS} {iri(upper)} .\n" for lower, upper in found).encode()

    def closure(self, name: str) -> list[str]:
        """A class and all below it that have names, sorted, itself first."""
        found = {name}
        todo = [name]
        while todo:
            for one in self._direct.get(todo.pop(), ()):
                if one not in found:
                    found.add(one)
                    todo.append(one)
        return [name, *sorted(found - {name})]

    def instance(self, node: str, name: str, names: Names) -> str:
        """An expression: whether a node is an instance of the class."""
        found = self.closure(name)
        nameless = [one for one in found if one in self._nameless]
        if len(found) == 1 and not nameless:
            return f"EXISTS {{ {node} {_TYPE} {iri(name)} }}"
        type_ = names.fresh()
        below = [f"EXISTS {{ {type_} {_SUBCLASS}+ {iri(one)} }}" for one in nameless]
        listed = f"{type_} IN ({', '.join(map(iri, found))})"
        return f"EXISTS {{ {node} {_TYPE} {type_} FILTER({any_of([listed, *below])}) }}"

    def members(self, node: str, name: str, names: Names) -> Iterator[tuple[str, str]]:
        """Patterns that together bind a variable to the instances of the class, and the same as expressions."""
        found = self.closure(name)
        type_ = names.fresh()
        if len(found) == 1:
            pattern = f"{node} {_TYPE} {iri(name)}"
            yield f"{pattern} .", f"EXISTS {{ {pattern} }}"
        else:
            for start in range(0, len(found), _LISTED):
                listed = [iri(one) for one in found[start : start + _LISTED]]
                pattern = f"{node} {_TYPE} {type_}"
                other = names.fresh()  # the type that one pattern binds is not the one that the next asks for
                held = f"EXISTS {{ {node} {_TYPE} {other} FILTER({other} IN ({', '.join(listed)})) }}"
                yield f"VALUES {type_} {{ {' '.join(listed)} }} {pattern} .", held
        for one in found:
            if one in self._nameless:
                pattern, below = f"{node} {_TYPE} {type_}", f"{type_} {_SUBCLASS}+ {iri(one)}"
                yield f"{below} . {pattern} .", f"EXISTS {{ {pattern} FILTER(EXISTS {{ {below} }}) }}"
                type_ = names.fresh()
