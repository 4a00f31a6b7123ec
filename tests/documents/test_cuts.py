"""Texts in many languages, cut as a reader would."""

import pytest
from cut_texts import texts, units

from isoc_kg.documents.units import cut


@pytest.mark.parametrize(("language", "text", "expected"), texts("tuned"), ids=lambda value: None)
def test_each_tuned_text_is_cut_right(language: str, text: str, expected: list[str]) -> None:
    """The texts with which the rules are made."""
    assert units(text, language) == expected


def test_texts_held_out_are_mostly_cut_right() -> None:
    """The texts that were written before the rules."""
    held_out = texts("held_out")
    right = sum(units(text, language) == expected for language, text, expected in held_out)
    assert right >= 0.85 * len(held_out)
