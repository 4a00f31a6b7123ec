"""Long documents: contents and sections, of bounded size, to which every address of a unit leads."""

import re
from collections import Counter
from pathlib import Path

import pytest

from blanks import blanks
from isoc_kg.namespaces import EV
from isoc_kg.query.evaluator import StoreEvaluator
from isoc_kg.rendering.documents import document_bundles
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.pages import Bundle
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.sections import Section, sections_of
from isoc_kg.rendering.store_pages import PAGES, StorePages
from isoc_kg.rendering.unit_view import UnitView
from isoc_kg.site.publish import publish
from long_documents import BASE, EDITION, document_lines, long_renderer

_PAGE_BYTES = 500_000
CONTENTS = "document/log/1"


@pytest.fixture(scope="module")
def long() -> Renderer:
    """What renders a document of 2,000 units."""
    return long_renderer(2_000)


def pages(renderer: Renderer) -> dict[str, str]:
    """The pages of the document, by their paths."""
    found = [
        bundle
        for bundle in document_bundles(renderer)
        if bundle.key.startswith(CONTENTS) and "not-recorded" not in bundle.key
    ]
    assert all(isinstance(bundle, Bundle) for bundle in found)
    return {path: content.decode() for bundle in found for path, content in bundle.render() if path.endswith(".html")}


@pytest.fixture(scope="module")
def rendered(long: Renderer) -> dict[str, str]:
    """Its pages, for who changes nothing."""
    return pages(long)


def units_on(page: str) -> list[str]:
    """The numbers of the units that stand on a page."""
    return re.findall(r'<li id="([\d.]+)" data-unit', page)


def test_each_unit_stands_on_one_page(rendered: dict[str, str]) -> None:
    """In the order of the text, on pages of less than 500 kB; prev and next lead from the first page to the last."""
    found = dict(rendered)
    contents = found.pop(f"{CONTENTS}.html")
    assert 10 < len(found) < 60
    assert max(len(page.encode()) for page in (contents, *found.values())) < _PAGE_BYTES
    assert units_on(contents) == []
    walked, number = [], 1
    while number:
        page = found.pop(f"{CONTENTS}/{number}.html")
        walked += units_on(page)
        assert f'<a href="{number}.html" aria-current="page">' in page
        after = re.findall(r'<a rel="next" href="(\d+)\.html">', page)
        assert len(set(after)) <= 1
        assert ('rel="prev"' in page) == (number > 1)
        assert "Find in the browser searches this page alone" in page
        number = int(after[0]) if after else 0
    assert found == {}
    assert walked == [f"{paragraph}.{sentence}" for paragraph in range(1, 401) for sentence in range(1, 6)]


def test_that_headings_are_not_told_twice(rendered: dict[str, str]) -> None:
    """The heading at the head of a section's page is not repeated below; what needs no claim is counted beside."""
    page = rendered[f"{CONTENTS}/1.html"]
    head = re.findall(r'<li id="([\d.]+)"[^>]* class="headed title">', page)
    assert len(head) == 1
    figures = re.findall(
        r'<span class="count">([\d,]+)</span>', page.partition("<fieldset")[2].partition("</fieldset>")[0]
    )
    every, *parts = [int(figure.replace(",", "")) for figure in figures]
    assert every == sum(parts)


def test_what_is_cited(rendered: dict[str, str]) -> None:
    """Contents and sections name the document for whoever collects references, not a page of it."""
    for page in rendered.values():
        assert '<meta name="DCTERMS.title" content="The long log">' in page


def test_addresses_of_units(long: Renderer, rendered: dict[str, str]) -> None:
    """Links go to the section that has the unit; the contents have each old anchor, beside the link that leads on."""
    found = rendered
    contents = found[f"{CONTENTS}.html"]
    for number in ("1.1", "40.2", "117.5", "400.5"):
        href = long.href("", f"{EDITION}#{number}")
        path, _, fragment = href.partition("#")
        assert fragment == number
        assert number in units_on(found[path])
        entry = next(part for part in contents.split("<li ") if f'<i id="{number}"></i>' in part)
        assert f'href="{path.removeprefix("document/log/")}"' in entry
    claim = next(long.index.lines_of(f"<{BASE}id/ship-7>".encode()))
    assert claim
    (thing,) = [bundle for bundle in bundles(long) if bundle.key == "id/ship-7"]
    page = next(content for path, content in thing.render() if path == "id/ship-7.html").decode()
    assert 'href="../document/log/1/1.html#2.2"' in page


