"""Queries that are made of parts of others, and what a query names."""

import pytest

from isoc_kg.query.forms import Widened, named_terms, widened
from isoc_kg.query.tokens import tokens


@pytest.mark.parametrize(
    ("text", "wide", "whole"),
    [
        ("SELECT ?x WHERE { ?x ?y ?z }", "SELECT * WHERE { ?x ?y ?z }", True),
        ("SELECT ?x{?x ?y ?z} LIMIT 3 OFFSET 1", "SELECT * {?x ?y ?z} LIMIT 3 OFFSET 1", True),
        ("SELECT ?x FROM <g> { ?x ?y ?z }", "SELECT * FROM <g> { ?x ?y ?z }", True),
        ("PREFIX select: <a> SELECT ?x { ?x select:a ?z }", "PREFIX select: <a> SELECT * { ?x select:a ?z }", True),
        ("SELECT DISTINCT ?x { ?x ?y ?z } ORDER BY ?z", "SELECT * { ?x ?y ?z } ORDER BY ?z", True),
        ("SELECT REDUCED ?x { ?x ?y ?z }", "SELECT * { ?x ?y ?z }", False),
        (
            "SELECT DISTINCT ?x { ?x ?y ?z } ORDER BY ?z LIMIT 3 VALUES ?y { <a> }",
            "SELECT * { ?x ?y ?z } VALUES ?y { <a> }",
            False,
        ),
        (
            "SELECT ?x { { SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z } GROUP BY ?x LIMIT 1 } }",
            "SELECT * { { SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z } GROUP BY ?x LIMIT 1 } }",
            True,
        ),
    ],
)
def test_all_variables(text: str, wide: str, whole: bool) -> None:
    """All variables are selected; a query whose LIMIT is behind DISTINCT or REDUCED is not told from its matches."""
    made = widened(text, list(tokens(text)))
    assert made == Widened(wide, ("x",), whole, "DISTINCT" in text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x ?y ?z }",
        "SELECT (COUNT(?x) AS ?n) { ?x ?y ?z }",
        "SELECT ?x (STR(?y) AS ?n) { ?x ?y ?z }",
        "SELECT ?x { ?x ?y ?z } GROUP BY ?x",
        "SELECT ?x { ?x ?y ?z } HAVING (COUNT(?y) > 1)",
        "SELECT ?x ?x { ?x ?y ?z }",
        "SELECT ?x, ?y { ?x ?y ?z }",
        "SELECT ?x § { ?x ?y ?z }",
        "SELECT { ?x ?y ?z }",
        "SELECT ?x { ?x ?y ?z",
        "{ SELECT ?x { ?x ?y ?z } }",
        "PREFIX a: <b",
        "",
        "ASK { { SELECT ?x { ?x ?y ?z } } }",
        "CONSTRUCT { ?x ?y ?z } WHERE { ?x ?y ?z }",
    ],
)
def test_what_is_not_widened(text: str) -> None:
    """Groups, expressions, every variable already, and what is no query."""
    assert widened(text, list(tokens(text))) is None


def test_named_terms() -> None:
    """IRIs by every way of writing them, and literals; not what the prologue or a comment holds."""
    text = r"""BASE <http://b/c/> PREFIX x: <http://x/> PREFIX r: <rel#> # <http://comment/>
        SELECT * { <d> x:a\-b r:e ; <http://f/> 'g\"h'@en-GB,
            "1"^^r:i, '''j''' ; schema:k ?l FILTER(?l < 3 && ?l>2) }"""
    assert named_terms(list(tokens(text)), {"schema": "https://schema.org/", "x": "http://other/"}) == {
        "<http://b/c/d>", "<http://x/a-b>", "<http://b/c/rel#e>", "<http://f/>", r'"g\"h"@en-gb', "<http://b/c/rel#i>",
        '"1"^^<http://b/c/rel#i>', '"j"', "<https://schema.org/k>",
    }  # fmt: skip
