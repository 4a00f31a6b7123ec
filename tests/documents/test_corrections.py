"""Corrections by hand: what they make of units, how their file is read, and what becomes of them in a new edition."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.documents.comparison import compare_text
from isoc_kg.documents.corrections import Corrections, corrected, corrections_between
from isoc_kg.documents.corrections_file import corrections_path, read_corrections
from isoc_kg.documents.cutting.rules import CutRules
from isoc_kg.documents.index import UnitIndex, index_document, index_text, load_index
from isoc_kg.documents.succession import next_index
from isoc_kg.documents.text import letters, text_digest, words_digest
from isoc_kg.documents.units import Unit, cut
from isoc_kg.errors import ParseError

TEXT = "The kiln\n\nOne two. Three four?\nFive.\n\n- six seven\n- eight. Nine.\n\nTen eleven. Twelve\n\nthirteen."
RULES = CutRules()


def corrected_text(corrections: Corrections, text: str = TEXT) -> list[Unit]:
    return corrected(list(cut([text], "en")), text, corrections, "en", RULES)


def test_joins_leave_numbers_out_and_cuts_move_those_behind() -> None:
    """Only numbers of the same paragraph move; what is joined has the number and the kind of its first part."""
    units = corrected_text(Corrections(("2.1", "4.2"), (("2.1", 3), ("3.1", 3))))
    assert [(unit.number, unit.kind, unit.text(TEXT)) for unit in units] == [
        ("1.1", "heading", "The kiln"),
        ("2.1", "sentence", "One"),
        ("2.2", "question", "two. Three four?"),
        ("2.4", "sentence", "Five."),
        ("3.1", "item", "six"),
        ("3.2", "sentence", "seven"),
        ("3.3", "item", "eight."),
        ("3.4", "sentence", "Nine."),
        ("4.1", "sentence", "Ten eleven."),
        ("4.2", "sentence", "Twelve\n\nthirteen."),
    ]


@st.composite
def some_corrections(draw: st.DrawFn) -> Corrections:
    units = list(cut([TEXT], "en"))
    joins = draw(st.sets(st.sampled_from([unit.number for unit in units[:-1]]), max_size=4))
    cuts = draw(st.sets(st.tuples(st.sampled_from([unit.number for unit in units]), st.integers(1, 4)), max_size=3))
    return Corrections(tuple(joins), tuple(cuts))


@given(some_corrections())
@settings(max_examples=200, deadline=None)
def test_corrected_units_are_exact(corrections: Corrections) -> None:
    """Digests and places are those of the words, numbers ascend, and the corrections are found again in the units."""
    units = corrected_text(corrections)
    end, number = 0, (0, 0)
    for unit in units:
        words = unit.text(TEXT)
        assert end <= unit.start < unit.end
        assert words == words.strip()
        assert (unit.sha256, unit.words) == (text_digest(words), words_digest(words))
        assert unit.letters == (letters(TEXT[: unit.start]), letters(TEXT[: unit.end]))
        paragraph, _, within = unit.number.partition(".")
        assert number < (int(paragraph), int(within))
        end, number = unit.end, (int(paragraph), int(within))
    ranges = [(unit.start, unit.end) for unit in units]
    again = corrections_between(list(cut([TEXT], "en")), ranges, TEXT)
    assert [(unit.start, unit.end) for unit in corrected_text(again)] == ranges


@given(
    some_corrections(), st.sampled_from(["A new line.\n\n", "", "Another. "]), st.sampled_from([" \n\nMore came.", ""])
)
@settings(max_examples=200, deadline=None)
def test_corrections_follow_their_words(corrections: Corrections, before: str, after: str) -> None:
    """In a text with something before and behind, the corrected units have the same words."""
    index = index_text(TEXT, "kiln", "1", "en", corrections=corrections)
    text = before + TEXT + after
    made = next_index(index, text, "2", RULES)
    own = [unit.words for unit in index.units.values()]
    theirs = [unit.words for unit in made.index.units.values()]
    if before == "Another. ":  # the heading is one no more
        own, theirs = own[1:], theirs[1:]
        if "1.1" in corrections.joins or "1.1" in dict(corrections.cuts):
            return
    assert made.lost == ()
    start = theirs.index(own[0])
    assert theirs[start : start + len(own)] == own
    assert made.index.edition == "2"
    assert made.index.rules.corrections == made.index.corrections.digest


def test_corrections_of_changed_words_are_reported() -> None:
    """One whose words changed is lost; the others stay."""
    index = index_text(TEXT, "kiln", "1", "en", corrections=Corrections(("2.1",), (("4.1", 3),)))
    made = next_index(index, TEXT.replace("Three", "Thirty"), "2", RULES)
    assert made.lost == ("2.1",)
    assert made.index.corrections == Corrections((), (("4.1", 3),))


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        ("x = 1", 1, "no setting “x”"),
        ("\njoin = []", 2, "Did you mean joins"),
        ('joins = "4.1"', 1, "must be a list"),
        ('joins = [\n"4"]', 2, "not the number of a unit"),
        ('cuts = ["4.1"]', 1, "a cut has a unit"),
        ('cuts = [\n{ unit = "4.1", aftr = 2 }]', 2, "Did you mean after"),
        ('cuts = [\n{ unit = "4.1", after = 0 }]', 2, "a whole number of letters"),
        ('cuts = [\n{ unit = "4.1", after = true }]', 2, "a whole number of letters"),
        ("joins = [", 1, "not TOML"),
    ],
)
def test_the_file_is_read_strictly(tmp_path: Path, toml: str, line: int, message: str) -> None:
    """Whatever is wrong is named with its line."""
    file = tmp_path / "1.corrections.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(ParseError, match=message) as caught:
        read_corrections(file)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("corrections", "message"),
    [
        (Corrections(("9.1",)), "there is no unit 9.1"),
        (Corrections(("5.1",)), "no unit follows unit 5.1"),
        (Corrections((), (("2.1", 99),)), "unit 2.1 has no 99 letters"),
        (Corrections((), (("2.1", 7),)), "unit 2.1 has no 7 letters before its end"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, corrections: Corrections, message: str) -> None:
    """Where an index is made, corrections must fit; where it is compared, what does not fit is left out."""
    text, target = tmp_path / "a.txt", tmp_path / "1.jsonl"
    text.write_text(TEXT, encoding="utf-8")
    corrections_path(target).write_text(corrections.toml, encoding="utf-8")
    with pytest.raises(ParseError, match=message):
        index_document(text, target, slug="kiln", edition="1", language="en")
    assert not target.exists()
    assert corrected_text(corrections) == list(cut([TEXT], "en"))


def test_an_index_is_what_cutting_with_its_corrections_gives(tmp_path: Path) -> None:
    """The file beside the index is applied and compared; the same words in another layout keep the units."""
    text, target = tmp_path / "a.txt", tmp_path / "1.jsonl"
    text.write_text(TEXT, encoding="utf-8")
    corrections = Corrections(("2.1",), (("4.1", 3),))
    corrections_path(target).write_text(corrections.toml, encoding="utf-8")
    index_document(text, target, slug="kiln", edition="1", language="en")
    index: UnitIndex = load_index(target)
    assert index.corrections == corrections
    assert index.rules.corrections == corrections.digest
    assert "2.2" not in index.units
    assert compare_text(index, text).recut.differing == ()
    text.write_text(TEXT.replace("One two", "One\ntwo"), encoding="utf-8")
    assert compare_text(index, text).case == "layout"
    assert compare_text(index, text).recut.differing == ()
    corrections_path(target).unlink()
    text.write_text(TEXT, encoding="utf-8")
    assert compare_text(load_index(target), text).recut.differing
