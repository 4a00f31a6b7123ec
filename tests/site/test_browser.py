"""The site in a real browser: what page scripts do, and that nothing is said, asked of others, or out of reach."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from blanks import blanks
from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.query import bind, bound_text, term_of_type
from isoc_kg.wording.messages import message

from .browsers import AXE, COLOUR_RULES, RUN_AXE
from material import ROOT, THINGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: One of every kind of page.
KINDS = [
    "index.html",
    "browse/index.html",
    "browse/class/isoc_colon_.html",
    "id/internet-society.html",
    "id/manrs.html",
    "id/manrs.citations.html",
    "documents.html",
    "document/internet-society-term.html",
    "document/internet-society-term/1.html",
    "ontology.html",
    "evidence.html",
    "ontology/_activity.html",
    "vocabulary/ev/supported_by.html",
    "queries.html",
    "query/founders.html",
    "query/founded-in.html",
    "document/internet-society-term/1/not-recorded.html",
    "vocabulary/schema/_project.html",
    "shapes.html",
    "report.html",
    "statistics.html",
    "dataset.html",
    "about.html",
    "/isoc-kg/404.html",  # leads on from the root of its host, wherever it is shown
    "search.html?q=routing",
    "sparql.html",
    "explore.html",
]
#: A tool has drawn itself when this is there.
READY = {"sparql.html": "#console .editor", "explore.html": "#graph svg", "search.html": "[data-search-results] li"}


def visit(page: "Page", path: str) -> None:
    """Open a page and wait for its tool."""
    page.goto(path)
    if ready := READY.get(path.partition("?")[0]):
        page.wait_for_selector(ready)


def until(page: "Page", expression: str) -> None:
    """Wait for an expression to hold; asked from outside, since the site's policy forbids polling by `eval`."""
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


@pytest.fixture
def kinds(shipped: Path) -> list[str]:
    """The kinds, with a list of things that is there whatever the classes are called."""
    some = min((shipped / "browse/class").rglob("*.html")).relative_to(shipped).as_posix()
    return [some if kind.startswith("browse/class") else kind for kind in KINDS]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
def test_accessibility(page: "Page", kinds: list[str]) -> None:
    """Axe finds no violation of WCAG 2.2 AA on any kind of page, be it light or dark.

    Each page is looked at as a whole in one scheme, in turn the light and the dark one, and for its colours in both.
    """
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = {}
    for number, kind in enumerate(kinds):
        schemes = ("light", "dark")[:: 1 if number % 2 else -1]  # a page is loaded as the one or the other
        page.emulate_media(color_scheme=schemes[0], reduced_motion="reduce")  # type: ignore[arg-type]
        visit(page, kind)
        if kind == "sparql.html":  # with an answer in it
            page.get_by_role("button", name="Run").click()
            page.get_by_role("status").filter(has_text="rows in").wait_for()
            page.get_by_text("Who says so?").first.click()
            page.locator("table.results tr.why").first.wait_for()
        page.locator("details").evaluate_all("all => all.slice(0, 3).forEach(one => {one.open = true})")
        page.evaluate(AXE.read_text(encoding="utf-8"))  # past the site's policy, which forbids it as a script
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            whole = scheme == schemes[0]
            result = page.evaluate(RUN_AXE, rules if whole else COLOUR_RULES)
            assert result["passes"] > (10 if whole else 0)
            if result["violations"]:
                found[f"{kind}, {scheme}"] = [
                    (one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"][:3]])
                    for one in result["violations"]
                ]
    assert found == {}, json.dumps(found, indent=1)


def test_that_schemes_differ_by_colours_alone(shipped: Path) -> None:
    """What styles set for the dark scheme are colours: the rest of a page is as accessible in both."""
    found = 0
    for style in (*shipped.glob("theme/*.css"), ROOT / "src/isoc_kg/review/page/review.css"):
        text = style.read_text(encoding="utf-8")
        for start in re.finditer(r"@media[^{]*prefers-color-scheme[^{]*\{", text):
            depth, end = 1, start.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            declared = re.findall(r"([\w-]+):\s*([^;{}]+);", text[start.end() : end])
            assert declared
            assert [
                (name, value) for name, value in declared if not re.fullmatch(r"--[\w-]+ #\w{3,8}", f"{name} {value}")
            ] == []
            found += 1
    assert found


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
def test_accessibility_on_small_screens(browser: "Browser", address: str) -> None:
    """At 360 pixels, in the dark, with answers and a mistake: targets are large enough, what scrolls has focus."""
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 800}, color_scheme="dark", bypass_csp=True
    )
    page, found = context.new_page(), {}
    many = "SELECT ?s ?p ?o WHERE {\n" + "  ?s ?p ?o .\n" * 30 + "} LIMIT 3"
    for path, shown in (
        ("id/internet-society.html", ".evidence summary"), ("id/manrs.html", ".incoming"),
        ("query/stakeholders.html", "tr.why summary"), ("browse/index.html", ".facet"),
        (f"sparql.html#{urlencode({'query': many, 'why': 1})}", "table.results tr.why"),
        (f"sparql.html#{urlencode({'query': 'SELECT ?x { ?x schema:name }'})}", ".failed summary"),
    ):  # fmt: skip
        page.goto("about.html")
        page.goto(path)
        page.locator(shown).first.wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        rules = ["target-size", "scrollable-region-focusable", "link-in-text-block", "color-contrast"]
        result = page.evaluate(RUN_AXE, {"type": "rule", "values": rules})
        for one in result["violations"]:
            found[path[:30], one["id"]] = [(node["target"], node["failureSummary"]) for node in one["nodes"][:2]]
    context.close()
    assert found == {}


