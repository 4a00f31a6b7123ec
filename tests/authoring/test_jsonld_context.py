"""The JSON-LD context made of a project's ontology and shapes: plain names, one shape for each member."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.jsonld_context import context_of, project_context
from isoc_kg.project import Project, load_project
from isoc_kg.rdf import lines_from_quads

from material import ROOT

PREFIXES = {
    "e": "http://e/ns#", "schema": "https://schema.org/", "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "sh": "http://www.w3.org/ns/shacl#", "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#", "odd": "http://odd/", "dcterms": "http://purl.org/dc/terms/",
}  # fmt: skip


def lines_of(turtle: str) -> list[bytes]:
    """The middle form of a text that uses the prefixes above."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return lines_from_quads(ox.parse((head + turtle).encode(), format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def project() -> Project:
    """The shipped one, with a vocabulary `e:` of its own."""
    return replace(load_project(ROOT), own_prefixes={"e": PREFIXES["e"]})


def context(project: Project, ontology: str = "", shapes: str = "", data: str = "") -> dict[str, Any]:
    """The context made of texts."""
    return project_context(project, lines_of(ontology), lines_of(shapes), lines_of(data))


ONTOLOGY = """
e:p a owl:ObjectProperty . e:q a owl:DatatypeProperty . e:one a owl:ObjectProperty, owl:FunctionalProperty .
e:Thing a owl:Class . e:year a owl:DatatypeProperty ; rdfs:range xsd:gYear . e:gist a owl:DatatypeProperty ;
rdfs:range rdf:langString .
"""


def test_what_may_repeat_is_a_set(project: Project) -> None:
    """Functional properties are one value; all others arrays, links and literals of one datatype coerced."""
    made = context(project, ONTOLOGY)
    assert made["p"] == {"@id": "e:p", "@type": "@id", "@container": "@set"}
    assert made["q"] == {"@id": "e:q", "@container": "@set"}
    assert made["one"] == {"@id": "e:one", "@type": "@id"}
    assert made["year"] == {"@id": "e:year", "@type": "xsd:gYear", "@container": "@set"}
    assert made["gist"] == {"@id": "e:gist", "@container": ["@language", "@set"]}
    assert made["Thing"] == "e:Thing"
    assert made["claims"] == {"@reverse": "rdf:subject", "@container": "@set"}


@pytest.mark.parametrize(
    ("shapes", "single"),
    [
        ("e:S sh:targetClass e:Thing ; sh:property e:s . e:s sh:path e:q ; sh:maxCount 1 .", True),
        ("e:s sh:targetClass e:Thing ; sh:path e:q ; sh:maxCount 1 .", True),
        ("e:S sh:property e:s . e:s sh:path e:q ; sh:maxCount 1 . e:T sh:property e:t . e:t sh:path e:q .", False),
        (
            """e:S sh:targetSubjectsOf e:q ; sh:property e:s . e:s sh:path e:q ; sh:maxCount 1 .
            e:T sh:property e:t . e:t sh:path e:q .""",
            True,
        ),
        ("e:S sh:property e:s, e:t . e:s sh:path e:q . e:t sh:path e:q ; sh:maxCount 1 .", True),
        ("e:S sh:property e:s . e:s sh:path e:q ; sh:maxCount 2 .", False),
        ("e:S sh:property e:s . e:s sh:path e:q ; sh:maxCount 1 ; sh:severity sh:Warning .", False),
        ("e:S sh:property e:s . e:s sh:path e:q ; sh:maxCount 1 ; sh:deactivated true .", False),
        ("e:S sh:property e:s ; sh:deactivated true . e:s sh:path e:q ; sh:maxCount 1 .", False),
        ("e:S sh:property e:s . e:s sh:path [ sh:inversePath e:q ] ; sh:maxCount 1 .", False),
        ("e:S sh:property [ sh:path e:q ; sh:maxCount 1 ] .", True),
    ],
)
def test_shapes_say_what_is_one_value(project: Project, shapes: str, single: bool) -> None:
    """`sh:maxCount 1` by all shapes that name a property, or by one of all that has it; what warns promises nothing."""
    assert ("@container" not in context(project, ONTOLOGY, shapes)["q"]) == single


def test_shapes_say_what_values_are(project: Project) -> None:
    """Datatypes, links and one text a language; what shapes differ about is left as it is."""
    shapes = """e:S sh:property e:a, e:b, e:c, e:d, e:f .
    e:a sh:path e:q ; sh:datatype xsd:date . e:b sh:path e:r ; sh:nodeKind sh:IRI .
    e:c sh:path e:t ; sh:datatype rdf:langString ; sh:uniqueLang true . e:d sh:path e:u ; sh:datatype xsd:date .
    e:T sh:property e:g . e:g sh:path e:u ; sh:datatype xsd:gYear .
    e:f sh:path e:v ; sh:datatype xsd:string ; sh:maxCount 1 ."""
    ontology = "e:q a owl:DatatypeProperty . " + " ".join(f"e:{name} a rdf:Property ." for name in "rtuv")
    made = context(project, ontology, shapes)
    assert made["q"] == {"@id": "e:q", "@type": "xsd:date", "@container": "@set"}
    assert made["r"] == {"@id": "e:r", "@type": "@id", "@container": "@set"}
    assert made["t"] == {"@id": "e:t", "@container": "@language"}
    assert made["u"] == {"@id": "e:u", "@container": "@set"}
    assert made["v"] == {"@id": "e:v"}


