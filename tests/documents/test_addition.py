"""Documents become part of a project: kg.toml keeps its comments, nothing is written twice, nothing half."""

import json
import tomllib
from pathlib import Path

import pytest

from intake_files import docx, paragraph
from isoc_kg.atomic import together
from isoc_kg.documents import addition as room
from isoc_kg.documents.addition import Original, Particulars, known_document, prepare, write_additions
from isoc_kg.documents.blocks import with_documents
from isoc_kg.documents.editions import read_edition
from isoc_kg.documents.index import load_index
from isoc_kg.documents.intake.extraction import extract
from isoc_kg.errors import OutputError, ParseError, ProjectError, UsageError
from isoc_kg.project import load_project

TOML = """# The garden council, as its minutes tell.
name = "garden"
title = "The garden council"
description = "What its minutes say."
base = "https://example.org/garden/"
language = "en"
licence = "https://creativecommons.org/licenses/by/4.0/"
creator = "You"
created = 2026-11-23
modified = 2026-11-23
version = "0.1.0" # of the data

[prefixes]
# our own
garden = "https://example.org/garden/ontology#"
"""
BLOCK = """
[[document]]
slug = "first"
edition = "1"
title = "First"
language = "en"
path = "documents/first.txt"
unknown = ["author", "publisher", "date", "source"] # nobody knows
"""
MINUTES = docx(paragraph("Minutes", '<w:pStyle w:val="H1"/>') + paragraph("The pump is sold. All agreed."))


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    folder = tmp_path / "garden"
    folder.mkdir()
    (folder / "kg.toml").write_text(TOML, encoding="utf-8")
    return folder


def add(folder: Path, content: bytes = MINUTES, name: str = "minutes.docx", **wanted: object) -> room.Addition:
    project = load_project(folder)
    original = Original(content, name)
    made = prepare(project, original, extract(content, name, project.limits), Particulars(**wanted))  # type: ignore[arg-type]
    write_additions(project, [made])
    return made


def test_a_document_is_added(garden: Path) -> None:
    """Text, original, index with places, block and .gitignore; comments stay."""
    add(garden, publisher="The council", date="2024-05")
    assert (garden / "documents/minutes-1.txt").read_text() == "Minutes\n\nThe pump is sold. All agreed.\n"
    assert (garden / "documents/minutes-1.docx").read_bytes() == MINUTES
    assert (garden / ".gitignore").read_text() == "# texts of documents, which are not published\n/documents/*\n"
    toml = (garden / "kg.toml").read_text(encoding="utf-8")
    assert toml.startswith(TOML)
    (document,) = load_project(garden).documents
    assert (document.slug, document.edition, document.title, document.language) == ("minutes", "1", "Minutes", "en")
    assert (document.publisher, document.date, document.unknown) == ("The council", "2024-05", ("author", "source"))
    assert document.original == garden / "documents/minutes-1.docx"
    edition, findings = read_edition(load_project(garden), document)
    assert findings == []
    places = [unit.place.paragraph if unit.place else None for unit in edition.index.units.values()]
    assert places == [1, 2, 2]
    assert str(edition.index.extractor).startswith("isoc-kg docx")


def test_the_same_file_again(garden: Path) -> None:
    """It is known by its digest; what was lost of it comes back, and nothing else is written."""
    add(garden)
    project = load_project(garden)
    assert known_document(project, Original(MINUTES, "renamed.docx")) == project.documents[0]
    before = {path: path.read_bytes() for path in garden.rglob("*") if path.is_file()}
    assert add(garden, name="renamed.docx").files == {}
    (garden / "documents/minutes-1.txt").unlink()
    (garden / "documents/minutes-1.docx").unlink()
    assert len(add(garden).files) == 2
    assert before == {path: path.read_bytes() for path in garden.rglob("*") if path.is_file()}


def test_a_text_that_another_version_takes_out_is_no_replacement(garden: Path) -> None:
    """An index is of one text; what the file gives now must be that text."""
    add(garden)
    (garden / "documents/minutes-1.txt").unlink()
    index = garden / "facts/units/minutes/1.jsonl"
    lines = index.read_text().splitlines()
    header = json.loads(lines[0]) | {"sha256": "0" * 64}
    index.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
    with pytest.raises(UsageError, match="another version of isoc-kg"):
        add(garden)


def test_a_changed_file_is_a_new_edition(garden: Path) -> None:
    """Never rewritten; what holds for all editions is taken over."""
    add(garden, author="Ada", about="council")
    changed = docx(paragraph("The pump is kept."))
    with pytest.raises(UsageError, match="editions are never rewritten") as caught:
        add(garden, changed)
    assert "--slug minutes --edition 2" in str(caught.value.advice)
    with pytest.raises(UsageError, match="edition 1 already"):
        add(garden, changed, edition="1", slug="minutes")
    add(garden, changed, slug="minutes", edition="2")
    first, second = load_project(garden).documents
    assert (second.revision_of, second.author, second.about, second.title) == ("1", "Ada", "council", "Minutes")
    assert first.path != second.path
    with pytest.raises(UsageError) as caught:
        add(garden, docx(paragraph("The pump is gone.")), slug="minutes")
    assert "--edition 3" in str(caught.value.advice)


