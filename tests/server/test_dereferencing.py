"""Every IRI leads to its document, in the format and profile that is asked for."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.formats import FORMATS, JSONLD, NTRIPLES, RDFXML, TRIG, TURTLE
from isoc_kg.project import load_project
from isoc_kg.rendering.data_files import DATA_FORMATS
from isoc_kg.site import publish_project

from .running import Running, running
from material import ROOT

DATA = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG)
RULES = {".htaccess", "_headers", "_redirects", ".isoc-kg.json", ".isoc-kg.pages"}


def test_each_format_leads_to_its_document(shipped: Running) -> None:
    """303 by media type, by `format=` and by nothing at all; the documents hold the same triples."""
    counts = set()
    for format_ in DATA:
        answer = shipped.get("id/manrs", format_.media_type)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/id/manrs.{format_.extension}")
        assert answer.headers["vary"] == "Accept, Accept-Profile"
        assert shipped.get(f"id/manrs?format={format_.name}").headers["location"] == f"/id/manrs.{format_.extension}"
        document = shipped.get(f"id/manrs.{format_.extension}")
        assert document.headers["content-type"].startswith(format_.media_type)
        counts.add(frozenset(quad.triple for quad in ox.parse(document.content, format=format_.engine)))
    assert len(counts) == 1
    for accept in (None, "*/*", "text/html", "text/*;q=0.9, text/turtle;q=0.1"):
        assert shipped.get("id/manrs", accept).headers["location"] == "/id/manrs.html"


def test_the_evidence_vocabulary_has_data(shipped: Running) -> None:
    """Its IRI leads to each format, with the terms of evidence and no others."""
    for format_ in DATA_FORMATS:
        answer = shipped.get("evidence", format_.media_type)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/evidence.{format_.extension}")
        document = shipped.get(f"evidence.{format_.extension}")
        assert document.headers["content-type"].startswith(format_.media_type)
        subjects = {str(quad.subject) for quad in ox.parse(document.content, format=format_.engine)}
        assert "<https://w3id.org/isoc-kg/evidence#supportedBy>" in subjects
        assert all(name.startswith("<https://w3id.org/isoc-kg/evidence") for name in subjects)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("ontology", "/ontology.html"),
        ("evidence", "/evidence.html"),
        ("evidence/1.0.0", "/evidence/1.0.0.ttl"),
        ("dataset", "/dataset.html"),
        ("document/internet-society-term", "/document/internet-society-term.html"),
        ("document/internet-society-term/1", "/document/internet-society-term/1.html"),
        ("ontology/2.0.0", "/ontology/2.0.0.ttl"),
        ("graph/facts", "/dataset.html#graph-facts"),
        ("query/activities-in-area", "/query/activities-in-area.html"),
    ],
)
def test_what_else_has_an_iri(shipped: Running, path: str, location: str) -> None:
    """Documents, the ontology and its versions, graphs and queries; each target is there."""
    answer = shipped.get(path, "text/html")
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert shipped.get(location[1:].partition("#")[0]).status_code == 200


def test_every_claim_leads_to_its_statement(shipped: Running) -> None:
    """The IRI of a claim is an anchor on its subject's page."""
    rows = shipped.query("SELECT ?claim { ?claim a rdf:Statement } ORDER BY ?claim").json()["results"]["bindings"]
    assert len(rows) == 1478
    for row in rows[::40]:
        path = row["claim"]["value"].removeprefix("https://w3id.org/isoc-kg/")
        answer = shipped.get(path)
        assert answer.status_code == 303
        page, _, anchor = answer.headers["location"].partition("#")
        assert f'id="{anchor}"' in shipped.get(page[1:]).text
    answer = shipped.get("claim/manrs.0000000000000000", "application/json")
    assert (answer.status_code, answer.json()["advice"]) == (404, "What is stated now: /id/manrs.html.")
    shown = shipped.get("claim/manrs.0000000000000000", BROWSER).text
    assert 'What is stated now: <a href="/id/manrs.html">/id/manrs.html</a>.' in shown
    assert "There is no statement at /claim/manrs." in shown
    assert "advice" not in shipped.get("claim/nothing.0000000000000000", "application/json").json()


