"""Search: suggestions, the page of results, and one order in browser, server and Python."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from blanks import blanks
from isoc_kg import KnowledgeGraph
from isoc_kg.cli import cli
from isoc_kg.evidence.retrieval.reason import reason
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.search_files import SearchFiles
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.site import publish_project

from .browsers import AXE, RUN_AXE, served
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MANRS = "Mutually Agreed Norms for Routing Security"
HARBOUR = ROOT / "examples" / "harbour-trust"
#: A publication in Arabic and Japanese, with markup and control characters of direction in its names.
SCRIPTS = """
@prefix : <http://e.example/> . @prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:port a schema:Organization ; rdfs:label "ميناء الإسكندرية"@ar , "アレクサンドリア港"@ja ;
    schema:foundingDate "1869" ; schema:description "هيئةٌ تُدير الميناء"@ar .
:union a schema:Organization ; rdfs:label "日本港湾協会"@ja ; schema:alternateName "港湾協会"@ja ;
    schema:description "港と人をつなぐ団体。"@ja ; schema:memberOf :port .
:school rdfs:label "مدرسة البحارة"@ar ; schema:foundingDate "٢٠١٤" .
:bad rdfs:label "<img src=x onerror=alert(1)>" ; schema:description "\\u202Eevil \\"quoted\\" & <b>bold</b>" .
"""
#: One in German, with compounds.
GERMAN = """
@prefix : <http://d.example/> . @prefix schema: <https://schema.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:gilde a :Haus ; rdfs:label "Salzgilde"@de ; schema:description "Eine Gilde-losere Zeit kennt keine Leuchttürme."@de .
:haus a :Haus ; rdfs:label "Zunfthaus"@de . :Haus a owl:Class ; rdfs:label "Haus"@de .
"""
#: What is asked of which publication, and what is found first: kind and label.
TABLE = [
    ("shipped", "ISOC", "thing", "Internet Society"),
    ("shipped", "isoc ", "thing", "Internet Society"),
    ("shipped", "mutualy agred", "thing", MANRS),
    ("shipped", "2014", "thing", MANRS),
    ("shipped", "founded 2014", "thing", MANRS),
    ("shipped", "founder concern", "sentence", "15.2"),
    ("shipped", "concerned founders", "sentence", "15.2"),
    ("shipped", "sentence 15.2", "sentence", "15.2"),
    ("shipped", "founding date", "term", "established"),
    ("shipped", "schema:foundingDate", "term", "established"),
    (
        "shipped",
        "What are the takeaways, in a sentence each?",
        "question",
        "What are the takeaways, in a sentence each?",
    ),
    ("shipped", "open reliable secure", "thing", "mission of an open, reliable and secure Internet"),
    ("shipped", "domain name system", None, None),
    ("shipped", "member", "thing", "member of the Internet Society"),
    ("shipped", "nonprofit", "thing", "non-profit organization"),
    ("shipped", "manrs pirates", "thing", MANRS),
    ("shipped", "internet exchange point", "thing", "Internet exchange points"),
    ("shipped", "internet", None, None),
    ("shipped", "i", None, None),
    ("shipped", "zzzzzz", None, None),
    ("shipped", "(?:[*\x00\u202e=|", None, None),
    ("shipped", "web " * 400, None, None),
    ("harbour", "trust", None, None),
    ("harbour", "harbour trust", None, None),
    ("harbour", "2024", None, None),
    ("german", "Gilde", "thing", "Salzgilde"),
    ("german", "Türme der Gilden", "thing", "Salzgilde"),
    ("german", "Haus", "thing", "Haus"),
    ("german", "Wer gründete die Salz-Gilde?", "thing", "Salzgilde"),
    ("scripts", "الاسكندريه", "thing", "ميناء الإسكندرية"),
    ("scripts", "الميناء", "thing", "ميناء الإسكندرية"),
    ("scripts", "アレクサンドリア", "thing", "ميناء الإسكندرية"),
    ("scripts", "港湾協会", "thing", "日本港湾協会"),
    ("scripts", "港", None, None),
    ("scripts", "つなぐ", "thing", "日本港湾協会"),
    ("scripts", "2014", "thing", "مدرسة البحارة"),
    ("scripts", "۱۸۶۹", "thing", "ميناء الإسكندرية"),
    ("scripts", "img onerror", "thing", "<img src=x onerror=alert(1)>"),
]
#: What readers ask: of which publication, what is found first (kind and label), and what its reason begins with.
ASKED = [
    (
        "shipped",
        "who founded MANRS",
        "thing",
        MANRS,
        "established by Internet Society",
    ),
    ("shipped", "when was MANRS founded?", "thing", MANRS, "established 2014"),
    ("shipped", "who founded ISOC", "thing", "Internet Society", ""),
    ("shipped", "When was ISOC founded", "thing", "Internet Society", "established 1992"),
    ("shipped", "who develops standards", "thing", "Internet Engineering Task Force", "develops Internet standards"),
    ("shipped", "where does 3IP work", "thing", "Internet Infrastructure Improvement Project", ""),
    ("shipped", "who founded which initiatives", "question", "Who founded which initiatives?", ""),
    ("shipped", "coverage", "page", "What is not recorded here", ""),
    ("shipped", "what is not recorded here", "page", "What is not recorded here", ""),
    ("shipped", "gaps", "page", "What is not recorded here", ""),
    ("shipped", "questions", "page", "Questions", ""),
    ("shipped", "documents", "page", "Documents", ""),
    ("shipped", "what is OTA", "thing", "Online Trust Alliance", ""),
    ("harbour", "who founded the trust", "thing", "Selmersund Harbour Trust", "founder "),
    ("harbour", "When was the trust founded?", "question", "When was the trust founded?", ""),
    ("harbour", "when did the harbour trust start", "thing", "Selmersund Harbour Trust", "founding date 1969"),
    ("harbour", "who founded the Net Loft Workshop", "thing", "Net Loft Workshop", "founder Pelle Quist"),
    ("harbour", "who is the treasurer", "thing", "Selmersund Harbour Trust", "treasurer Tomas Reuss"),
    ("harbour", "who is the harbour master", "thing", "Selmersund Harbour Trust", "harbour master Wenke Ahlers"),
    ("harbour", "who chairs the trust", "thing", "Selmersund Harbour Trust", "chair Ingrid Falk"),
    ("harbour", "when was the Tar House built", "thing", "Tar House", "built in 1802"),
    ("harbour", "where is the Net Loft", "thing", "Net Loft", "contained in place Old Harbour"),
    ("harbour", "where is Tar Day 2025", "thing", "Tar Day 2025", "location North Mole"),
    ("harbour", "when is Tar Day 2025", "thing", "Tar Day 2025", "start date 2025-06-14"),
    ("harbour", "who repaired the North Mole", "thing", "repair of the North Mole", ""),
    ("harbour", "whom does the Margarethe belong to", "thing", "Margarethe", "belongs to Selmersund Harbour Trust"),
    ("harbour", "coverage", "page", "What is not recorded here", ""),
]
FIND = """async question => {
  const { found, whole, words, meant } = await isocKgFind(question, 30);
  const reasons = found.map(one => isocKgWhy(one, words));
  return [found.map(one => [one.kind, one.entry.l, one.entry.i]), [...meant], reasons, whole];
}"""


@pytest.fixture(scope="module")
def sites(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of the three publications."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "scripts.ttl").write_text(SCRIPTS, encoding="utf-8")
    result = CliRunner().invoke(cli, ["publish", str(folder / "scripts.ttl"), "-o", str(folder / "scripts")])
    assert result.exit_code == 0, result.output
    (folder / "german.ttl").write_text(GERMAN, encoding="utf-8")
    result = CliRunner().invoke(cli, ["publish", str(folder / "german.ttl"), "-o", str(folder / "german")])
    assert result.exit_code == 0, result.output
    publish_project(load_project(HARBOUR), folder / "harbour")
    return {"shipped": shipped} | {name: folder / name for name in ("harbour", "scripts", "german")}


@pytest.fixture(scope="module")
def graphs(sites: dict[str, Path]) -> dict[str, KnowledgeGraph]:
    files = {name: sites[name].with_suffix(".ttl") for name in ("scripts", "german")}
    return {name: KnowledgeGraph.load(path) for name, path in ({"shipped": ROOT, "harbour": HARBOUR} | files).items()}


@pytest.fixture(scope="module")
def searched(browser: "Browser", sites: dict[str, Path]) -> Iterator[dict[str, "Page"]]:
    """A page of each publication in which scripts search."""
    pages = {}
    with ExitStack() as stack:
        for name, folder in sites.items():
            address = stack.enter_context(served(folder))
            page = pages[name] = browser.new_page()
            page.goto(f"{address}search.html")
            page.wait_for_function("() => !!globalThis.isocKgFind")
        yield pages
        for page in pages.values():
            page.close()


@pytest.mark.parametrize(("name", "question", "kind", "label"), TABLE)
def test_one_order(
    name: str, question: str, kind: str | None, label: str | None,
    searched: dict[str, "Page"], sites: dict[str, Path], graphs: dict[str, KnowledgeGraph],
) -> None:  # fmt: skip
    """What scripts find, what a server finds for those without, and Python and assistants, in one order."""
    found, meant, _, whole = searched[name].evaluate(FIND, question)
    files = SearchFiles.reading(lambda path: (sites[name] / path).read_bytes())
    ranking = files.ranked(question)
    entries = [files.entry(number) for number in ranking.numbers[:30]]
    assert found == [[entry.kind, entry.label, entry.iri] for entry in entries]
    assert {word: tuple(words) for word, words in meant} == ranking.meant
    assert whole == ranking.whole
    result = graphs[name].search_published(question, limit=1000)
    assert result.partial == bool(ranking.numbers and not whole)
    expected = [(entry.kind, entry.label) for entry in entries if entry.kind != "page"]  # which a site alone has
    matches = [(match.kind, match.label) for match in result.matches]
    assert matches[: len(expected)] == expected
    if label:
        assert found[0][:2] == [kind, label]


@pytest.mark.parametrize(("name", "question", "kind", "label", "why"), ASKED)
def test_what_readers_ask(
    name: str, question: str, kind: str, label: str, why: str,
    searched: dict[str, "Page"], sites: dict[str, Path], graphs: dict[str, KnowledgeGraph],
) -> None:  # fmt: skip
    """The words who, when and where lead to statements about agents, dates and places; names of pages to the pages."""
    found, _, reasons, whole = searched[name].evaluate(FIND, question)
    files = SearchFiles.reading(lambda path: (sites[name] / path).read_bytes())
    ranking = files.ranked(question)
    entries = [files.entry(number) for number in ranking.numbers[:30]]
    assert found == [[entry.kind, entry.label, entry.iri] for entry in entries]
    assert whole == ranking.whole
    assert (found[0][:2], reasons[0][: len(why)]) == ([kind, label], why)
    because = reason(entries[0], question, ranking.meant, files.inflection)
    assert because.text.startswith(why)
    matches = graphs[name].search_published(question, limit=1000).matches[:20]
    expected = [(entry.kind, entry.label) for entry in entries if entry.kind != "page"]
    assert [(match.kind, match.label) for match in matches] == expected[: len(matches)]


@pytest.mark.parametrize(("question", "why"), [
    ("ISOC", ""), ("2014", "established 2014 (sentence 15.2)"), ("security tools", "also called security tools"),
    ("founder concern", "gist of sentence 15.2 of the document Internet Society"), ("Internet Society", ""),
    ("manrs 2014", "established 2014 (sentence 15.2)"),
])  # fmt: skip
def test_why(question: str, why: str, searched: dict[str, "Page"]) -> None:
    """The reason stands beside each suggestion."""
    _, _, reasons, _ = searched["shipped"].evaluate(FIND, question)
    assert blanks(reasons[0]).startswith(why) if why else reasons[0] == ""


def test_pages_and_years(searched: dict[str, "Page"]) -> None:
    """What is not recorded is found by words for it; a unit by the years of its statements; no IRI's part is a word."""
    page = searched["shipped"]
    for question in ("uncovered", "coverage", "not recorded"):
        kinds = page.evaluate(FIND, question)[0]
        assert ["page", "What is not recorded here"] in [one[:2] for one in kinds], question
    href = next(one[2] for one in page.evaluate(FIND, "coverage")[0] if one[0] == "page")
    assert page.request.get(page.url.replace("search.html", href)).ok
    assert ["sentence", "17.2"] in [one[:2] for one in page.evaluate(FIND, "2017")[0]]
    assert {one[0] for one in page.evaluate(FIND, "ISOC")[0]} == {"thing"}
    found = [one[1] for one in page.evaluate(FIND, "exchange points operators")[0]]
    withdrawn = [number for number, label in enumerate(found) if "(withdrawn)" in label]
    assert not withdrawn or withdrawn[0] > 0


