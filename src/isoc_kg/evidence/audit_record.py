"""The figures of an audit and the flags of the check, recorded beside the facts, and published with them.

An audit needs the documents' texts, which a build need not have; so `isoc-kg evidence audit --record` writes its
figures with the digest of the dataset, and a build publishes them as long as the dataset is that one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..atomic import write_file
from ..authoring.dataset import Dataset
from ..errors import Finding, ParseError
from ..namespaces import DQV, RDF, SKOS, XSD
from ..project import Project
from ..rdf.tokens import statement_line, text_token, typed_token
from .check_record import CheckRecord

if TYPE_CHECKING:  # a build reads records and makes none
    from .audit import Audit
    from .flags import EvidenceCheck

__all__ = ["AuditRecord", "load_record", "write_record"]


#: What is counted of each kind of corruption → what the number says.
_COUNTS = {
    "mutants": "Corrupted claims that were asked",
    "claims": "Claims that were corrupted, each once or more",
    "caught": "Corrupted claims that the evidence check notices",
    "by_error": "Corrupted claims that raise an error",
    "by_reading": "Corrupted claims that raise no error, and a flag that reads the sentence",
    "by_classes": "Corrupted claims that are noticed by the classes of their ends alone",
    "missed": "Corrupted claims that nothing notices",
}


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What `isoc-kg evidence audit` printed, and the digest of the dataset that it was about."""

    digest: str
    figures: Mapping[str, Any]  #: as `Audit.to_json` gives them
    check: CheckRecord | None = None  #: what the check raised; None in records that have no flags

    def stale(self, dataset: Dataset) -> Finding | None:
        """A warning when the dataset is another one by now: the figures are then not published."""
        if self.digest == dataset.digest:
            return None
        return Finding(
            "the recorded audit of the evidence check is of other data; it is not published.",
            file=record_file(dataset.project),
            severity="warning",
            advice="Measure again: isoc-kg evidence audit --record",
        )

    def lines(self, dataset: str) -> Iterator[bytes]:
        """The figures in the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/), triples in no order."""
        rows: list[tuple[str, float, str, str]] = []
        for row in self.figures["kinds"]:
            kind = row["kind"]
            share = f"Share of claims corrupted by “{kind}” that the evidence check notices."
            values = {name: (row[name], text, XSD.integer) for name, text in _COUNTS.items()}
            if row["mutants"]:
                bounds = zip(("lower bound", "upper bound"), row["interval"], strict=True)
                rows.append((kind, row["share"], share, XSD.decimal))
                for bound, value in bounds:
                    values[bound] = value, f"The {bound} of the 95 % interval (Wilson's) of the share", XSD.decimal
            rows += [
                (f"{kind}: {name.replace('_', ' ')}", value, f"{text}: “{kind}”.", datatype)
                for name, (value, text, datatype) in values.items()
            ]
        flagged = "Share of true pairs of claim and sentence that the evidence check flags, before answers."
        if left := self.figures.get("pairs_not_asked"):
            text = "Pairs of a claim and a unit whose text was not at hand, so that they are in no figure."
            rows.append(("pairs not asked", left, text, XSD.integer))
        rows.append(("true pairs flagged", self.figures["flagged_share"], flagged, XSD.decimal))
        if self.check:
            rows += [(*measurement, XSD.integer) for measurement in self.check.measurements()]
        for name, value, definition, datatype in rows:
            slug = re.sub("[^a-z0-9]+", "-", name.lower())
            measurement, metric = f"{dataset}/audit/{slug}", f"{dataset}/metric/{slug}"
            yield statement_line(dataset, DQV.hasQualityMeasurement, measurement)
            yield statement_line(measurement, RDF.type, DQV.QualityMeasurement)
            yield statement_line(measurement, DQV.computedOn, dataset)
            yield statement_line(measurement, DQV.isMeasurementOf, metric)
            yield statement_line(measurement, DQV.value, typed_token(value, datatype))
            yield statement_line(metric, RDF.type, DQV.Metric)
            yield statement_line(metric, SKOS.prefLabel, text_token(name, "en"))
            yield statement_line(metric, SKOS.definition, text_token(definition, "en"))
            yield statement_line(metric, DQV.expectedDataType, datatype)


def record_file(project: Project) -> Path:
    """Where the figures are recorded."""
    return project.folder("facts") / "units" / "audit.json"


def write_record(dataset: Dataset, audit: "Audit", check: "EvidenceCheck") -> Path:
    """Record an audit of a dataset, and what the check raised there."""
    value = {"digest": dataset.digest, **audit.to_json(), "check": CheckRecord.of(check).to_json()}
    path = record_file(dataset.project)
    write_file(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(), fixed=True)
    return path


def load_record(project: Project) -> AuditRecord | None:
    """The recorded figures, if there are any; `ParseError` for a file that is no record."""
    path = record_file(project)
    if not path.is_file():
        return None
    try:
        value = json.loads(path.read_bytes())
        digest, check = value.pop("digest"), value.pop("check", None)
        record = AuditRecord(digest, value, None if check is None else CheckRecord.from_json(check))
        for row in value["kinds"]:
            bounds = row["interval"]
            counts = [row[name] for name in _COUNTS]
            if (
                not isinstance(row["kind"], str)
                or not all(type(count) is int and count >= 0 for count in counts)
                or len(bounds) != 2
                or not all(0 <= share <= 1 for share in (row["share"], *bounds))
            ):
                raise ValueError(f"“{row}” is not a measurement")
        if not 0 <= value["flagged_share"] <= 1 or type(value["pairs"]) is not int:
            raise ValueError("no share of true pairs that are flagged")
        left, names = value.get("pairs_not_asked", 0), value.get("not_compared", [])
        if type(left) is not int or left < 0 or not isinstance(names, list) or not all(map(_is_text, names)):
            raise TypeError("no count of pairs that were not asked")
        if not isinstance(record.digest, str):
            raise TypeError("the digest is not a text")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(
            f"not a record of an audit: {error!r:.200}",
            file=path,
            advice="Records are written by isoc-kg evidence audit --record.",
        ) from None
    return record


def _is_text(value: object) -> bool:
    return isinstance(value, str)
