"""Projects of version 1: refused with what to do, rewritten once, and the same publication as before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.upgrade import upgrade_project, upgraded
from isoc_kg.errors import ParseError, ProjectError
from isoc_kg.project import load_project

OLD, NEW = "https://w3id.org/isoc-kg/ontology#", "https://w3id.org/isoc-kg/evidence#"
HEAD = f"@prefix isoc: <{OLD}> .\n"


def as_version_1(folder: Path) -> Path:
    """The project as version 1 wrote it."""
    for path in [*folder.rglob("*.ttl"), *folder.rglob("*.rq")]:
        text = path.read_text(encoding="utf-8").replace(f"@prefix ev: <{NEW}>", f"@prefix isoc: <{OLD}>")
        path.write_text(text.replace("ev:", "isoc:"), encoding="utf-8")
    return folder


def test_a_version_1_project_is_refused_then_rewritten(harbour: Path, cli: Callable[..., object]) -> None:
    """Build says what to do; after it the publication is the same; a second run changes nothing."""
    before = build_dataset(load_project(harbour)).lines
    as_version_1(harbour)
    with pytest.raises(ProjectError) as refused:
        build_dataset(load_project(harbour))
    assert refused.value.advice == f"Rewrite the project once: isoc-kg upgrade {harbour.resolve()}"
    done = cli("upgrade", harbour)
    assert "facts/harbour.ttl\n1 file changed" in done.stdout  # type: ignore[attr-defined]
    assert build_dataset(load_project(harbour)).lines == before
    assert list(upgrade_project(harbour)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("isoc:a isoc:b isoc:c .", "isoc:a isoc:b isoc:c ."),  # terms of the publication stay
        ("<a> isoc:gist 'isoc:gist' . # isoc:gist", "<a> ev:gist 'isoc:gist' . # isoc:gist"),
        (f"<a> <{OLD}impliedBy> <{OLD}implied> .", f"<a> <{NEW}impliedBy> <{OLD}implied> ."),
        ("<a> isoc:Units isoc:Unit-1 , isoc:Unit.", "<a> isoc:Units isoc:Unit-1 , ev:Unit."),
    ],
)
def test_turtle(old: str, new: str) -> None:
    """Strings, comments and other names stay; the prefix is declared where it is used."""
    declared = f"{HEAD}@prefix ev: <{NEW}> .\n" if "ev:" in new else HEAD
    assert upgraded(HEAD + old, ".ttl") == declared + new
    assert upgraded(declared + new, ".ttl") == declared + new


def test_an_ontology_that_says_where_the_terms_went_stays(harbour: Path) -> None:
    """The old IRIs with their successors are no mention of a version 1 project."""
    head = f"@prefix ev: <{NEW}> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n{HEAD}"
    moved = f"{head}isoc:Unit dcterms:isReplacedBy ev:Unit .\n"
    (harbour / "ontology" / "moved.ttl").write_text(moved, encoding="utf-8")
    assert list(upgrade_project(harbour)) == []
    (harbour / "ontology" / "moved.ttl").write_text(moved.replace("isReplacedBy", "relation"), encoding="utf-8")
    assert list(upgrade_project(harbour)) == [Path("ontology/moved.ttl")]


def test_another_prefix_for_the_old_namespace() -> None:
    """What counts is the namespace."""
    text = f"PREFIX i: <{OLD}>\nPREFIX isoc: <http://e/>\nSELECT * {{ ?c i:supportedBy|isoc:supportedBy ?u }}"
    assert upgraded(text, ".rq").endswith("{ ?c ev:supportedBy|isoc:supportedBy ?u }")


def test_queries_knew_the_prefix_undeclared() -> None:
    """`isoc:` was known to every query."""
    assert upgraded("SELECT * { ?c isoc:supportedBy ?u ; isoc:manages ?x }", ".rq") == (
        "SELECT * { ?c ev:supportedBy ?u ; isoc:manages ?x }"
    )


def test_a_context() -> None:
    """The JSON-LD context keeps its names; the prefix is added."""
    old = f'{{"@context": {{\n  "isoc": "{OLD}",\n  "gist": {{"@id": "isoc:gist"}},\n  "x": "isoc:manages"\n}}}}'
    assert upgraded(old, ".jsonld") == (
        f'{{"@context": {{\n  "isoc": "{OLD}",\n  "ev": "{NEW}",\n  "gist": {{"@id": "ev:gist"}},\n'
        '  "x": "isoc:manages"\n}}'
    )


@pytest.mark.parametrize("table", ["[prefixes]\n", ""])
def test_the_prefix_is_declared_where_it_is_used(harbour: Path, table: str) -> None:
    """Settings and queries that use `isoc:` get its declaration; comments stay."""
    settings = harbour / "kg.toml"
    text = settings.read_text(encoding="utf-8").partition("[schemes]")[0]
    settings.write_text(f"{text}{table}\n[schemes]  # sorted\n'isoc:Area' = 'areas'\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="prefix that is not known"):
        load_project(harbour)
    assert Path("kg.toml") in list(upgrade_project(harbour))
    assert load_project(harbour).own_prefixes["isoc"] == OLD
    assert "# sorted" in settings.read_text(encoding="utf-8")


def test_copies_of_shared_files_are_set_aside(harbour: Path) -> None:
    """A copy of version 1's evidence vocabulary would hide the new one."""
    copy = harbour / "ontology" / "evidence.ttl"
    copy.write_text(f"{HEAD}isoc:Unit a <http://www.w3.org/2002/07/owl#Class> .", encoding="utf-8")
    assert list(upgrade_project(harbour)) == [Path("ontology", "evidence.ttl.version-1")]
    assert not copy.exists()
    assert any(path.name == "evidence.ttl" and path != copy for path in load_project(harbour).ontology_files)


