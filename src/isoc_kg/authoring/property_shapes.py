"""What shapes say of the values of properties, whatever the data: how many there are, and of what kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..namespaces import RDF, SH
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri, is_literal

__all__ = ["PropertyShapes"]

_PROPERTY, _PATH = iri_token(SH.property), iri_token(SH.path)
_SUBJECTS, _SEVERITY, _VIOLATION = iri_token(SH.targetSubjectsOf), iri_token(SH.severity), iri_token(SH.Violation)
_MAX_COUNT, _UNIQUE, _OFF = iri_token(SH.maxCount), iri_token(SH.uniqueLang), iri_token(SH.deactivated)
_DATATYPE, _CLASS, _NODE_KIND = iri_token(SH.datatype), iri_token(SH["class"]), iri_token(SH.nodeKind)
_LANGUAGES = iri_token(SH.languageIn)
_NODES = frozenset(map(iri_token, (SH.IRI, SH.BlankNode, SH.BlankNodeOrIRI)))


@dataclass
class _Use:
    """What one node shape says of a property's values."""

    single: bool = False
    unique: bool = False  #: one value a language
    everywhere: bool = False  #: its focus nodes are whatever has the property
    link: bool = False
    datatypes: set[str] = field(default_factory=set)


class PropertyShapes:
    """Shapes (canonical lines) by the properties that they speak of; paths of one property alone are read.

    What only warns, or is deactivated, is promised by nobody.
    """

    def __init__(self, shapes: Iterable[bytes]) -> None:
        values: dict[bytes, dict[bytes, list[bytes]]] = {}
        owners: dict[bytes, list[bytes]] = {}
        for line in shapes:
            subject, predicate, object_, _ = split(line)
            values.setdefault(subject, {}).setdefault(predicate, []).append(object_)
            if predicate == _PROPERTY:
                owners.setdefault(object_, []).append(subject)
        #: property → what each node shape says of it
        self._uses: dict[str, dict[bytes, _Use]] = {}
        for shape, said in values.items():
            path = said.get(_PATH, [b""])[0]
            if not is_iri(path) or _is_true(said.get(_OFF)) or said.get(_SEVERITY, [_VIOLATION]) != [_VIOLATION]:
                continue
            for owner in owners.get(shape, [shape]):
                if not _is_true(values[owner].get(_OFF)):
                    use = self._uses.setdefault(iri(path), {}).setdefault(owner, _Use())
                    _add(use, said, everywhere=path in values[owner].get(_SUBJECTS, ()))

    def has_one_value(self, property_: str) -> bool:
        """Whether nothing has two values of it: a shape of all that has it says so, or all shapes that name it do."""
        return self._agreed([(use.everywhere, use.single) for use in self._uses.get(property_, {}).values()])

    def has_one_value_a_language(self, property_: str) -> bool:
        """Whether nothing has two values of it in one language."""
        uses = self._uses.get(property_, {}).values()
        return self._agreed([(use.everywhere, use.single or use.unique) for use in uses])

    def is_link(self, property_: str) -> bool:
        """Whether its values are nodes by every shape that names it."""
        uses = self._uses.get(property_, {}).values()
        return bool(uses) and all(use.link for use in uses)

    def datatypes(self, property_: str) -> set[str]:
        """The datatypes (IRIs) that shapes give its values."""
        return set().union(*(use.datatypes for use in self._uses.get(property_, {}).values()))

    @staticmethod
    def _agreed(uses: list[tuple[bool, bool]]) -> bool:
        return any(everywhere and promised for everywhere, promised in uses) or (
            bool(uses) and all(promised for _, promised in uses)
        )


def _add(use: _Use, said: dict[bytes, list[bytes]], *, everywhere: bool) -> None:
    """Add what a property shape says."""
    use.everywhere |= everywhere
    use.single |= any(is_literal(token) and literal(token)[0] in ("0", "1") for token in said.get(_MAX_COUNT, ()))
    use.unique |= _is_true(said.get(_UNIQUE))
    use.link |= _CLASS in said or not _NODES.isdisjoint(said.get(_NODE_KIND, ()))
    use.datatypes |= {iri(token) for token in said.get(_DATATYPE, ()) if is_iri(token)}
    if _LANGUAGES in said:
        use.datatypes.add(RDF.langString)


def _is_true(tokens: list[bytes] | None) -> bool:
    return bool(tokens) and any(token.startswith((b'"true"', b'"1"')) for token in tokens or ())
