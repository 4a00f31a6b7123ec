"""The renderer: fragments that many pages share."""

from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering import renderer as module
from isoc_kg.rendering.renderer import Renderer, renderer_of


@pytest.fixture
def renderer(harbour: Path) -> Renderer:
    return renderer_of(Publication.of_project(load_project(harbour)), "https://host.example/")


def test_remembered_fragments_are_bounded(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links, addresses and units are remembered, and never more than so many of each."""
    monkeypatch.setattr(module, "_MOST", 3)
    tokens = renderer.index.subjects
    first = [renderer.link("", token) for token in tokens]
    assert len(tokens) > 3
    assert [renderer.link("", token) for token in tokens] == first
    assert renderer.link("", tokens[0]) is renderer.link("", tokens[0])
    assert 0 < len(renderer._links) <= 3
    assert 0 < len(renderer._hrefs) <= 3


def test_only_other_languages_are_tagged(renderer: Renderer) -> None:
    """A text in the publication's own language has no tag, neither as a label nor as a value."""
    own = renderer.project.language
    assert (renderer.foreign(own), renderer.foreign(""), renderer.foreign("x-other")) == ("", "", "x-other")
    assert "lang=" not in renderer.value("", f'"text"@{own}'.encode())
    assert 'lang="fi"' in renderer.value("", b'"teksti"@fi')
