"""Paths of results as RDF."""

import pyoxigraph as ox
import pytest

from isoc_kg.namespaces import SH
from isoc_kg.validation.report import Report, Result
from isoc_kg.validation.result_paths import path_lines

PREFIXES = "@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"


def canonical(data: str) -> set[str]:
    dataset = ox.Dataset(ox.parse(data.encode(), format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize(
    ("path", "turtle"),
    [
        ("<http://e/a>", ":a"),
        ("^<http://e/a>", "[ sh:inversePath :a ]"),
        ("(^(<http://e/a>))", "[ sh:inversePath :a ]"),
        ("<http://e/a>/<http://e/b>", "( :a :b )"),
        ("(<http://e/a>|<http://e/b>)+", "[ sh:oneOrMorePath [ sh:alternativePath ( :a :b ) ] ]"),
        (
            "(<http://e/a>)*/^((<http://e/b>)?)",
            "( [ sh:zeroOrMorePath :a ] [ sh:inversePath [ sh:zeroOrOnePath :b ] ] )",
        ),
        ("<http://e/a>|<http://e/b>/<http://e/a>", "[ sh:alternativePath ( :a ( :b :a ) ) ]"),
    ],
)
def test_paths(path: str, turtle: str) -> None:
    """Each is the SHACL path that its author would write."""
    node, lines = path_lines(path, "_:r")
    told = "\n".join([*lines, f"<http://e/s> <{SH.path}> {node} ."])
    assert canonical(told) == canonical(f"{PREFIXES}:s sh:path {turtle} .")


@pytest.mark.parametrize("path", ["", "a", "<http://e/a>/", "(<http://e/a>", "<http://e/a>)", "!<http://e/a>", "^"])
def test_what_is_no_path(path: str) -> None:
    """What an engine might say instead is refused."""
    with pytest.raises(ValueError, match=r"path|property|bracket"):
        path_lines(path, "_:r")


def test_results_with_the_same_properties() -> None:
    """As many in Turtle's triples as there are, and as many in the text as in its count."""
    one = Result("<http://e/a>", "<http://e/p>", '"1"', SH.LessThanConstraintComponent, SH.Violation, None, "less")
    report = Report((one, one, one), "compiled")
    for base in (None, "http://e/report"):
        assert sum(SH.ValidationResult.encode() in line for line in report.to_lines(base)) == 3
    text = report.to_text()
    assert text.startswith("does not conform: 3 violations\n")
    assert "<http://e/a> (3 times)" in text
