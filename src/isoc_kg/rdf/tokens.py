"""Canonical N-Triples tokens: how a term's token is written, and which kind of term a token is.

https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
"""

import pyoxigraph as ox

from ..namespaces import STATEMENT_PARTS

__all__ = [
    "NO_BASE",
    "PART_TOKENS",
    "Term",
    "iri_token",
    "is_blank",
    "is_iri",
    "is_literal",
    "is_valid_iri",
    "statement_line",
    "term_token",
    "text_token",
    "triple_line",
    "typed_token",
]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def iri_token(iri: str) -> bytes:
    """The token of an IRI.

    >>> iri_token("https://schema.org/name")
    b'<https://schema.org/name>'
    """
    return b"<" + iri.encode() + b">"


#: What relative IRIs of JSON-LD are resolved against where nothing is named, so that they are found and refused.
NO_BASE = "x-no-base://x-no-base/"
#: The tokens of `rdf:subject`, `rdf:predicate` and `rdf:object`, in a line's order.
PART_TOKENS = tuple(map(iri_token, STATEMENT_PARTS))


def term_token(term: Term) -> bytes:
    """The token of a pyoxigraph term, whose `str` is canonical; that of a triple lacks the marks of a triple term."""
    return f"<<( {term} )>>".encode() if isinstance(term, ox.Triple) else str(term).encode()


def text_token(text: str, language: str | None = None) -> bytes:
    r"""The token of a text: a string, or a language-tagged one.

    >>> text_token('say "a"', "en")
    b'"say \\"a\\""@en'
    """
    return str(ox.Literal(text, language=language) if language else ox.Literal(text)).encode()


def typed_token(value: object, datatype: str) -> bytes:
    """The token of a typed literal, whose lexical form is the value's `str`.

    >>> typed_token(2, "http://www.w3.org/2001/XMLSchema#integer")
    b'"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    return str(ox.Literal(str(value), datatype=ox.NamedNode(datatype))).encode()


def triple_line(subject: bytes, predicate: bytes, object_: bytes) -> bytes:
    """The N-Triples line of three tokens."""
    return b"%s %s %s .\n" % (subject, predicate, object_)


def statement_line(subject: str, predicate: str, object_: str | bytes) -> bytes:
    """The N-Triples line of two IRIs and an object: a `str` is an IRI, `bytes` are a token."""
    if isinstance(object_, bytes):
        return f"<{subject}> <{predicate}> ".encode() + object_ + b" .\n"
    return f"<{subject}> <{predicate}> <{object_}> .\n".encode()


def is_iri(token: bytes) -> bool:
    """Whether a token is an IRI; a triple term, `<<( … )>>`, is none."""
    return token[:1] == b"<" and token[1:2] != b"<"


def is_valid_iri(text: str) -> bool:
    """Whether a text is an absolute IRI by its grammar (RFC 3987), as queries can name it.

    >>> is_valid_iri("https://e.org/a"), is_valid_iri("https://e.org/a b"), is_valid_iri("https://e.org/%zz")
    (True, False, False)
    """
    try:
        ox.NamedNode(text)
    except ValueError:  # UnicodeEncodeError, too
        return False
    return True


def is_literal(token: bytes) -> bool:
    """Whether a token is a literal."""
    return token[:1] == b'"'


def is_blank(token: bytes) -> bool:
    """Whether a token is a blank node."""
    return token[:2] == b"_:"