def test_profiles(shipped: Running) -> None:
    """Plain leaves out the claims, rdf12 lets them reify; each names itself."""
    base = "https://w3id.org/isoc-kg/profile/"
    answer = shipped.get("id/manrs", "text/turtle", accept_profile=f"<{base}plain>, <{base}rdf12>;q=0.5")
    assert answer.headers["location"] == "/id/manrs.ttl?profile=plain"
    plain, whole, reified = (shipped.get(f"id/manrs.nt{query}") for query in ("?profile=plain", "", "?profile=rdf12"))
    assert "/claim/" not in plain.text
    assert "rdf-syntax-ns#subject" in whole.text
    assert "<<( " in reified.text
    assert "rdf-syntax-ns#subject" not in reified.text
    triples = {line for line in whole.text.splitlines() if not line.startswith("<https://w3id.org/isoc-kg/claim/")}
    assert triples == set(plain.text.splitlines())
    assert plain.headers["content-profile"] == f"<{base}plain>"
    assert whole.headers["content-profile"] == f"<{base}evidence>"
    assert shipped.get("id/manrs.jsonld?profile=rdf12").status_code == 406
    assert shipped.get("id/manrs.ttl?profile=none").status_code == 406


def test_what_is_not_there(shipped: Running) -> None:
    """404 and 406 as problem details, or as a page for who likes pages."""
    answer = shipped.get("id/nothing", "application/json")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404
    answer = shipped.get("id/manrs", "image/png")
    assert answer.status_code == 406
    assert "/id/manrs.ttl" in answer.json()["alternatives"]
    assert httpx.put(shipped.address + "id/manrs").status_code == 405
    assert httpx.delete(shipped.address + "id/manrs.ttl").headers["allow"] == "GET, HEAD, OPTIONS"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_that_errors_look_like_the_site(shipped: Running) -> None:
    """Whoever likes pages gets them in the site's frame, which leads on; programs get problem details as ever."""
    query = "SELECT * { ?s ?p }"
    bad = f"sparql?{urlencode({'query': query, 'format': 'csv'})}"
    long = "x" * 40_000
    for path, status, words in (
        ("id/nothing-like-it-anywhere", 404, "There is no such page"),
        ("api/queries/none", 404, "founders"),
        ("describe?iri=none", 400, "must be an absolute IRI"),
        ("id/manrs?format=none", 406, "Choose one of the available formats"),
        ("id/manrs.rdf?profile=rdf12", 406, "cannot hold RDF 1.2"),
        (bad, 400, "Open this query in the console"),
        (long, 414, "The address is too long"),
    ):
        page = shipped.get(path, BROWSER)
        assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8"), path
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store" or status == 414
        assert words in page.text, path
        assert f'<p class="kinds">{status} ' in page.text
        assert '<link rel="stylesheet" href="/theme/site.css">' in page.text
        assert '<header class="site">' in page.text
        data = shipped.get(path, "application/json")
        assert (data.status_code, data.headers["content-type"]) == (status, "application/problem+json"), path
        assert data.json()["status"] == status
    page = shipped.get(bad, BROWSER).text
    assert "SELECT * { ?s ?p }</pre>" in page
    assert 'href="/sparql.html?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%7D"' in page
    put = httpx.put(shipped.address + "id/manrs", headers={"accept": BROWSER})
    assert put.status_code == 405
    assert "This address does not accept this kind of request" in put.text
    cookies = httpx.get(shipped.address, headers={"accept": BROWSER, "cookie": "c" * 70_000})
    assert cookies.status_code == 431
    assert "Delete the cookies of this site" in cookies.text


def test_addresses_that_are_nearly_right(shipped: Running) -> None:
    """The page of what is not there names pages like it; without any it is the site's 404.html, to the byte."""
    for path, wanted in (
        ("id/MANRS", "/id/manrs.html"),
        ("manrs", "/id/manrs.html"),
        ("id/internet_society", "/id/internet-society.html"),
        ("id/internet-socitey.html", "/id/internet-society.html"),
        ("Downloads/dataset.htm", "/dataset.html"),
        ("id/IETF/", "/id/ietf.html"),
    ):
        page = shipped.get(path, BROWSER)
        assert page.status_code == 404
        assert "Did you mean …" in page.text, path
        assert f'<li><a href="{wanted}">' in page.text, path
        assert shipped.get(wanted[1:]).status_code == 200
    near = shipped.get("id/mansr", BROWSER).text.partition("Did you mean …")[2].partition("</ul>")[0]
    assert near.count("<li>") == 1
    assert '<li><a href="/id/manrs.html">Mutually Agreed Norms for Routing Security</a>' in near
    nothing = shipped.get("zzzz/qqqq", BROWSER)
    assert nothing.status_code == 404
    static = shipped.get("404.html").text  # which leads from the root of the host that kg.toml names
    assert nothing.text == static.replace('"/isoc-kg/', '"/')
    assert len(shipped.get("a" * 9_000, BROWSER).text) < 20_000


