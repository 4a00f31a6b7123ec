"""The order of named queries' solutions is one order: no store may choose."""

import re

import pytest

from isoc_kg import KnowledgeGraph

from material import ROOT


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "queries").glob("*.rq")))
def test_no_two_solutions_stand_at_one_place(graph: KnowledgeGraph, name: str) -> None:
    """What a query sorts by tells its solutions apart."""
    query = graph.queries[name]
    result = graph.run(name)
    assert result.solutions is not None
    variables = [str(variable).lstrip("?") for variable in result.solutions.variables]
    keys = re.findall(r"\?(\w+)", query.text.strip().splitlines()[-1])
    places = [tuple(row[variables.index(key)] for key in keys if key in variables) for row in result.solutions.terms]
    assert len(set(places)) == len(places)
