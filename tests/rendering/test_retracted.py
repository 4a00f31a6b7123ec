"""What was retracted stays where its claim's IRI leads, marked, with the reason, and is asserted nowhere."""

import json
import re
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.query import StoreEvaluator
from isoc_kg.rdf.lines import split
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.diagrams import link_diagram
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Material, Renderer, renderer_of
from isoc_kg.rendering.store_pages import PAGES, StorePages
from isoc_kg.rendering.theme import load_theme

REASON = "The line is about the lamp of the boat."
NO_BELL = "There never was a bell <there>."
BELL = f"""
id:bell a schema:Thing {{| ev:impliedBy l:2.1 ; ev:retracted "{NO_BELL}"@en |}} ;
    schema:name "old bell"@en {{| ev:impliedBy l:2.1 ; ev:retracted "{NO_BELL}"@en |}} .
"""


@pytest.fixture
def folder(lighthouse: Path) -> Path:
    """A project in which one statement was retracted, and of another thing all."""
    facts = lighthouse / "facts" / "light.ttl"
    facts.write_text(facts.read_text(encoding="utf-8") + BELL, encoding="utf-8")
    return lighthouse


def files(renderer: Renderer) -> dict[str, str]:
    return {name: content.decode() for bundle in bundles(renderer) for name, content in bundle.render()}


def test_pictures(folder: Path) -> None:
    """No link that was retracted is drawn; those that stand are."""
    renderer = renderer_of(Publication.of_project(load_project(folder)), "")
    token = b"<https://lighthouse.example/kg/id/ravens-point-light>"
    drawn = link_diagram(renderer, "", token, renderer.index.resource(token), 16)
    assert "jon-holm" in drawn
    assert "paraffin" not in drawn


def test_pages(folder: Path) -> None:
    """The page says so beside the statement, and so does its document at the unit; data assert nothing of it."""
    project = load_project(folder)
    made = files(renderer_of(Publication.of_project(project), ""))
    thing = made["id/ravens-point-light.html"]
    (item,) = [
        one for one in re.findall(r'<li id="[^"]*" class="statement">.*?</li>', thing, re.DOTALL) if REASON in one
    ]
    assert re.search(r'<s class="value">.*paraffin.*</s> <strong class="disputed">Retracted</strong>', item, re.DOTALL)
    assert thing.count(f'<span class="reason">{REASON}') == 1
    assert "Units that" not in item  # nothing supports what was taken back
    assert "Units that imply it: 2; documents: 2" in made["id/jon-holm.html"]
    assert "Units that support it: 2; documents: 2" in made["id/jon-holm.html"]
    (edition,) = [name for name in made if re.fullmatch(r"document/logbook/[^/.]+(?<!index)\.html", name)]
    assert re.search(f'Retracted(?:(?!<li>).)*<span class="reason">{REASON}</span>', made[edition])
    assert made[edition].count("Another value is preferred") == 0
    chronicle = next(name for name in made if re.fullmatch(r"document/chronicle/[^/.]+\.html", name))
    assert made[chronicle].count("Another value is preferred") == 1
    for name in ("ravens-point-light", "paraffin", "bell"):
        for line in made[f"id/{name}.nt"].encode().splitlines(keepends=True):
            subject, predicate, object_, _ = split(line)
            assert not predicate.endswith(b"#burns>"), line
            assert subject != iri_token(project.ids.thing("bell")), line
            assert object_ != b'"old bell"@en' or subject.startswith(f"<{project.ids.claims}".encode())
        assert "burns" not in json.dumps(
            json.loads(re.findall(r"ld.json\">(.*?)</script>", made[f"id/{name}.html"])[0])
        )


def test_a_thing_of_which_nothing_is_left(folder: Path) -> None:
    """It keeps its page, with the reasons and its claims' anchors, is in no list, and links to it still lead there."""
    project = load_project(folder)
    renderer = renderer_of(Publication.of_project(project), "")
    made = files(renderer)
    page = made["id/bell.html"]
    assert "All statements about this were retracted" in page
    assert "There never was a bell &lt;there&gt;." in page
    assert "old bell" not in re.sub(r"(?s)<main.*?</main>", "", page)
    claims = [name for name in renderer.index.disputed if name.startswith(f"{project.ids.claims}bell.")]
    assert len(claims) == 2
    for claim in claims:
        assert f'<li id="{claim.rpartition(".")[2]}" class="statement">' in page
        assert claim in made["id/bell.ttl"] or f"claim:{claim.rpartition('/')[2]}" in made["id/bell.ttl"]
        assert "retracted: There never was a bell" in made["id/bell.citations.html"].replace("&lt;", "<")
        assert KnowledgeGraph.load(folder).cite(claim).startswith("“bell – ")
    assert not any("id/bell" in made[name] for name in made if name.startswith(("browse/", "index", "data/graph")))
    assert made["id/foghorn.html"].count("All statements about this were") == 0


def test_a_store_is_asked_for_the_same(folder: Path) -> None:
    """Pages that are made by asking a store are those of the site."""
    project = load_project(folder)
    lines = build_dataset(project).lines
    ontology = Index(project, [line for line in lines if project.ids.graph("ontology").encode() in line])
    asked = StorePages(Renderer(ontology, load_theme(project), Material(), "", PAGES), StoreEvaluator.of_lines(lines))
    whole = files(Renderer(Index(project, lines), load_theme(project), Material(), "", PAGES))
    for key in ("id/bell", "id/ravens-point-light", "document/logbook/1", "document/chronicle/1"):
        bundle = asked.bundle(key)
        assert bundle
        made = {name: content.decode() for name, content in bundle.render()}
        for name in (f"{key}.html", f"{key}.citations.html"):
            if key.startswith("id/") or not name.endswith("citations.html"):
                assert made[name] == whole[name], name
    assert asked.bundle("id/nothing") is None