def test_head_and_options(shipped: Running) -> None:
    """HEAD is GET without content; OPTIONS says what may be asked, from anywhere."""
    whole, head = shipped.get("id/manrs.ttl"), httpx.head(shipped.address + "id/manrs.ttl")
    assert head.content == b""
    for name in ("etag", "content-type", "link", "vary"):
        assert head.headers[name] == whole.headers[name]
    options = httpx.options(shipped.address + "sparql", headers={"origin": "https://elsewhere.example"})
    assert options.status_code == 204
    assert "POST" in options.headers["access-control-allow-methods"]
    assert options.headers["access-control-allow-origin"] == "*"
    for path in ("id/manrs", "id/manrs.ttl", "id/none", "sparql", "api/queries", "health"):
        answer = shipped.get(path, origin="https://elsewhere.example")
        for name in ("access-control-allow-origin", "access-control-expose-headers"):
            assert answer.headers[name] == "*", path


def test_signposting(shipped: Running) -> None:
    """Level 2: cite-as, type, licence, collection, the data and the linkset, each of which is there."""
    link = shipped.get("id/manrs.html").headers["link"]
    found = dict(re.findall(r'<([^>]*)>; rel="([\w-]+)"', link))
    assert set(found.values()) >= {"cite-as", "type", "license", "collection", "describedby", "linkset"}
    for target, rel in found.items():
        if rel in ("describedby", "collection", "linkset"):
            assert httpx.get(httpx.URL(shipped.address + "id/manrs.html").join(target)).status_code == 200
    assert 'rel="describes"' in shipped.get("id/manrs.ttl").headers["link"]
    assert shipped.get("linkset.json").headers["content-type"] == "application/linkset+json"
    assert shipped.get(".well-known/void").headers["content-type"].startswith("text/turtle")


def test_every_file_is_that_of_the_site(tmp_path: Path) -> None:
    """Pages and data, byte for byte, but for the rules of other hosts."""
    target = tmp_path / "site"
    publish_project(load_project(ROOT), target)
    withdrawn = set(re.findall(r"^id:([a-z0-9-]+)", (ROOT / "facts" / "withdrawn.ttl").read_text(), re.MULTILINE))
    assert withdrawn
    with running("--project", ROOT, cwd=tmp_path) as server, httpx.Client() as client:
        count = 0
        for path in sorted(target.rglob("*")):
            name = path.relative_to(target).as_posix()
            if path.is_dir() or name in RULES or name.startswith("rules/"):
                continue
            answer = client.get(server.address + name, headers={"accept-encoding": "identity"})
            gone = name.startswith("id/") and name.removeprefix("id/").partition(".")[0] in withdrawn
            gone = gone and ".citations." not in name  # what was said of it can be cited all the same
            assert (answer.status_code, answer.content == path.read_bytes()) == (410 if gone else 200, True), name
            count += 1
    assert count > 1400


def test_conditions(shipped: Running) -> None:
    """Strong validators: one for each coding; 304 by tag and by date."""
    first = shipped.get("id/manrs.html", accept_encoding="identity")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    same = shipped.get("id/manrs.html", if_none_match=f'"other", W/{tag}', accept_encoding="identity")
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert "vary" in same.headers
    assert "content-type" not in same.headers
    assert shipped.get("id/manrs.html", if_none_match=tag, accept_encoding="br").status_code == 200  # another one
    assert shipped.get("id/manrs.html", if_none_match="*").status_code == 304
    assert shipped.get("id/manrs.html", if_match=tag, accept_encoding="identity").status_code == 200
    assert shipped.get("id/manrs.html", if_match='"other"').status_code == 412
    assert shipped.get("id/manrs.html", if_unmodified_since="Tue, 01 Jan 2019 00:00:00 GMT").status_code == 412
    assert shipped.get("id/manrs.html", if_none_match='"other"').status_code == 200
    assert (
        shipped.get(
            "id/manrs.html", if_none_match='"other"', if_modified_since=first.headers["last-modified"]
        ).status_code
        == 200
    )
    assert shipped.get("id/manrs.html", if_modified_since=first.headers["last-modified"]).status_code == 304
    assert shipped.get("id/manrs.html", if_modified_since="Tue, 01 Jan 2019 00:00:00 GMT").status_code == 200
    tags = {tag}
    for coding in ("br", "gzip"):
        packed = shipped.get("id/manrs.html", accept_encoding=coding)
        assert packed.headers["content-encoding"] == coding
        assert int(packed.headers["content-length"]) < len(first.content) / 2
        assert packed.content == first.content
        assert "Accept-Encoding" in packed.headers["vary"]
        tags.add(packed.headers["etag"])
    assert len(tags) == 3


