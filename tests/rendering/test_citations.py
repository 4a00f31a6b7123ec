"""What of a publication is cited, on pages and on the command line: whose it is, what is behind it."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.namespaces import DCTERMS, EV, OA, RDF, SCHEMA
from isoc_kg.project import Project, load_project
from isoc_kg.publication.citation import CITATION_FORMATS, Citation, csl_json
from isoc_kg.publication.cited import cite_dataset, cite_document, cite_thing
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.citations import CITATIONS, claim_citation
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of

Run = Callable[..., SimpleNamespace]
LOGBOOK = "Logbook of the lighthouse, edition 1"


@pytest.fixture
def renderer(lighthouse: Path) -> Renderer:
    return renderer_of(Publication.of_project(load_project(lighthouse)), "https://host.example/")


def pages(renderer: Renderer) -> dict[str, str]:
    made = (page for bundle in bundles(renderer) for page in bundle.render())
    return {name: content.decode() for name, content in made if name.endswith(".html")}


def forms(page: str) -> list[dict[str, str]]:
    """The citations of a page, each as its forms by name."""
    blocks = re.findall(r'<(details|section)( id="[0-9a-f]+")? class="cite" data-verb(.*?)</\1>', page, re.DOTALL)
    blocks = [block[2] for block in blocks]
    rows = [re.findall(r"<p>(?:<span>)?([^<]*)(?:</span>)?</p><pre>(.*?)</pre>", block, re.DOTALL) for block in blocks]
    return [{name: unescape(text) for name, text in row} for row in rows]


def test_a_document_is_its_authors(renderer: Renderer) -> None:
    """Author, publisher, date and address are the document's own; one of which little is known is cited by that."""
    ids = renderer.project.ids
    editions = [edition for edition, _ in renderer.index.editions()]
    cited = {one.title: one for one in (cite_document(renderer.sources, edition) for edition in editions)}
    logbook = cited[LOGBOOK]
    assert logbook.authors == ("Edda Holm",)
    assert logbook.publishers == ("https://lighthouse.example/friends",)
    assert (logbook.date, logbook.url) == ("1902-05-01", "https://lighthouse.example/archive/logbook")
    assert ids.document("") in logbook.note
    chronicle = cited["Chronik der Küste, Ausgabe 1"]
    assert (chronicle.authors, chronicle.publishers, chronicle.date) == ((), ("Küstenverein",), "1955")
    assert (chronicle.url, chronicle.language) == ("", "de")
    assert all(renderer.project.creator not in one.authors for one in cited.values())


def test_a_statement_names_what_is_behind_it(renderer: Renderer) -> None:
    """Whether a unit says or implies it, which unit of which document, then the publication, version and claim."""
    project, seen = renderer.project, set()
    for token in renderer.index.subjects:
        for statement in renderer.index.resource(token).statements:
            if (claim := statement.claim) is None:
                continue
            cited = claim_citation(renderer, statement, claim)
            seen |= {implied for _, implied in claim.units}
            for unit, implied in claim.units:
                edition, _, number = unit.partition("#")
                how = "implied by" if implied else "supported by"
                assert re.search(rf"{how} [^;]*\b{re.escape(number)}\b[^;]*", cited.note)
                assert renderer.sources.edition_text(edition) in cited.note
            for unit in claim.contradicting:
                assert re.search(rf"contradicted by [^;]*\b{re.escape(unit.partition('#')[2])}\b", cited.note)
            assert cited.text.endswith(claim.iri)
            assert cited.url == claim.iri
            assert cited.note in cited.text
            assert project.title in cited.text
            assert (cited.container, cited.version) == (project.title, project.version or "")
            if claim.retracted:
                assert cited.note.startswith("retracted")
    assert False in seen


