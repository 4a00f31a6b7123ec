"""A project's folders: which files are read, and what is said of those that are not."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import ProjectError
from isoc_kg.evidence.cues import CueBook
from isoc_kg.evidence.words import Lexicon
from isoc_kg.iris import compact, expand
from isoc_kg.namespaces import SCHEMA
from isoc_kg.project import Project, load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.start import copy_example
from settings_page import PAGE, page

from material import ROOT

HARBOUR = ROOT / "tests" / "projects" / "harbour"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The harbour, to be changed."""
    return Path(shutil.copytree(HARBOUR, tmp_path / "harbour"))


def test_extensions_in_any_case(folder: Path) -> None:
    """Facts, ontology, shapes and queries are read whatever the case of their files' extensions."""
    before = KnowledgeGraph.load(folder)
    for path in [*folder.glob("*/*.ttl"), *folder.glob("queries/*.rq")]:
        path.rename(path.with_suffix(path.suffix.upper()))
    after = KnowledgeGraph.load(folder)
    assert [path.name for path in after.project.facts_files] == ["harbour.TTL"]
    assert after.lines == before.lines
    assert after.validate().conforms
    assert [path.suffix for path in after.project.shapes_files] == [".ttl", ".TTL"]
    assert list(after.queries) == list(before.queries) != []


def test_files_with_a_part_of_their_own(folder: Path) -> None:
    """Alignments, the shapes of the ontology and a project's own evidence vocabulary are known in any case."""
    for name in ("ontology/Alignments.TTL", "ontology/EVIDENCE.ttl", "shapes/Ontology-Shapes.Ttl"):
        (folder / name).touch()
    project = load_project(folder)
    assert project.alignments_file == project.root / "ontology" / "Alignments.TTL"
    assert project.ontology_shapes_file == project.root / "shapes" / "Ontology-Shapes.Ttl"
    assert [path.name for path in project.ontology_files] == ["EVIDENCE.ttl", "harbour.ttl"]
    assert [path.name for path in project.shapes_files] == ["evidence-shapes.ttl", "harbour-shapes.ttl"]


@pytest.mark.parametrize("name", ["more.nt", "more.trig", "more.ttl.bak", "table.csv", "more", "people/more.ttl"])
def test_facts_that_would_not_be_read(folder: Path, name: str) -> None:
    """A file that looks like facts, and is not read as such, stops with its name and what to do."""
    path = folder / "facts" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with pytest.raises(ProjectError, match="Turtle files") as error:
        KnowledgeGraph.load(folder)
    assert str(folder / "facts" / name.partition("/")[0]) in str(error.value)
    assert "move it out of the folder" in str(error.value)


@pytest.mark.parametrize(
    "name", ["README", "README.txt", "notes.md", ".gitignore", "harbour.ttl~", "units/guide/a.txt"]
)
def test_files_beside_facts(folder: Path, name: str) -> None:
    """What nobody takes for facts may lie beside them."""
    (folder / "facts" / name).touch()
    assert [path.name for path in load_project(folder).facts_files] == ["harbour.ttl"]


def lighthouse_with(lighthouse: Path, old: str, new: str) -> Project:
    """The project of two documents after one change of its kg.toml."""
    path = lighthouse / "kg.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_project(lighthouse)


def test_where_an_edition_comes_from(lighthouse: Path) -> None:
    """Author, publisher, date and source are in the data: names as texts, IRIs as such, dates as precise as given."""
    lines = b"".join(build_dataset(load_project(lighthouse)).graph("document")).decode()
    schema, xsd = "https://schema.org/", "http://www.w3.org/2001/XMLSchema#"
    for part in (
        f'logbook/1> <{schema}author> "Edda Holm"',
        f"logbook/1> <{schema}publisher> <https://lighthouse.example/friends>",
        f'logbook/1> <{schema}datePublished> "1902-05-01"^^<{xsd}date>',
        "logbook/1> <http://purl.org/dc/terms/source> <https://lighthouse.example/archive/logbook>",
        f'chronicle/1> <{schema}publisher> "Küstenverein"',
        f'chronicle/1> <{schema}datePublished> "1955"^^<{xsd}gYear>',
    ):
        assert part in lines
    assert f"chronicle/1> <{schema}author>" not in lines


