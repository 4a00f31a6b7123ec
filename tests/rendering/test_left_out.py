"""What a document says and no statement records has a page in readers' words, each passage with its place."""

import re
from pathlib import Path

from blanks import blanks
from isoc_kg.namespaces import EV
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.coverage_text import count_coverage, coverage_text
from isoc_kg.rendering.left_out import left_out_bundles, left_out_page
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.unit_view import UnitView

EDITION = "https://lighthouse.example/kg/document/logbook/1"


def rendered(folder: Path) -> Renderer:
    return renderer_of(Publication.of_project(load_project(folder)), "")


def add(renderer: Renderer, number: str, kind: str, quote: str | None = None, **more: object) -> None:
    name = f"{EDITION}#{number}"
    position = 100 + len(renderer.index.units)
    unit = UnitView(name, number, position, f"{EV.iri}{kind}", edition=EDITION, quote=quote, **more)  # type: ignore[arg-type]
    renderer.index.units[name] = unit


def made(renderer: Renderer) -> dict[str, str]:
    return {name: html.decode() for one in left_out_bundles(renderer) for name, html in one.render()}


def test_passages_below_their_headings(lighthouse: Path) -> None:
    """Words where they may be shown, else a gist, else kind and number; what needs no statement stands apart."""
    renderer = rendered(lighthouse)
    add(renderer, "8.1", "Heading", "The boat", exempt=f"{EV.iri}Heading")
    add(renderer, "8.2", "Sentence", "It leaks & sinks.", page=3)
    add(renderer, "9.1", "Heading", "Empty", exempt=f"{EV.iri}Heading")
    add(renderer, "10.1", "Heading", "The keeper", exempt=f"{EV.iri}Heading")
    add(renderer, "10.2", "ListItem", gist="His habits.")
    add(renderer, "10.3", "Question")
    page = blanks(made(renderer)["document/logbook/1/not-recorded.html"])
    assert re.findall("<h2>(.*?)</h2>", page) == [
        "The boat",
        "The keeper",
        "Passages that need no statement and have none",
    ]
    assert '">heading logbook:9.1</a> <q dir="ltr">Empty</q></li>' in page
    assert '<a class="unit" href="../../../document/logbook/1.html#8.2">sentence logbook:8.2</a>' in page
    assert '<q dir="ltr">It leaks &amp; sinks.</q>' in page
    assert "p. 3" in page
    assert 'item logbook:10.2</a> <span class="gist">His habits.</span>' in page
    assert "question logbook:10.3</a></li>" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"\bclaim|\bunits?\b|covered|coverage", re.sub("<[^>]*>", " ", main))


def test_where_everything_is_recorded(lighthouse: Path) -> None:
    """The page stays, and says so; the document and the list of documents lead there. A replaced edition has none."""
    renderer = rendered(lighthouse)
    pages = {name: html.decode() for one in bundles(renderer) for name, html in one.render() if name.endswith(".html")}
    assert "is recorded in at least one statement" in pages["document/logbook/1/not-recorded.html"]
    assert 'href="../../document/logbook/1/not-recorded.html"' in pages["document/logbook/1.html"]
    assert 'href="document/logbook/1/not-recorded.html"' in pages["documents.html"]
    renderer.index.replaced.add(f"<{EDITION}>".encode())
    assert left_out_page(renderer, EDITION) == ""
    assert all("logbook" not in one.key for one in left_out_bundles(renderer))


def test_a_long_list_is_divided(lighthouse: Path) -> None:
    """No page grows with the document."""
    renderer = rendered(lighthouse)
    for number in range(1, 1001):
        add(renderer, f"20.{number}", "Sentence", "long words " * 80)
    found = {name: html for name, html in made(renderer).items() if "logbook" in name}
    assert sorted(found) == [f"document/logbook/1/not-recorded{part}.html" for part in ("", "~2", "~3")]
    assert max(map(len, found.values())) < 400_000
    assert sum(html.count('class="unit"') for html in found.values()) == 1000
    assert 'rel="next" href="not-recorded~3.html"' in found["document/logbook/1/not-recorded~2.html"]
    assert 'rel="prev" href="not-recorded.html"' in found["document/logbook/1/not-recorded~2.html"]


def test_counts_add_up(lighthouse: Path) -> None:
    """All = those that need a statement + those that need none; of these, those with statements are listed, too."""
    renderer = rendered(lighthouse)
    before = count_coverage(renderer, dict(renderer.index.editions())[EDITION])
    add(renderer, "8.1", "Heading", gist="The boat", exempt=f"{EV.iri}Heading")
    add(renderer, "8.2", "ListLeadIn", exempt=f"{EV.iri}ListLeadIn")
    add(renderer, "8.3", "Sentence", gist="It leaks.")
    renderer.index.claims[f"{EDITION}#8.2"] = next(iter(renderer.index.claims.values()))
    counts = count_coverage(renderer, dict(renderer.index.editions())[EDITION])
    assert counts.all == before.all + 3
    assert counts.exempt == before.exempt + 2
    assert counts.exempt_covered == before.exempt_covered + 1
    sentence = coverage_text(renderer, counts)
    assert f"Passages that need no statement: {counts.exempt}; of these, {counts.exempt_covered} have one." in sentence
    pages = {name: html.decode() for one in bundles(renderer) for name, html in one.render() if "logbook/1" in name}
    assert sentence in pages["document/logbook/1.html"]
    page = pages["document/logbook/1/not-recorded.html"]
    assert sentence in page
    assert "8.2" in page.partition("<details>")[2]
    # what is shown without words is called what it is, and only headings look like headings
    reading = pages["document/logbook/1.html"]
    assert '<p class="unit-text unknown">lead-in</p>' in reading
