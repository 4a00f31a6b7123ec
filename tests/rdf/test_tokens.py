"""Canonical tokens: written as pyoxigraph writes terms, and told apart by kind."""

import pyoxigraph as ox
import pytest

from isoc_kg.namespaces import XSD
from isoc_kg.rdf.lines import lines_from_quads, term
from isoc_kg.rdf.tokens import iri_token, is_blank, is_iri, is_literal, text_token, triple_line, typed_token


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (iri_token("http://e/é#a"), ox.NamedNode("http://e/é#a")),
        (text_token('a "b" \\ \n\t\x0b'), ox.Literal('a "b" \\ \n\t\x0b')),
        (text_token("déjà", "fr"), ox.Literal("déjà", language="fr")),
        (typed_token("1.10", XSD.decimal), ox.Literal("1.10", datatype=ox.NamedNode(XSD.decimal))),
        (typed_token('"', XSD.string), ox.Literal('"')),
    ],
)
def test_tokens_are_canonical(token: bytes, expected: ox.NamedNode | ox.Literal) -> None:
    """A token is the one that the middle form has, and reads back as its term."""
    assert term(token) == expected
    name = ox.NamedNode("http://e/s")
    assert lines_from_quads([ox.Quad(name, name, expected)]) == [
        triple_line(iri_token("http://e/s"), iri_token("http://e/s"), token)
    ]


def test_kinds() -> None:
    """Each token is of one kind, and a triple term is of none of the three."""
    tokens = [b"<http://e/a>", b'"<a>"', b"_:b", b"<<( <http://e/a> <http://e/b> _:c )>>", b""]
    kinds = [(is_iri(token), is_literal(token), is_blank(token)) for token in tokens]
    assert kinds == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (False, False, False),
        (False, False, False),
    ]
