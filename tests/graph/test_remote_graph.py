"""A query that is sent elsewhere means what it means here: the same checks, prefixes and parameters."""

from typing import Any

import pyoxigraph as ox
import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.query import run_query, run_remote
from isoc_kg.query.forms import form
from isoc_kg.query.tokens import tokens

from material import ROOT


class Elsewhere:
    """A store that knows no prefixes but those that a query declares."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.asked: list[str] = []

    def _ask(self, text: str) -> Any:
        self.asked.append(text)
        return self.store.query(text, use_default_graph_as_union=True)

    def select(self, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """All solutions."""
        found = self._ask(text)
        return [variable.value for variable in found.variables], [tuple(row) for row in found]

    def ask(self, text: str) -> bool:
        """Yes or no."""
        return bool(self._ask(text))

    def construct(self, text: str) -> list[bytes]:
        """Sorted lines."""
        return sorted(f"{triple} .\n".encode() for triple in self._ask(text))


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("SELECT ?s ?o { ?s schema:foundingDate ?o }", {}),
        ("SELECT ?s { ?s rdfs:label ?name } ORDER BY DESC(?s)", {"name": ox.Literal("MANRS", language="en")}),
        ("PREFIX schema: <http://elsewhere/> SELECT ?s { ?s schema:foundingDate ?o }", {}),
        ("PREFIX select: <https://schema.org/> ASK { ?s select:foundingDate ?o }", {}),
        ("BASE <https://w3id.org/isoc-kg/id/>\n# DESCRIBE\nSELECT ?p { <manrs> ?p ?o }", {}),
        ("CONSTRUCT { ?s id:was ?o } WHERE { ?s schema:foundingDate ?o }", {}),
        ("DESCRIBE id:manrs", {}),
        ("ASK { ?s schema:foundingDate ?year }", {"year": ox.Literal('2014" } DROP ALL #')}),
        ("SELECT ?x { VALUES ?x { 'a id:b' \"schema:c\" } }", {}),
    ],
)
def test_the_same_answer(kg: KnowledgeGraph, text: str, parameters: dict[str, ox.Literal]) -> None:
    """Prefixes of the project are declared where a query uses and does not declare them."""
    here = run_query(kg.store, text, prefixes=kg.prefixes, parameters=parameters)
    elsewhere = Elsewhere(kg.store)
    there = run_remote(elsewhere, text, prefixes=kg.prefixes, parameters=parameters)
    assert (here.boolean, here.triples) == (there.boolean, there.triples)
    if here.solutions is not None:
        assert there.solutions is not None
        assert there.solutions.variables == here.solutions.variables
        assert there.solutions.terms == here.solutions.terms


def test_named_queries(kg: KnowledgeGraph) -> None:
    """Every query of the project that needs no value."""
    elsewhere = Elsewhere(kg.store)
    texts = [query.text for query in kg.queries.values() if all(p.default for p in query.parameters)]
    assert len(texts) > 25
    for text in texts:
        here = run_query(kg.store, text, prefixes=kg.prefixes)
        there = run_remote(elsewhere, text, prefixes=kg.prefixes)
        assert here.solutions is None or there.solutions is not None
        assert getattr(here.solutions, "terms", None) == getattr(there.solutions, "terms", None)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "PREFIX e: <http://e/> DROP ALL",
        "SELECT * " + "{" * 300 + "}" * 300,
        "SELECT * { nobody:knows ?p ?o }",
        "LOAD <http://e/>",
        "?x",
    ],
)
def test_what_is_not_sent(kg: KnowledgeGraph, text: str) -> None:
    """An update, a SERVICE, a text that would end an engine: nothing of these leaves."""
    elsewhere = Elsewhere(kg.store)
    with pytest.raises(QueryError):
        run_remote(elsewhere, text, prefixes=kg.prefixes)
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select * {}", "SELECT"),
        ("PREFIX ask: <http://e/select> DESCRIBE ask:x", "DESCRIBE"),
        ("BASE <http://e/>\nPREFIX : <#>\n# ASK\nConstruct {} {}", "CONSTRUCT"),
        ("", None),
        ("{ ?s ?p ?o }", None),
    ],
)
def test_the_form_of_a_query(text: str, expected: str | None) -> None:
    """The word after the prologue, whatever prefixes are called."""
    assert form(list(tokens(text))) == expected
