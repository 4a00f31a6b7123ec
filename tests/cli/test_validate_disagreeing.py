"""`validate` and the gate agree about sources that disagree, wherever the data are."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from endpoint.answering import answering_queries
from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.query.evaluator import store_of

if TYPE_CHECKING:
    from subprocess import CompletedProcess

Run = Callable[..., "CompletedProcess[str]"]
ONE_YEAR = "MaxCountConstraintComponent"
FILES = ("light.ttl", "light.nt", "light.nq", "light.trig", "light.rdf", "light.jsonld", "light-rdf12.ttl")


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "facts" / "light.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def published(lighthouse: Path) -> Path:
    """The project, with its publication in out/."""
    settings = lighthouse / "kg.toml"
    text = settings.read_text(encoding="utf-8")
    name = next(line for line in text.splitlines() if line.startswith("name = "))
    settings.write_text(text.replace(name, 'name = "light"'), encoding="utf-8")
    build_publication(load_project(lighthouse), rdf12=True)
    return lighthouse


def test_a_conflict_is_listed(published: Path, cli: Run) -> None:
    """In every format, in the sources, behind an endpoint and in Python it is a note and no violation."""
    files = [published / "out" / name for name in FILES] + [published / "facts" / "light.ttl"]
    for file in files:
        assert file.is_file(), file
        for engine in ("shacl", "compiled") if file.suffix == ".nq" else ("shacl",):
            done = cli("validate", file, "--project", published, "--engine", engine)
            assert "sources disagree: <https://lighthouse.example/kg/id/ravens-point-light>" in done.stdout, file
            assert "litIn>: 2 values, not settled" in done.stdout
    turtle = cli("validate", files[0], "--project", published, "--format", "ttl")
    assert "note: sources disagree" in turtle.stderr
    assert "sources disagree" not in turtle.stdout
    with answering_queries(store_of(build_dataset(load_project(published)).lines)) as url:
        done = cli("validate", "--endpoint", url, "--project", published)
        assert "litIn>: 2 values, not settled" in done.stdout
    assert "litIn>: 2 values, not settled" in cli("validate", "--project", published).stdout
    report = KnowledgeGraph.load(published).validate()
    assert report.conforms
    assert any("litIn" in note for note in report.notes)


def test_a_settled_one_in_the_sources(published: Path, cli: Run) -> None:
    """Both heights stand in the facts' file, and one is preferred."""
    done = cli("validate", published / "facts" / "light.ttl", "--project", published)
    assert "height>: 2 values, settled" in done.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}', '"1873"^^xsd:gYear {| ev:supportedBy l:1.1 |}'),
        ('"1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}', '"1873"^^xsd:gYear'),
        (
            '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}',
            '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 |} , "1875"^^xsd:gYear',
        ),
    ],
)
def test_what_no_second_source_says_is_a_violation(lighthouse: Path, cli: Run, old: str, new: str) -> None:
    """Two years by one and the same sentence, or one by none, are a mistake: here, behind an endpoint, at the gate."""
    change(lighthouse, old, new)
    cli("validate", "--project", lighthouse, code=1)
    done = cli("validate", lighthouse / "facts" / "light.ttl", "--project", lighthouse, "--format", "json", code=1)
    assert any(ONE_YEAR in result["component"] for result in json.loads(done.stdout)["results"])
    with answering_queries(store_of(build_dataset(load_project(lighthouse)).lines)) as url:
        cli("validate", "--endpoint", url, "--project", lighthouse, code=1)


def test_links_between_claims_alone_excuse_nothing(lighthouse: Path, cli: Run, tmp_path: Path) -> None:
    """Data that say that two values conflict, with no evidence for either, do not conform."""
    base = "https://lighthouse.example/kg"
    thing, lit = f"<{base}/id/ravens-point-light>", f"<{base}/ontology#litIn>"
    year = '"{}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    lines = [f"{thing} a <https://lighthouse.example/kg/ontology#Lighthouse> ."]
    for number, other in ((1, 2), (2, 1)):
        value = year.format(1870 + number)
        lines.append(f"{thing} {lit} {value} .")
        lines.append(
            f"<https://e.example/c{number}> a <{rdf}Statement> ; <{rdf}subject> {thing} ; <{rdf}predicate> {lit} ; "
            f"<{rdf}object> {value} ; "
            f"<https://w3id.org/isoc-kg/evidence#conflictsWith> <https://e.example/c{other}> ."
        )
    (tmp_path / "data.ttl").write_text("\n".join(lines), encoding="utf-8")
    done = cli("validate", tmp_path / "data.ttl", "--project", lighthouse, code=1)
    assert "sources disagree" not in done.stdout
