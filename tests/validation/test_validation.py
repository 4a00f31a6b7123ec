"""Validation: shapes that would check nothing are refused, hostile ones end, the W3C suite passes in both engines."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.errors import EngineError
from isoc_kg.limits import Limits
from isoc_kg.namespaces import RDF, SH
from isoc_kg.validation import check_by_shacl, check_shapes, validate
from isoc_kg.validation.literals import canonical_form, lint_literals

from material import SUITES, requires_suites

HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)


def nt(turtle: str) -> bytes:
    data = ox.serialize(ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


def findings(turtle: str) -> list[str]:
    quads = ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return [finding.message for finding in check_shapes((quad, Path("s.ttl"), 2) for quad in quads)]


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("", "no shape with a target"),
        (
            "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p . e:p sh:path e:q ; sh:maxCont 1 .",
            "sh:maxCont is not a term",
        ),
        ("e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p . e:p sh:minCount 1 .", "no sh:path"),
        ("e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p . e:p sh:path e:q, e:r .", "more than one sh:path"),
        ('e:s a sh:NodeShape ; sh:targetClass "http://e/C" .', "needs an IRI"),
        (
            'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p . e:p sh:path e:q ; sh:minCount "one" .',
            "whole number",
        ),
        ('e:s a sh:NodeShape ; sh:targetClass e:C ; sh:pattern "a(?!b)" .', "no looking ahead"),
        ('e:s a sh:NodeShape ; sh:targetClass e:C ; sh:pattern "a(b" .', "is not closed"),
        ('e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property "x" .', "needs a shape"),
    ],
)
def test_shapes_that_check_less_than_their_author_thinks(turtle: str, message: str) -> None:
    """What the fast engine would pass over in silence is found first."""
    assert any(message in found for found in findings(turtle))


def test_shacl_shacl_finds_what_is_not_well_formed() -> None:
    """SHACL-SHACL is asked too: a list that is none, two values where one may stand."""
    good = nt("e:s a sh:NodeShape ; sh:targetClass e:C ; sh:in ( 1 2 ) .")
    assert check_by_shacl(good) == []
    for bad in ("sh:in e:nothing", "sh:closed true , false", "sh:nodeKind sh:Class"):
        assert check_by_shacl(nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; {bad} ."))


@pytest.mark.parametrize("engine", ["auto", "shacl", "pyshacl", "compiled"])
def test_the_report(engine: str) -> None:
    """All engines give one report; only violations keep data from conforming; unmet shapes are listed."""
    shapes = nt(
        "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p , e:w .\n"
        'e:p sh:path e:q ; sh:minCount 1 ; sh:message "Give a q." .\n'
        "e:w sh:path e:r ; sh:maxCount 0 ; sh:severity sh:Warning .\n"
        "e:u a sh:NodeShape ; sh:targetClass e:Unmet ; sh:nodeKind sh:IRI ."
    )
    report = validate([nt("e:a a e:C . e:b a e:C ; e:q 1 ; e:r 2 .")], shapes, engine=engine)
    assert [(r.focus_node, r.path, r.severity.rpartition("#")[2], r.shape) for r in report.results] == [
        ("<http://e/a>", "<http://e/q>", "Violation", "http://e/p"),
        ("<http://e/b>", "<http://e/r>", "Warning", "http://e/w"),
    ]
    assert not report.conforms
    assert report.unmet == ("http://e/u",)
    text = report.to_text(lambda result: (Path("x.ttl"), 7) if result.focus_node == "<http://e/a>" else None)
    assert "x.ttl:7" in text
    assert "Give a q." in text
    assert '"conforms": false' in report.to_json()


def test_hostile_shapes_end_by_the_limit() -> None:
    """A constraint that never ends is stopped with its process."""
    shapes = nt(
        'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql e:q . e:q sh:select """SELECT $this WHERE { '
        '?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(CONCAT(STR(?a),STR(?d),STR(?g)) = "x") }""" .'
    )
    data = nt("e:x a e:C . " + " ".join(f"e:x{i} e:p e:x{i + 1} ." for i in range(300)))
    with pytest.raises(EngineError, match="stopped after 1 seconds"):
        validate([data], shapes, limits=Limits(validation_seconds=1))


def test_an_engine_that_fails_is_one_message() -> None:
    """What an engine cannot read is its error, with the way out."""
    with pytest.raises(EngineError, match="could not validate"):
        validate([b"not n-triples\n"], nt("e:s a sh:NodeShape ; sh:targetClass e:C ."), engine="shacl")


