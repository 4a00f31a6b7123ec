"""How good a publication is, in the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/).

Three things are measured: how many of corrupted claims the evidence check notices (the recorded audit), how much of
each document is covered by claims, and what validation found.
"""

import re
from collections.abc import Iterator

from ..authoring.dataset import Dataset
from ..evidence.audit_record import load_record
from ..evidence.coverage import measure_coverage
from ..evidence.held import replaced_editions
from ..namespaces import DQV, RDF, SKOS, XSD
from ..rdf.tokens import statement_line, text_token, typed_token
from ..validation import Report

__all__ = ["measure_quality"]

#: Dimensions of “Data on the Web Best Practices: Data Quality Vocabulary”, section 7.
_DIMENSIONS = "http://www.w3.org/2016/05/ldqd#"


def measure_quality(dataset: Dataset, report: Report) -> Iterator[bytes]:
    """The measurements of a dataset, in no order; what was not measured is left out."""
    name = dataset.project.ids.dataset
    record = load_record(dataset.project)
    if record and not record.stale(dataset):
        yield from record.lines(name)
    replaced = {edition.iri for edition in replaced_editions(dataset)}
    current = [edition for edition in dataset.editions if edition.iri not in replaced]
    measured = [measure_coverage(dataset, edition) for edition in current]
    coverages = [coverage for coverage in measured if any(unit.exempt is None for unit in coverage.units)]
    metric = f"{name}/metric/coverage"
    if coverages:
        text = "Share of a document's units that at least one claim rests on, among those that are not exempt."
        yield from _metric(metric, "coverage", text, XSD.decimal, "completeness")
    for coverage in coverages:
        document = coverage.edition.document
        measurement = f"{name}/coverage/{document.slug}/{document.edition}"
        yield from _measurement(measurement, metric, name, coverage.edition.iri, round(coverage.share, 4), XSD.decimal)
    counts = (
        ("violations", report.violations, "Results of severity violation when the data were validated by SHACL."),
        ("other results", len(report.results) - report.violations, "Results of lesser severity, such as warnings."),
    )
    for kind, count, text in counts:
        slug = re.sub("[^a-z]+", "-", kind)
        metric = f"{name}/metric/validation-{slug}"
        yield from _metric(metric, f"validation: {kind}", text, XSD.integer, "consistency")
        yield from _measurement(f"{name}/validation/{slug}", metric, name, name, count, XSD.integer)


def _metric(metric: str, label: str, definition: str, datatype: str, dimension: str) -> Iterator[bytes]:
    yield statement_line(metric, RDF.type, DQV.Metric)
    yield statement_line(metric, SKOS.prefLabel, text_token(label, "en"))
    yield statement_line(metric, SKOS.definition, text_token(definition, "en"))
    yield statement_line(metric, DQV.expectedDataType, datatype)
    yield statement_line(metric, DQV.inDimension, _DIMENSIONS + dimension)


def _measurement(measurement: str, metric: str, dataset: str, of: str, value: float, datatype: str) -> Iterator[bytes]:
    yield statement_line(dataset, DQV.hasQualityMeasurement, measurement)
    yield statement_line(measurement, RDF.type, DQV.QualityMeasurement)
    yield statement_line(measurement, DQV.computedOn, of)
    yield statement_line(measurement, DQV.isMeasurementOf, metric)
    yield statement_line(measurement, DQV.value, typed_token(value, datatype))
