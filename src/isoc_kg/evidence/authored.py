"""Evidence as the files of a project tell it."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.dataset import Dataset
from ..authoring.entailment import IN_SCHEME, Axioms
from ..authoring.facts import Claim
from ..documents.unit_names import unit_prefixes
from ..namespaces import DCTERMS, EV, SKOS
from ..rdf.lines import literal, split
from ..rdf.tokens import iri_token
from .statement import TOLD_APART, Citing, Evidence, Sentence

__all__ = ["Authored"]


class Authored:
    """The claims of a project's dataset."""

    def __init__(self, dataset: Dataset, citing: Citing | None = None) -> None:
        self.dataset = dataset
        self._citing = citing

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens)."""
        for subject in sorted(subjects):
            yield from self._by_subject.get(subject, ())

    def called(self, names: Collection[bytes]) -> Iterator[Claim]:
        """The claims that have these names (tokens), in the order of their triples."""
        found = (self._by_name[name] for name in names if name in self._by_name)
        yield from sorted(found, key=lambda claim: claim.triple)

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""
        return set(self._properties.intersection(among))

    def axioms(self, terms: Collection[bytes]) -> Axioms:
        """The axioms of the project's ontology, all of them."""
        return self._axioms

    def schemes(self, concepts: Collection[bytes]) -> Mapping[bytes, Collection[bytes]]:
        """The schemes of those of these concepts that have any."""
        return {concept: self._schemes[concept] for concept in concepts if concept in self._schemes}

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        subject, predicate, object_, _ = (token.decode() for token in split(claim.triple))
        group = self._rivals.get(claim.triple, ())
        return Evidence(
            claim.iri,
            (subject, predicate, object_),
            self._sentences(claim, *SUPPORTING),
            _texts(claim, SKOS.editorialNote),
            tuple(token[1:-1] for token in claim.evidence.get(DCTERMS.source, {})),
            self._sentences(claim, *CONTRADICTING),
            tuple((other.iri, split(other.triple)[2].decode()) for other in group if other is not claim),
            _texts(claim, EV.preferred),
            _texts(claim, EV.retracted),
            tuple(
                (name, value)
                for name in sorted(claim.evidence.keys() - TOLD_APART)
                for value in sorted(claim.evidence[name])
            ),
            self.dataset.project.prefixes,
            self._citing,
        )

    def _sentences(self, claim: Claim, *predicates: str) -> tuple[Sentence, ...]:
        """The units that such annotations name, in their document's order."""
        sentences = []
        for predicate, unit, _ in claim.units(*predicates):
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
                    (edition.document.slug, edition.document.edition) in self._replaced,
                    self._unit_prefixes[edition.iri] + found.number,
                )
            )
        return tuple(sorted(sentences, key=lambda sentence: (sentence.document, sentence.unit.start)))

    @cached_property
    def _axioms(self) -> Axioms:
        return Axioms(self.dataset.graph("ontology"))

    @cached_property
    def _schemes(self) -> dict[bytes, set[bytes]]:
        found: dict[bytes, set[bytes]] = {}
        for subject, predicate, object_, _ in map(split, self.dataset.graph("facts", "derived")):
            if predicate in IN_SCHEME:
                concept, scheme = (object_, subject) if IN_SCHEME[predicate] else (subject, object_)
                found.setdefault(concept, set()).add(scheme)
        return found

    @cached_property
    def _rivals(self) -> dict[bytes, tuple[Claim, ...]]:
        return {claim.triple: group.claims for group in self.dataset.rivals for claim in group.claims}

    @cached_property
    def _unit_prefixes(self) -> dict[str, str]:
        return unit_prefixes(self.dataset.editions)

    @cached_property
    def _replaced(self) -> frozenset[tuple[str, str]]:
        """The editions, by document and name, that have a later one."""
        documents = (edition.document for edition in self.dataset.editions)
        return frozenset((document.slug, document.revision_of) for document in documents if document.revision_of)

    @cached_property
    def _by_subject(self) -> dict[bytes, list[Claim]]:
        found: dict[bytes, list[Claim]] = {}
        for _, claim in sorted(self.dataset.claims.items()):
            found.setdefault(split(claim.triple)[0], []).append(claim)
        return found

    @cached_property
    def _by_name(self) -> dict[bytes, Claim]:
        return {iri_token(claim.iri): claim for claim in self.dataset.claims.values()}

    @cached_property
    def _properties(self) -> frozenset[bytes]:
        return frozenset(split(claim.triple)[1] for claim in self.dataset.claims.values())


def _texts(claim: Claim, predicate: str) -> tuple[str, ...]:
    return tuple(literal(token.encode())[0] for token in claim.evidence.get(predicate, {}))
