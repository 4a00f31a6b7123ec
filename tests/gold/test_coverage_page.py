"""docs/coverage.md: its table is what the facts give, and each word left over has its reason there."""

import re

from coverage_page import PAGE, rewritten
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.coverage import measure_coverage
from isoc_kg.evidence.texts import lexicon_of
from isoc_kg.evidence.words import fold
from isoc_kg.project import load_project

from material import DOCUMENT, ROOT, requires_document


def test_the_table_is_current() -> None:
    """`python tests/coverage_page.py` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    assert rewritten(page, build_dataset(load_project(ROOT))) == page


def test_what_a_unit_that_carries_statements_says() -> None:
    """Only units that need no statement have no words of ours."""
    rows = re.findall(r"^\| ([\d.]+) \| (.*?) \| \d+ \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) > 70
    assert [number for number, says, carried in rows if says == "–" and not carried.startswith("exempt: ")] == []


@requires_document
def test_each_word_left_over_has_its_reason() -> None:
    """The rows of the page list exactly the words that no statement carries, for each unit that needs one."""
    assert DOCUMENT
    text = DOCUMENT.read_text(encoding="utf-8")
    dataset = build_dataset(load_project(ROOT))
    (edition,) = dataset.editions
    lexicon = lexicon_of(edition, text)
    listed: dict[str, set[str]] = {}
    _, _, tables = PAGE.read_text(encoding="utf-8").partition("## Words left over")
    for numbers, words in re.findall(r"^\| ([\d., ]+) \| ([^|]+) \|", tables, re.MULTILINE):
        stems = {lexicon.stem(fold(word)) for word in words.split(", ")}
        for number in numbers.split(", "):
            listed.setdefault(number, set()).update(stems)
    left = {
        unit.unit.number: {lexicon.stem(fold(word)) for word in unit.left_over or ()}
        for unit in measure_coverage(dataset, edition, text).units
        if unit.exempt is None and unit.left_over
    }
    needed = {number: words for number, words in listed.items() if number not in edition.exempt}
    assert needed == left
