"""The data of a thing hold the statements of its blank nodes: the same in each format, on the site and served."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.project import Project
from isoc_kg.publication.publication import Publication
from isoc_kg.query import StoreEvaluator
from isoc_kg.rendering import index as index_module
from isoc_kg.rendering.data_files import DATA_FORMATS, data_files
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.renderer import Material, Renderer, renderer_of
from isoc_kg.rendering.store_pages import PAGES, StorePages
from isoc_kg.rendering.theme import load_theme
from isoc_kg.rendering.things import ThingPages
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.content.thing_documents import ThingDocuments
from isoc_kg.server.http.reply import response_to

DATA = """
@prefix schema: <https://schema.org/> . @prefix ex: <https://ex.example/> .
ex:t a schema:Product ; schema:name "Tea" ;
    schema:review [ schema:reviewBody "Muscatel" ; schema:author [ schema:name "Ann" ; schema:knows _:it ] ] .
_:it schema:name "it" ; schema:knows _:it ; schema:about ex:t .
ex:l a schema:ItemList ; schema:name "List" ; schema:itemListElement ( ex:t "_:no" ) .
ex:u a schema:Product ; schema:name "_:u" .
"""
TEA = b"<https://ex.example/t>"


def publication_of(folder: Path, text: str) -> Publication:
    file = folder / "data.ttl"
    file.write_text(text, encoding="utf-8")
    return Publication.of_files(Project.of_files(), [file])


def renderer_for(folder: Path, text: str) -> Renderer:
    return renderer_of(publication_of(folder, text), "https://host.example/")


def statements(renderer: Renderer, token: bytes) -> set[str]:
    """The lines of the data of a thing."""
    return {line.decode() for line in renderer.index.description(token).lines}


def test_the_statements_of_blank_nodes_recursively(tmp_path: Path) -> None:
    """Of nodes within nodes and of loops each once; of those that lead to a thing the link alone."""
    renderer = renderer_for(tmp_path, DATA)
    found = renderer.index.description(TEA).text.decode()
    assert [found.count(text) for text in ('"Muscatel"', '"Ann"', '"it"', "#first>", "#rest>")] == [1, 1, 1, 1, 0]
    assert len(statements(renderer, TEA)) == 3 + 2 + 2 + 3 + 1
    assert renderer.index.description(b"<https://ex.example/l>").text.count(b"#rest>") == 2
    assert len(statements(renderer, b"<https://ex.example/u>")) == 2


def test_each_format_holds_the_same(tmp_path: Path) -> None:
    """Whichever way the bytes are made."""
    renderer = renderer_for(tmp_path, DATA)
    things = ThingPages(renderer)
    at_length = dict(data_files(renderer, "t", renderer.index.resource(TEA).lines, DATA_FORMATS, TEA))
    for format_ in DATA_FORMATS:
        data = at_length[f"t.{format_.extension}"]
        assert data == things.data(TEA, format_)
        kind = ox.RdfFormat.from_media_type(format_.media_type)
        assert kind is not None
        assert len(list(ox.parse(data, format=kind))) == 11, format_.name


def test_server_and_site_give_the_same_bytes(tmp_path: Path) -> None:
    """By the short way and by the long one: the engines differ, the bytes do not."""
    snapshot = Snapshot(publication_of(tmp_path, DATA), None, 1_700_000_000.0)
    resources = Resources(snapshot, "")
    bundle = next(one for one in snapshot.bundles.values() if getattr(one, "token", b"") == TEA)
    site = dict(bundle.render())
    for format_ in DATA_FORMATS:
        name = f"{bundle.key}.{format_.extension}"
        found = ThingDocuments(resources, "").response((f"/{name}".encode(), None, b""))
        assert found is not None
        assert found[1] == site[name] == response_to({}, resources.answer(name, {}, {}))[2]


def test_a_changed_blank_node_changes_the_page(tmp_path: Path) -> None:
    """Else an unchanged page of an earlier run would keep data that are out of date."""
    before, after = (
        ThingPages(renderer_for(tmp_path, text)).fingerprint(TEA)
        for text in (DATA, DATA.replace('schema:name "it"', 'schema:name "it", "that"'))
    )
    assert before != after


def test_statements_of_blank_nodes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node is there as a whole or not at all."""
    monkeypatch.setattr(index_module, "MOST_OF_BLANK_NODES", 5)
    found = statements(renderer_for(tmp_path, DATA), TEA)
    assert sum(line.startswith("_:") for line in found) == 4 + 2


def test_that_no_page_of_a_store_links_to_a_blank_node(tmp_path: Path) -> None:
    """Which has no page there, whether it leads to the thing or the thing to it; its name stays."""
    publication = publication_of(tmp_path, DATA + "ex:a schema:about _:it . [ a ex:Note ] schema:about ex:t .")
    renderer = Renderer(Index(publication.project, []), load_theme(publication.project), Material(), "", PAGES)
    pages = StorePages(renderer, StoreEvaluator.of_lines(publication.lines))
    for name in ("t", "a", "l"):
        (key, _) = renderer.addresses.page(f"https://ex.example/{name}")
        bundle = pages.bundle(key)
        assert bundle
        page = dict(bundle.render())[f"{key}.html"].decode()
        assert "<main" in page
        assert not [
            link for link in re.findall(r'href="([^"]*)"', page) if "=3a" in link and "ex=2eexample" not in link
        ]
        assert "_:" in page
