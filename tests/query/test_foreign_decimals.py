"""What a program sets for its own decimals changes no number that is read or computed here."""

from collections.abc import Iterator
from decimal import Context, Decimal, Inexact, Rounded, localcontext
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.evidence.numerals import numbers
from isoc_kg.namespaces import XSD
from isoc_kg.validation.literals import canonical_form


@pytest.fixture(params=[Context(prec=3), Context(prec=3, traps=[Inexact, Rounded])], ids=["rounds", "refuses"])
def context(request: pytest.FixtureRequest) -> Iterator[None]:
    """A context in which sums of decimals are rounded, or errors."""
    with localcontext(request.param):
        yield


@pytest.mark.usefixtures("context")
def test_queries(tmp_path: Path) -> None:
    """Sums, products and quotients are exact to the places that they have."""
    (tmp_path / "a.nt").write_text("<x:a> <x:b> <x:c> .")
    kg = KnowledgeGraph.load(tmp_path / "a.nt")
    rows = kg.select(
        "SELECT (1.2345678901234567890123 + 0.1 AS ?sum) (123456789.125 * 1000000000000000000000 AS ?product) "
        "(100000000000000000000000 / 7 AS ?quotient) (SUM(?n) AS ?total) "
        "{ VALUES ?n { 12345678901234567890123 1.5 } }"
    )
    assert {name: format(value, "f") for name, value in rows[0].items()} == {
        "sum": "1.3345678901234567890123",
        "product": "123456789125000000000000000000",
        "quotient": "14285714285714285714285.714285714285714285",
        "total": "12345678901234567890124.5",
    }


@pytest.mark.usefixtures("context")
def test_files_and_texts(tmp_path: Path) -> None:
    """Numbers of JSON-LD, of texts, and canonical forms have all their digits."""
    (tmp_path / "a.jsonld").write_text('{"@id": "x:a", "x:p": [1.234567, 75.9, 4503599627370490.5]}')
    found = [line.split(b'"')[1] for line in KnowledgeGraph.load(tmp_path / "a.jsonld").lines]
    assert found == [b"1.234567E0", b"4.50359962737049E15", b"7.590000000000001E1"]
    words = "one million two hundred thirty-four thousand five hundred sixty-eight, or 34.567%"
    assert {Decimal(1234568), Decimal("0.34567")} <= numbers(words, "en")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("123456789012345678901234567890.1250", "123456789012345678901234567890.125"),
        ("-0.00", "0"), ("+07.10", "7.1"), (".50", "0.5"), ("100.", "100"), ("-0.5", "-0.5"),
    ],
)  # fmt: skip
def test_canonical_forms(text: str, form: str) -> None:
    """However many digits a decimal has, none is lost."""
    assert canonical_form(text, XSD.decimal) == form
