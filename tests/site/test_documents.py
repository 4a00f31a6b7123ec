"""The site as a heap of files: valid HTML, no broken link, the same triples in page and data."""

import hashlib
import json
import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import pytest

from isoc_kg.formats import JSONLD, NTRIPLES, RDFXML, TURTLE
from isoc_kg.rdf import read_lines, triples

from .browsers import NU


class Links(HTMLParser):
    """Addresses that a page leads to, and the anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        for name, value in attrs:
            if name in ("href", "src", "action", "xlink:href") and value is not None:
                self.links.append(value)
            elif name == "id" and value:
                self.ids[value] += 1


@pytest.fixture(scope="module")
def parsed(shipped: Path) -> dict[str, Links]:
    """Every page by its path."""
    return {
        path.relative_to(shipped).as_posix(): Links(path.read_text(encoding="utf-8"))
        for path in sorted(shipped.rglob("*.html"))
    }


def test_that_no_link_is_broken(shipped: Path, parsed: dict[str, Links]) -> None:
    """Every relative address is a file of the site, every fragment an anchor of it."""
    broken = []
    count = 0
    for path, page in parsed.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                assert parts.scheme in ("http", "https"), link
                continue
            if path == "404.html":  # which is shown at any address
                link = link.replace("/isoc-kg/", "", 1) if link.startswith("/isoc-kg/") else link
            assert not link.startswith("/"), f"{path} would not work below a path: {link}"
            count += 1
            target = unquote(urlsplit(urljoin(f"http://x/{path}", link)).path)[1:]
            fragment = unquote(parts.fragment)
            if not (shipped / target).is_file() or (
                fragment and "=" not in fragment and fragment not in parsed[target].ids
            ):
                broken.append((path, link))
    assert broken == []
    assert count > 20_000


def test_that_no_page_has_an_anchor_twice(parsed: dict[str, Links]) -> None:
    """An id names one element of its page."""
    assert {path: twice for path, page in parsed.items() if (twice := [i for i, n in page.ids.items() if n > 1])} == {}


@pytest.mark.skipif(not NU.is_file(), reason="the Nu checker is not installed: npm ci in tests/site")
def test_that_every_page_is_valid_html(shipped: Path, parsed: dict[str, Links]) -> None:
    """The Nu checker has nothing to say, style sheets and drawings included."""
    # compiled once and simply, since it ends before more would pay
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command = ["java", "-Xss16m", *quick, "-jar", str(NU), "--format", "json", "--exit-zero-always", "--stdout"]
    files = [str(shipped / path) for path in parsed]
    done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=400, check=True)
    messages = json.loads(done.stdout)["messages"]
    # read from files, pages have no origin that could be 'self'; blocks of data are not run, so no policy blocks them
    policy = re.compile(r"(Resource|Inline script) violates Content Security Policy \(meta tag\)")
    assert {(m["type"], m["message"]) for m in messages if not policy.match(m["message"])} == set()
    styles = [str(path) for path in shipped.glob("theme/*.css")] + [str(path) for path in shipped.glob("theme/*.svg")]
    done = subprocess.run(
        [*command, "--also-check-css", "--also-check-svg", *styles],
        capture_output=True, text=True, timeout=200, check=True,
    )  # fmt: skip
    # properties of SVG 2, which browsers have and the checker does not know
    unknown = re.compile(r"CSS: “(?:vector-effect|paint-order)”|.*“fill”: “context-stroke” is not a “color” value")
    errors = [m["message"] for m in json.loads(done.stdout)["messages"] if m["type"] == "error"]
    assert [error for error in errors if not unknown.match(error)] == []


def test_that_no_page_has_code_of_its_own(shipped: Path, parsed: dict[str, Links]) -> None:
    """Scripts come from files; what stands in a page is data. There are no event handlers and no styles.

    The page that a host shows at any address has some, since the files of styles may not be found from there.
    """
    for path in parsed:
        page = (shipped / path).read_text(encoding="utf-8")
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
        assert set(inline) <= {' type="application/ld+json"', ' type="application/json" id="strings"'}, path
        if path == "404.html":
            page = re.sub("<style>[^<]*</style>", "", page, count=1)
        assert not re.search(r"<[^>]*\s(?:on\w+|style)=|<style|javascript:", page), path


def test_that_a_thing_says_the_same_in_every_format(shipped: Path) -> None:
    """Turtle, JSON-LD, N-Triples and RDF/XML hold the same triples; Turtle begins with the thing."""
    count = 0
    for path in sorted(shipped.glob("id/*.nt"))[::4]:
        expected = read_lines(path)
        for format_ in (TURTLE, JSONLD, RDFXML):
            found = sorted(set(read_lines(path.with_suffix(f".{format_.extension}"))))
            assert found == expected, path.with_suffix(f".{format_.extension}")
        turtle = path.with_suffix(".ttl").read_text(encoding="utf-8")
        first = re.search(r"(?m)^(?!@prefix)(\S+) ", turtle)
        assert first
        assert first[1] == f"id:{path.stem}"
        count += 1
    assert count > 50


def test_that_pages_show_every_triple_of_the_data(shipped: Path) -> None:
    """Every object of a thing's own statements stands on its page, as text or as a link."""
    for path in sorted(shipped.glob("id/*.nt"))[::9]:
        page = path.with_suffix(".html").read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", page.partition("<main")[2])
        iri = f"https://w3id.org/isoc-kg/id/{path.stem}"
        for quad in ox.parse(path.read_bytes(), ox.RdfFormat.N_TRIPLES):
            if str(quad.subject) == f"<{iri}>" and isinstance(quad.object, ox.Literal):
                assert quad.object.value in _unescaped(text), (path, quad)


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def test_the_report_can_be_read(shipped: Path) -> None:
    """What stands behind several statements is there once, so that a page for people stays one."""
    page = (shipped / "report.html").read_bytes()
    assert len(page) < 350_000
    assert page.count(b'<a href="id/') > 700


