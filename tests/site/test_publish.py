"""Writing a site: whole or not at all, the same each time, no more than what changed."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from weakref import ref

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from isoc_kg.errors import OutputError, ProjectError, UsageError
from isoc_kg.evidence.retrieval.entries import Entries
from isoc_kg.iris import Identifiers
from isoc_kg.limits.garbage import no_collection
from isoc_kg.namespaces import DCTERMS, EV, OWL, RDFS, SCHEMA, SKOS, XSD
from isoc_kg.project import load_project
from isoc_kg.publication.gate import NotConforming
from isoc_kg.rendering.fingerprints import Fingerprints
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.link_graph import LinkGraph
from isoc_kg.rendering.listings import Listings
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.theme import load_theme
from isoc_kg.rendering.things import ThingPages
from isoc_kg.site import Site, publish_project
from isoc_kg.site.publish import publish

if TYPE_CHECKING:
    import subprocess

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def content(folder: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def times(folder: Path) -> dict[str, int]:
    """When each file was last written, in ns."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*.*") if path.is_file()
    }


def write(harbour: Path, target: Path) -> Site:
    """Publish the second project."""
    return publish_project(load_project(harbour), target)


def test_that_two_runs_are_alike(harbour: Path, tmp_path: Path) -> None:
    """The same project gives the same bytes, into whichever folder."""
    write(harbour, tmp_path / "one")
    write(harbour, tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_that_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes write what one does, also of what is searched, which they make in parts."""
    monkeypatch.setattr("isoc_kg.rendering.search_files._PER_PART", 48)
    renderer = of_lines(tmp_path, [line(f"urn:x:{n}", "https://schema.org/name", '"n"@en') for n in range(900)])
    publish(renderer, tmp_path / "one", {}, processes=1)
    publish(renderer, tmp_path / "two", {}, processes=3)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_that_unchanged_files_are_kept(harbour: Path, tmp_path: Path) -> None:
    """A second run writes nothing; after one changed fact it writes what says it."""
    target = tmp_path / "site"
    write(harbour, target)
    before = times(target)
    again = write(harbour, target)
    assert again.published.changed == ()
    assert times(target) == before
    facts = harbour / "facts/harbour.ttl"
    facts.write_text(facts.read_text().replace('"oak"@en', '"Oak"@en'))
    done = write(harbour, target)
    changed = {name for name, time in times(target).items() if before.get(name) != time}
    assert {"id/oak.html", "id/oak.ttl", "id/cranes.html"} <= changed  # cranes are built from oak, and say so
    assert "id/rowing.html" not in changed
    assert set(done.published.changed) >= changed - {".isoc-kg.json"}
    write(harbour, tmp_path / "fresh")
    assert content(target) == content(tmp_path / "fresh"), "what was kept is what would have been written"


def test_that_removed_things_leave_nothing(harbour: Path, tmp_path: Path) -> None:
    """A thing that is gone has no page, no data and no entry."""
    target = tmp_path / "site"
    write(harbour, target)
    assert (target / "id/rowing.html").is_file()
    facts = harbour / "facts/harbour.ttl"
    text = facts.read_text()
    text = text.replace(" ,\n        id:rowing {| ev:supportedBy g:4.2 ; ev:impliedBy g:3.1 |}", "")
    text = text[: text.index("id:rowing a ")] + text[text.index('prefLabel "rowing"') :].partition("|} .\n")[2]
    facts.write_text(text)
    write(harbour, target)
    assert not list(target.glob("id/rowing*"))
    assert not any(b"id/rowing" in data for data in content(target).values())
    write(harbour, tmp_path / "fresh")
    assert content(target) == content(tmp_path / "fresh")


def test_that_other_names_show(harbour: Path, tmp_path: Path) -> None:
    """A page that was written when other properties named things is not kept."""
    target = tmp_path / "site"
    write(harbour, target)
    toml = harbour / "kg.toml"
    setting = '\n[names]\nalternatives = ["schema:foundingDate"]\n'
    toml.write_text(toml.read_text(encoding="utf-8") + setting, encoding="utf-8")
    write(harbour, target)
    write(harbour, tmp_path / "fresh")
    assert content(target) == content(tmp_path / "fresh")


def test_that_every_change_of_the_theme_shows(harbour: Path, tmp_path: Path) -> None:
    """Own templates, style and strings stand before ours, and what was rendered without them is not kept."""
    target = tmp_path / "site"
    write(harbour, target)
    (harbour / "strings.toml").write_text('statements = "Was gesagt wird <&"\nscript_run = "</script>Los"\n')
    (harbour / "theme.css").write_text("h1 { color: teal }\n")
    (harbour / "templates").mkdir()
    (harbour / "templates/about.html").write_text(
        '{% extends "base.html" %}{% block content %}<h1>Ours: {{ site.title }}</h1>{% endblock %}'
    )
    write(harbour, target)
    page = (target / "id/oak.html").read_text()
    assert "Was gesagt wird &lt;&amp;" in page
    assert '"run": "\\u003c/script\\u003eLos"' in (target / "sparql.html").read_text(), "scripts speak the language too"
    assert "theme/own.css" in page
    assert (target / "theme/own.css").read_text() == "h1 { color: teal }\n"
    assert "<h1>Ours: The old harbour</h1>" in (target / "about.html").read_text()
    (harbour / "strings.toml").write_text('statments = "x"\n')
    with pytest.raises(ProjectError, match="no string “statments”"):
        write(harbour, target)
    for text in ("und {zahl} mehr", "und { mehr", "und {0} mehr", "{count.real}", "{count:>999999999}"):
        (harbour / "strings.toml").write_text(f'and_more = "{text}"\n')
        with pytest.raises(ProjectError, match="and no other braces"):
            write(harbour, target)


def test_a_template_with_a_mistake(harbour: Path, tmp_path: Path, cli: Run) -> None:
    """A mistake in a project's own template is told with file and line, and the old site stays."""
    write(harbour, tmp_path / "site")
    before = content(tmp_path / "site")
    (harbour / "templates").mkdir()
    for text in (
        "line 1\n{% if %}",
        "line 1\n{{ nothing.there }}",
        "line 1\n{{ ''.__class__.__mro__[1].__subclasses__() }}",
    ):
        (harbour / "templates/about.html").write_text(text)
        done = cli("publish", "--project", harbour, "-o", tmp_path / "site", code=3)
        assert "templates/about.html:2" in done.stderr
        assert content(tmp_path / "site") == before


def test_only_the_formats_that_are_asked_for(harbour: Path, tmp_path: Path) -> None:
    """`[site] formats` says which data each thing has; pages name no other."""
    kg = harbour / "kg.toml"
    text = kg.read_text()
    kg.write_text(f'{text}\n[site]\nformats = ["ttl", "jsonld"]\n')
    target = tmp_path / "site"
    write(harbour, target)
    assert {path.name for path in (target / "id").glob("cranes.*")} == {
        *("cranes.html", "cranes.citations.html", "cranes.ttl", "cranes.jsonld")
    }
    page = (target / "id/cranes.html").read_text()
    assert 'href="cranes.ttl"' in page
    assert "cranes.nt" not in page
    kg.write_text(f'{text}\n[site]\nformats = ["ttl"]\n')
    write(harbour, target)
    assert {path.name for path in (target / "id").glob("cranes.*")} == {
        *("cranes.html", "cranes.citations.html", "cranes.ttl")
    }
    kg.write_text(f'{text}\n[site]\nformats = ["ttl", "x"]\n')
    with pytest.raises(ProjectError, match="formats"):
        write(harbour, target)


def test_evidence_of_things_whose_iris_are_elsewhere(harbour: Path, tmp_path: Path) -> None:
    """A sentence's claims lead to the statement on its subject's page, wherever that stands."""
    facts = harbour / "facts/harbour.ttl"
    with facts.open("a") as file:
        file.write(
            "\n<https://elsewhere.example/Quay#1> a schema:Thing {| ev:impliedBy g:2.2 |} ; "
            'schema:name "quay"@en {| ev:impliedBy g:2.2 |} .\n'
        )
    target = tmp_path / "site"
    write(harbour, target)
    reading = (target / "document/guide/1.html").read_text()
    pages = [
        path for path in (target / "resource").glob("1~*.html") if ".citations" not in path.name
    ]  # beside terms that have no prefix here
    assert len(pages) == 1
    anchors = re.findall(rf'href="../../resource/{re.escape(pages[0].name)}#([0-9a-f]{{16}})"', reading)
    assert len(anchors) == 2
    assert all(f'id="{anchor}"' in pages[0].read_text() for anchor in anchors)


def test_published_text(harbour: Path, tmp_path: Path) -> None:
    """Where the project publishes its documents, quotes stand in the reading view and beside the statements."""
    target = tmp_path / "site"
    write(harbour, target)
    reading = (target / "document/notice/1.html").read_text()
    assert "<blockquote" in reading
    assert 'id="drop"' not in reading
    assert "<q" in (target / "id/oak.html").read_text()


def test_that_a_publication_that_does_not_conform_is_not_written(harbour: Path, tmp_path: Path, cli: Run) -> None:
    """The gate stands before the site as before every other output, and the old site stays."""
    target = tmp_path / "site"
    write(harbour, target)
    before = content(target)
    facts = harbour / "facts/harbour.ttl"
    facts.write_text(facts.read_text().replace("harbour:usedFor", "schema:knows"))
    with pytest.raises(NotConforming):
        write(harbour, target)
    done = cli("publish", "--project", harbour, "-o", target, code=1)
    assert "Say what the harbour is used for." in done.stderr
    assert content(target) == before


def test_that_nothing_of_others_is_replaced(harbour: Path, tmp_path: Path) -> None:
    """A folder that we did not write is left alone, and so is a file that somebody put into ours."""
    target = tmp_path / "site"
    target.mkdir()
    (target / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError):
        write(harbour, target)
    assert content(target) == {"thesis.txt": b"mine"}
    (target / "thesis.txt").unlink()
    write(harbour, target)
    (target / "CNAME").write_text("harbour.example")
    try:
        write(harbour, target)
    except OutputError as error:
        assert "CNAME" in str(error)
    assert (target / "CNAME").read_text() == "harbour.example"


def test_that_no_other_publication_is_replaced(harbour: Path, tmp_path: Path, cli: Run) -> None:
    """A folder with another project's site is refused with what to do; `--replace` publishes there all the same."""
    target = tmp_path / "site"
    write(harbour, target)
    settings_file = harbour / "kg.toml"
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text.replace("https://harbour.example/kg/", "https://other.example/"), encoding="utf-8")
    before = (target / "index.html").read_bytes()
    said = cli("publish", "--project", harbour, "-o", target, code=3).stderr
    assert "another publication (https://harbour.example/kg/)" in said
    assert "--replace" in said
    (tmp_path / "data.ttl").write_text("<https://x.example/a> <https://x.example/p> 1 .", encoding="utf-8")
    assert "--replace" in cli("publish", tmp_path / "data.ttl", "-o", target, code=3).stderr
    assert (target / "index.html").read_bytes() == before
    cli("publish", tmp_path / "data.ttl", "-o", target, "--replace")
    assert (target / "index.html").read_bytes() != before


