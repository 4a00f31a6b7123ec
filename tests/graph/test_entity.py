"""One resource out of sorted lines, and names that lead to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.errors import UnknownName
from isoc_kg.graph.entity import describe_lines, find_entity, incoming_lines
from isoc_kg.graph.knowledge_graph import KnowledgeGraph

LABELS = {"http://e/id/a": ["Alpha", "A1"], "http://e/o#a": ["alpha"], "http://e/id/b": ["Beta"]}


@given(st.sets(st.tuples(st.sampled_from(["abc", "ab"]), st.sampled_from("xyz"), st.sampled_from("abc"))))
def test_descriptions_are_complete(triples: set[tuple[str, str, str]]) -> None:
    """The search finds just the lines that a scan finds; an IRI that begins like another is another."""
    lines = sorted(f"<http://e/{s}> <http://e/{p}> <http://e/{o}> .\n".encode() for s, p, o in triples)
    for name in ("abc", "ab", "a"):
        assert describe_lines(lines, f"http://e/{name}") == [
            x for x in lines if x.startswith(b"<http://e/%s> " % name.encode())
        ]
    assert incoming_lines(lines, "http://e/a") == [line for line in lines if line.endswith(b" <http://e/a> .\n")]


@pytest.mark.parametrize("name", ["http://e/id/a", "id:a", "a", "ALPHA", "a1"])
def test_names(name: str) -> None:
    """IRI, prefixed name, local name, label in any case, acronym: all lead to the thing, before other resources."""
    assert find_entity(name, LABELS, {"id": "http://e/id/"}, "http://e/id/") == "http://e/id/a"


def test_unknown_names_have_neighbours() -> None:
    """A name that nothing has comes back with the nearest, or with advice."""
    with pytest.raises(UnknownName, match="Alpha"):
        find_entity("Alpah", LABELS, {}, "http://e/id/")
    with pytest.raises(UnknownName, match="nothing called"):
        find_entity("qqqqq", LABELS, {}, "http://e/id/")


def test_a_misspelt_prefix_has_the_near_one() -> None:
    """As in queries; a prefix that the data do not have but that is well known is not taken for a misspelling."""
    kg = KnowledgeGraph.load()
    with pytest.raises(UnknownName, match=r"Did you mean schema:foundingDate\?"):
        kg.evidence("id:manrs", "shema:foundingDate")


def test_solutions_name_the_defaults_of_a_query() -> None:
    """In their notes, which their repr shows; nothing is warned of."""
    kg = KnowledgeGraph.load()
    assert kg.select("founded-in").notes == ("year is 1992, the default of the query.",)
    assert kg.select("founded-in", year=2014).notes == ()
