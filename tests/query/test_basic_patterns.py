"""Queries that are known at a look: they mean to the engine what they mean to the specification."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.query.basic_patterns import is_basic, is_point, point_of
from isoc_kg.query.cursor import StoredData
from isoc_kg.query.rewriting import rewritten
from isoc_kg.query.tokens import tokens

DATA = StoredData(
    written=True,
    holds=lambda _: False,
    overlap=lambda _, __: True,
    parallel=lambda: True,
    large=False,
    graphs=lambda: ["http://e/graph"],
)
GAPS = st.sampled_from([" ", "\n", "\t \r\n", " # { } \"' FILTER <x\n"])
NODES = st.sampled_from(["?a", "$b_1", "?a", "<http://e/s#1>", "<relative/2>", "e:name-1", "<http://e/é?q=(1)>"])
PROPERTIES = st.one_of(NODES, st.just("a"))


@st.composite
def basic_queries(draw: st.DrawFn) -> str:
    """SELECT with a basic graph pattern of IRIs and variables."""

    def gap() -> str:
        return draw(GAPS)

    def objects() -> str:
        return f"{gap()},{gap()}".join(draw(st.lists(NODES, min_size=1, max_size=2)))

    def properties() -> str:
        parts = [f"{draw(PROPERTIES)}{gap()}{objects()}" for _ in range(draw(st.integers(1, 2)))]
        return f"{gap()};{gap()}".join(parts)

    blocks = [f"{draw(NODES)}{gap()}{properties()}" for _ in range(draw(st.integers(1, 3)))]
    head = draw(st.sampled_from(["SELECT *", "select distinct ?a", "SELECT ?a $b_1", "SELECT ?c WHERE"]))
    end = draw(st.sampled_from(["", " LIMIT 10", "\n# LIMIT\nlimit 2 # end"]))
    pattern = f"{gap()}.{gap()}".join(blocks)
    return f"{head}{gap()}{{{gap()}{pattern}{gap()}{draw(st.sampled_from(['', '.']))}{gap()}}}{end}"


@settings(max_examples=150, deadline=None)
@given(basic_queries())
def test_basic_queries_are_not_rewritten(text: str) -> None:
    """What is taken for basic at a look is given to the engine as it is when it is read as a whole."""
    assert is_basic(text)
    found = rewritten(text, list(tokens(text)), DATA, prefixes={"e": "http://e/"})
    assert (found.text, found.aggregates, found.written, found.notes) == (text, {}, True, ())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?o { <s> <p>/<q> ?o }",
        "SELECT ?o { <s> <p>* ?o }",
        "SELECT ?o { <s> ^<p> ?o }",
        "SELECT ?o { <s> ?p 1 }",
        'SELECT ?o { <s> ?p "x" }',
        "SELECT ?o { <s> ?p _:b }",
        "SELECT ?o { <s> ?p [] }",
        "SELECT ?o { <s> ?p ?o FILTER(?o) }",
        "SELECT ?o { <s> ?p ?o } ORDER BY ?o",
        "SELECT ?o FROM <g> { <s> ?p ?o }",
        "SELECT ?o { GRAPH <g> { <s> ?p ?o } }",
        "SELECT ?o { SERVICE <g> { <s> ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { <s> ?p ?o }",
        "SELECT ?o { <s> e:p.e:q ?o }",
        "SELECT ?o { <s> e:p\\, ?o }",
        "SELECT ?o { <s> ?p ?o",
        "SELECT ?o { <s> ?p ?o } }",
        "ASK { <s> ?p ?o }",
        "INSERT DATA { <s> <p> <o> }",
        "",
    ],
)
def test_others_are_not_basic(text: str) -> None:
    """Paths, literals, blank nodes, conditions, datasets, other forms, and what is no query."""
    assert not is_basic(text)
    assert not is_point(text)
    assert point_of(text) is None


def test_points() -> None:
    """One property of an IRI, or all of them."""
    assert point_of("SELECT * { <s> ?z ?a . } LIMIT 3") == (("a", "z"), False, "<s>", "?z", "?a", 3)
    assert point_of("SELECT DISTINCT $x ?y{<s>a?x}") is None  # a and a variable need a blank between
    assert point_of("SELECT DISTINCT $x ?y{<s>a ?x}") == (("x", "y"), True, "<s>", "a", "?x", None)
    assert not is_point("SELECT ?s { ?s ?p <o> }")
    assert not is_point("SELECT ?o { <s> ?p ?o . <s> ?q ?r }")


@pytest.mark.parametrize("part", ["{ ?s ?p ?o . ", "#", "?s ", "<a> ", "#\n", "a:b,", "?s ?p ?o;", "\\"])
@pytest.mark.parametrize(
    "start", ["SELECT ", "SELECT ?s ", "SELECT ?s { ", "SELECT ?s { <s> ?p ?o ", "SELECT * { ?s ?p ?o }"]
)
def test_long_texts(start: str, part: str) -> None:
    """Looked at once, from the beginning to the end."""
    assert not is_basic(start + part * 30_000 + "!\n!")
    assert not is_point(start + part * 30_000 + "!\n!")
