"""What names or describes a thing: the properties whose values are names, and the order of a thing's names.

`[names]` in `kg.toml` sets the properties. Façades, pages, search and the check of words all ask here.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..namespaces import DCTERMS, RDFS, SCHEMA, SKOS
from ..project import Project
from ..rdf.lines import iri, literal
from ..rdf.text_preference import NO_LANGUAGE, Preference, is_visible, language_rank, preference
from ..rdf.tokens import iri_token, is_literal

__all__ = ["DESCRIPTIONS", "NameOrder", "best_named", "naming_properties"]

#: The properties whose values describe a thing in a sentence or two, the best first.
DESCRIPTIONS = (SCHEMA.description, SKOS.definition, DCTERMS.description, SCHEMA.text, RDFS.comment)
_DESCRIBING = {iri_token(name): rank for rank, name in enumerate(DESCRIPTIONS)}


def naming_properties(project: Project) -> frozenset[bytes]:
    """The predicates (tokens) of statements that name or define a thing and state nothing else of it."""
    names = project.names
    return frozenset(map(iri_token, (*names.labels, *names.alternatives, SKOS.definition)))


class NameOrder:
    """The names of a project's things, the best first: labels before other names, each as `preference` orders them.

    So a label in the project's language, or in none, comes before one of a better property in another language.
    """

    def __init__(self, project: Project) -> None:
        names = project.names
        self.properties = (*names.labels, *names.alternatives)
        self.labels = {iri_token(name): rank for rank, name in enumerate(names.labels)}
        self.alternatives = frozenset(map(iri_token, names.alternatives))
        self._ranks = {iri_token(name): rank for rank, name in enumerate(self.properties)}
        self._language = project.language

    def is_foreign(self, name: bytes) -> bool:
        """Whether a literal (token) is in another language than the project's."""
        return language_rank(literal(name)[1], self._language) > NO_LANGUAGE

    def label_preference(self, predicate: bytes, name: bytes) -> Preference | None:
        """By what a thing's label is chosen; None for what is none, such as a text in which nothing is seen."""
        return self._preference(self.labels.get(predicate), name)

    def description_preference(self, predicate: bytes, text: bytes) -> Preference | None:
        """By what a thing's description is chosen; None for what is none, such as a text in which nothing is seen."""
        return self._preference(_DESCRIBING.get(predicate), text)

    def _preference(self, rank: int | None, text: bytes) -> Preference | None:
        if rank is None:
            return None
        found = preference(text, self._language, rank)
        return found if is_visible(found[3]) else None

    def names(self, statements: Iterable[tuple[bytes, bytes, bytes]]) -> dict[str, list[str]]:
        """IRI → all that names it, the best name first, out of subjects, predicates and objects (tokens)."""
        ranked: dict[bytes, list[tuple[bool, Preference]]] = {}
        for subject, predicate, object_ in statements:
            rank = self._ranks.get(predicate)
            if is_literal(object_) and (name := self._preference(rank, object_)) is not None:
                ranked.setdefault(subject, []).append((predicate not in self.labels, name))
        return {
            iri(subject): list(dict.fromkeys(text for _, (*_, text) in sorted(names)))
            for subject, names in ranked.items()
        }


def best_named(name: str, names: Mapping[str, Sequence[str]], things: str) -> str | None:
    """The IRI that has a name, whatever its case: things (a namespace) first, then whose name it is sooner."""
    folded = name.casefold()
    ranked = []
    for thing, texts in names.items():
        position = next((number for number, text in enumerate(texts) if text.casefold() == folded), None)
        if position is not None:
            ranked.append((not thing.startswith(things), position, thing))
    return min(ranked)[2] if ranked else None
