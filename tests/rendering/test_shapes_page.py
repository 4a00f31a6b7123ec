"""The page of the shapes: paths in words, named shapes as links, and no label of a node without an IRI."""

import re
from html import unescape
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.renderer import renderer_of
from isoc_kg.rendering.shapes import ShapesPage

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> . @prefix more: <https://lighthouse.example/more-shapes#> .
more:Berth a sh:NodeShape ; sh:name "berth"@en ; sh:targetClass schema:Place ;
    sh:property [ sh:path [ sh:inversePath schema:location ] ; sh:maxCount 99 ; sh:node more:Keeper ] ,
        [ sh:path ( schema:member [ sh:zeroOrMorePath schema:parent ] ) ; sh:in ( "a" "b" ) ] ,
        [ sh:path [ sh:alternativePath ( schema:translator schema:editor ) ] ;
          sh:or ( [ sh:minLength 1 ] more:Keeper ) ] .
more:Keeper a sh:NodeShape ; sh:name "keeper"@en .
"""


@pytest.fixture
def page(lighthouse: Path) -> str:
    (lighthouse / "shapes" / "more.ttl").write_text(SHAPES, encoding="utf-8")
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "https://host.example/")
    return dict(ShapesPage(renderer).files())["shapes.html"].decode()


def test_nodes_without_an_iri_are_in_words(page: str) -> None:
    """Inverse, sequence, alternatives, members of lists, shapes within shapes; no label that nothing else uses."""
    text = " ".join(unescape(re.sub("<[^>]*>", "", page)).split())
    for words in (
        "inverse of schema:location",
        "schema:member, then schema:parent, any number of times",
        "schema:translator or schema:editor",
        "in a, b",
        "or minLength 1, ",
    ):
        assert words in text, words
    assert "_:" not in text


def test_named_shapes_are_links(page: str) -> None:
    """To their place on the page, which is there."""
    assert re.search(r'<a href="#Keeper"><code>[^/]*//[^<]*Keeper[^<]*</code></a>', page)
    assert 'id="Keeper"' in page


def test_rules_are_stacked_where_it_is_narrow(page: str) -> None:
    """Each cell names its column."""
    assert '<table class="stacked">' in page
    assert 'class="rules" data-column="Rules"' in page
