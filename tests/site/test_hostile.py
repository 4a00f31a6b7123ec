"""Names and texts that want to run, to leave the folder, or to meet: none can."""

import html
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.publication.data_file import DataFile
from isoc_kg.rdf import read_lines
from isoc_kg.rendering.renderer import Material
from isoc_kg.site.publish import publish

from .browsers import served
from .test_publish import line, of_lines

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = "https://schema.org/name"
ABOUT = "https://schema.org/description"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KG = "https://harbour.example/kg/"
TEXTS = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' autofocus onfocus='alert(3)",
    "{{ 7*7 }}{% raw %}${7*7}<%= 7*7 %>",
    "<!-- --!> <![CDATA[ ]]> &lt;&amp;#x3c;",
    "\u202egnihtemos\u202c \u2066isolated",
    "\u2028\u2029\ufeff\u200b",
    "javascript:alert(4)",
    "<svg/onload=alert(5)>",
    "back\\slash \\u003c `tick` $(rm) ${x}",
    "x" * 100_000,
]
NAMES = [
    "..", ".", "../../../etc/passwd", "..%2f..%2fx", "%2e%2e/", "a", "A", "con", "CON", "nul.txt", "aux", "lpt1",
    "index", "index.html", "%41", "%61", "é", "e\u0301", "ﬁ", "~", "=2e", "_a", "__", "-", ".htaccess", ".isoc-kg.json",
    "a?b", "a/../b", "a//b", "x" * 3000, "javascript:alert(6)", "a'b", "a&b;c", "%3Cscript%3Ealert(7)%3C/script%3E",
]  # fmt: skip


def literal(text: str) -> str:
    """A canonical literal."""
    return str(ox.Literal(text))


def lines() -> list[bytes]:
    """Every text as a name, every name in an IRI of each kind, and links between them."""
    found = []
    subjects = [f"{KG}id/{name}" for name in NAMES] + [f"https://schema.org/{name}" for name in NAMES]
    subjects += (
        [f"urn:x:{name}" for name in NAMES]
        + [f"{KG}{name}" for name in NAMES]
        + ["javascript:alert(8)", "data:text/html,<b>"[:15]]
    )
    for number, subject in enumerate(dict.fromkeys(subjects)):
        found.append(line(subject, NAME, literal(TEXTS[number % len(TEXTS)])))
        found.append(line(subject, ABOUT, literal(TEXTS[(number + 1) % len(TEXTS)])))
        found.append(line(subject, TYPE, f"<{subjects[(number * 7) % len(subjects)]}>"))
        found.append(
            line(subject, subjects[(number * 3) % len(subjects)], f"<{subjects[(number * 5) % len(subjects)]}>")
        )
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site made of all that."""
    folder = tmp_path_factory.mktemp("hostile")
    dump = b"".join(sorted(lines()))
    renderer = of_lines(folder, lines())
    renderer.material = Material(files=[DataFile("h.nq", len(dump), "")])
    publish(renderer, folder / "outer" / "site", {"h.nq": dump})
    return folder / "outer" / "site"


def test_that_nothing_leaves_the_folder(hostile: Path) -> None:
    """Files stand in the site and nowhere else, apart on every file system, under names that every one takes."""
    assert [path.name for path in hostile.parent.iterdir()] == ["site"]
    seen: dict[str, Path] = {}
    for path in hostile.rglob("*"):
        name = unicodedata.normalize("NFKC", str(path.relative_to(hostile)).casefold())
        assert name not in seen, (path, seen[name])
        seen[name] = path
        assert not path.is_symlink()
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", path.name), path
        assert len(path.name) < 200
    assert len([path for path in seen.values() if path.suffix == ".html"]) > len(set(lines())) / 4


def test_that_every_text_stands_there(hostile: Path) -> None:
    """Nothing is lost on the way: each name's page has its text, letter by letter, and its data have it too."""
    pages = {path: path.read_text(encoding="utf-8") for path in hostile.rglob("*.html")}
    texts = {path: html.unescape(re.sub(r"<[^>]*>", "", text.partition("<main")[2])) for path, text in pages.items()}
    for text in TEXTS:
        assert any(text in shown for shown in texts.values()), text[:40]
    found: set[bytes] = set()
    for path in hostile.rglob("*.nt"):
        lines_here = read_lines(path)
        found.update(lines_here)
        for extension in (".ttl", ".jsonld"):
            assert sorted(set(read_lines(path.with_suffix(extension)))) == lines_here, path
        if path.with_suffix(".rdf").is_file():  # some properties have no name in XML
            assert sorted(set(read_lines(path.with_suffix(".rdf")))) == lines_here, path
    wanted = {entry.rpartition(b" <https://harbour.example/kg/graph/facts>")[0] + b" .\n" for entry in lines()}
    assert wanted - found == set()