@pytest.mark.parametrize("host", ["ftp://x/", "example.org", "https://x/<b>", "https://x/?q", "https://x/\n"])
def test_addresses_that_are_none(harbour: Path, tmp_path: Path, host: str) -> None:
    """What is no address of a site is refused before anything is done."""
    with pytest.raises(UsageError):
        publish_project(load_project(harbour), tmp_path / "site", host=host)
    assert not (tmp_path / "site").exists()


def test_base(harbour: Path, tmp_path: Path, cli: Run) -> None:
    """`--base` changes where the site says it is, and no identifier."""
    done = cli("publish", "--project", harbour, "-o", tmp_path / "site", "--base", "https://mirror.example/a/b")
    assert "https://mirror.example/a/b/" in done.stdout
    page = (tmp_path / "site/id/oak.html").read_text()
    assert '<link rel="canonical" href="https://mirror.example/a/b/id/oak.html">' in page
    assert "<code>https://harbour.example/kg/id/oak</code>" in page
    assert "mirror.example" not in (tmp_path / "site/id/oak.ttl").read_text()
    assert "https://mirror.example/a/b/id/oak.html" in (tmp_path / "site/sitemap.xml").read_text()
    write(harbour, tmp_path / "plain")
    assert content(tmp_path / "plain")["harbour.nq"] == content(tmp_path / "site")["harbour.nq"]


