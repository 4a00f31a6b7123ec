"""The site in a real browser: what page scripts do, and that nothing is said, asked of others, or out of reach."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .browsers import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: One of every kind of page.
KINDS = [
    "index.html",
    "browse/index.html",
    "browse/class/isoc_colon_.html",
    "id/internet-society.html",
    "id/manrs.html",
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
READY = {"sparql.html": "#console .editor", "explore.html": "#graph canvas", "search.html": "[data-search-results] li"}


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
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(page: "Page", kinds: list[str], scheme: str) -> None:
    """Axe finds no violation of WCAG 2.2 AA on any kind of page."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = {}
    for kind in kinds:
        visit(page, kind)
        if kind == "sparql.html":  # with an answer in it
            page.get_by_role("button", name="Run").click()
            page.get_by_role("status").filter(has_text="rows in").wait_for()
        for details in page.locator("details").all()[:3]:
            details.evaluate("one => one.open = true")
        page.evaluate(AXE.read_text(encoding="utf-8"))  # past the site's policy, which forbids it as a script
        result = page.evaluate("rules => axe.run({runOnly: rules})", rules)
        assert len(result["passes"]) > 10
        if result["violations"]:
            found[kind] = [
                (one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"][:3]])
                for one in result["violations"]
            ]
    assert found == {}, json.dumps(found, indent=1)


def test_that_pages_fit_small_screens(narrow: "Page", kinds: list[str]) -> None:
    """At 320 pixels nothing makes a page wider than the screen (WCAG 1.4.10)."""
    wide = {}
    for kind in kinds:
        visit(narrow, kind)
        if (width := narrow.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[kind] = width
    assert wide == {}


def test_search(page: "Page") -> None:
    """Whoever types gets suggestions, with arrow keys and Enter; the search page finds gists and acronyms."""
    page.goto("index.html")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("mutually agr", delay=5)
    option = page.get_by_role("option").first
    option.wait_for()
    assert "MANRS" in option.text_content() or "Mutually" in (option.text_content() or "")
    field.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert page.get_by_role("option").count() == 0
    field.fill("manrs")
    option.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/id/manrs.html")
    field = page.get_by_role("combobox", name="Search")
    field.fill("isoc")
    field.press("Enter")
    page.wait_for_url("**/search.html?q=isoc")
    page.locator("[data-search-results] a", has_text="Internet Society").first.wait_for()
    for words, found in (
        ("MANRS", "Mutually Agreed Norms"),  # an acronym
        ("open reliable secure", "Internet Society"),  # a description
        ("founder concern", "sentence 15.2"),  # a gist
        ("mutualy agred", "Mutually Agreed Norms"),  # a name that is not quite right
    ):
        page.goto(f"search.html?q={words.replace(' ', '+')}")
        page.locator("[data-search-results] a", has_text=found).first.wait_for()
    page.goto("search.html?q=zzzz")
    page.get_by_text("Nothing found for “zzzz”.").wait_for()
    page.goto("search.html?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    page.locator("[data-search-results] [role=status]", has_text="<img src=x onerror=alert(1)>").wait_for()


def test_facets(page: "Page") -> None:
    """Ticked facets narrow the list, count what they would leave, and stand in the address."""
    page.goto("browse/index.html")
    entries = page.locator(".entries > li")
    assert entries.count() == 248
    class_ = page.get_by_role("group", name="Class")
    class_.get_by_role("checkbox", name="activity", exact=True).check()
    shown = page.locator(".entries > li:visible").count()
    assert 0 < shown < 248
    assert page.get_by_role("status").first.text_content().startswith(f"{shown} of 248")
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
    assert 0 < page.locator(".entries > li").count() < 248
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
    assert claim.locator("details").evaluate("one => one.open") is True
    clipboard = "navigator.clipboard.readText()"
    claim.get_by_role("button", name="Copy IRI").click()
    claim.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate(clipboard) == f"https://w3id.org/isoc-kg/claim/manrs.{anchor}"
    claim.get_by_role("button", name="Copy Turtle").click()
    until(page, f"{clipboard}.then(text => text.startsWith('<https://w3id.org/isoc-kg/id/manrs> <'))")
    claim.get_by_role("button", name=re.compile("citation", re.IGNORECASE)).click()
    until(page, f"{clipboard}.then(text => text.includes('/claim/manrs.{anchor}') && text.includes('sentence'))")


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
        self.told(page, "2 triples in")
        page.locator("svg.drawing").wait_for()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download N-Triples").click()
        assert Path(waiting.value.path()).read_bytes().count(b" .\n") == 2

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
        """A named query's page fills its parameters in, in the console too."""
        page.goto("query/founded-in.html")
        page.get_by_role("textbox").last.fill("1992")
        page.get_by_role("button", name="Run").click()
        page.wait_for_url("**/sparql.html#**")
        self.told(page, "1 row in")
        assert "Internet Society" in (page.locator("table.results").text_content() or "")
        field = page.locator(".fields input").first
        field.fill("2014")
        page.get_by_role("button", name="Run").click()
        page.locator("table.results", has_text="MANRS").or_(
            page.locator("table.results", has_text="Routing")
        ).wait_for()

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


class TestGraph:
    """The whole as a graph."""

    def test_looking_around(self, page: "Page") -> None:
        """Finding a node selects it and lists its neighbours as buttons; kinds can be taken out."""
        visit(page, "explore.html")
        status = page.locator("#graph [role=status]")
        assert "233 of 248" in (status.text_content() or ""), "all but the schemes, on which everything hangs"
        page.get_by_role("checkbox", name="concept scheme").check()
        until(page, "document.querySelector('#graph [role=status]').textContent.includes('248 of 248')")
        page.get_by_label("Find").fill("internet engineering task force")
        page.keyboard.press("Enter")
        panel = page.locator(".panel")
        panel.get_by_role("heading", name="Internet Engineering Task Force").wait_for()
        panel.get_by_role("button").first.click()
        until(page, "!document.querySelector('.panel h2').textContent.includes('Engineering')")
        panel.get_by_role("link", name="Open its page").wait_for()
        box = page.get_by_role("checkbox", name="topic")
        box.uncheck()
        until(page, "!document.querySelector('#graph [role=status]').textContent.includes('248 of')")
        panel.get_by_role("link", name="Open its page").click()
        page.wait_for_url("**/id/*.html")

    def test_keyboard(self, page: "Page") -> None:
        """From the field to the page of a thing without a mouse."""
        visit(page, "explore.html?focus=id/manrs.html")
        page.locator(".panel h2").wait_for()
        page.locator(".canvas").focus()
        for key in ("ArrowLeft", "+", "-", "0"):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/id/manrs.html")

    def test_focus_from_a_thing(self, page: "Page") -> None:
        """A thing's own page leads to its place in the whole."""
        page.goto("id/manrs.html")
        page.get_by_role("link", name="whole graph").click()
        page.locator(".panel h2").wait_for()
        assert "MANRS" in (page.locator(".panel").text_content() or "") or "Mutually" in (
            page.locator(".panel h2").text_content() or ""
        )

    def test_many_nodes(self, page: "Page") -> None:
        """Five thousand nodes begin as one bubble for each class, and open by class."""
        nodes = [{"u": f"id/n{n}.html", "l": f"node {n}", "c": n % 9, "d": 2} for n in range(5000)]
        edges = [[n, (n * 7 + 1) % 5000, n % 3] for n in range(5000)]
        graph = {
            "classes": [f"class {n}" for n in range(9)],
            "closed": [],
            "predicates": list("abc"),
            "nodes": nodes,
            "edges": edges,
        }
        page.route("**/data/graph.json", lambda route: route.fulfill(json=graph))
        visit(page, "explore.html")
        status = page.locator("#graph [role=status]")
        assert "0 of 5000" in (status.text_content() or "")
        page.get_by_role("checkbox", name="class 3").check()
        until(page, "document.querySelector('#graph [role=status]').textContent.startsWith('55')")
        ink = page.evaluate(
            "() => { const c = "
            "[...document.querySelectorAll('#graph canvas')].find(c => c.dataset.id === 'layer2-node');"
            " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
            " for (let i = 3; i < d.length; i += 4) if (d[i] > 40) n++; return n / (c.width * c.height); }"
        )
        assert ink > 0.02, "nodes drawn too small to be seen"
        page.get_by_label("Find").fill("node 4711")
        page.keyboard.press("Enter")
        page.locator(".panel h2", has_text="node 4711").wait_for()


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
    assert page.locator(".entries > li").count() == 248
    page.get_by_role("group", name="Class").get_by_role("checkbox", name="activity", exact=True).check()
    assert page.locator(".entries > li:visible").count() < 248
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
