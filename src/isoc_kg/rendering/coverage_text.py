"""How much of a document statements rest on, counted once for every page that says so, and in one sentence."""

from collections.abc import Iterable
from typing import NamedTuple

from .renderer import Renderer
from .unit_rows import state_of
from .unit_view import UnitView

__all__ = ["CoverageCounts", "count_coverage", "coverage_text", "is_named"]


class CoverageCounts(NamedTuple):
    """Units of a document by whether they need a statement, and whether some rest on them."""

    covered: int  #: that need one and have one
    uncovered: int  #: that need one and have none
    exempt: int  #: that need none
    exempt_covered: int  #: of these, that have some all the same

    @property
    def asked(self) -> int:
        """Those that need a statement."""
        return self.covered + self.uncovered

    @property
    def all(self) -> int:
        """All of them."""
        return self.asked + self.exempt


def is_named(renderer: Renderer, unit: UnitView) -> bool:
    """Whether any claim names a unit, for it or against it."""
    return unit.iri in renderer.index.contradicted or bool(renderer.index.claims.get(unit.iri))


def count_coverage(renderer: Renderer, units: Iterable[UnitView]) -> CoverageCounts:
    """The counts of some units."""
    covered = uncovered = exempt = exempt_covered = 0
    for unit in units:
        state = state_of(renderer, unit)
        covered += state == "covered"
        uncovered += state == "uncovered"
        exempt += state == "exempt"
        exempt_covered += state == "exempt" and is_named(renderer, unit)
    return CoverageCounts(covered, uncovered, exempt, exempt_covered)


def coverage_text(renderer: Renderer, counts: CoverageCounts) -> str:
    """The counts in words, so that they add up: all, those that need a statement, those that need none."""
    t = renderer.theme.strings
    figures = {name: renderer.theme.figure(number) for name, number in counts._asdict().items()}
    figures |= {"all": renderer.theme.figure(counts.all), "asked": renderer.theme.figure(counts.asked)}
    parts = [t["covered_text"].format(**figures)]
    if counts.exempt:
        parts.append(t["covered_exempt" if counts.exempt_covered else "covered_exempt_bare"].format(**figures))
    return " ".join(parts)