def test_the_command(harbour: Path, cli: Run) -> None:
    """In a project's folder one command is enough; it says what was written."""
    done = cli("publish", "-o", "site", cwd=harbour)
    assert "pages" in done.stdout
    assert (harbour / "site/index.html").is_file()
    assert cli("publish", cwd=harbour, code=2).stderr


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_that_an_interruption_leaves_the_old_site(harbour: Path, tmp_path: Path) -> None:
    """A run that ends in the middle leaves the site as it was, and no scraps beside it."""
    target = tmp_path / "site"
    write(harbour, target)
    before = content(target)
    renderer = of_lines(tmp_path, [line(f"urn:x:{n}", "https://schema.org/name", '"n"@en') for n in range(500)])

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(renderer, target, {}, processes=1, progress=stop)
    assert content(target) == before
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


def line(subject: str, predicate: str, object_: str) -> bytes:
    """A line of the facts graph."""
    return f"<{subject}> <{predicate}> {object_} <https://harbour.example/kg/graph/facts> .\n".encode()


_THINGS = [f"https://harbour.example/kg/id/{name}" for name in ("crane", "dock", "pier", "class", "property")]
_NAMES = st.sampled_from(["a", "b", "Å", "long name " * 5])
_TYPE, _RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def _claimed(subject: str, predicate: str, object_: str, note: str) -> list[bytes]:
    """A triple and a claim of it with a note."""
    triple = f"<{subject}> <{predicate}> {object_} .\n".encode()
    claim = Identifiers("https://harbour.example/kg/").claim(triple)
    about = [("type", f"<{_RDF}Statement>"), ("subject", f"<{subject}>"), ("predicate", f"<{predicate}>")]
    lines = [line(claim, _RDF + name, value) for name, value in [*about, ("object", object_)]]
    return [*lines, line(claim, SKOS.editorialNote, f'"{note}"@en'), line(subject, predicate, object_)]


