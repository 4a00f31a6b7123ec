"""Texts in many languages, cut as a reader would."""

import resource
import subprocess
import sys

import pytest

from cut_texts import texts, units
from isoc_kg.documents.cutting.marks import BETWEEN
from isoc_kg.documents.cutting.rules import CutRules, rules_named
from isoc_kg.documents.text import text_digest
from isoc_kg.documents.units import cut
from isoc_kg.project import UnitSettings

FAILING = [text for _, text, _ in texts("failing")]
SEEN = [entry for name in ("tuned", "held_out_fresh", "unseen") for entry in texts(name)]


@pytest.mark.parametrize(
    ("language", "text", "expected"), [entry for entry in SEEN if entry[1] not in FAILING], ids=lambda value: None
)
def test_each_text_is_cut_right(language: str, text: str, expected: list[str]) -> None:
    """The texts with which the rules are made, and those on which they were measured and then looked at."""
    assert units(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), texts("failing"), ids=lambda value: None)
@pytest.mark.xfail(strict=True, reason="a known failure")
def test_each_known_failure_is_cut_right(language: str, text: str, expected: list[str]) -> None:
    """The texts that do not come out: one that does leaves the list."""
    assert units(text, language) == expected


def test_known_failures_are_texts_of_the_other_files() -> None:
    """What is expected of a text is the same in either place."""
    everything = [*SEEN, *texts("held_out")]
    assert all(entry in everything for entry in texts("failing"))


def test_texts_held_out_are_mostly_cut_right() -> None:
    """The texts that were written before the rules."""
    held_out = texts("held_out")
    right = sum(units(text, language) == expected for language, text, expected in held_out)
    assert right >= 0.95 * len(held_out)


def test_marks_alone_stand_between_units() -> None:
    """Whatever a text is, no word of it is in no unit, and each unit's place and digest are those of its words."""
    for language, text, _ in [*SEEN, *texts("held_out")]:
        last = 0
        for unit in cut([text], language):
            assert BETWEEN.fullmatch(text[last : unit.start]), (text, unit)
            assert unit.sha256 == text_digest(unit.text(text))
            last = unit.end
        assert BETWEEN.fullmatch(text[last:]), text


@pytest.mark.parametrize("words", ["€", "½", "→", "IV", "a", "5"])
def test_words_between_units_are_no_marks(words: str) -> None:
    """What is not a mark of a list is missed where no unit has it."""
    assert not BETWEEN.fullmatch(f"\n- {words} ")


@pytest.mark.parametrize("month", ["May", "June", "July", "March"])
def test_a_month_may_end_a_sentence(month: str) -> None:
    """Also a short one, whatever follows."""
    for following in ("Rents rose.", "Ada Lind spoke.", "North Quay closed."):
        text = f"Fees fell in {month}. {following}"
        assert [unit.text(text) for unit in cut([text], "en")] == [f"Fees fell in {month}.", following]


@pytest.mark.parametrize(
    "text", ["foaf:Person", "A:B", "urn:ISBN:0", "x:é", "Сумма:Итог", "注:这", "C:\\Users", "std::String"]
)
def test_a_colon_within_a_name_cuts_nothing(text: str) -> None:
    """Prefixed names, ratios, URNs and paths are no headings, wherever they stand."""
    for whole in (f"The class {text} is kept.", f"{text} is kept.", f"See {text}"):
        assert [unit.text(whole) for unit in cut([whole], "en")] == [whole]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "See A:A for it."),
        ("en", "Use rdf:First and rdf:Rest here."),
        ("en", "The ACL acl:All holds."),
        ("en", "Take ex:There as a name."),
        ("en", "See urn:A for it."),
        ("fr", "Voir ex:Les ici."),
        ("de", "Der Typ ex:Alle gilt."),
        ("sv", "Se A:I här."),
    ],
)
def test_a_name_with_a_word_that_may_begin_a_sentence_is_whole(language: str, text: str) -> None:
    """What stands before the colon is no heading: it has a small letter, or is a letter alone."""
    assert [unit.text(text) for unit in cut([text], language)] == [text]