def test_that_pages_fit_small_screens(narrow: "Page", kinds: list[str]) -> None:
    """At 320 pixels nothing makes a page wider than the screen (WCAG 1.4.10)."""
    wide = {}
    for kind in (*kinds, "query/meaning.html"):  # which has a choice of long names
        visit(narrow, kind)
        if (width := narrow.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[kind] = width
    assert wide == {}


def test_documents_on_small_screens(narrow: "Page") -> None:
    """Each document has the width of the screen for its title, and its figures below that, with what they count."""
    narrow.goto("documents.html")
    title, cell = narrow.locator("tbody th").first, narrow.locator("tbody td").first
    above, below = title.bounding_box(), cell.bounding_box()
    assert above
    assert below
    assert above["width"] > 280
    assert below["y"] >= above["y"] + above["height"]
    assert "Passages" in cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert narrow.get_by_role("table").get_by_role("row").count() > 1


def test_questions_are_filtered(page: "Page") -> None:
    """By words of a question, its description or its heading; the headings lead to their groups."""
    visit(page, "queries.html")
    every = page.locator("[data-group] li").count()
    page.get_by_label("Filter the questions").fill("YEARS founded")
    shown = page.locator("[data-group] li:visible")
    assert 0 < shown.count() < every
    assert page.locator("[data-list-filter] [role=status]").text_content() == f"{shown.count()} of {every} shown"
    page.get_by_label("Filter the questions").fill("")
    assert page.locator("[data-group] li:visible").count() == every
    page.locator("main nav a").first.click()
    assert page.evaluate("document.querySelector(location.hash).tagName") == "H2"


def test_facets(page: "Page") -> None:
    """Ticked facets narrow the list, count what they would leave, and stand in the address."""
    page.goto("browse/index.html")
    entries = page.locator(".entries > li")
    assert entries.count() == THINGS
    class_ = page.get_by_role("group", name="Class")
    class_.get_by_role("checkbox", name="activity", exact=True).check()
    shown = page.locator(".entries > li:visible").count()
    assert 0 < shown < THINGS
    assert page.get_by_role("status").first.text_content().startswith(f"{shown} of {THINGS}")
    area = page.get_by_role("group", name="Area").get_by_role("listitem").first
    would = int(area.locator(".count").text_content() or "")
    area.get_by_role("checkbox").check()
    assert page.locator(".entries > li:visible").count() == would
    address = page.url
    page.goto("about.html")
    page.goto(address)
    assert page.locator(".entries > li:visible").count() == would


def test_facets_as_links(browser: "Browser", address: str) -> None:
    """Without scripts the same facets are links to lists."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("browse/index.html")
    page.get_by_role("group", name="Class").get_by_role("link", name="activity", exact=True).click()
    assert 0 < page.locator(".entries > li").count() < THINGS
    page.get_by_role("link", name="Graph", exact=True).click()
    assert page.get_by_text("needs scripts", exact=False).or_(page.locator("noscript")).count() >= 1
    page.goto("id/manrs.html")
    assert page.locator("button:visible").count() == 0
    context.close()


def test_copying(page: "Page") -> None:
    """A statement's IRI, Turtle and citation come onto the clipboard; the claim's address opens its evidence."""
    page.goto("id/manrs.html")
    statement = page.locator(".statement[id]").first
    anchor = statement.get_attribute("id")
    page.goto(f"id/manrs.html#{anchor}")
    claim = page.locator(f"[id='{anchor}']")
    assert claim.locator("details.evidence").evaluate("one => one.open") is True
    clipboard = "navigator.clipboard.readText()"
    claim.get_by_role("button", name="Copy IRI").click()
    claim.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate(clipboard) == f"https://w3id.org/isoc-kg/claim/manrs.{anchor}"
    claim.get_by_role("button", name="Copy Turtle").click()
    claim.locator("button[data-turtle]", has_text="Copied").wait_for()
    text = page.evaluate(clipboard)
    triples = list(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    subjects = {one.subject.value for one in triples if isinstance(one.subject, ox.NamedNode)}
    assert f"https://w3id.org/isoc-kg/claim/manrs.{anchor}" in subjects
    assert {
        "https://w3id.org/isoc-kg/id/manrs",
        "https://w3id.org/isoc-kg/document/internet-society-term/1",
    } <= subjects
    prefixes = re.findall("@prefix ([^:]*:)", text)
    assert all(prefix in text.partition("\n\n")[2] for prefix in prefixes)


def test_citing_by_keyboard(page: "Page") -> None:
    """A statement's citation unfolds by keys and is copied by keys, in each form as the file beside the page has it."""
    page.goto("id/manrs.html")
    anchor = page.locator(".statement[id]").first.get_attribute("id")
    page.goto(f"id/manrs.html#{anchor}")
    cite = page.locator(f"[id='{anchor}'] details.cite")
    cite.locator("summary").focus()
    page.keyboard.press("Enter")
    assert cite.evaluate("one => one.open") is True
    cite.get_by_role("button").first.wait_for()
    forms = ["Copy Text", "Copy BibTeX", "Copy CSL-JSON", "Copy RIS"]  # Turtle has a button above
    assert cite.get_by_role("button").all_inner_texts() == forms
    assert cite.locator("p").first.is_visible()
    cite.get_by_role("link").focus()
    copied = []
    for _ in forms:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("button", has_text="Copied").last.wait_for()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
        page.wait_for_timeout(20)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cite.get_by_role("link").click()
    page.wait_for_url(f"**/manrs.citations.html#{anchor}")
    shown = page.locator(f"[id='{anchor}'] pre").all_inner_texts()
    assert copied == shown[:4]
    assert shown[4].startswith("@prefix ")


def test_one_citation_and_back(page: "Page") -> None:
    """The file of citations shows one statement whole; evidence that was unfolded is so for whoever comes back."""
    page.goto("id/manrs.html")
    statement = page.locator(".statement[id]").nth(1)
    anchor = statement.get_attribute("id")
    statement.locator("details.evidence > summary").click()
    statement.locator("details.cite > summary").click()
    statement.locator("details.cite a").click()
    page.wait_for_url(f"**/manrs.citations.html#{anchor}")
    assert page.locator("main .forms:visible").count() == 1
    assert page.locator(f"[id='{anchor}'] pre.turtle").is_visible()
    other = page.locator("main section h2 a").first
    other.click()
    assert page.locator("main .forms:visible").count() == 1
    assert page.locator("section .forms").first.is_visible()
    page.goto("id/manrs.html")
    statement.locator("details.evidence > summary").click()
    page.reload()
    assert [one.get_attribute("open") is not None for one in page.locator("details.evidence").all()].index(True) == 1


def test_a_statement_that_is_gone(page: "Page") -> None:
    """Whoever follows the address of a claim that is not there any more is told; others are not."""
    page.goto("id/manrs.html")
    notice = page.get_by_text("The statement at this address was changed")
    assert not notice.is_visible()
    page.goto("id/manrs.html#0123456789abcdef")
    notice.wait_for()
    anchor = page.locator(".statement[id]").first.get_attribute("id")
    page.evaluate(f"location.hash = '{anchor}'")
    notice.wait_for(state="hidden")


def test_theme(page: "Page") -> None:
    """The button goes from the system's choice to light to dark, and the next page remembers."""
    page.emulate_media(color_scheme="light")
    page.goto("index.html")
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(colour)
    button = page.locator("[data-theme-toggle]")
    button.click()
    assert page.evaluate(colour) == light
    button.click()
    dark = page.evaluate(colour)
    assert dark != light
    page.goto("about.html")
    assert page.evaluate(colour) == dark
    page.route("**/site.js", lambda route: route.fulfill(body="", content_type="text/javascript"))  # as if it came late
    page.goto("dataset.html")
    assert page.evaluate(colour) == dark


def test_downloads_come_from_here(page: "Page") -> None:
    """The command that fetches a file names the host that the page was read from."""
    page.goto("dataset.html")
    told = page.locator("pre[data-file='ontology.ttl']").text_content() or ""
    assert told.startswith(f"curl -O {page.url.removesuffix('dataset.html')}ontology.ttl\n")


def test_evidence(page: "Page") -> None:
    """One button shows all sentences and hides them again; what is printed has them too."""
    page.goto("id/manrs.html")
    closed = page.locator("details.evidence:not([open])")
    count = closed.count()
    assert count > 10
    page.get_by_role("button", name="Show all sentences").click()
    assert closed.count() == 0
    page.get_by_text("Dates MANRS").first.wait_for(state="visible")
    page.get_by_role("button", name="Hide the sentences").click()
    assert closed.count() == count
    page.pdf()
    assert closed.count() == count
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == count


def test_how_statements_stand(page: "Page") -> None:
    """Before anything is unfolded, by a word that screen readers have, and by a mark that they do not read."""
    page.goto("id/manrs.html")
    marks: dict[str, set[str]] = {}
    for one in page.locator("details.evidence > summary .standing").all():
        kind, mark = one.evaluate("e => [e.className, getComputedStyle(e, '::before').content]")
        marks.setdefault(kind.removeprefix("standing "), set()).add(mark)
        assert one.is_visible()
    assert marks.keys() >= {"supported", "implied"}
    assert all(len(mark) == 1 for mark in marks.values())
    assert len(set().union(*marks.values())) == len(marks)
    heading = page.get_by_text("supported by heading 15.1", exact=True).first
    assert "supported by heading 15.1" in blanks(page.locator("details.evidence", has=heading).first.aria_snapshot())
    heading.click()
    page.get_by_role("link", name="heading 15.1").first.click()
    page.get_by_role("link", name="What is not recorded here").click()
    page.get_by_role("heading", name="What is not recorded here", level=1).wait_for()
    assert page.locator(".passages a").count() or page.get_by_text("Every passage of this document").count()


def test_missing_page(browser: "Browser", address: str) -> None:
    """What a host gives for an address that is not there looks like the site, and leads back into it."""
    context = browser.new_context(base_url=address.replace("some/where/", "isoc-kg/"))
    page = context.new_page()
    failed: list[str] = []
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.goto("id/nobody/at/all")
    page.get_by_role("heading", name="There is no such page").wait_for()
    assert [url.rpartition("/")[2] for url in failed] == ["all"]
    page.get_by_role("link", name="All things").click()
    page.wait_for_url("**/isoc-kg/browse/index.html")
    context.close()


def test_print(page: "Page") -> None:
    """On paper there are statements with their evidence, and no tools."""
    page.goto("id/manrs.html")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.locator(".names").evaluate("one => getComputedStyle(one).color")
    assert ink == "rgb(68, 68, 68)", "dark on white, whatever is on the screen"
    assert page.locator("header.site nav").is_hidden()
    page.locator(".statement").first.wait_for(state="visible")
    assert page.locator("button:visible").count() == 0


class TestConsole:
    """SPARQL in the page."""

    @staticmethod
    def ask(page: "Page", query: str) -> None:
        """Put a query into the editor and run it from the keyboard."""
        editor = page.get_by_role("textbox", name="SPARQL query")
        editor.click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(query)
        page.keyboard.press("Control+Enter")

    @staticmethod
    def told(page: "Page", text: str) -> None:
        """Wait until the status says so."""
        page.locator("#console [role=status]", has_text=text).wait_for()

    def test_select(self, page: "Page") -> None:
        """A question runs in the page; its rows link to pages here, and come as CSV and JSON."""
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        visit(page, "sparql.html")
        assert not [url for url in requests if url.endswith((".wasm", ".nq"))], "loaded before it is needed"
        self.ask(page, "SELECT ?y WHERE { id:manrs schema:foundingDate ?y }")
        self.told(page, "1 row in")
        assert page.locator("table.results td").first.text_content().startswith("2014")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download CSV").click()
        assert Path(waiting.value.path()).read_bytes() == b"y\r\n2014\r\n"
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download JSON").click()
        answer = json.loads(Path(waiting.value.path()).read_text())
        assert answer["results"]["bindings"][0]["y"]["value"] == "2014"
        self.ask(page, "SELECT ?x WHERE { ?x a schema:Project } ORDER BY ?x")
        self.told(page, "4 rows in")
        page.locator("table.results a").first.click()
        page.wait_for_url("**/id/*.html")

    def test_ask_and_construct(self, page: "Page") -> None:
        """ASK says yes or no; CONSTRUCT is drawn, listed, and comes as N-Triples."""
        visit(page, "sparql.html")
        self.ask(page, "ASK { id:manrs a schema:Project }")
        self.told(page, "Yes, in")
        self.ask(page, "CONSTRUCT WHERE { id:manrs schema:name ?n ; a ?t }")
        self.told(page, "3 triples in")
        page.locator("svg.drawing").wait_for()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download N-Triples").click()
        assert Path(waiting.value.path()).read_bytes().count(b" .\n") == 3

    def test_errors(self, page: "Page") -> None:
        """A mistake is told with its place, and the next query runs."""
        visit(page, "sparql.html")
        self.ask(page, "SELECT ?x\nWHERE { ?x rdfs:label }")
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "line 2" in (alert.text_content() or "")
        page.locator(".cm-lintRange-error").first.wait_for()
        self.ask(page, "ASK { ?s ?p ?o }")
        self.told(page, "Yes")

    def test_stop(self, page: "Page") -> None:
        """What takes too long can be stopped, and is when its time is over."""
        endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        visit(page, "sparql.html")
        self.ask(page, endless)
        self.told(page, "Running")
        page.get_by_role("button", name="Stop").click()
        self.told(page, "Stopped.")
        page.get_by_label("Time limit").fill("1")
        self.ask(page, endless)
        self.told(page, "Stopped after 1 s")
        self.ask(page, "ASK {}")
        self.told(page, "Yes")

    def test_sharing(self, page: "Page") -> None:
        """The link carries the query, whatever is in it, and whoever opens it sees the answer."""
        visit(page, "sparql.html")
        self.ask(page, 'SELECT ("<b>&#%+ \\"ü" AS ?x) {}')
        self.told(page, "1 row")
        page.get_by_role("button", name="Copy link").click()
        link = page.evaluate("navigator.clipboard.readText()")
        page.goto("about.html")
        page.goto(link)
        self.told(page, "1 row")
        assert '<b>&#%+ "ü' in (page.locator("table.results td").first.text_content() or "")

    def test_named_queries(self, page: "Page") -> None:
        """A question's page has its answer; with other values it is worked out there, and stands in its address."""
        page.goto("query/founded-in.html")
        answer = page.locator("[data-answer]")
        assert "Internet Society" in (answer.locator("table.results").text_content() or "")
        summaries = answer.locator("tr.why summary").all_inner_texts()
        assert "Who says so? supported by sentence" in summaries[0]
        page.get_by_role("button", name="Ask").click()
        page.get_by_role("status").filter(has_text=re.compile("rows? in")).wait_for()
        assert answer.locator("tr.why summary").all_inner_texts() == summaries
        page.locator("input[name='$year']").fill("2014")
        page.get_by_role("button", name="Ask").click()
        answer.locator("table.results", has_text="Routing").wait_for()
        assert "#%24year=2014" in page.url
        address = page.url
        answer.locator("summary").first.click()
        answer.get_by_text("supported", exact=True).first.wait_for()
        page.get_by_role("link", name="Edit the query in the console").click()
        self.told(page, "1 row in")
        page.goto("about.html")
        page.goto(address)
        answer.locator("table.results", has_text="Routing").wait_for()
        page.locator("input[name='$year']").fill("long ago")
        page.get_by_role("button", name="Ask").click()
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert (alert.text_content() or "") == "“long ago” is not a value for “year”. Give a year, such as 2014."
        assert answer.locator("table").count() == 0

    def test_one_answer_at_a_time(self, page: "Page") -> None:
        """The old answer is marked at once; data is read once; the answer says what it is for; nothing is no value."""
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto("query/founded-in.html")
        answer, field = page.locator("[data-answer]"), page.locator("input[name='$year']")
        assert answer.locator(".hint").first.inner_text() == "For the year: 1992"
        for value, told in ((" 2014 ", "Routing"), ("1999", "Nothing here has the year 1999; such as 1992, 2014.")):
            field.fill(value)
            busy = page.evaluate(
                "() => (document.querySelector('form[data-query] button').click(),"
                "document.querySelector('[data-answer]').getAttribute('aria-busy'))"
            )
            assert busy == "true"
            answer.get_by_text(told).first.wait_for()
            assert answer.get_attribute("aria-busy") is None
            assert answer.locator(".hint").first.inner_text() == f"For the year: {value.strip()}"
        assert len([url for url in requests if url.endswith(".nq")]) == 1
        field.fill(" ")
        page.get_by_role("button", name="Ask").click()
        told = page.get_by_role("alert")
        assert told.inner_text() == "“year” has no value. Give a year, such as 2014."
        assert field.get_attribute("aria-describedby") == told.get_attribute("id")

    def test_choices(self, page: "Page") -> None:
        """A question offers the things there are, by name; a value of another type is refused in words, and not run."""
        page.goto("query/activities-in-area.html")
        page.get_by_label("The area").select_option(label="Internet access")
        page.get_by_role("button", name="Ask").click()
        page.get_by_role("status").filter(has_text="rows in").wait_for()
        page.get_by_role("link", name="Edit the query in the console").click()
        self.told(page, "rows in")
        page.locator(".fields select").first.select_option(label="Internet trust")
        until(page, "document.querySelector('.editor').shadowRoot.textContent.includes('id:internet-trust')")
        page.goto("about.html")
        page.goto("sparql.html#name=founded-in&%24year=long+ago")
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "“long ago” is not a value for “year”. Give a year, such as 2014." in alert.text_content()
        assert page.locator(".fields input").get_attribute("aria-invalid") == "true"
        page.locator(".fields input").fill("2014")
        page.get_by_role("button", name="Run").click()
        self.told(page, "1 row in")

    def test_terms_have_names(self, page: "Page") -> None:
        """Of any vocabulary, as pages call them; questions stand by their titles; the downloads in one row."""
        visit(page, "sparql.html")
        terms = "rdf:type rdfs:label dcterms:subject dcterms:hasVersion"
        self.ask(page, f"SELECT DISTINCT ?p {{ ?s ?p ?o VALUES ?p {{ {terms} }} }}")
        page.locator("table.results").wait_for()
        names = [text.split()[0] for text in page.locator("table.results td a").all_inner_texts()]
        assert "type" in names
        assert not [name for name in names if name[:1].isupper()]
        titles = page.locator("#named-query option").all_inner_texts()[1:]
        assert titles == sorted(titles, key=str.casefold)
        assert page.locator(".saves").bounding_box()["height"] < 60  # type: ignore[index]

    def test_names_and_who_says_so(self, page: "Page") -> None:
        """Names stand beside IRIs; below each row, who says so: by word, with the unit; the downloads stay raw."""
        page.goto("sparql.html#name=initiatives-with-dates&why=1")
        self.told(page, "rows in")
        manrs = page.locator("table.results tr", has_text="id:manrs").first
        assert "Mutually Agreed Norms for Routing Security" in (manrs.text_content() or "")
        behind = manrs.locator("xpath=following-sibling::tr[1]")
        assert "supported by sentence 15.2" in blanks(behind.locator("summary").inner_text())
        behind.locator("summary").click()
        behind.get_by_text("supported", exact=True).first.wait_for()
        assert "sentence 15.2" in blanks(behind.text_content() or "")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download JSON").click()
        answer = json.loads(Path(waiting.value.path()).read_text())
        assert all(row["initiative"]["value"].startswith("https://") for row in answer["results"]["bindings"])
        assert len(answer["why"]) == len(answer["results"]["bindings"])
        self.ask(page, "SELECT (COUNT(*) AS ?n) { ?x isoc:counters ?y }")
        page.locator("tr.why summary", has_text=" statements: ").wait_for()
        self.ask(page, "SELECT (STR(?x) AS ?n) { ?x isoc:supports ?y } LIMIT 1")
        page.locator("p.notice", has_text="a value of the rows is computed").wait_for()
        page.get_by_text("No statement with evidence could be traced").wait_for()
        self.ask(page, "ASK { id:manrs isoc:supports ?y }")
        page.get_by_text("Only the rows of a SELECT query have sentences behind them.").wait_for()

    def test_the_browser_agrees_with_the_command_line(self, page: "Page") -> None:
        """Claims, units and hints of every named query and of others are those of Python."""
        kg = KnowledgeGraph.load(ROOT)
        queries = {name: _bound(kg, name) for name in kg.queries} | AGREEING
        page.goto("about.html")
        found = page.evaluate(IN_WORKER, queries)
        for name, text in queries.items():
            answer = kg.run(f"{text} ")
            assert [_said(note["said"]) for note in found[name]["notes"]] == list(answer.hints), name
            if answer.solutions is not None:
                expected = json.loads(kg.why(f"{text} ").to_json())
                rows = zip(expected["results"]["bindings"], map(_claims, expected["why"]), strict=True)
                own = zip(found[name]["rows"], map(_claims, found[name]["behind"]["why"]), strict=True)
                key = lambda pair: json.dumps(pair, sort_keys=True)  # noqa: E731
                assert sorted(own, key=key) == sorted(rows, key=key), name

    def test_complaints_are_those_of_the_command_line(self, page: "Page") -> None:
        """What is wrong, where, and what may be meant."""
        kg = KnowledgeGraph.load(ROOT)
        page.goto("about.html")
        found = page.evaluate(IN_WORKER, {text: text for text in MALFORMED})
        for text in MALFORMED:
            with pytest.raises(QueryError) as raised:
                kg.run(f"{text} ")
            error, mistake = raised.value, found[text]["mistake"]
            assert (mistake["line"], mistake["column"]) == (error.line, error.column), text
            assert _said(mistake["said"]) == " ".join(filter(None, (error.message, error.advice))), text

    def test_why_nothing_was_found(self, page: "Page") -> None:
        """A name that no statement has is named below the query and marked in it."""
        visit(page, "sparql.html")
        self.ask(page, "SELECT ?x {\n  ?x isoc:suports ?y }")
        page.get_by_text("No statement uses isoc:suports as a property. Did you mean isoc:supports?").wait_for()
        assert page.locator(".cm-lintRange-warning").first.text_content() == "isoc:suports"
        self.ask(page, "ASK { id:manrs schema:foundingDate '1875'^^xsd:gYear }")
        self.told(page, "No, in")
        assert page.locator(".output .notice").count() == 0

    def test_an_unknown_prefix(self, page: "Page") -> None:
        """It is told as on the command line, at its place, with what may be meant; a reload keeps the query."""
        visit(page, "sparql.html")
        self.ask(page, "SELECT ?x {\n  ?x isocc:manages ?y }")
        told = page.get_by_role("alert").text_content() or ""
        assert "the prefix isocc: is not known. (at line 2, column 6) Did you mean isoc:?" in told
        assert page.locator(".cm-lintRange-error").first.text_content() == "isocc:manages"
        page.reload()
        page.wait_for_selector("#console .editor")
        until(page, "document.querySelector('.editor').shadowRoot.textContent.includes('isocc:manages')")

    def test_completion(self, page: "Page") -> None:
        """Terms of the ontology and prefixes are completed."""
        visit(page, "sparql.html")
        page.get_by_role("textbox", name="SPARQL query").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT * { ?s ev:supportedB", delay=5)
        page.locator(".cm-tooltip-autocomplete", has_text="ev:supportedBy").wait_for()
        page.wait_for_timeout(200)  # an editor takes no completion that came up while somebody was typing on
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.editor').shadowRoot.textContent.includes('ev:supportedBy')")

    def test_keyboard(self, page: "Page") -> None:
        """Escape leaves the editor, Tab goes on, and every control has its turn."""
        visit(page, "sparql.html")
        self.ask(page, "SELECT * { ?s ?p ?o } LIMIT 3")
        self.told(page, "3 rows")
        page.get_by_role("textbox", name="SPARQL query").click()
        page.keyboard.press("Escape")
        reached = set()
        for _ in range(12):
            reached.add(page.evaluate("document.activeElement.textContent + (document.activeElement.id ?? '')"))
            page.keyboard.press("Tab")
        assert {"Run", "time-limit", "Copy link"} <= reached

    def test_offline(self, page: "Page") -> None:
        """Once loaded, the console needs no network."""
        visit(page, "sparql.html")
        self.ask(page, "ASK {}")
        self.told(page, "Yes")
        page.context.set_offline(True)
        self.ask(page, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        self.told(page, "1 row")
        page.context.set_offline(False)


#: What is no query, in the ways that people get one wrong.
MALFORMED = [
    "",
    "# nothing\n\n",
    "SELEC ?x { ?x ?y ?z }",
    "PREFX ex: <http://example.org/> SELECT ?x { ?x a ex:A }",
    "PREFIX ex: <http://example.org/>",
    "SELECT ?x { ?x ?y ?z }\nLIMT 3",
    "SELECT ?x { ?x ?y ?z } foo",
    "SELECT ?x { ?x ?y ?z } ; ASK {}",
    "SELECT ?x { ?x ?y ?z } }",
    "SELECT ?x { ?x ?y ?z } LIMIT 3 ORDER BY ?x",
    "SELECT ?x { ?x ?y ?z } GROUP ?x",
    "SELECT ?x { ?x ?y ?z } LIMIT ten",
    "SELECT ?x { ?x a house }",
    "SELECT ?x { FILTR(?x = 1) ?x ?y ?z }",
    "SELECT ?x { ?x ?y ?z FILTER(CONTAIN(?z, 'x')) }",
    "SELECT ?x { ?x isoc:supports }",
    "SELECT ?x { ?x isoc:supports ?y",
    "SELECT ?x { ?x isocc:supports ?y }",
    "SELECT ?x { ?x ?y 'z }",
    "SELECT ?x ?y { VALUES ?y { 1 } ?x ?p ?o BIND(1 AS ?y) }",
    "INSERT DATA { id:a a id:b }",
    "ASK { SERVICE <http://example.org/> { ?x ?y ?z } }",
    "ASK WHERE\n\n",
]
#: Queries in which a claim, or none, stands behind a row in other ways than in the named ones.
AGREEING = {
    "optional": "SELECT ?x ?y ?n { ?x a schema:Project OPTIONAL { ?x schema:foundingDate ?y } "
    "OPTIONAL { ?x schema:alternateName ?n } }",
    "another year": 'SELECT ?x { VALUES ?y { "1999"^^xsd:gYear } ?x schema:foundingDate ?y }',
    "a year as text": 'SELECT ?x { ?x schema:foundingDate ?y FILTER(?y = "2014") }',
    "a text of any property": 'SELECT ?x { ?x ?p ?y FILTER(?y = "2014") }',
    "a text anywhere": 'SELECT ?x { ?x ?p "Internet Society" }',
    "another place": "SELECT ?x { VALUES ?y { id:manrs } ?x isoc:activeIn ?y }",
    "another text": 'SELECT ?x { VALUES ?y { "xyz" } ?x skos:altLabel ?t FILTER(LCASE(STR(?t)) = LCASE(?y)) }',
    "union": "SELECT ?x ?y { { ?x isoc:manages ?y } UNION { ?x isoc:supports ?y } }",
    "path": "SELECT ?y { id:internet-society isoc:hasInitiative/schema:foundingDate ?y }",
    "sequence": "SELECT ?x ?y { ?x isoc:hasWording/isoc:hasQuality ?y }",
    "there and back": "SELECT ?x ?y { ?x isoc:supports/^isoc:supports ?y }",
    "closure": "SELECT ?x { id:mission (isoc:hasWording|isoc:concerns|isoc:hasQuality|isoc:serves)+ ?x }",
    "any length": "SELECT ?y { id:mission isoc:hasWording/isoc:hasQuality* ?y }",
    "turned": "SELECT ?x ?y { ?x ^isoc:hasInitiative/schema:foundingDate ?y }",
    "from a text": 'SELECT ?y { "MANRS"@en ^schema:alternateName/schema:foundingDate? ?y }',
    "not": "SELECT DISTINCT ?y { id:mission !rdf:type/!(rdfs:label|^isoc:hasWording) ?y }",
    "beside a path": "SELECT ?x ?d { ?x isoc:hasWording/a ?k ; ?p ?d . FILTER(isLiteral(?d)) }",
    "hidden": "SELECT ?x { ?x isoc:hasWording/isoc:hasQuality [ a ?k ] MINUS { ?x isoc:serves+ ?y } }",
    "grouped": "SELECT ?x (COUNT(?y) AS ?n) { ?x isoc:supports ?y } GROUP BY ?x",
    "one group": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x isoc:counters ?y }",
    "large group": "SELECT (COUNT(*) AS ?n) { ?x ?p ?y . ?x a schema:Project }",
    "groups left": "SELECT ?x (COUNT(?y) AS ?n) { ?x isoc:counters ?y } GROUP BY ?x HAVING(COUNT(?y) > 1) ORDER BY ?x",
    "groups untold": "SELECT (COUNT(?y) AS ?n) { ?x isoc:counters ?y } GROUP BY ?x",
    "derived class": "SELECT ?x { ?x a skos:Concept }",
    "derived property": "SELECT ?x ?y { ?x org:linkedTo ?y }",
    "scheme": "SELECT ?x { ?x skos:inScheme id:threats }",
    "distinct": "SELECT DISTINCT ?x { ?x isoc:aimsAt ?y }",
    "year": 'SELECT ?x { ?x schema:foundingDate "2014"^^xsd:gYear }',
    "short": "SELECT ?x { ?x schema:position 2 } LIMIT 20",
    "name": 'SELECT ?x { ?x schema:name "Internet Society"@en }',
    "subquery": "SELECT ?x { { SELECT ?x { ?x isoc:supports ?y } } }",
    "misspelt": "SELECT ?x { ?x isoc:suports|isoc:managess ?y . id:manr a isoc:Vison }",
    "another type": "SELECT ?x { ?x schema:foundingDate 2014 }",
    "compared": "SELECT ?x { ?x schema:foundingDate ?d FILTER(?d > 1900) }",
    "compared both ways": 'SELECT ?x { ?x schema:foundingDate ?d FILTER("1900" <= ?d && ?d < 2000) }',
    "compared with either": "SELECT ?x { ?x schema:foundingDate ?d FILTER(?d > 1900 || ?d < 5) }",
    "another case": 'SELECT ?x { ?x schema:name "internet society" }',
    "another property": 'SELECT ?x { ?x schema:name "MANRS" }',
    "none is right": 'SELECT ?x { ?x schema:foundingDate "1875"^^xsd:gYear OPTIONAL { ?x isoc:suports ?y } }',
    "counted": "SELECT (COUNT(*) AS ?n) { ?x isoc:suports ?y }",
    "alternatives": "SELECT ?x ?y { ?x isoc:supports|isoc:supports|^isoc:supports ?y }",
    "alternatives within": "SELECT ?x ?z { ?x a ?k ; (isoc:supports|!rdfs:label)/(isoc:supports|isoc:supports)? ?y "
    "{ ?x (isoc:hasWording|isoc:hasWording)/isoc:hasQuality ?z } }",
    "alternatives counted": "SELECT (COUNT(*) AS ?n) { { SELECT ?x (COUNT(?l) AS ?m) { OPTIONAL { ?x "
    "rdfs:label|rdfs:label|skos:prefLabel ?l, ?l2 ; schema:name ?n } FILTER(BOUND(?x)) } GROUP BY ?x } "
    "?x (rdfs:label|skos:prefLabel|schema:name)|^isoc:supports ?y . }",
    "alternatives, inverse negated": "SELECT (COUNT(*) AS ?n) { ?x !(rdf:type|^rdfs:label)|a id:mission }",
}
IN_WORKER = """async (queries) => {
  const about = await (await fetch("data/editor.json")).json();
  const worker = new Worker("scripts/worker.js");
  const ask = (query) => new Promise((done) => {
    worker.onmessage = (event) => { if (event.data.kind !== "progress") done(event.data); };
    const [engine, dump] = ["scripts/oxigraph.wasm", about.dump].map((path) => new URL(path, location.href).href);
    worker.postMessage({ ...about, engine, dump, query, most: 10000, why: true });
  });
  const found = {};
  for (const [name, query] of Object.entries(queries)) found[name] = await ask(query);
  worker.terminate();
  return found;
}"""


def _bound(kg: KnowledgeGraph, name: str) -> str:
    """A named query with the defaults of its parameters."""
    query = kg.queries[name]
    terms = bind(query, {}, lambda one, value: term_of_type(one.name, value, one.type, kg.prefixes))
    return bound_text(query.text, terms)


def _said(sentences: list[Any]) -> str:
    """What a page in English says."""

    def filled(one: dict[str, Any]) -> str:
        values = {name: filled(value) if isinstance(value, dict) else value for name, value in one["values"].items()}
        return str(message(one["key"], **values))

    return " ".join(map(filled, sentences))


def _claims(behind: list[dict[str, Any]]) -> list[Any]:
    """The claims behind a row, each with its units and how these support it."""
    return [
        (claim["claim"], [(one["iri"], one["kind"], one.get("implied", False)) for one in claim["sentences"]])
        for claim in behind
    ]


class TestReading:
    """The reading view with the reader's own copy of the document."""

    PATH = "document/internet-society-term/1.html"

    def give(self, page: "Page", name: str, data: bytes) -> str:
        """Hand a file over; what the page says of it."""
        page.locator("#drop input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
        status = page.locator(".drop-status")
        until(page, "!/^(Reading|$)/.test(document.querySelector('.drop-status').textContent)")
        return status.text_content() or ""

    def test_right_file(self, page: "Page", document: Path) -> None:
        """The document itself: every unit shows its sentence, and nothing was sent."""
        sent: list[str] = []
        page.goto(self.PATH)
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: sent.append(request.url))
        assert self.give(page, "mine.txt", document.read_bytes()) == "mine.txt is the document: all 80 units agree."
        quotes = page.locator(".units-list .quote")
        assert quotes.count() == 80
        text = document.read_text(encoding="utf-8")
        assert all((quote or "") in text for quote in quotes.all_text_contents())
        assert sent == []

    def test_edited_file(self, page: "Page", document: Path) -> None:
        """A copy with an addition at its start and one changed word: all but that unit are found again."""
        page.goto(self.PATH)
        text = document.read_text(encoding="utf-8").replace("1992", "1993", 1)
        told = self.give(page, "edited.txt", ("A line before.\n" + text).encode())
        found = int(re.search(r"(\d+) of 80 units agree", told)[1])  # type: ignore[index]
        assert 76 <= found <= 79
        assert page.locator(".units-list .quote").count() == found
        assert page.locator(".differs").count() == 80 - found

    def test_wrong_files(self, page: "Page") -> None:
        """Another text, bytes that are none, and a text of hostile names are told apart, and nothing is shown."""
        page.goto(self.PATH)
        assert "is another document" in self.give(page, "other.txt", b"Something else. " * 400)
        assert "is not a UTF-8 text" in self.give(page, "picture.png", b"\x89PNG\xff\xfe")
        assert "<b>.txt is another document" in self.give(page, "<b>.txt", b"<script>alert(1)</script>")
        assert page.locator(".units-list .quote").count() == 0

    def test_dropping(self, page: "Page", document: Path) -> None:
        """The file can be dropped anywhere on the page."""
        page.goto(self.PATH)
        transfer = page.evaluate_handle(
            "text => { const d = new DataTransfer(); d.items.add(new File([text], 'x.txt')); return d; }",
            document.read_text(encoding="utf-8"),
        )
        page.dispatch_event("body", "drop", {"dataTransfer": transfer})
        page.locator(".drop-status", has_text="all 80 units agree").wait_for()


def test_without_a_host(browser: "Browser", shipped: Path) -> None:
    """Opened as files, pages are complete, and tools say what they need."""
    context = browser.new_context()
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto((shipped / "id/manrs.html").as_uri())
    assert page.locator(".statement").count() > 10
    page.get_by_role("link", name="Browse").click()
    assert page.locator(".entries > li").count() == THINGS
    page.get_by_role("group", name="Class").get_by_role("checkbox", name="activity", exact=True).check()
    assert page.locator(".entries > li:visible").count() < THINGS
    page.get_by_role("link", name="SPARQL").click()
    page.locator("[data-needs-host]").wait_for(state="visible")
    assert messages == []
    context.close()


def test_keyboard_only(page: "Page") -> None:
    """Tab reaches everything that a mouse does: skip link, menu, search, theme, evidence and copying."""
    page.goto("id/manrs.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.goto("id/manrs.html")
    everything = "a[href], button:not([hidden]), input, summary, [tabindex='0']"
    count = page.evaluate(
        "q => [...document.querySelectorAll(q)].filter(e => e.checkVisibility({visibilityProperty: true})).length",
        everything,
    )
    stops = 0
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        visible = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none'"
            " || document.activeElement.closest('svg') !== null; })()"
        )
        assert visible, page.evaluate("document.activeElement.outerHTML")
    assert stops >= count - 1, (stops, count)
    summary = page.locator("details.evidence summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.evidence").first.evaluate("one => one.open")


def test_bare_identifiers_on_a_plain_host(browser: "Browser", address: str) -> None:
    """The page for what is not there goes on to the page of the identifier; it stays where there is none."""
    context = browser.new_context(base_url=address)  # whose console says that there was nothing
    page = context.new_page()
    page.goto("id/manrs.html")
    anchor = page.locator("li.statement").first.get_attribute("id")
    for asked, reached in (
        (f"claim/manrs.{anchor}", f"id/manrs.html#{anchor}"),
        ("id/ietf", "id/ietf.html"),
        ("id/ietf/#incoming", "id/ietf.html#incoming"),
        ("query/founders", "query/founders.html"),
        ("graph/facts", "dataset.html#graph-facts"),
    ):
        page.goto(f"/isoc-kg/{asked}")
        page.wait_for_url(f"**/isoc-kg/{reached}", timeout=15_000)
    for asked in ("id/nothing", "id/nothing.html", "elsewhere/id/ietf"):
        page.goto(f"/isoc-kg/{asked}")
        page.wait_for_load_state("networkidle")
        assert page.url.endswith(f"/isoc-kg/{asked}")
        assert page.locator("h1[data-identifier]").count() == 1
    context.close()
