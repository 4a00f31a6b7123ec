"""Recall: each proposition of the document has its statements, with the unit that says it among the evidence."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.annotations import SUPPORTING
from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.coverage import not_covering
from isoc_kg.project import load_project
from isoc_kg.rdf import split

from material import ROOT

FILE = Path(__file__).with_name("propositions.tsv")


@dataclass(frozen=True)
class Proposition:
    """One thing that the document says."""

    number: int  #: line of the file
    unit: str
    text: str
    triples: tuple[bytes, ...]

    def answered(self, dataset: Dataset, graph: Collection[bytes]) -> bool:
        """Whether all its statements are in the graph, one of them with the unit as evidence."""
        (edition,) = dataset.editions
        unit = edition.unit_iri(self.unit)
        claims = [dataset.claims.get(triple) for triple in self.triples]
        named = {name for claim in claims if claim for _, name, _ in claim.units(*SUPPORTING)}
        return unit in named and all(triple in graph for triple in self.triples)


def read_propositions(dataset: Dataset) -> list[Proposition]:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in dataset.project.prefixes.items())
    found = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        unit, text, turtle = line.split("\t")
        quads = ox.parse(f"{head}{turtle} .", format=ox.RdfFormat.TURTLE)
        found.append(Proposition(number, unit, text, tuple(f"{quad.triple} .\n".encode() for quad in quads)))
    return found


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


@pytest.fixture(scope="module")
def propositions(dataset: Dataset) -> list[Proposition]:
    """All of the file."""
    return read_propositions(dataset)


def stated(dataset: Dataset) -> set[bytes]:
    return set(dataset.graph("facts"))


def test_all_are_answered(dataset: Dataset, propositions: list[Proposition]) -> None:
    """Recall is whole: no proposition lacks a statement, or the unit that says it."""
    assert len(propositions) >= 200
    graph = stated(dataset)
    left = [f"{p.number}: {p.unit} {p.text}" for p in propositions if not p.answered(dataset, graph)]
    print(f"recall: {len(propositions) - len(left)} of {len(propositions)} propositions")
    assert left == []


def test_each_unit_that_says_something_has_one(dataset: Dataset, propositions: list[Proposition]) -> None:
    """Of the sentences, items and questions, only those that repeat others' words have no proposition of their own."""
    (edition,) = dataset.editions
    said = {p.unit for p in propositions}
    units = edition.index.units
    assert said <= set(units)
    sentences = {n for n, unit in units.items() if unit.kind == "sentence" and n not in edition.exempt}
    assert sentences - said <= {"20.1"}


def test_a_fact_removed_breaks_one(dataset: Dataset, propositions: list[Proposition]) -> None:
    """Every statement that a proposition names is needed by it."""
    graph = stated(dataset)
    for proposition in propositions:
        for triple in proposition.triples:
            assert not proposition.answered(dataset, graph - {triple}), proposition


def test_most_statements_are_asked_for(dataset: Dataset, propositions: list[Proposition]) -> None:
    """How much of what is stated (names, types and what only points left out) the propositions ask for."""
    naming = not_covering(dataset.project)
    claims = [c for c in dataset.claims.values() if split(c.triple)[1] not in naming and c.units(*SUPPORTING)]
    asked = {triple for proposition in propositions for triple in proposition.triples}
    share = sum(claim.triple in asked for claim in claims) / len(claims)
    print(f"asked for: {share:.1%} of {len(claims)} statements")
    assert share >= 0.4
