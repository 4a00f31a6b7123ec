"""Validating a project's data, or anybody's files, with shapes that are checked first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from . import serialization
from .dataset import build_dataset
from .formats import NTRIPLES, format_from_path
from .project import Project
from .validation import Report, check_shapes, validate

__all__ = ["check_files"]

Locate = Callable[[str], tuple[Path, int] | None]


def check_files(
    project: Project, files: Sequence[Path], shapes: Sequence[Path], engine: str | None = None
) -> tuple[Report, Locate]:
    """The report on files (the publication when there are none), and where a focus node is written.

    What is wrong with the shapes stands in the report's findings; when that is an error, nothing was validated.
    """
    used = list(shapes) or project.shapes_files
    limits = project.limits
    quads = [(quad, path, line) for path in used for quad, line in serialization.read_located(path, limits=limits)]
    findings = tuple(check_shapes(quads, fast=engine != "pyshacl"))
    if any(finding.severity == "error" for finding in findings):
        return Report((), engine or "", findings=findings), lambda _: None
    shapes_lines = b"".join(
        line for path in used for line in serialization.triples(serialization.read_lines(path, limits=limits))
    )
    ontology = b"".join(
        line for path in project.ontology_files for line in serialization.read_lines(path, limits=limits)
    )
    if files:
        # N-Triples go to the engine as they are: its own parser reads them, in a process that may fail.
        data = [_ntriples(path, project) for path in files]
        report = validate([*data, ontology], shapes_lines, engine=engine, limits=limits)
        wanted = {result.focus_node.strip("<>") for result in report.results}
        places = _locate(files, wanted) if wanted else {}
    else:
        dataset = build_dataset(project)
        merged = serialization.merge(dataset.published, dataset.graph("alignments"))
        report = validate([b"".join(merged), ontology], shapes_lines, engine=engine, limits=limits)
        findings += tuple(dataset.findings)
        places = dataset.places
    return replace(report, findings=findings), places.get


def _ntriples(path: Path, project: Project) -> bytes | Path:
    if format_from_path(path) is NTRIPLES:
        data = path.read_bytes() if path.is_file() else b""
        if data.endswith(b"\n") and b"<<" not in data:
            return path
    return b"".join(serialization.triples(serialization.read_lines(path, limits=project.limits)))


def _locate(files: Sequence[Path], wanted: set[str]) -> dict[str, tuple[Path, int]]:
    """Where the nodes wanted first stand as subjects: a second pass, made only for the results."""
    found: dict[str, tuple[Path, int]] = {}
    for path in files:
        for quad, line in serialization.read_located(path):
            name = str(quad.subject).strip("<>")
            if name in wanted and name not in found:
                found[name] = (path, line)
                if len(found) == len(wanted):
                    return found
    return found
