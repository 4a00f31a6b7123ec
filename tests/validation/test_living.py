"""Validation in a living process finds what the engines find over the whole data."""

import pytest

from isoc_kg import rdf
from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.project import load_project
from isoc_kg.validation import DataGraph, ShapesGraph, validate_graphs
from isoc_kg.validation.living import LivingValidation
from isoc_kg.validation.report import Result
from proposed import CANAL

from material import ROOT


def whole(dataset: Dataset) -> list[bytes]:
    """The data that a gate validates."""
    return list(rdf.merge(dataset.published, dataset.graph("ontology"), dataset.graph("alignments")))


def key(result: Result) -> tuple[str | None, ...]:
    """What a result is about."""
    return result.focus_node, result.path, result.value, result.component, result.shape


ID, C, RDF_TYPE = "https://canal.example/kg/id/", "https://canal.example/kg/ontology#", "rdf-syntax-ns#type"
TYPE = f"<http://www.w3.org/1999/02/22-{RDF_TYPE}>"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
CANAL_LINES = [
    [f"<{ID}new> {TYPE} <{C}Person> ."],
    [f"<{ID}new> {TYPE} <{C}Person> .", f'<{ID}new> <https://schema.org/name> "Ann"@en .'],
    [f"<{ID}new> {TYPE} <{C}Person> .", f'<{ID}new> <https://schema.org/name> "Agent 47"@en .'],
    [f'<{ID}wexmoor-canal-trust> <{C}employs> "0"^^<{INTEGER}> .'],
    [f'<{ID}wexmoor-canal-trust> <{C}employs> "014"^^<{INTEGER}> .'],
    [f"<{ID}rufus-pell> <{C}chairs> <{ID}averham-boat-yard> ."],
    [f"<{ID}rufus-pell> <{C}chairs> <{ID}{name}> ." for name in ("averham-boat-yard", "carrow-stone-works")],
    [f"<{ID}heron> {TYPE} <{C}Person> ."],
]
ISOC = "https://w3id.org/isoc-kg/"
SHIPPED_LINES = [
    [f"<{ISOC}id/manrs> {TYPE} <https://schema.org/Person> ."],
    [f"<{ISOC}id/manrs> {TYPE} <{ISOC}ontology#Principle> ."],
    [f'<{ISOC}id/manrs> <https://schema.org/foundingDate> "soon" .'],
    [f"<{ISOC}id/nobody> {TYPE} <{ISOC}ontology#Topic> ."],
]


@pytest.mark.parametrize(("root", "cases"), [(CANAL, CANAL_LINES), (ROOT, SHIPPED_LINES)], ids=["canal", "shipped"])
def test_the_same_as_over_the_whole_data(root: object, cases: list[list[str]]) -> None:
    """What further statements break is the difference of two whole validations; they leave no trace."""
    project = load_project(root)  # type: ignore[arg-type]
    shapes = ShapesGraph.of_project(project)
    data = whole(build_dataset(project, shapes))
    living = LivingValidation(data, shapes)
    before = {key(one) for one in validate_graphs([(DataGraph(b"".join(data)), shapes)]).report.results}
    for case in cases:
        added = [f"{line}\n".encode() for line in case]
        after = validate_graphs([(DataGraph(b"".join([*data, *added])), shapes)]).report.results
        expected = {key(one) for one in after} - before
        assert {key(one) for one in living.results(added)} == expected, case
        assert {key(one) for one in living.results(added)} == expected, case
    assert living.results([]) == []


def test_statements_that_are_there_stay() -> None:
    """Asking about a statement that is among the data takes nothing from them; what is added is there for good."""
    project = load_project(CANAL)
    shapes = ShapesGraph.of_project(project)
    data = whole(build_dataset(project, shapes))
    living = LivingValidation(data, shapes)
    name = next(line for line in data if b"rufus-pell> <https://schema.org/name>" in line)
    assert living.results([name]) == []
    assert living.results([name]) == []
    wrong = [f"{line}\n".encode() for line in CANAL_LINES[5]]
    assert living.results(wrong) == []
    living.add(wrong)
    assert len(living.results([f"{CANAL_LINES[6][1]}\n".encode()])) == 1
