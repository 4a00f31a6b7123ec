"""What names or describes a thing: the properties whose values are names, and the order of a thing's names.

`[names]` in `kg.toml` sets the properties. Façades, pages, search and the check of words all ask here.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..namespaces import DCTERMS, RDFS, SCHEMA, SKOS
from ..project import Project
from ..rdf.lines import iri, literal
from ..rdf.tokens import iri_token, is_literal

__all__ = ["DESCRIPTIONS", "NameOrder", "best_named"]

#: The properties whose values describe a thing in a sentence or two, the best first.
DESCRIPTIONS = (SCHEMA.description, SKOS.definition, DCTERMS.description, SCHEMA.text, RDFS.comment)


class NameOrder:
    """The names of a project's things, the best first: by property, then by language, then by their tokens.

    The project's own language comes first, then names without a language tag, then the other languages.
    """

    def __init__(self, project: Project) -> None:
        names = project.names
        self.properties = (*names.labels, *names.alternatives)
        self.labels = {iri_token(name): rank for rank, name in enumerate(names.labels)}
        self.alternatives = frozenset(map(iri_token, names.alternatives))
        self._ranks = {iri_token(name): rank for rank, name in enumerate(self.properties)}
        self._language = project.language

    def language_rank(self, name: bytes) -> int:
        """0 for a literal (token) in the project's language, 1 without a language, 2 in another."""
        tag = name[name.rindex(b'"') + 2 :].decode() if name[-1:] != b'"' else ""
        return 0 if tag == self._language else 1 if not tag else 2

    def names(self, statements: Iterable[tuple[bytes, bytes, bytes]]) -> dict[str, list[str]]:
        """IRI → all that names it, the best name first, out of subjects, predicates and objects (tokens)."""
        ranked: dict[bytes, list[tuple[int, int, bytes]]] = {}
        for subject, predicate, object_ in statements:
            rank = self._ranks.get(predicate)
            if rank is not None and is_literal(object_):
                ranked.setdefault(subject, []).append((rank, self.language_rank(object_), object_))
        return {
            iri(subject): list(dict.fromkeys(literal(token)[0] for _, _, token in sorted(names)))
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
