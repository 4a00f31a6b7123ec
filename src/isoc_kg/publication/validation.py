"""Validating a project's data, or anybody's files, with shapes that are checked first."""

import mmap
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .. import rdf
from ..authoring.dataset import build_dataset
from ..errors import EngineError, Finding
from ..formats import NTRIPLES, format_from_path
from ..graph.knowledge_graph import KnowledgeGraph
from ..project import Project
from ..validation import Report, check_by_shacl, check_shapes, default_engine, validate

__all__ = ["Checked", "check_files", "check_store"]

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
    asked = _Shapes(project, shapes, fast=(engine or default_engine()) == "shacl")
    if not asked.fit:
        return asked.unfit(engine)
    dataset = None if files else build_dataset(project)
    if dataset is None:
        # N-Triples go to the engine as they are: its own parser reads them, in a process that may fail.
        data = [_ntriples(path, project) for path in files]
    else:
        data = [b"".join(rdf.merge(dataset.published, dataset.graph("alignments")))]

    def report() -> Report:
        try:
            return validate([*data, asked.ontology], asked.lines, engine=engine, limits=project.limits)
        except EngineError:
            for part in data:
                if isinstance(part, Path):  # if it is the file, our parser says where
                    deque(rdf.read_quads(part, limits=project.limits), maxlen=0)
            raise

    found = asked.judge(report)
    if not asked.fit:
        return asked.unfit(engine)
    if dataset is not None:
        return Checked(found, tuple(asked.findings), tuple(dataset.findings), dataset.places.get)
    wanted = {result.focus_node.strip("<>") for result in found.results}
    return Checked(found, tuple(asked.findings), (), (_locate(files, wanted) if wanted else {}).get)


def check_store(graph: KnowledgeGraph, shapes: Sequence[Path], engine: str | None = None) -> Checked:
    """Validate what a store holds, where it is; by an engine other than `compiled` after reading it as a whole."""
    project = graph.project
    asked = _Shapes(project, shapes, fast=engine == "shacl")
    if not asked.fit:
        return asked.unfit(engine)

    def report() -> Report:
        if engine in (None, "compiled"):
            return graph.validate_by(asked.lines, asked.ontology)
        data = b"".join(rdf.triples(graph.lines))
        return validate([data, asked.ontology], asked.lines, engine=engine, limits=project.limits)

    found = asked.judge(report)
    return Checked(found, tuple(asked.findings), (), lambda _: None) if asked.fit else asked.unfit(engine)


class _Shapes:
    """Shapes to check by, and what is wrong with them."""

    def __init__(self, project: Project, shapes: Sequence[Path], *, fast: bool) -> None:
        used = list(shapes) or project.shapes_files
        self._limits = limits = project.limits
        quads = [(quad, path, line) for path in used for quad, line in rdf.read_located(path, limits=limits)]
        self.findings = list(check_shapes(quads, fast=fast))
        self.lines = b"".join(line for path in used for line in rdf.triples(rdf.read_lines(path, limits=limits)))
        self.ontology = b"".join(
            line for path in project.ontology_files for line in rdf.read_lines(path, limits=limits)
        )

    @property
    def fit(self) -> bool:
        """Whether they are fit to check anything."""
        return all(finding.severity != "error" for finding in self.findings)

    def judge(self, report: Callable[[], Report]) -> Report:
        """A report, made while SHACL-SHACL sees what our own check does not."""
        with ThreadPoolExecutor(1) as pool:
            well_formed = pool.submit(check_by_shacl, self.lines, self._limits)
            found = report()
            self.findings += well_formed.result()
        return found

    def unfit(self, engine: str | None) -> Checked:
        """What is said when they are not fit."""
        return Checked(Report((), engine or ""), tuple(self.findings), (), lambda _: None)


def _ntriples(path: Path, project: Project) -> bytes | Path:
    if format_from_path(path) is NTRIPLES and path.is_file() and path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[-1:] == b"\n" and data.find(b"<<") < 0:
                return path
    return b"".join(rdf.triples(rdf.read_lines(path, limits=project.limits)))


def _locate(files: Sequence[Path], wanted: set[str]) -> dict[str, tuple[Path, int]]:
    """Where the nodes wanted first stand as subjects: a second pass, made only for the results."""
    found: dict[str, tuple[Path, int]] = {}
    for path in files:
        for quad, line in rdf.read_located(path):
            name = str(quad.subject).strip("<>")
            if name in wanted and name not in found:
                found[name] = (path, line)
                if len(found) == len(wanted):
                    return found
    return found