def test_what_an_edition_leaves_unsaid(lighthouse: Path) -> None:
    """It is a warning, unless kg.toml says that it is not known."""
    assert build_dataset(load_project(lighthouse)).findings == []
    project = lighthouse_with(lighthouse, 'unknown = ["author", "source"]', 'unknown = ["source"]')
    (finding,) = build_dataset(project).findings
    assert finding.severity == "warning"
    assert "chronicle, edition 1: not said: author." in finding.render()


def test_words_for_documents_in_other_languages(folder: Path) -> None:
    """A table has a list for each language: pages take the project's own, the evidence check each for its documents."""
    file = folder / "kg.toml"
    settings = file.read_text(encoding="utf-8")
    file.write_text(
        settings + '\n[words]\n"schema:founder" = ["founder"]\n'
        '"schema:startDate" = { en = ["held on"], de = ["findet statt", "Datum"] }\n',
        encoding="utf-8",
    )
    project = load_project(folder)
    assert project.words == {SCHEMA.founder: ("founder",), SCHEMA.startDate: ("held on",)}
    book = CueBook([], project.all_words())
    german = book.cues(SCHEMA.startDate, Lexicon("de", []), None)[0]
    assert [cue.text for cue in german] == ["findet statt", "Datum"]
    assert [cue.text for cue in book.cues(SCHEMA.startDate, Lexicon("en", []), None)[0]] == ["held on"]
    file.write_text(settings + '\n[words]\n"schema:startDate" = { de = "Datum" }\n', encoding="utf-8")
    with pytest.raises(ProjectError, match="several languages"):
        load_project(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("date = 1902-05-01", 'date = "last year"', "date"),
        ("date = 1902-05-01", "date = 1902", "date"),
        ('unknown = ["author", "source"]', 'unknown = ["publisher"]', "is given too"),
        ('unknown = ["author", "source"]', 'unknown = ["colour"]', "is none of"),
        ('author = "Edda Holm"', 'author = "https://e.org/> <x"', "an IRI"),
        ('curator = "Mara Voss"', 'curator = "https://e.org/a b"', "an IRI"),
        ('allow = ["light:readBy"]', 'allow = ["unknown:readBy"]', "prefixed name"),
        ('allow = ["light:readBy"]', 'permit = ["light:readBy"]', "no setting"),
        ('allow = ["light:readBy"]', 'allow = "light:readBy"', "a list"),
    ],
)
def test_settings_that_are_refused(lighthouse: Path, old: str, new: str, words: str) -> None:
    """With what would do."""
    with pytest.raises(ProjectError) as raised:
        lighthouse_with(lighthouse, old, new)
    assert words in str(raised.value)


def test_the_curator(lighthouse: Path, tmp_path: Path) -> None:
    """PROV says in the description whom the publication is attributed to; nobody where kg.toml names nobody."""
    project = load_project(lighthouse)
    build_publication(project, tmp_path / "out")
    text = (tmp_path / "out" / "dataset.ttl").read_text(encoding="utf-8")
    assert "prov:wasAttributedTo <https://lighthouse.example/kg/dataset/curator>" in text
    assert '"Mara Voss"' in text
    build_publication(lighthouse_with(lighthouse, 'curator = "Mara Voss"', ""), tmp_path / "other")
    assert "curator" not in (tmp_path / "other" / "dataset.ttl").read_text(encoding="utf-8")


