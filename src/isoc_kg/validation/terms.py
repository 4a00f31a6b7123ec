"""Terms as the tokens of a query, names for its variables, and why something cannot be said in one."""

import re
from collections.abc import Iterator, Sequence
from itertools import count

import pyoxigraph as ox

from ..errors import EngineError

__all__ = ["AnyTerm", "Names", "Row", "Term", "Uncompilable", "iri", "is_iri", "shown", "token", "triples"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal
#: What a parser gives; a triple term is no term of a shapes graph, and refused where it is read into shapes.
AnyTerm = Term | ox.Triple
Row = Sequence[Term | None]
_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")


class Uncompilable(Exception):
    """A shape, or a part of it, that no query of SPARQL 1.1 says; the message completes “…, since …”."""


class Names:
    """Variables that no text of a user has."""

    def __init__(self) -> None:
        self._next = count()

    def fresh(self) -> str:
        """A variable never given before."""
        return f"?v__{next(self._next)}"


def triples(data: bytes, what: str) -> Iterator[ox.Quad]:
    """The triples of N-Triples; one message for what is none."""
    try:
        yield from ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise EngineError(f"{what} cannot be read: {error}.", advice="Give N-Triples.") from None


def is_iri(value: str) -> bool:
    """Whether no character of an IRI would end it in a query."""
    return _IRI.fullmatch(value) is not None


def iri(value: str) -> str:
    """An IRI in angle brackets; `Uncompilable` when a character of it would end them."""
    if not is_iri(value):
        raise Uncompilable("an IRI has characters that no IRI has")
    return f"<{value}>"


def token(term: object) -> str:
    """The canonical token of an IRI or a literal: nothing in it can be read as syntax."""
    if isinstance(term, ox.NamedNode):
        return iri(term.value)
    if not isinstance(term, ox.Literal):
        raise Uncompilable("a blank node of the shapes is no node that a query can name")
    if term.language and getattr(term, "direction", None):
        raise Uncompilable("a literal has a base direction, which SPARQL 1.1 does not know")
    text = "".join(_ESCAPES.get(character, character) for character in term.value)
    if term.language:
        return f'"{text}"@{term.language}'
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return f'"{text}"'
    return f'"{text}"^^{iri(term.datatype.value)}'


def shown(term: object) -> str:
    """A term's token in a report; the names of blank nodes made of letters and digits, whatever a store calls them."""
    if isinstance(term, ox.BlankNode):
        return f"_:b{re.sub(r'[^A-Za-z0-9]', '', term.value)}"
    if isinstance(term, ox.Triple):
        return f"<<( {shown(term.subject)} {term.predicate} {shown(term.object)} )>>"
    return str(term)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