def test_suggestions(page: "Page") -> None:
    """By keyboard, named for screen readers; they lead to the statement that has the words."""
    page.goto("index.html")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("mutually agr", delay=5)
    option = page.get_by_role("option").first
    option.wait_for()
    assert "Mutually" in (option.text_content() or "")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    field.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert field.input_value() == "mutually agr"
    field.press("ArrowDown")
    option.wait_for()
    field.fill("2014")
    page.get_by_role("option", name="established 2014").wait_for()
    assert page.locator("form[data-search] [role=status]").text_content() == "2 Suggestions"
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/id/manrs.html#02acdce7f19530da")
    field = page.get_by_role("combobox", name="Search")
    field.fill("isoc")
    field.press("Enter")
    page.wait_for_url("**/search.html?q=isoc")
    page.locator("[data-search-results] a", has_text="Internet Society").first.wait_for()
    assert page.title().startswith("isoc – ")


def test_results(page: "Page") -> None:
    """By kind, each with all of it; nothing found says what to do next; markup is text."""
    page.goto("search.html?q=internet")
    section = page.get_by_role("region", name="Things")
    section.wait_for()
    assert section.get_by_role("listitem").count() == 10
    section.get_by_role("link", name="All").click()
    page.wait_for_url("**/search.html?q=internet&kind=thing")
    page.get_by_role("region", name="Things").wait_for()
    assert page.get_by_role("region").count() == 1
    page.goto("search.html?q=zzzzzz")
    page.get_by_text("Nothing found for “zzzzzz”.").wait_for()
    page.get_by_role("region", name="What to do next").get_by_role("link", name="Questions").wait_for()
    page.goto("search.html?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    page.locator("[data-search-results] [role=status]", has_text="<img src=x onerror=alert(1)>").wait_for()


def test_nothing_has_all_words(page: "Page") -> None:
    """Is said first, in suggestions and on the page of results, and how many have all where some have."""
    said = "No result has all of these words. These have some of them:"
    page.goto("index.html")
    page.get_by_role("combobox", name="Search").fill("domain name system")
    page.locator(".suggestions").get_by_text(said).wait_for()
    page.get_by_role("combobox", name="Search").fill("name")
    page.locator(".suggestions").get_by_text(said).wait_for(state="hidden")
    page.goto("search.html?q=domain+name+system")
    page.locator(
        "[data-search-results] [role=status]", has_text="Nothing has all words of “domain name system”"
    ).wait_for()
    page.goto("search.html?q=founder+concern")
    page.locator("[data-search-results] [role=status]", has_text="1 of them with all of its words").wait_for()


def test_misspelt_words_as_they_are_written(browser: "Browser", sites: dict[str, Path]) -> None:
    """What was taken for a word has its capitals and accents."""
    with served(sites["german"]) as address:
        page = browser.new_page()
        page.goto(f"{address}search.html?q=leuchttürne")
        page.locator(".meant", has_text="Leuchttürme.").wait_for()
        page.close()


def test_names_tell_entries_apart(page: "Page") -> None:
    """Suggestions have the acronym and the class, and say of a sentence which it is; of a question its keyword."""
    page.goto("index.html")
    field = page.get_by_role("combobox", name="Search")
    field.fill("internet society")
    page.get_by_role("option", name="Internet Society (ISOC) thing · organization").wait_for()
    field.fill("internet")
    for class_ in ("topic", "form"):
        page.get_by_role("option", name=f"Internet thing · {class_}").wait_for()
    field.fill("founder concern")
    option = page.get_by_role("option", name="sentence 15.2 of the document")
    assert "sentence 15.2" not in blanks(option.locator(".label").text_content() or "")
    field.fill("faq")
    page.get_by_role("option", name="In which order are the questions asked? question · faq").wait_for()


def test_a_document_and_its_edition_are_told_apart(searched: dict[str, "Page"]) -> None:
    """Suggestions say which of two is the edition."""
    page = searched["harbour"]
    page.get_by_role("combobox", name="Search the publication").fill("annual report 2024")
    for class_ in ("edition of a document", "digital document"):
        page.get_by_role("option", name=f"document · {class_}").first.wait_for()


def test_key(page: "Page") -> None:
    """The key / leads to the field, but not out of one that takes text; it says so, and can be turned off."""
    page.goto("explore.html")
    field = page.get_by_role("combobox", name="Search the publication")
    assert field.get_attribute("aria-keyshortcuts") == "/"
    assert "press /" in (field.get_attribute("title") or "")
    page.keyboard.press("/")
    assert field.evaluate("node => node === document.activeElement")
    assert field.input_value() == ""
    field.press_sequentially("a/b")
    assert field.input_value() == "a/b"
    other = page.locator("#find-node")
    other.press_sequentially("c/d")
    assert other.input_value() == "c/d"
    page.goto("search.html")
    page.get_by_label("The key / leads to the search field.").uncheck()
    page.goto("index.html")
    assert field.get_attribute("aria-keyshortcuts") is None
    page.keyboard.press("/")
    assert not field.evaluate("node => node === document.activeElement")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(page: "Page", scheme: Any) -> None:
    """Suggestions and results by axe's rules (WCAG 2.2 AA)."""
    page.emulate_media(color_scheme=scheme)
    for path, question in (
        ("index.html", "internet"),
        ("index.html", "domain name system"),
        ("search.html?q=founded+2014", ""),
        ("search.html?q=zzzzzz", ""),
    ):
        page.goto(path)
        if question:
            page.get_by_role("combobox", name="Search").fill(question)
            page.get_by_role("option").first.wait_for()
        else:
            page.locator("[data-search-results] [role=status]").wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate(RUN_AXE, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        assert [violation["id"] for violation in result["violations"]] == []


def test_without_scripts(sites: dict[str, Path]) -> None:
    """A server's page has what scripts would find; without a question it is the page of the static site."""
    project = load_project(ROOT)
    snapshot = Snapshot(Publication.of_project(project), None, 0.0)
    resources = Resources(snapshot, "")

    def get(question: str, **more: str) -> str:
        body = resources.answer("search.html", {"q": question, **more} if question else {}, {}).body
        return bytes(body).decode()

    assert get("") == (sites["shipped"] / "search.html").read_text(encoding="utf-8")
    page = get("2014")
    assert 'href="id/manrs.html#02acdce7f19530da"' in page
    assert "established 2014 (sentence 15.2)" in blanks(page)
    assert "Nothing has all words of “domain name system”; these" in get("domain name system")
    assert "1 of them with all of its words" in get("founder concern")
    assert ">Internet Society (ISOC)</a>" in get("isoc")
    assert 'name="q" value="&lt;img&gt; &#34;' in get('<img> "')
    assert "search.html?q=internet&amp;kind=thing" in get("internet")
    assert get("internet", kind="thing").count('<h2 id="found-') == 1
    assert "“&lt;img&gt;”" in get("<img>")
    assert 'hidden>\n<h2 id="search-further"' not in get("zzzzzz")
    for path in (sites["shipped"] / "data").rglob("*.json"):
        name = path.relative_to(sites["shipped"]).as_posix()
        assert bytes(resources.answer(name, {}, {}).body) == path.read_bytes()
