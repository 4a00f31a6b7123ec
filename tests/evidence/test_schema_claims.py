"""Statements of an ontology that rest on units: they follow these, and are shown."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.cli import main
from isoc_kg.documents.index import index_document
from isoc_kg.project import load_project
from language_projects import HEAD, TOML

TEXT = "The quay\n\nIt has two cranes. One is red. One is green."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("facts", "ontology", "shapes", "queries"):
        (tmp_path / folder).mkdir()
    (tmp_path / "kg.toml").write_text(TOML.format(title="The quay", language="en"), encoding="utf-8")
    (tmp_path / "d.txt").write_text(TEXT, encoding="utf-8")
    said = "t:Crane a <http://www.w3.org/2002/07/owl#Class> {| ev:supportedBy s:2.3 |} .\n"
    (tmp_path / "ontology" / "o.ttl").write_text(HEAD + said, encoding="utf-8")
    index = tmp_path / "facts" / "units" / "d" / "1.jsonl"
    index.parent.mkdir(parents=True)
    index_document(tmp_path / "d.txt", index, slug="d", edition="1", language="en")
    return tmp_path


def run(*arguments: str) -> int:
    try:
        main(list(arguments))
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def words(project: Path) -> list[str | None]:
    dataset = build_dataset(load_project(project))
    units = [dataset.units[iri] for claim in dataset.schema.values() for _, iri, _ in claim.units()]
    return [edition.quote(unit.number) for edition, unit in units]


def test_it_follows_its_unit(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert words(project) == ["One is green."]
    assert run("document", "cut", "2.1", "--project", str(project), "--after", "It has") == 0
    assert words(project) == ["One is green."]
    assert "s:2.4" in (project / "ontology" / "o.ttl").read_text(encoding="utf-8")
    capfd.readouterr()
    assert run("evidence", "show", "2.4", "--project", str(project)) == 0
    assert "t:Crane" in capfd.readouterr().out
    assert run("document", "cut", "2.4", "--project", str(project), "--after", "One is") == 2
    assert "o.ttl" in capfd.readouterr().err


def test_a_query_is_not_rewritten(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    query = "SELECT ?s { ?s ?p <https://turm.example/kg/document/d/1#2.3> }\n"
    (project / "queries" / "q.rq").write_text(query, encoding="utf-8")
    assert run("document", "cut", "2.1", "--project", str(project), "--after", "It has") == 2
    assert "q.rq: the query names unit 2.3" in capfd.readouterr().err


def test_no_project_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (("join", "1.1"), ("cut", "1.1", "--letters", "2"), ("recut",)):
        assert run("document", *command) != 0
        assert "there is no kg.toml in this folder" in capfd.readouterr().err
