"""What the engine complains of is said in plain words, at its place."""

import re

import pyoxigraph as ox
import pytest

from isoc_kg.errors import QueryError
from isoc_kg.query import StoreEvaluator, run_query
from isoc_kg.query.engine_errors import engine_error
from isoc_kg.query.keywords import FUNCTIONS, IN_PATTERNS, KEYWORDS

from material import ROOT

#: Query → line, column and what is said.
SAID = {
    "SELECT ?x\nWHERE {\n  ?x rdfs:label }": (3, 17, "before “}”: a term or a variable is expected here."),
    "SELECT ?x WHERE { ?x rdfs:label ?y": (1, 17, "this “{” is never closed: “}” is missing."),
    "SELECT ?x { ?x ?y ?z } }": (1, 24, "this “}” closes nothing: there is one too many."),
    "SELECT (COUNT(?x) { ?x ?y ?z }": (1, 8, "this “(” is never closed: “)” is missing."),
    "SELECT ?x WHERE ?x rdfs:label ?y }": (1, 17, "before “?x”: “{” is expected here."),
    "SELEC ?x {}": (1, 1, "SELECT, ASK, CONSTRUCT or DESCRIBE, not with “SELEC”."),
    "SELECT ?x { ?x a house }": (1, 18, "“house” has no prefix"),
    "SELECT ?x { ?x rdfs:label 'a }": (1, 31, "has no closing quotation mark."),
    "SELECT ?x { ?x ?y ?z } LIMIT ten": (1, 30, "LIMIT takes a whole number."),
    "SELECT ?x ?y { ?x ?y ?z } GROUP BY ?x": (1, 38, "a variable that is unbound."),
    "": (1, 1, "there is no query."),
    "# nothing\n\n": (1, 1, "there is no query."),
    "PREFIX rdfs: <x:y>\nSELECTT ?x {}": (2, 1, "not with “SELECTT”. Did you mean SELECT?"),
    "PREFIX a: <x:y>": (1, 16, "SELECT, ASK, CONSTRUCT or DESCRIBE is missing."),
    "SELECT ?x { ?x ?y ?z } foo": (1, 24, "“foo” is out of place"),
    "SELECT ?x { ?x ?y ?z }\nLIMT 3": (2, 1, "“LIMT” is neither a keyword of SPARQL nor"),
    "SELECT ?x { ?x ?y ?z } ; SELECT ?y { }": (1, 24, "“;” is out of place"),
    "SELECT ?x { ?x ?y ?z } LIMIT 3 ORDER BY ?x": (1, 32, "ORDER BY is out of place: it stands before LIMIT."),
    "SELECT ?x { ?x ?y ?z } ORDER ?x": (1, 24, "BY is missing behind ORDER."),
    "SELECT ?x WERE { ?x ?y ?z }": (1, 11, "Did you mean WHERE?"),
    "SELECT ?x { ?x ?y ?z OPTONAL { ?x ?y ?w } }": (1, 22, "Did you mean OPTIONAL?"),
    "SELECT ?x { FILTR(?x = 1) ?x ?y ?z }": (1, 13, "Did you mean FILTER?"),
    "SELECT ?x { ?x ?y ?z FILTER(CONTAIN(?z, 'x')) }": (1, 29, "Did you mean CONTAINS?"),
    "SELECT ?x ?y { ?x ?p ?o BIND(1 AS ?o) }": (1, 35, "?o is set already, by a pattern before it or as a parameter"),
    "SELECT ?x { VALUES ?y { 2 } { ?x ?p ?z } BIND(?z AS ?y) }": (1, 53, "?y is set already"),
    "ASK WHERE\n\n\n": (1, 10, "at the end of the query: “{” is expected here."),
}


@pytest.mark.parametrize("text", SAID)
def test_plain_words(text: str) -> None:
    """The place and what is missing or too much; never the engine's list of signs."""
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(text, prefixes={"rdfs": "http://www.w3.org/2000/01/rdf-schema#"})
    error = engine_error(text, raised.value)
    line, column, said = SAID[text]
    assert (error.line, error.column) == (line, column), error.message
    assert said in f"{error.message} {error.advice or ''}"
    assert "expected one of" not in error.message
    assert len(error.message) < 200


def test_the_page_has_the_same_keywords() -> None:
    """The lists of the console are those of the command line."""
    text = (ROOT / "web" / "src" / "keywords.ts").read_text()
    lists = {name: frozenset(words.split()) for name, words in re.findall(r"const ([A-Z_]+) = [`\"]([^`\"]+)", text)}
    assert lists == {"KEYWORDS": KEYWORDS, "IN_PATTERNS": IN_PATTERNS, "FUNCTIONS": FUNCTIONS}


def test_a_parameter_that_the_query_sets_itself() -> None:
    """The cause is told, at the variable behind AS; a subquery's own variable is another one."""
    evaluator = StoreEvaluator.of_lines([b"<a:a> <a:b> <a:c> .\n"])
    text = "SELECT ?x ?y { ?x ?p ?o BIND(1 AS ?y) }"
    with pytest.raises(QueryError, match=r"\?y is set already") as raised:
        run_query(evaluator, text, prefixes={}, parameters={"y": ox.Literal(1)})
    assert (raised.value.line, raised.value.column) == (1, 35)
    assert raised.value.advice == "Write another variable behind AS."
    assert len(run_query(evaluator, text, prefixes={}).solutions or ()) == 1
    inner = "SELECT ?x ?y { ?x ?p ?o { BIND(1 AS ?y) } }"
    assert len(run_query(evaluator, inner, prefixes={}, parameters={"y": ox.Literal(1)}).solutions or ()) == 1
