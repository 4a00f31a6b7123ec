"""How readers reach the publisher: the address that objects to a statement, whatever stands in it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.project import Contact, Project, load_project
from isoc_kg.publication.citation import Citation
from isoc_kg.publication.contact import contact_rows, objection, page_ways, ways
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import renderer_of
from isoc_kg.wording.strings import plain_strings

PROJECT = Project.of_files("https://e.example/")
WORDS: Mapping[str, str] = plain_strings(PROJECT)
PAGE = "https://host.example/id/a.html#0123456789abcdef"
CLAIM = "https://e.example/claim/a.0123456789abcdef"
STATEMENT = Citation("entry", "a", "", "A – founded – 1990", note="implied by sentence 2.1, Book", url=CLAIM)
STATEMENT = replace(STATEMENT, version_text="version 1.0")


def address(contact: Contact, citation: Citation = STATEMENT) -> str:
    found = objection(replace(PROJECT, title="Ö & #1 graph", contact=contact), WORDS, citation, PAGE)
    assert re.fullmatch(r"[!-~]+", found)
    return found


def fields(found: str) -> dict[str, str]:
    """The fields of an address, decoded once, as a program that takes them does."""
    pairs = [part.split("=", 1) for part in found.partition("?")[2].split("&")]
    return {unquote(name): unquote(value) for name, value in pairs}


def test_mail() -> None:
    """A draft to the address, with subject and body, and no other field (RFC 6068)."""
    found = address(Contact(mail="o'neil+data@example.org"))
    assert found.startswith("mailto:o'neil+data@example.org?subject=")
    read = fields(found)
    assert list(read) == ["subject", "body"]
    assert read["subject"] == "Wrong? A – founded – 1990"
    for text in (
        "Statement: A – founded – 1990",
        f"Page: {PAGE}",
        CLAIM,
        "implied by sentence 2.1, Book",
        "Ö & #1 graph",
        "version 1.0",
    ):
        assert text in read["body"]
    assert "\n" not in read["body"].replace("\r\n", "")


@pytest.mark.parametrize(
    ("form", "begins", "names"),
    [
        ("https://github.com/o/r", "https://github.com/o/r/issues/new?", ["title", "body"]),
        ("https://github.com/o/r/", "https://github.com/o/r/issues/new?", ["title", "body"]),
        ("https://github.com/o/r/issues", "https://github.com/o/r/issues/new?", ["title", "body"]),
        ("https://github.com/o/r/issues/new/choose", "https://github.com/o/r/issues/new?", ["title", "body"]),
        (
            "https://github.com/o/r/issues/new?template=wrong.md",
            "https://github.com/o/r/issues/new?template=wrong.md&",
            ["template", "title", "body"],
        ),
        ("https://codeberg.org/o/r/issues/new#top", "https://codeberg.org/o/r/issues/new?", ["title", "body"]),
        ("https://git.e.example/o/r/issues", "https://git.e.example/o/r/issues/new?", ["title", "body"]),
        (
            "https://gitlab.com/g/sub/r",
            "https://gitlab.com/g/sub/r/-/issues/new?",
            ["issue[title]", "issue[description]"],
        ),
        (
            "https://git.e.example/g/r/-/issues",
            "https://git.e.example/g/r/-/issues/new?",
            ["issue[title]", "issue[description]"],
        ),
    ],
)
def test_issue_forms(form: str, begins: str, names: list[str]) -> None:
    """GitHub, Forgejo and GitLab begin an issue with title and text."""
    found = address(Contact(form=form, mail="data@example.org"))
    assert found.startswith(begins)
    read = dict(parse_qsl(urlsplit(found).query, strict_parsing=True))
    assert list(read) == names
    assert read[names[-2]] == "Wrong? A – founded – 1990"
    assert CLAIM in read[names[-1]]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("title=evil&body=x", []),
        ("%74itle=evil&template=wrong.md&b%6Fdy=x&title", ["template"]),
        ("labels=a+b&title=", ["labels"]),
    ],
)
def test_a_form_with_a_title(query: str, kept: list[str]) -> None:
    """Title and text of its own are replaced, however they are encoded; what else it has stays."""
    found = address(Contact(form=f"https://github.com/o/r/issues/new?{query}"))
    assert [name for name, _ in parse_qsl(urlsplit(found).query, keep_blank_values=True)] == [*kept, "title", "body"]
    gitlab = address(Contact(form="https://gitlab.com/g/r/-/issues/new?issue%5Btitle%5D=evil&issue[description]=x"))
    assert [name for name, _ in parse_qsl(urlsplit(gitlab).query)] == ["issue[title]", "issue[description]"]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\u0085", "\v"])
@pytest.mark.parametrize("contact", [Contact(mail="a@e.example"), Contact(form="https://github.com/o/r")])
def test_no_line_is_forged(contact: Contact, break_: str) -> None:
    """A line end in a note, a name or a version begins no line, as another claim would be read there."""
    forged = f"note{break_}Claim: https://evil.example/claim/x.0"
    changed = replace(STATEMENT, title=f"{'x' * 120}{forged}", note=forged, version_text=forged)
    *_, body = fields(address(contact, changed)).values()
    assert [line for line in body.splitlines() if "Claim:" in line[:7]] == [f"Claim: {CLAIM}"]


def test_other_forms() -> None:
    """A form of which nobody knows what it takes is linked as it is; mail, which takes a text, goes before it."""
    form = "https://e.example/forms/7?lang=en"
    assert address(Contact(form=form)) == form
    assert address(Contact(form=form, mail="a@e.example")).startswith("mailto:a@e.example?")
    assert ways(replace(PROJECT, contact=Contact(form=form, mail="a@e.example")), WORDS) == [
        ("mailto:a@e.example", "by mail"),
        (form, "by form"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "a\r\nBcc: everybody@e.example\r\n\r\nforged",
        "a%0D%0ABcc:everybody@e.example&bcc=x@e.example#f?g=h+i",
        '"><script>alert(1)</script>',
        "مرحبا ⁦x⁩ 中文 \u2028 lone \ud800",
    ],
)
def test_hostile_statements(title: str) -> None:
    """Whatever a statement says stays a text in its field: no other field, and no line in a subject."""
    for contact in (Contact(mail="a@e.example"), Contact(form="https://github.com/o/r")):
        read = fields(address(contact, replace(STATEMENT, title=title, note=title)))
        assert len(read) == 2
        first, second = read.values()
        assert not re.search(r"[\x00-\x1f\u2028]", first)
        assert first.startswith("Wrong? " + re.split(r"[\r\n\u2028]", title)[0].strip())
        assert CLAIM in second


def test_long_statements() -> None:
    """Over 6,000 bytes the claim stays whole; what cannot be shortened leads to the publisher all the same."""
    contact = Contact(mail="a@e.example")
    for text in ("x" * 10_000, "漢" * 3_000, "&" * 3_000):
        found = address(contact, replace(STATEMENT, title=text, note=text))
        assert len(found) <= 6_000
        assert CLAIM in fields(found)["body"]
        assert fields(found)["subject"].endswith("…")
    assert address(contact, replace(STATEMENT, url=CLAIM + "漢" * 3_000)) == "mailto:a@e.example"


@pytest.mark.parametrize(
    "line",
    [
        'mail = "a@e.example%0Abcc:b@e.example"',
        'mail = "a%0A@e.example"',
        'mail = "a@e.example?bcc=b@e.example"',
        'mail = "a@e.example,b@e.example"',
        'mail = "a@e.example\\r\\nBcc: b@e.example"',
        'form = "javascript:alert(1)"',
        'form = "data:text/html,x"',
        'form = "https://user:secret@e.example/issues"',
        'form = "https://e.example/is sues"',
        'form = "//e.example/issues"',
        'form = "https://e.example:99999999/issues"',
        'form = "https://e.example:x/issues"',
        'form = "https://e.example/\u202eissues"',
        'form = "https://e.example/?\u2066x"',
        'mail = "a\u202e@e.example"',
    ],
)
def test_hostile_contacts(harbour: Path, line: str) -> None:
    """What is no address, would add a field to a mail or publish a password stops with the file and the line."""
    settings = harbour / "kg.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"\n[contact]\n{line}\n", encoding="utf-8")
    with pytest.raises(ProjectError) as raised:
        load_project(harbour)
    assert raised.value.file == settings
    assert raised.value.line == len(settings.read_text(encoding="utf-8").splitlines())


def test_pages(harbour: Path) -> None:
    """Each page leads to the publisher and each statement can be objected to; without a contact nothing is said."""
    silent = pages(harbour)
    assert not any("Contact the publisher" in page or "Report a mistake" in page for page in silent.values())
    assert "The publisher has given no address." in silent["about.html"]
    assert contact_rows(load_project(harbour))
    settings = harbour / "kg.toml"
    contact = '\n[contact]\nname = "Desk & <Co>"\nmail = "data@example.org"\nform = "https://github.com/o/r"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + contact, encoding="utf-8")
    made = pages(harbour)
    assert not contact_rows(load_project(harbour))
    assert "has given no address" not in made["about.html"]
    assert made.keys() == silent.keys()
    for name, page in made.items():
        if 'http-equiv="refresh"' in page:  # a folder's page leads on at once
            continue
        draft = re.search(r'publisher \(Desk &amp; &lt;Co&gt;\): <a href="(mailto:[^"]*)" title="[^"]*"', page)
        assert draft, name
        assert "data@example.org" in draft[0].partition("title=")[2]
        assert f"https://host.example/{name}" in fields(unescape(draft[1]))["body"].replace("%3D", "=")
        objects = re.findall(r'href="([^"]*)">Report a mistake', page)
        assert len(objects) == page.count('<details class="evidence"')
        for found in objects:
            file, _, anchor = unescape(found).partition("#")
            section = made[file.lstrip("./")].partition(f'<section id="{anchor}"')[2].partition("</section>")[0]
            # under a heading of its own, before the citations, both ways as buttons, and that nothing is sent by itself
            before, _, _ = section.partition("<h3>Cite</h3>")
            assert "<h3>Report a mistake</h3>" in before
            assert "Nothing is sent until you send it." in before
            mail, way = re.findall(r'<a class="button" href="([^"]*)"', before)
            assert mail.startswith("mailto:data@example.org?subject=")
            body = dict(parse_qsl(urlsplit(unescape(way)).query))["body"]
            assert re.search(rf"/claim/\S+\.{anchor}$", body, re.MULTILINE)
            assert re.search(rf"^Page: https://host\.example/\S+\.html#{anchor}$", body, re.MULTILINE)
            assert re.search(r"^Statement: .* – .* – ", body, re.MULTILINE)
    assert "(opens your mail program; the address is data@example.org)" in made["about.html"]
    assert "<h1>Cite, or report a mistake: " in next(page for name, page in made.items() if ".citations" in name)
    largest = max(silent, key=lambda name: silent[name].count('<details class="evidence"'))
    assert len(made[largest]) < 1.1 * len(silent[largest])


def pages(folder: Path) -> dict[str, str]:
    renderer = renderer_of(Publication.of_project(load_project(folder)), "https://host.example/")
    made = (page for bundle in bundles(renderer) for page in bundle.render())
    return {name: content.decode() for name, content in made if name.endswith(".html")}


def test_a_draft_names_its_page() -> None:
    """What is not about a statement names the publication and the page; one line of each, whatever they are."""
    given = replace(PROJECT, title="Graph\r\nBcc: x@e.example", version="1.0", contact=Contact(mail="a@e.example"))
    ((found, name),) = page_ways(given, WORDS, "https://host.example/a.html")
    assert name == "by mail"
    assert fields(found) == {
        "subject": "Graph Bcc: x@e.example, 1.0", "body": "\r\n\r\nPage: https://host.example/a.html"
    }  # fmt: skip
    assert page_ways(given, WORDS, "x" * 9_000)[0][0] == "mailto:a@e.example"
    form = replace(given, contact=Contact(form="https://e.example/f"))
    assert page_ways(form, WORDS, "a.html") == ways(form, WORDS)
