"""What would end the interpreter, or keep it busy for minutes, is refused before the engine sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.limits import Limits
from isoc_kg.namespaces import PREFIXES
from isoc_kg.query.safety import check_chains, check_text

HOSTILE = {
    "braces": "SELECT * " + "{" * 2200 + "}" * 2200,
    "parentheses": "SELECT * { FILTER(" + "(" * 4700 + "1" + ")" * 4700 + ") }",
    "sums": "SELECT * { FILTER(1" + "+1" * 7000 + ") }",
    "negations": "SELECT * { FILTER(" + "!" * 9000 + "true) }",
    "path": "SELECT * { ?s a" + "/a" * 990 + " ?o }",
    "statements": "SELECT * { " + "?s ?p ?o . " * 9900 + "}",
    "predicates": "SELECT * { ?s ?p ?o " + "; ?p ?o " * 15000 + "}",
    "objects": "SELECT * { ?s ?p ?o " + ", ?o " * 15000 + "}",
    "collection": "SELECT * { ?s ?p (" + "?o " * 15000 + ") }",
    "blank nodes": "SELECT * { " + "[ ?p ?o ] " * 15000 + "}",
    "values": "SELECT * { " + "VALUES ?x { 1 } " * 990 + "}",
    "groups": "SELECT * { " + "{ ?s ?p ?o } " * 990 + "}",
}

#: Each ended a process of its own, which has an end to its time and memory.
CHAINS = {
    "negations": "ASK { ?s ?p ?o FILTER(" + "!" * 90_000 + "true) }",
    "alternatives": "ASK { ?s ?p ?o FILTER(1" + "||1" * 30_000 + ") }",
    "conjunctions": "ASK { ?s ?p ?o FILTER(1" + "&&1" * 30_000 + ") }",
    "signs": "ASK { ?s ?p ?o FILTER(1" + "+1" * 30_000 + ") }",
    "steps": "ASK { ?s " + "/".join(["<urn:p>"] * 10_000) + " ?o }",
    "unions": "ASK { {}" + " UNION {}" * 9000 + " }",
    "options": "ASK {" + " OPTIONAL {}" * 8000 + " }",
    "graphs": "ASK { " + "GRAPH ?g {} " * 8000 + "}",
    "differences": "ASK { ?s ?p ?o " + "MINUS {} " * 10_000 + "}",
    "subqueries": "ASK { " + "{SELECT * {}} " * 7000 + "}",
    "annotations": "ASK { ?s ?p ?o " + "{| ?a ?b |}" * 8000 + "}",
    "objects": "ASK { ?s ?p " + ",".join(["1"] * 40_000) + " }",
    "collection": "ASK { ?s ?p (" + " 1" * 40_000 + ") }",
    "columns": "SELECT " + " ".join(f"(1 AS ?v{n}) ?w{n}" for n in range(3500)) + " {}",
    "conditions": "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING " + "(1)" * 20_000,
    "calls": "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING " + "STR(1)" * 14_000,
    "keys": "SELECT ?s { ?s ?p ?o } ORDER BY " + "?s " * 30_000,
    "ordered": "SELECT ?s { ?s ?p ?o } ORDER BY " + "ASC(?s)" * 12_000,
    "described": "DESCRIBE " + "<a:b> " * 15_000,
    "patterns": "ASK { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(300)) + " }",
}


@pytest.mark.parametrize("name", CHAINS)
def test_long_chains_are_refused(name: str) -> None:
    """With the limit, whoever runs the text."""
    with pytest.raises(QueryError, match=r"more than (1,000 operators and clauses|250 patterns are joined)\."):
        check_chains(CHAINS[name])
    with pytest.raises(QueryError, match="more than"):
        check_text(CHAINS[name], PREFIXES, Limits())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (CONCAT(" + ",".join(["'a'"] * 20_000) + ") AS ?x) {}",
        "ASK { VALUES ?x { " + "-1 " * 30_000 + "} }",
        "ASK { VALUES (?x ?y) { " + "(1 1) " * 14_000 + "} }",
        "".join(f"PREFIX a{n}: <u:>" for n in range(4500)) + "ASK {}",
        "ASK " + "".join(f"FROM <a:{n}> " for n in range(5000)) + "{}",
        "ASK { ?s ?p ?o FILTER(1" + "||1" * 900 + ") }",
    ],
)
def test_lists_are_no_chains(text: str) -> None:
    """What the engine reads one by one is taken."""
    check_chains(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused(name: str) -> None:
    """Each is refused with its place."""
    with pytest.raises(QueryError) as caught:
        check_text(HOSTILE[name], PREFIXES, Limits())
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES (?x ?y) { " + "(1 rdf:a) " * 5000 + "} }",
        "SELECT * { VALUES ?x { " + "1 " * 5000 + "} }",
        "SELECT * { ?s ?p ?x FILTER(?x IN (" + ", ".join(map(str, range(5000))) + ")) }",
    ],
)
def test_long_lists_are_welcome(text: str) -> None:
    """Rows of VALUES and the items of IN are no patterns."""
    assert check_text(text, PREFIXES, Limits())


def test_the_widest_join_is_planned() -> None:
    """What just passes does not end the interpreter."""
    code = (
        "import pyoxigraph as ox; from isoc_kg.query import StoreEvaluator, run_query;"
        "run_query(StoreEvaluator(ox.Store()), 'SELECT * { ' + '?s ?p ?o . ' * 99 + '}', prefixes={})"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_labels_in_texts_are_left(tmp_path: Path) -> None:
    """Blank nodes of several files are told apart; a text or an IRI that holds such a label stays as it is."""
    for number in (1, 2):
        (tmp_path / f"{number}.nt").write_text('_:a <http://e/_:p> "see _:b \\" _:c" .\n', encoding="utf-8")
    kg = KnowledgeGraph.load([tmp_path / "1.nt", tmp_path / "2.nt"])
    assert len(kg.lines) == 2
    for line in kg.lines:
        assert line.endswith(b' <http://e/_:p> "see _:b \\" _:c" .\n')


@pytest.mark.parametrize(
    ("prefix", "hint"),
    [
        ("doap", "Declare it: PREFIX doap: <http://usefulinc.com/ns/doap#>."),
        ("dct", "Write dcterms: in its place, or declare it: PREFIX dct: <http://purl.org/dc/terms/>."),
        ("shcema", "Did you mean schema:? Else declare it: PREFIX shcema: <…>."),
        ("unheard", "Declare it: PREFIX unheard: <…>."),
        ("foa", "Did you mean foaf:? Else declare it: PREFIX foa: <…>."),
        ("", "Declare it: PREFIX : <…>."),
    ],
)
def test_an_unknown_prefix(prefix: str, hint: str) -> None:
    """A name that is near, the namespace that many give the prefix, and how to declare it."""
    with pytest.raises(QueryError) as raised:
        check_text(f"SELECT * {{ {prefix}:a ?p ?o }}", dict(PREFIXES), Limits())
    assert raised.value.advice == hint
