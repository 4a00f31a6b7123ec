"""Shapes as others publish them: taken as they are, what is wrong with them named, and left out where that is asked."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.limits import Limits
from isoc_kg.validation import DataGraph, ShapesGraph, validate, validate_graphs
from isoc_kg.validation.report import Report, Result

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""  # noqa: E501
SHAPE = "e:s a sh:NodeShape ; sh:targetClass e:C ; "
Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return written


def of(validation_shapes: Path, data: Path, **options: bool) -> tuple[list[tuple[str, str]], list[str]]:
    """What is said of the shapes, and the components of the results."""
    made = validate_graphs([(DataGraph(data), ShapesGraph([validation_shapes], Limits()))], **options)  # type: ignore[arg-type]
    components = [r.component.rpartition("#")[2][:-19] for report in made.reports for r in report.results]
    return [(finding.severity, finding.message) for finding in made.findings], components


def test_unknown_terms_are_warnings(write: Write) -> None:
    """A term that SHACL lacks is one warning however often it is there; its namespace, and imports of it, are none."""
    text = f"e:o a owl:Ontology ; owl:imports sh: . {SHAPE} sh:minCont 1 ; sh:MinCount 2, 3 ; sh:nodeKind sh:Literal ."
    findings, components = of(write("s.ttl", text), write("d.ttl", "e:a a e:C ."))
    assert sorted(findings) == [
        ("warning", "sh:MinCount is not a term of SHACL and is ignored."),
        ("warning", "sh:minCont is not a term of SHACL and is ignored."),
    ]
    assert components == ["NodeKind"]


@pytest.mark.parametrize(
    ("shapes", "named", "left"),
    [
        ("sh:property e:gone , [ sh:path e:p ; sh:minCount 1 ]", "e/gone> has no sh:path", ["MinCount"]),
        ("sh:class e:D ; sh:property [ sh:path e:p ; sh:pattern 'a(?=b)' ]", "no looking ahead", ["Class"]),
        ("sh:class e:D ; sh:property [ sh:path e:q ; sh:minCount 1.5 ]", "whole number", ["Class"]),
        ("sh:class e:D ; sh:property [ sh:path e:q ; sh:in e:x ]", "not a well-formed shape", ["Class"]),
        ("sh:class e:D ; sh:property [ sh:path e:q ; sh:sparql [ sh:select 'SELECT $this WHERE { x:a ?b $this }' ] ]",
         "prefix", ["Class"]),
    ],
)  # fmt: skip
def test_ill_formed_shapes(shapes: str, named: str, left: list[str], write: Write) -> None:
    """They stop the validation, or, leniently, are left out by name; all other shapes are validated."""
    shapes_file = write("s.ttl", f"{SHAPE} {shapes} .")
    data = write("d.ttl", 'e:a a e:C ; e:q "x" .')
    findings, components = of(shapes_file, data, lenient=True)
    assert [severity for severity, message in findings if named in message] == ["warning"]
    assert all("is left out" in message for severity, message in findings if named in message)
    assert components == left
    if named != "prefix":  # queries are otherwise read where they are run
        findings, components = of(shapes_file, data)
        assert [severity for severity, message in findings if named in message] == ["error"]
        assert components == []


def test_what_needs_an_ill_formed_shape_goes_with_it(write: Write) -> None:
    """A negation of a shape that is left out would find all nodes wrong."""
    text = f"{SHAPE} sh:not e:t . e:t sh:minLength 'x' . e:u sh:targetClass e:C ; sh:nodeKind sh:Literal ."
    _, components = of(write("s.ttl", text), write("d.ttl", "e:a a e:C ."), lenient=True)
    assert components == ["NodeKind"]


def test_advanced_features(write: Write, cli: Run) -> None:
    """A rule is named and not acted on, but with `--advanced`."""
    rule = "[ a sh:TripleRule ; sh:subject sh:this ; sh:predicate e:checked ; sh:object true ]"
    shapes = write("s.ttl", f"{SHAPE} sh:rule {rule} ; sh:property [ sh:path e:checked ; sh:minCount 1 ] .")
    data = write("d.ttl", "e:a a e:C .")
    done = cli("validate", data, "--shapes", shapes, code=1)
    assert "sh:rule is a term of SHACL Advanced Features" in done.stderr
    done = cli("validate", data, "--shapes", shapes, "--advanced")
    assert done.stdout.startswith("conforms")
    assert "Advanced Features" not in done.stderr
    cli("validate", data, "--shapes", shapes, "--advanced", "--engine", "shacl", code=2)


def test_classes_of_owl(write: Write) -> None:
    """A shape that is an `owl:Class` has no focus nodes unless the shapes say what that is, and a warning says so."""
    text = "e:C a owl:Class , sh:NodeShape ; sh:nodeKind sh:Literal . e:t sh:targetClass e:X ; sh:nodeKind sh:IRI ."
    data = write("d.ttl", "e:a a e:C .")
    findings, components = of(write("s.ttl", text), data)
    assert [severity for severity, message in findings if "owl:Class" in message] == ["warning"]
    assert components == []
    findings, components = of(write("s.ttl", text + " owl:Class rdfs:subClassOf rdfs:Class ."), data)
    assert (findings, components) == ([], ["NodeKind"])


def test_imports_and_ontologies(write: Write, cli: Run) -> None:
    """Imports are followed to files that are named; an ontology adds subclasses and no focus nodes."""
    more = write("more.ttl", "e:t a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal .")
    own = "e:o owl:imports <http://e/more> , <http://e/else> ."
    shapes = write("s.ttl", f"{SHAPE} sh:class e:D . {own} e:u sh:targetClass owl:Class ; sh:nodeKind sh:Literal .")
    ontology = write("o.ttl", "e:Sub rdfs:subClassOf e:C ; a owl:Class . e:k a e:C .")
    data = write("d.ttl", "e:a a e:Sub .")
    assert "conforms" in cli("validate", data, "--shapes", shapes).stdout
    options = ("--ontology", ontology, "--import", f"http://e/more={more}", "--format", "json")
    done = cli("validate", data, "--shapes", shapes, *options, code=1)
    results = json.loads(done.stdout)["results"]
    assert {r["focus_node"] for r in results} == {"<http://e/a>"}
    assert {r["shape"] for r in results} == {"http://e/s", "http://e/t"}
    assert "the import of http://e/else is not followed" in done.stderr
    assert "http://e/more is not" not in done.stderr
    importing = write("i.ttl", "e:a a e:Sub . e:o owl:imports <http://e/o#> .")
    cli("validate", importing, "--shapes", shapes, "--import", f"http://e/o={ontology}", code=1)
    cli("validate", data, "--shapes", shapes, "--import", "nothing", code=2)


def test_a_catalogue_in_the_project(write: Write, harbour: Path, cli: Run) -> None:
    """`[imports]` in kg.toml names files below it."""
    (harbour / "more.ttl").write_text(HEAD + SHAPE + "sh:nodeKind sh:Literal .", encoding="utf-8")
    with (harbour / "kg.toml").open("a", encoding="utf-8") as file:
        file.write('\n[imports]\n"http://e/more" = "more.ttl"\n')
    shapes = write("s.ttl", "e:o owl:imports <http://e/more> .")
    data = write("d.ttl", "e:a a e:C .")
    assert "nodeKind" in cli("validate", "--project", harbour, data, "--shapes", shapes, code=1).stdout
    text = (harbour / "kg.toml").read_text(encoding="utf-8")
    (harbour / "kg.toml").write_text(text.replace('"more.ttl"', '"../more.ttl"'), encoding="utf-8")
    assert "leads out of the project" in cli("validate", "--project", harbour, data, "--shapes", shapes, code=3).stderr


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
@pytest.mark.parametrize(("severity", "word"), [("sh:Warning", "warning"), ("sh:Info", "info"), ("e:Odd", "Odd")])
def test_no_result_conforms(engine: str, severity: str, word: str, write: Write, cli: Run) -> None:
    """`sh:conforms` is false with any result; violations alone decide the exit code."""
    shapes = write("s.ttl", f"{SHAPE} sh:severity {severity} ; sh:nodeKind sh:Literal .")
    data = write("d.ttl", "e:a a e:C .")
    options = (data, "--shapes", shapes, "--engine", engine)
    assert json.loads(cli("validate", *options, "--format", "json").stdout)["conforms"] is False
    assert 'conforms "false"' in cli("validate", *options, "--format", "ttl").stdout.replace("sh:", "")
    assert cli("validate", *options).stdout.startswith(f"does not conform: 1 {word}, no violation")


def test_reports_of_no_result() -> None:
    """Only an empty report conforms."""
    result = Result("<http://e/a>", None, None, "e:c", "e:s", None, "")
    assert Report((), "shacl").conforms
    assert not Report((result,), "shacl").conforms


def test_an_engine_that_cannot_read_a_query_is_replaced() -> None:
    """`auto` goes on with the engine of this package, and says so."""
    shapes = (
        b"<urn:s> <http://www.w3.org/ns/shacl#targetNode> <urn:a> .\n"
        b"<urn:s> <http://www.w3.org/ns/shacl#sparql> <urn:q> .\n"
        b'<urn:q> <http://www.w3.org/ns/shacl#select> "SELECT $this WHERE { $this ?p ?o . FILTER(?o IN (1, 2)) '
        b'FILTER(NOT EXISTS { $this <urn:x> 5 } && true) }" .\n'
    )
    data = b'<urn:a> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    assert len(validate([data], shapes).results) == 1


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_one_label_in_two_files(engine: str, write: Write, cli: Run) -> None:
    """It means two blank nodes, in shapes as in data."""
    first = write("a.ttl", "e:s sh:targetObjectsOf e:p ; sh:property _:x . _:x sh:path e:q ; sh:maxCount 1 .")
    second = write("b.ttl", "e:t sh:targetObjectsOf e:p ; sh:property _:x . _:x sh:path e:r ; sh:minCount 1 .")
    data = [write(f"{name}.ttl", f"e:{name} e:p _:n . _:n e:q '{name}' ; e:r 1 .") for name in ("one", "two")]
    done = cli("validate", *data, "--shapes", first, "--shapes", second, "--engine", engine)
    assert done.stdout.startswith("conforms")


@pytest.mark.parametrize("more", [(), ("--lenient",)])
def test_what_shacl_shacl_finds_has_a_place(more: tuple[str, ...], cli: Run, tmp_path: Path) -> None:
    """Of two values where one may stand, the last: file and line, and no label that nobody wrote."""
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
    shapes.write_text(
        f"{prefixes}e:s a sh:NodeShape ; sh:targetClass e:C ;\nsh:property [ sh:path e:q ;\nsh:datatype e:a ;\n"
        "sh:datatype e:b ;\nsh:minCount 1 ] .",
        encoding="utf-8",
    )
    data.write_text("<http://e/x> a <http://e/C> .", encoding="utf-8")
    done = cli("validate", data, "--shapes", shapes, *more, code=0 if more else 3)
    assert "s.ttl:5: a shape without a name is not a well-formed shape" in done.stderr
    assert "_:" not in done.stderr


@pytest.mark.parametrize(("spelling", "hinted"), [("http", True), ("https", False)])
@pytest.mark.parametrize("name", ["d.nt", "d.ttl"])
def test_the_other_spelling_of_schema_org(spelling: str, hinted: bool, name: str, cli: Run, tmp_path: Path) -> None:
    """Shapes whose terms the data spell otherwise meet nothing, and a note says why."""
    shapes, data = tmp_path / "s.ttl", tmp_path / name
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . @prefix s: <https://schema.org/> .\n"
        "e:s a sh:NodeShape ; sh:targetClass s:Thing ; sh:property [ sh:path s:name ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    type_ = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    data.write_text(f"<http://e/x> <{type_}> <{spelling}://schema.org/Thing> .\n", encoding="utf-8")
    done = cli("validate", data, "--shapes", shapes, code=0 if hinted else 1)
    hint = "note: a shape says https://schema.org/, the data say http://schema.org/: these are different IRIs"
    assert (hint in done.stdout) is hinted


_QUERY = "sh:sparql [\nsh:select '''SELECT $this WHERE { $this x:p ?b }''' ]"
_OTHER = "e:t a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:IRI ."


@pytest.mark.parametrize("engine", ["auto", "shacl", "compiled", "pyshacl"])
@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ("", 'Add sh:prefixes beside the query, with an IRI that has sh:declare [ sh:prefix "x"'),
        (" e:o sh:declare [ sh:prefix 'x' ; sh:namespace 'http://e/' ] .", "Add sh:prefixes <http://e/o> beside"),
    ],
)
def test_prefixes_that_nothing_declares(engine: str, more: str, advice: str, write: Write, cli: Run) -> None:
    """One message in every engine: where the query is, what is missing, what to write, and what else may be done."""
    shapes = write("s.ttl", f"@prefix x: <http://e/> . {SHAPE}\n{_QUERY} .{more}")
    done = cli("validate", write("d.ttl", "e:a a e:C ; e:p 1 ."), "--shapes", shapes, "--engine", engine, code=3)
    line = shapes.read_text().splitlines().index("sh:select '''SELECT $this WHERE { $this x:p ?b }''' ]" + f" .{more}")
    assert f"s.ttl:{line + 1}: the query of http://e/s uses the prefix x:" in done.stderr
    assert advice in done.stderr
    assert "pyshacl by itself lends them" in done.stderr
    assert "or skip them: --lenient." in done.stderr
    assert "Error" not in done.stderr
    assert "Try" not in done.stderr


@pytest.mark.parametrize("engine", ["auto", "shacl", "compiled", "pyshacl"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT $this WHERE { $this a }", "is not valid SPARQL"),
        ("SELECT $this WHERE { $this ?p ?o MINUS { $this e:q 1 } }", "MINUS in the query"),
        ("SELECT $this WHERE { { SELECT ?o WHERE { ?s ?p ?o } } }", "Add $this to its SELECT"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "not a SELECT query"),
    ],
)
def test_queries_that_are_none(engine: str, query: str, message: str, write: Write, cli: Run) -> None:
    """They are named with their place by every engine, without a parser's lists, or left out."""
    declared = "e:o sh:declare [ sh:prefix 'e' ; sh:namespace 'http://e/' ] ."
    shapes = write("s.ttl", f"{declared} {SHAPE} sh:sparql [ sh:prefixes e:o ; sh:select '''{query}''' ] . {_OTHER}")
    data = write("d.ttl", "e:a a e:C .")
    done = cli("validate", data, "--shapes", shapes, "--engine", engine, code=3)
    assert message in done.stderr
    assert "s.ttl:3: " in done.stderr
    assert "expected" not in done.stderr
    done = cli("validate", data, "--shapes", shapes, "--engine", engine, "--lenient")
    assert done.stdout.startswith("conforms, 1 shape left out")


