"""What a unit is called, and which unit a name means."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.documents.editions import Edition
from isoc_kg.documents.index import index_text
from isoc_kg.documents.unit_names import current_editions, unit_name, unit_named, units_named
from isoc_kg.errors import UnknownName, UsageError
from isoc_kg.project import DocumentSource

BASE = "https://example.org/kg/document/"


def edition(slug: str, name: str, text: str, revision_of: str | None = None) -> Edition:
    index = index_text(text, slug, name, "en")
    return Edition(
        DocumentSource(slug, name, slug.title(), "en", revision_of=revision_of),
        index,
        f"{BASE}{slug}/{name}",
        {},
        {},
        {},
    )


GUIDE = edition("guide", "1", "The pier is long. It is old.\n\nBoats land here.")
LATER = edition("guide", "2", "The pier is long. It was mended.\n\nBoats land here.", "1")
LEDGER = edition("ledger", "1", "Rope cost four pounds.")
ALL = [GUIDE, LATER, LEDGER]


@pytest.mark.parametrize(
    ("editions", "at", "name"),
    [
        ([GUIDE], GUIDE, "1.2"),
        ([GUIDE, LEDGER], GUIDE, "guide:1.2"),
        ([GUIDE, LATER], LATER, "1.2"),
        ([GUIDE, LATER], GUIDE, "guide/1:1.2"),
        (ALL, LATER, "guide:1.2"),
        (ALL, GUIDE, "guide/1:1.2"),
    ],
)
def test_name(editions: list[Edition], at: Edition, name: str) -> None:
    assert unit_name(at, "1.2", editions) == name


def test_editions_side_by_side_need_their_names() -> None:
    """Two editions of which neither replaces the other."""
    beside = replace(LATER, document=replace(LATER.document, revision_of=None))
    assert unit_name(beside, "1.2", [GUIDE, beside]) == "guide/2:1.2"


@given(st.lists(st.sampled_from(ALL), min_size=1, unique_by=lambda e: e.iri), st.data())
def test_each_name_means_its_unit(editions: list[Edition], data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(editions))
    unit = data.draw(st.sampled_from(list(at.index.units.values())))
    assert unit_named(unit_name(at, unit.number, editions), editions) == (at, unit)
    assert unit_named(at.unit_iri(unit.number), editions) == (at, unit)
    assert unit_named(f"<{at.unit_iri(unit.number)}>", editions) == (at, unit)


@pytest.mark.parametrize(
    ("name", "editions", "units"),
    [
        ("1.1", ALL, 3),
        ("guide:1.1", ALL, 2),
        ("guide/1:1.1", ALL, 1),
        ("guide:9.9", ALL, 0),
        ("s2:1.1", ALL, 1),
        ("ledger:2.1", ALL, 0),  # a document's name, though there is a prefix of these letters
        ("other:1.1", ALL, 0),
        ("pier", ALL, 0),
        ("1", ALL, 0),
        ("", ALL, 0),
        ("1.1", [], 0),
    ],
)
def test_all_units_of_a_name(name: str, editions: list[Edition], units: int) -> None:
    prefixes = {"s2": f"{LATER.iri}#", "ledger": f"{GUIDE.iri}#"}
    assert len(units_named(name, editions, [prefixes])) == units


def test_the_current_edition_is_meant() -> None:
    assert unit_named("1.2", [GUIDE, LATER])[0] is LATER
    assert current_editions(ALL) == [LATER, LEDGER]


def test_a_name_of_several_units() -> None:
    with pytest.raises(UsageError, match=r"Write guide:1\.1 or ledger:1\.1"):
        unit_named("1.1", ALL)


@pytest.mark.parametrize(
    ("name", "editions", "advice"),
    [
        ("giude:1.1", ALL, "Did you mean guide:1.1?"),
        ("x:1.1", ALL, "Documents: guide, ledger."),
        ("guide:7.1", ALL, "guide, edition 2, has 1.1 to 2.1."),
        ("second", [GUIDE], "Write its number, 2.3."),
        ("second", ALL, "Write its number, guide:2.3."),
        ("1.1", [], "no documents yet"),
    ],
)
def test_no_unit(name: str, editions: list[Edition], advice: str) -> None:
    with pytest.raises(UnknownName, match="there is no unit") as caught:
        unit_named(name, editions)
    assert advice in str(caught.value)
