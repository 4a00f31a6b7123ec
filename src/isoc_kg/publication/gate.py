"""The gate between data and their publication: findings on facts and shapes, and what validation reports."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from .. import rdf
from ..authoring.dataset import Dataset
from ..authoring.upgrade import names_old_terms
from ..errors import ChecksFailed, Finding
from ..evidence.audit_record import load_record
from ..evidence.check import EvidenceCheck, check_evidence
from ..evidence.conflicts import without_conflicts
from ..limits import Limits
from ..namespaces import SH
from ..validation import DataGraph, Locate, Report, ShapesGraph, Validation, validate_graphs
from .decisions import outlived_decisions

__all__ = ["Gate", "NotConforming", "check_data", "check_dataset"]

#: Constraints on what a value is, which the ontology's declarations ask for as well.
_OF_VALUES = frozenset(f"{name}ConstraintComponent" for name in ("Class", "Datatype", "NodeKind"))


@dataclass(frozen=True, slots=True)
class Gate:
    """What is wrong with facts and evidence, and the validation of the data and, apart, of the ontology."""

    facts: tuple[Finding, ...]
    validation: Validation
    locate: Locate
    evidence: EvidenceCheck

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with facts, with evidence and with shapes."""
        return (*self.facts, *self.evidence.errors, *self.evidence.warnings, *self.validation.findings)

    @property
    def data(self) -> Report:
        """The report on the data; an empty one when the shapes have errors."""
        return self.validation.reports[0] if self.validation.reports else Report((), "")

    @property
    def passed(self) -> bool:
        """Whether nothing but warnings was found."""
        errors = any(finding.severity == "error" for finding in self.findings)
        return not errors and all(report.conforms for report in self.validation.reports)

    def passes(self, *, strict: bool) -> bool:
        """Whether nothing was found that stops a publication: errors, and, with `strict`, warnings."""
        return self.passed and not (strict and (self.findings or any(report.results for report in self.reports)))

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports of data and ontology."""
        return self.validation.reports

    def warnings(self) -> list[str]:
        """What was found of a publication that passes, as texts, each with its place."""
        reports = [report.to_text(self.locate) for report in self.reports if report.results]
        return [*(finding.render() for finding in self.findings), *reports]


class NotConforming(ChecksFailed):
    """The gate did not open; nothing was written."""

    def __init__(self, gate: Gate) -> None:
        warned = ": warnings count as errors (--strict)" if gate.passed else ""
        super().__init__(f"the publication does not conform{warned}; nothing was written.", details=gate.warnings())
        self.gate = gate


def check_dataset(
    dataset: Dataset,
    shapes: ShapesGraph,
    engine: str | None = None,
    documents: Sequence[Path] = (),
    *,
    verify: bool = False,
) -> Gate:
    """Validate a dataset with shapes, its ontology with those for the ontology, its evidence with the texts at hand."""
    data = b"".join(rdf.merge(dataset.published, dataset.graph("ontology"), dataset.graph("alignments")))
    pairs = [(DataGraph(data), shapes)]
    if shapes.for_ontology:
        pairs.append((DataGraph(b"".join(dataset.graph("ontology"))), shapes.for_ontology))
    with ThreadPoolExecutor(1) as pool:  # the engines are processes of their own
        validation = pool.submit(validate_graphs, pairs, engine=engine, limits=dataset.project.limits)
        evidence = check_evidence(dataset, shapes, documents, verify=verify)
        result = without_conflicts(validation.result(), pairs[0][0].about, dataset.graph("ontology"), shapes)
        record = load_record(dataset.project)
        stale = [finding] if record and (finding := record.stale(dataset)) else []
        stale += outlived_decisions(dataset)
        if names_old_terms(b"".join(shapes.all_lines)):
            stale.append(
                Finding(
                    "shapes name terms of evidence as version 1 did: they would have no focus nodes.",
                    file=dataset.project.folder("shapes"),
                    advice=f"Rewrite the project once: isoc-kg upgrade {dataset.project.root}",
                )
            )
        evidence = replace(evidence, errors=_without_reported(evidence.errors, result))
        # shapes that every project shares are none of which a curator could do something
        own = (replace(one, unmet=tuple(n for n in one.unmet if n not in shapes.shared)) for one in result.reports)
        result = replace(result, reports=tuple(own))
        return Gate(_besides([*dataset.findings, *stale], result), result, dataset.locate, evidence)


def check_data(data: DataGraph, shapes: ShapesGraph, engine: str | None, limits: Limits) -> Gate:
    """Validate anybody's data graph with shapes; what its claims disagree about is no violation, as in a project."""
    validation = validate_graphs([(data, shapes)], engine=engine, limits=limits)
    validation = without_conflicts(validation, data.about, data.declarations, shapes)
    return Gate((), validation, data.locate(validation.reports), EvidenceCheck())


def _besides(findings: Sequence[Finding], validation: Validation) -> tuple[Finding, ...]:
    """The findings on facts without those on statements whose value a shape reports, so that each is told once."""
    reported = {
        (result.focus_node, result.path, result.value)
        for report in validation.reports
        for result in report.results
        if result.value and result.component.removeprefix(SH.iri) in _OF_VALUES
    }
    return tuple(finding for finding in findings if finding.statement not in reported or not finding.statement)


def _without_reported(errors: Sequence[Finding], validation: Validation) -> tuple[Finding, ...]:
    """Errors of the evidence check without those on answers that a shape reports."""
    reported = {
        (result.focus_node, result.path, result.value) for report in validation.reports for result in report.results
    }
    return tuple(error for error in errors if error.statement not in reported)
