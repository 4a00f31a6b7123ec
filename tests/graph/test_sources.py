"""A knowledge graph is the same one over files and over an endpoint."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from endpoint.answering import answering_queries
from isoc_kg import KnowledgeGraph
from isoc_kg.errors import UnknownName
from isoc_kg.graph.entity import Entity

from material import ROOT

THINGS = ("MANRS", "manrs", "id:ietf", "ota", "Internet Society", "id:internet-access")


@pytest.fixture(scope="module")
def files() -> KnowledgeGraph:
    """The shipped publication, of its files."""
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="module")
def stored(files: KnowledgeGraph) -> Iterator[KnowledgeGraph]:
    """The same behind an endpoint."""
    with answering_queries(files.store) as url, KnowledgeGraph.load(url, project=ROOT) as kg:
        yield kg


def test_citations(files: KnowledgeGraph, stored: KnowledgeGraph) -> None:
    """A statement, a thing, a document and the whole are cited alike."""
    claim = files.evidence("id:manrs", "schema:foundingDate").claim
    for what in (claim, "MANRS", "internet-society-term", None):
        assert stored.cite(what, "csl") == files.cite(what, "csl")
    assert stored["MANRS"].cite() == files["MANRS"].cite()


def canonical(lines: tuple[bytes, ...]) -> list[bytes]:
    """Lines as a store has them, which writes numbers its own way."""
    store = ox.Store()
    store.load(b"".join(lines), format=ox.RdfFormat.N_TRIPLES)
    return sorted(f"{quad.triple} .\n".encode() for quad in store)


@pytest.mark.parametrize("name", THINGS)
def test_entities(files: KnowledgeGraph, stored: KnowledgeGraph, name: str) -> None:
    """The same IRI, label, triples and links."""
    here, there = files.entity(name), stored.entity(name)
    assert isinstance(there, Entity)
    assert (there.iri, there.label) == (here.iri, here.label)
    assert list(there.lines) == canonical(here.lines)
    assert set(there.incoming) >= set(here.incoming)
    assert not any(b"/claim/" in line.split(b" ")[0] for line in there.incoming)


def test_names(files: KnowledgeGraph, stored: KnowledgeGraph) -> None:
    """All of them, and those of some; what is called nothing is called nothing in both."""
    iris = {files.find(name) for name in THINGS}
    assert stored.names_of(iris) == files.names_of(iris)
    assert stored.labels.keys() >= iris
    for kg in (files, stored):
        with pytest.raises(UnknownName, match="there is nothing called “no such thing”"):
            kg.find("no such thing")


def test_evidence(files: KnowledgeGraph, stored: KnowledgeGraph) -> None:
    """Who says so, of a statement and of each solution."""
    statement = ("id:manrs", "schema:foundingDate")
    assert stored.evidence(*statement) == files.evidence(*statement)
    assert stored.evidence(*statement).sentences
    query = "SELECT ?year { id:manrs schema:foundingDate ?year }"
    assert list(stored.why(query)) == list(files.why(query))


def test_everything(files: KnowledgeGraph, stored: KnowledgeGraph) -> None:
    """What needs all the data has them: lines, a store, a validation by another engine."""
    assert len(stored.lines) == len(files.lines)
    assert len(stored.store) == len(files.store)
    assert stored.dataset is None
    assert stored.validate().engine == "compiled"
    assert stored.validate(engine="shacl").results == stored.validate().results == ()
    made = stored.construct("CONSTRUCT { ?s rdfs:seeAlso ?o } WHERE { ?s schema:founder ?o }")
    assert made.lines == files.construct("CONSTRUCT { ?s rdfs:seeAlso ?o } WHERE { ?s schema:founder ?o }").lines
