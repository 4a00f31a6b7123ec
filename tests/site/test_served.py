"""Served pages in a real browser: their policies let them work."""

from pathlib import Path
from typing import TYPE_CHECKING

from server.running import running

from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_policies_let_pages_work(browser: "Browser", tmp_path: Path) -> None:
    """No style, script or picture of a page is refused; nor on pages that say what is wrong."""
    with running("--project", ROOT, cwd=tmp_path) as server:
        page = browser.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(f"violates: {error}"))
        for path in ("", "about", "sparql", "nothing", "describe?iri=x", "explore.html", "search.html?q=manrs"):
            answer = page.goto(server.address + path)
            assert answer is not None
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            page.wait_for_load_state("networkidle")
            given = page.locator("link[rel=stylesheet], style").count()
            assert page.evaluate("document.styleSheets.length") == given
        page.close()
        assert [text for text in told if "violates" in text or "refused" in text.lower()] == []
