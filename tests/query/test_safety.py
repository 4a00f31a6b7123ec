"""What would end the interpreter, or keep it busy for minutes, is refused before the engine sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.limits import Limits
from isoc_kg.namespaces import PREFIXES
from isoc_kg.query.safety import check_text

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