def _supported(subject: str, object_: str, source: str, gist: str, kind: str, title: str) -> list[bytes]:
    """A triple and a claim of it that rests on a unit of a document, or comes from elsewhere."""
    edition = "https://harbour.example/kg/document/log/1"
    *_, plain = _claimed(subject, SCHEMA.about, object_, "")
    claim = Identifiers("https://harbour.example/kg/").claim(f"<{subject}> <{SCHEMA.about}> {object_} .\n".encode())
    unit = [line(f"{edition}#1.1", EV.gist, f'"{gist}"@en'), line(f"{edition}#1.1", EV.unitKind, f"<{kind}>")]
    named = line(edition, SCHEMA.name, f'"{title}"@en')
    return [
        plain,
        *unit,
        named,
        line(claim, EV.supportedBy, f"<{edition}#1.1>"),
        line(claim, DCTERMS.source, f"<{source}>"),
    ]


_SUBJECTS = st.sampled_from(_THINGS)
_OBJECTS = st.sampled_from([f"<{name}>" for name in _THINGS])
_TEXTS = st.sampled_from([SCHEMA.name, SCHEMA.alternateName, SCHEMA.description])
_STATEMENTS = st.one_of(
    st.builds(_supported, _SUBJECTS, _OBJECTS, _SUBJECTS, _NAMES, _SUBJECTS, _NAMES),
    st.builds(lambda s, p, n: [line(s, p, f'"{n}"@en')], _SUBJECTS, _TEXTS, _NAMES),
    st.builds(lambda s, o: [line(s, _TYPE, f"<{o}>")], _SUBJECTS, st.sampled_from([*_THINGS[3:4], SCHEMA.Place])),
    st.builds(
        lambda s, p, o: [line(s, p, f"<{o}>")], _SUBJECTS, st.sampled_from([_THINGS[4], SCHEMA.about]), _SUBJECTS
    ),
    st.builds(
        lambda s, y: [line(s, SCHEMA.foundingDate, f'"{y}"^^<{XSD.gYear}>')], _SUBJECTS, st.sampled_from([1992, 2014])
    ),
    st.builds(_claimed, _SUBJECTS, st.just(SCHEMA.about), _OBJECTS, _NAMES),
    st.builds(
        lambda s, o: [
            line(s, DCTERMS.isReplacedBy, f"<{o}>"),
            line(s, OWL.deprecated, f'"true"^^<{XSD.boolean}>'),
        ],
        _SUBJECTS,
        _SUBJECTS,
    ),
)


