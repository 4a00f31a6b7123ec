"""Pages of `serve --watch` in a real browser: they follow the files, and show what is wrong with them."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from isoc_kg.publication.start import copy_example
from server.running import running

from .browsers import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
def test_a_page_follows_the_files(browser: "Browser", tmp_path: Path) -> None:
    """An error shows in the open page, which no rule of accessibility is broken by; a good change loads it again."""
    copy_example(tmp_path / "bakery", "bakery")
    facts = tmp_path / "bakery" / "facts" / "bakery.ttl"
    good = facts.read_text(encoding="utf-8")
    context = browser.new_context()
    with running("--watch", cwd=tmp_path / "bakery") as server, closing(context):
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{server.address}id/rye-bread.html")
        assert page.get_by_role("alert").count() == 0
        facts.write_text(good.replace('"1987"', '"1988"'), encoding="utf-8")
        alert = page.get_by_role("alert")
        alert.wait_for(timeout=60_000)
        assert "bakery.ttl:11: digits: “1988”" in alert.inner_text()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate("axe.run()")["violations"] == []
        facts.write_text(
            good + 'id:rye-bread schema:name "Roggenbrot"@de {| ev:impliedBy s:2.2 |} .\n', encoding="utf-8"
        )
        page.get_by_text("Roggenbrot").first.wait_for(timeout=60_000)
        assert page.get_by_role("alert").count() == 0
        assert said == []