def test_shapes_of_version_1_stop_the_build(harbour: Path, cli: Callable[..., object]) -> None:
    """A shape for a term that moved would pass in silence."""
    shapes = harbour / "shapes" / "harbour-shapes.ttl"
    text = shapes.read_text(encoding="utf-8") + f"\n<urn:s> <http://www.w3.org/ns/shacl#targetClass> <{OLD}Unit> .\n"
    shapes.write_text(text, encoding="utf-8")
    done = cli("build", "--project", harbour, "-o", harbour / "out", code=1)
    assert "shapes name terms of evidence as version 1 did" in done.stderr  # type: ignore[attr-defined]
    assert list(upgrade_project(harbour)) == [Path("shapes", "harbour-shapes.ttl")]


@pytest.mark.parametrize("directory", [None, ".", "../harbour", "../link"])
def test_a_folder_named_in_any_way(harbour: Path, cli: Callable[..., object], directory: str | None) -> None:
    """Here, by a relative path or through a link: every file is rewritten in one run."""
    before = build_dataset(load_project(harbour)).lines
    as_version_1(harbour)
    (harbour / "queries").mkdir(exist_ok=True)
    (harbour / "queries" / "who.rq").write_text("SELECT * { ?c isoc:supportedBy ?u ; isoc:x ?y }", encoding="utf-8")
    (harbour.parent / "link").symlink_to(harbour, target_is_directory=True)
    done = cli("upgrade", *([directory] if directory else []), cwd=harbour)
    assert set(done.stdout.split()[:-3]) == {"kg.toml", "facts/harbour.ttl", "queries/who.rq"}  # type: ignore[attr-defined]
    assert build_dataset(load_project(harbour)).lines == before
    assert list(upgrade_project(harbour)) == []


def test_a_file_that_cannot_be_read_leaves_the_others(harbour: Path) -> None:
    """All files are rewritten or none."""
    as_version_1(harbour)
    before = (harbour / "facts" / "harbour.ttl").read_bytes()
    (harbour / "queries").mkdir(exist_ok=True)
    (harbour / "queries" / "latin.rq").write_bytes(b"# \xe9\nSELECT * { ?c isoc:supportedBy ?u }")
    with pytest.raises(ParseError, match="not UTF-8"):
        list(upgrade_project(harbour))
    assert (harbour / "facts" / "harbour.ttl").read_bytes() == before


EVENTS = "http://example.org/events#"


@pytest.mark.parametrize(
    "head",
    [
        f"@prefix ev: <{EVENTS}> .\n{HEAD}",
        f"{HEAD}@prefix ev: <{EVENTS}> .\n",
        f"PREFIX ev: <{EVENTS}>\n{HEAD}",
        f"@prefix ev: <{NEW}> .\n{HEAD}@prefix ev: <{EVENTS}> .\n",
    ],
)
def test_where_ev_means_something_else(head: str) -> None:
    """Terms of evidence are written as IRIs, in Turtle and in queries; what is there keeps its meaning."""
    new = upgraded(head + "<a> isoc:supportedBy <b> ; ev:gist <c> .", ".ttl")
    assert new == head + f"<a> <{NEW}supportedBy> <b> ; ev:gist <c> ."
    assert upgraded(new, ".ttl") == new
    query = f"PREFIX ev: <{EVENTS}>\nSELECT * {{ ?c isoc:supportedBy ?u ; ev:at ?x }}"
    assert upgraded(query, ".rq") == query.replace("isoc:supportedBy", f"<{NEW}supportedBy>")
    context = f'{{"@context": {{"isoc": "{OLD}", "ev": "{EVENTS}", "gist": "isoc:gist"}}}}'
    assert upgraded(context, ".jsonld") == context.replace('"isoc:gist"', f'"{NEW}gist"')


def test_where_the_project_gives_ev_another_meaning(harbour: Path) -> None:
    """Queries know the prefixes of kg.toml without a declaration."""
    query = harbour / "queries" / "x.rq"
    query.parent.mkdir(exist_ok=True)
    query.write_text("SELECT * { ?c isoc:supportedBy ?u ; ev:at ?x }", encoding="utf-8")
    toml = harbour / "kg.toml"
    text = toml.read_text(encoding="utf-8").replace("[prefixes]\n", f'[prefixes]\nev = "{EVENTS}"\n')
    toml.write_text(text, encoding="utf-8")
    assert Path("queries/x.rq") in list(upgrade_project(harbour))
    assert query.read_text(encoding="utf-8") == f"SELECT * {{ ?c <{NEW}supportedBy> ?u ; ev:at ?x }}"
    assert list(upgrade_project(harbour)) == []
