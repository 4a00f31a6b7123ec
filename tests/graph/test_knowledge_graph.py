"""The knowledge graph as docs/python.md shows it, and the sentences behind solutions."""

import doctest

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.graph.dataset_source import DatasetSource

from material import ROOT


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


def test_the_page_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of docs/python.md gives what the page says."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert tried
    assert not failed


def test_why_knows_what_is_not_selected(kg: KnowledgeGraph) -> None:
    """The claims behind a solution are found where their subject is not selected."""
    ((row, found),) = kg.why("SELECT ?year { ?s schema:foundingDate ?year FILTER(?s = id:manrs) }")
    assert len(row) == 1
    assert [sentence.unit.number for evidence in found for sentence in evidence.sentences] == ["15.2"]


def test_why_needs_solutions(kg: KnowledgeGraph) -> None:
    """A yes or no has no rows to explain."""
    with pytest.raises(QueryError, match="SELECT"):
        list(kg.why("ASK { ?s ?p ?o }"))


def test_named_queries_need_their_parameters(kg: KnowledgeGraph) -> None:
    """A parameter that the query does not have is named, with those that it has."""
    with pytest.raises(QueryError, match="no parameter “yer”"):
        kg.select("founded-in", yer="2014")


def test_validation_of_what_is_loaded(kg: KnowledgeGraph) -> None:
    """The graph in the store is validated as its files are."""
    report = kg.validate(engine="compiled")
    assert report.engine == "compiled"
    assert report.results == kg.validate().results == ()
    lines = [line for line in kg.lines if b"/id/manrs> <https://schema.org/name>" not in line]
    broken = KnowledgeGraph(kg.project, DatasetSource(kg.project, lines))
    found = broken.validate(engine="compiled")
    assert not found.conforms
    assert [(r.focus_node, r.component, r.shape) for r in found.results] == [
        (r.focus_node, r.component, r.shape) for r in broken.validate().results
    ]
