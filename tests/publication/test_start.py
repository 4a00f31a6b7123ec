"""A new project: it builds at once, says nothing about anything else, and is begun once."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.cli.build import build
from isoc_kg.cli.evidence.coverage import coverage
from isoc_kg.errors import IsocKgError, OutputError, ParseError, UsageError
from isoc_kg.project import Project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.start import NewProject, copy_example, start_project
from isoc_kg.site import publish_project

BASE = "https://example.org/piers/"
TEXT = "The pier\n\nThe pier was built in 1820. It has two arms.\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A document."""
    path = tmp_path / "The Pier's Guide.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def begun(target: Path, title: str = "Piers", base: str = BASE, **more: object) -> Project:
    project, written = start_project(target, NewProject(title, base, **more))  # type: ignore[arg-type]
    assert written
    return project


def test_a_new_project_builds(tmp_path: Path, text: Path) -> None:
    """Nothing is stated, everything conforms, and the documents are indexed, one that is named twice once."""
    other = tmp_path / "minutes.md"
    other.write_text("# Minutes\n\nThe *arms* were mended.\n", encoding="utf-8")
    project = begun(tmp_path / "new", documents=(text, other, text))
    assert [document.slug for document in project.documents] == ["the-pier-s-guide", "minutes"]
    assert [document.title for document in project.documents][1] == "Minutes"
    assert f"@prefix s2: <{BASE}document/minutes/1#>" in project.facts_files[0].read_text(encoding="utf-8")
    built = build_publication(project)
    assert built.gate.data.conforms
    assert (built.things, len(built.dataset.claims)) == (0, 0)
    assert built.dataset.findings == []
    assert not [name for name, _ in built.dataset.labels.items() if "bakery" in name]


@pytest.mark.parametrize(
    ("language", "title"), [("de-AT", "Alle Einträge"), ("en", "All things"), ("ar", "All things")]
)
def test_language_of_the_first_question(tmp_path: Path, language: str, title: str) -> None:
    """It is that of the project where pages have texts in it, else English."""
    begun(tmp_path / "new", language=language)
    question = (tmp_path / "new/queries/things.rq").read_text(encoding="utf-8")
    assert question.startswith(f"# title: {title}\n# description: ")
    assert ("SELECT ?Eintrag ?Name ?Art WHERE" in question) == (language == "de-AT")
    assert ("SELECT ?thing ?name ?kind WHERE" in question) == (language != "de-AT")


def test_two_builds_are_the_same(tmp_path: Path) -> None:
    """Also of what the starter's shapes say with a blank node."""
    project = begun(tmp_path / "new")
    for name in ("one", "other"):
        build_publication(project, tmp_path / name)
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.*")} for name in ("one", "other"))
    assert b"sh:inversePath rdf:subject" in one["shapes.ttl"]
    assert one == other


def test_without_documents(tmp_path: Path) -> None:
    project = begun(tmp_path / "new")
    assert build_dataset(project).findings == []
    assert build_publication(project).gate.data.conforms


def test_a_new_project_has_no_statements(tmp_path: Path) -> None:
    """Its pages count facts: none yet, however large ontology and shapes are."""
    project = begun(tmp_path / "new")
    publish_project(project, tmp_path / "site")
    for name in ("index.html", "about.html"):
        page = (tmp_path / "site" / name).read_text(encoding="utf-8")
        assert "statements</li>" not in page
        assert "<b>0</b>" not in page


def test_what_only_names_rest_on_is_said(tmp_path: Path, text: Path) -> None:
    """A unit with a name and a kind alone is not covered; its line in the build and in the list of units says why."""
    project = begun(tmp_path / "new", documents=(text,))
    (facts,) = project.facts_files
    name = 'id:pier a schema:Place {| ev:impliedBy s:2.1 |} ; schema:name "pier"@en {| ev:supportedBy s:2.1 |} .'
    facts.write_text(f"{facts.read_text(encoding='utf-8')}\n{name}\n", encoding="utf-8")
    built = CliRunner().invoke(build, ["--project", str(project.root)])
    assert "0.0% of 2 units of the-pier-s-guide, edition 1; 1 have only names, kinds and definitions" in built.output
    listed = CliRunner().invoke(coverage, ["--project", str(project.root)])
    assert "NAMES ONLY" in listed.output
    assert "NOT COVERED" in listed.output


def test_a_thing_needs_a_name(tmp_path: Path, text: Path) -> None:
    """The shape of each new project; a pattern's characters in the base mean themselves."""
    project = begun(tmp_path / "new", base="https://example.org/piers.(a)/", documents=(text,))
    (facts,) = project.facts_files
    head = facts.read_text(encoding="utf-8")
    facts.write_text(head + "\nid:pier a schema:Place {| ev:impliedBy s:2.1 |} .\n", encoding="utf-8")
    with pytest.raises(IsocKgError) as caught:
        build_publication(project)
    assert any("Give the thing a name" in text for text in (*caught.value.details, str(caught.value)))
    name = 'id:pier a schema:Place {| ev:impliedBy s:2.1 |} ; schema:name "pier"@en {| ev:supportedBy s:2.1 |} .'
    facts.write_text(f"{head}\n{name}\n", encoding="utf-8")
    assert build_publication(project).things == 1


def test_the_commented_examples_are_turtle(tmp_path: Path, text: Path) -> None:
    """Whoever takes the marks away has facts and terms that the build accepts."""
    project = begun(tmp_path / "new", documents=(text,))
    for path in (project.facts_files[0], project.ontology_files[-1]):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text(
            "\n".join(line.removeprefix("#") if line.startswith("#   ") else line for line in lines).replace(
                "its name", "pier"
            )
        )
    built = build_publication(project)
    assert built.things == 1
    assert build_dataset(project).labels[f"{BASE}id/its-name"] == ["pier"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip), st.text(max_size=30))
