"""Pages that are put together in frames are those that their templates make, to the byte."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.namespaces import RDF, SCHEMA
from isoc_kg.project import Project, load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.frames import ThingFrames
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.pages import Page
from isoc_kg.rendering.renderer import Material, Renderer, renderer_of
from isoc_kg.rendering.theme import load_theme
from isoc_kg.rendering.things import thing_bundles

from material import ROOT

_HOST = "https://host.example/kg/"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were made by frames, each of which was compared with what its template makes."""
    made: list[str] = []
    framed = ThingFrames.html

    def html(self: ThingFrames, page: Page, context: Mapping[str, Any]) -> bytes:
        found = framed(self, page, context)
        assert found == self._renderer.html("resource.html", page, **context), page.path
        made.append(page.path)
        return found

    monkeypatch.setattr(ThingFrames, "html", html)
    return made


def _all_pages(renderer: Renderer) -> ThingFrames:
    """Every page of a thing is made; gives the frames."""
    frames = None
    for bundle in thing_bundles(renderer):
        bundle.things.page_at_length(bundle.token, bundle.key)
        frames = bundle.things.frames
    assert frames is not None
    return frames


def _renderer(project: Project, lines: list[bytes]) -> Renderer:
    return Renderer(Index(project, lines), load_theme(project), Material(), _HOST)


def test_the_shipped_publication(compared: list[str]) -> None:
    """All of its things; many have the same frame."""
    lines = (ROOT / "out/isoc-kg.nq").read_bytes().splitlines(keepends=True)
    frames = _all_pages(_renderer(load_project(ROOT), sorted(lines)))
    assert "" not in frames._frames.values()
    assert 3 * len(frames._frames) < len(compared)


@pytest.mark.parametrize("settings", ["", '\n[contact]\nmail = "data@example.org"\n'])
@pytest.mark.parametrize("name", ["harbour", "lighthouse", "lamp"])
def test_other_publications(name: str, settings: str, compared: list[str], request: pytest.FixtureRequest) -> None:
    """With several documents, sources that disagree, claims taken back; with a way to write to the publisher."""
    folder: Path = request.getfixturevalue(name)
    with (folder / "kg.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    frames = _all_pages(renderer_of(Publication.of_project(load_project(folder)), _HOST))
    assert frames._frames
    assert compared


_ODD = """name = "odd"
title = "100 % (odd)"
description = "Odd %s"
created = 2026-01-02
modified = 2026-01-03
version = "1"
base = "https://odd.example/"
language = "LANGUAGE"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "A %(label)s"
"""


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_odd_values(language: str, compared: list[str], tmp_path: Path) -> None:
    """Nothing in a value is taken for a mark, a tag or a place, in any language of the pages."""
    (tmp_path / "kg.toml").write_text(_ODD.replace("LANGUAGE", language))
    project = load_project(tmp_path)
    values = [
        "100 %",
        "%(groups)s",
        "<b>&amp;</b>",
        "{{ t.cite }}",
        "mark",
        "\u05d0\u05d1",
        "a\\nb",
        "x--y",
        "100 % (odd)",
    ]
    graph = "<https://odd.example/graph/facts>"
    lines = []
    for number, value in enumerate(values):
        thing = f"<https://odd.example/id/odd-{number}>"
        other = f"<https://odd.example/id/odd-{(number * 3 + 1) % len(values)}>"
        lines += [
            f"{thing} <{RDF.type}> <{SCHEMA.Thing}> {graph} .\n",
            f'{thing} <{SCHEMA.name}> "{value}"@en {graph} .\n',
            f'{thing} <{SCHEMA.alternateName}> "{value} too"@he {graph} .\n',
            f'{thing} <https://odd.example/ontology#a%20b> "{value}" {graph} .\n',
            f"{thing} <{SCHEMA.about}> {other} {graph} .\n",
            f"{thing} <{SCHEMA.url}> <https://elsewhere.example/{number}?a=%25&b> {graph} .\n",
        ]
    _all_pages(_renderer(project, sorted(line.encode() for line in lines)))
    assert len(compared) == len(values)


def test_frames_are_bounded(compared: list[str], harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of them are remembered than so many."""
    monkeypatch.setattr("isoc_kg.rendering.frames._MOST", 2)
    frames = _all_pages(renderer_of(Publication.of_project(load_project(harbour)), _HOST))
    assert len(frames._frames) <= 2 < len(compared)
