"""A project's folders: which files are read, and what is said of those that are not."""

import shutil
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import ProjectError
from isoc_kg.project import load_project

from material import ROOT

HARBOUR = ROOT / "tests" / "projects" / "harbour"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The harbour, to be changed."""
    return Path(shutil.copytree(HARBOUR, tmp_path / "harbour"))


def test_extensions_in_any_case(folder: Path) -> None:
    """Facts, ontology, shapes and queries are read whatever the case of their files' extensions."""
    before = KnowledgeGraph.load(folder)
    for path in [*folder.glob("*/*.ttl"), *folder.glob("queries/*.rq")]:
        path.rename(path.with_suffix(path.suffix.upper()))
    after = KnowledgeGraph.load(folder)
    assert [path.name for path in after.project.facts_files] == ["harbour.TTL"]
    assert after.lines == before.lines
    assert after.validate().conforms
    assert [path.suffix for path in after.project.shapes_files] == [".ttl", ".TTL"]
    assert list(after.queries) == list(before.queries) != []


def test_files_with_a_part_of_their_own(folder: Path) -> None:
    """Alignments, the shapes of the ontology and a project's own evidence vocabulary are known in any case."""
    for name in ("ontology/Alignments.TTL", "ontology/EVIDENCE.ttl", "shapes/Ontology-Shapes.Ttl"):
        (folder / name).touch()
    project = load_project(folder)
    assert project.alignments_file == project.root / "ontology" / "Alignments.TTL"
    assert project.ontology_shapes_file == project.root / "shapes" / "Ontology-Shapes.Ttl"
    assert [path.name for path in project.ontology_files] == ["EVIDENCE.ttl", "harbour.ttl"]
    assert [path.name for path in project.shapes_files] == ["evidence-shapes.ttl", "harbour-shapes.ttl"]


@pytest.mark.parametrize("name", ["more.nt", "more.trig", "more.ttl.bak", "table.csv", "more", "people/more.ttl"])
def test_facts_that_would_not_be_read(folder: Path, name: str) -> None:
    """A file that looks like facts, and is not read as such, stops with its name and what to do."""
    path = folder / "facts" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with pytest.raises(ProjectError, match="Turtle files") as error:
        KnowledgeGraph.load(folder)
    assert str(folder / "facts" / name.partition("/")[0]) in str(error.value)
    assert "move it out of the folder" in str(error.value)


@pytest.mark.parametrize(
    "name", ["README", "README.txt", "notes.md", ".gitignore", "harbour.ttl~", "units/guide/a.txt"]
)
def test_files_beside_facts(folder: Path, name: str) -> None:
    """What nobody takes for facts may lie beside them."""
    (folder / "facts" / name).touch()
    assert [path.name for path in load_project(folder).facts_files] == ["harbour.ttl"]