def test_a_plain_text_is_its_own_original(garden: Path) -> None:
    """Kept once where it is what was taken out; else the original beside it."""
    add(garden, b"A pump. It is old.\n", "notes.txt")
    add(garden, b"A\xc2\xad pump.\r\n", "other.txt")
    names = sorted(path.name for path in (garden / "documents").iterdir())
    assert names == ["notes-1.txt", "other-1.original.txt", "other-1.txt"]
    index = load_index(garden / "facts/units/notes/1.jsonl")
    assert index.extractor is None
    assert "place" not in (garden / "facts/units/notes/1.jsonl").read_text()
    assert load_index(garden / "facts/units/other/1.jsonl").extractor == "text 1"


@pytest.mark.parametrize(
    ("text", "title"),
    [("The Harl Lights\n\nThey are lit.\n", "The Harl Lights"), ("They are lit.\n\nThe Lights\n\nAll.\n", "minutes-2")],
)
def test_the_title_of_a_plain_text(garden: Path, text: str, title: str) -> None:
    """The heading with which it begins, or its file's name."""
    add(garden, text.encode(), "minutes-2.txt")
    assert title in [document.title for document in load_project(garden).documents]


def test_an_original_in_the_folder_stays_where_it_is(garden: Path) -> None:
    """It is not copied under another name."""
    (garden / "documents").mkdir()
    path = garden / "documents" / "Minutes of May.docx"
    path.write_bytes(MINUTES)
    project = load_project(garden)
    made = prepare(project, Original(MINUTES, path.name, path), extract(MINUTES, path, project.limits), Particulars())
    write_additions(project, [made])
    assert load_project(garden).documents[0].original == path
    assert sorted(p.name for p in path.parent.iterdir()) == ["Minutes of May.docx", "minutes-of-may-1.txt"]


SLUGS = {
    "Minutes of May, 2024.docx": "minutes-of-may-2024",
    "Größe & Maß.docx": "groesse-mass",
    "Ærø_føde.docx": "aero-fode",
    "Протокол.docx": "the-pump-is-sold",
    "---.docx": "the-pump-is-sold",
    ".docx": "docx",
    "a" * 100 + ".docx": "a" * 60,
}


@pytest.mark.parametrize("name", SLUGS)
def test_names_are_made_of_the_files_name_or_the_title(garden: Path, name: str) -> None:
    """Words of Latin letters; others' names come from the title, or from the digest."""
    content = docx(paragraph("The pump is sold", '<w:pStyle w:val="H1"/>'))
    expected = SLUGS[name].replace("oe", "o") if "Gr" in name else SLUGS[name]
    assert add(garden, content, name).document.slug == expected


def test_names_of_documents_without_latin_letters(garden: Path) -> None:
    """Made of the digest."""
    made = add(garden, docx(paragraph("Протокол.")), "Протокол.docx")
    assert made.document.slug == f"document-{Original(docx(paragraph('Протокол.')), '').digest[:8]}"


NASTY = ['He said "no" \\ yes', "Zürich – 東京 🙂", "a # b = [c]", "'''", '"""', "x\x7fy", "\\u0041", "line\u2028end"]


@pytest.mark.parametrize("title", NASTY)
def test_whatever_a_file_says_is_written_as_it_is_or_refused(garden: Path, title: str) -> None:
    """Quotation marks, backslashes and comments in values break nothing."""
    try:
        add(garden, title=title)
    except UsageError as error:
        assert "\x7f" in title
        assert "control character" in error.message
        assert (garden / "kg.toml").read_text() == TOML
        return
    assert load_project(garden).documents[0].title == title


WRONG = {
    "slug": ("Not A Slug", "lower-case words"),
    "edition": ("1.0", "lower-case words"),
    "language": ("english language", "language tag"),
    "source": ("not an iri", "must be an IRI"),
    "date": ("3 May 2024", "must be a date"),
    "author": ("https://not an iri", "must be an IRI"),
}


