"""SPARQL over HTTP: the W3C suites of protocol, graph store and service description, and the clients people use."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF
from rdflib.collection import Collection

from .running import Running, running
from material import FACTS, SUITES, requires_suites

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
TESTS = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
READ_ONLY = "the endpoint only reads"
#: Test → why it is not passed.
KNOWN = {
    f"{TESTS}protocol/manifest#{name}": READ_ONLY
    for name in (
        "update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs",
        "update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri",
    )
}  # fmt: skip


def manifest(name: str) -> rdflib.Graph:
    """A manifest of the suites."""
    return rdflib.Graph().parse(SUITES / "w3c-rdf-tests/sparql11" / name, format="turtle")


@pytest.fixture(scope="module")
def kasei(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the graphs that the protocol tests speak of."""
    if not SUITES.is_dir():
        pytest.skip(f"the W3C suites are not at {SUITES}: set ISOC_KG_SUITES to their folder")
    folder = tmp_path_factory.mktemp("protocol")
    lines = []
    for number in (1, 2, 3):
        text = (SUITES / f"w3c-rdf-tests/sparql11/protocol/data{number}.nt").read_text()
        graph = f"<http://kasei.us/2009/09/sparql/data/data{number}.rdf>"
        lines += [f"{line.rstrip()[:-1]} {graph} .\n" for line in text.splitlines() if line.strip()]
    (folder / "data.nq").write_text("".join(lines))
    with running(folder / "data.nq", cwd=folder) as server:
        yield server


def outcome(server: Running, graph: rdflib.Graph, test: rdflib.term.Node) -> list[str]:
    """What is wrong with the answers to a test's requests; nothing when it passes."""
    wrong = []
    action = graph.value(test, MF.action)
    requests = graph.value(action, HT.requests)
    assert requests is not None
    for request in Collection(graph, requests):
        path = str(graph.value(request, HT.absolutePath))
        body = graph.value(request, HT.body)
        text = str(graph.value(body, CNT.chars)) if body is not None else ""
        coding = str(graph.value(body, CNT.characterEncoding)) if body is not None else "UTF-8"
        listed = graph.value(request, HT.headers)
        headers = {
            str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
            for header in (Collection(graph, listed) if listed is not None else ())
        }
        answer = httpx.request(
            str(graph.value(request, HT.methodName)),
            server.address + path.lstrip("/"),
            content=text.encode(coding),
            headers=headers,
        )
        response = graph.value(request, HT.resp)
        expected = {str(status).rpartition("StatusCode")[2][0] for status in graph.objects(response, MF.expectedStatus)}
        if str(answer.status_code)[0] not in expected:
            wrong.append(f"{answer.status_code} {answer.text[:100]}")
            continue
        boolean = graph.value(response, MF.expectedBoolean)
        if boolean is not None and answer.json()["boolean"] is not boolean.toPython():
            wrong.append(f"{answer.text} is not {boolean}")
        kind = str(graph.value(response, MF.expectedFormat) or "")
        types = {
            "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
            "tabular": (
                "application/sparql-results+json", "application/sparql-results+xml",
                "text/csv", "text/tab-separated-values",
            ),
            "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml"),
        }  # fmt: skip
        if kind and not answer.headers["content-type"].startswith(types[kind]):
            wrong.append(f"{kind} as {answer.headers['content-type']}")
    return wrong


def test_the_protocol(kasei: Running) -> None:
    """All tests that read pass; those that write are refused as the protocol says."""
    graph = manifest("protocol/manifest.ttl")
    tests = sorted(graph.subjects(RDF.type, MF.ProtocolTest))
    failed = {str(test): found for test in tests if (found := outcome(kasei, graph, test))}
    assert (len(tests), set(failed)) == (34, set(KNOWN)), failed
    assert all(found[0].startswith("403") for found in failed.values())


def test_graph_stores(kasei: Running) -> None:
    """Reading, by parameter; writes are refused with what is allowed."""
    data = "http://kasei.us/2009/09/sparql/data/data1.rdf"
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        answer = httpx.request(method, f"{kasei.address}graph-store?graph={quote(data)}")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    one = kasei.get(f"graph-store?graph={quote(data)}", "application/n-triples")
    assert len(list(ox.parse(one.content, format=ox.RdfFormat.N_TRIPLES))) == one.text.count("\n") > 0
    union = kasei.get("graph-store?default", "text/turtle")
    assert union.text.count("data3.rdf") > 0
    assert httpx.head(f"{kasei.address}graph-store?graph={quote(data)}").status_code == 200
    assert kasei.get("graph-store?graph=http%3A%2F%2Fno.example%2F").status_code == 404
    assert kasei.get("graph-store").status_code == 400
    assert kasei.get("graph-store?default", "image/png").status_code == 406