@example(
    [[line(_THINGS[2], _THINGS[4], f"<{_THINGS[1]}>")], [line(_THINGS[4], SCHEMA.about, f"<{_THINGS[0]}>")]][::-1],
    [],
    1,
)
@example([[line(_THINGS[0], SCHEMA.name, '"a"@en')]], [], 3)
@settings(max_examples=25, deadline=None)
@given(st.lists(_STATEMENTS, min_size=3, max_size=14), st.lists(_STATEMENTS, max_size=2), st.integers(0, 3))
def test_that_a_site_brought_up_to_date_is_a_site_made_anew(
    first: list[list[bytes]], added: list[list[bytes]], dropped: int
) -> None:
    """What is taken over from the run before is what would be rendered, whatever has changed; and so back again."""
    # the third run makes its site of the first one's
    with tempfile.TemporaryDirectory() as folder, patch("isoc_kg.atomic.folders.WORTH", 0):
        root = Path(folder)
        before = {one for part in first for one in part}
        after = {one for part in [*first[dropped:], *added] for one in part}
        publish(of_lines(root, list(before)), root / "site", {})
        first_site = content(root / "site")
        publish(of_lines(root, list(after)), root / "site", {})
        publish(of_lines(root, list(after)), root / "anew", {})
        assert content(root / "site") == content(root / "anew")
        publish(of_lines(root, list(before)), root / "site", {})
        assert content(root / "site") == first_site


_BODY, _KIND = "https://harbour.example/kg/id/body", "https://harbour.example/kg/id/kind"


def _many(count: int = 60) -> set[bytes]:
    """Things in a ring of links, each with a name, a part that only it leads to, a class and a year."""
    lines = {line(f"{_KIND}-{n}", SCHEMA.name, f'"kind {n}"@en') for n in range(3)}
    for number in range(count):
        body, part = f"{_BODY}-{number}", f"{_BODY}-{number}-part"
        lines |= {
            line(body, _TYPE, f"<{_KIND}-{number % 3}>" if number % 2 else f"<{SCHEMA.Place}>"),
            line(body, SCHEMA.name, f'"body {number}"@en'),
            line(body, SCHEMA.foundingDate, f'"{1900 + number % 7}"^^<{XSD.gYear}>'),
            line(body, SCHEMA.knows, f"<{_BODY}-{(number + 1) % count}>"),
            line(body, SCHEMA.location, f"<{part}>"),
            line(part, SCHEMA.name, f'"part {number}"@en'),
            line(part, SCHEMA.isPartOf, f"<{_BODY}-{(number + 5) % count}>"),
        }
    return lines


def _renamed(subject: str, old: str, new: str) -> Callable[[set[bytes]], set[bytes]]:
    return lambda lines: (
        lines - {line(subject, SCHEMA.name, f'"{old}"@en')} | {line(subject, SCHEMA.name, f'"{new}"@en')}
    )


