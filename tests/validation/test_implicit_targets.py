"""Shapes that are classes: instances of a class below `rdfs:Class`, wherever that is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
SHAPE = "e:C a {kind} , sh:NodeShape ; sh:property [ sh:path e:n ; sh:minCount 1 ] .\n"
ONE = "owl:Class rdfs:subClassOf rdfs:Class .\n"
TWO = "e:Kind rdfs:subClassOf e:Meta . e:Meta rdfs:subClassOf rdfs:Class .\n"


@pytest.mark.parametrize("engine", ["auto", "shacl", "compiled", "pyshacl"])
@pytest.mark.parametrize("place", ["shapes", "data", "ontology"])
@pytest.mark.parametrize(("kind", "classes"), [("owl:Class", ONE), ("e:Kind", TWO)])
def test_a_class_below_rdfs_class(
    kind: str, classes: str, place: str, engine: str, cli: Callable[..., object], tmp_path: Path
) -> None:
    """The instances are focus nodes, and nothing warns that they are none."""
    texts = {"shapes": SHAPE.format(kind=kind), "data": "e:x a e:C .\n", "ontology": "e:D rdfs:subClassOf e:E .\n"}
    texts[place] += classes
    for name, text in texts.items():
        (tmp_path / f"{name}.ttl").write_text(HEAD + text, encoding="utf-8")
    files = [tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl", "--ontology", tmp_path / "ontology.ttl"]
    done = cli("validate", *files, "--engine", engine, code=1)
    assert "1 violation" in done.stdout  # type: ignore[attr-defined]
    assert "no focus nodes" not in done.stderr  # type: ignore[attr-defined]


def test_no_class_at_all(cli: Callable[..., object], tmp_path: Path) -> None:
    """A shape that nothing makes a class is refused, as it would check nothing."""
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(HEAD + SHAPE.format(kind="e:Kind"), encoding="utf-8")
    data.write_text(HEAD + "e:x a e:C .\n", encoding="utf-8")
    done = cli("validate", data, "--shapes", shapes, code=3)
    assert "no shape with a target" in done.stderr  # type: ignore[attr-defined]


def test_the_base_is_that_of_shapes_too(cli: Callable[..., object], tmp_path: Path) -> None:
    """Relative IRIs of shapes and data are relative to the same base."""
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(HEAD + "<s> a sh:NodeShape ; sh:targetNode <x> ; sh:class <C> .\n", encoding="utf-8")
    data.write_text("<x> a <D> .\n", encoding="utf-8")
    done = cli("validate", data, "--shapes", shapes, "--base", "http://b/", code=1)
    assert "<http://b/x>" in done.stdout  # type: ignore[attr-defined]
    assert "relative IRIs" not in done.stderr  # type: ignore[attr-defined]
