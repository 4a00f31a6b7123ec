"""Running a query: checks, prefixes and parameters are the same wherever it is answered."""

import re
from typing import Any

import pyoxigraph as ox
import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.namespaces import PREFIXES
from isoc_kg.query import StoreEvaluator, bound_text, parameter_pattern, run_query
from isoc_kg.query.forms import form
from isoc_kg.query.parameters import term_of_type
from isoc_kg.query.tokens import tokens

from material import ROOT


class Elsewhere(StoreEvaluator):
    """A store that remembers what it was asked."""

    def __init__(self, store: ox.Store) -> None:
        super().__init__(store)
        self.asked: list[str] = []

    def run(self, text: str, **more: Any) -> Any:
        self.asked.append(text)
        return super().run(text, **more)


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
def test_prefixes_are_declared(kg: KnowledgeGraph, text: str, parameters: dict[str, ox.Literal]) -> None:
    """What is asked declares the project's prefixes that a query uses and does not declare, so any store knows them."""
    elsewhere = Elsewhere(kg.store)
    answer = run_query(elsewhere, text, prefixes=kg.prefixes, parameters=parameters)
    asked = elsewhere.asked[0]  # then, where nothing is found, for what may be missing
    assert asked.partition("PREFIX schema: ")[2].count("PREFIX schema: ") == 0
    told = kg.store.query(bound_text(text, parameters), prefixes=kg.prefixes, use_default_graph_as_union=True)
    if answer.solutions is not None:
        assert isinstance(told, ox.QuerySolutions)
        assert answer.solutions.variables == tuple(variable.value for variable in told.variables)
        rows = [tuple(row) for row in told]
        assert answer.solutions.terms == tuple(rows if "ORDER" in text else sorted(rows, key=_order))
    elif answer.triples is not None:
        assert isinstance(told, ox.QueryTriples)
        assert answer.triples == sorted({f"{triple} .\n".encode() for triple in told})
    else:
        assert answer.boolean is bool(told)


def _order(row: tuple[Any, ...]) -> list[str]:
    return [str(term) for term in row]


@pytest.mark.parametrize("parameters", [{}, {"s": ox.Literal("x\n} 'y")}])
@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s schema:name ?o FILTER(?o = ) }",
        "SELECT ?s {\n ?s schema:name\n}",
        "SELECT ?s { ?s schema:name ?o . ?o }",
    ],
)
def test_places_are_those_of_the_text(kg: KnowledgeGraph, text: str, parameters: dict[str, ox.Literal]) -> None:
    """An error stands where it is in the author's text, whatever was declared or bound in front of it."""
    with pytest.raises(SyntaxError) as told:
        kg.store.query(text, prefixes=kg.prefixes)
    line, column = (int(number) for number in str(told.value).removeprefix("error at ").split(":")[:2])
    with pytest.raises(QueryError) as caught:
        run_query(StoreEvaluator(kg.store), text, prefixes=kg.prefixes, parameters=parameters, file="a.rq")
    assert (caught.value.file, caught.value.line, caught.value.column) == ("a.rq", line, column)
    assert caught.value.excerpt == f"{text.splitlines()[line - 1]}\n{' ' * (column - 1)}^"


@pytest.mark.parametrize(
    ("text", "word"),
    [("PREFIX x: <urn:x> SELECT ?s { ?s x:name schema:name id:manrs }", "id:manrs"), ("?s { } SELECT", "SELECT")],
)
def test_places_are_those_of_the_word_that_is_wrong(kg: KnowledgeGraph, text: str, word: str) -> None:
    """Where the engine names what it read last, the word that is out of place is told."""
    with pytest.raises(QueryError) as caught:
        run_query(StoreEvaluator(kg.store), text, prefixes=kg.prefixes, parameters={"s": ox.Literal("x")}, file="a.rq")
    assert (caught.value.line, caught.value.column) == (1, text.index(word) + 1)


def test_a_version_is_no_form() -> None:
    """A query of SPARQL 1.2 may say so before its form."""
    answer = run_query(StoreEvaluator(ox.Store()), 'VERSION "1.2" ASK {}', prefixes={})
    assert answer.boolean is True
    with pytest.raises(QueryError, match="INSERT is an update"):
        run_query(StoreEvaluator(ox.Store()), 'VERSION "1.2" INSERT DATA { <urn:a> <urn:b> "SELECT" }', prefixes={})


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
        run_query(elsewhere, text, prefixes=kg.prefixes)
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


@pytest.mark.parametrize(
    ("type_", "value", "fits"),
    [
        ("xsd:integer", "7", True),
        ("xsd:integer", "3e2", False),
        ("xsd:integer", "٣٠٠", False),
        ("xsd:decimal", "1,5", False),
        ("xsd:boolean", "TRUE", False),
        ("xsd:gYear", "2014", True),
    ],
)
def test_what_pages_take_is_what_queries_take(type_: str, value: str, fits: bool) -> None:
    """The pattern that pages check a parameter by, with JavaScript's digits, agrees with the engine's types."""
    pattern = parameter_pattern(type_)
    assert pattern
    assert bool(re.search(pattern, value, re.ASCII)) == fits
    if fits:
        term_of_type("n", value, type_, PREFIXES)
    else:
        with pytest.raises(QueryError):
            term_of_type("n", value, type_, PREFIXES)