def test_ranges(shipped: Running) -> None:
    """A part of a dump; the whole where the part is not what it was; 416 beyond its end."""
    whole = shipped.get("isoc-kg.nt", accept_encoding="identity")
    size = len(whole.content)
    part = shipped.get("isoc-kg.nt", range="bytes=100-199")
    assert (part.status_code, part.headers["content-range"]) == (206, f"bytes 100-199/{size}")
    assert part.content == whole.content[100:200]
    assert shipped.get("isoc-kg.nt", range="bytes=-10").content == whole.content[-10:]
    beyond = shipped.get("isoc-kg.nt", range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert beyond.json()["title"] == "Range Not Satisfiable"
    head = httpx.head(shipped.address + "isoc-kg.nt", headers={"range": "bytes=0-9", "accept-encoding": "identity"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(size))
    assert shipped.get("isoc-kg.nt", range="bytes=0-9", if_range='"other"').status_code == 200
    assert shipped.get("isoc-kg.nt", range="bytes=0-9", if_range=whole.headers["etag"]).status_code == 206
    assert shipped.get("isoc-kg.nt", range="lines=1-2").status_code == 200


def test_names_with_dots(tmp_path: Path) -> None:
    """What looks like a document and is a thing is negotiated each time, though answers are kept ready."""
    kg = (ROOT / "tests" / "projects" / "harbour" / "kg.toml").read_text().partition("[[document]]")[0]
    (tmp_path / "kg.toml").write_text(kg)
    (tmp_path / "one.nt").write_text(
        '<https://harbour.example/kg/document/log/1.5> <https://schema.org/name> "Log"@en .\n'
    )
    with running("--project", tmp_path, tmp_path / "one.nt", cwd=tmp_path) as server:
        for _ in range(2):
            for accept, extension in (("text/html", "html"), ("text/turtle", "ttl"), ("application/ld+json", "jsonld")):
                answer = server.get("document/log/1.5", accept)
                assert answer.headers["location"] == f"/document/log/1=2e5.{extension}"


def test_a_linked_data_client(shipped: Running) -> None:
    """Rdflib follows the redirection, asks for what it can read, and finds the IRIs as authored."""
    graph = rdflib.Graph().parse(shipped.address + "id/manrs")
    year = graph.value(
        rdflib.URIRef("https://w3id.org/isoc-kg/id/manrs"), rdflib.URIRef("https://schema.org/foundingDate")
    )
    assert str(year) == "2014"


def test_any_iri(shipped: Running) -> None:
    """`describe?iri=` leads to what is said about an IRI, whoever's it is, as the IRI itself would."""
    base = "https://w3id.org/isoc-kg/"
    answer = shipped.get(f"describe?iri={base}id/manrs", "text/turtle")
    assert (answer.status_code, answer.headers["location"]) == (303, "/id/manrs.ttl")
    term = shipped.get("describe?iri=https://schema.org/Project", "text/html")
    assert shipped.get(term.headers["location"][1:]).status_code == 200
    assert shipped.get("describe?iri=https://schema.org/Project", "text/turtle").status_code == 406  # a page alone
    unit = shipped.get(f"describe?iri={base}document/internet-society-term/1%232.2", "text/html")
    assert unit.headers["location"] == "/document/internet-society-term/1.html#2.2"
    assert shipped.get("describe?iri=https://nobody.example/").status_code == 404
    for unseen in ("%E2%80%AE", "%E2%80%A8", "%C2%AD"):  # RDF allows them, and a terminal does not get them
        answer = shipped.get(f"describe?iri=https://nobody.example/{unseen}")
        assert answer.status_code == 404
        assert answer.json()["detail"].isascii() or unseen == "%C2%AD"
    for none in ("describe", "describe?iri=x", "describe?iri=http://a/%3E%20", "describe?iri=http://a/%0d%0a"):
        assert shipped.get(none).status_code == 400


def test_withdrawn_things(harbour: Path) -> None:
    """410 with the page, or the data, and what came in its place."""
    (harbour / "facts" / "withdrawn.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix id: <https://harbour.example/kg/id/> . @prefix schema: <https://schema.org/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'id:old-crane owl:deprecated true {| skos:editorialNote "Taken down."@en |} ;\n'
        'dcterms:isReplacedBy id:cranes {| skos:editorialNote "Taken down."@en |} .\n'
    )
    with running("--project", harbour, cwd=harbour) as server:
        for accept, start in (("text/html", "<!doctype html>"), ("text/turtle", "@prefix")):
            answer = server.get("id/old-crane", accept)
            assert answer.status_code == 410
            assert answer.text.startswith(start)
            assert "cranes" in answer.text
            assert '<https://harbour.example/kg/id/cranes>; rel="successor-version"' in answer.headers["link"]
        assert server.get("id/old-crane.html").status_code == 410
        assert server.get("id/cranes", "text/html").status_code == 303


def test_claims_that_were_retracted(lighthouse: Path) -> None:
    """Their IRIs lead to their statements with the reason, also where nothing else is said of their subject: 200."""
    (lighthouse / "facts" / "bell.ttl").write_text(
        "@prefix id: <https://lighthouse.example/kg/id/> . @prefix schema: <https://schema.org/> .\n"
        "@prefix ev: <https://w3id.org/isoc-kg/evidence#> .\n"
        "@prefix l: <https://lighthouse.example/kg/document/logbook/1#> .\n"
        'id:bell a schema:Thing {| ev:impliedBy l:2.1 ; ev:retracted "There was none."@en |} .\n'
    )
    with running("--project", lighthouse, cwd=lighthouse) as server:
        query = "SELECT ?claim ?reason { ?claim ev:retracted ?reason } ORDER BY ?claim"
        rows = server.query(query).json()["results"]["bindings"]
        assert [row["reason"]["value"] for row in rows] == [
            "There was none.",
            "The line is about the lamp of the boat.",
        ]
        for row in rows:
            answer = server.get(row["claim"]["value"].removeprefix("https://lighthouse.example/kg/"), "text/html")
            assert answer.status_code == 303
            page, _, anchor = answer.headers["location"].partition("#")
            shown = server.get(page[1:])
            assert shown.status_code == 200
            assert re.search(rf'id="{anchor}".*?Retracted.*?{row["reason"]["value"]}', shown.text, re.DOTALL)
        answer = server.get("id/bell", "text/turtle")
        assert answer.status_code == 303
        data = server.get(answer.headers["location"][1:]).text
        assert "There was none." in data
        assert not re.search("^id:bell", data, re.MULTILINE)
        assert server.query("ASK { id:bell ?p ?o }").json()["boolean"] is False


def test_behind_a_proxy(tmp_path: Path) -> None:
    """Below a path, links lead where the server is told that it lives; a forged host changes nothing."""
    with running("--project", ROOT, "--base", "https://data.example/kg/", cwd=tmp_path) as server:
        forged = {
            "host": "evil.example",
            "x-forwarded-host": "evil.example",
            "forwarded": "host=evil.example;proto=http",
        }
        for path in ("id/manrs", "kg/id/manrs"):
            answer = httpx.get(server.address + path, headers={**forged, "accept": "text/turtle"})
            assert answer.headers["location"] == "/kg/id/manrs.ttl"
        page = httpx.get(server.address + "id/manrs.html", headers=forged)
        assert '<link rel="canonical" href="https://data.example/kg/id/manrs.html">' in page.text
        assert "evil" not in page.text + str(page.headers)
        description = httpx.get(server.address + "sparql", headers={**forged, "accept": "text/turtle"})
        assert "<https://data.example/kg/sparql>" in description.text
        assert "https://w3id.org/isoc-kg/id/manrs" in httpx.get(server.address + "id/manrs.nt").text


def test_below_a_path(tmp_path: Path) -> None:
    """With the path alone: links lead below it, whatever host they are followed at."""
    with running("--project", ROOT, "--root-path", "kg/", cwd=tmp_path) as server:
        for path in ("id/manrs", "kg/id/manrs"):
            answer = server.get(path, "text/turtle")
            assert answer.headers["location"] == "/kg/id/manrs.ttl"
        assert server.get("kg/id/manrs.ttl").status_code == 200
        assert "</kg/linkset.json>" in server.get("id/manrs.ttl").headers["link"]
        openapi = server.get("kg/api/openapi.json").json()
        assert openapi["servers"] == [{"url": f"{server.address}kg"}]
    for wrong in (["--root-path", "/a b"], ["--root-path", "/kg", "--base", "https://a.example/"]):
        done = subprocess.run(
            [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", *wrong],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_any_rdf(tmp_path: Path) -> None:
    """Files that are nobody's project are served as well: pages, data, SPARQL."""
    (tmp_path / "one.ttl").write_text(
        '<https://other.example/a> <https://schema.org/name> "A & <b>"@en ; <urn:p> <https://other.example/c> .'
    )
    with running(tmp_path / "one.ttl", cwd=tmp_path) as server:
        rows = server.query("SELECT ?n { ?s schema:name ?n }").json()["results"]["bindings"]
        assert [row["n"]["value"] for row in rows] == ["A & <b>"]
        listing = server.get("browse/index.html").text
        path = re.search(r'href="\.\./(resource/[^"]+)\.html"', listing)
        assert path
        page = server.get(path[1] + ".html").text
        assert "<h1>A &amp; &lt;b&gt;</h1>" in page
        assert b"other.example/c" in server.get(path[1] + ".nt").content
        assert server.get("data.ttl").status_code == 200


@pytest.fixture(scope="module")
def open_client(shipped: Running) -> Iterator[httpx.Client]:
    """One connection."""
    with httpx.Client(base_url=shipped.address, timeout=30) as client:
        yield client


ranges = st.lists(
    st.tuples(
        st.sampled_from(
            [format_.media_type for format_ in FORMATS]
            + ["text/html", "*/*", "text/*", "image/png", "x", ";;", "a/b;c=d"]
        ),
        st.sampled_from(["", ";q=0", ";q=0.5", ";q=1.0", ";q=2", ";q=x", "; q=0.123"]),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(ranges=ranges)
def test_any_accept_header(open_client: httpx.Client, ranges: list[tuple[str, str]]) -> None:
    """303 or 406, never anything else, and what is sent is what the header takes."""
    accept = ", ".join(name + quality for name, quality in ranges)
    answer = open_client.get("id/manrs", headers={"accept": accept})
    assert answer.status_code in (303, 406)
    if answer.status_code == 303:
        extension = answer.headers["location"].rpartition(".")[2]
        type_ = next((f.media_type for f in DATA if f.extension == extension), "text/html")
        group = type_.partition("/")[0] + "/*"
        named = {name for name, quality in ranges if quality not in (";q=0", ";q=2", ";q=x")}
        assert not accept.strip(", ") or named & {type_, group, "*/*"} or not any("/" in name for name, _ in ranges)


@pytest.mark.parametrize(
    "path",
    [
        "", "id/manrs", "id/manrs.ttl", "id/manrs.html", "index.html", "browse/index.html", "isoc-kg.nt", "dataset",
        "ontology", "query/founded-in", "graph/facts", "graph-store?default", "sparql", "sparql?query=ASK%7B%7D",
        "api/queries", "api/queries/founded-in", "api/openapi.json", "linkset.json",
        "describe?iri=https://w3id.org/isoc-kg/id/manrs",
    ],
)  # fmt: skip
def test_formats_that_nothing_has(shipped: Running, path: str) -> None:
    """They are refused, with those that there are, wherever they are asked for."""
    separator = "&" if "?" in path else "?"
    for wanted in ("nonsense", "application/x-none", "ttl%00", "../ttl"):
        answer = shipped.get(f"{path}{separator}format={wanted}")
        assert answer.status_code in (400, 406), (wanted, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["alternatives"]
    if not path.startswith(("graph", "sparql", "api")):
        answer = shipped.get(f"{path}{separator}profile=nonsense")
        assert (answer.status_code, answer.json()["alternatives"]) == (406, ["evidence", "plain", "rdf12"])
