"""On paper: the evidence behind each statement, the address and the date of the page, and no navigation."""

from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from isoc_kg.rendering.documents import document_bundles
from long_documents import long_renderer

from .browsers import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def printed(page: "Page") -> str:
    """The text of what is printed of a page, without line ends."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    parts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return " ".join(" ".join(parts).split())


@pytest.mark.parametrize("scripts", [True, False])
def test_a_thing_on_paper(browser: "Browser", address: str, scripts: bool) -> None:
    """The sentences behind its statements stand there without being unfolded, with scripts or without."""
    context = browser.new_context(base_url=address, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("id/manrs.html")
    text = printed(page)
    assert text.count("characters") > 10
    assert "Units that support it" in text
    assert "https://w3id.org/isoc-kg/id/manrs.html" in text
    for word in ("Browse", "SPARQL", "Show all sentences", "Copy", "BibTeX", "Downloads", "Skip to", "Unfold"):
        assert word not in text, word
    assert ("printed on" in text) == scripts
    if scripts:
        assert page.locator("details.evidence[open]").count() == 0  # as it was before
    context.close()


def test_a_drawing_on_paper(page: "Page") -> None:
    """The drawing of links is as wide as its page at most: no label lies beyond the edge."""
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto("explore.html")
    page.locator(".canvas svg .name").first.wait_for()
    page.emulate_media(media="print")
    drawn, paper = page.evaluate(
        """() => {  // before a script could draw it anew, as on paper
          document.querySelector("main").style.width = "500px";
          return [".canvas svg", "main"].map(one => document.querySelector(one).getBoundingClientRect().width);
        }"""
    )
    assert 200 < drawn <= paper


def test_how_much_paper(page: "Page") -> None:
    """Statements follow each other without gaps of half a page, within margins that the page itself asks for."""
    for path, most in (("id/manrs.html", 5), ("document/internet-society-term/1.html", 34)):
        page.goto(path)
        document = pypdfium2.PdfDocument(page.pdf(format="A4"))
        assert len(document) <= most
        width, _ = document[0].get_size()
        edges = [document[0].get_textpage().get_charbox(0)]
        assert 30 < edges[0][0] < width / 8
        document.close()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a long document."""
    folder = tmp_path_factory.mktemp("log")
    renderer = long_renderer(400)
    for bundle in document_bundles(renderer):
        for path, content in bundle.render():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    for path, file in renderer.theme.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(file.read_bytes())
    return folder


def test_a_section_of_a_long_document(browser: "Browser", log: Path) -> None:
    """Old addresses lead to it; the filter and the contents work; paper has all of it, whatever is filtered."""
    with served(log) as host:
        context = browser.new_context(base_url=host, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto("document/log/1.html#33.4")
        page.wait_for_url("**/document/log/1/2.html#33.4")
        assert page.locator("li:target").get_attribute("id") == "33.4"
        units = page.locator(".units-list > li")
        assert units.filter(visible=True).count() == 100
        page.get_by_label("those with statements").check()
        shown = units.filter(visible=True)
        assert 0 < shown.count() < 10
        assert set(shown.evaluate_all("all => all.map(one => one.dataset.state)")) == {"covered"}
        text = printed(page)
        assert "On day 199 the 40.4 watch" in text
        assert "Buoy 127.3" in text
        assert "https://host.example/document/log/1/2.html" in text
        assert "those with statements" not in text
        assert "Contents" not in text
        page.get_by_label("those without").check()
        assert set(shown.evaluate_all("all => all.map(one => one.dataset.state)")) == {"uncovered"}
        assert page.locator(".coverage.none").first.evaluate("one => getComputedStyle(one).color") == page.locator(
            ".place"
        ).first.evaluate("one => getComputedStyle(one).color")
        nav = page.locator(".sections-nav")
        page.evaluate("scrollTo(0, 3000)")
        box = nav.bounding_box()
        assert box
        assert 0 <= box["y"] < 40  # it stays beside the text
        page.get_by_role("link", name="Next").first.click()
        page.wait_for_url("**/document/log/1/3.html")
        context.close()
        context = browser.new_context(base_url=host, java_script_enabled=False, viewport={"width": 360, "height": 700})
        page = context.new_page()
        page.goto("document/log/1.html#33.4")
        entry = page.locator("li:has(> i:target)")
        entry.get_by_role("link").first.click()
        assert page.url.endswith("/document/log/1/2.html")
        page.get_by_label("those without").check()
        states = (
            page.locator(".units-list > li")
            .filter(visible=True)
            .evaluate_all("all => all.map(one => one.dataset.state)")
        )
        assert set(states) == {"uncovered"}
        context.close()
