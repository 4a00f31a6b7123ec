"""What of a document is covered by claims, and which of its words nothing carries."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..authoring.vocabulary import naming_properties
from ..documents.editions import Edition
from ..documents.units import Unit
from ..namespaces import RDF, SCHEMA
from ..project import Project
from ..rdf import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from .texts import lexicon_of
from .words import Lexicon

__all__ = ["Coverage", "UnitCoverage", "from_sentences", "measure_coverage", "not_covering", "words_left_over"]


def not_covering(project: Project) -> frozenset[bytes]:
    """The predicates (tokens) of statements that name, define, sort or point at a thing and state nothing of it."""
    return naming_properties(project) | {iri_token(RDF.type), iri_token(SCHEMA.about)}


def from_sentences(dataset: Dataset) -> list[Claim]:
    """The claims that units support or imply, names, kinds and definitions aside: what the documents say of things."""
    naming = not_covering(dataset.project)
    claims = dataset.claims.values()
    return [claim for claim in claims if split(claim.triple)[1] not in naming and any(claim.units(*SUPPORTING))]


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """One unit: the claims that rest on it, and the content words that none of them carries."""

    unit: Unit
    iri: str
    claims: tuple[Claim, ...]
    covering: int  #: claims that say something, not only name, sort or point
    exempt: str | None
    left_over: tuple[str, ...] | None  #: None when the text is not at hand

    @property
    def covered(self) -> bool:
        """Whether a claim says something that the unit says, or none need to."""
        return self.covering > 0 or self.exempt is not None


@dataclass(frozen=True, slots=True)
class Coverage:
    """All units of one edition."""

    edition: Edition
    units: tuple[UnitCoverage, ...]

    @property
    def uncovered(self) -> list[UnitCoverage]:
        """The units that neither are covered nor exempt."""
        return [unit for unit in self.units if not unit.covered]

    @property
    def named(self) -> int:
        """How many units that need more have only names, kinds and definitions."""
        return sum(bool(unit.claims) and not unit.covered for unit in self.units)

    @property
    def share(self) -> float:
        """The share of units that are covered, among those that need it."""
        asked = [unit for unit in self.units if unit.exempt is None]
        return sum(unit.covering > 0 for unit in asked) / max(1, len(asked))


def measure_coverage(dataset: Dataset, edition: Edition, text: str | None = None) -> Coverage:
    """The coverage of an edition; with its text also the words that are left over."""
    by_unit: dict[str, list[Claim]] = {}
    for claim in dataset.claims.values():
        for _, name, _ in claim.units(*SUPPORTING, *CONTRADICTING):
            by_unit.setdefault(name, []).append(claim)
    lexicon = lexicon_of(edition, text) if text is not None else None
    naming = not_covering(dataset.project)
    result = []
    for unit in edition.index.units.values():
        name = edition.unit_iri(unit.number)
        claims = by_unit.get(name, [])
        left = None
        if lexicon is not None and text is not None:
            left = words_left_over(dataset, claims, unit.text(text), lexicon)
        covering = sum(split(claim.triple)[1] not in naming for claim in claims)
        result.append(UnitCoverage(unit, name, tuple(claims), covering, edition.exempt.get(unit.number), left))
    return Coverage(edition, tuple(result))


def words_left_over(dataset: Dataset, claims: Iterable[Claim], text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The content words of a unit's text that none of the claims on it carries: as written, in their order, each once.

    Of the forms of one word the first is given.
    """
    carried = set().union(*(lexicon.words(word) for word in _names(dataset, claims)), lexicon.stop)
    return tuple(word for stem, word in lexicon.written(text).items() if stem not in lexicon.frequent | carried)


def _names(dataset: Dataset, claims: Iterable[Claim]) -> Iterable[str]:
    """All names of what the claims speak of, the project's words for others' terms, and the claims' texts."""
    worded = tuple(dataset.project.all_words())
    for claim in claims:
        for token in split(claim.triple)[:3]:
            if is_literal(token):
                yield literal(token)[0]
            else:
                yield from dataset.labels.get(iri(token), [])
                for term, _, texts in worded:
                    if term == iri(token):
                        yield from texts
