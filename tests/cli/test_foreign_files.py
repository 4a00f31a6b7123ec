"""Commands that are given files of no project work on exactly those."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from endpoint.answering import answering_queries
from isoc_kg.cli import cli, main
from isoc_kg.errors import DataWarning

TEA = """@prefix tea: <http://tea.example/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
tea:mint a skos:Concept ; skos:notation "1" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<http://tea.example/Shape> a sh:NodeShape ; sh:targetClass skos:Concept, owl:Class ;
  sh:property [ sh:path skos:notation ; sh:minCount 1 ] .
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a project."""
    (tmp_path / "tea.ttl").write_text(TEA)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """A command."""
    return CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_the_shipped_ontology_is_no_data(engine: str) -> None:
    """Its classes would be without a notation."""
    result = run("validate", "--engine", engine, "--shapes", "shapes.ttl", "tea.ttl")
    assert result.exit_code == 0, result.output
    assert "isoc" not in result.output


def test_no_shapes_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """Without shapes there is nothing to hold files against."""
    with pytest.raises(SystemExit) as stopped:
        main(["validate", "tea.ttl"])
    assert stopped.value.code == 2
    assert "--shapes" in capsys.readouterr().err


def test_prefixes_are_those_of_the_files() -> None:
    """In what is written, and in queries."""
    assert "isoc" not in run("export", "tea.ttl", "--format", "jsonld").output
    assert (
        "tea:mint" in run("query", "--data", "tea.ttl", "SELECT ?x { ?x a skos:Concept FILTER(?x = tea:mint) }").output
    )
    result = run("query", "--data", "tea.ttl", "SELECT * { ?s a id:thing }")
    assert result.exception
    assert "id:" in str(result.exception)


def test_skolem_iris_are_not_ours(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Whoever makes IRIs names the address that they begin with."""
    (folder / "blank.ttl").write_text("<http://tea.example/a> <http://tea.example/b> [] .")
    with pytest.raises(SystemExit) as stopped:
        main(["load", "blank.ttl", "--to", "generic", "--endpoint", "http://127.0.0.1:9/", "--skolemize", "--dry-run"])
    assert stopped.value.code == 2
    assert "--base" in capsys.readouterr().err


def test_spellings_of_schema_org(folder: Path) -> None:
    """An empty answer says that the data spell schema.org otherwise."""
    (folder / "shop.ttl").write_text("<http://e/a> <http://schema.org/name> 'a' .")
    result = run("query", "--data", "shop.ttl", "SELECT * { ?s schema:name ?n }")
    assert "the data say http://schema.org/" in result.stderr
    assert not run("query", "--data", "shop.ttl", "SELECT * { ?s <http://schema.org/name> ?n }").stderr


def test_a_context_alone(folder: Path) -> None:
    """It is JSON-LD without statements, which is said."""
    (folder / "context.jsonld").write_text('{"@context": {"name": "http://schema.org/name"}}')
    with pytest.warns(DataWarning, match="no statements"):
        assert run("export", "context.jsonld", "--format", "nt").exit_code == 0


def test_a_report_has_no_address_of_ours(folder: Path) -> None:
    """Report and results are blank nodes."""
    (folder / "none.ttl").write_text(TEA.replace('; skos:notation "1"', ""))
    result = run("validate", "--shapes", "shapes.ttl", "none.ttl", "--format", "ttl")
    assert result.exit_code == 1
    assert "sh:ValidationReport" in result.stdout
    assert "sh:MinCountConstraintComponent" in result.stdout
    assert "invalid/" not in result.stdout