def test_what_contents_list(rendered: dict[str, str]) -> None:
    """Headings nested by their numbers; how much is covered, and a filter that works without scripts."""
    contents = rendered[f"{CONTENTS}.html"]
    assert re.search(r'class="level-1"[^>]*>.*?>1 Year 1801</a>', contents, re.DOTALL)
    assert re.search(r'class="level-2"><a href="1/1.html#11.1">1.1 Season 1</a>', contents)
    assert "Of the 2,000 passages (sentences, list items, questions, headings), 1,960 need" in contents
    assert contents.count('type="radio" name="shown"') == 3
    assert "those without <span" in contents
    assert '<span class="count">1,827</span>' in contents


def test_contents_without_anchors(long: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contents of a much longer document have no anchors, but each entry the numbers that lead to it."""
    monkeypatch.setattr("isoc_kg.rendering.documents.ANCHORED_UNITS", 1_999)
    page = pages(long)[f"{CONTENTS}.html"]
    assert '<i id="' not in page
    assert page.count("data-first=") == 20
    assert 'data-first="381.1" data-last="400.5"' in page


def test_contents_of_very_many_sections(long: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many sections for one page, every so many of them are listed, and prev and next lead on."""
    monkeypatch.setattr("isoc_kg.rendering.documents._MOST_ENTRIES", 7)
    page = pages(long)[f"{CONTENTS}.html"]
    firsts = [int(number) for number in re.findall(r'<a href="1/(\d+)\.html">', page)]
    assert len(firsts) == 7
    assert firsts == list(range(1, 22, 3))[:7]
    assert page.count("<i id=") == 2_000


def test_a_unit_with_very_many_claims(long: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are shown, the others counted, with a link to all of them."""
    monkeypatch.setattr("isoc_kg.rendering.unit_rows._MOST_CLAIMS", 4)
    page = pages(long)[f"{CONTENTS}/1.html"]
    assert "Statements that rest on it: 10" in page
    assert page.count("and 6 more") == len(re.findall("rest on it: 10", page))
    assert 'href="../1.annotations.jsonld"' in page


@pytest.mark.parametrize(
    ("units", "claims", "words"),
    [(60, 60, ""), (100, 25, " & <so on> " * 9), (40, 50, " منارة البحر" * 20), (2, 900, " far" * 500), (50, 45, "")],
)
def test_a_document_dense_with_claims(units: int, claims: int, words: str) -> None:
    """Each page is under 500 kB whatever rests on how few units, as what units weigh is what they take."""
    renderer = long_renderer(units, every=1, claims=claims, words=words)
    found = pages(renderer)
    assert max(len(page.encode()) for page in found.values()) < _PAGE_BYTES
    rows = [part for page in found.values() for part in re.split(r"(?=<li id=\"[\d.]+\" data-unit)", page)[1:]]
    assert len(rows) == units
    for (_, views), row in ((entry, rows[0]) for entry in renderer.index.editions()):
        weight = renderer.weights.unit(views[0])
        assert claims > 200 or len(row.encode()) <= weight <= 1.35 * len(row.encode())


def test_statements_stand_below_their_subject(rendered: dict[str, str]) -> None:
    """One link to a subject for all of its statements on a unit, each of which leads to where it stands."""
    row = rendered[f"{CONTENTS}/1.html"].partition('<li id="2.2"')[2].partition("<li id=")[0]
    assert row.count('href="../../../id/ship-7.html"') == 1
    assert len(re.findall(r'<li><a href="\.\./\.\./\.\./id/ship-7\.html#[0-9a-f]{16}">', row)) == 10


def test_short_documents_have_one_page() -> None:
    """As before: units, no contents, no filter."""
    found = pages(long_renderer(250))
    assert list(found) == [f"{CONTENTS}.html"]
    assert len(units_on(found[f"{CONTENTS}.html"])) == 250
    assert 'name="shown"' not in found[f"{CONTENTS}.html"]


def test_that_it_is_published(tmp_path: Path) -> None:
    """A publication with a long document is written whole, each of its pages as a server makes it when it is asked."""
    publish(long_renderer(310, claims=1), tmp_path, {}, processes=1)
    asked = pages(long_renderer(310, claims=1))
    assert len(asked) > 3
    for path, page in asked.items():
        assert (tmp_path / path).read_text(encoding="utf-8") == page


def test_in_a_store() -> None:
    """Where pages are made by asking a store, a long document has the same contents and sections."""
    whole = long_renderer(400)
    apart = Renderer(Index(whole.project, []), whole.theme, Material(), whole.host, PAGES)
    store = StorePages(apart, StoreEvaluator.of_lines(document_lines(400)))
    for key in (CONTENTS, f"{CONTENTS}/2"):
        bundle = store.bundle(key)
        assert isinstance(bundle, Bundle)
        page = dict(bundle.render())[f"{key}.html"].decode()
        expected = pages(whole)[f"{key}.html"]
        assert units_on(page) == units_on(expected)
        assert re.findall(r'href="[^"]*\d\.html', page) == re.findall(r'href="[^"]*\d\.html', expected)
    assert store.bundle(f"{CONTENTS}/99") is None
    assert store.bundle("document/none/1/2") is None


def _units(count: int, headings: frozenset[int] = frozenset()) -> list[UnitView]:
    return [
        UnitView(f"#{n}", f"{n // 4 + 1}.{n % 4 + 1}", n, kind=EV.Heading if n in headings else EV.Sentence)
        for n in range(count)
    ]


@pytest.mark.parametrize("headings", [frozenset(), frozenset({0, 60, 61, 149, 300}), frozenset(range(500))])
@pytest.mark.parametrize("weight", [10, 900, 300_000])
def test_that_sections_are_a_cut(headings: frozenset[int], weight: int) -> None:
    """Whatever units weigh and wherever headings stand, each unit is in one section, and no section is too large."""
    units = _units(500, headings)
    sections = sections_of(units, lambda unit: weight)
    assert [unit for section in sections for unit in section.units] == units
    assert [section.number for section in sections] == list(range(1, len(sections) + 1))
    assert all(section.units for section in sections)
    assert max(len(section.units) for section in sections) <= 150
    assert all(len(section.units) == 1 or weight * len(section.units) <= 220_000 for section in sections)
    assert _opens(sections) <= Counter(f"#{n}" for n in headings)


def _opens(sections: list[Section]) -> Counter[str]:
    return Counter(section.opening.unit.iri for section in sections if section.opening)


def test_how_headings_are_nested() -> None:
    """No level is left out; a title is none of them; a section that begins between headings has the one above it."""
    texts = {
        0: "The log",
        1: "1 Ports",
        2: "1.1.1 Ropes",
        60: "2 Ships",
        61: "2.1 Sails",
        62: "2.1.1.1 Knots",
        63: "3 Men",
    }
    units = _units(400, frozenset(texts))
    for position, text in texts.items():
        units[position].quote = text
    sections = sections_of(units, lambda unit: 100)
    levels = [(heading.text, heading.level) for section in sections for heading in section.headings]
    assert levels == list(zip(texts.values(), [0, 1, 2, 1, 2, 3, 1], strict=True))
    assert [section.opening.text if section.opening else None for section in sections[:2]] == ["1 Ports", "2 Ships"]
    assert [section.above.text for section in sections[1:] if section.above] == [
        "1.1.1 Ropes",
        *["3 Men"] * (len(sections) - 2),
    ]
    for elements, expected in (("h1 h2 h3 h2", [0, 1, 2, 1]), ("h2 h1 h3", [1, 1, 2]), ("h1 h1 h2", [0, 1, 2])):
        some = _units(400, frozenset(range(len(elements.split()))))
        for unit, element in zip(some, elements.split(), strict=False):
            unit.element = f"main > {element}"
        assert [heading.level for heading in sections_of(some, lambda unit: 100)[0].headings] == expected


def test_what_sections_are_called() -> None:
    """By what they begin with, else by what they go on with and where; none of them by the document's title."""
    renderer = long_renderer(400)
    units = renderer.index.units
    for unit in list(units.values())[2:]:
        unit.kind = EV.Sentence
    for number, words in (("1.1", "The long log"), ("1.2", "1 Year 1801")):
        units[f"{EDITION}#{number}"].quote = renderer.tagged(words)
        units[f"{EDITION}#{number}"].kind = EV.Heading
    found = pages(renderer)
    contents, second = found[f"{CONTENTS}.html"], found[f"{CONTENTS}/2.html"]
    second = blanks(second)
    listed = contents.partition('id="contents"')[2].partition("</ol>")[0]
    assert re.findall(r'class="level-(\d)"', listed) == ["1"] * (len(found) - 1)
    assert "The long log" not in listed
    assert re.search(r'<a href="1.html">1 Year 1801</a>', second)
    assert re.search(r'<a href="2.html" aria-current="page">1 Year 1801, units [\d.]+–', second)
    assert "<h1>1 Year 1801</h1>" in second


def test_much_on_few_units() -> None:
    """A document of few units that weigh much is cut as well; a heading stays with what follows it."""
    assert sections_of(_units(300), lambda unit: 100) == []
    assert sections_of(_units(100), lambda unit: 4_000) == []
    assert len(sections_of(_units(100), lambda unit: 30_000)) == 15
    sections = sections_of(_units(400, frozenset({0, 100, 101})), lambda unit: 100)
    assert [section.units[0].position for section in sections][:2] == [0, 100]
    assert [len(section.headings) for section in sections][:2] == [1, 2]
