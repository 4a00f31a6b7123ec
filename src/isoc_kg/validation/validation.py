"""Which data graph is validated by which shapes graph: the one way from both to a report."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ..errors import EngineError, Finding, ShapesError
from ..limits import Limits
from .data_graph import DataGraph
from .engines import shacl_faults
from .query_faults import query_faults
from .report import Report
from .shapes import Fault
from .shapes_graph import ShapesGraph
from .terms import AnyTerm

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
            {node: way for report in self.reports for node, way in report.ways.items()},
        )


def validate_graphs(
    pairs: Sequence[tuple[DataGraph, ShapesGraph]],
    *,
    engine: str | None = None,
    limits: Limits | None = None,
    lenient: bool = False,
    advanced: bool = False,
) -> Validation:
    """Each data graph by its shapes graph; shapes are checked first, and with SHACL-SHACL meanwhile.

    `lenient` leaves ill-formed shapes out, each named by a warning, where they would else stop the validation;
    `advanced` has pyshacl run the rules and functions of SHACL Advanced Features.

    Raises `EngineError` when an engine fails, or runs into its limits, and `ParseError` for a file of data.
    """
    limits = limits or Limits()
    pairs = [(data, shapes.with_classes(data.metaclasses()) if shapes.has_kinds else shapes) for data, shapes in pairs]
    faults = [fault for _, shapes in pairs for fault in shapes.faults(advanced=advanced)]
    if lenient:
        pairs, findings = _well_formed(pairs, faults, limits)
    else:
        findings = [fault.finding for fault in faults]
    if _fit(findings):
        texts = [b"".join(shapes.lines) for _, shapes in pairs]
        with ThreadPoolExecutor(len(pairs)) as pool:  # each engine is a process of its own
            checked = [] if lenient else [pool.submit(shacl_faults, b"".join(texts), limits)]
            others = [
                pool.submit(data.report, text, engine, limits, advanced=advanced)
                for (data, _), text in zip(pairs[1:], texts[1:], strict=True)
            ]
            try:
                first = pairs[0][0].report(texts[0], engine, limits, advanced=advanced)
                reports = [first, *(other.result() for other in others)]
            except EngineError:  # it may be the shapes that no engine could read
                findings += [_placed(fault, pairs).finding for check in checked for fault in check.result()]
                if _fit(findings):
                    raise
                return Validation(tuple(findings), ())
            findings += [_placed(fault, pairs).finding for check in checked for fault in check.result()]
    return Validation(tuple(findings), tuple(reports) if _fit(findings) else ())


def _well_formed(
    pairs: Sequence[tuple[DataGraph, ShapesGraph]], faults: Sequence[Fault], limits: Limits
) -> tuple[list[tuple[DataGraph, ShapesGraph]], list[Finding]]:
    """The same without the shapes that are not well-formed, and a warning for each of these."""
    named = list(faults)
    kept = list(pairs)
    further: Sequence[Fault] = faults
    for find in (shacl_faults, query_faults, None):  # each reads only what is left by those before it
        kept = [(data, shapes.without(_ill_formed(further))) for data, shapes in kept]
        if find:
            further = find(b"".join(line for _, shapes in kept for line in shapes.lines), limits)
            named += [_placed(fault, pairs) for fault in further]
    return kept, [
        replace(fault.finding, severity="warning", message=f"{fault.finding.message} The shape is left out.")
        if fault.finding.severity == "error" and fault.node is not None
        else fault.finding
        for fault in named
    ]


def _placed(fault: Fault, pairs: Sequence[tuple[DataGraph, ShapesGraph]]) -> Fault:
    for _, shapes in pairs:
        fault = shapes.placed(fault)
    return fault


def _ill_formed(faults: Sequence[Fault]) -> list[AnyTerm]:
    return [fault.node for fault in faults if fault.node is not None and fault.finding.severity == "error"]


def _fit(findings: Sequence[Finding]) -> bool:
    return all(finding.severity != "error" for finding in findings)
