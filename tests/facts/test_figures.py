"""The figures that README and docs tell of the shipped publication are those of its facts."""

import re

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.coverage import from_sentences, measure_coverage
from isoc_kg.project import load_project
from isoc_kg.query.named import load_queries

from material import ROOT


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


def told(file: str, pattern: str) -> list[int]:
    """The numbers that a pattern finds in a file, whatever its line ends."""
    found = re.search(pattern, " ".join((ROOT / file).read_text(encoding="utf-8").split()))
    assert found, f"{file} does not say it"
    return [int(number.replace(",", "")) for number in found.groups()]


def test_statements(dataset: Dataset) -> None:
    """Those that say something, those of the facts, and claims."""
    saying = from_sentences(dataset)
    counts = [len(saying), len(dataset.graph("facts")), len(dataset.claims)]
    words = r"([\d,]+) statements about [\d,]+ things \(([\d,]+) from sentences, names, kinds and definitions aside\)"
    assert told("README.md", words) == [counts[1], counts[0]]
    assert told("out/dataset.ttl", r"The facts alone, without evidence: ([\d,]+) statements\.") == counts[1:2]
    rows = r"statements that cover units \| ([\d,]+) .*decisions \| ([\d,]+) .*other data \| ([\d,]+) "
    assert told("docs/coverage.md", rows) == counts


def test_units(dataset: Dataset) -> None:
    """All, those that need no statement, those covered; and where the unit that README shows stands."""
    (edition,) = dataset.editions
    units = measure_coverage(dataset, edition).units
    exempt = sum(unit.exempt is not None for unit in units)
    figures = told("docs/coverage.md", r"the document \| (\d+) .*navigation\) \| (\d+) .*covered units \| (\d+) ")
    assert figures == [len(units), exempt, len(units) - exempt]
    unit = edition.index.units["15.2"]
    assert told("README.md", r"sentence 15\.2: .*? characters (\d+)–(\d+)\)") == [unit.start, unit.end]
    assert told("README.md", r"Sentence 15\.2, characters (\d+) to (\d+)") == [unit.start, unit.end]


def test_questions(dataset: Dataset) -> None:
    """As many as `query --list` lists."""
    assert told("README.md", r"query --list # (\d+) named queries") == [len(load_queries(ROOT / "queries"))]
