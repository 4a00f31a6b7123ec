"""Pages show where sources disagree: side by side, at the statement, in the reading view."""

from pathlib import Path

import pytest

from disagreeing_documents import write_documents
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project
from isoc_kg.query.evaluator import StoreEvaluator, store_of
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.neighbourhood import resource_index
from isoc_kg.site import publish_project


def content(folder: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def page(folder: Path, name: str) -> str:
    """A page's text."""
    return (folder / name).read_text(encoding="utf-8")


def test_side_by_side(lighthouse: Path, tmp_path: Path) -> None:
    """Both sentences, who was preferred and why; what was only taken back is no conflict; each page leads there."""
    publish_project(load_project(lighthouse), tmp_path / "site")
    conflicts = page(tmp_path / "site", "conflicts.html")
    assert "Conflicts: 3; not settled: 2." in conflicts
    for words in (
        "was lit in 1871", "wurde 1873 entzündet", "31 metres", "33 Meter", "The logbook was kept on the tower.",
        "has a foghorn", "Ein Nebelhorn hat der Leuchtturm nicht.", "Another value is preferred",
    ):  # fmt: skip
        assert words in conflicts
    assert "paraffin" not in conflicts
    thing = page(tmp_path / "site", "id/ravens-point-light.html")
    assert thing.count(">sources disagree<") == 3
    for words in ("No longer stated", "The line is about the lamp of the boat.", "Another source says", "Contradicted"):
        assert words in thing
    assert "Units that support it: 2; documents: 2" in thing
    assert 'href="../conflicts.html"' in thing
    reading = page(tmp_path / "site", "document/chronicle/1.html")
    assert "Contradicts" in reading
    assert "No statement rests on this passage" not in reading
    assert "Küstenverein" in reading
    assert "Edda Holm" in page(tmp_path / "site", "document/logbook/1.html")


@pytest.mark.parametrize("documents", [2, 40])
def test_one_and_many(tmp_path: Path, documents: int) -> None:
    """Every conflict that was planted stands there once, the open ones first, each with all its sides."""
    planted = write_documents(tmp_path / "project", documents, seed=7)
    publish_project(load_project(tmp_path / "project"), tmp_path / "site")
    open_ = len(planted.bodies["conflict"] | planted.bodies["denial"])
    settled = len(planted.bodies["settled"])
    assert open_ + settled > 0
    conflicts = page(tmp_path / "site", "conflicts.html")
    assert f"Conflicts: {open_ + settled}; not settled: {open_}." in conflicts
    assert conflicts.count('<section class="conflict">') == open_ + settled
    assert conflicts.count('<div class="side">') == 2 * (open_ + settled)
    states = [part.partition("<")[0] for part in conflicts.split('<p class="hint">')[1:]]
    assert states == ["not settled"] * open_ + ["settled"] * settled
    assert 'href="conflicts.html"' in page(tmp_path / "site", "report.html")


def test_what_was_only_retracted(lighthouse: Path, tmp_path: Path) -> None:
    """Where nothing conflicts, and something was taken back, the page says that there is no conflict."""
    path = lighthouse / "facts" / "light.ttl"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        (',\n        "1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}', ""),
        (",\n        33 {| ev:supportedBy c:1.2 |}", ""),
        (" ; ev:contradictedBy c:2.1", ""),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    publish_project(load_project(lighthouse), tmp_path / "site")
    conflicts = page(tmp_path / "site", "conflicts.html")
    assert "No conflicts. " in conflicts
    assert "not settled" not in conflicts
    assert '<section class="conflict">' not in conflicts


def test_agreement(harbour: Path, tmp_path: Path) -> None:
    """Where sources agree there is no such page, and no link to one."""
    publish_project(load_project(harbour), tmp_path / "site")
    assert not (tmp_path / "site" / "conflicts.html").exists()
    assert "conflicts.html" not in page(tmp_path / "site", "index.html")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{| ev:supportedBy c:1.1 |} ;\n    # a", '{| ev:supportedBy c:1.1 ; ev:preferred "ours"@en |} ;\n    # a'),
        ("ev:contradictedBy c:2.1", 'ev:contradictedBy c:2.1 ; ev:retracted "gone"@en'),
        ("The logbook was kept", "The log was kept"),
        (" ; ev:contradictedBy c:2.1", ""),
        ("ev:confidence 0.6", "ev:confidence 0.7"),
    ],
)
def test_a_site_brought_up_to_date(lighthouse: Path, tmp_path: Path, old: str, new: str) -> None:
    """After a decision every page is what it would be in a site made anew."""
    publish_project(load_project(lighthouse), tmp_path / "site")
    path = lighthouse / "facts" / "light.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    project = load_project(lighthouse)
    publish_project(project, tmp_path / "site")
    publish_project(project, tmp_path / "anew")
    assert content(tmp_path / "site") == content(tmp_path / "anew")


def test_pages_that_are_asked_for(lighthouse: Path) -> None:
    """A store is asked for the same: withdrawn claims, rivals, denials, what is said of claims."""
    project = load_project(lighthouse)
    lines = build_dataset(project).lines
    whole = Index(project, lines)
    end = f" <{project.ids.graph('ontology')}> .\n".encode()
    ontology = Index(project, [line for line in whole.lines if line.endswith(end)])
    source = StoreEvaluator(store_of(lines))
    for name in ("id/ravens-point-light", "id/foghorn", "document/chronicle/1"):
        token = f"<{project.base}{name}>".encode()
        index = resource_index(source, project, token, ontology)
        assert index is not None
        if name.startswith("id/"):
            assert index.resource(token) == whole.resource(token)
        else:
            assert index.contradicted == whole.contradicted