def test_foreign_files_by_command_line(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """File and line of the focus node, a capped list, exit codes 0, 1 and 3."""
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(
        HEAD + "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p . e:p sh:path e:q ; sh:minCount 1 .",
        encoding="utf-8",
    )
    data.write_text("@prefix e: <http://e/> .\n" + "".join(f"e:n{i} a e:C .\n" for i in range(30)), encoding="utf-8")
    for engine in ("auto", "shacl", "pyshacl", "compiled"):
        done = cli("validate", data, "--shapes", shapes, "--engine", engine, code=1)
        assert "30 violations" in done.stdout
        assert "d.ttl:2: <http://e/n0>" in done.stdout
        assert "… and 20 more" in done.stdout
    cli("validate", data, "--shapes", shapes, "--format", "json", code=1)
    assert "ValidationReport" in cli("validate", data, "--shapes", shapes, "--format", "ttl", code=1).stdout
    data.write_text("<http://e/a> a <http://e/C> ; <http://e/q> 1 .", encoding="utf-8")
    cli("validate", data, "--shapes", shapes)
    shapes.write_text(shapes.read_text(encoding="utf-8").replace("minCount", "minCont"), encoding="utf-8")
    done = cli("validate", data, "--shapes", shapes)
    assert "Did you mean sh:minCount?" in done.stderr
    assert "s.ttl:2" in done.stderr
    data.write_text("nonsense", encoding="utf-8")
    cli("validate", data, "--shapes", shapes, code=3)
    triples = tmp_path / "d.nt"
    triples.write_text("<http://e/a> <http://e/b> <http://e/c> .\n<http://e/a> <http://e/b c> .\n", encoding="utf-8")
    assert "d.nt:2:" in cli("validate", triples, "--shapes", shapes, code=3).stderr


@given(st.integers())
def test_canonical_integers(number: int) -> None:
    """Python's own notation is canonical; a zero in front or a plus is not."""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert canonical_form(str(number), integer) == str(number)
    assert canonical_form(("-0" if number < 0 else "+0") + str(abs(number)), integer) == str(number)


@pytest.mark.parametrize(
    ("literal", "message"),
    [
        ('"1.10"^^<http://www.w3.org/2001/XMLSchema#decimal>', "not in canonical form"),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', "not in canonical form"),
        ('"2026-02-30"^^<http://www.w3.org/2001/XMLSchema#date>', "is no value"),
        ('"12"^^<http://www.w3.org/2001/XMLSchema#gYear>', "is no value"),
        ('"\u0065\u0301"', "normalization form"),
    ],
)
def test_literal_lint(literal: str, message: str) -> None:
    """Literals that stores would rewrite, or that have no value, are found."""
    triple = f"<http://e/a> <http://e/p> {literal} .\n".encode()
    (found,) = lint_literals([triple], {triple: (Path("f.ttl"), 3)}, 200)
    assert message in found.message
    assert found.line == 3


MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
#: Tests that an engine does not pass, with the reason.
KNOWN = {
    "auto": {},
    "shacl": {
        "sparql/pre-binding/unsupported-sparql-004": "the engine runs a query that pre-binding does not allow",
    },
    "pyshacl": {
        "sparql/node/prefixes-001": "pyshacl does not follow sh:prefixes to an imported graph",
        "sparql/pre-binding/shapesGraph-001": "pyshacl does not offer $shapesGraph",
    },
    "compiled": {},
}
COUNTS = {"core": 98, "sparql": 23}


def suite() -> Iterator[tuple[str, Path]]:
    """Name and file of every test of the suite."""
    root = SUITES / "w3c-data-shapes" / "tests"
    for part in COUNTS:
        for path in sorted((root / part).rglob("*.ttl")):
            if path.stem != "manifest" and "mf:Validate" not in path.stem and f"{SHT}Validate" in expanded(path):
                yield str(path.relative_to(root).with_suffix("")), path


def expanded(path: Path) -> str:
    """The triples of a file as text."""
    base = f"urn:x-shacl-test:/{path.stem}"
    return "".join(map(str, ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base)))


def graphs(path: Path) -> tuple[list[ox.Quad], bytes, bytes]:
    """All triples of a test, its data graph and its shapes graph."""
    base = f"urn:x-shacl-test:/{path.stem}"
    quads = list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base))

    def graph(name: str) -> bytes:
        (node,) = {quad.object.value for quad in quads if quad.predicate.value == SHT + name}  # type: ignore[union-attr]
        file = (
            path if node in (base, "urn:x-shacl-test:/") else path.with_name(node.rpartition("/")[2].rpartition(":")[2])
        )
        file = file if file.suffix else file.with_suffix(".ttl")
        read = ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base)
        return (
            ox.serialize((ox.Triple(q.subject, q.predicate, q.object) for q in read), format=ox.RdfFormat.N_TRIPLES)
            or b""
        )

    return quads, graph("dataGraph"), graph("shapesGraph")


def expected(quads: list[ox.Quad]) -> list[tuple[str, ...]] | None:
    """The results that a test expects; None where it expects a failure."""
    (report,) = {str(quad.object) for quad in quads if quad.predicate.value == MF + "result"}
    if report == f"<{SHT}Failure>":
        return None
    results = [str(quad.object) for quad in quads if quad.predicate.value == SH.result and str(quad.subject) == report]
    rows = []
    for node in results:
        values = {quad.predicate.value: str(quad.object) for quad in quads if str(quad.subject) == node}
        rows.append(
            tuple(
                values.get(name, "").strip()
                for name in (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
            )
        )
    return sorted(rows)


@requires_suites
@pytest.mark.parametrize("engine", ["auto", "shacl", "pyshacl", "compiled"])
def test_w3c_suite(engine: str) -> None:
    """Every test of the SHACL suite (core and SPARQL), each known miss listed."""
    missed, counts = {}, dict.fromkeys(COUNTS, 0)
    for name, path in suite():
        counts[name.split("/")[0]] += 1
        quads, data, shapes = graphs(path)
        wanted = expected(quads)
        try:
            report = validate([data], shapes, engine=engine)
            found = sorted(
                (blank(r.focus_node), blank(r.value or ""), f"<{r.component}>", f"<{r.severity}>")
                for r in report.results
            )
        except EngineError as error:
            found = None
            if wanted is not None:
                missed[name] = str(error)
                continue
        if wanted is not None:
            wanted = sorted(tuple(map(blank, row)) for row in wanted)
        if found != wanted:
            missed[name] = f"{found} instead of {wanted}"
    assert counts == COUNTS
    assert set(missed) == set(KNOWN[engine]), missed


def blank(term: str) -> str:
    """Blank nodes have no name to compare."""
    return "_:" if term.startswith("_:") else term


def test_namespaces_are_in_use() -> None:
    """The suite's runner compares types by the same names as the package."""
    assert RDF.type.endswith("#type")