def _changed(lines: set[bytes]) -> set[bytes]:
    """Things are renamed, added and of another class; links come and go, some with a property that nothing had."""
    for subject, old, new in ((f"{_BODY}-7", "body 7", "Seventh"), (f"{_BODY}-9-part", "part 9", "Ninth")):
        lines = _renamed(subject, old, new)(lines)
    gone = {line(f"{_BODY}-20", SCHEMA.knows, f"<{_BODY}-21>"), line(f"{_BODY}-6", _TYPE, f"<{SCHEMA.Place}>")}
    return lines - gone | {
        line(f"{_BODY}-3", SCHEMA.knows, f"<{_BODY}-40>"),
        line(f"{_BODY}-4", SCHEMA.about, f"<{_BODY}-41>"),
        line(f"{_BODY}-3", SCHEMA.member, f"<{_BODY}-30-part>"),
        line(f"{_BODY}-6", _TYPE, f"<{SCHEMA.Person}>"),
        line(f"{_BODY}-99", SCHEMA.name, '"new"@en'),
        line(f"{_BODY}-1", SCHEMA.knows, f"<{_BODY}-99>"),
        line(f"{_BODY}-2", SCHEMA.knows, f"<{_BODY}-98>"),
    }


def _with_claims(lines: set[bytes]) -> set[bytes]:
    supported = _supported(f"{_BODY}-8", f"<{_BODY}-9>", f"{_BODY}-10", "text", EV.Sentence, "log")
    return lines | {*supported, *_claimed(f"{_BODY}-8", SCHEMA.about, f"<{_BODY}-9>", "noted")}


#: What is done to the lines of the run before, by what it is, with whether most pages are known to be as they were.
_CHANGES: dict[str, tuple[Callable[[set[bytes]], set[bytes]], bool]] = {
    "several things": (_changed, True),
    "what something led to is described": (lambda all_: all_ | {line(f"{_BODY}-98", SCHEMA.name, '"late"@en')}, True),
    "a class is renamed": (_renamed(f"{_KIND}-1", "kind 1", "sort"), False),
    "a thing is a property": (lambda all_: all_ | {line(f"{_BODY}-3", f"{_BODY}-44", f"<{_BODY}-45>")}, False),
    "that has another name": (lambda all_: all_ | {line(f"{_BODY}-44", SCHEMA.alternateName, '"bond"@en')}, False),
    "that is renamed": (_renamed(f"{_BODY}-44", "body 44", "property"), False),
    "a class is below another": (
        lambda all_: all_ | {line(f"{_KIND}-1", str(RDFS.subClassOf), f"<{_KIND}-7>")},
        False,
    ),
    "that is below a third": (
        lambda all_: all_ | {line(f"{_KIND}-7", str(RDFS.subClassOf), f"<{SCHEMA.Person}>")},
        False,
    ),
    "another thing is called alike": (_renamed(f"{_BODY}-12", "body 12", "body 13"), False),
    "a thing is gone": (lambda all_: {one for one in all_ if not one.startswith(f"<{_BODY}-50>".encode())}, False),
    "a thing has a part": (lambda all_: all_ | {line(f"{_BODY}-20#part", SCHEMA.size, '"small"@en')}, False),
    "which changes": (lambda all_: {one.replace(b'"small"', b'"large"') for one in all_}, False),
    "and goes": (lambda all_: {one for one in all_ if b"#part>" not in one}, False),
    "claims and a unit come": (_with_claims, False),
    "its text changes": (lambda all_: {one.replace(b'"text"', b'"other text"') for one in all_}, False),
    "claims go": (lambda all_: {one for one in all_ if b"/claim/" not in one and b"/document/" not in one}, False),
}