def test_names_that_several_terms_would_have(project: Project) -> None:
    """The project's own term has the plain name, then schema.org's; the others have their prefix in it."""
    made = context(
        project,
        "e:name a owl:DatatypeProperty . schema:name a rdf:Property . foaf:name a rdf:Property . e:id a rdf:Property ."
        " e:claims a rdf:Property . e:s a rdf:Property . schema:subject a rdf:Property .",
    )
    assert [made[name]["@id"] for name in ("name", "schemaName", "foafName")] == ["e:name", "schema:name", "foaf:name"]
    assert [made[name]["@id"] for name in ("eId", "eClaims", "eS")] == ["e:id", "e:claims", "e:s"]
    assert made["id"] == project.ids.things
    assert "@reverse" in made["claims"]


def test_withdrawn_terms_leave_their_names_to_others(project: Project) -> None:
    """A term that took over the name has it; one whose name nobody has keeps it, as data that use it expect."""
    withdrawn = "owl:deprecated true . "
    made = context(
        project,
        f"{ONTOLOGY} e:name a owl:DatatypeProperty ; {withdrawn} e:q {withdrawn} schema:name a owl:DatatypeProperty .",
    )
    assert made["name"]["@id"] == "schema:name"
    assert made["q"]["@id"] == "e:q"
    assert "e:name" not in json.dumps(made)
    assert context(project, ONTOLOGY.replace("e:p a", "e:p owl:deprecated false ; a"))["p"]["@id"] == "e:p"


def shape(value: Any) -> str:
    """What a program must be ready for: a text, an array, a language map, a literal or a thing."""
    if isinstance(value, dict):
        return "literal" if "@value" in value else "thing" if "@id" in value else "map"
    return type(value).__name__


def test_members_that_have_two_shapes_are_documented() -> None:
    """Of all that is published only two, which docs/json-ld.md names."""
    shapes: dict[str, set[str]] = {}
    waiting = [json.loads((ROOT / "out" / "isoc-kg.jsonld").read_text(encoding="utf-8"))["@graph"]]
    for value in waiting:  # it grows
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            for name, inner in value.items() if shape(value) == "thing" else ():
                shapes.setdefault(name, set()).add(shape(inner))
    several = {name: found for name, found in shapes.items() if len(found) > 1}
    assert several == {"value": {"str", "literal"}, "object": {"thing", "literal"}}
    text = (ROOT / "docs" / "json-ld.md").read_text(encoding="utf-8")
    assert "Two members have more than one form" in text
    assert all(f"`{name}`" in text for name in several)


def test_names_that_are_no_terms(project: Project) -> None:
    """A hyphen is part of a name; what is in no script of JSON-LD's terms, or begins like other IRIs, is not given."""
    made = context(
        project, "e:part-of a rdf:Property . e:größe a rdf:Property . e:tel a rdf:Property . e:1st a rdf:Property ."
    )
    assert made["part-of"] == {"@id": "e:part-of", "@container": "@set"}
    assert "tel" not in made
    assert made["eTel"]["@id"] == "e:tel"
    assert "größe" not in made


def test_no_name_depends_on_the_data(project: Project) -> None:
    """What only data use adds terms of known vocabularies and changes none; unknown ones stay IRIs."""
    alone = context(project, ONTOLOGY, data="e:x foaf:name 1 ; a foaf:Agent .")
    data = "e:x foaf:name 1 ; a foaf:Agent ; schema:name 2 ; odd:p 3 ; skos:note 4 ; a odd:C ."
    more = context(project, ONTOLOGY, data=data)
    assert alone.items() <= more.items()
    assert alone["foafName"]["@id"] == "foaf:name"
    assert more["name"]["@id"] == "schema:name"
    assert not any("odd:" in json.dumps(value) for name, value in more.items() if name != "odd")


def test_a_context_of_its_own_is_taken_as_it_is(tmp_path: Path) -> None:
    """A file in the ontology's folder goes before what would be made; RDF without a project has none."""
    project = load_project(ROOT)
    folders = replace(project.folders, ontology=str(tmp_path))
    (tmp_path / "context.jsonld").write_text('{"@context": [{"a": "http://e/a"}]}', encoding="utf-8")
    assert context_of(replace(project, folders=folders), [], []) == [{"a": "http://e/a"}]
    assert context_of(Project.of_files(), [], []) is None
    assert context_of(project, [], [])["claims"]
