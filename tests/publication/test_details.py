"""What `sh:node` finds is told at the statement, and counts above one there are conflicts of sources."""

from pathlib import Path

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project
from isoc_kg.publication.gate import Gate, check_dataset
from isoc_kg.validation import ShapesGraph

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix lamp: <https://lamp.example/kg/ontology#> .
@prefix shapes: <https://lamp.example/kg/shapes#> .
shapes:Body a sh:NodeShape ; sh:targetClass lamp:Body ; sh:node shapes:Dated .
shapes:Dated a sh:NodeShape ; sh:node shapes:Counted ; sh:property shapes:Dated-date .
shapes:Dated-date a sh:PropertyShape ; sh:path schema:foundingDate ; sh:maxCount 1 .
shapes:Counted a sh:NodeShape ; sh:property shapes:Counted-towers .
shapes:Counted-towers a sh:PropertyShape ; sh:path lamp:towers ; sh:maxInclusive 50 ; sh:message "No more than 50."@en .
"""
HEAD = """@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix lamp: <https://lamp.example/kg/ontology#> .
@prefix id: <https://lamp.example/kg/id/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix en: <https://lamp.example/kg/document/en/1#> . @prefix de: <https://lamp.example/kg/document/de/1#> .
"""


def gate_of(project: Path, facts: str) -> Gate:
    """The gate of a project with more facts, and shapes that ask for shapes."""
    (project / "shapes" / "node.ttl").write_text(SHAPES, encoding="utf-8")
    (project / "facts" / "more.ttl").write_text(HEAD + facts, encoding="utf-8")
    dataset = build_dataset(load_project(project))
    return check_dataset(dataset, ShapesGraph.of_project(dataset.project))


def test_the_offending_statement_is_named(lamp: Path) -> None:
    """Two shapes deep: the line of the statement, and what its own shape says."""
    note = '{| skos:editorialNote "x"@en |}'
    gate = gate_of(lamp, f"id:rope-school lamp:towers 12 {note} .\nid:rope-school lamp:towers 51 {note} .\n")
    (result,) = gate.data.results
    assert (result.path, result.value) == (
        "<https://lamp.example/kg/ontology#towers>",
        '"51"^^<http://www.w3.org/2001/XMLSchema#integer>',
    )
    assert result.message == "No more than 50."
    assert gate.locate(result) == (lamp / "facts" / "more.ttl", HEAD.count("\n") + 2)
    assert not gate.passed


def test_two_values_of_two_sources_are_a_conflict(lamp: Path) -> None:
    """As with `sh:maxCount` in the shape itself; without sources of their own they are a violation, at the last."""
    cited = 'id:night-watch schema:foundingDate "1904"^^xsd:gYear {| ev:impliedBy en:2.1 |} ,\n'
    gate = gate_of(lamp, f'{cited} "1922"^^xsd:gYear {{| ev:impliedBy de:2.3 |}} .\n')
    assert gate.data.results == ()
    assert any("sources disagree" in note for note in gate.data.notes)
    (lamp / "facts" / "more.ttl").unlink()
    gate = gate_of(lamp, f'{cited} "1922"^^xsd:gYear {{| ev:impliedBy en:2.1 |}} .\n')
    (result,) = gate.data.results
    assert result.path == "<https://schema.org/foundingDate>"
    assert gate.locate(result) == (lamp / "facts" / "more.ttl", HEAD.count("\n") + 2)
