"""The competency questions: each has its answer, and each answer needs a fact."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.graph.dataset_source import DatasetSource
from isoc_kg.namespaces import OWL, RDF, RDFS, SCHEMA, SKOS
from isoc_kg.query.tokens import tokens
from isoc_kg.rdf import iri, split
from isoc_kg.rdf.tokens import iri_token

from material import ROOT

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.json"))


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


def rows(kg: KnowledgeGraph, name: str) -> list[list[str | None]]:
    return [[None if value is None else str(value) for value in row] for row in kg.select(name).terms]


def named(kg: KnowledgeGraph, query: str) -> set[str]:
    """The IRIs that a query writes with a prefix."""
    parts = [token.text.partition(":") for token in tokens(query) if token.kind == "name"]
    return {kg.prefixes.get(prefix, "") + local for prefix, _, local in parts}


def test_each_question_has_an_answer_here(kg: KnowledgeGraph) -> None:
    """At least eighty questions, twenty of which join two things or more, and none without a test."""
    assert sorted(kg.queries) == NAMES
    assert len(NAMES) >= 80
    joins = 0
    for query in kg.queries.values():
        variables = [token.text for token in tokens(query.text) if token.kind == "variable"]
        joins += sum(variables.count(name) > 2 for name in set(variables)) > 0
        assert query.title.endswith("?")
        assert query.description
    assert joins >= 20


#: What a thing is called and of what class it is needs no guessing.
NAMING = frozenset((RDF.type, RDFS.label, SKOS.prefLabel, SCHEMA.name, SCHEMA.alternateName))


def test_most_questions_need_two_guesses_at_most(
    kg: KnowledgeGraph, record_property: Callable[[str, object], None]
) -> None:
    """Three questions in four are answered by one or two predicates, names and classes aside; classes are no guess."""
    classes = {iri(split(line)[0]) for line in kg.lines if split(line)[2] == iri_token(OWL.Class)}
    fitting = []
    for query in kg.queries.values():
        guesses = {name for name in named(kg, query.text) if not name.startswith(kg.project.ids.things)}
        if len(guesses - NAMING - classes) <= 2:
            fitting.append(query.name)
    record_property("two predicates at most", f"{len(fitting)} of {len(kg.queries)} questions")
    assert len(fitting) >= 0.75 * len(kg.queries)
    assert len(fitting) >= 65


@pytest.mark.parametrize("name", NAMES)
def test_answer(kg: KnowledgeGraph, name: str) -> None:
    """The answer is the expected one, and another one when the fact named is removed."""
    expected = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    assert rows(kg, name) == expected["rows"]
    fact = " ".join(expected["removes"]).encode()
    assert kg.dataset is not None
    claim = iri_token(kg.dataset.claims[fact + b" .\n"].iri)
    left = [line for line in kg.lines if not line.startswith((fact + b" ", claim + b" "))]
    assert len(left) < len(kg.lines), "the fact is not in the graph"
    assert rows(KnowledgeGraph(kg.project, DatasetSource(kg.project, left)), name) != expected["rows"]


def test_terms_that_no_question_touches(kg: KnowledgeGraph) -> None:
    """docs/queries.md lists the questions and the ontology's terms that none of them touches."""
    own = {iri(split(line)[0]) for line in kg.lines if line.startswith(b"<https://w3id.org/isoc-kg/ontology#")}
    touched = {name for query in kg.queries.values() for name in named(kg, query.text)}
    withdrawn = {iri(split(line)[0]) for line in kg.lines if f"> <{OWL.deprecated}> ".encode() in line}
    left = sorted(name.rpartition("#")[2] for name in own - touched - withdrawn)
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    for query in kg.queries.values():
        assert f"| `{query.name}` | {query.title} |" in page
    assert ", ".join(f"`{name}`" for name in left) in page
