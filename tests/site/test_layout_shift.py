"""Pages keep still while they load: room is kept for what scripts show, however late they come."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import served
from .test_browser import KINDS, READY
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

_MOST = 0.02  #: of https://web.dev/articles/cls, where 0.1 is good
_OBSERVE = """window.shifts = []; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push(
    [entry.value, entry.sources.map(source => (source.node?.outerHTML ?? "").slice(0, 80))]);
}).observe({type: "layout-shift", buffered: true})"""
#: A page of each kind that scripts change, and that of a statement that is linked to.
CHANGED = (
    "browse/index.html", "id/internet-society.html", "id/manrs.html", "document/internet-society-term/1.html",
    "document/internet-society-term.html", "ontology/_activity.html", "vocabulary/ev/supported_by.html",
    "queries.html", "query/founders.html", "dataset.html", "report.html", "search.html?q=routing", "sparql.html",
    "explore.html",
)  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_that_nothing_moves(browser: "Browser", address: str, shipped: Path, width: int) -> None:
    """The cumulative layout shift stays below 0.02 with scripts that come after the page has been drawn."""
    assert {path for path in CHANGED if path not in KINDS} == set()
    anchor = (shipped / "id/manrs.html").read_text(encoding="utf-8").partition('" class="statement">')[0][-16:]
    paths = (*CHANGED, f"id/manrs.html#{anchor}", f"id/manrs.citations.html#{anchor}")
    ready = {path: READY.get(path.partition("?")[0], "") for path in paths}
    searches = ("search.html", "search.html?q=zzzqqq", "search.html?q=isoc")
    assert moved(browser, address, width, ready | dict.fromkeys(searches, "[data-search-results] p")) == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_where_there_is_little(browser: "Browser", width: int, tmp_path: Path) -> None:
    """Nor where a graph is smaller than its room; a search that finds nothing gives up its room."""
    publish_project(load_project(ROOT / "tests/projects/lamp"), tmp_path / "site")
    paths = {"explore.html": "#graph svg"}
    with served(tmp_path / "site") as host:
        assert moved(browser, host, width, paths) == {}
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{host}search.html?q=zzzqqq")
        page.wait_for_selector("[data-search-results] p")
        box = page.locator("[data-search-results]").bounding_box()
        assert box is not None
        assert box["height"] < 100
        page.close()


def moved(browser: "Browser", address: str, width: int, paths: dict[str, str]) -> dict[str, object]:
    """What moves on pages until what a script draws there is there, of those where much does."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    context.add_init_script(_OBSERVE)
    page = context.new_page()

    def late(route: "Route") -> None:
        page.wait_for_timeout(60)
        route.continue_()

    page.route("**/scripts/site.js", late)
    found: dict[str, object] = {}
    for path, ready in paths.items():
        page.goto(path)
        if ready:
            page.wait_for_selector(ready)
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        shifts = page.evaluate("window.shifts")
        if sum(value for value, _ in shifts) > _MOST:
            found[path] = shifts
    context.close()
    return found
