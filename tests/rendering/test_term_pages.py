"""The page of a property shows statements that have it."""

import re
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.lines import split
from isoc_kg.rendering import index as index_module
from isoc_kg.rendering.ontology import OntologyPages
from isoc_kg.rendering.renderer import renderer_of

MOST = 2
TITLE = "Statements with this property"


def test_statements_with_a_property(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "MOST_SAID", MOST)
    renderer = renderer_of(Publication.of_project(load_project(harbour)), "")
    pages = {
        bundle.key.rpartition("/")[2]: dict(bundle.render())[f"{bundle.key}.html"].decode()
        for bundle in OntologyPages(renderer).bundles()
        if bundle.key.startswith(("ontology/", "vocabulary/"))
    }
    index, facts = renderer.index, renderer.project.ids.graph("ontology").encode()
    said: dict[bytes, int] = {}
    for line in index.lines:
        subject, predicate, _, graph = split(line)
        if facts not in graph and subject in index.subjects:
            said[predicate] = said.get(predicate, 0) + 1
    shown = {}
    for term in index.terms:
        page = pages.get(renderer.addresses.page(term[1:-1].decode())[0].rpartition("/")[2], "")
        _, title, rest = page.partition(TITLE)
        if title:
            shown[term] = rest
    assert shown
    assert {term for term in index.terms if said.get(term)} == shown.keys()
    for term, text in shown.items():
        assert re.search(r'class="count">([\d,]+)<', text)[1] == f"{said[term]:,}"
        assert text.count("<tr>") == min(said[term], MOST)
        assert (f"and {said[term] - MOST} more" in text) == (said[term] > MOST)
        assert re.match(r'[^\n]*\n<table class="short"><tbody><tr><th scope="row"><a href="[^"]+">', text)
    assert max(said[term] for term in shown) > MOST
