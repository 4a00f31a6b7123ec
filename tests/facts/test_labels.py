"""Labels: what is published as said by a sentence stands in it word for word; other wording is implied or editorial."""

import re

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.namespaces import EV, RDF, RDFS, SCHEMA, SKOS
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, literal, split

from material import DOCUMENT, ROOT, requires_document

LABELS = {SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SCHEMA.name, SCHEMA.alternateName}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


def plain(text: str) -> str:
    return " ".join(re.sub(r"[“”\"]", "", text).casefold().split())


def curators_wording(dataset: Dataset, text: str) -> list[tuple[str, str]]:
    """Labels with a unit that supports them and has other words."""
    (edition,) = dataset.editions
    words = {edition.unit_iri(unit.number): plain(unit.text(text)) for unit in edition.index.units.values()}
    found = []
    for claim in dataset.claims.values():
        _, predicate, value, _ = split(claim.triple)
        if iri(predicate) not in LABELS:
            continue
        label = plain(literal(value)[0])
        for _, unit, _ in claim.units(EV.supportedBy):
            if not re.search(rf"(?<!\w){re.escape(label)}(?!\w)", words[unit]):
                found.append((label, unit))
    return found


@requires_document
def test_supported_labels_stand_in_the_sentence(dataset: Dataset) -> None:
    """A label in the curator's wording is not published as the sentence's own."""
    assert DOCUMENT
    text = DOCUMENT.read_text(encoding="utf-8")
    assert curators_wording(dataset, text) == []


def test_labels_are_names_that_somebody_gave(dataset: Dataset) -> None:
    """No thing is called after its IRI, as is derived where the facts give no name."""
    naming = {*dataset.project.names.labels, RDF.value}
    claimed = {claim.triple for claim in dataset.claims.values()}
    named = {split(triple)[0] for triple in claimed if iri(split(triple)[1]) in naming}
    called = {split(line)[0] for line in dataset.graph("derived") if iri(split(line)[1]) == RDFS.label}
    assert called - named == set()


@requires_document
def test_another_wording_is_noticed(dataset: Dataset) -> None:
    """The question is asked: with one word of the text replaced by another, labels no longer stand there."""
    assert DOCUMENT
    text = DOCUMENT.read_text(encoding="utf-8")
    assert curators_wording(dataset, text.replace("individuals", "individuums"))