def test_pages(renderer: Renderer) -> None:
    """Each statement, thing, document and the dataset have all forms, statements in the file beside their page."""
    made = pages(renderer)
    thing, beside = made["id/ravens-point-light.html"], made["id/ravens-point-light.citations.html"]
    anchors = re.findall(r'<li id="([0-9a-f]{16})" class="statement">', thing)
    assert len(forms(thing)) == 1
    assert len(forms(beside)) == len(anchors) >= 10
    assert sorted(re.findall(r'<section id="([0-9a-f]{16})"', beside)) == sorted(anchors)
    texts = {one["Text"] for one in forms(beside)}
    for anchor in anchors:
        assert f'href="../id/ravens-point-light.citations.html#{anchor}"' in thing
        assert f'href="ravens-point-light.html#{anchor}"' in beside
    shown = re.findall(r'<details class="cite"><summary>Cite</summary><p>(.*?)</p>', thing)
    assert set(map(unescape, shown)) == texts
    for one in forms(thing) + forms(beside):
        assert [name for name in one if name != "Turtle"] == ["Text", "BibTeX", "CSL-JSON", "RIS"]
        (item,) = json.loads(one["CSL-JSON"])
        assert one["BibTeX"].count(item["URL"].replace("_", r"\_")) == 1
        assert f"UR  - {item['URL']}" in one["RIS"]
    for name, page in made.items():
        assert page.count('class="Z3988"') <= (len(forms(page)) if CITATIONS in name else 1), name
        for one in forms(page):
            json.loads(one["CSL-JSON"])
    document = next(
        page for name, page in made.items() if LOGBOOK in forms(page)[:1].__repr__() and "document/" in name
    )
    (coins,) = re.findall(r'<span class="Z3988" hidden title="(.*?)"', document)
    read = parse_qs(unescape(coins), strict_parsing=True)
    assert (read["rft.aucorp"], read["rft.type"], read["rft.date"]) == (["Edda Holm"], ["document"], ["1902-05-01"])
    said = [tuple(map(unescape, pair)) for pair in re.findall(r'<meta name="(DCTERMS.*?)" content="(.*?)">', document)]
    assert {("DCTERMS.title", LOGBOOK), ("DCTERMS.creator", "Edda Holm"), ("DCTERMS.issued", "1902-05-01")} <= {*said}
    assert 'name="DCTERMS.title" content="lighthouse on Ravens Point"' in thing
    (item,) = json.loads(forms(made["dataset.html"])[0]["CSL-JSON"])
    assert (item["type"], item["title"]) == ("dataset", renderer.project.title)


def test_what_is_not_known(renderer: Renderer) -> None:
    """What `kg.toml` says to be unknown is said on the edition's page, behind statements, and in citations."""
    made = pages(renderer)
    with_unknown = [source for source in renderer.project.documents if source.unknown]
    assert with_unknown
    for source in renderer.project.documents:
        edition = renderer.project.ids.edition(source.slug, source.edition)
        page = made[f"{renderer.addresses.page(edition)[0]}.html"]
        names = ", ".join(source.unknown)
        assert (f"Not known of this document: {names}." in page) == bool(names)
        cited = cite_document(renderer.sources, edition)
        assert (f"(not known: {names}" in cited.text) == bool(names)
        assert cited.undated == ("date" in source.unknown)
        for write in (form for _, form in CITATION_FORMATS.values()):
            assert ("ot known: " in write(cited)) == bool(names)
    assert any(f"(not known: {', '.join(with_unknown[0].unknown)})" in page for name, page in made.items()
               if name.startswith("id/") and CITATIONS not in name)  # fmt: skip


def turtle(page: str) -> dict[str, str]:
    """Anchor → the Turtle of a statement, as page scripts put it together."""
    texts = dict(re.findall(r'<pre id="([\w-]+)">(.*?)</pre>', page, re.DOTALL))
    found = re.findall(
        r'<section id="([0-9a-f]{16})"[^>]* data-needs="([^"]*)".*?<pre class="turtle">(.*?)</pre>', page, re.DOTALL
    )
    return {
        anchor: unescape("\n\n".join([texts["prefixes"], own, *map(texts.__getitem__, needs.split())]))
        for anchor, needs, own in found
    }


