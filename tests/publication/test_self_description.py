"""What data say of themselves is taken from them, and nothing else."""

from datetime import date

import pyoxigraph as ox
import pytest

from isoc_kg.project import Project
from isoc_kg.publication.self_description import SelfDescription, base_of_claims, seen_as
from isoc_kg.rdf.lines import lines_from_quads

PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix void: <http://rdfs.org/ns/void#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> . @prefix ev: <https://w3id.org/isoc-kg/evidence#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix x: <http://tea.example/> .
"""


def lines(turtle: str) -> list[bytes]:
    """Canonical lines of Turtle."""
    return lines_from_quads(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def described(turtle: str) -> SelfDescription:
    """What Turtle says of itself."""
    return SelfDescription.of_lines(lines(turtle))


def test_all_that_an_ontology_says() -> None:
    """The English title before others; the maker by name."""
    said = described("""
        x: a owl:Ontology ; dcterms:title "Teesorten"@de, "Kinds of tea"@en-GB ; rdfs:label "tea" ;
          dcterms:description "What tea there is." ; dcterms:license <http://tea.example/free> ;
          dcterms:creator x:ann ; owl:versionInfo "3.2" ; dcterms:modified "2020-05-06T07:08:09Z"^^xsd:dateTime .
        x:ann foaf:name "Ann Leaf" .
    """)
    assert said == SelfDescription(
        "Kinds of tea", "What tea there is.", "Ann Leaf", ("http://tea.example/free",), "3.2", date(2020, 5, 6)
    )


@pytest.mark.parametrize(
    "turtle",
    [
        "x:a rdfs:label 'no whole' .",
        "x:a a owl:Ontology ; rdfs:label 'one' . x:b a owl:Ontology ; rdfs:label 'two' .",
        "x:a a owl:Ontology ; dcterms:created '2001-01-01', '2008-02-03'^^xsd:date .",
        "x:a a dcat:Dataset ; dcterms:title 'one' . x:b a dcat:Dataset ; dcterms:title 'two' .",
        "x:a a owl:Ontology ; dcterms:modified 'lately' ; rdfs:label '  ' .",
        "x:a x:type owl:Ontology ; rdfs:label 'not by its type' .",
    ],
)
def test_what_is_not_said_stays_unsaid(turtle: str) -> None:
    """No whole, several, empty or unreadable values."""
    assert described(turtle) == SelfDescription()


def test_kinds_in_their_order() -> None:
    """A catalogue stands for its datasets, an ontology for the scheme in it; both spellings of schema.org are known."""
    assert (
        described("x:c a dcat:Catalog ; dcterms:title 'all' . x:d a dcat:Dataset . x:e a dcat:Dataset .").title == "all"
    )
    said = described(
        "x:d a schema:Dataset ; schema:name 'n' ; schema:license 'free for all' ; schema:creator [ schema:name 'M' ] ."
    )
    assert (said.title, said.licences, said.creator) == ("n", ("free for all",), "M")


def test_nothing_of_the_shipped_publication() -> None:
    """Without a project, the settings say nothing that the data do not say."""
    project = seen_as(Project.of_files(), lines("x:a x:b x:c ."), "tea.ttl")
    assert (project.title, project.licence, project.creator, project.version) == ("tea.ttl", None, None, None)
    assert not any("isoc" in iri or "invalid" in iri for iri in project.prefixes.values())


def test_base_of_claims() -> None:
    """Known by a claim with evidence, and by nothing else."""
    claim = (
        "<http://tea.example/kg/claim/mint.0123456789abcdef> ev:supportedBy <http://tea.example/kg/document/d/1#1.1> ."
    )
    assert base_of_claims(lines(claim)) == "http://tea.example/kg/"
    assert base_of_claims(lines("x:claim ev:supportedBy x:d . x:a rdfs:label 'supportedBy' .")) is None


def test_everybody_is_named() -> None:
    """All makers and licences, by text, name or IRI; publishers where there is no maker; a version without its word."""
    said = described("""
        x:a a owl:Ontology ; dcterms:creator "Ann", [ foaf:name "Bob" ], x:cleo ; dcterms:publisher "The Press" ;
          dcterms:license <http://tea.example/free>, "or pay" ; owl:versionInfo "Version 1.1 - 2025" .
    """)
    assert said.creator
    assert sorted(said.creator.split(", ")) == ["Ann", "Bob", "http://tea.example/cleo"]
    assert sorted(said.licences) == ["http://tea.example/free", "or pay"]
    assert said.version == "1.1 - 2025"
    assert described('x:a a owl:Ontology ; dcterms:publisher "The Press" .').creator == "The Press"


def test_an_ontology_that_is_only_mentioned() -> None:
    """Beside the one that has a title."""
    said = described("x:a a owl:Ontology ; rdfs:label 'one' . x:b a owl:Ontology . x:c a owl:Ontology .")
    assert said.title == "one"
