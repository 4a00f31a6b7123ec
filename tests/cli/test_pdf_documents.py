"""A document that is a PDF, from `document add` to the page that shows where a sentence is, and its next edition."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pdf_files as files
from blanks import blanks
from isoc_kg.documents.description import page_address
from isoc_kg.documents.index import load_index
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.documents import document_bundles
from isoc_kg.rendering.renderer import renderer_of

if TYPE_CHECKING:
    import subprocess

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
ADDRESS = "https://harbour.example/report.pdf"
FIRST = ["The old harbour has two cranes of oak.", "Boats are rowed there every Sunday."]
SECOND = ["In winter nobody fishes in the old harbour."]


def report(*pages: list[str]) -> bytes:
    return files.pages([files.lines(page) for page in pages])


@pytest.fixture
def with_report(cli: Cli, harbour: Path, tmp_path: Path) -> Path:
    """The harbour with a report of two pages, a fact resting on each."""
    (tmp_path / "report.pdf").write_bytes(report(FIRST, SECOND))
    added = cli("document", "add", tmp_path / "report.pdf", "--source", ADDRESS, "--project", harbour)
    assert "report, edition 1: 3 units" in added.stdout
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(
        facts.read_text(encoding="utf-8")
        + "@prefix r: <https://harbour.example/kg/document/report/1#> .\n"
        + 'id:cranes schema:description "Two cranes of oak."@en {| ev:supportedBy r:1.1 |} .\n'
        + 'id:old-harbour schema:description "Nobody fishes there in winter."@en {| ev:supportedBy r:2.1 |} .\n',
        encoding="utf-8",
    )
    return harbour


def test_the_page_is_published(with_report: Path, cli: Cli) -> None:
    """As a fragment by RFC 8118 and as an address, and in the reading view; the boxes stay in the index."""
    index = load_index(with_report / "facts" / "units" / "report" / "1.jsonl")
    assert index.extractor is not None
    assert index.extractor.startswith("pypdfium2 ")
    pages = {number: unit.place.page if unit.place else None for number, unit in index.units.items()}
    assert pages == {"1.1": 1, "1.2": 1, "2.1": 2}
    cli("build", "--project", with_report)
    lines = (with_report / "out" / "harbour.nq").read_text(encoding="utf-8").splitlines()
    unit = "https://harbour.example/kg/document/report/1#2.1"
    said = [line.split("> ", 1)[1].rpartition(" <")[0] for line in lines if line.startswith(f"<{unit}.page> ")]
    assert sorted(said) == [
        "<http://purl.org/dc/terms/conformsTo> <http://tools.ietf.org/rfc/rfc8118>",
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/oa#FragmentSelector>",
        '<http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "page=2"',
    ]
    assert any(line.startswith(f"<{unit}> <http://purl.org/dc/terms/source> <{ADDRESS}#page=2> ") for line in lines)
    assert any(line.startswith(f"<{unit}> <http://www.w3.org/ns/oa#hasSelector> <{unit}.page> ") for line in lines)
    assert not any("viewrect" in line for line in lines)


def reading_view(project: Path, slug: str) -> tuple[str, dict[str, object]]:
    """The page of a document's first edition, and its annotations."""
    renderer = renderer_of(Publication.of_project(load_project(project)), "https://host.example/")
    rendered = dict(part for bundle in document_bundles(renderer) for part in bundle.render())
    (name,) = (name for name in rendered if name.endswith(f"{slug}/1.html"))
    annotations = json.loads(rendered[name.removesuffix(".html") + ".annotations.jsonld"])
    return rendered[name].decode(), annotations


def test_the_reading_view_shows_page_and_link(with_report: Path) -> None:
    html, annotations = reading_view(with_report, "report")
    html = blanks(html)
    assert f'characters 0–38, <a href="{ADDRESS}#page=1">p. 1</a>' in html
    assert f'<a href="{ADDRESS}#page=2">p. 2</a>' in html
    selectors = [item["target"]["selector"] for item in annotations["items"]]  # type: ignore[index, union-attr]
    page = {"type": "FragmentSelector", "value": "page=2", "conformsTo": "http://tools.ietf.org/rfc/rfc8118"}
    assert page in selectors[1]


def test_other_documents_are_shown_as_ever(with_report: Path) -> None:
    html, annotations = reading_view(with_report, "guide")
    assert "p. 1" not in html
    assert "rfc8118" not in json.dumps(annotations)


def test_an_element_of_a_web_page_is_published(harbour: Path, cli: Cli, tmp_path: Path) -> None:
    """A CSS selector; no page."""
    (tmp_path / "news.html").write_text("<!doctype html><title>News</title><h1>News</h1><p>Boats came. They left.")
    cli("document", "add", tmp_path / "news.html", "--project", harbour)
    cli("build", "--project", harbour)
    lines = (harbour / "out" / "harbour.nq").read_text(encoding="utf-8")
    unit = "https://harbour.example/kg/document/news/1#2.2"
    assert (
        f'<{unit}.element> <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "html > body > p:nth-of-type(1)"' in lines
    )
    assert (
        f"<{unit}.element> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/oa#CssSelector>"
        in lines
    )
    assert f"<{unit}.page>" not in lines
    assert '"selector": "html' not in reading_view(harbour, "news")[0]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://example.org/a.pdf", "https://example.org/a.pdf#page=7"),
        ("http://example.org/A.PDF?download=1", "http://example.org/A.PDF?download=1#page=7"),
        ("https://example.org/a.html", None),
        ("https://example.org/get?file=a.pdf", None),
        ("https://example.org/a.pdf#page=2", None),
        ("urn:isbn:9780000000000", None),
        ("file:///srv/a.pdf", None),
    ],
)
def test_address_of_a_page(source: str, address: str | None) -> None:
    assert page_address(source, 7) == address


def test_a_second_edition_as_pdf_drifts_like_a_text(with_report: Path, cli: Cli, tmp_path: Path) -> None:
    """What moved to another page moves with its evidence; what changed is held; the new index has pages."""
    preface = [f"A preface of many words fills the first page, line {number} of it." for number in range(3)]
    (tmp_path / "second.pdf").write_bytes(report(preface, [FIRST[0].replace("two", "three"), FIRST[1]], SECOND))
    arguments = ("evidence", "drift", tmp_path / "report.pdf", tmp_path / "second.pdf", "--document", "report")
    shown = cli(*arguments, "--project", with_report)
    assert "edited" in shown.stdout
    assert "1 claim" in shown.stdout
    written = cli(*arguments, "--edition", "2", "--write", "--project", with_report)
    assert "held" in written.stdout
    block = tomllib.loads((with_report / "kg.toml").read_text(encoding="utf-8"))["document"][-1]
    assert (block["edition"], block["revision_of"]) == ("2", "1")
    assert block["original"] == "documents/report-2.pdf"
    assert (with_report / block["original"]).read_bytes() == (tmp_path / "second.pdf").read_bytes()
    index = load_index(with_report / "facts" / "units" / "report" / "2.jsonl")
    assert [unit.place.page if unit.place else None for unit in index.units.values()] == [1, 1, 1, 2, 2, 3]
    facts = (with_report / "facts" / "harbour.ttl").read_text(encoding="utf-8")
    assert "document/report/2#" in facts
    cli("build", "--project", with_report)
    same = cli("evidence", "drift", tmp_path / "second.pdf", tmp_path / "second.pdf", "--project", with_report)
    assert "6 units stayed, 0 cases to review" in same.stdout
