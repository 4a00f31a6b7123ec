"""Descriptions are written as any other data are, to the byte."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import CannotCarry
from isoc_kg.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from isoc_kg.namespaces import RDF, SCHEMA
from isoc_kg.rdf import Compaction, Description, RdfxmlDescriptions, TurtleDescriptions, refusals, write
from isoc_kg.rdf.lines import split, split_block
from isoc_kg.rdf.reading_order import ReadingOrder
from isoc_kg.rdf.tokens import iri_token

_PREFIXES = {"schema": SCHEMA.iri, "e": "https://e.example/", "": "https://e.example/empty/", "rdf": RDF.iri}
_IRIS = st.sampled_from(
    [iri_token(name) for name in ("https://e.example/a", "https://e.example/empty/b", "https://e.example/a-b",
                                  "urn:x:1", "https://e.example/a.", "https://schema.org/Place",
                                  "https://e.example/é", "data:x", "https://e.example/?a&b='c'")]
)  # fmt: skip
_PROPERTIES = st.sampled_from(
    [iri_token(name) for name in (RDF.type, SCHEMA.name, SCHEMA.about, "https://e.example/p", "https://e.example/1",
                                  "data:q", "https://other.example/p")]
)  # fmt: skip
_LITERALS = st.sampled_from(
    [text.encode() for text in ('"a"', '"a b"@en', '"a"@de-CH', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '""',
                                '"a -- b"', '"schema"', '"e:x"', '"\\"name\\""@en', '"a & \'b\' <c>"', '"\\"<<( \\\\"',
                                '"\\r"', '"\\u0001"', '"\ufffe"', '"x"@ar--rtl', '"1"^^<https://e.example/t>',
                                '"<b/>"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>')]
)  # fmt: skip
_TERMS = st.sampled_from([b"_:b1", b'<<( <urn:x:1> <urn:x:2> "a b" )>>'])
_TRIPLES = st.lists(st.tuples(_IRIS | st.just(b"_:b1"), _PROPERTIES, _IRIS | _LITERALS | _TERMS), max_size=12)
_ORDER = ReadingOrder()
_CONTEXT = {"schema": SCHEMA.iri, "name": {"@id": "schema:name", "@container": "@language"}, "Place": "schema:Place"}


def _written(lines: list[bytes], format_: Format, about: bytes) -> bytes | str:
    out = io.BytesIO()
    try:
        write(list(lines), format_, out, prefixes=_PREFIXES, order=_ORDER.about(about))
    except CannotCarry as error:
        return str(error)
    return out.getvalue()


@settings(max_examples=200, deadline=None)
@given(_TRIPLES, _IRIS)
def test_each_format(triples: list[tuple[bytes, bytes, bytes]], about: bytes) -> None:
    """What is written from what is remembered of others is what is written without."""
    description = Description.of_triples(triples)
    lines = description.lines
    assert lines == sorted({b"%b %b %b .\n" % triple for triple in triples})
    assert description.text == _written(lines, NTRIPLES, about)
    formats = (TURTLE, JSONLD, NTRIPLES, RDFXML)
    assert description.refused(formats) == [one for one in formats if next(refusals(lines, one), None) is not None]
    if description.plain:
        assert _TURTLE.write(description.groups, about) == _written(lines, TURTLE, about)
        for compaction in _COMPACTIONS:
            out = io.BytesIO()
            try:
                made: bytes | str | None = compaction.description(description.groups)
            except CannotCarry as error:
                made = str(error)
            try:
                compaction.write(list(lines), out)
                assert made in (None, out.getvalue())
            except CannotCarry as error:
                assert made in (None, str(error))
        for made in (_RDFXML.write(description), description.rdfxml(tuple(_PREFIXES.items()))):
            assert made in (None, _written(lines, RDFXML, about))


_TURTLE = TurtleDescriptions(_PREFIXES, _ORDER)
_RDFXML = RdfxmlDescriptions(_PREFIXES)
_COMPACTIONS = Compaction(_PREFIXES, None), Compaction(_PREFIXES, _CONTEXT)


@given(
    st.lists(st.tuples(_PROPERTIES, _IRIS | _LITERALS, st.sampled_from([b"", b"<urn:x:1>", b"<https://e.example/a>"])))
)
def test_lines_of_one_subject(parts: list[tuple[bytes, bytes, bytes]]) -> None:
    """They are taken apart as each line is, with graphs and without."""
    lines = [b"<urn:s> %b %b%b .\n" % (one, two, b" " + graph if graph else b"") for one, two, graph in parts]
    if lines:
        assert split_block(b"".join(lines), b"<urn:s>") == [split(line)[1:] for line in lines]
