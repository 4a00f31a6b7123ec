"""What a result tells: every message of its shape with its language, or a default; the same in every engine."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.limits import Limits
from isoc_kg.validation import DataGraph, ShapesGraph, validate_graphs
from isoc_kg.validation.engines import validate
from isoc_kg.validation.report import Result

HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
SHAPES = (
    HEAD + "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property e:p , e:q , [ sh:path e:r ; sh:in ( e:x e:y ) ] .\n"
    'e:p sh:path e:p ; sh:maxCount 1 ; sh:message "Höchstens eines."@de , "At most one."@en .\n'
    "e:q sh:path e:q ; sh:minCount 1 ; sh:datatype xsd:gYear .\n"
)
DATA = HEAD + 'e:a a e:C ;\n e:p 1 ,\n  2 ;\n e:q "x" ;\n e:r e:z .\ne:b a e:C .\n'


def nt(turtle: str) -> bytes:
    """Turtle as N-Triples."""
    return ox.serialize(ox.parse(turtle, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_messages(engine: str) -> None:
    """All messages are kept; what a shape does not say is said for it: constraint, expected and found."""
    report = validate([nt(DATA)], nt(SHAPES), engine=engine)
    told = {(result.focus_node, result.path): result.messages for result in report.results}
    assert told == {
        ("<http://e/a>", "<http://e/p>"): ('"At most one."@en', '"Höchstens eines."@de'),
        ("<http://e/a>", "<http://e/q>"): (
            r'"sh:datatype of <http://e/q>: <http://www.w3.org/2001/XMLSchema#gYear> expected, \"x\" found."@en',
        ),
        ("<http://e/a>", "<http://e/r>"): (
            '"sh:in of <http://e/r>: <http://e/x>, <http://e/y> expected, <http://e/z> found."@en',
        ),
        ("<http://e/b>", "<http://e/q>"): (
            (
                r'"sh:minCount of <http://e/q>: \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> expected, '
                r'fewer found."@en'
            ),
        ),
    }
    assert all(result.message for result in report.results)
    lines = b"".join(report.to_lines("https://example.org/report"))
    assert '"Höchstens eines."@de'.encode() in lines
    assert b'"At most one."@en' in lines
    assert {"At most one.", "Höchstens eines."} <= {line.strip() for line in report.to_text().splitlines()}


def test_places_of_files(tmp_path: Path) -> None:
    """A result stands at the line of its statement; of what is missing, at the first about the focus node."""
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(DATA, encoding="utf-8")
    shapes.write_text(SHAPES.replace(", [ sh:path e:r ; sh:in ( e:x e:y ) ]", ""), encoding="utf-8")
    graph = DataGraph(data)
    validation = validate_graphs([(graph, ShapesGraph([shapes], Limits()))])
    locate = graph.locate(validation.reports)

    def line(result: Result) -> int:
        place = locate(result)
        assert place
        return place[1]

    lines = {(result.focus_node[-2], (result.path or "")[-2]): line(result) for result in validation.report.results}
    assert lines == {("a", "p"): 4, ("a", "q"): 5, ("b", "q"): 7}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_messages_of_queries(engine: str) -> None:
    """Every language of a constraint in SPARQL, each with the values that the query gives."""
    shapes = HEAD + (
        "e:s a sh:NodeShape ; sh:targetClass e:C ; "
        "sh:sparql [ sh:message 'Found {?value}.'@en , '{?value} ist da.'@de ; "
        "sh:select 'SELECT $this ?value WHERE { $this <http://e/p> ?value FILTER(?value > 1) }' ] .\n"
    )
    (result,) = validate([nt(DATA)], nt(shapes), engine=engine).results
    assert result.messages == ('"2 ist da."@de', '"Found 2."@en')
    assert result.message == "Found 2."
