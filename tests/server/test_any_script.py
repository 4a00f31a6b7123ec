"""Local names in any script: refused unless `kg.toml` allows them, then IRIs, files and addresses that agree."""

import unicodedata
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.iris import Identifiers, is_local_name, local_name_of
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.addresses import Addresses
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.http.problems import Problem
from isoc_kg.site import publish_project
from language_projects import HEAD, ONTOLOGY, TOML, WORDS

NOTE = '{| skos:editorialNote "注記"@ja |}'


def project(folder: Path, *, allowed: bool = True, tower: str = "東京") -> Path:
    """A project in Japanese whose things have Japanese local names."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    words = WORDS["ja"]
    setting = 'local_names = "any-script"\n' if allowed else ""
    text = setting + TOML.format(language="ja", **words).replace('subject = "verein"', 'subject = "灯台協会"')
    (folder / "kg.toml").write_text(text, encoding="utf-8")
    (folder / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY.format(language="ja", **words), encoding="utf-8")
    (folder / "d.txt").write_text("灯台協会は東京にある。\n", encoding="utf-8")
    units = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", units, slug="d", edition="1", language="ja")
    facts = f"""{HEAD}
id:灯台協会 a t:Body {NOTE} ; schema:name "灯台協会"@ja {NOTE} .
id:{tower} a schema:Place {NOTE} ; schema:name "東京"@ja {NOTE} , "Tokyo"@en {NOTE} .
id:灯台協会 schema:location id:{tower} {{| ev:supportedBy s:1.1 |}} .
"""
    (folder / "facts" / "a.ttl").write_text(facts, encoding="utf-8")
    return folder


def test_names_of_things() -> None:
    """Lower-case words in Normalization Form C, joined by hyphens; the same in every script."""
    good = ("東京", "東京-タワー", "привет-мир", "größe", "क्षेत्र", "مكة", "v2", "2024年")
    bad = (
        "",
        "Größe",
        "東京-",
        "-東京",
        "東京--塔",
        "東 京",
        "東京/塔",
        "東京.塔",
        "塔_1",
        "\u200b塔",
        "塔\u202e",
        "❤",
        "ⅷ",
    )
    bad += (unicodedata.normalize("NFD", "größe"), "\u0301a", "\ue000", "塔%20")
    assert [name for name in good if not is_local_name(name, any_script=True)] == []
    assert [name for name in bad if is_local_name(name, any_script=True)] == []
    assert [name for name in good if is_local_name(name) != name.isascii()] == []
    for label in (
        "東京 タワー",
        "Größe & Zahl",
        "ＡＢＣ株式会社",
        "مكة المكرمة",
        unicodedata.normalize("NFD", "Größe"),
    ):
        assert is_local_name(local_name_of(label, any_script=True), any_script=True), label


def test_their_pages_have_their_names() -> None:
    """A name in another script is that of its page where it is allowed, and it is told from it again."""
    allowed = Addresses(Identifiers("https://e.org/", any_script=True), whole=True)
    for name in ("東京", "größe", "a", "Größe", "東" * 90, "con"):
        page = allowed.page(f"https://e.org/id/{name}")[0]
        if "~" not in page:
            assert allowed.iri(page) == f"https://e.org/id/{name}"
    assert allowed.page("https://e.org/id/東京") == ("id/東京", "")
    assert allowed.page("https://e.org/claim/東京.0123456789abcdef") == ("id/東京", "0123456789abcdef")
    assert allowed.page("https://e.org/id/" + "東" * 90)[0].isascii()
    assert Addresses(Identifiers("https://e.org/")).page("https://e.org/id/東京")[0].isascii()


@pytest.mark.parametrize(
    ("allowed", "name", "told"),
    [
        (False, "東京", 'local_names = "any-script"'),
        (True, unicodedata.normalize("NFD", "größe"), "write id:größe."),
        (True, "東京_塔", "lower-case words joined by hyphens"),
    ],
)
def test_other_names_are_refused(tmp_path: Path, *, allowed: bool, name: str, told: str) -> None:
    """With the line, and what to write or to set."""
    dataset = build_dataset(load_project(project(tmp_path, allowed=allowed, tower=name)))
    findings = [finding.render() for finding in dataset.findings if "is not of the form" in finding.message]
    assert any(told in text for text in findings), findings


@pytest.mark.parametrize("name", ["größe-१", "हिन्दी"])
def test_files_of_names_with_marks(tmp_path: Path, name: str) -> None:
    """Every file of a thing is there, as it is published, citations among them; what has no such name is not."""
    folder = project(tmp_path, tower=name)
    publication = Publication.of_project(load_project(folder))
    resources = Resources(Snapshot(publication, None, 0.0), "")
    publish_project(load_project(folder), tmp_path / "site")
    files = sorted((tmp_path / "site" / "id").glob(f"{name}.*"))
    assert {path.name.removeprefix(name) for path in files} >= {".html", ".citations.html", ".ttl", ".nt", ".jsonld"}
    for path in files:
        for address in (f"id/{path.name}", quote(f"id/{path.name}")):
            assert resources.answer(address, {}, {}).body == path.read_bytes(), address
    for accept in ("text/html", "application/n-triples"):
        location = str(resources.answer(quote(f"id/{name}"), {}, {"accept": accept}).headers["location"])
        assert resources.answer(location[1:], {}, {}).status == 200
    for suffix in (".", ".html.html", ".citations", ".citations.citations.html", "/../a.html", "\u0301.html"):
        with pytest.raises(Problem):
            resources.answer(quote(f"id/{name}{suffix}"), {}, {})


def test_iris_lead_to_the_same_bytes(tmp_path: Path) -> None:
    """Percent-encoded or not, an IRI leads to its document; served as published; links in pages lead there."""
    folder = project(tmp_path)
    publication = Publication.of_project(load_project(folder))
    assert publication.gate
    assert publication.gate.passed
    resources = Resources(Snapshot(publication, None, 0.0), "")
    publish_project(load_project(folder), tmp_path / "site")
    for path in (quote("id/東京"), "id/東京"):
        assert resources.answer(path, {}, {}).headers["location"] == f"/{quote('id/東京')}.html"
        assert resources.answer(path, {}, {"accept": "text/turtle"}).headers["location"] == f"/{quote('id/東京')}.ttl"
    for extension in ("html", "ttl", "jsonld", "nt", "rdf"):
        served = resources.answer(quote(f"id/東京.{extension}"), {}, {}).body
        assert served == (tmp_path / "site" / "id" / f"東京.{extension}").read_bytes()
    page = (tmp_path / "site" / "id" / "灯台協会.html").read_text(encoding="utf-8")
    assert f'href="../{quote("id/東京")}.html"' in page
    assert f'rel="alternate" type="text/turtle" href="{quote("灯台協会")}.ttl"' in page.replace(' title="Turtle"', "")
    triple = "https://turm.example/kg/id/灯台協会"
    claims = {
        quad.subject.value
        for quad in ox.parse((tmp_path / "site/id/灯台協会.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)
        if isinstance(quad.object, ox.NamedNode) and quad.object.value == triple and "/claim/" in str(quad.subject)
    }
    assert claims
    for claim in claims:
        assert claim.startswith("https://turm.example/kg/claim/灯台協会.")
        path = quote(claim.removeprefix("https://turm.example/kg/"))
        anchor = claim.rpartition(".")[2]
        assert resources.answer(path, {}, {}).headers["location"] == f"/{quote('id/灯台協会')}.html#{anchor}"
        assert f'id="{anchor}"' in page
    assert r"\x80-\xff" in (tmp_path / "site" / ".htaccess").read_text(encoding="utf-8")