METACLASS = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e/C> a <http://e/M> . <http://e/M> rdfs:subClassOf rdfs:Class ."""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("owl.ttl", "<http://e/C> a <http://www.w3.org/2002/07/owl#Class> .", "--ontology owl.ttl"),
        ("classes.ttl", "<http://e/C> a <http://www.w3.org/2000/01/rdf-schema#Class> .", "--ontology classes.ttl"),
        ("self.ttl", METACLASS, "no SHACL shape in self.ttl"),
        ("tea.ttl", TEA, "it seems to be data"),
        ("empty.ttl", "", "The shapes graph is empty"),
    ],
)  # fmt: skip
def test_what_is_no_shapes_graph(
    name: str, text: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named by --shapes, it is named, with what to do."""
    (folder / name).write_text(text)
    with pytest.raises(SystemExit) as stopped:
        main(["validate", "tea.ttl", "--shapes", name])
    assert stopped.value.code == 3
    assert message in capsys.readouterr().err


def test_shapes_in_place_of_data() -> None:
    """They conform, as what no shape is about does; a note says that they are shapes."""
    result = run("validate", "shapes.ttl", "--shapes", "shapes.ttl")
    assert "the data are shapes" in result.stdout
    assert "the data are shapes" not in run("validate", "tea.ttl", "--shapes", "shapes.ttl").stdout


POT = """@prefix : <http://tea.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Pot a :Thing ; rdfs:label "Pot"@en ; :size "1"^^xsd:byte ; :has [ :part [ :of ( :Lid :Ear ) ] ; :note "a\\nb" ] .
:Table :carries [ :set ( :Cup :Pot ) ] ; :near :Pot . _:a :made :Pot . _:b :next _:b . :Pot :loop _:b .
:Lid rdfs:label "lid" .
"""


def test_a_description(folder: Path) -> None:
    """Both directions, blank nodes in brackets, lists in order, the prefixes of the file."""
    (folder / "pot.ttl").write_text(POT)
    result = run("describe", "--data", "pot.ttl", ":Pot")
    assert result.exit_code == 0, result.output
    text = result.stdout
    assert text.startswith("Pot\nhttp://tea.example/Pot\n  a :Thing\n")
    assert '  :has [\n    :note "a\\nb"\n    :part [\n      :of ( :Lid :Ear )\n    ]\n  ]\n' in text
    assert '  :size "1"^^xsd:byte\n' in text
    assert "links here (3):" in text
    assert "    :Table – :near\n" in text
    assert "    :Table / :carries / :set / rdf:rest / rdf:first\n" in text.replace(
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"
    ).replace("rest>", "rest").replace("first>", "first")
    assert "    [] / :made\n" in text
    for name in ("Pot", "pot", "http://tea.example/Pot", "<http://tea.example/Pot>"):
        assert run("describe", "--data", "pot.ttl", name).stdout == text
    assert "links here (1)" in run("describe", "--data", "pot.ttl", "Cup").stdout
    assert " :of " in run("describe", "--data", "pot.ttl", "Pot", "--format", "ttl").stdout
    assert run("describe", "--data", "pot.ttl", "Kettle").exception


def test_what_ends_alike(folder: Path) -> None:
    """A local name of several things is none of them."""
    (folder / "two.ttl").write_text("<http://a/x> <http://a/p> <http://b/x> .")
    assert "<http://a/x> or <http://b/x>" in str(run("describe", "--data", "two.ttl", "x").exception)


def test_the_prefixes_of_a_context(folder: Path) -> None:
    """They are the file's prefixes: in queries, descriptions and what is written."""
    (folder / "cat.jsonld").write_text(
        """{"@context": [{"t": "http://tea.example/", "of": "http://other.example/of", "x": {"@id": "http://x.example/a",
        "@prefix": true}}], "@id": "t:a", "t:b": {"@id": "x:c"}}"""
    )
    result = run("query", "--data", "cat.jsonld", "SELECT ?o { t:a t:b ?o }", "--format", "csv")
    assert result.stdout.splitlines() == ["o", "http://x.example/ac"]
    assert "  t:b x:c\n" in run("describe", "--data", "cat.jsonld", "t:a").stdout
    written = run("export", "cat.jsonld").stdout
    assert "@prefix t: <http://tea.example/> ." in written
    assert "of:" not in written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["validate", "--data", "tea.ttl"], "isoc-kg validate FILE"),
        (["export", "--data", "tea.ttl"], "isoc-kg export FILE"),
        (["query", "SELECT * { ?s ?p ?o }", "tea.ttl"], "--data FILE"),
        (["describe", "Mint", "tea.ttl"], "--data FILE"),
        (["describe", "tea.ttl"], "describe --data tea.ttl THING"),
        (["export", "tea.ttl", "-o", "tea.xyz"], "--format ttl"),
    ],
)
def test_files_named_otherwise(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message has the way in which the command takes them."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_a_description_from_a_store(folder: Path) -> None:
    """Of a thing without claims all is said that the store has."""
    store = ox.Store()
    store.load(POT.encode(), ox.RdfFormat.TURTLE)
    with answering_queries(store) as url:
        text = run("describe", "--endpoint", url, "http://tea.example/Pot").stdout
    assert '  <http://tea.example/size> "1"^^xsd:' in text
    assert "    <http://tea.example/Table> – <http://tea.example/near>\n" in text
    assert "    [] / <http://tea.example/made>\n" in text
