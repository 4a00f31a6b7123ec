"""Evidence as the files of a project tell it."""

from collections.abc import Collection, Iterator
from functools import cached_property

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..namespaces import DCTERMS, EV, SKOS
from ..rdf.lines import literal, split
from .statement import Evidence, Sentence

__all__ = ["Authored"]


class Authored:
    """The claims of a project's dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens)."""
        for subject in sorted(subjects):
            yield from self._by_subject.get(subject, ())

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""
        return set(self._properties.intersection(among))

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        sentences = []
        for predicate, unit, _ in claim.units():
            edition, found = self.dataset.units[unit]
            gist = edition.gists.get(found.number)
            sentences.append(
                Sentence(
                    unit,
                    found,
                    edition.document.title,
                    edition.document.edition,
                    literal(gist)[0] if gist else None,
                    edition.quote(found.number) if edition.document.publish_text else None,
                    predicate == EV.impliedBy,
                )
            )
        subject, predicate, object_, _ = (token.decode() for token in split(claim.triple))
        notes = tuple(literal(token.encode())[0] for token in claim.evidence.get(SKOS.editorialNote, {}))
        sources = tuple(token[1:-1] for token in claim.evidence.get(DCTERMS.source, {}))
        ordered = tuple(sorted(sentences, key=lambda sentence: (sentence.document, sentence.unit.start)))
        return Evidence(claim.iri, (subject, predicate, object_), ordered, notes, sources)

    @cached_property
    def _by_subject(self) -> dict[bytes, list[Claim]]:
        found: dict[bytes, list[Claim]] = {}
        for _, claim in sorted(self.dataset.claims.items()):
            found.setdefault(split(claim.triple)[0], []).append(claim)
        return found

    @cached_property
    def _properties(self) -> frozenset[bytes]:
        return frozenset(split(claim.triple)[1] for claim in self.dataset.claims.values())
