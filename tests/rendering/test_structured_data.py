"""What pages say to search engines, of data of any kind: answers that are there, numbers that are numbers."""

from typing import Any

import pytest

from isoc_kg.project import Project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.structured_data import thing_nodes

DATA = """
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix q: <https://q.example/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
q:open a schema:Question ; schema:name "Who has the key?" ; schema:position 2 .
q:empty a schema:Question ; schema:name "Who has the lamp?" ; schema:position 3 ; schema:acceptedAnswer q:silence .
q:silence a schema:Answer .
q:settled a schema:Question ; schema:name "Who has the boat?" ; schema:position 1 ; schema:acceptedAnswer q:answer .
q:answer a schema:Answer ; schema:text "The ferryman." .
q:some a schema:ItemList ; schema:name "Some" ; schema:itemListElement q:open, q:settled, q:empty .
q:none a schema:ItemList ; schema:name "None" ; schema:itemListElement q:open, q:empty .
q:hut a schema:Place ; schema:name "Hut" ; schema:position 7 ;
    schema:maximumAttendeeCapacity "+012"^^xsd:nonNegativeInteger ; schema:latitude 54.50 ;
    schema:longitude "1.5e1"^^xsd:double ;
    schema:publicAccess true ; schema:isAccessibleForFree "0"^^xsd:boolean ;
    schema:elevation "0.1234567890123456789" ; schema:serialNumber "007" ; schema:size "NaN"^^xsd:double ;
    schema:identifier 12345678901234567890 ; schema:foundingDate "1880"^^xsd:gYear ; schema:weight "many"^^xsd:integer ;
    schema:width 0.1234567890123456789 .
q:words a skos:ConceptScheme ; skos:prefLabel "Words" . q:gone a skos:ConceptScheme ; skos:prefLabel "Gone" .
q:oar a skos:Concept ; skos:prefLabel "oar" ; skos:inScheme q:words . q:man a schema:Person ; skos:inScheme q:words .
q:set a schema:DefinedTermSet ; schema:name "Set" ; schema:hasDefinedTerm q:mast .
q:mast a schema:DefinedTerm ; schema:name "mast" .
q:oars a schema:Product ; schema:name "Oars" ; schema:review [ schema:reviewBody "Light." ] ;
    schema:offers [ a schema:Offer ; schema:price 7 ], [ schema:price 8 ] .
"""  # fmt: skip


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    file = tmp_path_factory.mktemp("data") / "q.ttl"
    file.write_text(DATA, encoding="utf-8")
    return renderer_of(Publication.of_files(Project.of_files(), [file]), "https://host.example/")


def node(renderer: Renderer, name: str) -> dict[str, Any]:
    (found,) = thing_nodes(renderer.index, renderer.index.resource(f"<https://q.example/{name}>".encode()), "")
    return found


@pytest.mark.parametrize("name", ["open", "empty"])
def test_a_question_without_an_answer_is_no_page_of_answers(renderer: Renderer, name: str) -> None:
    """It is a question, and nothing more is said, whether the answer is missing or has no text."""
    assert node(renderer, name)["@type"] == "Question"
    assert "acceptedAnswer" not in node(renderer, name)


def test_lists_have_the_questions_that_are_answered(renderer: Renderer) -> None:
    """Of a list only they stand on the page of answers; a list without any is a list."""
    (question,) = node(renderer, "some")["mainEntity"]
    assert (question["name"], question["acceptedAnswer"]["text"]) == ("Who has the boat?", "The ferryman.")
    assert node(renderer, "settled")["mainEntity"] == [question]
    found = node(renderer, "none")
    assert found["@type"] == "ItemList"
    assert [item["name"] for item in found["itemListElement"]] == ["Who has the key?", "Who has the lamp?"]


def test_sets_have_their_terms(renderer: Renderer) -> None:
    """Those in them and those that they name, by IRI, class and name; a person in a scheme is no term."""
    for name, term in (("words", "oar"), ("set", "mast")):
        found = node(renderer, name)
        assert found["@type"] == "DefinedTermSet"
        expected = {"@id": f"https://q.example/{term}", "@type": "DefinedTerm", "name": term}
        assert found["hasDefinedTerm"] in (expected, [expected])
    assert "hasDefinedTerm" not in node(renderer, "gone")


def test_numbers_are_numbers(renderer: Renderer) -> None:
    """As the datatype says; what is none, or would lose digits, stays the text that it is."""
    found = node(renderer, "hut")
    expected = {
        "position": 7, "maximumAttendeeCapacity": 12, "latitude": 54.5, "longitude": 15.0, "publicAccess": True,
        "isAccessibleForFree": False, "elevation": "0.1234567890123456789", "serialNumber": "007", "size": "NaN",
        "identifier": "12345678901234567890", "foundingDate": "1880", "weight": "many",
        "width": "0.1234567890123456789",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert all(type(found[name]) is type(value) for name, value in expected.items())


def test_a_blank_node_without_a_class_of_schema_org_is_left_out(renderer: Renderer) -> None:
    """Its label says nothing, and a thing of no class is none of those that the property takes."""
    oars = node(renderer, "oars")
    assert "review" not in oars
    assert oars["offers"] == {"@type": "Offer", "name": "Offer"}
