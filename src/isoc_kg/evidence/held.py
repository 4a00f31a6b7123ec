"""Evidence that is held: it rests on a unit whose words changed in a later edition, until somebody confirms it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..documents.editions import Edition
from ..documents.text import words_digest
from ..documents.unit_names import current_editions
from ..documents.units import Unit
from .answers import ANSWERABLE
from .drift import UnitChange, compare_editions

__all__ = ["HeldUnit", "changed_numbers", "held_units", "replaced_editions", "units_to_compare"]

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class HeldUnit:
    """A unit of an earlier edition on which claims rest, and what became of it in the later one."""

    edition: Edition
    number: str
    later: Edition
    change: UnitChange
    claims: tuple[Claim, ...]

    @property
    def old_words(self) -> str | None:
        """What the unit said, where its text is at hand; else its gist is all there is."""
        return self.edition.quote(self.number)

    @property
    def new_words(self) -> str | None:
        """What the later edition says there, where its text is at hand."""
        words = [self.later.quote(number) for number in self.change.new]
        return " ".join(word for word in words if word) or None


def units_to_compare(edition: Edition) -> list[Unit]:
    """The units of an edition, with digests of their words where the text is at hand."""
    units = []
    for unit in edition.index.units.values():
        words = edition.quote(unit.number)
        units.append(unit if words is None else replace(unit, words=words_digest(words)))
    return units


def replaced_editions(dataset: Dataset) -> list[Edition]:
    """The editions that have a later one."""
    current = {edition.iri for edition in current_editions(dataset.editions)}
    return [edition for edition in dataset.editions if edition.iri not in current]


def held_units(dataset: Dataset) -> Iterator[HeldUnit]:
    """The units of editions with a later one on which claims still rest, in the order of the old text."""
    resting: dict[str, list[Claim]] = {}
    for claim in sorted(dataset.resting, key=lambda claim: claim.triple):
        for unit in dict.fromkeys(name for _, name, _ in claim.units(*ANSWERABLE)):
            resting.setdefault(unit, []).append(claim)
    editions = {(edition.document.slug, edition.document.edition): edition for edition in dataset.editions}
    for later in dataset.editions:
        edition = editions.get((later.document.slug, later.document.revision_of or ""))
        if edition is None or not any(edition.unit_iri(number) in resting for number in edition.index.units):
            continue
        old, new = edition.text(), later.text()
        texts = (old, new) if old is not None and new is not None else None
        for change in compare_editions(units_to_compare(edition), units_to_compare(later), texts):
            for number in change.old:
                if claims := resting.get(edition.unit_iri(number)):
                    yield HeldUnit(edition, number, later, change, tuple(claims))


def changed_numbers(old: str, new: str) -> tuple[list[str], list[str]]:
    """The numbers that only the old words have, and those that only the new ones have.

    >>> changed_numbers("In 1992 with 3 founders", "In 1993 with 3 founders")
    (['1992'], ['1993'])
    """
    before, after = (Counter(_NUMBER.findall(words)) for words in (old, new))
    return list((before - after).elements()), list((after - before).elements())
