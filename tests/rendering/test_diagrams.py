"""Diagrams in pages: every name whole or told apart, each thing once, whatever the shape of what is drawn."""

from itertools import pairwise

import pytest

from isoc_kg.project import load_project
from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.diagrams import Relation, class_diagram, class_hierarchy
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.theme import load_theme
from isoc_kg.rendering.things import ThingPages

from material import ROOT

PROJECT = load_project(ROOT)
LONG = "The committee for the survey, the upkeep and the lighting of all piers and of both breakwaters, its"
NAMES = {
    "hub": "Hub", "one": "Ada Strand", "two": "Ada Strand", "both": "<b>Both</b>",
    "long-a": f"{LONG} first part", "long-b": f"{LONG} second part",
}  # fmt: skip


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """One of a hub and its members: two of one name, two of long names, and one that links back."""
    schema, kind = "https://schema.org/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    facts = PROJECT.ids.graph("facts")
    lines = [
        line
        for key, name in NAMES.items()
        for line in (
            f'<{PROJECT.base}id/{key}> <{schema}name> "{name}"@en <{facts}> .\n',
            f"<{PROJECT.base}id/{key}> <{kind}> <{schema}Thing> <{facts}> .\n",
            f"<{PROJECT.base}id/hub> <{schema}member> <{PROJECT.base}id/{key}> <{facts}> .\n" if key != "hub" else "",
        )
        if line
    ]
    lines.append(f"<{PROJECT.base}id/both> <{schema}memberOf> <{PROJECT.base}id/hub> <{facts}> .\n")
    index = Index(PROJECT, sort_lines([line.encode() for line in lines]))
    return Renderer(index, load_theme(PROJECT), Material(), "")


def classes(*names: str) -> list[bytes]:
    """Classes by their local names."""
    return [iri_token(f"{PROJECT.base}ontology#{name}") for name in names]


def test_names_of_neighbours(renderer: Renderer) -> None:
    """No two are alike, long ones keep their ends, and what links both ways stands once and says so."""
    page = ThingPages(renderer).page(iri_token(f"{PROJECT.base}id/hub"), "id/hub").decode()
    drawn = page.partition('<div class="neighbours">')[2].partition("<p>")[0]
    assert 'class="fan in"' not in drawn
    names = [part.partition(">")[2] for part in drawn.split("<a ")[1:]]
    names = [name.partition("</a>")[0].replace("</bdi>", "") for name in names]
    assert len(names) == len(set(names)) == 5
    assert sum("Ada Strand <small>" in name for name in names) == 2
    assert {name[-10:] for name in names} >= {"first part", "econd part"}
    assert "&lt;b&gt;Both&lt;/b&gt;" in drawn
    assert drawn.count("⇄") == 1


def test_a_class_below_two(renderer: Renderer) -> None:
    """It stands under each of them, and what is below it once."""
    first, second, third, last = classes("First", "Second", "Third", "Last")
    drawing = str(class_hierarchy(renderer, {third: [first, second], first: [], second: [], last: [third]}, ()))
    assert drawing.count("Third</") == 2
    assert drawing.count("Last</") == 1
    assert drawing.count("<ul") == drawing.count("</ul>") == 4
    assert drawing.count("<li") == drawing.count("</li>") == 5


def test_circles_and_depths(renderer: Renderer) -> None:
    """Classes in a circle are drawn once each and once more where it closes; a deep hierarchy is drawn, too."""
    one, other, alone = classes("One", "Other", "Alone")
    drawing = str(class_hierarchy(renderer, {one: [other], other: [one], alone: []}, ()))
    assert (drawing.count("One</"), drawing.count("Other</"), drawing.count("Alone</")) == (2, 1, 0)
    deep = classes(*(f"C{number}" for number in range(3000)))
    drawing = str(class_hierarchy(renderer, {term: [parent] for parent, term in pairwise(deep)}, ()))
    assert drawing.count("<ul") == drawing.count("</ul>") > 2000
    assert class_hierarchy(renderer, {alone: []}, ()) == ""


def test_a_class_with_its_relations(renderer: Renderer) -> None:
    """The subject comes before what it links to, and that before what links to it."""
    one, other, property_ = classes("One", "Other", "leadsTo")
    drawing = str(
        class_diagram(renderer, "", one, [], [], [Relation(one, property_, other), Relation(other, property_, one)])
    )
    assert drawing.index("box own") < drawing.index('class="fan out"') < drawing.index('class="fan in"')
    assert class_diagram(renderer, "", one, [], [], []) == ""
