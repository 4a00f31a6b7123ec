"""Queries about queries: counted, paged, and never taken for what they are not."""

from dataclasses import replace
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.endpoint import client, completeness
from isoc_kg.errors import EndpointError
from isoc_kg.query.forms import names_dataset
from isoc_kg.query.tokens import tokens
from isoc_kg.stores import find_profile
from isoc_kg.stores.store import RemoteStore

STORE = ox.Store()
for number in range(25):
    STORE.add(
        ox.Quad(
            ox.NamedNode(f"http://e/{number % 5}"), ox.NamedNode(f"http://e/p{number % 2}"), ox.Literal(str(number))
        )
    )
#: Queries with their number of solutions.
QUERIES = {
    "SELECT * { ?s ?p ?o }": 25,
    "PREFIX e: <http://e/>\nSELECT ?o WHERE { e:1 ?p ?o } # FROM here": 5,
    "# SELECT\nBASE <http://e/> PREFIX : <#>\nselect distinct ?s { ?s ?p ?o }": 5,
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1)": 5,
    'SELECT ?o { ?s ?p ?o FILTER(?o != "FROM <x> ORDER BY") } LIMIT 7': 7,
    "SELECT ?o { ?s ?p ?o } ORDER BY DESC(?o) OFFSET 3": 22,
    "SELECT ?from { ?from ?p ?o }": 25,
    'PREFIX from: <http://e/> SELECT ?o { ?s ?p ?o . FILTER(?s = from:1) }': 5,
    "SELECT ?s ?o { ?s ?p ?o } VALUES ?p { <http://e/p1> }": 12,
}  # fmt: skip


def solutions(text: str) -> list[list[str]]:
    """What the engine answers, as texts."""
    found = STORE.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [[str(row[name]) for name in found.variables] for row in found]


@pytest.mark.parametrize(("text", "number"), QUERIES.items())
def test_counting(text: str, number: int) -> None:
    """The count of a query is how many solutions it has."""
    assert solutions(completeness.counting(text))[0][0].startswith(f'"{number}"')
    assert len(solutions(text)) == number


@pytest.mark.parametrize("text", QUERIES)
@given(size=st.integers(1, 30))
def test_pages_are_the_whole(text: str, size: int) -> None:
    """Pages of any size together are the solutions of the query, in its own order if it has one."""
    found = STORE.query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    whole = [[str(row[name]) for name in names] for row in found]
    paged: list[list[str]] = []
    while page := solutions(completeness.page(text, names, size, len(paged))):
        assert len(page) <= size
        paged += page
    if "ORDER BY DESC" in text:
        assert paged == whole
    assert sorted(paged) == sorted(whole)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <http://e/g> { ?s ?p ?o }", True),
        ("SELECT *\nfrom named <http://e/g> { ?s ?p ?o }", True),
        ("SELECT * { ?s ?p 'FROM <x>' }", False),
        ("SELECT * { ?s <http://e/FROM> ?from } # FROM <x>", False),
        ('SELECT * { ?s ?p """a "quoted" FROM""" }', False),
        ("PREFIX FROM: <http://e/> SELECT * { FROM:a FROM:b ?c }", False),
    ],
)
def test_own_datasets(text: str, named: bool) -> None:
    """FROM is seen where it is a clause, and nowhere else."""
    assert names_dataset(tokens(text)) is named


