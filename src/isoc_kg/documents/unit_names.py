"""Names of units: `4.1` where a project has one document, `slug:4.1` where it has several."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ..errors import UnknownName, UsageError
from ..iris import expand
from .editions import Edition
from .units import Unit

__all__ = [
    "EditionName", "NamedUnit", "current_editions", "is_unit_name", "prefixes_of_names", "unit_name", "unit_named",
    "unit_prefixes", "units_named",
]  # fmt: skip

NamedUnit = tuple[Edition, Unit]
#: A number, with the document's name before it, and the edition's behind that: `4.1`, `guide:4.1`, `guide/2:4.1`.
_NAME = re.compile(r"(?:(?P<slug>[^\s:/#<>]+)(?:/(?P<edition>[^\s:/#<>]+))?:)?(?P<number>\d+\.\d+)")


def current_editions(editions: Iterable[Edition]) -> list[Edition]:
    """The editions that no later one replaces."""
    all_ = list(editions)
    revised = {(edition.document.slug, edition.document.revision_of) for edition in all_}
    return [edition for edition in all_ if (edition.document.slug, edition.document.edition) not in revised]


@dataclass(frozen=True, slots=True)
class EditionName:
    """What the names of an edition's units are made of."""

    iri: str
    slug: str
    edition: str
    current: bool  #: no later edition replaces it


def prefixes_of_names(names: Iterable[EditionName]) -> dict[str, str]:
    """Edition (IRI) → what stands before the numbers of its units: nothing, `guide:` or `guide/1:`."""
    editions = list(names)
    slugs = {name.slug for name in editions}
    current = Counter(name.slug for name in editions if name.current)
    return {
        name.iri: f"{name.slug}/{name.edition}:"
        if not name.current or current[name.slug] > 1
        else f"{name.slug}:"
        if len(slugs) > 1
        else ""
        for name in editions
    }


def unit_prefixes(editions: Sequence[Edition]) -> dict[str, str]:
    """Edition (IRI) → what stands before the numbers of its units, among the editions of a project."""
    current = {edition.iri for edition in current_editions(editions)}
    return prefixes_of_names(
        EditionName(edition.iri, edition.document.slug, edition.document.edition, edition.iri in current)
        for edition in editions
    )


def unit_name(edition: Edition, number: str, editions: Sequence[Edition]) -> str:
    """The shortest name by which `unit_named` finds a unit among the editions of a project.

    With one document its number, `4.1`; with several `guide:4.1`; in an edition that has a later one `guide/1:4.1`.
    """
    return unit_prefixes(editions)[edition.iri] + number


def is_unit_name(name: str) -> bool:
    """Whether a name is of the form of a unit's: `4.1`, `guide:4.1`, `guide/2:4.1`."""
    return _NAME.fullmatch(name) is not None


def units_named(name: str, editions: Sequence[Edition], prefixes: Iterable[Mapping[str, str]] = ()) -> list[NamedUnit]:
    """All units that a name may mean, in the order of the editions; none where it means none.

    A name is a number (`4.1`), one behind a document (`guide:4.1`) or behind an edition (`guide/2:4.1`), a unit's IRI,
    or a prefixed name by any of `prefixes`. A document's name comes before a prefix of the same letters.
    """
    match = _NAME.fullmatch(name)
    if match and (match["slug"] is None or any(match["slug"] == edition.document.slug for edition in editions)):
        return [
            (edition, edition.index.units[match["number"]])
            for edition in editions
            if match["slug"] in (None, edition.document.slug)
            and match["edition"] in (None, edition.document.edition)
            and match["number"] in edition.index.units
        ]
    spelt = name.removeprefix("<").removesuffix(">")
    iris = {spelt, *(expand(spelt, known) for known in prefixes)} if ":" in spelt else set()
    return [
        (edition, unit)
        for edition in editions
        for unit in edition.index.units.values()
        if iris and edition.unit_iri(unit.number) in iris
    ]


def unit_named(name: str, editions: Sequence[Edition], prefixes: Iterable[Mapping[str, str]] = ()) -> NamedUnit:
    """The one unit that a name means; among editions of one document the current one's.

    Raises `UnknownName` where there is none, and `UsageError`, naming the possible ones, where there are several.
    """
    units = units_named(name, editions, prefixes)
    if len(units) > 1:
        current = {edition.iri for edition in current_editions(editions)}
        units = [(edition, unit) for edition, unit in units if edition.iri in current] or units
    if len(units) > 1:
        names = " or ".join(unit_name(edition, unit.number, editions) for edition, unit in units)
        raise UsageError(f"{name} is a unit of several documents or editions.", advice=f"Write {names}.")
    if not units:
        raise UnknownName(f"there is no unit {name}.", advice=_advice(name, editions))
    return units[0]


def _advice(name: str, editions: Sequence[Edition]) -> str:
    """What to write in place of a name that means no unit."""
    match = _NAME.fullmatch(name)
    slugs = list(dict.fromkeys(edition.document.slug for edition in editions))
    if not slugs:
        return "The project has no documents yet; add one: isoc-kg document add FILE."
    if match and match["slug"] and match["slug"] not in slugs:
        near = get_close_matches(match["slug"], slugs, 1)
        return f"Did you mean {near[0]}:{match['number']}?" if near else f"Documents: {', '.join(slugs)}."
    if match:
        ranges = [
            f"{edition.name}, has {next(iter(edition.index.units))} to {next(reversed(edition.index.units))}"
            for edition in current_editions(editions)
            if match["slug"] in (None, edition.document.slug)
        ]
        return f"{'; '.join(ranges[:5])}."
    return f"Write its number, {'' if len(slugs) == 1 else slugs[0] + ':'}2.3."
