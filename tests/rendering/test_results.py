"""The report page lists what validation found: by shape, with the statement, its sentences and its place."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering import results as module
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.results import result_groups

_SHAPES = """
shapes:ModernShape a sh:NodeShape ; sh:targetClass light:Lighthouse ;
    sh:property shapes:ModernShape-height, shapes:ModernShape-keeper .
shapes:ModernShape-height a sh:PropertyShape ; sh:path light:height ; sh:minInclusive 50 ; sh:severity sh:Warning ;
    sh:message "A modern tower has 50 metres: <check> the height."@en .
shapes:ModernShape-keeper a sh:PropertyShape ; sh:path light:keeper ; sh:minCount 1 ; sh:severity sh:Info ;
    sh:message "Name the keeper."@en .
"""


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Of a project that conforms, with warnings."""
    import shutil

    folder = tmp_path_factory.mktemp("warned") / "project"
    shutil.copytree(Path(__file__).parents[1] / "projects" / "lighthouse", folder)
    with (folder / "shapes/light-shapes.ttl").open("a", encoding="utf-8") as file:
        file.write(_SHAPES)
    with (folder / "ontology/light.ttl").open("a", encoding="utf-8") as file:
        file.write('\nlight:keeper a owl:DatatypeProperty ; rdfs:label "keeper"@en .\n')
    return renderer_of(Publication.of_project(load_project(folder)), "https://host.example/")


def test_each_result_has_statement_sentence_and_place(renderer: Renderer) -> None:
    """In words, with the quote where it is published, file and line; what has no value names thing and property."""
    groups = result_groups(renderer)
    assert [(group.severity, group.shape, group.total) for group in groups] == [
        ("Warning", "ModernShape-height", 1), ("Info", "ModernShape-keeper", 1),
    ]  # fmt: skip
    (height,), (keeper,) = groups[0].results, groups[1].results
    assert re.sub("<[^>]+>", "", height.statements[0]).startswith("lighthouse on Ravens Point height in metres 31")
    assert len(height.units) == 1
    assert "31 metres" in height.units[0]
    assert re.fullmatch(r"facts/light\.ttl:\d+", height.place)
    line = int(height.place.rpartition(":")[2])
    facts = (renderer.project.root / "facts/light.ttl").read_text(encoding="utf-8").splitlines()
    assert "light:height 31" in facts[line - 1]
    assert "keeper" in keeper.statements[0]
    assert keeper.units == []
    (page,) = [page for bundle in bundles(renderer) if bundle.key == "report" for page in bundle.render()]
    text = page[1].decode()
    assert "&lt;check&gt; the height." in text
    assert text.index("ModernShape-height") < text.index("ModernShape-keeper")
    assert f"<code>{height.place}</code>" in text


def test_very_many_results(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are shown, and the others of each shape are counted."""
    report = renderer.material.report
    assert report
    many = replace(report, results=report.results * 40)
    made = Renderer(renderer.index, renderer.theme, replace(renderer.material, report=many), "")
    monkeypatch.setattr(module, "_MOST", 50)
    groups = result_groups(made)
    assert [(group.total, len(group.results), group.more) for group in groups] == [(40, 40, 0), (40, 10, 30)]