@pytest.mark.parametrize("option", WRONG)
def test_what_cannot_be_is_refused_before_anything_is_written(garden: Path, option: str) -> None:
    """The value and what is expected."""
    value, message = WRONG[option]
    with pytest.raises(UsageError, match=message):
        add(garden, **{option: value})
    assert [path.name for path in garden.rglob("*")] == ["kg.toml"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "toml",
    [
        TOML,
        TOML + BLOCK,
        TOML.replace("\n[prefixes]", BLOCK + "\n# others\n[prefixes]"),
        TOML + BLOCK + "\n[document.units]\n# ours\nheadings = true\n\n# the end",
        TOML.rstrip(),
        TOML + "\n\n\n",
    ],
)
def test_blocks_are_added_behind_the_last_one(toml: str, ending: str) -> None:
    """Comments, order, line ends and tables within a block stay."""
    toml = toml.replace("\n", ending)
    values = {"slug": "x", "edition": "1", "unknown": ["date"], "publish_text": True}
    result = with_documents(toml, Path("kg.toml"), [values, {**values, "slug": "y"}])
    old, new = tomllib.loads(toml), tomllib.loads(result)
    assert new.pop("document") == [*old.pop("document", []), values, {**values, "slug": "y"}]
    assert new == old
    lines = ("", "", "[[document]]", 'slug = "{}"', 'edition = "1"', 'unknown = ["date"]', "publish_text = true")
    added = "".join(ending.join(lines).format(slug) for slug in "xy")
    assert result.count(added) == 1
    assert result.replace(added, "") in (toml, toml + ending)


def test_forms_that_cannot_be_edited_are_refused() -> None:
    """An inline array of documents."""
    with pytest.raises(ProjectError, match="cannot be edited here"):
        with_documents('document = [{slug = "a"}]\n', Path("kg.toml"), [{"slug": "b"}])


IGNORED = {
    "": "/documents/*\n",
    "/documents/\n": None,
    "documents\n": None,
    "*.pyc": "*.pyc\n# texts of documents, which are not published\n/documents/*\n",
}


@pytest.mark.parametrize("lines", IGNORED)
def test_gitignore(garden: Path, lines: str) -> None:
    """Lines are added where nothing ignores the texts yet."""
    (garden / ".gitignore").write_text(lines)
    add(garden)
    expected = IGNORED[lines]
    assert (garden / ".gitignore").read_text().endswith(lines if expected is None else expected)


def test_published_texts_are_not_ignored(garden: Path) -> None:
    """Those of documents that are there already, too; a folder that is ignored whole becomes its files."""
    (garden / ".gitignore").write_text("/documents/\n*.tmp\n")
    (garden / "kg.toml").write_text(TOML + BLOCK + "publish_text = true\n")
    (garden / "documents").mkdir()
    (garden / "documents/first.txt").write_text("x")
    add(garden, publish_text=True)
    assert (garden / ".gitignore").read_text().splitlines() == [
        "/documents/*",
        "*.tmp",
        "!/documents/first.txt",
        "!/documents/minutes-1.txt",
        "!/documents/minutes-1.docx",
    ]


def test_files_that_are_there_are_not_overwritten(garden: Path) -> None:
    """Somebody's own file under the name of the text; an index of another text."""
    (garden / "documents").mkdir()
    (garden / "documents/minutes-1.txt").write_text("mine")
    with pytest.raises(UsageError, match="is something else"):
        add(garden)
    (garden / "documents/minutes-1.txt").unlink()
    add(garden, b"Others.\n", "minutes.txt")
    (garden / "kg.toml").write_text(TOML)
    (garden / "documents/minutes-1.txt").unlink()
    with pytest.raises(UsageError, match="index of another text"):
        add(garden)


def test_all_or_nothing(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves the project as it was."""

    def full(*_: object, **__: object) -> None:
        raise OutputError("the disk is full.")

    monkeypatch.setattr(together, "write_file", full)
    with pytest.raises(OutputError):
        add(garden)
    assert sorted(path.name for path in garden.rglob("*") if path.is_file()) == ["kg.toml"]


PLACES = [
    ({}, "is empty"),
    ([], "is empty"),
    ({"pages": 1}, "“pages” is nothing"),
    ({"page": 0}, "wrong kind"),
    ({"page": -1}, "not counted from 1"),
    ({"page": True}, "wrong kind"),
    ({"page": "1"}, "wrong kind"),
    ({"selector": "a\nb"}, "control character"),
    ({"boxes": [[1, 2, 3, 4]]}, "boxes are on a page"),
    ({"page": 1, "boxes": [[1, 2, 3]]}, "four numbers"),
    ({"page": 1, "boxes": [[3, 2, 1, 4]]}, "left, bottom, right, top"),
    ({"page": 1, "boxes": [[1, 2, 1e300, 4]]}, "left, bottom, right, top"),
]


@pytest.mark.parametrize(("place", "message"), PLACES)
def test_places_in_an_index_are_checked(garden: Path, place: object, message: str) -> None:
    """With the line of whatever is wrong."""
    add(garden)
    path = garden / "facts/units/minutes/1.jsonl"
    lines = path.read_text().splitlines()
    lines[2] = json.dumps(json.loads(lines[2]) | {"place": place})
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(ParseError, match=message) as caught:
        load_index(path)
    assert caught.value.line == 3


@pytest.mark.parametrize("extractor", ["", 1, "a\nb", None])
def test_the_extractor_in_an_index_is_checked(garden: Path, extractor: object) -> None:
    """A name that can be printed."""
    add(garden)
    path = garden / "facts/units/minutes/1.jsonl"
    lines = path.read_text().splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {"extractor": extractor})
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(ParseError, match="“extractor” is"):
        load_index(path)