def test_graphs_by_their_own_iri(shipped: Running) -> None:
    """Direct identification: a graph's IRI answers with the graph."""
    facts = shipped.get("graph/facts", "application/n-triples")
    assert len(facts.text.splitlines()) == FACTS
    assert shipped.get("graph/nothing", "text/turtle").status_code == 404
    by_parameter = shipped.get("graph-store?graph=https://w3id.org/isoc-kg/graph/facts", "application/n-triples")
    assert by_parameter.content == facts.content


def returns_rdf(server: Running) -> list[rdflib.Graph]:
    """GET without a query gives RDF, whatever format of it is asked for."""
    found = []
    for type_ in (None, "text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"):
        answer = server.get("sparql", type_)
        assert answer.headers["content-type"].startswith(type_ or "text/turtle")
        found.append(
            rdflib.Graph().parse(data=answer.content, format=type_ or "text/turtle", publicID=server.address + "sparql")
        )
    return found


def has_endpoint_triple(server: Running) -> list[rdflib.Graph]:
    """The endpoint's own address is in it."""
    endpoint = rdflib.URIRef(server.address + "sparql")
    found = returns_rdf(server)
    assert all((endpoint, SD.endpoint, endpoint) in graph for graph in found)
    return found


def conforms_to_schema(server: Running) -> list[rdflib.Graph]:
    """Each property stands between what the vocabulary's domains and ranges allow, and only its terms are used."""
    found = has_endpoint_triple(server)
    between = {
        SD.endpoint: (SD.Service, None), SD.feature: (SD.Service, None), SD.supportedLanguage: (SD.Service, None),
        SD.resultFormat: (SD.Service, None), SD.defaultDataset: (SD.Service, SD.Dataset),
        SD.defaultGraph: (SD.Dataset, SD.Graph), SD.namedGraph: (SD.Dataset, SD.NamedGraph),
        SD.name: (SD.NamedGraph, None), SD.graph: (SD.NamedGraph, SD.Graph),
    }  # fmt: skip
    values = {
        SD.feature: {SD.UnionDefaultGraph},
        SD.supportedLanguage: {SD.SPARQL11Query},
    }
    for graph in found:
        for subject, predicate, object_ in graph:
            if predicate.startswith(str(SD)):
                domain, range_ = between[predicate]
                assert (subject, RDF.type, domain) in graph
                assert range_ is None or (object_, RDF.type, range_) in graph
                assert predicate not in values or object_ in values[predicate]
    return found


SERVICE_DESCRIPTION = {
    "returns-rdf": returns_rdf, "has-endpoint-triple": has_endpoint_triple, "conforms-to-schema": conforms_to_schema,
}  # fmt: skip


@requires_suites
def test_the_service_description(shipped: Running) -> None:
    """All three tests of the suite pass; the named graphs are those there are, with their sizes."""
    graph = manifest("service-description/manifest.ttl")
    tests = {str(test).rpartition("#")[2] for test in graph.subjects(RDF.type, MF.ServiceDescriptionTest)}
    assert tests == set(SERVICE_DESCRIPTION)
    for name in sorted(tests):
        found = SERVICE_DESCRIPTION[name](shipped)
    counted = {
        str(graph.value(entry, SD.name)).rpartition("/")[2]: int(
            str(graph.value(graph.value(entry, SD.graph), VOID.triples))
        )
        for graph in found
        for entry in graph.objects(None, SD.namedGraph)
    }
    assert set(counted) == {"alignments", "derived", "document", "evidence", "facts", "ontology"}
    assert counted["facts"] == FACTS
    assert all((None, VOID.sparqlEndpoint, rdflib.URIRef(shipped.address + "sparql")) in graph for graph in found)


QUERY = 'SELECT ?s ?name WHERE { ?s schema:name ?name . FILTER(LANG(?name) = "en") } ORDER BY ?s LIMIT 5'


