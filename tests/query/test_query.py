"""Queries: prefixes, parameters, solutions in every form, and values that stay values."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import MissingParameter, ParseError, QueryError, UnknownName, UnknownParameter, UsageError
from isoc_kg.namespaces import PREFIXES
from isoc_kg.query import (
    IRI,
    Parameter,
    StoreEvaluator,
    Term,
    Text,
    bind,
    load_queries,
    run_query,
    term_from_text,
    term_from_value,
)
from isoc_kg.query.forms import pattern_start
from isoc_kg.query.tokens import tokens

from material import ROOT


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """The second project."""
    return KnowledgeGraph.load(ROOT / "tests" / "projects" / "harbour")


def test_solutions_are_typed(kg: KnowledgeGraph) -> None:
    """Years are numbers, IRIs and texts with a language know what they are."""
    (row,) = kg.select(
        "SELECT ?h ?year ?name { ?h schema:foundingDate ?year ; schema:name ?name FILTER(LANG(?name) = 'de') }"
    )
    assert row == {"h": "https://harbour.example/kg/id/old-harbour", "year": 1754, "name": "alter Hafen"}
    assert isinstance(row["h"], IRI)
    assert isinstance(row["name"], Text)
    assert row["name"].language == "de"


def test_every_form_of_solutions(kg: KnowledgeGraph) -> None:
    """Dictionaries, CSV, TSV, JSON, XML, tables and data frames hold the same solutions."""
    found = kg.select(
        "SELECT ?use ?label ?none { ?h harbour:usedFor ?use . ?use rdfs:label ?label OPTIONAL { ?use ev:gist ?none } }"
    )
    assert [row["label"] for row in found.to_dicts()] == ["fishing", "rowing"]
    assert found[0]["none"] is None
    assert [row["label"] for row in csv.DictReader(io.StringIO(found.to_csv()))] == ["fishing", "rowing"]
    assert found.to_tsv().splitlines()[0] == "?use\t?label\t?none"
    assert json.loads(found.to_json())["results"]["bindings"][0]["label"] == {
        "type": "literal",
        "value": "fishing",
        "xml:lang": "en",
    }
    for form, text in ((ox.QueryResultsFormat.XML, found.to_xml()), (ox.QueryResultsFormat.TSV, found.to_tsv())):
        parsed = ox.parse_query_results(text.encode(), format=form)
        assert [str(solution["label"]) for solution in parsed] == ['"fishing"@en', '"rowing"@en']  # type: ignore[union-attr]
    assert found.to_table().splitlines()[2].split() == ["id:fishing", "fishing"]
    assert "| id:fishing | fishing |  |" in found.to_markdown()
    assert found.to_pandas()["label"].tolist() == ["fishing", "rowing"]
    assert found.to_polars()["label"].to_list() == ["fishing", "rowing"]


def test_ask_construct_describe(kg: KnowledgeGraph) -> None:
    """Each form of query has its method; the wrong one says so."""
    assert kg.ask("ASK { id:old-harbour harbour:usedFor id:fishing }")
    graph = kg.construct("CONSTRUCT { ?s rdfs:seeAlso ?o } WHERE { ?s harbour:usedFor ?o }")
    assert len(graph.lines) == 2
    assert kg.describe("DESCRIBE id:fishing").lines
    for wrong in (lambda: kg.ask("SELECT * { ?s ?p ?o }"), lambda: kg.select("ASK {}"), lambda: kg.construct("ASK {}")):
        with pytest.raises(QueryError):
            wrong()


def test_evidence_and_entities(kg: KnowledgeGraph) -> None:
    """A statement's sentences, with their words where the project publishes them; things by any of their names."""
    evidence = kg.evidence("id:old-harbour", "schema:foundingDate")
    assert [sentence.quote for sentence in evidence.sentences] == [
        "Der alte Hafen wurde 1754 gegraben.", "The old harbour was dug in 1754 by prisoners.",
    ]  # fmt: skip
    assert kg.evidence("id:old-harbour", "harbour:usedFor", "id:rowing").sentences[0].implied
    with pytest.raises(UsageError, match="2 such statements"):
        kg.evidence("id:old-harbour", "harbour:usedFor")
    for name in (
        "old harbour",
        "ALTER HAFEN",
        "old-harbour",
        "id:old-harbour",
        "https://harbour.example/kg/id/old-harbour",
    ):
        assert kg.find(name) == "https://harbour.example/kg/id/old-harbour"
    with pytest.raises(UnknownName, match="old harbour"):
        raise_it(kg, "old harbor")
    assert any(b"containsPlace" in line for line in kg.entity("cranes").incoming)


def raise_it(kg: KnowledgeGraph, name: str) -> None:
    try:
        kg.find(name)
    except UnknownName as error:
        raise UnknownName(str(error)) from None


def test_rdflib_holds_the_same_graph(kg: KnowledgeGraph) -> None:
    """The rdflib dataset has every quad; nothing is normalised."""
    assert len(list(kg.rdflib.quads())) == len(kg.lines)
    assert kg.rdflib.query("ASK { ?s schema:foundingDate '1754'^^xsd:gYear }").askAnswer


def test_files_are_graphs_too(tmp_path: Path) -> None:
    """RDF files are queried, validated and exported like a project; blank nodes of two files stay apart."""
    for number in (1, 2):
        (tmp_path / f"{number}.ttl").write_text(f"_:a <http://e/p> {number} .", encoding="utf-8")
    kg = KnowledgeGraph.load([tmp_path / "1.ttl", tmp_path / "2.ttl"], project=ROOT)
    assert kg.select("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")[0] == {"n": 2}
    assert kg.validate().conforms
    kg.export(tmp_path / "all.nt")
    assert len((tmp_path / "all.nt").read_text(encoding="utf-8").splitlines()) == 2


