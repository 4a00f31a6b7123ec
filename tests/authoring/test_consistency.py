"""What statements cannot say together, and where both ends of a property are used, in a project of another subject."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.terms import namespace
from isoc_kg.project import load_project

HEAD = """@prefix id: <https://harbour.example/kg/id/> . @prefix harbour: <https://harbour.example/kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """harbour:Crane a owl:Class ; rdfs:label "crane"@en ; owl:disjointWith schema:Person .
harbour:lifts a owl:ObjectProperty ; rdfs:label "lifts"@en ; rdfs:domain harbour:Crane ;
    schema:rangeIncludes schema:Product , schema:Vehicle .
harbour:height a owl:DatatypeProperty ; rdfs:label "height"@en ; rdfs:range xsd:integer .
harbour:hoists a owl:ObjectProperty ; rdfs:label "hoists"@en ; rdfs:subPropertyOf harbour:lifts .
"""
FACTS = """id:crane a harbour:Crane ; schema:name "crane"@en .
id:car a schema:Vehicle ; schema:name "car"@en .
id:anna a schema:Person ; schema:name "Anna"@en .
"""
CASES = {
    "conforms": ("id:crane harbour:lifts id:car ; harbour:height 7 .", None),
    "range": ("id:crane harbour:lifts id:anna .", "harbour:lifts leads to schema:Product or schema:Vehicle"),
    "domain": ("id:anna harbour:lifts id:car .", "harbour:lifts is said of harbour:Crane"),
    "turned": ("id:car harbour:lifts id:crane .", "The other way round? id:crane harbour:lifts id:car."),
    "inherited": ("id:crane harbour:hoists id:anna .", "harbour:hoists leads to"),
    "elsewhere": ("id:crane harbour:lifts <https://x.example/y> .", "described nowhere here"),
    "literal": ('id:crane harbour:lifts "a car"@en .', "leads to a thing"),
    "thing": ("id:crane harbour:height id:car .", "Write the value itself."),
    "datatype": ('id:crane harbour:height "7" .', "is of xsd:integer, and here of xsd:string"),
    "itself": ("id:crane harbour:lifts id:crane .", "to itself"),
    "disjoint": ("id:crane a schema:Person .", "nothing is both"),
    "twin": ('id:other a harbour:Crane ; schema:name "Crane"@en .', "owl:differentFrom"),
    "told apart": (
        'id:other a harbour:Crane ; schema:name "Crane"@en ; owl:differentFrom id:crane .',
        None,
    ),
    "language": ('id:kran a harbour:Crane ; schema:name "Kran"@de .', "Add one with the tag @en."),
    "loop": ("id:crane skos:broader id:car . id:crane skos:narrower id:car .", "leads round"),
    "own loop": ("id:crane skos:broader id:crane .", "to itself"),
    "date": ('id:crane schema:dateCreated "2025-13"^^xsd:gYearMonth .', "no value of"),
    "any date": ('id:crane schema:dateCreated "2025-12"^^xsd:gYearMonth .', None),
    "date in words": ('id:crane schema:startDate "3 May 2023" .', 'Write "2023-05-03"^^xsd:date.'),
    "year as a text": ('id:crane schema:startDate "2022"@en .', 'Write "2022"^^xsd:gYear.'),
    "past year as a text": ('id:crane schema:foundingDate "2022" .', 'is no date: "2022"\n  Write "2022"^^xsd:gYear.'),
    "no date": ('id:crane schema:endDate "in spring" .', 'Write "2023-05-03"^^xsd:date or "2022"^^xsd:gYear.'),
    "number as a text": ('id:car schema:numberOfPages "12" .', 'Write "…"^^xsd:integer.'),
    "a person's name": ('id:car schema:employee "Tom Abara" .', "Name the thing: id:tom-abara;"),
    "place or text": ('id:car schema:location "the quay"@en ; schema:duration "PT2H" .', None),
    "year": ('id:crane schema:startDate "2022"^^xsd:gYear .', None),
    "later": ('id:crane schema:dateCreated "2026-02-04"^^xsd:date .', "the publication is of 2026-02-03"),
    "founder": (
        (
            'id:crane schema:foundingDate "1990-05"^^xsd:gYearMonth ; schema:founder id:anna .\n'
            'id:anna schema:birthDate "1991"^^xsd:gYear .'
        ),
        "began in 1991",
    ),
    "namesake": ('id:other a schema:Vehicle ; schema:name "Crane"@en .', "both called"),
    "namesake by another name": (
        'id:other a schema:Vehicle ; schema:name "x"@en ; skos:altLabel "crane"@en .',
        "both called",
    ),
    "namesake told apart": (
        'id:other a schema:Vehicle ; schema:name "Crane"@en ; owl:differentFrom id:crane .',
        None,
    ),
    "nameless": ("id:other a schema:Vehicle .", "neither a name nor a text"),
    "two names": ('id:other a schema:Vehicle ; schema:name "x"@en , "y"@en .', "two main names"),
    "transitive loop": ("id:crane skos:broader id:car . id:car skos:broaderTransitive id:crane .", "leads round"),
    "ends first": (
        'id:crane schema:startDate "1991"^^xsd:gYear ; schema:endDate "1990-12-31"^^xsd:date .',
        "ends in 1990-12-31 and begins in 1991",
    ),
}


def told(harbour: Path, facts: str) -> str:
    """What is said of facts, each with an editorial note, in the file facts/zz.ttl."""
    (harbour / "ontology" / "zz.ttl").write_text(HEAD + ONTOLOGY, encoding="utf-8")
    (harbour / "facts" / "zz.ttl").write_text(HEAD + FACTS + facts, encoding="utf-8")
    findings = build_dataset(load_project(harbour)).findings
    return "\n".join(
        finding.render() for finding in findings if finding.file and "without evidence" not in finding.message
    )


@pytest.mark.parametrize("case", CASES)
def test_case(harbour: Path, case: str) -> None:
    """The statement is named at its line, with what to do; what conforms is passed in silence."""
    facts, wanted = CASES[case]
    text = told(harbour, facts)
    if wanted is None:
        assert text == ""
    else:
        assert wanted in text
        assert "zz.ttl:8" in text


def test_namespace() -> None:
    """A hash ends a namespace before any slash behind it does."""
    assert namespace("https://e.example/a#b/c") == "https://e.example/a#"
    assert namespace("https://e.example/a/b") == "https://e.example/a/"
