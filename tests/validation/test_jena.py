"""Jena's SHACL as a further opinion on each case of the table of constructs, and on random shapes and data.

One server answers all. Where it is wrong itself, `jena.ODDITIES` says on what; each of them is shown by a case.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent)]
import differential
import jena
from test_constructs import CASES, IDS, NODE, nt, shown, values

#: Cases of what it is alone wrong on.
OWN = [
    (f"{NODE} sh:not [ sh:path e:p ; sh:property [ sh:path e:q ; sh:maxCount 0 ] ] .", "e:a e:q 1 .", ["a"]),
    (f"{NODE} sh:property [ sh:path e:p ; sh:pattern '^[a-z-[aeiou]]$' ] .", values('"b"', '"a"'), ['"a"']),
]


@pytest.fixture(scope="module")
def opinion() -> Iterator[differential.Opinion]:
    """A running server's."""
    with jena.service() as found:
        if found is None:
            pytest.skip(f"Jena is not on this machine: {jena.MISSING}")
        yield found


def test_the_cases(opinion: differential.Opinion) -> None:
    """It has the results of every case but for its oddities, each of which some case shows."""
    wrong, shown_by = {}, set()
    cases = [*((name, *case[1:]) for name, case in zip(IDS, CASES, strict=True)), *(("own", *case) for case in OWN)]
    for name, shapes, data, expected in cases:
        report = opinion(nt(data), nt(shapes))
        found = None if report is None else sorted(shown(item[1] or None) for item in report.elements())
        if found != expected:
            reasons = jena.oddities(nt(shapes), nt(data))
            shown_by |= reasons
            if not reasons:
                wrong[name] = f"{shapes} on {data}: {found} instead of {expected}"
    assert wrong == {}
    assert shown_by == set(jena.ODDITIES)


def test_random_shapes(opinion: differential.Opinion) -> None:
    """It has one report with `auto` and all engines that are right; so have these where it has an oddity."""
    asked = {"jena": jena.where_right(opinion)}
    assert list(differential.differences(range(120, 180), asked)) == []
