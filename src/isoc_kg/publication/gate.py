"""The gate between data and their publication: findings on facts and shapes, and what validation reports."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .. import rdf
from ..authoring.dataset import Dataset
from ..errors import Finding, IsocKgError
from ..evidence.audit_record import load_record
from ..evidence.check import EvidenceCheck, check_evidence
from ..evidence.conflicts import without_conflicts
from ..limits import Limits
from ..validation import DataGraph, Locate, Report, ShapesGraph, Validation, validate_graphs

__all__ = ["Gate", "NotConforming", "check_data", "check_dataset"]


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


class NotConforming(IsocKgError):
    """The gate did not open; nothing was written."""

    exit_code = 1

    def __init__(self, gate: Gate) -> None:
        reports = [report.to_text(gate.locate) for report in gate.validation.reports if not report.conforms]
        super().__init__(
            "the publication does not conform; nothing was written.",
            details=(*(finding.render() for finding in gate.findings), *reports),
        )
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
        result = without_conflicts(dataset.graph("evidence", "alignments"), validation.result())
        record = load_record(dataset.project)
        stale = [finding] if record and (finding := record.stale(dataset)) else []
        return Gate((*dataset.findings, *stale), result, dataset.places.get, evidence)


def check_data(data: DataGraph, shapes: ShapesGraph, engine: str | None, limits: Limits) -> Gate:
    """Validate anybody's data graph with shapes."""
    validation = validate_graphs([(data, shapes)], engine=engine, limits=limits)
    return Gate((), validation, data.locate(validation.reports), EvidenceCheck())