def test_a_query_with_a_dataset_is_not_paged() -> None:
    """FROM cannot stand in a subquery, so the error says so in place of a wrong page."""
    with pytest.raises(EndpointError, match="FROM"):
        completeness.page("SELECT * FROM <http://e/g> { ?s ?p ?o }", ["s"], 10, 0)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX e: <http://e/> CONSTRUCT { ?s e:q ?o . } WHERE { ?s e:p1 ?o }",
        "CONSTRUCT { ?s <http://e/q> ?o, 'a } b' ; ?p <http://e/x> } { ?s ?p ?o OPTIONAL { ?o <http://e/none> ?x } }",
        "CONSTRUCT { ?o <http://e/of> ?s . ?s <http://e/q> ?missing } WHERE { ?s ?p ?o }",
        "CONSTRUCT { } WHERE { ?s ?p ?o }",
    ],
)  # fmt: skip
def test_the_solutions_behind_a_graph(text: str) -> None:
    """What a template makes of all solutions is what the query itself gives."""
    behind = completeness.matches(text)
    assert behind
    query, template = behind
    found = STORE.query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [[row[name] for name in names] for row in found]
    made = set(completeness.triples_of(template, names, rows))
    whole = ox.serialize(STORE.query(text), format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    assert made == set((whole or b"").splitlines(keepends=True))


def test_blank_nodes_keep_their_labels() -> None:
    """A blank node of a solution is the same one in every triple made of it."""
    _, template = completeness.matches("CONSTRUCT { ?s <http://e/q> ?o } WHERE { ?s ?p ?o }") or ("", "")
    rows = [[ox.BlankNode("a"), ox.BlankNode("b")], [ox.BlankNode("a"), ox.Literal("_:a")]]
    made = sorted(completeness.triples_of(template, ["s", "o"], rows))
    assert made == [b'_:a <http://e/q> "_:a" .\n', b"_:a <http://e/q> _:b .\n"]


def test_other_forms_have_no_template() -> None:
    """DESCRIBE, and CONSTRUCT WHERE, are left alone."""
    assert completeness.matches("DESCRIBE <http://e/1>") is None
    assert completeness.matches("CONSTRUCT WHERE { ?s ?p ?o }") is None


def graph_lines(query: str) -> list[bytes]:
    """What the engine answers to SELECT ?s ?p ?o, as lines."""
    return [" ".join(row).encode() + b" .\n" for row in solutions(f"SELECT ?s ?p ?o {query}")]


@settings(deadline=None)  # other work on the machine is no fault of the code
@given(size=st.integers(1, 30), most=st.integers(1, 30), at_once=st.integers(1, 3))
def test_a_graph_in_pages_is_whole(size: int, most: int, at_once: int) -> None:
    """Whatever size is asked for, and however few triples a store gives at a time, in whatever order they come."""

    def read(query: str) -> list[bytes]:
        lines = graph_lines(query)[:most]
        return lines if "ORDER BY" in query else [lines[0]] * len(lines)  # no order: the same one again and again

    whole = set(graph_lines("WHERE { ?s ?p ?o }"))
    assert completeness.graph_in_pages("?s ?p ?o", len(whole), size, read, at_once) == whole
    ordered = completeness.graph_in_pages("?s ?p ?o", len(whole), size, lambda query: graph_lines(query)[:most])
    assert ordered == whole
    fewer = completeness.graph_in_pages("?s ?p ?o", len(whole) + 3, size, graph_lines, at_once)
    assert fewer == whole


@pytest.mark.parametrize("reader", ["endpoint", "store"])
def test_a_cut_graph_is_read_on_in_pages(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what reads any endpoint, and by what verifies a load."""
    monkeypatch.setattr(client, "_SUSPICIOUS", 2)
    asked: list[str] = []

    def answer(self: client.Endpoint, text: str, accept: str, timeout: float | None = None) -> SimpleNamespace:
        asked.append(text)
        found = STORE.query(text)
        if isinstance(found, ox.QuerySolutions):
            body = found.serialize(format=ox.QueryResultsFormat.JSON)
            return SimpleNamespace(media_type="application/sparql-results+json", body=body or b"")
        lines = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b""
        return SimpleNamespace(media_type="application/n-triples", body=b"".join(lines.splitlines(keepends=True)[:7]))

    monkeypatch.setattr(client.Endpoint, "query", answer)
    whole = sorted(graph_lines("WHERE { ?s ?p ?o }"))
    if reader == "endpoint":
        assert client.Endpoint("http://h/sparql").triples(None) == whole
    else:
        with RemoteStore(replace(find_profile("generic"), rows=7), "http://h/sparql") as store:
            assert sorted(store.triples(None, 25)) == whole
    assert sum("OFFSET" in text for text in asked) > 1
