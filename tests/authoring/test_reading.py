"""The order in which a project's data are read."""

import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.reading import project_order
from isoc_kg.errors import ParseError
from isoc_kg.formats import TURTLE
from isoc_kg.project import Project, load_project
from isoc_kg.rdf import lines_from_quads, write
from isoc_kg.validation import ShapesGraph

from material import ROOT


def shape_lines(text: str) -> list[bytes]:
    """The middle form of shapes."""
    head = b"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
    return lines_from_quads(ox.parse(head + text.encode(), format=ox.RdfFormat.TURTLE))


def test_the_shipped_data_begin_with_their_subject() -> None:
    """The Internet Society, then things, documents, claims; the founding date, which a shape orders, near the top."""
    project = load_project(ROOT)
    shapes = ShapesGraph.of_project(project)
    out = io.BytesIO()
    order = project_order(project, shapes.all_lines)
    write(build_dataset(project, shapes).published, TURTLE, out, prefixes=project.prefixes, order=order)
    text = re.sub(r"(?m)^@prefix .*\n", "", out.getvalue().decode()).lstrip()
    assert re.match(r"id:internet-society a [^;]*;\n    rdfs:label .*\n    schema:name", text)
    assert text.index("schema:foundingDate") < text.index("isoc:hasMission") < text.index("\nid:3ip a ")
    kinds = re.findall(r"(?m)^(id|s|claim|<https://w3id.org/isoc-kg/document)\b", text)
    runs = [name for number, name in enumerate(kinds) if number == 0 or kinds[number - 1] != name]
    assert [name for name in runs if name in ("id", "s", "claim")] == ["id", "s", "claim"]
    assert text.index("\ns:2.1 a ") < text.index("\ns:10.1 a ")
    assert text.index("\nclaim:internet-society.") < text.index("\nclaim:3ip.")


@pytest.mark.parametrize("order", ["2", "2.0", '"2"^^e:odd'])
def test_shapes_order_properties(order: str) -> None:
    """`sh:order` is a number of any kind; the least of several counts, and what is none is passed over."""
    project = load_project(ROOT)
    ranks = project_order(
        project,
        shape_lines(
            f"e:a sh:path e:late ; sh:order {order} . e:b sh:path e:early ; sh:order 1 ."
            ' e:c sh:path e:late ; sh:order 9 . e:d sh:path e:no ; sh:order "x", "NaN" .'
            " e:e sh:path [ sh:inversePath e:f ] ; sh:order 0 ."
        ),
    ).ranks
    assert ranks[b"<http://e/early>"] < ranks[b"<http://e/late>"]
    assert ranks[b"<http://e/late>"] < ranks[b"<https://w3id.org/isoc-kg/ontology#hasMission>"]
    assert b"<http://e/no>" not in ranks


def test_files_without_a_project_have_no_main_thing(tmp_path: Path) -> None:
    """Nothing of a publication is assumed of anybody's RDF."""
    order = project_order(Project.of_files())
    assert (order.main, order.terms, order.documents, order.claims) == (b"", {}, b"", b"")


@pytest.mark.parametrize(
    ("prefix", "advice"),
    [
        ("s", "@prefix s: <https://harbour.example/kg/document/guide/1#> ."),
        ("notice", "@prefix notice: <https://harbour.example/kg/document/notice/1#> ."),
        ("xsd", "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."),
        ("nowhere", "@prefix name: <…> ."),
    ],
)
def test_a_prefix_that_the_project_knows_is_given_as_its_line(harbour: Path, prefix: str, advice: str) -> None:
    """Of a name whose prefix a file does not declare."""
    (harbour / "facts" / "zz.ttl").write_text(f"<https://e.example/a> <https://e.example/b> {prefix}:c .", "utf-8")
    with pytest.raises(ParseError) as caught:
        build_dataset(load_project(harbour))
    assert (caught.value.advice or "").endswith(f"the top of the file: {advice}")
