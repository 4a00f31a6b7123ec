"""Evidence read out of a published graph is the evidence that its authors wrote."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.facts import Claim
from isoc_kg.documents.description import describe_edition
from isoc_kg.documents.editions import read_edition
from isoc_kg.documents.units import KINDS
from isoc_kg.evidence.coverage import measure_coverage, not_covering
from isoc_kg.graph.dataset_source import DatasetSource
from isoc_kg.namespaces import EV
from isoc_kg.project import load_project
from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rdf.tokens import statement_line
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.unit_rows import state_of

from material import ROOT


@pytest.fixture(scope="module")
def authored() -> KnowledgeGraph:
    """The publication as its files tell it."""
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="module")
def published() -> KnowledgeGraph:
    """The same out of the built folder, which has no facts files."""
    return KnowledgeGraph.load(ROOT / "out", project=ROOT)


def test_every_claim(authored: KnowledgeGraph, published: KnowledgeGraph) -> None:
    """Each claim has the same sentences, notes and sources either way."""
    assert authored.dataset
    assert published.dataset is None
    assert len(authored.dataset.claims) > 800
    for claim in authored.dataset.claims.values():
        assert published.evidence_of(claim) == authored.evidence_of(claim)


def test_claims_by_subject(authored: KnowledgeGraph, published: KnowledgeGraph) -> None:
    """The claims about a thing are found; what is no IRI has none."""
    subjects = {f"<{authored.project.ids.thing('manrs')}>".encode(), b'"a text"', b"_:a", b"<http://e/none>"}
    expected = [(claim.iri, claim.triple) for claim in authored.support.about(subjects)]
    assert len(expected) > 10
    assert sorted((c.iri, c.triple) for c in published.support.about(subjects)) == sorted(expected)


def test_properties(authored: KnowledgeGraph, published: KnowledgeGraph) -> None:
    """Of some terms those are told that are the property of a claim."""
    among = {b"<https://schema.org/founder>", b"<https://schema.org/none>", b'"x"'}
    assert authored.support.properties(among) == {b"<https://schema.org/founder>"}
    assert published.support.properties(among) == {b"<https://schema.org/founder>"}


@pytest.mark.parametrize("query", ["founded-in", "bodies-supported"])
def test_why(authored: KnowledgeGraph, published: KnowledgeGraph, query: str) -> None:
    """The claims behind solutions are the same, too."""
    parameters = {"year": "2014"} if query == "founded-in" else {}
    mine = list(published.why(query, parameters))
    assert mine
    assert any(found for _, found in mine)
    assert mine == list(authored.why(query, parameters))


def test_pages_count_coverage_alike(authored: KnowledgeGraph) -> None:
    """The reading view counts the same units as covered, and as asked, as the evidence of the facts does."""
    assert authored.dataset
    (edition,) = authored.dataset.editions
    coverage = measure_coverage(authored.dataset, edition)
    index = Index(authored.project, authored.lines)
    units = dict(index.editions())[edition.iri]
    renderer = SimpleNamespace(index=index, not_covering=not_covering(authored.project))
    states = Counter(state_of(renderer, unit) for unit in units)  # type: ignore[arg-type]
    assert states["exempt"] == sum(unit.exempt is not None for unit in coverage.units)
    assert states["covered"] == sum(unit.exempt is None and unit.covering > 0 for unit in coverage.units)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_units(kind: str) -> None:
    """A unit's kind is read out of the description that is written of it."""
    project = load_project(ROOT / "tests" / "projects" / "harbour")
    edition, _ = read_edition(project, project.documents[0])
    unit = replace(next(iter(edition.index.units.values())), kind=kind)
    index = replace(edition.index, units={unit.number: unit})
    lines = sort_lines(list(describe_edition(project, replace(edition, index=index))))
    claim = Claim(b"<http://e/s> <http://e/p> <http://e/o> .\n", project.ids.claims + "s.0")
    lines.append(statement_line(claim.iri, EV.supportedBy, edition.unit_iri(unit.number)))
    kg = KnowledgeGraph(project, DatasetSource(project, lines))
    (sentence,) = kg.evidence_of(claim).sentences
    assert sentence.unit == unit
