"""Blank nodes in reports: the nodes themselves, by the labels that an export gives them, with line and way."""

import json
from pathlib import Path

import pytest

from isoc_kg.rdf import split

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:name ; sh:minCount 1 ] ;
  sh:property [ sh:path e:knows ; sh:nodeKind sh:IRI ] .
"""
TURTLE = """@prefix e: <http://e/> .
e:a e:has [ e:list ( 1
   [ a e:C ; e:n 1 ; e:knows [ e:n 2 ] ] ) ] .
[] a e:C ; e:n 3 .
"""
LABELLED = """_:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .
_:b1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .
_:b1 <http://e/name> "_:1" .
_:b1 <http://e/knows> _:x.y-z .
_:x.y-z <http://e/n> "1" .
"""


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
@pytest.mark.parametrize(("name", "text"), [("data.ttl", TURTLE), ("data.nt", LABELLED)])
def test_reports_have_the_nodes_of_the_data(tmp_path: Path, cli, engine: str, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    data, shapes = tmp_path / name, tmp_path / "shapes.ttl"
    data.write_text(text)
    shapes.write_text(SHAPES)
    exported = cli("export", data, "--format", "nt", "-o", "-").stdout.encode().splitlines(keepends=True)
    here = {split(line)[0].decode() for line in exported if line.startswith(b"_:") and b"/C>" in line}
    known = {split(line)[2].decode() for line in exported if b"/knows>" in line}
    arguments = ("validate", data, "--shapes", shapes, "--engine", engine)
    results = json.loads(cli(*arguments, "--format", "json", code=1).stdout)["results"]
    assert {result["focus_node"] for result in results} == here
    assert {result["value"] for result in results if result["value"]} == known
    lines = {result["focus_node"]: result["line"] for result in results}
    assert sorted(lines.values()) == ([3, 4] if name == "data.ttl" else [1, 4]), lines
    turtle = cli(*arguments, "--format", "ttl", code=1).stdout
    assert {f"sh:focusNode {node} " in turtle for node in here} == {True}
    assert "#node-" not in turtle
    shown = cli(*arguments, code=1).stdout
    if name == "data.ttl":
        assert "(<http://e/a> <http://e/has> / <http://e/list> / " in shown
        assert f"{data}:3: _:" in shown