def test_what_a_page_says_of_itself(shipped: Path) -> None:
    """Title, language, Open Graph, canonical address, links to each format, and the digest of what they hold."""
    for path in sorted(path for path in shipped.glob("id/*.html") if ".citations" not in path.name)[::7]:
        page = path.read_text(encoding="utf-8")
        head = _unescaped(page.partition("</head>")[0])
        assert '<html lang="en"' in head
        title = re.search(r"<title[^>]*>(.+) – Internet Society knowledge graph</title>|<title[^>]*>(.+)</title>", head)
        heading = re.search(r"<h1[^>]*>(.+)</h1>", page)
        assert title
        assert heading
        assert (title[1] or title[2]) == re.sub("</?bdi[^>]*>", "", _unescaped(heading[1]))
        address = f"https://w3id.org/isoc-kg/id/{path.name}"
        assert f'<link rel="canonical" href="{address}">' in head
        for name, value in (("title", title[1] or title[2]), ("type", "article"), ("url", address)):
            assert re.search(rf'<meta property="og:{name}"[^>]* content="{re.escape(value)}">', head)
        assert f'<link rel="cite-as" href="{address.removesuffix(".html")}">' in head
        for format_ in (TURTLE, JSONLD, NTRIPLES, RDFXML):
            file = f"{path.stem}.{format_.extension}"
            assert f'<link rel="alternate" type="{format_.media_type}" href="{file}"' in head
            assert f'<link rel="describedby" type="{format_.media_type}" href="{file}"' in head
        assert hashlib.sha256(path.with_suffix(".nt").read_bytes()).hexdigest() in page


def test_that_evidence_goes_both_ways(shipped: Path) -> None:
    """A statement names its sentences, a sentence its statements, and each leads to the other."""
    reading = (shipped / "document/internet-society-term/1.html").read_text(encoding="utf-8")
    assert len(reading.encode()) < 480_000
    count = 0
    for path in sorted(shipped.glob("id/*.html")):
        page = path.read_text(encoding="utf-8")
        for anchor, body in re.findall(r'<li id="([0-9a-f]{16})" class="statement">(.*?)</details>', page, re.DOTALL):
            for number in re.findall(r'class="unit" href="\.\./document/internet-society-term/1\.html#([\d.]+)"', body):
                unit = reading.partition(f'<li id="{number}"')[2].partition("<li id=")[0]
                assert f"id/{path.name}#{anchor}" in unit, (path.name, anchor, number)
                count += 1
    assert count > 800