def test_every_kind_of_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is brought forward by one change after another is the site made anew, file by file.

    What is known to be as it was is not looked at: one statement changes, and few fingerprints and entries are made.
    """
    monkeypatch.setattr("isoc_kg.atomic.folders.WORTH", 0)
    monkeypatch.setattr("isoc_kg.rendering.search_files._PER_PART", 32)
    made: list[bytes] = []
    found: list[int] = []
    whole, entry = Fingerprints.of, Entries.__getitem__
    monkeypatch.setattr(Fingerprints, "of", lambda self, token: made.append(token) or whole(self, token))
    monkeypatch.setattr(Entries, "__getitem__", lambda self, number: found.append(number) or entry(self, number))
    lines = _many()
    publish(of_lines(tmp_path, list(lines)), tmp_path / "site", {})
    for what, (change, few) in _CHANGES.items():
        lines = change(lines)
        made.clear()
        found.clear()
        publish(of_lines(tmp_path, list(lines)), tmp_path / "site", {})
        assert (len(made) < 40) == few, what
        assert (len(found) < 40) == few, what
        publish(of_lines(tmp_path, list(lines)), tmp_path / "anew", {})
        assert content(tmp_path / "site") == content(tmp_path / "anew"), what
        shutil.rmtree(tmp_path / "anew")
    setting = '[words]\n"schema:knows" = ["is a friend of"]\n'
    publish(of_lines(tmp_path, list(lines), setting), tmp_path / "site", {})
    publish(of_lines(tmp_path, list(lines), setting), tmp_path / "anew", {})
    assert content(tmp_path / "site") == content(tmp_path / "anew")


def test_what_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that goes on to other pages keeps nothing of the graph, of lists or of what is searched."""
    graphs: list[LinkGraph] = []
    readings: list[ref[object]] = []
    left: dict[str, bool] = {}
    data, html, files, read = LinkGraph.data, Listings.html, ThingPages.files, Entries.__init__

    def graph(self: LinkGraph) -> object:
        graphs.append(self)
        return data(self)

    def listed(self: Listings, *arguments: Any) -> bytes:
        left.setdefault("graph", "edges" in vars(graphs[0]))
        return html(self, *arguments)

    def things(self: ThingPages, *arguments: Any) -> list[tuple[str, bytes]]:
        lists = graphs[0].listings
        left.setdefault("links", bool(self.renderer._links))
        left.setdefault("lists", bool(lists._entries) or bool(lists._digests) or "facets" in vars(lists))
        left.setdefault("search", any(one() is not None for one in readings))
        return files(self, *arguments)

    def entries(self: Entries, *arguments: Any) -> None:
        read(self, *arguments)
        readings.append(ref(self._reading))

    monkeypatch.setattr(LinkGraph, "data", graph)
    monkeypatch.setattr(Listings, "html", listed)
    monkeypatch.setattr(ThingPages, "files", things)
    monkeypatch.setattr(Entries, "__init__", entries)
    with no_collection():
        publish(of_lines(tmp_path, list(_many())), tmp_path / "site", {}, processes=1)
    assert readings
    assert left == {"graph": False, "links": False, "lists": False, "search": False}


@pytest.mark.parametrize("name", ["search.json", "search/e1.json", "search/w0.json", "search/w1.json"])
@pytest.mark.parametrize("damage", [b"", b"{}", b'{"entries":[]}', b'[["a"],["~"]]'])
def test_what_is_searched_was_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: bytes
) -> None:
    """Files of search that somebody has changed in place are not taken over, but made anew."""
    monkeypatch.setattr("isoc_kg.evidence.retrieval.dictionary._SHARD", 2_000)
    lines = _many(40)
    publish(of_lines(tmp_path, list(lines)), tmp_path / "site", {})
    file = tmp_path / "site/data" / name
    assert file.is_file()
    file.write_bytes(damage)
    lines = _renamed(f"{_BODY}-12", "body 12", "bodies")(lines)
    publish(of_lines(tmp_path, list(lines)), tmp_path / "site", {})
    publish(of_lines(tmp_path, list(lines)), tmp_path / "anew", {})
    assert content(tmp_path / "site") == content(tmp_path / "anew")


def of_lines(tmp_path: Path, lines: list[bytes], more: str = "") -> Renderer:
    """A renderer over lines that no gate has seen."""
    root = tmp_path / "project"
    root.mkdir(exist_ok=True)
    (root / "kg.toml").write_text(
        'name = "h"\ntitle = "H"\ndescription = "D"\nbase = "https://harbour.example/kg/"\nlanguage = "en"\n'
        'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "C"\n'
        f'created = 2026-01-02\nmodified = 2026-02-03\nversion = "1.0.0"\n{more}'
    )
    project = load_project(root)
    return Renderer(Index(project, sorted(lines)), load_theme(project), Material(), project.base)