def test_result_formats(shipped: Running) -> None:
    """Each result format as its readers read it: the same solutions."""
    json_ = shipped.query(QUERY).json()["results"]["bindings"]
    expected = [(row["s"]["value"], row["name"]["value"]) for row in json_]
    assert len(expected) == 5
    for type_, format_ in (
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ):
        answer = shipped.query(QUERY, type_)
        assert answer.headers["content-type"].startswith(type_)
        found = ox.parse_query_results(answer.content, format=format_)
        assert isinstance(found, ox.QuerySolutions)
        assert [(row["s"].value, row["name"].value) for row in found] == expected  # type: ignore[union-attr]
    rows = list(csv.reader(io.StringIO(shipped.query(QUERY, "text/csv").text)))
    assert [tuple(row) for row in rows[1:]] == expected
    construct = "CONSTRUCT { ?s schema:name ?n } WHERE { ?s schema:name ?n }"
    graphs = set()
    for type_, format_ in (
        ("text/turtle", ox.RdfFormat.TURTLE), ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML), ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", ox.RdfFormat.TRIG), ("application/n-quads", ox.RdfFormat.N_QUADS),
    ):  # fmt: skip
        answer = shipped.query(construct, type_)
        assert answer.headers["content-type"].startswith(type_)
        graphs.add(frozenset(quad.triple for quad in ox.parse(answer.content, format=format_)))
    assert len(graphs) == 1
    assert shipped.query(QUERY, "image/png").status_code == 406
    assert shipped.query("ASK {}", "text/csv").text == "true\n"
    assert shipped.query(QUERY, "*/*", format="csv").headers["content-type"].startswith("text/csv")


def test_clients(shipped: Running) -> None:
    """SPARQLWrapper and rdflib's SPARQLStore read the endpoint as it is."""
    from rdflib.plugins.stores.sparqlstore import SPARQLStore
    from SPARQLWrapper import JSON, POST, XML, SPARQLWrapper

    for method in ("GET", POST):
        for format_ in (JSON, XML):
            wrapper = SPARQLWrapper(shipped.address + "sparql")
            wrapper.setQuery("PREFIX schema: <https://schema.org/> " + QUERY)
            wrapper.setMethod(method)
            wrapper.setReturnFormat(format_)
            converted = wrapper.query().convert()
            text = converted.toxml() if format_ is XML else str(converted)
            assert text.count("https://w3id.org/isoc-kg/id/") == 5
    store = SPARQLStore(shipped.address + "sparql")
    rows = list(store.query("PREFIX schema: <https://schema.org/> " + QUERY))
    assert len(rows) == 5


def test_the_dataset_of_a_query(shipped: Running) -> None:
    """The union unless the query, or before it the protocol, names graphs."""
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    facts = "https://w3id.org/isoc-kg/graph/facts"

    def number(text: str, **more: str) -> int:
        return int(shipped.query(text, **more).json()["results"]["bindings"][0]["n"]["value"])

    assert number(count.format("")) > 7000
    assert number(count.format(f"FROM <{facts}>")) == FACTS
    assert number(count.format(""), **{"default-graph-uri": facts}) == FACTS
    assert number(count.format("FROM <urn:none>"), **{"default-graph-uri": facts}) == FACTS
    assert number("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": facts}) == FACTS


