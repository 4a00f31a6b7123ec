"""Terms of ontology, shapes and queries exist; statements about things stand in facts/ alone."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import Finding
from isoc_kg.project import load_project
from isoc_kg.publication.start import copy_example

PREFIXES = """
@prefix bakery: <https://example.org/bakery/ontology#> . @prefix id: <https://example.org/bakery/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix old: <http://schema.org/> .
@prefix x: <https://elsewhere.example/> . @prefix shapes: <https://example.org/bakery/shapes#> .
"""


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """The starter project."""
    copy_example(tmp_path / "bakery", "bakery")
    return tmp_path / "bakery"


def errors(root: Path, file: str, text: str) -> list[Finding]:
    """The errors of the project with another file."""
    (root / file).write_text(text)
    findings = build_dataset(load_project(root)).findings
    return [finding for finding in findings if finding.severity == "error"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("bakery:bakes rdfs:domian schema:Bakery .", "rdfs:domian"),
        ("bakery:bakes rdfs:lable 'bakes' .", "rdfs:label"),
        ("bakery:bakes skos:hidenLabel 'x' .", "skos:hiddenLabel"),
        ("bakery:bakes schema:domainIncludes schema:Organisation .", "schema:Organization"),
        ("bakery:bakes a owl:ObjektProperty .", "owl:ObjectProperty"),
        ("bakery:bakes rdfs:subPropertyOf bakery:nope .", "bakery:nope"),
        ("bakery:bakes rdfs:domain old:Bakery .", "schema:Bakery"),
    ],
)
def test_terms_of_an_ontology(bakery: Path, statement: str, said: str) -> None:
    """A misspelt or undeclared one stops, at its line."""
    found = errors(bakery, "ontology/more.ttl", PREFIXES + statement)
    (finding,) = [finding for finding in found if finding.file == bakery / "ontology/more.ttl"]
    assert said in finding.render()
    assert finding.line == PREFIXES.count("\n") + 1


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("sh:targetClass bakery:Tread", "bakery:Tread"),
        ("sh:targetClass old:Bakery", "schema:Bakery"),
        ("sh:property [ sh:path bakery:baks ; sh:minCount 1 ]", "bakery:bakes"),
        ("sh:targetSubjectsOf schema:nam", "schema:name"),
    ],
)
def test_terms_of_shapes(bakery: Path, part: str, said: str) -> None:
    """Not only that no node is met."""
    found = errors(bakery, "shapes/more.ttl", PREFIXES + f"shapes:More a sh:NodeShape ; {part} .")
    assert [finding for finding in found if said in finding.render()]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("?a schema:nam ?b", "schema:name"),
        ("?a bakery:bake ?b", "bakery:bakes"),
        ("?a a <http://schema.org/Bakery>", "schema:Bakery"),
    ],
)
def test_terms_of_queries(bakery: Path, pattern: str, said: str) -> None:
    """One that would find nothing, in silence."""
    (finding,) = errors(bakery, "queries/more.rq", f"# title: More\nSELECT * {{ {pattern} }}\n")
    assert said in finding.render()
    assert finding.line == 2


@pytest.mark.parametrize("file", ["ontology/more.ttl", "shapes/more.ttl"])
@pytest.mark.parametrize(
    "statement",
    [
        'id:ghost a schema:Person ; schema:name "Ghost" .',
        'id:mill-lane-bakery schema:foundingDate "1700" .',
        "x:ghost a schema:Person ; schema:founder id:ada-brandt .",
        "bakery:ghost a owl:NamedIndividual, schema:Person ; schema:founder id:ada-brandt .",
        "<https://example.org/bakery/document/about/1#2.1> rdfs:label 'x' .",
    ],
)
def test_statements_about_things(bakery: Path, file: str, statement: str) -> None:
    """They would be published without evidence."""
    (finding,) = errors(bakery, file, PREFIXES + statement)
    assert "facts/" in finding.render()


@pytest.mark.parametrize(
    "statement",
    [
        "bakery:Kind a owl:Class . bakery:rye a owl:NamedIndividual, bakery:Kind ; rdfs:label 'rye' .",
        "bakery:kinds a skos:ConceptScheme . bakery:dark a skos:Concept ; skos:inScheme bakery:kinds .",
        "x:annual a <http://purl.org/dc/terms/Frequency> ; rdfs:label 'annual' .",
        "schema:position schema:domainIncludes schema:Answer .",
    ],
)
def test_what_an_ontology_may_say(bakery: Path, statement: str) -> None:
    """Individuals and concepts of its own, reference data by name, declarations of others' terms."""
    assert errors(bakery, "ontology/more.ttl", PREFIXES + statement) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('about = "mill-lane-bakery"', 'about = "mill-lane-bakry"', "mill-lane-bakery"),
        ('subject = "mill-lane-bakery"', 'subject = "mill-lane"', "“subject”"),
        ("[[document]]", '[schemes]\n"schema:Bakry" = "rye-bread"\n[[document]]', "schema:Bakery"),
        ("[[document]]", '[names]\nlabels = ["schema:nam"]\n[[document]]', "schema:name"),
    ],
)
def test_what_settings_name(bakery: Path, old: str, new: str, said: str) -> None:
    """Things that are described, terms that exist."""
    file = bakery / "kg.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    findings = build_dataset(load_project(bakery)).findings
    assert [found for found in findings if said in found.render() and found.file == file and found.severity == "error"]
