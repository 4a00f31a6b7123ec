"""Every shape has a fixture in which each constraint is broken once; all engines report just that."""

import json
import sys
from pathlib import Path

import pytest

from material import ROOT

sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests")]
import reports

import mutate_shapes

SHAPES = reports.node_shapes()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_fixture(shape: str, engine: str, tmp_path: Path) -> None:
    """An engine reports what stands beside the fixture: focus node, path, value, component and severity."""
    expected = json.loads((reports.FIXTURES / f"{shape}.expected.json").read_text(encoding="utf-8"))
    wanted = [tuple(row[key] for key in ("focusNode", "path", "value", "component", "severity")) for row in expected]
    assert reports.report(*reports.write_inputs(shape, tmp_path), engine) == wanted
    assert wanted


def test_every_shape_has_its_fixture() -> None:
    """There is a fixture for each shape and none for a shape that is gone."""
    assert sorted(path.stem for path in reports.FIXTURES.glob("*.ttl")) == SHAPES


def test_no_constraint_can_be_weakened_unnoticed() -> None:
    """Each of the mutants of the shapes changes the report on some fixture."""
    left, number = mutate_shapes.survivors()
    assert left == []
    assert number > 800


def test_shapes_have_no_blank_nodes() -> None:
    """Every shape, property shape and list cell has an IRI."""
    from isoc_kg.rdf import read_lines

    assert not [line for path in reports.shape_files() for line in read_lines(path) if b"_:" in line]
