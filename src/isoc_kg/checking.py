"""Validating a project's data, or anybody's files, with shapes that are checked first."""

import mmap
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from . import serialization
from .dataset import build_dataset
from .errors import EngineError, Finding
from .formats import NTRIPLES, format_from_path
from .project import Project
from .validation import Report, check_by_shacl, check_shapes, default_engine, validate

__all__ = ["Checked", "check_files"]

Locate = Callable[[str], tuple[Path, int] | None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, what was wrong with the shapes and with the facts themselves, and where a node is written."""

    report: Report
    shapes: tuple[Finding, ...]
    facts: tuple[Finding, ...]
    locate: Locate

    @property
    def fit(self) -> bool:
        """Whether the shapes were fit to check anything."""
        return all(finding.severity != "error" for finding in self.shapes)

    @property
    def conforms(self) -> bool:
        """Whether neither the report nor the facts hold an error."""
        return self.report.conforms and all(finding.severity != "error" for finding in self.facts)


def check_files(project: Project, files: Sequence[Path], shapes: Sequence[Path], engine: str | None = None) -> Checked:
    """Validate files, or the publication when there are none; nothing is validated by shapes that are not fit."""
    used = list(shapes) or project.shapes_files
    limits = project.limits
    quads = [(quad, path, line) for path in used for quad, line in serialization.read_located(path, limits=limits)]
    findings = check_shapes(quads, fast=(engine or default_engine()) != "pyshacl")
    shapes_lines = b"".join(
        line for path in used for line in serialization.triples(serialization.read_lines(path, limits=limits))
    )
    unfit = Checked(Report((), engine or ""), tuple(findings), (), lambda _: None)
    if not unfit.fit:
        return unfit
    ontology = b"".join(
        line for path in project.ontology_files for line in serialization.read_lines(path, limits=limits)
    )
    dataset = None if files else build_dataset(project)
    if dataset is None:
        # N-Triples go to the engine as they are: its own parser reads them, in a process that may fail.
        data = [_ntriples(path, project) for path in files]
    else:
        data = [b"".join(serialization.merge(dataset.published, dataset.graph("alignments")))]
    with ThreadPoolExecutor(1) as pool:
        # SHACL-SHACL sees what our own check does not, beside the validation that it judges.
        well_formed = pool.submit(check_by_shacl, shapes_lines, limits)
        try:
            report = validate([*data, ontology], shapes_lines, engine=engine, limits=limits)
        except EngineError:
            for part in data:
                if isinstance(part, Path):  # if it is the file, our parser says where
                    deque(serialization.read_quads(part, limits=limits), maxlen=0)
            raise
        findings += well_formed.result()
    if any(finding.severity == "error" for finding in findings):
        return replace(unfit, shapes=tuple(findings))
    if dataset is not None:
        return Checked(report, tuple(findings), tuple(dataset.findings), dataset.places.get)
    wanted = {result.focus_node.strip("<>") for result in report.results}
    return Checked(report, tuple(findings), (), (_locate(files, wanted) if wanted else {}).get)


def _ntriples(path: Path, project: Project) -> bytes | Path:
    if format_from_path(path) is NTRIPLES and path.is_file() and path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[-1:] == b"\n" and data.find(b"<<") < 0:
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
