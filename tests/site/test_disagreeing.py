"""The page on which sources disagree, and the report beside it, in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from disagreeing_documents import write_documents
from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import AXE, COLOUR_RULES, RUN_AXE, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("conflicts.html", "report.html", "id/ravens-point-light.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sites: of few conflicts with long sources, and of many."""
    root = tmp_path_factory.mktemp("disagreeing")
    lighthouse = Path(__file__).parents[1] / "projects" / "lighthouse"
    publish_project(load_project(lighthouse), root / "few")
    write_documents(root / "generated", 60)
    publish_project(load_project(root / "generated"), root / "many")
    return root


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_sides_are_seen(browser: "Browser", folder: Path, scheme: str) -> None:
    """Side by side where there is room, below each other at 320 pixels, where nothing needs to be scrolled sideways."""
    addresses = [f"few/{name}" for name in PAGES] + [f"many/{name}" for name in PAGES[:2]]
    with served(folder) as host:
        for width in (320, 1200):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for address in addresses:
                page.goto(host + address)
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
                if AXE.is_file():
                    page.evaluate(AXE.read_text(encoding="utf-8"))
                    whole = ["wcag2a", "wcag2aa", "wcag22aa", "best-practice"]
                    found = page.evaluate(RUN_AXE, whole if scheme == "light" else COLOUR_RULES)
                    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], address
                if address.endswith(PAGES[0]):
                    sides = page.locator(".conflict").first.locator(".side")
                    first, second = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
                    assert first
                    assert second
                    if width == 320:
                        assert second["y"] >= first["y"] + first["height"]
                    else:
                        assert second["y"] == first["y"]
                    inside = "[...document.querySelectorAll('.side')].every(one => one.scrollWidth <= one.clientWidth)"
                    assert page.evaluate(inside), address
            context.close()