def test_that_no_text_runs(hostile: Path, browser: "Browser") -> None:
    """A browser that opens every page runs none of it: no dialog, no message, no request elsewhere, no new element."""
    with served(hostile) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        told: list[str] = []
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}") or dialog.dismiss())  # type: ignore[func-returns-value]
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "blob:", "data:")) else told.append(request.url),
        )
        # the page for what is missing leads on from its host's root, which is another one here
        pages = sorted(path.relative_to(hostile).as_posix() for path in hostile.rglob("*.html") if path.stem != "404")
        for path in [
            *pages[::9],
            "index.html",
            "sparql.html",
            "explore.html",
            "search.html?q=script",
            "search.html?q=%22%3E%3Cimg",
        ]:
            page.goto(path)
            assert page.locator("[onerror], [onload], [onfocus], [autofocus], img, iframe, object").count() == 0
            assert page.evaluate("[...document.scripts].every(s => s.src || /^application.(ld.)?json$/.test(s.type))")
            hrefs = page.evaluate(
                "[...document.querySelectorAll('a')]"
                ".map(a => new URL(a.href.baseVal ?? a.href, document.baseURI).protocol)"
            )
            assert set(hrefs) <= {"http:", "https:"}, path
        page.goto("index.html")
        field = page.get_by_role("combobox", name="Search")
        field.press_sequentially("script alert", delay=5)
        page.get_by_role("option").first.wait_for()
        assert page.get_by_role("option").locator("script").count() == 0
        page.goto("sparql.html")
        page.locator("#console .editor").wait_for()
        page.get_by_role("textbox", name="SPARQL query").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("SELECT * { ?s ?p ?o } LIMIT 400")
        page.keyboard.press("Control+Enter")
        page.locator("#console [role=status]", has_text="400 rows").wait_for()
        protocols = page.evaluate("[...document.querySelectorAll('table.results a')].map(a => a.protocol)")
        assert set(protocols) <= {"http:", "https:"}
        assert told == []
        context.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_that_any_text_comes_through(tmp_path: Path, texts: list[str]) -> None:
    """Whatever a literal holds, the page shows it, its data say it, and what search engines read stays JSON-LD."""
    texts = [text for text in texts if not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", text)]
    renderer = of_lines(
        tmp_path, [line(f"{KG}id/x", ABOUT, literal(text)) for text in texts] or [line(f"{KG}id/x", ABOUT, '"y"')]
    )
    from isoc_kg.rendering.things import thing_bundles

    [bundle] = thing_bundles(renderer)
    files = dict(bundle.render())
    page = files["id/x.html"].decode()
    shown = html.unescape(re.sub(r"<[^>]*>", "", page.partition("<main")[2]))
    assert all(text in shown for text in texts)
    embedded = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert embedded
    from isoc_kg.formats import JSONLD, NTRIPLES

    assert read_lines(embedded[1].encode(), JSONLD)
    assert sorted(read_lines(files["id/x.jsonld"], JSONLD)) == read_lines(files["id/x.nt"], NTRIPLES)
