"""The gate: what it reads, how often, and that every command before it gets one answer."""

import io
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.schema_claims import own_schema_files
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.gate import check_dataset
from isoc_kg.publication.publication import Publication
from isoc_kg.site import publish_project
from isoc_kg.validation import ShapesGraph

Run = Callable[..., subprocess.CompletedProcess[str]]
STYLE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix shapes: <https://harbour.example/kg/shapes#> .
shapes:ClassStyle a sh:NodeShape ; sh:targetClass owl:Class ; sh:property shapes:ClassStyle-label .
shapes:ClassStyle-label sh:path rdfs:label ; sh:minCount 1 ; sh:message "Name the class." .
"""


@pytest.fixture
def styled(harbour: Path) -> Path:
    """The second project, with shapes for its ontology and a JSON-LD context."""
    (harbour / "shapes" / "ontology-shapes.ttl").write_text(STYLE, encoding="utf-8")
    context = {"@context": {"@version": 1.1, "label": "http://www.w3.org/2000/01/rdf-schema#label"}}
    (harbour / "ontology" / "context.jsonld").write_text(json.dumps(context), encoding="utf-8")
    return harbour


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file is opened."""
    counts: Counter[str] = Counter()

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, *args: Any, **more: Any) -> Any:
            counts[str(file)] += 1
            return real(file, *args, **more)

        return opened

    monkeypatch.setattr(io, "open", counted(io.open))
    monkeypatch.setattr(os, "open", counted(os.open))
    return counts


@pytest.mark.parametrize("command", ["build", "publish"])
def test_shapes_and_context_are_read_once(
    styled: Path, tmp_path: Path, reads: Counter[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gate, data files and pages share what was read; what the project's own rest on is read with its lines, apart."""
    monkeypatch.setattr("isoc_kg.publication.files.may_fork", lambda: False)  # what a child reads is not counted
    project = load_project(styled)
    own = own_schema_files(project)
    reads.clear()
    if command == "build":
        build_publication(project, tmp_path / "out")
    else:
        publish_project(project, tmp_path / "site")
    assert project.ontology_shapes_file
    assert project.context_file
    for path in (*project.shapes_files, project.ontology_shapes_file, project.context_file):
        assert reads[str(path)] == (2 if path in own else 1), path


def test_the_description_is_not_read_again(styled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dataset.ttl` and its other formats are written from the same triples."""
    publication = Publication.of_project(load_project(styled))
    parsed = []
    real = ox.parse

    def counted(*args: Any, **more: Any) -> Any:
        parsed.append(more.get("format"))
        return real(*args, **more)

    monkeypatch.setattr(ox, "parse", counted)
    data = publication.data
    assert ox.RdfFormat.TURTLE not in parsed
    turtle, triples = (
        {str(quad) for quad in real(data[f"dataset.{name}"], format=format_)}
        for name, format_ in (("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES))
    )
    assert turtle == triples


def test_every_command_shows_what_does_not_conform(styled: Path, tmp_path: Path, cli: Run) -> None:
    """Build, publish, serve: one text, with file and line; nothing is written."""
    facts = styled / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace("harbour:usedFor", "schema:knows"), encoding="utf-8")
    project = ("--project", styled)
    texts = {
        cli("build", *project, "-o", tmp_path / "out", code=1).stderr,
        cli("publish", *project, "-o", tmp_path / "site", code=1).stderr,
        cli("serve", *project, "--port", "0", code=1).stderr,
    }
    assert len(texts) == 1
    (text,) = texts
    assert "Say what the harbour is used for." in text
    assert "harbour.ttl:" in text
    assert text.endswith("error: the publication does not conform; nothing was written.\n")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("part", ["data", "ontology"])
def test_validate_asks_what_the_gate_asks(styled: Path, tmp_path: Path, cli: Run, part: str) -> None:
    """The publication is validated before it is built as it is then: data by their shapes, ontology by its own."""
    file, old, new = {
        "data": (styled / "facts" / "harbour.ttl", "harbour:usedFor", "schema:knows"),
        "ontology": (styled / "ontology" / "harbour.ttl", '    rdfs:label "use"@en ;\n', ""),
    }[part]
    cli("validate", "--project", styled)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    project = load_project(styled)
    gate = check_dataset(build_dataset(project), ShapesGraph.of_project(project))
    assert not gate.passed
    assert gate.data.conforms == (part == "ontology")
    done = cli("validate", "--project", styled, "--format", "json", code=1)
    results = [(item["focus_node"], item["message"]) for item in json.loads(done.stdout)["results"]]
    assert results == [(r.focus_node, r.message) for r in gate.validation.report.results]
    built = cli("build", "--project", styled, "-o", tmp_path / "out", code=1)
    assert all(message in built.stderr for _, message in results)


def test_errors_of_shapes_and_facts_are_shown_together(styled: Path, tmp_path: Path, cli: Run) -> None:
    """Shapes with errors stop a build, and hide nothing that is wrong with the facts."""
    shapes = styled / "shapes" / "harbour-shapes.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8").replace("sh:minCount 1", "sh:minCount 1.5"), encoding="utf-8")
    facts = styled / "facts" / "harbour.ttl"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(
        text + "\n<https://harbour.example/kg/id/No_Name> a <https://schema.org/Place> .\n", encoding="utf-8"
    )
    done = cli("build", "--project", styled, "-o", tmp_path / "out", code=1)
    assert "needs a whole number" in done.stderr
    assert "No_Name" in done.stderr
