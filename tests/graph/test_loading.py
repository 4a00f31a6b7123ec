"""Files are loaded as the command line reads them, and advice names what Python has."""

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import ParseError, ProjectError, UnknownName, UsageError
from isoc_kg.query import IRI
from isoc_kg.rdf.files import RdfFile, read_files

from material import ROOT

ALL = "SELECT ?s { ?s <http://e/p> ?o }"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files with relative IRIs, in a folder and in an archive."""
    (tmp_path / "data").mkdir()
    for name, text in (("a.ttl", '<#a> <http://e/p> "x" .'), ("b.nt", '<http://e/b> <http://e/p> "1.10" .')):
        (tmp_path / "data" / name).write_text(text)
        with zipfile.ZipFile(tmp_path / "data.zip", "a") as archive:
            archive.writestr(name, text)
    (tmp_path / "plain.txt").write_text("<http://e/c> <http://e/p> <http://e/d> .")
    (tmp_path / "remote.jsonld").write_text('{"@context": "http://c/", "@id": "http://e/a", "p": "x"}')
    (tmp_path / "context.json").write_text('{"@context": {"@vocab": "http://e/"}}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("source", ["data", "data.zip", ["data"], ["data/a.ttl", "data/b.nt"]])
def test_folders_and_archives(source: str | list[str], folder: Path) -> None:
    """All RDF files in them, relative to the base."""
    kg = KnowledgeGraph.load(source, base="http://b/")
    assert [str(row["s"]) for row in kg.select(ALL)] == ["http://b/#a", "http://e/b"]
    assert len(kg.lines) == 2


def test_formats_and_contexts(folder: Path) -> None:
    """By name of the format, and by copies."""
    assert len(KnowledgeGraph.load("plain.txt", format="nt").lines) == 1
    kg = KnowledgeGraph.load(folder / "remote.jsonld", contexts={"http://c/": "context.json"})
    assert len(kg.select(ALL)) == 1


def test_advice_is_for_python(folder: Path) -> None:
    """Beside the options of the command line."""
    with pytest.raises(ParseError, match="in Python base="):
        KnowledgeGraph.load("data")
    with pytest.raises(ParseError, match="in Python contexts="):
        KnowledgeGraph.load("remote.jsonld")
    (folder / "what.ever").write_bytes(b"\x00")
    with pytest.raises(UnknownName, match="in Python format="):
        KnowledgeGraph.load("what.ever")
    (folder / "empty").mkdir()
    with pytest.raises(ProjectError):
        KnowledgeGraph.load("empty")
    (folder / "kg.toml").write_text("")
    with pytest.raises(UsageError, match="this is a project"):
        KnowledgeGraph.load(folder, base="http://b/")


def test_a_project_is_named_apart(folder: Path) -> None:
    """What is named as a project is none of RDF files, and is read."""
    with pytest.raises(ProjectError):
        KnowledgeGraph.load(project=folder / "data")
    assert KnowledgeGraph.load(project=ROOT).lines == KnowledgeGraph.load(ROOT).lines
    assert KnowledgeGraph.load(project=ROOT / "out").lines == KnowledgeGraph.load(ROOT / "out").lines


def test_shapes_of_files(folder: Path) -> None:
    """Where there is no project they are asked for; those that are named count."""
    (folder / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> sh:targetSubjectsOf <http://e/p> ; "
        "sh:property [ sh:path <http://e/q> ; sh:minCount 1 ] ."
    )
    kg = KnowledgeGraph.load("data/b.nt")
    with pytest.raises(UsageError, match="shapes are required"):
        kg.validate()
    assert not kg.validate("s.ttl").conforms
    assert len(kg.validate([folder / "s.ttl"]).results) == 1


def test_files_are_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was loaded stays, whatever becomes of the files or of the current folder."""
    text = (
        '@prefix : <http://e/> . :a :p "x"@en-GB, 1.10 . :g { :a :p "x"@en-GB, _:b, <<( :a :p "01"^^:t )>> } '
        ':h { :a :p 1.10, "1"^^<http://www.w3.org/2001/XMLSchema#byte> . _:b :p _:g } _:g { :a :p :c }'
    )
    (folder / "once.trig").write_text(text)
    expected = read_files([RdfFile(folder / "once.trig")])[0]
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "once.trig").write_text("<http://e/other> <http://e/p> 1 .")
    kg = KnowledgeGraph.load("once.trig")
    monkeypatch.chdir("elsewhere")
    assert kg.lines == expected
    kg = KnowledgeGraph.load("../once.trig")
    (folder / "once.trig").write_text("<http://e/other> <http://e/p> 2 .")
    assert kg.lines == expected
    kg = KnowledgeGraph.load("../data/b.nt")
    (folder / "data" / "b.nt").unlink()
    assert kg.export(format="nt") == '<http://e/b> <http://e/p> "1.10" .\n'
    assert "http://e/b" in kg