def test_the_starter_says_where_its_text_comes_from(tmp_path: Path) -> None:
    """A new project begins without a warning."""
    assert build_dataset(copy_example(tmp_path / "new", "bakery")[0]).findings == []


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('[evidence]\nverifier = "   "', "“verifier” must be a command"),
        ('[evidence]\nverifier = "read \'it"', "“verifier” must be a command"),
        ("[evidence]\nverifier_seconds = inf", "“verifier_seconds” must be 1,000,000 at most"),
        ("[evidence]\nverifier_seconds = nan", "“verifier_seconds” must be a number above zero"),
        ("[limits]\nvalidation_seconds = 1e300", "“validation_seconds” must be 1,000,000 at most"),
        ("[limits]\nvalidation_memory_bytes = 1e300", "“validation_memory_bytes” must be"),
        ("[limits]\nmax_file_bytes = inf", "“max_file_bytes” must be"),
        ("[server]\nquery_seconds = 1e18", "“query_seconds” must be 1,000,000 at most"),
        ("[server]\nworkers = 10000000000000000000000", "“workers” must be"),
        ('[site]\nacent = "#123456"', "there is no setting “acent” in .site."),
        ('[site]\nformats = ["ttl", 3]', "“formats” must be a list of some of ttl, jsonld, nt, rdf"),
        ("[site]\nformats = []", "“formats” must be a list"),
        ("[site]\nfacets = 3", "“facets” must be a table"),
        ('[site.facets]\narea = "no:prefix"', "“no:prefix” is not a prefixed name or an IRI"),
        ('[site.facets]\n"" = "dcterms:subject"', "the name of a facet must be a text"),
        ('[contact]\nmail = "a@b.example"\nname = "\\u202ex"', "“name” has characters that nobody sees"),
        ("[site.facets]\narea = 3", "“area” must be a property such as"),
    ],
)
def test_settings_out_of_bounds(folder: Path, setting: str, message: str) -> None:
    """Numbers that no clock and no system has, and commands without a word, are refused with their line."""
    toml = folder / "kg.toml"
    toml.write_text(f"{toml.read_text(encoding='utf-8')}\n{setting}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=message) as caught:
        load_project(folder)
    assert caught.value.line == toml.read_text(encoding="utf-8").count("\n")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('language = "en"', 'language = "../../x"', "“language” must be a language tag"),
        ('language = "de"', 'language = "٣"', "“language” must be a language tag"),
        ('language = "de"', 'language = "d e"', "“language” must be a language tag"),
        ('unknown = ["author"', 'unknown = [["a"], "author"', "“unknown” must be a list"),
        ('unknown = ["author"', 'unknown = [3, "author"', "“unknown” must be a list"),
        ('title = "Guide', 'title = "\\u001b[31mGuide', "“title” has a control character"),
    ],
)
def test_settings_that_are_not_what_they_must_be(folder: Path, before: str, after: str, message: str) -> None:
    """Language tags, lists of names and texts are looked at where they are written."""
    toml = folder / "kg.toml"
    text = toml.read_text(encoding="utf-8")
    assert before in text
    toml.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ProjectError, match=message) as caught:
        load_project(folder)
    assert caught.value.line is not None


