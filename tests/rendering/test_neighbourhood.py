"""An index of the lines around a resource says of it what an index of everything says."""

from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import LimitExceeded
from isoc_kg.project import Project, load_project
from isoc_kg.publication.build import build_dataset
from isoc_kg.query.evaluator import Row, StoreEvaluator, store_of
from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rendering.addresses import Addresses
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.neighbourhood import classes, members, resource_index, subject_of
from isoc_kg.rendering.structured_data import thing_nodes

from material import ROOT

PROJECT = load_project(ROOT)


class Asked(StoreEvaluator):
    """A store in memory; its default graph is the union of all, or the one that has no name."""

    def __init__(self, lines: Sequence[bytes], union: bool) -> None:
        super().__init__(store_of(lines))
        self.union = union
        self.texts: list[str] = []

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """Every solution."""
        self.texts.append(text)
        if self.union:
            return super().select(text)
        solutions = self.store.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        return [variable.value for variable in solutions.variables], [tuple(row) for row in solutions]


@pytest.fixture(scope="module")
def whole() -> Index:
    """The shipped publication."""
    return Index(PROJECT, build_dataset(PROJECT).lines)


def ontology_of(whole: Index) -> Index:
    """The ontology's lines alone."""
    end = f" <{PROJECT.ids.graph('ontology')}> .\n".encode()
    return Index(PROJECT, [line for line in whole.lines if line.endswith(end)])


@pytest.mark.parametrize("union", [True, False], ids=["union", "named graphs"])
def test_it_says_the_same(whole: Index, union: bool) -> None:
    """Of every thing: statements, claims, evidence, links, data, names, pages of what is linked."""
    source, ontology = Asked(whole.lines, union), ontology_of(whole)
    things = [token for token in whole.subjects if token not in whole.terms and b"/document/" not in token]
    assert len(things) > 100
    for token in things:
        index = resource_index(source, PROJECT, token, ontology)
        assert index is not None
        expected, found = whole.resource(token), index.resource(token)
        assert found == expected
        assert thing_nodes(index, found, "") == thing_nodes(whole, expected, "")
        linked = {subject for group in found.incoming for subject in group.subjects}
        linked |= {part for statement in found.statements for part in statement[1:3] if part[:1] == b"<"}
        for other in linked | {token}:
            assert index.name_of(other) == whole.name_of(other)
            assert (other in index.paged) == (other in whole.paged)
            assert index.types.get(other) == whole.types.get(other)
        for statement in found.statements:
            for unit, _ in statement.claim.units if statement.claim else ():
                assert index.units[unit] == whole.units[unit]


def test_an_edition(whole: Index) -> None:
    """Its units and the claims that rest on them come with it."""
    edition = f"<{PROJECT.ids.edition('internet-society-term', '1')}>".encode()
    index = resource_index(Asked(whole.lines, True), PROJECT, edition, ontology_of(whole))
    assert index is not None
    assert index.editions() == whole.editions()
    rewritten = [line.replace(b"nonNegativeInteger", b"integer") for line in whole.resource(edition).lines]
    assert list(index.resource(edition).lines) == sorted(rewritten)
    assert {unit: set(found) for unit, found in index.claims.items()} == {
        unit: set(found) for unit, found in whole.claims.items()
    }


def test_rewritten_literals_keep_their_claims() -> None:
    """A store that writes 1.10 as 1.1 still has the claim on it, though its IRI is the digest of what was authored."""
    base = PROJECT.base
    thing, claim = f"<{base}id/a>", f"<{base}claim/a.0123456789abcdef>"
    rdf, ev = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "https://w3id.org/isoc-kg/evidence#"
    lines = [
        f'{thing} <urn:p> "1.10"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n',
        f"{claim} <{rdf}subject> {thing} .\n",
        f"{claim} <{rdf}predicate> <urn:p> .\n",
        f'{claim} <{rdf}object> "1.10"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n',
        f"{claim} <{ev}supportedBy> <{base}document/d/1#1.1> .\n",
    ]
    source = Asked([line.encode() for line in lines], True)
    index = resource_index(source, PROJECT, thing.encode(), Index(PROJECT, []))
    assert index is not None
    (statement,) = index.resource(thing.encode()).statements
    assert statement.claim is not None
    assert statement.claim.iri == claim[1:-1]
    assert statement.claim.units == ((f"{base}document/d/1#1.1", False),)


def test_what_has_many_links() -> None:
    """They are not all fetched, and the page says that it does not know how many there are."""
    hub = b"<urn:hub>"
    lines = [f"<urn:s{number:05}> <urn:p> <urn:hub> .\n".encode() for number in range(3000)]
    lines = sort_lines([*lines, b'<urn:hub> <http://www.w3.org/2000/01/rdf-schema#label> "Hub" .\n'])
    source = Asked(lines, True)
    index = resource_index(source, PROJECT, hub, Index(PROJECT, []), most_links=400)
    assert index is not None
    found = index.resource(hub)
    assert not found.counted
    assert 400 <= found.incoming[0][1] <= 801
    assert len(found.incoming[0][2]) == 50
    assert len(source.texts) < 10
    assert resource_index(source, PROJECT, b"<urn:none>", Index(PROJECT, [])) is None
    long = Asked([f"<urn:long> <urn:p> <urn:o{number}> .\n".encode() for number in range(25_000)], True)
    with pytest.raises(LimitExceeded):
        resource_index(long, PROJECT, b"<urn:long>", Index(PROJECT, []))


def test_lists(whole: Index) -> None:
    """Classes with their numbers, and their things part by part."""
    source = Asked(whole.lines, True)
    counted = dict(classes(source))
    chapter = b"<https://schema.org/Project>"
    assert counted[chapter] == len(set(whole.members[chapter]))
    parts = [members(source, chapter, start, 2) for start in range(0, counted[chapter] + 2, 2)]
    assert sorted(token for part in parts for token in part) == sorted(set(whole.members[chapter]))
    unit, claims = next(iter(whole.claims.items()))
    assert unit
    assert subject_of(source, f"<{claims[0][1]}>".encode()) is not None
    assert subject_of(source, b"<urn:none>") is None


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters='<>"{}|^`\\ ', exclude_categories=["Cc"]), max_size=150))
def test_addresses_are_found_back(text: str) -> None:
    """The page of any IRI that is served without a list of all there is tells the IRI."""
    there = Addresses(PROJECT.ids, PROJECT.prefixes, whole=True)
    for name in (f"https://other.example/{text}", f"https://schema.org/{text}", f"urn:x:{text}"):
        page, fragment = there.page(name)
        assert not fragment
        assert there.iri(page) == name
    page, fragment = there.page(f"{PROJECT.base}id/{text}")
    if page.startswith("id/"):
        assert there.iri(page) in (f"{PROJECT.base}id/{text}", None)


def test_that_a_triple_term_stays_whole() -> None:
    """It is the object that the store has, at any depth; not its subject."""
    project = Project.of_files()
    line = b'<http://e/a> <http://e/p> <<( <http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> "x" )>> )>> .\n'
    index = resource_index(StoreEvaluator.of_lines([line]), project, b"<http://e/a>", Index(project, []))
    assert index is not None
    assert list(index.lines) == [line]
