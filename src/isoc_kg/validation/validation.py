"""Which data graph is validated by which shapes graph: the one way from both to a report."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..errors import Finding, ShapesError
from ..limits import Limits
from .data_graph import DataGraph
from .engines import check_by_shacl
from .report import Report
from .shapes_graph import ShapesGraph

__all__ = ["Validation", "validate_graphs"]


@dataclass(frozen=True, slots=True)
class Validation:
    """What is wrong with shapes, and the report of each data graph by them: none by shapes that have errors."""

    findings: tuple[Finding, ...]
    reports: tuple[Report, ...]

    @property
    def report(self) -> Report:
        """All reports as one. Raises `ShapesError` when the shapes have errors."""
        if not self.reports:
            raise ShapesError(
                "the shapes are not fit to check anything.",
                details=tuple(finding.render() for finding in self.findings),
            )
        first, *others = self.reports
        if not others:
            return first
        return Report(
            tuple(sorted({result for report in self.reports for result in report.results}, key=repr)),
            first.engine,
            tuple(sorted({iri for report in self.reports for iri in report.unmet})),
            tuple(dict.fromkeys(note for report in self.reports for note in report.notes)),
        )


def validate_graphs(
    pairs: Sequence[tuple[DataGraph, ShapesGraph]], *, engine: str | None = None, limits: Limits | None = None
) -> Validation:
    """Each data graph by its shapes graph; shapes are checked first, and with SHACL-SHACL meanwhile.

    Raises `EngineError` when an engine fails, or runs into its limits, and `ParseError` for a file of data.
    """
    limits = limits or Limits()
    findings = [finding for data, shapes in pairs for finding in shapes.findings(fast=data.engine(engine) == "shacl")]
    if _fit(findings):
        texts = [b"".join(shapes.lines) for _, shapes in pairs]
        with ThreadPoolExecutor(len(pairs)) as pool:  # each engine is a process of its own
            well_formed = pool.submit(check_by_shacl, b"".join(texts), limits)
            others = [
                pool.submit(data.report, text, engine, limits)
                for (data, _), text in zip(pairs[1:], texts[1:], strict=True)
            ]
            reports = [pairs[0][0].report(texts[0], engine, limits), *(other.result() for other in others)]
            findings += well_formed.result()
    return Validation(tuple(findings), tuple(reports) if _fit(findings) else ())


def _fit(findings: Sequence[Finding]) -> bool:
    return all(finding.severity != "error" for finding in findings)
