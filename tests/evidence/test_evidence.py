"""What edited documents do to evidence, and what its commands say."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.documents.units import Unit, cut
from isoc_kg.evidence.drift import UnitChange, compare_editions
from isoc_kg.evidence.rewriting import rewrite_units

BEFORE = (
    "First stays as it is. Second will be edited here a little. Third goes away for good.\n\n"
    "Fourth stays too.\n\nFifth will be cut into two, since it is long."
)
AFTER = (
    "New words come in. First stays as it is. Second will be edited there a little.\n\n"
    "Fourth stays too.\n\nFifth will be cut into two. Since it is long."
)


def units(text: str) -> list[Unit]:
    return list(cut([text], "en"))


def compare(old: str, new: str) -> list[UnitChange]:
    return compare_editions(units(old), units(new), (old, new))


def test_drift_names_each_case() -> None:
    """Inserted, moved, edited, removed, same and split are told apart; merging is splitting backwards."""
    assert compare(BEFORE, AFTER) == [
        UnitChange("moved", ("1.1",), ("1.2",)),
        UnitChange("edited", ("1.2",), ("1.3",)),
        UnitChange("removed", ("1.3",), ()),
        UnitChange("same", ("2.1",), ("2.1",)),
        UnitChange("split", ("3.1",), ("3.1", "3.2")),
        UnitChange("inserted", (), ("1.1",)),
    ]
    assert UnitChange("merged", ("3.1", "3.2"), ("3.1",)) in compare(AFTER, BEFORE)


def test_drift_without_the_old_text() -> None:
    """Digests and places alone tell what stayed, and what was edited between two that stayed."""
    new = BEFORE.replace("edited here", "edited there").replace(" Third goes away for good.", "")
    assert compare_editions(units(BEFORE), units(new), None) == [
        UnitChange("same", ("1.1",), ("1.1",)),
        UnitChange("removed", ("1.2",), ()),
        UnitChange("removed", ("1.3",), ()),
        UnitChange("same", ("2.1",), ("2.1",)),
        UnitChange("same", ("3.1",), ("3.1",)),
        UnitChange("inserted", (), ("1.2",)),
    ]
    new = BEFORE.replace("edited here", "edited there")
    assert UnitChange("edited", ("1.2",), ("1.2",)) in compare_editions(units(BEFORE), units(new), None)


WORDS = ["quay", "crane", "rope", "tide", "ferry", "mole", "light", "chart"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(
    lambda words: " ".join(words).capitalize() + "."
)
TEXT = st.lists(st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5).map("\n\n".join)


@given(TEXT, TEXT, st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_unit_is_in_one_change(old: str, new: str, with_texts: bool) -> None:
    """Whatever was edited, no unit of either edition is lost or named twice, and twins are called same or moved."""
    sides = units(old), units(new)
    changes = compare_editions(*sides, (old, new) if with_texts else None)
    for side, names in zip(
        sides, ([n for c in changes for n in c.old], [n for c in changes for n in c.new]), strict=True
    ):
        assert sorted(names) == sorted(unit.number for unit in side)
    digests = [{unit.number: unit.sha256 for unit in side} for side in sides]
    for change in changes:
        if change.case in ("same", "moved"):
            assert digests[0][change.old[0]] == digests[1][change.new[0]]
            assert (change.case == "same") == (change.old == change.new)
    assert {change.case for change in compare(old, old)} == {"same"}


@given(st.lists(SENTENCE, min_size=3, max_size=8, unique=True), st.data())
@settings(max_examples=100, deadline=None)
def test_one_edit_is_named_rightly(sentences: list[str], data: st.DataObject) -> None:
    """A paragraph taken out, put in, or put elsewhere is named so, and the others stayed or moved."""
    at = data.draw(st.integers(0, len(sentences) - 1))
    rest = sentences[:at] + sentences[at + 1 :]
    fresh = "Gulls screech over breakfast while nobody listens today."
    text = "\n\n".join
    cases = [change.case for change in compare(text(sentences), text(rest))]
    assert cases.count("removed") == 1
    assert set(cases) <= {"removed", "same", "moved"}
    cases = [change.case for change in compare(text(sentences), text([*sentences[:at], fresh, *sentences[at:]]))]
    assert cases.count("inserted") == 1
    assert set(cases) <= {"inserted", "same", "moved"}
    assert {change.case for change in compare(text(sentences), text([*rest, sentences[at]]))} <= {"same", "moved"}


def test_units_are_rewritten_only_where_they_are_units() -> None:
    """Prefixed and full names move; strings, comments and other editions do not."""
    text = (
        "@prefix s: <https://e/d/1#> . # s:1.1 in a comment\n"
        '<a> <b> "s:1.1 in a text, <https://e/d/1#>" '
        "{| <p> s:1.1, s:1.2, <https://e/d/1#1.1> , <https://e/d/0#1.1> |} .\n"
    )
    moved = rewrite_units(text, "https://e/d/1", "https://e/d/2", {"1.1": ("2.1", "2.2")})
    assert moved == (
        "@prefix s: <https://e/d/2#> . # s:1.1 in a comment\n"
        '<a> <b> "s:1.1 in a text, <https://e/d/1#>" {| <p> s:2.1, s:2.2, <https://e/d/1#1.2>, '
        "<https://e/d/2#2.1>, <https://e/d/2#2.2> , <https://e/d/0#1.1> |} .\n"
    )


def test_answers_to_flags_follow_their_units() -> None:
    """An answer names the unit of the new edition; one about another document, and any other text, stays."""
    text = (
        "@prefix d: <https://e/d/1#> . <a> <b> <c> {| ev:supportedBy d:1.1 ; ev:answer "
        '"1.1 denial: no."@en , "d:1.1 doubt: no."@en , "x:1.1 doubt: no." ; skos:note "1.1 denial: no." |} .'
    )
    assert rewrite_units(text, "https://e/d/1", "https://e/d/2", {"1.1": ("2.1", "2.2")}) == (
        "@prefix d: <https://e/d/2#> . <a> <b> <c> {| ev:supportedBy d:2.1, d:2.2 ; ev:answer "
        '"2.1 denial: no."@en , "d:2.1 doubt: no."@en , "x:1.1 doubt: no." ; skos:note "1.1 denial: no." |} .'
    )


def test_drift_asks_for_the_text_that_was_indexed(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A text that is no edition's changes nothing; an edition's index stands in for a text that is lost."""
    other = tmp_path / "other.txt"
    other.write_text("Quite another text.", encoding="utf-8")
    guide = harbour / "documents" / "guide.txt"
    facts = (harbour / "facts" / "harbour.ttl").read_bytes()
    done = cli("evidence", "drift", other, guide, "--project", harbour, "--edition", "2", "--write", code=2)
    assert "no edition in kg.toml (guide 1, notice 1)" in done.stderr
    assert (harbour / "facts" / "harbour.ttl").read_bytes() == facts
    index = harbour / "facts" / "units" / "guide" / "1.jsonl"
    done = cli("evidence", "drift", index, guide, "--project", harbour)
    assert "0 cases to review" in done.stdout


