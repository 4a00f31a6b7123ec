"""Running shapes on fixtures: in this process, since both are ours."""

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from isoc_kg import rdf
from isoc_kg.validation import worker

SHAPES = Path(__file__).parent.parent.parent / "shapes"
FIXTURES = Path(__file__).parent / "fixtures"
PREFIX = "https://w3id.org/isoc-kg/shapes#"
Row = tuple[str, str | None, str | None, str, str]


def shape_files() -> list[Path]:
    return sorted(SHAPES.glob("*.ttl"))


def file_of(shape: str) -> Path:
    """The shapes file that a shape stands in."""
    return next(
        path for path in shape_files() if re.search(rf"^shapes:{shape} a sh:NodeShape", path.read_text(), re.MULTILINE)
    )


def node_shapes() -> list[str]:
    """The names of all shapes with targets."""
    found = []
    for path in shape_files():
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value.startswith("http://www.w3.org/ns/shacl#target"):
                found.append(quad.subject.value.removeprefix(PREFIX))
    return sorted(set(found))


def lines_of(shape: str, lines: Iterable[bytes]) -> bytes:
    """The triples of one node shape: its own, and those of the parts that are named after it."""
    mark = re.compile(rf"<{re.escape(PREFIX)}{shape}[->]".encode())
    return b"".join(line for line in lines if mark.match(line))


def report(shapes: Path, data: Path, engine: str) -> list[Row]:
    """The results as focus node, path, value, component, severity."""
    rows = [
        (item["focus_node"], item["path"], item["value"], item["component"], item["severity"])
        for item in worker.validate_by(engine, str(shapes), str(data))["results"]
    ]
    return sorted(rows, key=repr)


def write_inputs(shape: str, folder: Path) -> tuple[Path, Path]:
    """The shape alone, and its fixture, as N-Triples files."""
    shapes, data = folder / f"{shape}.shapes.nt", folder / f"{shape}.data.nt"
    shapes.write_bytes(lines_of(shape, rdf.read_lines(file_of(shape))))
    data.write_bytes(b"".join(rdf.read_lines(FIXTURES / f"{shape}.ttl")))
    return shapes, data
