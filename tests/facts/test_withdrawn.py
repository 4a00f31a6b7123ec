"""Withdrawn concepts: each keeps its IRI, names a successor and a reason, and nothing is stated with it any more."""

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.namespaces import DCTERMS, OWL, RDF, SKOS
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, split

from material import ROOT


def test_what_is_withdrawn_has_a_successor_and_no_other_statement() -> None:
    """A deprecated thing is replaced by one that is not, with a reason; no fact links to it."""
    dataset = build_dataset(load_project(ROOT))
    claims = [(*map(iri, split(c.triple)[:2]), split(c.triple)[2], c) for c in dataset.claims.values()]
    withdrawn = {subject for subject, predicate, _, _ in claims if predicate == OWL.deprecated}
    assert withdrawn
    successors = {s: iri(o) for s, p, o, _ in claims if p == DCTERMS.isReplacedBy}
    assert set(successors) == withdrawn
    described = {s for s, p, _, _ in claims if p == RDF.type} - withdrawn
    assert set(successors.values()) <= described
    for subject, predicate, value, claim in claims:
        assert not (value.startswith(b"<") and iri(value) in withdrawn), claim.triple
        if subject in withdrawn:
            assert predicate in {RDF.type, SKOS.prefLabel, OWL.deprecated, DCTERMS.isReplacedBy, SKOS.definition}
            assert SKOS.editorialNote in claim.evidence