def test_turtle_stands_alone(renderer: Renderer, lighthouse: Path, tmp_path: Path) -> None:
    """The Turtle of a statement parses, carries claim, units and source as published, and conforms by itself."""
    published = {
        (q.subject, q.predicate, q.object) for q in ox.parse(b"".join(renderer.index.lines), ox.RdfFormat.N_QUADS)
    }
    ids = renderer.project.ids
    made = pages(renderer)
    alone: dict[tuple[str, str], str] = {}
    for name in ("ravens-point-light", "foghorn"):
        for anchor, text in turtle(made[f"id/{name}.citations.html"]).items():
            triples = list(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
            assert {(one.subject, one.predicate, one.object) for one in triples} <= published
            claim = ox.NamedNode(f"{ids.claims}{name}.{anchor}")
            said = {one.predicate.value: one.object for one in triples if one.subject == claim}
            stated = any((one.predicate, one.object) == (said[RDF.predicate], said[RDF.object])
                         for one in triples if one.subject == said[RDF.subject])  # fmt: skip
            assert stated != (EV.retracted in said or said[RDF.object] == ox.Literal(33))
            units = {one.object for one in triples if one.predicate.value in (EV.supportedBy, EV.impliedBy)}
            told = {(one.subject, one.predicate.value) for one in triples}
            assert units
            for unit in units:
                assert {(unit, EV.unitKind), (unit, OA.hasSource), (unit, SCHEMA.sha256)} <= told
                edition = ox.NamedNode(unit.value.partition("#")[0])
                assert {(edition, DCTERMS.title), (edition, DCTERMS.isVersionOf)} <= told
            alone[said[RDF.predicate].value, str(said[RDF.object])] = text
    # the Turtle that is shown has the prefixes that it uses
    shown = re.findall(r'<pre class="turtle">(.*?)</pre>', made["id/foghorn.citations.html"], re.DOTALL)
    assert all(list(ox.parse(unescape(text).encode(), ox.RdfFormat.TURTLE)) for text in shown)
    # one that others contradict, one that was retracted; shapes of a class may ask for more than one statement
    light = f"{renderer.project.base}ontology#"
    for key in (
        (light + "litIn", '"1873"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (light + "burns", f"<{ids.things}paraffin>"),
    ):
        file = tmp_path / "one.ttl"
        file.write_text(alone[key], encoding="utf-8")
        report = KnowledgeGraph.load(file, project=lighthouse).validate()
        assert report.conforms, (alone[key], report)


def test_data_without_a_maker(harbour: Path) -> None:
    """RDF that names no maker is not cited: nobody is made its author."""
    any_rdf = Publication.of_files(Project.of_files(), [harbour / "ontology" / "harbour.ttl"])
    renderer = renderer_of(any_rdf, "")
    assert cite_dataset(renderer.sources) is None
    assert cite_thing(renderer.sources, renderer.index.subjects[0]) is None
    assert cite_thing(renderer.sources, iri_token("https://e.example/a")) is None
    assert not any(forms(page) for page in pages(renderer).values())


def test_hostile_names(harbour: Path) -> None:
    """A title with markup, braces and tags stays a text in each form on the page."""
    kg = harbour / "kg.toml"
    title = "}}<script>alert(1)</script></pre> & {{"
    kg.write_text(re.sub(r'(?m)^title = ".*"$', f"title = '{title}'", kg.read_text(encoding="utf-8"), count=1), "utf-8")
    renderer = renderer_of(Publication.of_project(load_project(harbour)), "")
    page = pages(renderer)["dataset.html"]
    assert "<script>alert" not in page
    (one,) = forms(page)
    (item,) = json.loads(one["CSL-JSON"])
    assert item["title"] == title
    assert f"TI  - {title}\n" in one["RIS"]


def test_command(cli: Run, lighthouse: Path) -> None:
    """By claim, thing, document or without a name; each format; unknown names are refused."""
    at = ("--project", lighthouse)
    project = load_project(lighthouse)
    assert project.ids.dataset in cli("cite", *at).stdout
    assert cli("cite", "ravens-point-light", *at, "--format", "ris").stdout.startswith("TY  - GEN\nID  - ravens-point")
    claim = re.search(r"claim:\S+(?=\))", cli("evidence", "show", "1.1", *at).stdout)
    assert claim
    (item,) = json.loads(cli("cite", claim[0], *at, "--format", "csl").stdout)
    assert item["URL"] == project.ids.claims + claim[0].removeprefix("claim:")
    assert cli("cite", item["URL"], *at).stdout.rstrip().endswith(item["URL"])
    slug = project.documents[0].slug
    by_slug = cli("cite", slug, *at, "--format", "bibtex").stdout
    assert by_slug.startswith(f"@misc{{{slug}-")
    edition = project.ids.edition(slug, project.documents[0].edition)
    assert cli("cite", edition, *at, "--format", "bibtex").stdout == by_slug
    for unknown in ("claim:nothing.0123456789abcdef", "Nothing of that name"):
        done = cli("cite", unknown, *at, code=2)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr


def test_complete_without_scripts(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Turtle that is shown has unit, digest and edition itself; with much of it, what is shared stands once."""
    page = pages(renderer)["id/foghorn.citations.html"]
    shown = [unescape(text) for text in re.findall(r'<pre class="turtle">(.*?)</pre>', page, re.DOTALL)]
    for text in shown:
        triples = list(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
        told = {(one.subject, one.predicate.value) for one in triples}
        units = {one.object for one in triples if one.predicate.value in (EV.supportedBy, EV.impliedBy)}
        assert all({(unit, SCHEMA.sha256), (unit, OA.hasSource)} <= told for unit in units)
    assert 'id="sources" hidden' in page
    whole = turtle(page)
    monkeypatch.setattr("isoc_kg.rendering.citations._MOST_BYTES", 0)
    folded = pages(renderer)["id/foghorn.citations.html"]
    assert 'id="source-1"' in folded
    triples = {anchor: {*ox.parse(text.encode(), ox.RdfFormat.TURTLE)} for anchor, text in whole.items()}
    assert {
        anchor: {*ox.parse(text.encode(), ox.RdfFormat.TURTLE)} for anchor, text in turtle(folded).items()
    } == triples


def test_markup_of_a_title_is_shown(tmp_path: Path) -> None:
    """What looks like CSL's markup stays what it is, to the letter but for a character that nobody sees."""
    title = 'The <i>Anna</i> & H<sub>2</sub>O <span class="nocase">x</span> 1 < 2 <em>z</em>'
    citation = Citation("entry", "a", "", title, authors=("Ada <b>Holm</b>",), container="C<sup>2</sup>")
    (item,) = json.loads(csl_json(citation))
    assert item["title"].replace("\u2060", "") == title
    assert not re.search("</?(i|b|sc|su[bp]|span)[ >]", json.dumps(item))
    assert json.loads(csl_json(replace(citation, title="1 < 2 <em>")))[0]["title"] == "1 < 2 <em>"
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    (tmp_path / "c.json").write_text(csl_json(citation), encoding="utf-8")
    (tmp_path / "c.md").write_text("[@a]\n", encoding="utf-8")
    command = ["pandoc", "--citeproc", "--bibliography", "c.json", "--wrap=none", "-t", "plain", "c.md"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    for text in ("<i>Anna</i>", "H<sub>2</sub>O", "Ada <b>Holm</b>"):
        assert text.casefold() in shown.replace("\u2060", "").casefold()
