"""The propositions: each that the document states is answered (recall), and nothing else is stated (precision).

Recall is the share of propositions whose statements are all in the graph, the unit that says it among the evidence.
Precision has two sides: the share of statements for which there is a proposition, and of what a reader might take the
document to say, and it does not, the share that the graph does not state.
"""

import random
from collections.abc import Callable, Iterable

import pytest

from isoc_kg.authoring.annotations import SUPPORTING
from isoc_kg.authoring.dataset import PUBLISHED, Dataset, build_dataset
from isoc_kg.evidence.coverage import not_covering
from isoc_kg.project import load_project
from isoc_kg.rdf import split
from propositions import Proposition, read_propositions

from material import ROOT


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


@pytest.fixture(scope="module")
def propositions(dataset: Dataset) -> list[Proposition]:
    """What the document says."""
    return [proposition for proposition in read_propositions(dataset) if not proposition.denied]


@pytest.fixture(scope="module")
def denied(dataset: Dataset) -> list[Proposition]:
    """What it does not say."""
    return [proposition for proposition in read_propositions(dataset) if proposition.denied]


def stated(dataset: Dataset) -> set[bytes]:
    return set(dataset.graph("facts"))


def resting_on_units(dataset: Dataset) -> list[bytes]:
    """The statements that say something and rest on units: no names, definitions, types, and nothing editorial."""
    naming = not_covering(dataset.project)
    claims = dataset.claims.values()
    return [c.triple for c in claims if split(c.triple)[1] not in naming and any(c.units(*SUPPORTING))]


def asked_for(propositions: Iterable[Proposition]) -> set[bytes]:
    return {triple for proposition in propositions for triple in proposition.triples}


def test_all_are_answered(
    dataset: Dataset, propositions: list[Proposition], record_property: Callable[[str, object], None]
) -> None:
    """Recall is whole: no proposition lacks a statement, or the unit that says it."""
    assert len(propositions) >= 300
    graph = stated(dataset)
    left = [str(proposition) for proposition in propositions if not proposition.answered(dataset, graph)]
    record_property("recall", f"{len(propositions) - len(left)} of {len(propositions)} propositions")
    assert left == []


def test_nothing_else_is_stated(
    dataset: Dataset, propositions: list[Proposition], record_property: Callable[[str, object], None]
) -> None:
    """Precision is whole: each statement that rests on a unit is what a proposition says."""
    statements = resting_on_units(dataset)
    asked = asked_for(propositions)
    left = [triple.decode().strip() for triple in statements if triple not in asked]
    record_property(
        "precision", f"{len(statements) - len(left)} of {len(statements)} statements are what a proposition says"
    )
    assert left == []


def test_nothing_that_is_not_said_is_stated(
    dataset: Dataset, denied: list[Proposition], record_property: Callable[[str, object], None]
) -> None:
    """Of wrong readings none is stated, and none derived: turned, too strong, of another thing, of another year."""
    assert len(denied) >= 60
    graph = {line for name in PUBLISHED for line in dataset.graph(name)}
    left = [str(proposition) for proposition in denied if graph.intersection(proposition.triples)]
    record_property("precision", f"{len(denied) - len(left)} of {len(denied)} wrong readings are not in the graph")
    assert left == []


def test_wrong_readings_are_of_things_that_there_are(dataset: Dataset, denied: list[Proposition]) -> None:
    """A name that nothing has would let a wrong reading pass for ever."""
    facts = [split(line) for line in dataset.graph("facts")]
    things = {parts[0] for parts in facts}
    predicates = {split(line)[0] for line in dataset.graph("ontology")}
    for proposition in denied:
        for subject, predicate, value, _ in map(split, proposition.triples):
            assert subject in things, proposition
            assert predicate in predicates or predicate.endswith(b"#type>"), proposition
            assert value in things or not value.startswith(b"<https://w3id.org/isoc-kg/id/"), proposition


def test_each_unit_that_says_something_has_one(dataset: Dataset, propositions: list[Proposition]) -> None:
    """Every sentence, item, question and segment has a proposition, unless it is exempt."""
    (edition,) = dataset.editions
    said = {proposition.unit for proposition in propositions}
    units = edition.index.units
    assert said <= set(units)
    unsaid = {number for number, unit in units.items() if number not in edition.exempt} - said
    assert {number for number in unsaid if units[number].kind not in ("heading", "lead-in")} == set()


def test_a_fact_removed_breaks_one(
    dataset: Dataset, propositions: list[Proposition], record_property: Callable[[str, object], None]
) -> None:
    """Every statement that a proposition names is needed by it; of a random sample each breaks one."""
    graph = stated(dataset)
    for proposition in propositions:
        for triple in proposition.triples:
            assert not proposition.answered(dataset, graph - {triple}), proposition
    sample = random.Random(40).sample(resting_on_units(dataset), 40)
    asked = asked_for(propositions)
    broken = sum(triple in asked for triple in sample)
    record_property("removed", f"{broken} of {len(sample)} random statements break a proposition")
    assert broken == len(sample)
