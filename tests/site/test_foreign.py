"""A site, and a server, of RDF that belongs to no project: nothing of ours is in it, and no link leads nowhere."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from isoc_kg.cli import cli
from server.running import running

from material import ROOT

TEA = """
@prefix tea: <http://tea.example/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<http://tea.example/ns> a owl:Ontology ; dcterms:title "Kinds of tea"@en ; dcterms:creator "Ann Leaf" ;
  dcterms:license <http://tea.example/free> ; owl:versionInfo "3.2" ; dcterms:description "What tea there is."@en .
tea:Tea a owl:Class ; rdfs:label "tea"@en, "Tee"@de .
tea:mint a tea:Tea ; rdfs:label "mint" ; tea:with [ tea:amount 2 ; tea:of tea:water ] .
tea:water rdfs:label "water" .
"""
#: The program is named where a command or a note is about it.
OURS = re.compile(r"isoc(?!-kg(?: query|;))|data\.invalid|Internet Society|CC BY|evidence|sentence", re.IGNORECASE)


def crawl(read: Callable[[str], str | None]) -> dict[str, str]:
    """Path → page of all that is reached from the home page; every link within leads to something."""
    pages: dict[str, str] = {}
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        text = read(path)
        assert text is not None, f"a link leads to {path}, where nothing is"
        pages[path] = text
        if path.endswith(".html"):
            for link in re.findall(r'(?:href|src|action)="([^"]*)"', text):
                target = urlsplit(urljoin(f"http://site.example/{path}", link.replace("&amp;", "&")))
                if target.netloc == "site.example":
                    waiting.append(unquote(target.path[1:]) or "index.html")
    return pages


def shown(pages: dict[str, str]) -> dict[str, str]:
    """What the pages and the data say; scripts and the texts that scripts choose from apart."""
    texts = {path: text for path, text in pages.items() if not path.startswith(("scripts/", "theme/"))}
    return {path: re.sub("<script.*?</script>", "", text, flags=re.DOTALL) for path, text in texts.items()}


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """An ontology of tea, in a folder without a project."""
    file = tmp_path / "tea.ttl"
    file.write_text(TEA)
    return file


@pytest.fixture
def published(tea: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its site, published without an address."""
    monkeypatch.chdir(tea.parent)
    result = CliRunner().invoke(cli, ["publish", "tea.ttl", "-o", "site"])
    assert result.exit_code == 0, result.output
    assert "--base" in result.stdout
    return tea.parent / "site"


def test_a_static_site(published: Path) -> None:
    """Titled by the data, with their licence; all links lead somewhere; every triple is there."""

    def read(path: str) -> str | None:
        file = published / path
        return file.read_bytes().decode(errors="replace") if file.is_file() else None

    pages = crawl(read)
    assert len(pages) > 12
    assert not [path for path, text in shown(pages).items() if OURS.search(text)]
    home = pages["index.html"]
    assert "<h1>Kinds of tea</h1>" in home
    assert "What tea there is." in home
    assert '<a rel="license" href="http://tea.example/free">' in home
    about = pages["about.html"]
    assert "Ann Leaf" in about
    assert "3.2" in about
    assert "canonical" not in home
    assert not (published / "sitemap.xml").exists()
    triples = set(ox.parse(path=published / "data.nt"))
    assert len(triples) == len(set(ox.parse(TEA, format=ox.RdfFormat.TURTLE)))
    for name in ("ttl", "jsonld", "rdf", "nq", "trig"):
        text = (published / f"data.{name}").read_text()
        assert not OURS.search(text)


def test_a_site_with_an_address(tea: Path) -> None:
    """IRIs below the address have their pages at their paths."""
    result = CliRunner().invoke(
        cli, ["publish", str(tea), "-o", str(tea.parent / "site"), "--base", "https://tea.example/kg/"]
    )
    assert result.exit_code == 0, result.output
    page = (tea.parent / "site" / "index.html").read_text()
    assert '<link rel="canonical" href="https://tea.example/kg/index.html">' in page
    assert (tea.parent / "site" / "sitemap.xml").is_file()


@pytest.mark.parametrize("base", [None, "https://tea.example/kg/"])
def test_iris_that_look_like_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str | None) -> None:
    """Below the address, IRIs of the data are their maker's: each has a page, and no rule takes them for ours."""
    names = ["query/q", "graph/g", "claim/c", "claim/c.0123456789abcdef", "dataset", "ontology", "id/x"]
    text = "".join(f'<https://tea.example/kg/{name}> <http://e.example/p> "{name}" .\n' for name in names)
    (tmp_path / "tea.nt").write_text(text)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["publish", "tea.nt", "-o", "site", *(["--base", base] if base else [])])
    assert result.exit_code == 0, result.output

    def read(path: str) -> str | None:
        file = tmp_path / "site" / path
        return file.read_bytes().decode(errors="replace") if file.is_file() else None

    pages = crawl(read)
    data = "".join(path.read_text() for path in (tmp_path / "site").rglob("resource/*.nt"))
    assert all(f'"{name}"' in data for name in names)
    assert len([path for path in pages if path.startswith("resource/") and path.endswith(".html")]) == len(names)
    for rules in (".htaccess", "rules/nginx-site.conf"):
        assert "claim/" not in (tmp_path / "site" / rules).read_text()


def test_a_server(tea: Path) -> None:
    """As the site, by HTTP; the description of the endpoint says nothing of ours either."""
    with running(tea.name, cwd=tea.parent) as server:

        def read(path: str) -> str | None:
            answer = httpx.get(server.address + path, follow_redirects=True, headers={"accept": "*/*"})
            return answer.text if answer.status_code == 200 else None

        pages = crawl(read)
        pages["about"] = server.get("about", "application/json").text
        pages["sparql"] = server.get("sparql", "text/turtle").text
        pages["api/queries"] = server.get("api/queries").text
        pages["linkset.json"] = server.get("linkset.json").text
        assert not [path for path, text in shown(pages).items() if OURS.search(text)]
        assert server.get("", "text/turtle").headers["location"] == "/data.ttl"
        assert server.get("data.ttl").status_code == 200
        assert 'rel="license"' in server.get("index.html").headers["link"]
        assert (
            server.query("SELECT ?x { ?x a tea:Tea }").json()["results"]["bindings"][0]["x"]["value"].endswith("mint")
        )


def test_a_dump_of_a_publication_keeps_its_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims are known by their form: the sentences stand on the pages, though no project is named."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["publish", str(ROOT / "out" / "isoc-kg.nq"), "-o", "site"])
    assert result.exit_code == 0, result.output
    assert 'href="../document/' in (tmp_path / "site" / "id" / "manrs.html").read_text()


def test_formats_that_are_left_out_are_named_as_such(tmp_path: Path) -> None:
    """The warning advises nothing that a publication cannot do; the page about it promises no format in any case."""
    data = tmp_path / "d.ttl"
    data.write_text('<http://e/a> <http://e/p> "1\\b"@ja ; <http://e/q> "x" .', encoding="utf-8")
    done = CliRunner().invoke(cli, ["publish", str(data), "--output", str(tmp_path / "site")])
    assert done.exit_code == 0
    assert "RDF/XML cannot carry a triple of the data, so it is left out" in done.stderr
    assert "Choose another format" not in done.stderr
    about = (tmp_path / "site" / "about.html").read_text(encoding="utf-8")
    assert "as far as a format can represent them" in about
