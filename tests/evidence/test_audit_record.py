"""The recorded audit: published with the data that it measured, and with no others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import ParseError
from isoc_kg.evidence.audit_record import load_record
from isoc_kg.namespaces import DQV
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.lines import iri, literal, split

from material import ROOT


@pytest.fixture
def recorded(harbour: Path, cli: Callable[..., Any]) -> Path:
    """A project whose texts are its own, with its audit recorded."""
    cli("evidence", "audit", "--project", harbour, "--record")
    return harbour


def test_what_is_recorded_is_published(recorded: Path, cli: Callable[..., Any]) -> None:
    """The figures are in dataset.ttl and on the report page, until the data are others."""
    printed = json.loads(cli("evidence", "audit", "--project", recorded, "--format", "json").stdout)
    record = load_record(load_project(recorded))
    assert record is not None
    assert {**record.figures} == printed
    description = Publication.of_project(load_project(recorded)).data["dataset.ttl"].decode()
    measured = [row for row in printed["kinds"] if row["mutants"]]
    besides = len(load_project(recorded).documents) + 2  # coverage of each, violations and other results
    # share and both bounds of what was measured, seven counts of each kind, and four figures of the check
    assert description.count("a dqv:QualityMeasurement") - besides == 3 * len(measured) + 7 * len(printed["kinds"]) + 4
    cli("publish", "--project", recorded, "-o", recorded / "site")
    page = (recorded / "site" / "report.html").read_text(encoding="utf-8")
    assert all(f"<td>{row['kind']}</td><td>{row['mutants']}</td>" in page for row in measured)
    for row in measured:
        cells = "".join(
            f"<td>{row[name]}</td>" for name in ("claims", "by_error", "by_reading", "by_classes", "missed")
        )
        assert f"{cells}</tr>" in page[page.index(f"<td>{row['kind']}</td>") :].partition("</tr>")[0] + "</tr>"
    settings = recorded / "kg.toml"
    text = settings.read_text(encoding="utf-8").replace('slug = "guide"', 'slug = "guide"\nrights = "All of them."', 1)
    settings.write_text(text, encoding="utf-8")
    warned = cli("build", "--project", recorded, "-o", recorded / "out")
    assert "the recorded audit of the evidence check is of other data" in warned.stderr
    assert "/dataset/audit/" not in (recorded / "out" / "dataset.ttl").read_text(encoding="utf-8")


def test_every_figure_is_a_measurement(recorded: Path) -> None:
    """Counts, bounds and causes of each kind, by the Data Quality Vocabulary, as the record has them."""
    record = load_record(load_project(recorded))
    assert record is not None
    values = {}
    metrics = {}
    for line in record.lines("https://harbour.example/d"):
        subject, predicate, object_, _ = split(line)
        if iri(predicate) == DQV.value:
            values[iri(subject)] = literal(object_)[0]
        elif iri(predicate) == DQV.isMeasurementOf:
            metrics[iri(subject)] = iri(object_)
    assert metrics.keys() == values.keys()
    assert len(set(metrics.values())) == len(metrics)
    (row,) = [row for row in record.figures["kinds"] if row["kind"] == "object in sentence"]
    start = "https://harbour.example/d/audit/object-in-sentence"
    wanted = {
        start: row["share"],
        **{f"{start}-{name.replace('_', '-')}": row[name] for name in ("mutants", "claims", "caught", "missed")},
        **{f"{start}-by-{name}": row[f"by_{name}"] for name in ("error", "reading", "classes")},
        f"{start}-lower-bound": row["interval"][0],
        f"{start}-upper-bound": row["interval"][1],
    }
    assert {name: float(value) for name, value in values.items() if name.startswith(start)} == wanted


@pytest.mark.parametrize("text", ["", "[]", '{"digest": 1}', '{"digest": "x", "kinds": [{}], "flagged_share": 0.1}'])
def test_what_is_no_record(harbour: Path, text: str) -> None:
    """A broken record is told by its file."""
    (harbour / "facts" / "units" / "audit.json").write_text(text, encoding="utf-8")
    with pytest.raises(ParseError, match=r"audit\.json: not a record of an audit"):
        load_record(load_project(harbour))


def test_the_shipped_record_is_current() -> None:
    """The shipped publication is published with the figures of its own audit."""
    project = load_project(ROOT)
    record = load_record(project)
    assert record is not None
    assert record.stale(build_dataset(project)) is None
