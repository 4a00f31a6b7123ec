"""Pages of errors: in the site's frame, with what to do next, bounded, and safe whatever was asked."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.error_pages import error_page, not_found_page
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of

#: Those that a person may meet in a browser.
STATUSES = (400, 403, 404, 405, 406, 408, 410, 413, 414, 429, 431, 500, 502, 503, 504)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """That of a small project."""
    project = load_project(Path(__file__).parents[1] / "projects" / "lighthouse")
    return renderer_of(Publication.of_project(project), "https://host.example/light/")


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_says_what_to_do(renderer: Renderer, status: int) -> None:
    """A heading of its own, the site's frame, which leads on from the root whatever address was asked for."""
    page = error_page(
        renderer, "/light/", status, HTTPStatus(status).phrase, "the reason.", retry="5", request_id="a-1"
    ).decode()
    t = renderer.theme.strings
    assert f"<h1>{t[f'error_{status}']}</h1>" in page
    assert t["error_other"] not in page
    if status not in (403, 404):
        assert t[f"error_{status}_next"] in page
    for words in (
        f"{status} {HTTPStatus(status).phrase}", "The reason.", "Try again in 5 seconds.", "<code>a-1</code>",
        'href="/light/theme/site.css"', '<a href="/light/index.html">', '<a href="/light/browse/index.html">',
    ):  # fmt: skip
        assert words in page
    assert 'rel="canonical"' not in page
    assert 'href="../' not in page


def test_what_is_asked_stays_text(renderer: Renderer) -> None:
    """Markup in what was asked is escaped, and what is long is cut."""
    hostile = "<script>alert(1)</script>" * 5_000
    page = error_page(
        renderer, "/", 400, "Bad Request", hostile, query=hostile,
        members={"advice": hostile, "alternatives": ["/a.ttl", "//elsewhere.example", hostile[:300]] * 100, "line": 3},
    ).decode()  # fmt: skip
    assert "<script>alert" not in page
    assert '<a href="/a.ttl">' in page
    assert 'href="//elsewhere' not in page
    assert "<dt>line</dt><dd>3</dd>" in page
    assert len(page) < 150_000


def test_what_is_not_there(renderer: Renderer) -> None:
    """The static page is that of the server where nothing is near."""
    (page,) = [page for bundle in bundles(renderer) if bundle.key == "404" for page in bundle.render()]
    assert page == ("404.html", not_found_page(renderer, "/light/"))
    near = not_found_page(renderer, "/light/", [("/light/id/x.html", "<X>")]).decode()
    assert '<li><a href="/light/id/x.html">&lt;X&gt;</a></li>' in near


def test_addresses_are_links(renderer: Renderer) -> None:
    """An address of the site in what to do is a link, whatever stands behind it; any other text is none."""
    advice = "What is stated now: /light/id/a~b.html. Not //evil.example/x, /elsewhere/y, nor a/light/z <b>."
    page = error_page(renderer, "/light/", 404, "Not Found", "there is none.", members={"advice": advice}).decode()
    assert (
        'What is stated now: <a href="/light/id/a~b.html">/light/id/a~b.html</a>. '
        "Not //evil.example/x, /elsewhere/y, nor a/light/z &lt;b&gt;." in page
    )
    assert "There is none." in page


def test_without_a_style_sheet(renderer: Renderer) -> None:
    """The page for what is not there has a little style of its own, which the policy names by its digest."""
    page = not_found_page(renderer, "/light/").decode()
    (style,) = re.findall("<style>(.*?)</style>", page)
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in unescape(page)
    assert re.sub(r":where\([^)]*\)\{[^}]*\}", "", style) == ""
    assert "data-identifier" in page