def test_errors(shipped: Running) -> None:
    """A malformed query is 400 with its place, an update 403 with the reason; 415, 413 and 405 where they fit."""
    answer = shipped.query("SELECT * {\n  ?s ?p\n}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert (answer.json()["line"], answer.json()["column"]) == (3, 2)
    assert "schem:" in shipped.query("SELECT * { ?s schem:name ?o }").json()["detail"]
    for sent in (
        httpx.post(shipped.address + "sparql", data={"update": "CLEAR ALL"}),
        httpx.post(
            shipped.address + "sparql", content="CLEAR ALL", headers={"content-type": "application/sparql-update"}
        ),
    ):
        assert sent.status_code == 403
        assert "facts change in their files" in sent.json()["detail"]
    assert shipped.query("INSERT DATA { <a:a> <a:b> <a:c> }").status_code == 400
    assert (
        httpx.post(shipped.address + "sparql", content="x", headers={"content-type": "text/plain"}).status_code == 415
    )
    form = {"content-type": "application/sparql-query"}
    assert httpx.post(shipped.address + "sparql", content="#" * 2_000_000, headers=form).status_code == 413
    assert httpx.delete(shipped.address + "sparql").headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_query_that_is_coded(shipped: Running) -> None:
    """415 with what is taken instead, by POST of either kind; `identity` is no coding."""
    for type_, content in (
        ("application/sparql-query", b"ASK {}"),
        ("application/x-www-form-urlencoded", b"query=ASK+%7B%7D"),
    ):
        for coding, status in (("gzip", 415), ("br", 415), ("gzip, gzip", 415), ("Identity", 200)):
            body = gzip.compress(content) if status == 415 else content
            headers = {"content-type": type_, "content-encoding": coding}
            answer = httpx.post(shipped.address + "sparql", content=body, headers=headers)
            assert answer.status_code == status
            assert answer.headers.get("accept-encoding") == ("identity" if status == 415 else None)


def test_the_browser_gets_the_console(shipped: Running) -> None:
    """Whoever likes HTML gets the page of the site."""
    page = shipped.get("sparql", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.content == shipped.get("sparql.html").content


def test_why(shipped: Running) -> None:
    """The sentences behind each solution, as the command line tells them."""
    answer = shipped.query("SELECT ?year { id:manrs schema:foundingDate ?year }", why="1").json()
    assert answer["why"][0][0]["sentences"][0]["number"] == "15.2"
    assert answer["why"][0][0]["sentences"][0]["gist"]
    assert answer["why"][0][0]["claim"].startswith("https://w3id.org/isoc-kg/claim/manrs.")


def test_literals_of_dumps_are_as_authored(tmp_path: Path) -> None:
    """The store rewrites numbers; pages, data and graphs do not come out of it."""
    (tmp_path / "one.ttl").write_text("<urn:a> <urn:p> 1.10 .\n")
    with running(tmp_path / "one.ttl", cwd=tmp_path) as server:
        assert '"1.10"' in server.get("graph-store?default", "application/n-triples").text


@pytest.mark.parametrize(
    ("format_", "type_"),
    [
        ("trig", "application/trig"), ("nq", "application/n-quads"), ("turtle", "text/turtle; charset=utf-8"),
        ("rdf+xml", "application/rdf+xml"), ("application/n-triples", "application/n-triples"),
        ("json", "application/ld+json"), ("", "text/turtle; charset=utf-8"),
    ],
)  # fmt: skip
def test_formats_of_graphs(shipped: Running, format_: str, type_: str) -> None:
    """A graph comes as what `format` names, whatever `Accept` says: a query's, and a graph of the store."""
    graph = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
    for path, more in (("sparql", {"query": graph}), ("graph-store", {"default": ""})):
        accept = {"accept": "text/html,*/*;q=0.8" if format_ else "text/turtle"}
        answer = httpx.get(shipped.address + path, params={**more, "format": format_}, headers=accept)
        assert (answer.status_code, answer.headers["content-type"]) == (200, type_)


@pytest.mark.parametrize(
    ("query", "format_", "status", "listed"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "md", 400, "csv"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "anything", 400, "trig"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "trig", 406, "text/csv"),
        ("ASK { ?s ?p ?o }", "nq", 406, "application/sparql-results+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "csv", 406, "application/trig"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "html", 400, "ttl"),
    ],
)  # fmt: skip
def test_formats_that_do_not_fit(shipped: Running, query: str, format_: str, status: int, listed: str) -> None:
    """They are refused with those that there are, by GET and by POST."""
    parameters = {"query": query, "format": format_}
    url = shipped.address + "sparql"
    for answer in (httpx.get(url, params=parameters), httpx.post(url, data=parameters)):
        assert answer.status_code == status
        assert listed in answer.json()["alternatives"]


def test_formats_that_graphs_lack(shipped: Running) -> None:
    """The graph store refuses them as the endpoint does; so does the description of the service."""
    for path in ("graph-store?default&format=", "sparql?format="):
        assert httpx.get(f"{shipped.address}{path}pdf").status_code == 400
        assert httpx.get(f"{shipped.address}{path}csv").status_code == 406
    assert httpx.get(shipped.address + "sparql?format=nt").headers["content-type"] == "application/n-triples"
    assert httpx.get(shipped.address + "sparql?query=ASK%7B%7D&format=json&format=xml").status_code == 400
