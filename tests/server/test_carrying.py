"""What one format cannot carry costs that format alone, on the server and in a site."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.site import publish_site

from .running import Running, running

DATA = r"""
PREFIX : <http://e.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
:feed rdfs:label "a form feed: \u000C" .
:nameless rdfs:label "no name" ; <http://e.org/prop/> :plain .
:quoted rdfs:label "quoted" ; :says <<( :a :p :b )>> .
:written rdfs:label "right to left"@ar--rtl .
:plain rdfs:label "plain" .
"""
#: Who is not there in which formats.
MISSING = {"feed": {"rdf"}, "nameless": {"rdf"}, "plain": {"rdf"}, "quoted": {"rdf", "jsonld"},
           "written": {"rdf", "jsonld"}}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A file of such triples, served."""
    folder = tmp_path_factory.mktemp("carrying")
    (folder / "data.ttl").write_text(DATA, encoding="utf-8")
    with running("data.ttl", cwd=folder) as found:
        yield found


@pytest.mark.parametrize("name", MISSING)
def test_things(server: Running, name: str) -> None:
    """Each format is served or answers 406 with the triple; nothing leads to one that is not there."""
    page = server.get(f"describe?iri=http://e.org/{name}&format=html").headers["location"].lstrip("/")
    for extension in ("html", "ttl", "nt", "jsonld", "rdf"):
        reply = server.get(page.replace(".html", f".{extension}"))
        negotiated = server.get(f"describe?iri=http://e.org/{name}&format={extension}")
        if extension in MISSING[name]:
            assert reply.status_code == negotiated.status_code == 406
            assert "cannot carry this triple" in reply.json()["detail"]
            assert "cannot carry this triple" in negotiated.json()["detail"]
        else:
            assert reply.status_code == 200
            assert negotiated.status_code == 303
            for missing in MISSING[name]:
                assert f".{missing}" not in reply.headers["link"]
                if extension == "html":
                    assert f'.{missing}"' not in reply.text
    accept = "application/rdf+xml, text/turtle;q=0.5"
    assert server.get(f"describe?iri=http://e.org/{name}", accept).headers["location"].endswith(".ttl")


def test_whole(server: Running) -> None:
    """Home, the data files and the pages about everything."""
    for path in ("", "data.ttl", "data.nt", "data.nq", "data.trig", "about.html", "sitemap.xml", "linkset.json"):
        assert server.get(path).status_code == 200, path
    for path in ("data.rdf", "data.jsonld"):
        reply = server.get(path)
        assert reply.status_code == 406, path
        assert "cannot carry this triple" in reply.json()["detail"]


def test_results(server: Running) -> None:
    """XML that cannot be written is refused by name; other formats have it."""
    text = "SELECT ?o { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'form feed')) }"
    assert server.query(text).json()["results"]["bindings"][0]["o"]["value"].endswith("\f")
    reply = server.query(text, "application/sparql-results+xml")
    assert reply.status_code == 406
    assert "U+000C" in reply.json()["detail"]
    reply = server.query("SELECT (BNODE('a') AS ?b) {}")
    assert "BNODE" in reply.headers["x-result-note"]
    assert reply.json()["results"]["bindings"][0]["b"]["value"] == "b0"


def test_site(tmp_path: Path) -> None:
    """A site leaves the files out, says so, and no link or alternate leads to them."""
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    publication = Publication.of_files(load_project(None), [tmp_path / "data.ttl"])
    done = publish_site(publication, tmp_path / "site")
    assert [re.match(r"warning: (.*?) cannot carry (.*?) of", text).groups() for text in done.warnings] == [  # type: ignore[union-attr]
        ("JSON-LD", "2 triples"), ("RDF/XML", "4 triples"),
    ]  # fmt: skip
    assert not (tmp_path / "site" / "data.rdf").exists()
    assert (tmp_path / "site" / "data.ttl").exists()
    for page in (tmp_path / "site" / "resource").glob("*.html"):
        for name in re.findall(r'href="([^"/:#]+\.(?:rdf|jsonld|ttl|nt))"', page.read_text(encoding="utf-8")):
            assert (page.parent / name).is_file(), name
