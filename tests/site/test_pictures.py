"""The pictures that README shows are of the pages as they are now.

`ISOC_KG_PICTURES=take pytest tests/site/test_pictures.py` takes them anew. A picture is current as long as its part of
the page has the words that it had when it was taken (docs/images/words.json).
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import served
from .reviews import canal_with_proposals, opened
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "images"
WORDS = FOLDER / "words.json"
TAKE = os.environ.get("ISOC_KG_PICTURES") == "take"
WIDTH = 1180
#: Gives the words of a page that a reader sees between two heights.
VISIBLE = """([top, bottom]) => {
  const words = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    const {width, top: above, bottom: below} = range.getBoundingClientRect()
    const text = walker.currentNode.data.trim().replace(/\\s+/g, " ")
    if (text && width > 1 && below > top && above < bottom) words.push(text)
  }
  return words
}"""


@dataclass(frozen=True)
class Picture:
    """A part of a page: where it is, what is done first, and the heights between which it is taken, in pixels."""

    host: str
    path: str
    prepare: Callable[["Page"], Any]
    top: int
    bottom: int


def unfolded(page: "Page") -> None:
    """A statement that another source contests, with its sentences."""
    page.locator("details.evidence", has_text="another source says").first.evaluate("found => { found.open = true }")


PICTURES = {
    "page": Picture("site", "id/selmersund-harbour-trust.html", unfolded, 66, 1106),
    "graph": Picture("site", "explore.html", lambda page: page.locator("svg text").first.wait_for(), 66, 838),
    "review": Picture(
        "review", "document/report/1", lambda page: page.locator("[data-key=a]").first.wait_for(), 0, 742
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the harbour trust."""
    folder = tmp_path_factory.mktemp("harbour") / "site"
    publish_project(load_project(ROOT / "examples" / "harbour-trust"), folder)
    return folder


@contextmanager
def pages(browser: "Browser", host: str, site: Path, folder: Path, **options: Any) -> Iterator["Page"]:
    """A page of the site, or of a review."""
    options |= {"viewport": {"width": WIDTH, "height": 1200}}
    if host == "review":
        with opened(browser, canal_with_proposals(folder), **options) as page:
            yield page
        return
    with served(site) as address:
        context = browser.new_context(base_url=address, **options)
        yield context.new_page()
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_pictures(browser: "Browser", site: Path, tmp_path: Path, name: str, scheme: str) -> None:
    """The part of the page that a picture shows has the words that it had."""
    if scheme == "dark" and not TAKE:
        assert (FOLDER / f"{name}-dark.png").is_file()
        return
    picture = PICTURES[name]
    with pages(browser, picture.host, site, tmp_path, color_scheme=scheme, device_scale_factor=1.25) as page:
        page.goto(picture.path)
        picture.prepare(page)
        page.evaluate("document.fonts.ready")
        words = [
            re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", word)
            for word in page.evaluate(VISIBLE, [picture.top, picture.bottom])
        ]
        if TAKE:
            FOLDER.mkdir(exist_ok=True)
            clip: Any = {"x": 0, "y": picture.top, "width": WIDTH, "height": picture.bottom - picture.top}
            page.screenshot(path=FOLDER / f"{name}-{scheme}.png", clip=clip, animations="disabled")
            known = json.loads(WORDS.read_text(encoding="utf-8")) if WORDS.is_file() else {}
            text = json.dumps(known | {name: words}, ensure_ascii=False, indent=1, sort_keys=True)
            WORDS.write_text(text + "\n", encoding="utf-8")
    assert words == json.loads(WORDS.read_text(encoding="utf-8"))[name], (
        f"the picture {name} shows other words than its page: ISOC_KG_PICTURES=take pytest {Path(__file__).name}"
    )


def test_readme_shows_them() -> None:
    """Each, for light and dark screens, with a text in its place."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in PICTURES:
        assert f'srcset="docs/images/{name}-dark.png"' in readme
        assert f'src="docs/images/{name}-light.png"' in readme
