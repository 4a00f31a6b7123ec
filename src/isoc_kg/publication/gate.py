"""The gate between data and their publication: findings on facts and shapes, and what validation reports."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ChecksFailed, Finding
from ..evidence.flags import EvidenceCheck
from ..limits import Limits
from ..limits.threads import beside
from ..validation import DataGraph, Locate, Report, ShapesGraph, Validation, validate_graphs

if TYPE_CHECKING:
    from ..authoring.dataset import Dataset

__all__ = ["Gate", "NotConforming", "check_data", "check_dataset"]


class Gate(NamedTuple):
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
        return not errors and not any(report.violations for report in self.validation.reports)

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
    dataset: "Dataset",
    shapes: ShapesGraph,
    engine: str | None = None,
    documents: Sequence[Path] = (),
    *,
    verify: bool = False,
    meanwhile: Callable[[Callable[[], bool]], None] | None = None,
) -> Gate:
    """Validate a dataset with shapes, its ontology with those for the ontology, its evidence with the texts at hand.

    `meanwhile` is called before the evidence is checked, while engines are asked and validate: it is given whether
    they still do.
    """
    # anybody's data need none of these
    from .. import rdf
    from ..authoring.upgrade import names_old_terms
    from ..evidence.audit_record import load_record
    from ..evidence.check import check_evidence
    from ..evidence.conflicts import without_conflicts
    from .decisions import outlived_decisions
    from .details import detailed
    from .reported import reported_once

    data = b"".join(rdf.merge(dataset.published, dataset.graph("ontology"), dataset.graph("alignments")))
    pairs = [(DataGraph(data), shapes)]
    if shapes.for_ontology:
        pairs.append((DataGraph(b"".join(dataset.graph("ontology"))), shapes.for_ontology))
    with beside() as begin:  # the engines are processes of their own
        validation = begin(validate_graphs, pairs, engine=engine, limits=dataset.project.limits)
        if meanwhile:
            meanwhile(validation.is_running)
        evidence = check_evidence(dataset, shapes, documents, verify=verify)
        record = load_record(dataset.project)
        stale = [finding] if record and (finding := record.stale(dataset)) else []
        stale += outlived_decisions(dataset)
        if names_old_terms(b"".join(shapes.all_lines)):
            stale.append(
                Finding(
                    "shapes name terms of evidence as version 1 did: they would have no focus nodes.",
                    file=dataset.project.folder("shapes"),
                    advice=f"Rewrite the project once: isoc-kg upgrade {shlex.quote(str(dataset.project.root))}",
                )
            )
        of_facts = [*dataset.findings, *stale]  # found while the engines work
        with_details = detailed(validation.result(), pairs, engine, dataset.project.limits)
        result = without_conflicts(with_details, pairs[0][0].about, dataset.graph("ontology"), shapes)
        findings, result, errors = reported_once(of_facts, result, evidence.errors, dataset.claims)
        # shapes that every project shares are none of which a curator could do something
        own = (replace(one, unmet=tuple(n for n in one.unmet if n not in shapes.shared)) for one in result.reports)
        result = replace(result, reports=tuple(own))
        return Gate(findings, result, dataset.locate, replace(evidence, errors=errors))


def check_data(
    data: DataGraph,
    shapes: ShapesGraph,
    engine: str | None,
    limits: Limits,
    *,
    lenient: bool = False,
    advanced: bool = False,
) -> Gate:
    """Validate anybody's data graph with shapes; what its claims disagree about is no violation, as in a project.

    `lenient` and `advanced` are as in `validate_graphs`.
    """
    validation = validate_graphs([(data, shapes)], engine=engine, limits=limits, lenient=lenient, advanced=advanced)
    if any(report.results for report in validation.reports):
        from ..evidence.conflicts import without_conflicts

        validation = without_conflicts(validation, data.about, data.declarations, shapes)
    return Gate((), validation, data.locate(validation.reports), EvidenceCheck())
