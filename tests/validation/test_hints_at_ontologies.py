"""Shapes that meet no node say why, where the reason is in the shapes' own file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e.example/> . "
    "@prefix s: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
SHAPES = HEAD + "ex:Thing a s:Class, sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .\n"
TREE = "ex:Part s:subClassOf ex:Middle . ex:Middle s:subClassOf ex:Thing .\n"
HINT = "--shapes FILE --ontology FILE"


@pytest.mark.parametrize("engine", ["auto", "compiled", "shacl", "pyshacl"])
def test_classes_of_the_shapes(cli: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    """A hint where they would meet nodes; the advice is right."""
    (tmp_path / "s.ttl").write_text(SHAPES + TREE)
    (tmp_path / "d.ttl").write_text(HEAD + "ex:a a ex:Part .")
    done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, cwd=tmp_path)
    assert "1 shape has no focus nodes" in done.stdout
    assert HINT in done.stdout
    done = cli(
        "validate", "d.ttl", "--shapes", "s.ttl", "--ontology", "s.ttl", "--engine", engine, cwd=tmp_path, code=1
    )
    assert HINT not in done.stdout


@pytest.mark.parametrize(
    ("tree", "data"), [("", "ex:a a ex:Part ."), (TREE, "ex:a a ex:Other ."), (TREE, "ex:a a ex:Thing .")]
)
def test_no_hint(cli: Callable[..., Any], tmp_path: Path, tree: str, data: str) -> None:
    """Where the classes of the shapes would change nothing."""
    (tmp_path / "s.ttl").write_text(SHAPES + tree)
    (tmp_path / "d.ttl").write_text(HEAD + data)
    assert HINT not in cli("validate", "d.ttl", "--shapes", "s.ttl", cwd=tmp_path, code=None).stdout


@pytest.mark.parametrize("name", ["s.jsonld", "s.ttl"])
def test_files_without_a_statement(cli: Callable[..., Any], tmp_path: Path, name: str) -> None:
    """They are named: shapes were given, and nothing is in them."""
    (tmp_path / name).write_text('{"@context": {"p": "http://e/p"}}' if name == "s.jsonld" else "# nothing")
    (tmp_path / "d.ttl").write_text(HEAD + "ex:a a ex:Part .")
    done = cli("validate", "d.ttl", "--shapes", name, cwd=tmp_path, code=3)
    assert f"no SHACL shape in {name}: there are no statements" in done.stderr
    assert ("a context alone" in done.stderr) == (name == "s.jsonld")