def test_what_is_left_out_stands_in_the_report(write: Write, cli: Run) -> None:
    """In each form of a report, with what needs it; a report of all shapes has none."""
    shapes = write("s.ttl", f"{SHAPE}\n{_QUERY} .\ne:n sh:targetClass e:C ; sh:not e:s . {_OTHER}")
    data = write("d.ttl", "e:a a e:C .")
    done = json.loads(cli("validate", data, "--shapes", shapes, "--lenient", "--format", "json").stdout)
    assert done["conforms"] is True
    assert {(one["shape"], one["line"]) for one in done["left_out"]} == {("http://e/s", 3), ("http://e/n", 6)}
    assert any("uses the prefix x:" in one["message"] for one in done["left_out"])
    text = cli("validate", data, "--shapes", shapes, "--lenient").stdout
    assert text.startswith("conforms, 2 shapes left out\n")
    assert "s.ttl:6: http://e/n is left out: it needs a shape that is left out." in text
    turtle = cli("validate", data, "--shapes", shapes, "--lenient", "--format", "ttl").stdout
    assert 'sh:conforms "true"' in turtle
    assert 'sh:shapesGraphWellFormed "false"' in turtle
    assert "http://e/s is left out" in turtle
    made = validate_graphs([(DataGraph(data), ShapesGraph([shapes], Limits()))], lenient=True)
    assert sorted(one.iri or "" for one in made.report.left_out) == ["http://e/n", "http://e/s"]
    other = cli("validate", data, "--shapes", write("t.ttl", _OTHER), "--lenient", "--format", "json").stdout
    assert json.loads(other)["left_out"] == []