@pytest.mark.parametrize("command", [["check"], ["show"]])
def test_evidence_needs_something_to_work_on(cli, command: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Without a text there is nothing to check; without a name nothing to show."""
    done = cli("evidence", *command, code=None)
    assert done.returncode in (2, 3)
    assert "error" in done.stderr.lower()


def test_a_changed_text_is_not_the_indexed_one(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Digests tell which unit changed."""
    text = harbour / "documents" / "guide.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("1754", "1755"), encoding="utf-8")
    done = cli("evidence", "check", "--project", harbour, code=1)
    assert "guide.txt:3: not the words of guide, edition 1: unit 2.1 is the first that differs; 1" in done.stdout


def test_uncovered_units_come_with_turtle_to_paste(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """A unit that no claim rests on is shown with its words and a line to start from."""
    facts = harbour / "facts" / "harbour.ttl"
    lines = facts.read_text(encoding="utf-8").replace(
        "{| ev:supportedBy g:4.2 ; ev:impliedBy g:3.1 |}", "{| ev:impliedBy g:3.1 |}"
    )
    facts.write_text(lines, encoding="utf-8")
    done = cli("evidence", "show", "--uncovered", "--project", harbour)
    assert "Rowing clubs train at dawn." in done.stdout
    assert "{| ev:supportedBy g:4.2 |} ." in done.stdout
    assert "4.2" in cli("evidence", "coverage", "--project", harbour).stdout