VALUE = StoreEvaluator(ox.Store())


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_values_stay_values(text: str) -> None:
    """Whatever a text holds, it is bound as that very text, and nothing of it is read as SPARQL."""
    answer = run_query(
        VALUE, "SELECT ?x (STR(?x) AS ?y) {}", prefixes=PREFIXES, parameters={"x": term_from_value(text)}
    )
    assert answer.solutions is not None
    assert [row["y"] for row in answer.solutions] == [text]


@pytest.mark.parametrize("text", ['" } ; DROP ALL #', "x' || '", "\\", '"""', "> <http://x> <", "?x", "\n}", "UNION"])
def test_injection_attempts_stay_literals(kg: KnowledgeGraph, text: str) -> None:
    """The usual attempts find nothing and change nothing."""
    assert len(kg.select("SELECT ?s { ?s schema:name ?name }", name=text)) == 0
    with pytest.raises(QueryError):
        term_from_text(f"http://e/{text} <", "iri", PREFIXES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (True, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (Decimal("1.10"), '"1.10"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (date(2026, 1, 2), '"2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (datetime(2026, 1, 2, 3, 4, 5), '"2026-01-02T03:04:05"^^<http://www.w3.org/2001/XMLSchema#dateTime>'),
        (Text("x", "de"), '"x"@de'),
        (IRI("http://e/a"), "<http://e/a>"),
        ("http://e/a", '"http://e/a"'),
    ],
)
def test_terms_of_python_values(value: object, expected: str) -> None:
    """Each Python type has its datatype; a string is a text even if it looks like an IRI."""
    assert str(term_from_value(value)) == expected


@given(st.text(alphabet=st.sampled_from("SELECT{}()<>\"'#?x:y \n.;,*\\@"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered_or_refused(text: str) -> None:
    """Tokens cover the text in order, and a query that cannot be run raises QueryError and nothing else."""
    at = 0
    for token in tokens(text):
        assert token.start >= at
        assert text.startswith(token.text, token.start)
        at = token.start + len(token.text)
    try:
        run_query(StoreEvaluator(ox.Store()), text, prefixes=PREFIXES)
    except QueryError as error:
        assert error.exit_code == 2


def test_the_outermost_pattern_is_found() -> None:
    """Parameters are bound in the WHERE clause, not in a template or an expression."""
    for text in ("SELECT ?x WHERE { a }", "CONSTRUCT { b } WHERE { a }", "ASK { a }", "CONSTRUCT WHERE { a }"):
        start = pattern_start(list(tokens(text)))
        assert start is not None
        assert text[start:] == " a }"
    projected = "SELECT (EXISTS { ?a ?b ?c } AS ?e) { a }"
    start = pattern_start(list(tokens(projected)))
    assert start is not None
    assert projected[start:] == " a }"


@pytest.mark.parametrize(
    ("head", "line"),
    [("# titel: x", 1), ("# title: x?\n# param x", 2), ("# title: x?\n# title: y?", 2), ("# description: x", 1)],
)
def test_heads_of_named_queries_are_read_strictly(tmp_path: Path, head: str, line: int) -> None:
    """A line of a head that is wrong is named."""
    (tmp_path / "a.rq").write_text(head + "\nSELECT * { ?s ?p ?o }\n", encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        load_queries(tmp_path)
    assert caught.value.line == line


def test_files_are_seen_through_a_project(harbour: Path, tmp_path: Path, cli: Callable[..., Any]) -> None:
    """`--data` with `--project`: the project's prefixes and named queries, on the files alone."""
    data = tmp_path / "data.ttl"
    data.write_text("@prefix h: <https://harbour.example/kg/ontology#> . <urn:a> h:usedFor <urn:b> .", encoding="utf-8")
    (harbour / "queries").mkdir(exist_ok=True)
    (harbour / "queries" / "uses.rq").write_text(
        "# title: Uses?\nSELECT ?use { ?h harbour:usedFor ?use }\n", encoding="utf-8"
    )
    for question in (["SELECT ?use { ?h harbour:usedFor ?use }"], ["--name", "uses"]):
        done = cli("query", "--data", data, "--project", harbour, *question, "--format", "csv")
        assert done.stdout.split() == ["use", "urn:b"]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, MissingParameter, "the query q needs a value for “b”.\n  Give --param b=…: what b is."),
        ({"b": "urn:x", "c": "y"}, UnknownParameter, "the query q has no parameter “c”.\n  It has a, b."),
        (
            {"b": ":"},
            QueryError,
            "“” is not a valid IRI: No scheme found in an absolute IRI.\n  Write an IRI or a prefixed name.",
        ),
    ],
)
def test_parameters_that_cannot_be_bound(
    tmp_path: Path, given: dict[str, str], error: type[QueryError], message: str
) -> None:
    """What is missing, unknown or no value is named."""
    head = "# title: q?\n# param a text = A – what a is\n# param b iri – what b is\n"
    (tmp_path / "q.rq").write_text(head + "SELECT * { ?a ?p ?b }\n", encoding="utf-8")
    named = load_queries(tmp_path)["q"]

    def term(parameter: Parameter, value: str) -> Term:
        return term_from_text(value, parameter.type, {"": ""})

    assert bind(named, {"b": "urn:x"}, term) == {"a": ox.Literal("A"), "b": ox.NamedNode("urn:x")}
    with pytest.raises(error) as caught:
        bind(named, given, term)
    assert str(caught.value) == message
