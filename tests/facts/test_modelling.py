"""The shipped publication: what it has to say, counted and spelled."""

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.coverage import measure_coverage, not_covering
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, literal, split

from material import ROOT


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


def statements(dataset: Dataset) -> list[tuple[bytes, bytes, bytes, bytes]]:
    aligned = set(dataset.graph("alignments"))
    names = not_covering(dataset.project) - {b"<https://schema.org/about>"}
    return [p for p in map(split, dataset.claims) if p[1] not in names and b" ".join(p[:3]) + b" .\n" not in aligned]


def test_enough_is_said_and_it_links(dataset: Dataset) -> None:
    """At least 250 statements, four in five between things; at most one claim in ten is editorial."""
    found = statements(dataset)
    assert len(found) >= 250
    assert sum(part[2].startswith(b"<") for part in found) / len(found) >= 0.8
    assert dataset.editorial_share <= 0.1
    assert dataset.findings == []


def test_every_unit_is_covered_or_exempt(dataset: Dataset) -> None:
    """Nothing that the document says is left without a claim."""
    (source,) = dataset.editions
    coverage = measure_coverage(dataset, source)
    assert coverage.uncovered == []
    assert {unit.exempt for unit in coverage.units} <= {
        None, *(f"https://w3id.org/isoc-kg/evidence#{name}" for name in ("Heading", "ListLeadIn", "Navigation")),
    }  # fmt: skip
    assert all(unit.unit.number in source.gists for unit in coverage.units if unit.exempt is None)


def test_no_blank_node_and_no_dangling_thing(dataset: Dataset) -> None:
    """Every node has an IRI, and every thing that is linked is described."""
    assert not [line for line in dataset.lines if b"_:" in line]
    things = dataset.project.ids.things.encode()
    subjects = {split(line)[0] for line in dataset.graph("facts")}
    linked = {split(line)[2] for line in dataset.graph("facts") if split(line)[2].startswith(b"<" + things)}
    assert linked - subjects == set()


@pytest.mark.parametrize("word", ["internet", "society"])
def test_the_word_is_spelled_by_its_segments(dataset: Dataset, word: str) -> None:
    """The segments in their order give the word's phonetic form."""
    name = dataset.project.ids.thing
    facts = [split(line) for line in dataset.graph("facts")]

    def value(subject: str, predicate: str) -> str:
        (found,) = [p[2] for p in facts if iri(p[0]) == subject and iri(p[1]).endswith(predicate)]
        return literal(found)[0]

    segments = [iri(p[2]) for p in facts if iri(p[0]) == name(f"word-{word}") and iri(p[1]).endswith("hasSegment")]
    ordered = sorted(segments, key=lambda segment: int(value(segment, "/position")))
    assert "".join(value(segment, "#value") for segment in ordered) == value(name(f"form-{word}"), "phoneticRep")