def test_any_title(tmp_path_factory: pytest.TempPathFactory, title: str, creator: str) -> None:
    """A title is written as it is into TOML, Turtle and Markdown; what cannot be is refused."""
    folder = tmp_path_factory.mktemp("titles") / "new"
    try:
        project = begun(folder, title, creator=creator)
    except UsageError:
        assert not title.isprintable() or (creator and not (creator.isprintable() and creator.strip()))
        assert not folder.exists()
        return
    assert project.title == title
    (ontology,) = [path for path in project.ontology_files if path.is_relative_to(project.root)]
    quads = list(ox.parse(ontology.read_bytes(), ox.RdfFormat.TURTLE))
    assert any(isinstance(quad.object, ox.Literal) and quad.object.value == title for quad in quads)
    for path in [*project.facts_files, *project.shapes_files]:
        list(ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("title", "name", "prefix"),
    [
        ("Harbour", "harbour", "harbour"),
        ("The Old Harbour", "the-old-harbour", "own"),
        ("Łódź", "lodz", "lodz"),
        ("Straße", "strasse", "strasse"),
        ("港", "new", "new"),  # after its folder
        ("Schema", "schema", "own"),
        ("s2", "s2", "own"),
        ("1820", "1820", "own"),
        ("x" * 300, "x" * 50, "x" * 50),
    ],
)
def test_names(tmp_path: Path, title: str, name: str, prefix: str) -> None:
    """The files are named by the title; no prefix is taken from somebody else."""
    project = begun(tmp_path / "new", title)
    assert project.name == name
    assert dict(project.own_prefixes) == {prefix: f"{BASE}ontology#"}


@pytest.mark.parametrize(
    ("settings_", "said"),
    [
        ({"base": "https://example.org/x"}, "ends in a slash"),
        ({"base": "example.org/"}, "must be an http"),
        ({"language": "English!"}, "language tag"),
        ({"licence": "CC BY 4.0"}, "must be an IRI"),
        ({"title": "a\x1bb"}, "control character"),
        ({"title": "a\ud800b"}, "cannot be written"),
        ({"title": "  "}, "a text in quotes"),
    ],
)
def test_what_no_project_can_have(tmp_path: Path, settings_: dict[str, str], said: str) -> None:
    """It is said without a place in a file that nobody has, and nothing is left."""
    with pytest.raises(UsageError) as caught:
        begun(tmp_path / "new", **settings_)
    assert said in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_is_no_text(tmp_path: Path) -> None:
    """The message names the user's file."""
    for content in (b"", b"\xff\xfe\x00", b"PK\x03\x04 nothing"):
        (tmp_path / "bad.txt").write_bytes(content)
        with pytest.raises(ParseError) as caught:
            begun(tmp_path / "new", documents=(tmp_path / "bad.txt",))
        assert caught.value.file == tmp_path / "bad.txt"
        assert [path.name for path in tmp_path.iterdir()] == ["bad.txt"]


def test_begun_twice(tmp_path: Path, text: Path) -> None:
    """The same again changes nothing, whatever has been written since; other settings are refused."""
    new = NewProject("Piers", BASE, documents=(text,))
    project, _ = start_project(tmp_path / "new", new)
    facts = project.facts_files[0]
    facts.write_text("# mine\n", encoding="utf-8")
    assert start_project(tmp_path / "new", new)[1] is False
    assert facts.read_text(encoding="utf-8") == "# mine\n"
    other = tmp_path / "other.txt"
    other.write_text("Another text.", encoding="utf-8")
    for different, said in (
        (NewProject("Piers", "https://example.org/other/"), "another base"),
        (NewProject("Piers", BASE, "de"), "another language"),
        (NewProject("Piers", BASE, creator="Somebody"), "another creator"),
        (NewProject("Piers", BASE, documents=(other,)), "not among its documents"),
    ):
        with pytest.raises(OutputError, match=said):
            start_project(tmp_path / "new", different)
    assert copy_example(tmp_path / "bakery", "bakery")[1] is True
    assert copy_example(tmp_path / "bakery", "bakery")[1] is False
    with pytest.raises(OutputError):
        copy_example(tmp_path / "new", "bakery")


def test_in_a_folder_with_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(OutputError):
        begun(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_init(cli: Callable[..., object], tmp_path: Path, text: Path) -> None:
    """The command line names what is missing; every command has something sensible to say of the new project."""
    assert "--title and --base are required" in cli("init", "new", code=2).stderr  # type: ignore[attr-defined]
    assert "--base is required;" in cli("init", "new", "--title", "A", code=2).stderr  # type: ignore[attr-defined]
    assert "bakery" in cli("init", "new", "--example", "cheese", code=2).stderr  # type: ignore[attr-defined]
    cli("init", "new", "--example", "bakery", "--title", "A", code=2)
    cli("init", "new", "--title", "Piers", "--base", BASE, "--document", text)
    for command in (
        ("build",), ("validate",), ("evidence", "check", "--strict"), ("evidence", "coverage"),
        ("evidence", "conflicts"), ("evidence", "confirm"), ("evidence", "show", "--uncovered"),
        ("query", "--name", "things"), ("publish", "-o", "site"),
        ("export", "--format", "jsonld"), ("diff", "out", "out"),
    ):  # fmt: skip
        done = cli(*command, cwd=tmp_path / "new")
        assert "None" not in done.stdout + done.stderr, command  # type: ignore[attr-defined]
