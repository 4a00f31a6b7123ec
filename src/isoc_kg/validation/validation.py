"""Which data graph is validated by which shapes graph: the one way from both to a report."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from ..errors import EngineError, Finding, ShapesError
from ..limits import Limits
from ..limits.threads import beside
from .data_graph import DataGraph
from .engines import shacl_faults
from .query_faults import query_faults, syntax_faults
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
    def can_be_lenient(self) -> bool:
        """Whether a `lenient` validation could do without the shapes that have errors."""
        return all(finding.iri for finding in self.findings if finding.severity == "error")

    @property
    def report(self) -> Report:
        """All reports as one. Raises `ShapesError` when the shapes have errors."""
        if not self.reports:
            raise ShapesError(
                "the shapes have errors; nothing was validated.",
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
            tuple(dict.fromkeys(omission for report in self.reports for omission in report.left_out)),
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

    `lenient` leaves ill-formed shapes out, where they would else stop the validation: each is named by a warning, and
    what is left out with it by `Report.left_out`;
    `advanced` has pyshacl run the rules and functions of SHACL Advanced Features.

    Raises `EngineError` when an engine fails, or runs into its limits, and `ParseError` for a file of data.
    """
    limits = limits or Limits()
    pairs = [(data, shapes.with_classes(data.metaclasses()) if shapes.has_kinds else shapes) for data, shapes in pairs]
    faults = [fault for _, shapes in pairs for fault in shapes.faults(advanced=advanced)]
    if not lenient:
        return _strict(pairs, [fault.finding for fault in faults], engine, limits, advanced=advanced)
    finders: tuple[_Finder, ...] = (shacl_faults, query_faults)
    for further in ((), (syntax_faults,)):
        finders = (*finders, *further)
        kept, findings, reasons = _well_formed(pairs, faults, limits, finders)
        if not _fit(findings):
            return Validation(tuple(findings), ())
        try:
            reports = _reports(kept, engine, limits, advanced=advanced)
            break
        except EngineError:  # it may be a query that no engine could read
            if further or not syntax_faults(_text(kept), limits):
                raise
    omissions = [shapes.omissions(left.left_out, reasons) for (_, shapes), (_, left) in zip(pairs, kept, strict=True)]
    return Validation(
        tuple(findings),
        tuple(replace(report, left_out=tuple(left)) for report, left in zip(reports, omissions, strict=True)),
    )


_Pairs = Sequence[tuple[DataGraph, ShapesGraph]]
_Finder = Callable[[bytes, Limits], list[Fault]]


def _strict(
    pairs: _Pairs, findings: list[Finding], engine: str | None, limits: Limits, *, advanced: bool
) -> Validation:
    """The validation by shapes that are all well-formed; otherwise what is wrong with them."""

    def add(faults: Iterable[Fault]) -> None:
        findings.extend(_placed(fault, pairs).finding for fault in faults)

    if _fit(findings):
        add(query_faults(_text(pairs), limits, all_engines=True))
    if not _fit(findings):
        return Validation(tuple(findings), ())
    with beside() as begin:  # each engine is a process of its own
        checked = begin(shacl_faults, _text(pairs), limits)
        try:
            reports = _reports(pairs, engine, limits, advanced=advanced)
        except EngineError:  # it may be the shapes that no engine could read
            add(checked.result())
            if _fit(findings):
                add(syntax_faults(_text(pairs), limits))
            if _fit(findings):
                raise
            return Validation(tuple(findings), ())
        add(checked.result())
    return Validation(tuple(findings), tuple(reports) if _fit(findings) else ())


def _reports(pairs: _Pairs, engine: str | None, limits: Limits, *, advanced: bool) -> list[Report]:
    texts = [b"".join(shapes.lines) for _, shapes in pairs]
    with beside() as begin:
        others = [
            begin(data.report, text, engine, limits, advanced=advanced)
            for (data, _), text in zip(pairs[1:], texts[1:], strict=True)
        ]
        return [
            pairs[0][0].report(texts[0], engine, limits, advanced=advanced),
            *(other.result() for other in others),
        ]


def _text(pairs: _Pairs) -> bytes:
    """The shapes of all pairs."""
    return b"".join(line for _, shapes in pairs for line in shapes.lines)


def _well_formed(
    pairs: _Pairs, faults: Sequence[Fault], limits: Limits, finders: Sequence[_Finder]
) -> tuple[list[tuple[DataGraph, ShapesGraph]], list[Finding], dict[AnyTerm, str]]:
    """The same without the shapes that are not well-formed, a warning for each of these, and what is wrong with it."""
    named = [fault.as_warning() if fault.of_graph else fault for fault in faults]
    kept = list(pairs)
    further: Sequence[Fault] = faults
    for find in (*finders, None):  # each reads only what is left by those before it
        kept = [(data, shapes.without(_ill_formed(further))) for data, shapes in kept]
        if find:
            further = find(_text(kept), limits)
            named += [_placed(fault, pairs) for fault in further]
    reasons: dict[AnyTerm, str] = {}
    for fault in named:
        if fault.node is not None and fault.finding.severity == "error":
            reasons.setdefault(fault.node, fault.finding.message)
    findings = [
        replace(fault.finding, severity="warning", message=f"{fault.finding.message} The shape is left out.")
        if fault.finding.severity == "error" and fault.node is not None
        else fault.finding
        for fault in named
    ]
    return kept, findings, reasons


def _placed(fault: Fault, pairs: _Pairs) -> Fault:
    for _, shapes in pairs:
        fault = shapes.placed(fault)
    return fault


def _ill_formed(faults: Sequence[Fault]) -> list[AnyTerm]:
    return [fault.node for fault in faults if fault.node is not None and fault.finding.severity == "error"]


def _fit(findings: Sequence[Finding]) -> bool:
    return all(finding.severity != "error" for finding in findings)
