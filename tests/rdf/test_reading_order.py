"""Turtle and TriG in the order in which people read: the main thing first, claims last, kinds and names before all."""

import io
import re

import pyoxigraph as ox
import pytest

from isoc_kg.formats import NQUADS, NTRIPLES, TRIG, TURTLE, Format
from isoc_kg.rdf import lines_from_quads, write
from isoc_kg.rdf.reading_order import ReadingOrder, property_ranks

PREFIXES = {
    "": "http://e/", "schema": "https://schema.org/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#", "ex": "http://x/ns#", "doc": "http://e/document/a/1#",
}  # fmt: skip
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def lines_of(turtle: str, format_: ox.RdfFormat = ox.RdfFormat.TRIG) -> list[bytes]:
    """The middle form of a text that uses the prefixes above."""
    return lines_from_quads(ox.parse(HEAD.encode() + turtle.encode(), format=format_))


def written(lines: list[bytes], order: ReadingOrder | None = None, format_: Format = TURTLE) -> str:
    """What is written, without the prefixes."""
    out = io.BytesIO()
    write(lines, format_, out, prefixes=PREFIXES, order=order)
    return re.sub(r"(?m)^@prefix .*\n", "", out.getvalue().decode())


def subjects(text: str) -> list[str]:
    """The subjects of blocks in their order."""
    return re.findall(r"(?m)^([^\s}{].*?) (?!\{)", text)


ORDER = ReadingOrder(
    main=b"<http://e/me>",
    ranks=property_ranks(shown=[b"<http://x/ns#second>"], declared=[b"<http://x/ns#third>", b"<http://x/ns#first>"]),
    terms={b"<http://x/ns#zero>": 0, b"<http://x/ns#first>": 1},
    documents=b"<http://e/document/",
    claims=b"<http://e/claim/",
    main_claims=b"<http://e/claim/me.",
    graphs=[b"<http://e/g2>"],
)


def test_what_the_data_are_about_comes_first_and_claims_come_last() -> None:
    """Main thing, terms in the ontology's order, things, documents by numbers, claims about the main thing, others."""
    names = [
        "http://e/claim/a.1", "http://e/claim/me.2", "http://e/document/a/1#10.1", "http://e/document/a/1#2.1",
        "http://e/document/a/1#2.1.position", "http://e/document/a/1", "http://e/document/a", "http://e/a", "http://e/zebra",
        "http://e/me", "http://x/ns#first", "http://x/ns#zero",
    ]  # fmt: skip
    text = written(lines_of("".join(f"<{name}> ex:p 1 .\n" for name in names)), ORDER)
    assert subjects(text) == [
        ":me", "ex:zero", "ex:first", ":a", ":zebra", "<http://e/document/a>", "<http://e/document/a/1>",
        "doc:2.1", "doc:2.1.position", "doc:10.1",
        "<http://e/claim/me.2>", "<http://e/claim/a.1>",
    ]  # fmt: skip


def test_properties_of_a_block_are_in_reading_order() -> None:
    """Kind, label, name, description, what shapes show first, the ontology's order, then by IRI, notes at the end."""
    text = written(
        lines_of(
            ':me ex:zz 1 ; ex:aa 2 ; ex:first 3 ; ex:second 4 ; ex:third 5 ; skos:editorialNote "n" ; schema:name "m" ;'
            ' rdfs:label "m" ; schema:description "d" ; a ex:Kind .'
        ),
        ORDER,
    )
    assert re.findall(r"(?:^:me |    )(\S+)", text, re.MULTILINE) == [
        "a", "rdfs:label", "schema:name", "schema:description", "ex:second", "ex:third", "ex:first", "ex:aa", "ex:zz",
        "skos:editorialNote",
    ]  # fmt: skip


def test_data_about_nothing_in_particular() -> None:
    """What describes the whole, classes, properties, things, nodes without a name; reified statements at the end."""
    text = written(
        lines_of(
            ":z a owl:Ontology . :y a owl:Class . :x a owl:ObjectProperty . :w a :y . _:b a :y . :a a rdf:Statement ;"
            " rdf:object 1 ; rdf:predicate :x ; rdf:subject :w ."
        )
    )
    assert [name for name in subjects(text) if name[0] != "_"] == [":z", ":y", ":x", ":w", ":a"]
    assert text.index("_:") < text.index(":a a rdf:Statement")
    assert re.findall(r"rdf:(\w+)", text[text.index("\n:a ") :]) == ["Statement", "subject", "predicate", "object"]


@pytest.mark.parametrize("format_", [TURTLE, TRIG])
def test_the_order_changes_no_triple(format_: Format) -> None:
    """What is written is read as what it was, with values of all kinds, in several graphs, many of one property."""
    values = ", ".join(map(str, range(20)))
    text = f':me ex:p {values}, "a"@en, :b, "1"^^ex:t ; a :k . :g {{ :me ex:p 1 . :c ex:q :d }}'
    text += " <http://e/g2> { :me ex:p 2 }"
    lines = lines_of(text)
    if format_ is TURTLE:
        lines = [line for line in lines if b"<http://e/g" not in line]
    assert lines_of(written(lines, ORDER, format_)) == lines


def test_graphs_follow_in_their_order() -> None:
    """The default graph, those that the order names, then the others by name."""
    text = written(lines_of("<http://e/g1> { :a ex:p 1 } <http://e/g2> { :a ex:p 2 } :a ex:p 3 ."), ORDER, TRIG)
    assert re.findall(r"ex:p \"(\d)", text) == ["3", "2", "1"]


@pytest.mark.parametrize("format_", [NTRIPLES, NQUADS])
def test_lines_stay_sorted(format_: Format) -> None:
    """N-Triples and N-Quads are the middle form whatever the order."""
    lines = lines_of(":me ex:p 1 . :a ex:p 2 .")
    out = io.BytesIO()
    write(lines, format_, out, prefixes={}, order=ORDER)
    assert out.getvalue().splitlines(keepends=True) == lines


def test_numbers_without_end_in_names_are_in_order() -> None:
    """Digits are compared as numbers however many there are."""
    many = "9" * 5000
    text = written(lines_of(f"<http://e/document/a/1#1{many}> ex:p 1 . <http://e/document/a/1#{many}> ex:p 2 ."), ORDER)
    assert re.findall(r"ex:p \"(\d)", text) == ["2", "1"]
