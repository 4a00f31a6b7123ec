"""A unit under the names that it has in later editions of its document."""

from collections.abc import Iterator, Sequence

from .editions import Edition
from .units import Unit

__all__ = ["LaterUnits"]


class LaterUnits:
    """The editions of documents, each with the ones that replace it.

    A unit is followed by its words. Where a later edition has other words there, somebody moved what rests on it by
    hand, or confirmed it, and any of that edition's units may be meant.
    """

    def __init__(self, editions: Sequence[Edition]) -> None:
        self._editions = {edition.iri: edition for edition in editions}
        names = {(edition.document.slug, edition.document.edition): edition.iri for edition in editions}
        self._next: dict[str, list[Edition]] = {}
        for edition in editions:
            before = names.get((edition.document.slug, edition.document.revision_of or ""))
            if before and before != edition.iri:
                self._next.setdefault(before, []).append(edition)
        self._same: dict[str, dict[str, list[str]]] = {}

    def names(self, unit: str) -> Iterator[str]:
        """A unit's own IRI, then those it may have in later editions."""
        yield unit
        for own, later in self._later(unit):
            yield from (own and self._alike(later).get(_words(own))) or map(later.unit_iri, later.index.units)

    def reworded(self, unit: str) -> Iterator[str]:
        """What a unit may have become in later editions that have other words there."""
        for own, later in self._later(unit):
            if own and _words(own) not in self._alike(later):
                yield from map(later.unit_iri, later.index.units)

    def _later(self, unit: str) -> Iterator[tuple[Unit | None, Edition]]:
        """The unit itself, with each of the editions that replace its own."""
        iri, _, number = unit.partition("#")
        edition = self._editions.get(iri)
        own = edition.index.units.get(number) if edition else None
        waiting, seen = [*self._next.get(iri, ())], {iri}
        for later in waiting:
            if later.iri in seen:
                continue
            seen.add(later.iri)
            waiting += self._next.get(later.iri, ())
            yield own, later

    def _alike(self, edition: Edition) -> dict[str, list[str]]:
        """The units of an edition by the digest of their words."""
        if edition.iri not in self._same:
            found: dict[str, list[str]] = {}
            for unit in edition.index.units.values():
                found.setdefault(_words(unit), []).append(edition.unit_iri(unit.number))
            self._same[edition.iri] = found
        return self._same[edition.iri]


def _words(unit: Unit) -> str:
    return unit.words or unit.sha256
