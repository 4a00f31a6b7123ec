"""What the build derives: on pages it comes last and is marked; how a project words others' terms."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.iris import Identifiers
from isoc_kg.project import Project, load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.things import ThingPages

BASE = "https://harbour.example/kg/"
SETTINGS = """
[words]
"schema:foundingDate" = ["open since", "opened"]

[entailment]
terms = ["skos:Concept", "skos:hasTopConcept", "prov:wasDerivedFrom", "harbour:concerns"]
"""
ONTOLOGY = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix harbour: <https://harbour.example/kg/ontology#> .
harbour:concerns a owl:ObjectProperty ; rdfs:label "has to do with"@en .
harbour:usedFor rdfs:subPropertyOf harbour:concerns .
"""


@pytest.fixture
def renderer(harbour: Path) -> Renderer:
    """The harbour with terms to entail."""
    file = harbour / "kg.toml"
    file.write_text(file.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    (harbour / "ontology" / "zz.ttl").write_text(ONTOLOGY, encoding="utf-8")
    return renderer_of(Publication.of_project(load_project(harbour)), "https://host.example/")


def page_of(renderer: Renderer, name: str) -> str:
    """What the page of a thing shows, without the data in its head."""
    page = ThingPages(renderer).page(iri_token(Identifiers(BASE).thing(name)), f"id/{name}").decode()
    return page.partition("<article>")[2]


def test_a_page_shows_what_is_derived_last(renderer: Renderer) -> None:
    """The class that is stated heads the page; the wider one, and wider links, stand below as derived."""
    page = page_of(renderer, "fishing")
    head, _, rest = page.partition("</header>\n<div class=")
    assert ">use</a>" in head
    assert "oncept" not in head
    stated, _, derived = rest.partition("<h2>Derived</h2>")
    assert ">use</a>" in stated
    assert "core#Concept" not in stated.partition("<aside")[0]
    assert "oncept" in derived
    assert re.search(r"<details><summary><h2>Derived</h2> <span class=\"count\">\d+</span></summary>", page)
    incoming = page.partition('<h2 id="incoming">')[2].partition("</section>")[0]
    assert incoming.index("used for") < incoming.index("has to do with")
    assert "Derived" in incoming[incoming.index("has to do with") :]
    assert "Derived" not in incoming[incoming.index("used for") : incoming.index("</h3>", incoming.index("used for"))]


def test_evidence_is_not_repeated_as_derivation(renderer: Renderer) -> None:
    """A claim's sentences stand on its page once, not again as what it was derived from."""
    assert "erived" not in page_of(renderer, "old-harbour").partition("<h2>Derived</h2>")[0]


def test_lists_and_diagrams_know_the_stated_classes(renderer: Renderer) -> None:
    """Neither the lists by class nor the graph have each thing twice."""
    concept = iri_token("http://www.w3.org/2004/02/skos/core#Concept")
    things = [token for token in renderer.index.subjects if token.endswith(b"/id/fishing>")]
    assert [renderer.index.types[token] for token in things] == [(iri_token(f"{BASE}ontology#Use"),)]
    assert not [token for token in renderer.index.members.get(concept, ()) if token in things]


def test_terms_are_worded_as_the_project_says(renderer: Renderer) -> None:
    """A page calls the founding date as kg.toml does; the ontology keeps the term's own label, or none."""
    page = page_of(renderer, "old-harbour")
    assert "open since" in page
    assert not [line for line in renderer.index.lines if b'"open since"' in line]


@pytest.mark.parametrize("words", ['"schema:name" = "named"', '"schema:name" = []', '"name" = ["named"]'])
def test_words_that_are_none(harbour: Path, words: str) -> None:
    """Refused with the line: a text alone, an empty list, a term without a prefix."""
    file = harbour / "kg.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"\n[words]\n{words}\n", encoding="utf-8")
    with pytest.raises(ProjectError) as error:
        load_project(harbour)
    assert error.value.line == len(file.read_text(encoding="utf-8").splitlines())


def test_what_stands_on_other_sites(tmp_path: Path) -> None:
    """“same as” in one wording, two properties of that name told apart, values with their site; notes in words."""
    file = tmp_path / "boats.ttl"
    file.write_text(
        """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix b: <https://boats.example/kg#> .
schema:sameAs rdfs:label "Same As"@en .
b:concerns a owl:ObjectProperty ; rdfs:label "has to do with"@en .
b:usedFor a owl:ObjectProperty ;
    skos:scopeNote "What it is about is linked by b:concerns, see urn:b:x, other:name or b:nothing."@en .
b:gull schema:name "Gull" ; b:usedFor "nets" ; owl:sameAs <https://www.ror.example/04dz> ;
    schema:sameAs <https://isni.example/77> , <https://own.example> .
""",
        encoding="utf-8",
    )
    project = replace(Project.of_files(), own_prefixes={"b": "https://boats.example/kg#"})
    renderer = renderer_of(Publication.of_files(project, [file]), "https://host.example/")
    page = ThingPages(renderer).page(b"<https://boats.example/kg#gull>", "resource/gull").decode()
    headings = [re.sub("<[^>]*>", "", one) for one in re.findall("<h3>(.*?)</h3>", page) if "same as" in one]
    assert len(headings) == 2
    assert all(re.fullmatch("same as .*sameAs>?", one) for one in headings)
    assert '>04dz</a> <span class="tag" dir="ltr">ror.example</span>' in page
    assert '>77</a> <span class="tag" dir="ltr">isni.example</span>' in page
    assert ">own.example</a></span>" in page
    assert "What it is about is linked by" not in page
    (note,) = renderer.index.scope_notes(b"<https://boats.example/kg#usedFor>")
    assert note == "What it is about is linked by “has to do with”, see urn:b:x, other:name or b:nothing."
