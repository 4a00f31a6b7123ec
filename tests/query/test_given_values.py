"""Values of Python's own types for a query's variables: they meet the terms that the data have."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import QueryError
from isoc_kg.namespaces import XSD
from isoc_kg.query import IRI, TypedText

DATA = """
@prefix e: <https://e.example/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:mill e:founded "1754"^^xsd:gYear ; e:named "Mühle"@de ; e:sails "4"^^xsd:nonNegativeInteger ; e:height 12.50 ;
    e:opened "1755-05-01"^^xsd:date ; e:by e:anna ; e:code "007" ; e:weight 2.5e0 .
e:old e:founded "0812"^^xsd:gYear . e:both e:rank 1, "1" .
"""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    file = tmp_path_factory.mktemp("mill") / "mill.ttl"
    file.write_text(DATA, encoding="utf-8")
    return KnowledgeGraph.load(file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("founded", 1754),
        ("founded", 1754.0),
        ("founded", "1754"),
        ("founded", 812),
        ("named", "Mühle"),
        ("sails", 4),
        ("sails", 4.0),
        ("height", 12.5),
        ("height", Decimal("12.5")),
        ("opened", date(1755, 5, 1)),
        ("opened", "1755-05-01"),
        ("by", "https://e.example/anna"),
        ("code", "007"),
        ("weight", 2.5),
        ("rank", 1),
        ("rank", "1"),
    ],
)
def test_what_a_data_frame_holds_goes_back_in(kg: KnowledgeGraph, name: str, value: Any) -> None:
    """Whatever datatype, language or kind the data have for it, compared as well as matched."""
    assert kg.ask(f"ASK {{ ?s e:{name} ?value }}", value=value)
    assert kg.ask(f"ASK {{ ?s e:{name} ?o FILTER(?o = ?value) }}", value=value)


def test_every_value_of_a_frame_goes_back_in(kg: KnowledgeGraph) -> None:
    """Those of `to_pandas` too, which have lost their datatypes."""
    pytest.importorskip("pandas")
    for name in ("founded", "named", "sails", "height", "opened", "by", "code", "weight", "rank"):
        frame = kg.select(f"SELECT ?value {{ ?s e:{name} ?value }}").to_pandas()
        assert all(kg.ask(f"ASK {{ ?s e:{name} ?value }}", value=value) for value in frame["value"]), name


def test_a_year_is_compared_as_the_data_write_it(kg: KnowledgeGraph) -> None:
    """Also one that no datum is."""
    assert kg.ask("ASK { ?s e:founded ?year FILTER(?year < ?end) }", end=1800)
    assert not kg.ask("ASK { ?s e:founded ?year FILTER(?year < ?end && ?year > '1000'^^xsd:gYear) }", end=1700)


def test_what_no_datum_is_warns(kg: KnowledgeGraph) -> None:
    """A no, or a graph of nothing, says which value nothing has."""
    with pytest.warns(UserWarning, match="1755"):
        assert not kg.ask("ASK { ?s e:founded ?year }", year=1755)
    with pytest.warns(UserWarning, match="1755"):
        assert not kg.construct("CONSTRUCT { ?s e:founded ?year } WHERE { ?s e:founded ?year }", year=1755).lines


@pytest.mark.parametrize("value", [TypedText("1754", XSD.integer), IRI("https://e.example/1754")])
def test_what_tells_its_term_stays(kg: KnowledgeGraph, value: Any) -> None:
    """A typed text is of its type and no other."""
    with pytest.warns(UserWarning, match="1754"):
        assert not kg.ask("ASK { ?s e:founded ?year }", year=value)


@pytest.mark.parametrize("thing", ["https://e.example/mill", "x:mill", "<https://e.example/mill>"])
def test_a_text_where_only_a_thing_can_be_is_its_iri(kg: KnowledgeGraph, thing: str) -> None:
    """And a property's; with both, a value out of a data frame meets its own term."""
    prefix = "PREFIX x: <https://e.example/> "
    assert len(kg.select(prefix + "SELECT ?p ?o { ?s ?p ?o }", s=thing)) == 8
    assert kg.ask(prefix + "ASK { ?s ?p ?n }", s=thing, p="https://e.example/founded", n=1754)


@pytest.mark.parametrize("query", ["SELECT ?o { ?thing ?p ?o }", "SELECT ?s { ?s ?thing ?o }"])
def test_a_name_is_no_iri(kg: KnowledgeGraph, query: str) -> None:
    """What can stand nowhere is refused, not answered with nothing."""
    with pytest.raises(QueryError, match="“Mill” is not a valid IRI"):
        kg.select(query, thing="Mill")


def test_a_text_without_a_language_stays_one(kg: KnowledgeGraph) -> None:
    """Where all texts have a language, another text is none of a language."""
    with pytest.warns(UserWarning, match="Windmühle"):
        assert not kg.ask("ASK { ?s e:named ?name }", name="Windmühle")
    _, terms, _ = kg._bound("ASK { ?s e:named ?name }", {"name": "Windmühle"})
    assert str(terms["name"]) == '"Windmühle"'