@pytest.mark.parametrize(
    "name",
    ["facts/x.ttl", "facts/units/guide/1.gists.ttl", "ontology/x.ttl", "queries/x.rq", "templates/x.html", "theme.css"],
)
def test_a_pipe_is_no_file(folder: Path, name: str) -> None:
    """A named pipe in a project is refused: nobody may ever write into it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    with pytest.raises(ProjectError, match="neither a file nor a folder") as caught:
        load_project(folder)
    assert caught.value.file == path


@pytest.mark.parametrize(
    ("setting", "section", "message"),
    [
        ('source = "not an iri"', "document", "“source” must be an IRI"),
        ('source = "http://[bad"', "document", "“source” must be an IRI"),
        ('author = "https://e.example/a b"', "document", "“author” must be an IRI"),
        ('date = "2026-13"', "document", "“date” must be a date"),
        ('date = "2026-02-30"', "document", "“date” must be a date"),
        ('date = "0000"', "document", "“date” must be a date"),
        ('language = "en US"', "document", "“language” must be a language tag"),
        ('language = "en US"', "", "“language” must be a language tag"),
        ('licence = "CC BY 4.0"', "", "“licence” must be an IRI"),
        ('homepage = "www.e.example"', "", "“homepage” must be an IRI"),
        ('homepage = "javascript:alert(1)"', "", "“homepage” must be an http(s) URL"),
        ('language = "C"', "document", "“language” must be a language tag"),
        ('language = "de-x"', "", "“language” must be a language tag"),
        ('creator_iri = "https://e.example/%zz"', "", "“creator_iri” must be an IRI"),
        ('base = "https://e.example:x/kg/"', "", "“base” must be an IRI"),
        ('h2 = "harbour"', "prefixes", "“h2” must be an IRI"),
    ],
)
def test_what_would_be_published_is_read_first(folder: Path, setting: str, section: str, message: str) -> None:
    """An IRI, a day, a language that is none stops with the line of kg.toml, not with an engine's error."""
    file = folder / "kg.toml"
    key = setting.partition(" ")[0]
    if section == "prefixes":
        text = file.read_text(encoding="utf-8") + (
            "" if "[prefixes]" in file.read_text(encoding="utf-8") else "\n[prefixes]\n"
        )
        text = text.replace("[prefixes]\n", f"[prefixes]\n{setting}\n")
    else:
        head, mark, rest = file.read_text(encoding="utf-8").partition("[[document]]\n")
        part = rest if section else head
        part = re.sub(rf"^{key} = .*\n", "", part, count=1, flags=re.MULTILINE)
        part = re.sub(r"^unknown = .*\n", "", part, flags=re.MULTILINE)
        text = head + mark + f"{setting}\n{part}" if section else f"{setting}\n{part}{mark}{rest}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as error:
        load_project(folder)
    assert message in error.value.message
    assert error.value.file == file
    assert text.splitlines()[(error.value.line or 0) - 1] == setting


@pytest.mark.parametrize(
    "setting",
    [
        'title = "a\\u001b[31mb"',
        '[prefixes]\n"a\\u0007" = "https://e.example/"',
        '[prefixes]\na = "https://e.example/\\u007f"',
        '[site]\nfooter = "a\\u009bb"',
        '[site]\nlist = [["x", "a\\u0000"]]',
        '[folders]\nout = "out\\u001b"',
        '[[document]]\nslug = "a"\nedition = "1"\ntitle = "A"\nlanguage = "en"\npath = "documents/\\u001b.txt"',
    ],
)
def test_control_characters_are_refused(setting: str, tmp_path: Path) -> None:
    """In every setting and in names of settings; the message shows them as escapes."""
    text = (
        'name = "a"\nbase = "https://a.example/"\nlanguage = "en"\ndescription = "A"\nlicence = "https://l.example/"\n'
    )
    text += 'creator = "A"\ncreated = 2026-01-02\nmodified = 2026-01-02\nversion = "1"\n'
    title = "" if setting.startswith("title") else 'title = "A"\n'
    (tmp_path / "kg.toml").write_text(f"{text}{title}{setting}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"control character|no setting"):
        load_project(tmp_path)


def test_the_page_of_settings_is_current() -> None:
    """Every key of every table is documented as the code reads it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_units_are_named_by_their_document(lighthouse: Path) -> None:
    """Of several documents a unit's prefixed name is the one that commands and pages have; `s:` goes on to be read."""
    project = load_project(lighthouse)
    unit = f"{project.ids.edition('logbook', '1')}#2.1"
    assert compact(unit, project.prefixes) == "logbook:2.1"
    assert {expand("s:2.1", project.prefixes), expand("s2:2.1", project.prefixes)} >= {unit}
    one = replace(project, documents=project.documents[:1])
    assert compact(f"{one.ids.edition(one.documents[0].slug, '1')}#2.1", one.prefixes) == "s:2.1"
    first = replace(project.documents[0], slug="schema")
    later = replace(first, edition="2", revision_of="1")
    several = replace(project, documents=(first, later, project.documents[1]))
    assert several.prefixes["schema"] == "https://schema.org/", "a prefix that all know keeps its meaning"
    assert compact(f"{project.ids.edition('schema', '1')}#2.1", several.prefixes) == "schema-1:2.1"