@pytest.mark.parametrize(
    "what", [b"data/b.nt", "", " ", [], [""], 5, [5], {"data/b.nt": 1}, io.StringIO("data/b.nt"), rdflib.Graph()]
)
def test_what_names_no_file(what: Any, folder: Path) -> None:
    """It is refused, not taken for the current folder; paths may come in any way, and once."""
    with pytest.raises(UsageError, match="no file"):
        KnowledgeGraph.load(what)
    kg = KnowledgeGraph.load(name for name in ("data/b.nt",))
    with pytest.raises(UsageError, match="no file"):
        kg.validate(what)
    with pytest.raises(UsageError, match="no file"):
        kg.export(what if isinstance(what, (bytes, int)) else "")


def test_parameters_of_any_name(folder: Path) -> None:
    """As a mapping or by keywords, to each kind of query; a thing is described by its IRI as it is written."""
    kg = KnowledgeGraph.load("data/b.nt")
    thing = IRI("http://e/b")
    for query in ("ASK { ?query <http://e/p> ?given }", "ASK { ?self <http://e/p> ?parameters }"):
        for name in set(re.findall(r"\?(\w+)", query)) - {"given", "parameters"}:
            assert kg.ask(query, **{name: thing})
            with pytest.warns(UserWarning, match="no statement names"):
                assert not kg.ask(query, {name: IRI("http://e/other")})
    assert kg.ask("ASK { ?s ?p ?given }", given="1.10")
    assert len(kg.construct("CONSTRUCT WHERE { ?query ?p ?o }", query=thing).lines) == 1
    assert len(kg.describe("DESCRIBE ?query { ?query ?p ?o }", {"query": thing}).lines) == 1
    assert len(kg.why("SELECT ?parameters { ?s ?p ?parameters }", parameters="1.10")) == 1
    for text in ("<http://e/b>", "DESCRIBE<http://e/b>"):
        assert kg.describe(text).lines == kg.lines
    with pytest.raises(UsageError, match="a query is a text"):
        kg.ask(b"ASK {}")  # type: ignore[arg-type]


def test_parameters_of_the_short_form(folder: Path) -> None:
    """Of CONSTRUCT WHERE, whose pattern is its template."""
    kg = KnowledgeGraph.load("data", base="http://b/")
    for text in (
        "CONSTRUCT WHERE { ?s ?p ?o . ?s ?p ?q }", "PREFIX e: <http://e/> CONSTRUCT{?s e:p ?o}WHERE{?s ?p ?o}",
        "construct\nwhere{?s ?p ?o} LIMIT 1", "CONSTRUCT FROM <http://e/none> WHERE { ?s ?p ?o }",
    ):  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            found = kg.construct(text, s=IRI("http://e/b")).lines
        assert found == ([] if "FROM" in text else [b'<http://e/b> <http://e/p> "1.10" .\n'])


def test_things_of_any_scheme(folder: Path) -> None:
    """A thing is there by its IRI, written whole, whatever its scheme."""
    (folder / "a.nt").write_text("<x:a> <x:p> <tag:a,b:c> .")
    kg = KnowledgeGraph.load("a.nt")
    for name in ("<x:a>", ox.NamedNode("x:a"), IRI("x:a"), kg["<x:a>"]):
        assert name in kg
        assert kg[name].iri == "x:a"  # type: ignore[index]
    assert ox.NamedNode("x:b") not in kg


def test_results_are_the_callers(folder: Path) -> None:
    """What is done to them changes no later answer."""
    kg = KnowledgeGraph.load(ROOT)
    for found in (lambda: kg.lines, lambda: kg.labels, lambda: kg.queries):
        number = len(found())  # type: ignore[arg-type]
        found().clear()  # type: ignore[attr-defined]
        assert len(found()) == number > 0  # type: ignore[arg-type]
    kg.labels[kg.find("MANRS")].clear()
    kg.names_of([kg.find("MANRS")])[kg.find("MANRS")].clear()
    assert kg["MANRS"].label
