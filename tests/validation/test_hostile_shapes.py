"""Shapes made to hang or crash an engine end with one message that names the engine and what to do."""

import pyoxigraph as ox
import pytest

from isoc_kg.errors import EngineError
from isoc_kg.limits import Limits
from isoc_kg.validation import validate

HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
TARGET = "e:s a sh:NodeShape ; sh:targetClass e:C ; "
LIMITS = Limits(validation_seconds=2)

STAR = TARGET + "sh:property e:p1 . e:p1 sh:path [ sh:zeroOrMorePath e:p ] ; sh:maxCount 99999 ."
CHAIN = " ".join(f"e:x{i} a e:C ; e:p e:x{i + 1} ." for i in range(3000))
NESTED = TARGET + f'sh:sparql e:q . e:q sh:select "SELECT $this WHERE {"{" * 20_000} ?a ?b ?c {"}" * 20_000}" .'
REGEX = TARGET + 'sh:property e:p1 . e:p1 sh:path e:q ; sh:pattern "^(a+)+$" .'
LETTERS = f'e:x a e:C ; e:q "{"a" * 40}!" .'


def nt(turtle: str) -> bytes:
    data = ox.serialize(ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


@pytest.mark.parametrize(
    ("shapes", "data", "engine"),
    [
        pytest.param(STAR, CHAIN, "shacl", id="long-path-shacl"),
        pytest.param(STAR, CHAIN, "pyshacl", id="long-path-pyshacl"),
        pytest.param(NESTED, "e:x a e:C .", "shacl", id="nested-sparql-shacl"),
        pytest.param(NESTED, "e:x a e:C .", "pyshacl", id="nested-sparql-pyshacl"),
        pytest.param(REGEX, LETTERS, "pyshacl", id="regular-expression-pyshacl"),
    ],
)
def test_one_message(shapes: str, data: str, engine: str) -> None:
    """A runaway engine is stopped and a crashed one reported; our own process lives on. Exit code 3."""
    with pytest.raises(
        EngineError, match=f"the engine {engine} (was stopped after 2 seconds|crashed|could not)"
    ) as found:
        validate([nt(data)], nt(shapes), engine=engine, limits=LIMITS)
    assert found.value.exit_code == 3


def test_the_fast_engine_is_immune_to_backtracking() -> None:
    """Where the engines differ: `shacl` matches in linear time, so the same pattern gives its one result."""
    report = validate([nt(LETTERS)], nt(REGEX), engine="shacl", limits=LIMITS)
    assert [result.path for result in report.results] == ["<http://e/q>"]