def test_that_data_of_all_things_are_the_publication(shipped: Path) -> None:
    """Together the files of the pages hold what the dump says, and nothing else."""
    dump = set(triples(read_lines(shipped / "isoc-kg.nq")))
    found = {line for path in shipped.glob("*/**/*.nt") for line in read_lines(path, NTRIPLES)}
    for name in ("ontology.nt", "evidence.nt"):
        found |= set(read_lines(shipped / name, NTRIPLES))
    assert dump - found == set()
    assert found - dump == set()


def test_home_and_terms_show_what_they_are(shipped: Path) -> None:
    """The home page shows a statement with its sentences; a class is drawn among those that it is linked to."""
    home = (shipped / "index.html").read_text(encoding="utf-8")
    assert 'class="evidence" open' in home
    assert 'class="gist"' in home
    page = (shipped / "ontology/_activity.html").read_text(encoding="utf-8")
    drawn = page.partition('<div class="diagram"')[2].partition("</section>")[0]
    for name in (
        "concept",
        "role in an organisation",
        "takes part in",
        "stakeholder group",
        "works with",
        "area of work",
    ):
        assert f">{name}</a>" in drawn, name
    whole = (shipped / "ontology.html").read_text(encoding="utf-8").partition('<div class="diagram"')[2]
    assert whole.partition("</section>")[0].count('class="box') > 15


def test_machine_files(shipped: Path) -> None:
    """Site map, robots, linkset, VoID and context stand where machines look for them."""
    import xml.etree.ElementTree as ET

    tree = ET.fromstring((shipped / "sitemap.xml").read_text(encoding="utf-8"))
    places = [node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    base = "https://w3id.org/isoc-kg/"
    files = {path.relative_to(shipped).as_posix() for path in shipped.rglob("*.html")} - {"404.html"}
    files = {path for path in files if not path.endswith(".citations.html")}
    # pages of folders lead on at once
    files = {path for path in files if 'http-equiv="refresh"' not in (shipped / path).read_text(encoding="utf-8")}
    assert set(map(unquote, places)) == {f"{base}{path}" for path in files}
    assert len(places) == len(set(places))
    assert f"Sitemap: {base}sitemap.xml" in (shipped / "robots.txt").read_text()
    linkset = json.loads((shipped / "linkset.json").read_text())["linkset"]
    for context in linkset:
        for name, targets in context.items():
            for target in targets if name != "anchor" else [{"href": targets}]:
                href = target["href"]
                if href.startswith(base) and name in ("anchor", "describedby", "item", "collection"):
                    assert (shipped / href.removeprefix(base)).is_file(), href
    anchors = {context["anchor"] for context in linkset}
    assert anchors >= {f"{base}{path}" for path in files if path.startswith("id/")}
    assert read_lines(shipped / ".well-known/void", TURTLE) == read_lines(shipped / "dataset.ttl")
    assert "@context" in json.loads((shipped / "context.jsonld").read_text())


def test_that_checksums_hold(shipped: Path) -> None:
    """What SHA256SUMS says is true of the files of the site, those that pages brought included."""
    lines = (shipped / "SHA256SUMS").read_text().splitlines()
    assert len(lines) >= 14
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((shipped / name).read_bytes()).hexdigest() == digest, name


def test_size_of_the_home_page(shipped: Path) -> None:
    """Page and styles stay under 100 kB before scripts, and no script is asked for that loads WebAssembly."""
    page = shipped / "index.html"
    assert page.stat().st_size + (shipped / "theme/site.css").stat().st_size < 100_000
    sources = [link for link in Links(page.read_text(encoding="utf-8")).links if link.endswith(".js")]
    assert sources in (["scripts/first.js", "scripts/site.js"], [])
    if sources:  # what holds up drawing is next to nothing
        assert (shipped / "scripts/first.js").stat().st_size < 1000
