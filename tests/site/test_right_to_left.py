"""A publication in Arabic in a real browser: laid out from right to left, and what scripts write told to be English."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import AXE, RUN_AXE, served
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KINDS = {
    "index.html": "main",
    "id/lamp-society.html": "article",
    "document/ar/1.html": "#reading",
    "ontology.html": "article",
    "shapes.html": "table",
    "sparql.html": "#console .editor",
    "search.html?q=x": "#results",
    "explore.html": "#graph svg",
}
#: Whether what is at the start of a line is to the right of what comes behind it, and code runs as ever.
LAID_OUT = """() => {
  const x = (selector) => document.querySelector(selector)?.getBoundingClientRect().left;
  const code = [...document.querySelectorAll("code, .editor, svg, pre:not(.cite pre)")];
  const ltr = code.every((one) => getComputedStyle(one).direction === "ltr");
  const english = [...document.querySelectorAll("main p[dir=ltr]")];
  const right = english.every((one) => getComputedStyle(one).textAlign === "right");
  const quotes = [...document.querySelectorAll("blockquote, q")];
  const turned = quotes.every((one) => getComputedStyle(one).direction === (/^(ar)?$/.test(one.lang) ? "rtl" : "ltr"));
  if (!right || !turned || !ltr) return false;
  return x("header.site .title") > x("header.site nav") && x("header.site nav") > x("header.site .find");
}"""
#: Texts of scripts that are read out as if they were Arabic.
UNMARKED = """() => [...document.querySelectorAll("#console, #graph, #results")].flatMap((box) =>
  [...box.querySelectorAll("button, label, legend, p, option")])
  .filter((one) => /^[A-Za-z ,.;]+$/.test(one.textContent.trim()))
  .filter((one) => !one.closest(":lang(en)") && !one.querySelector(":lang(en)"))
  .map((one) => one.textContent)"""


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a project in Arabic, none of whose page texts is translated."""
    folder = Path(shutil.copytree(ROOT / "tests/projects/lamp", tmp_path_factory.mktemp("arabic") / "lamp"))
    text = (folder / "kg.toml").read_text(encoding="utf-8").replace('language = "en"', 'language = "ar"', 1)
    (folder / "kg.toml").write_text(text.replace("The Lamp Society", "جمعية المنارة", 1), encoding="utf-8")
    publish_project(load_project(folder), folder / "site")
    return folder / "site"


def told(host: str, browser: "Browser", query: str) -> tuple[str, str]:
    """What the console says of a query, and in which language that is marked."""
    page: Page = browser.new_page()
    page.goto(f"{host}sparql.html#{urlencode({'query': query})}")
    place = page.locator(".output .notice").first
    place.wait_for()
    text = place.text_content() or ""
    language = place.evaluate("one => (one.querySelector('[lang]') ?? one.closest('[lang]')).lang")
    page.close()
    return text, language


def test_the_console_in_other_languages(arabic: Path, browser: "Browser", tmp_path: Path) -> None:
    """What is wrong, and why nothing is found, is told in German; in English, and so marked, where it must be."""
    folder = Path(shutil.copytree(ROOT / "tests/projects/lamp", tmp_path / "lamp"))
    text = (folder / "kg.toml").read_text(encoding="utf-8").replace('language = "en"', 'language = "de"', 1)
    (folder / "kg.toml").write_text(text, encoding="utf-8")
    publish_project(load_project(folder), tmp_path / "site")
    with served(tmp_path / "site") as host:
        wrong = "eine Abfrage beginnt mit SELECT, ASK, CONSTRUCT oder DESCRIBE, nicht mit „SELEC“."
        found, language = told(host, browser, "SELEC ?x {}")
        assert wrong in found
        assert ("Meinten Sie SELECT?" in found, language) == (True, "de")
        found, language = told(host, browser, "SELECT ?x { ?x a schema:Hous }")
        assert (found, language) == ("Nichts ist von der Klasse schema:Hous.", "de")
    with served(arabic) as host:
        found, language = told(host, browser, "SELECT ?x { ?x a schema:Hous }")
        assert (found, language) == ("Nothing has the class schema:Hous.", "en")
        assert told(host, browser, "SELEC ?x {}")[1] == "en"


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
def test_right_to_left(arabic: Path, browser: "Browser") -> None:
    """Axe finds nothing, nothing is wider than a phone, and start is right; scripts' texts have their language."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = {}
    with served(arabic) as host:
        page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        for number, (kind, ready) in enumerate(KINDS.items()):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme=("light", "dark")[number % 2], reduced_motion="reduce")  # type: ignore[arg-type]
            page.goto(host + kind)
            page.wait_for_selector(ready)
            assert page.evaluate(LAID_OUT), kind
            assert page.evaluate(UNMARKED) == [], kind
            page.evaluate(AXE.read_text(encoding="utf-8"))
            violations = page.evaluate(RUN_AXE, rules)["violations"]
            if violations:
                found[kind] = [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in violations]
            page.set_viewport_size({"width": 360, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, kind
        page.close()
    assert found == {}, json.dumps(found, indent=1)
