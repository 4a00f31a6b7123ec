"""Whether the evidence holds: words of each claim in its sentences."""

from collections.abc import Iterator, Sequence

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..documents.editions import Edition
from ..errors import Finding
from ..namespaces import EV
from ..rdf import iri, literal, split
from ..rdf.tokens import is_literal
from .words import Lexicon

__all__ = ["check_words", "lexicon_of"]


def lexicon_of(edition: Edition, text: str) -> Lexicon:
    """The words of an edition's units."""
    return Lexicon(edition.index.language, (unit.text(text) for unit in edition.index.units.values()))


def check_words(
    dataset: Dataset, edition: Edition, text: str, shift: int = 0
) -> Iterator[tuple[Claim, str, bool, Finding]]:
    """Each pair of a claim and a unit that says it, and whether a word of the claim occurs there.

    Two thirds of the content words of one of the object's names, of its text, or of the property's label must
    occur in the unit; what is only implied is not asked. `shift` moves all units by so many
    places: then nearly every pair must fail.
    """
    lexicon = lexicon_of(edition, text)
    units = list(edition.index.units.values())
    position = {edition.unit_iri(unit.number): index for index, unit in enumerate(units)}
    words = [lexicon.words(unit.text(text)) for unit in units]
    texts = [unit.text(text) for unit in units]
    for claim in dataset.claims.values():
        _, predicate, object_, _ = split(claim.triple)
        names = [literal(object_)[0]] if is_literal(object_) else dataset.labels.get(iri(object_), [])
        asked = [lexicon.content(name) for name in (*names, *dataset.labels.get(iri(predicate), [])[:1])]
        for _, unit, (file, line) in claim.units(EV.supportedBy):
            if unit not in position:
                continue
            index = (position[unit] + shift) % len(units)
            found = any(one and 3 * len(one & words[index]) >= 2 * len(one) for one in asked) or (
                is_literal(object_) and literal(object_)[0] in texts[index]
            )
            yield (
                claim,
                unit,
                found,
                Finding(
                    f"too few words of {_quoted(names[:2]) or object_.decode()} occur in {_short(unit)}.",
                    file=file,
                    line=line,
                    iri=claim.iri,
                    advice="Name the sentence that says it, or write ev:impliedBy if it only follows from this one.",
                ),
            )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _short(unit: str) -> str:
    return "unit " + unit.rpartition("#")[2]
