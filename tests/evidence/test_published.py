"""Evidence read out of a published graph is the evidence that its authors wrote."""

import pytest

from isoc_kg import KnowledgeGraph

from material import ROOT


@pytest.fixture(scope="module")
def authored() -> KnowledgeGraph:
    """The publication as its files tell it."""
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="module")
def published() -> KnowledgeGraph:
    """The same out of the built folder, which has no facts files."""
    return KnowledgeGraph.load(ROOT / "out")


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
    mine = list(published.why(query, parameters, text_parameters=True))
    assert mine
    assert any(found for _, found in mine)
    assert mine == list(authored.why(query, parameters, text_parameters=True))
