"""Rows whose columns blanks put below each other, and abbreviations of roles, are cut as readers see them."""

import pytest

from isoc_kg.documents.index import index_text

ROWS = "Name      Office     Since\nAnna Berg Pilot      2010\nOle       Treasurer  2012\n"
JUSTIFIED = (
    "The  pilots of  the harbour  keep watch\nby night  and by  day, and  they do  so\n"
    "in any  weather, which  is why they are\nheld in honour.\n"
)


def units(text: str, language: str = "en") -> list[str]:
    index = index_text(text, "d", "1", language)
    return [" ".join(text[unit.start : unit.end].split()) for unit in index.units.values()]


def test_columns_of_blanks() -> None:
    """Each row is a unit, also where text stands above and below it."""
    rows = [" ".join(line.split()) for line in ROWS.splitlines()]
    assert units(ROWS) == rows
    assert units(f"The board met twice.\n\n{ROWS}\nIt thanks all.\n") == [
        "The board met twice.",
        *rows,
        "It thanks all.",
    ]


def test_justified_text() -> None:
    """Blanks that fill lines up to one width make no columns; two lines are no table."""
    assert len(units(JUSTIFIED)) == 1
    assert len(units("A  word here\nand  so on.\n")) == 1


@pytest.mark.parametrize(
    "text",
    ["Die Vors. Ida Holm kam.", "Der stellv. Vors. Ole Berg hat geredet.", "Der ehrenamtl. Kassier dankte Ida Holm."],
)
def test_german_offices(text: str) -> None:
    """No sentence ends behind the abbreviation of an office."""
    assert units(f"{text} Alle blieben.", "de") == [text, "Alle blieben."]