@pytest.mark.parametrize(
    ("settings", "text", "expected"),
    [
        (UnitSettings(rules=1), "Use foaf:Person.", ["Use foaf:", "Person."]),
        (
            UnitSettings(abbreviations=("Abw.", "u. d. Leit.")),
            "Abw. Anna u. d. Leit. Bo.",
            ["Abw. Anna u. d. Leit. Bo."],
        ),
        (UnitSettings(lists=False), "- One.\n- Two.", ["- One.", "- Two."]),
        (UnitSettings(tables=False), "One\ttwo\nthree\tfour", ["One\ttwo\nthree\tfour"]),
        (UnitSettings(headings=False), "# One\ntwo.", ["# One\ntwo."]),
        (UnitSettings(run_in=False), "The Boat (B):Built in 1900.", ["The Boat (B):Built in 1900."]),
    ],
)
def test_settings(settings: UnitSettings, text: str, expected: list[str]) -> None:
    """Each turns off what it names, and an index tells it."""
    rules = CutRules(settings)
    assert [unit.text(text) for unit in cut([text], "de", rules)] == expected
    assert rules_named(rules.name) == rules
    assert rules.name.isprintable()


@pytest.mark.parametrize(
    ("name", "edition"),
    [("sentencex 1.0.32", 1), ("sentencex 1.0.32, rules 2", 2), ("pysbd", 1), ("sentencex 2.0, rules 99", 2),
     ('sentencex 1.0.32, rules 2 {"lists": 3, "abbreviations": [1], "x": {}}', 2), ("sentencex 1, rules 2 {", 1)],
)  # fmt: skip
def test_names_of_splitters(name: str, edition: int) -> None:
    """Whatever an index says, there are rules to compare it with."""
    assert rules_named(name).settings == UnitSettings(rules=edition)


def test_the_first_edition_of_the_rules_keeps_its_cut() -> None:
    """Indexes of version 1 rest on it: the digest is of what that version gave, and changes with `sentencex` alone."""
    text = "\n\n".join(text for _, text, _ in texts("held_out"))
    units = cut([text], "en", CutRules(UnitSettings(rules=1)))
    places = [(unit.number, unit.kind, unit.start, unit.end) for unit in units]
    assert text_digest(repr(places))[:16] == "050182a3f84f3cc1"


HOSTILE = [".", ". ", '"', '" ', "“", "«", ":", "a:Bb ", "(", "(a. ", "word ", "x", "a\n", "- a\n", "1. a\n", "a\tb\n",
           "|", "a | ", "Ab: c\n", "A. ", "1. ", "/é", ": - ", "。", "「。」", "# ", "---\n", " ", "ॉ", "a.", "(a) b\n",
           ".[1]", ".”» ", "①", "A b c. ", "!?", "\t",
           "（。）あ", "(أ.) ب ", "1.1. ", "Ab;\nCd;\n", "I. b\n", "W 1 r. A ", "Dear\n"]  # fmt: skip


def test_hostile_texts_are_cut_in_bounds() -> None:
    """Time and memory grow with the length alone: what a text consists of cannot make them grow faster."""
    code = (
        "import signal, sys\nfrom isoc_kg.documents.units import cut\nlist(cut(['A. B.'], 'en'))\n"
        "for part in sys.stdin.read().split('\\0'):\n"
        "    signal.setitimer(signal.ITIMER_PROF, 4)\n"  # of its processor; a line of them takes a twentieth of it
        "    for unit in cut([(part * 60_000)[:60_000]], 'en'): pass"
    )

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))

    subprocess.run([sys.executable, "-c", code], input="\0".join(HOSTILE), text=True, check=True, preexec_fn=limits)
