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
    ("text", "keys", "wide"),
    [
        ("SELECT (COUNT(?x) AS ?n) { ?x ?y ?z }", (), "SELECT * { ?x ?y ?z } LIMIT 100001"),
        ("SELECT ?x { ?x ?y ?z } GROUP BY ?x", ("x",), "SELECT * { ?x ?y ?z } LIMIT 100001"),
        (
            "SELECT (MAX(?z) AS ?m) ?y ?x WHERE { ?x ?y ?z } GROUP BY ?x ?y ORDER BY ?m LIMIT 1 VALUES ?x { <a> }",
            ("x", "y"),
            "SELECT * WHERE { ?x ?y ?z } LIMIT 100001 VALUES ?x { <a> }",
        ),
    ],
)
def test_groups(text: str, keys: tuple[str, ...], wide: str) -> None:
    """All matches of the groups, which are told apart by what is selected."""
    assert widened(text, list(tokens(text))) == Widened(wide, keys, whole=False, distinct=False, grouped=True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x ?y ?z }",
        "SELECT (COUNT(?x) AS ?n) { ?x ?y ?z } GROUP BY ?x",
        "SELECT ?x { ?x ?y ?z } GROUP BY ?x (STR(?y))",
        "SELECT ?x (STR(?y) AS ?n) { ?x ?y ?z }",
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


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("?x x:p ?y MINUS { ?x x:q x:r }", "p"),
        ("?x x:p ?y minus{ { ?x x:q x:r } UNION { ?x x:s 'z' } } ?x x:t ?z", "pt"),
        ("?x x:p ?y FILTER NOT EXISTS { ?x x:q x:r MINUS { ?x x:s ?t } }", "p"),
        ("?x x:p ?y FILTER(!EXISTS { ?x x:q x:r })", "p"),
        ("?x x:p ?y FILTER(!(EXISTS { ?x x:q x:r }) && ?y != x:s)", "ps"),
        ("?x x:p ?y FILTER EXISTS { ?x x:q x:r FILTER NOT EXISTS { ?x x:s ?t } }", "pqr"),
        ("?x x:p ?y FILTER(?y NOT IN (x:q, x:r) && EXISTS { ?x x:s ?t })", "pqrs"),
        ("?x x:p ?y . ?x !x:q ?z MINUS { ?x x:p x:r }", "pq"),
        ("?x x:p ?minus MINUS { ?x x:q", "p"),
    ],
)
def test_what_no_match_has_is_not_named(pattern: str, named: str) -> None:
    """What stands in MINUS and NOT EXISTS alone is behind no solution; what stands in EXISTS is."""
    query = list(tokens(f"PREFIX x: <http://x/> SELECT * {{ {pattern} }}"))
    assert named_terms(query, {}) == {f"<http://x/{name}>" for name in named}
