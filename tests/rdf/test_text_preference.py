"""Which of several texts is shown: the same choice for names, descriptions and what data say of themselves."""

from dataclasses import replace
from itertools import permutations

import pytest

from isoc_kg.authoring.vocabulary import NameOrder
from isoc_kg.project import Project, project_of_files
from isoc_kg.publication.self_description import SelfDescription
from isoc_kg.rdf.lines import lines_in_order
from isoc_kg.rdf.reading import read_quads
from isoc_kg.rdf.text_preference import language_rank, preference
from isoc_kg.rdf.tokens import text_token
from isoc_kg.rendering.index import Index

HEAD = """prefix : <http://e.example/> prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix skos: <http://www.w3.org/2004/02/skos/core#> prefix dcterms: <http://purl.org/dc/terms/>
prefix schema: <https://schema.org/> prefix owl: <http://www.w3.org/2002/07/owl#>
"""
THING = "<http://e.example/a>"
#: Texts with their languages, the best first, on a German page.
GERMAN = [("z", "de"), ("y", "de-AT"), ("x", None), ("w", "en"), ("v", "en-GB"), ("a", "es"), ("b", "ar")]
NAMING = ["rdfs:label", "skos:prefLabel", "schema:name", "dcterms:title"]
DESCRIBING = ["rdfs:comment", "skos:definition", "schema:description", "dcterms:description"]


def lines(turtle: str) -> list[bytes]:
    return lines_in_order(read_quads((HEAD + turtle).encode()))


def in_language(language: str) -> Project:
    return replace(project_of_files(None), language=language)


def test_the_order_is_the_same_however_texts_come() -> None:
    """Own language, its varieties, none, English, others by code point; the case of a tag means nothing."""
    tokens = [text_token(text, tag) for text, tag in GERMAN]
    for mixed in (*permutations(tokens[:4]), tokens[::-1]):
        ordered = sorted(mixed, key=lambda token: preference(token, "de"))
        assert ordered == [token for token in tokens if token in mixed]
    assert language_rank("DE", "de") == language_rank("de--rtl", "DE") == 0
    assert language_rank("eng", "en") == language_rank("de", "en") == 5
    assert preference(b'"a"', "en") < preference(b'"a b"', "en")  # whose token comes first, by its quote


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize("description", DESCRIBING)
def test_labels_and_descriptions_are_in_one_language(language: str, name: str, description: str) -> None:
    """Without the page's own language, English."""
    spoken = {"de": "Seite", "en": "page", "es": "Dirección"}
    texts = ", ".join(f'"{text}"@{tag}' for tag, text in spoken.items())
    data = lines(f":a {name} {texts} ; {description} {texts} .")
    index = Index(in_language(language), data)
    shown = language if language in spoken else "en"
    assert index.label[THING.encode()] == index.about[THING.encode()] == (spoken[shown], shown)


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        ('rdfs:label "Ding"@de ; skos:prefLabel "thing"@en', ("thing", "en")),
        ('rdfs:label "Ding" ; skos:prefLabel "thing"@en', ("Ding", "")),
        ('rdfs:label "chose"@fr ; skos:prefLabel "Ding"@de', ("chose", "fr")),
        ('rdfs:label "colour"@en-GB, "color"@en-US', ("color", "en-us")),
        ('rdfs:label "Ding"@de ; skos:altLabel "thing"@en', ("Ding", "de")),
        ('rdfs:label "aaa"@vep, "thing"@mul', ("thing", "mul")),
        ('rdfs:label "thing"@en, "aaa"@mul', ("thing", "en")),
        ('rdfs:label ""@en, " \\n", "\u200b\u202e" ; skos:prefLabel "chose"@fr', ("chose", "fr")),
    ],
)
def test_a_text_that_is_read_comes_before_a_better_property(texts: str, label: tuple[str, str]) -> None:
    """Among labels; another name never becomes one."""
    data = lines(f":a {texts} .")
    project = in_language("en")
    assert Index(project, data).label[THING.encode()] == label
    triples = [(subject, predicate, rest[:-3]) for subject, predicate, rest in (line.split(b" ", 2) for line in data)]
    assert NameOrder(project).names(triples)["http://e.example/a"][0] == label[0]


@pytest.mark.parametrize(("language", "title"), [("en", "Terms"), ("de", "Begriffe"), ("fr", "Terms")])
def test_what_data_say_of_themselves(language: str, title: str) -> None:
    """In the language of the site, and across the properties."""
    data = lines(':o a owl:Ontology ; dcterms:title "Begriffe"@de ; rdfs:label "Terms"@en, "Términos"@es .')
    assert SelfDescription.of_lines(data, language).title == title


def test_that_nothing_is_called_by_what_is_not_seen() -> None:
    """Empty texts, spaces and control characters are no names, no other names and no descriptions."""
    data = lines(':a rdfs:label "" ; skos:altLabel " ", "tea" ; rdfs:comment "\u200b"@en .')
    index = Index(in_language("en"), data)
    assert THING.encode() not in index.label
    assert THING.encode() not in index.about
    assert index.name_of(THING.encode())[0] == "a"
    assert index.names[THING.encode()] == ["tea"]
    triples = [(subject, predicate, rest[:-3]) for subject, predicate, rest in (line.split(b" ", 2) for line in data)]
    assert NameOrder(in_language("en")).names(triples) == {"http://e.example/a": ["tea"]}
