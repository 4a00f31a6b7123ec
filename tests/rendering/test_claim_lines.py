"""The claims about one thing out of their lines: which statement each is about, and what it says of it."""

from hashlib import sha256

import pytest

from isoc_kg.namespaces import EV, RDF, SKOS
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.claim_lines import PlainClaims, said, units_in

_START = b"<https://e.example/claim/oak."
_OWN = [b"<https://e.example/id/oak> <https://e.example/p> <https://e.example/id/%d>" % number for number in range(3)]
_UNIT = b"<https://e.example/document/a/1#%d>"
_SUPPORTED, _IMPLIED, _TYPE, _NOTE = (
    iri_token(name) for name in (EV.supportedBy, EV.impliedBy, RDF.type, SKOS.editorialNote)
)


def _claim(number: int) -> bytes:
    return b"%b%b>" % (_START, sha256(_OWN[number] + b" .\n").hexdigest()[:16].encode())


def _parts(claims: dict[int, list[bytes]], without: bytes = b"") -> list[bytes]:
    """The lines of claims about statements by number, with more pairs."""
    parts = []
    for number, more in claims.items():
        values = zip((RDF.subject, RDF.predicate, RDF.object), _OWN[number].split(b" "), strict=True)
        pairs = [b"%b %b" % (iri_token(name), value) for name, value in values if iri_token(name) != without]
        pairs += [b"%b %b" % (_TYPE, iri_token(RDF.Statement)), *more]
        parts += [b"%b %b" % (_claim(number), pair) for pair in pairs]
    return sorted(parts)


def _pairs(predicate: bytes, *units: int) -> list[bytes]:
    return [b"%b %b" % (predicate, _UNIT % number) for number in units]


def test_each_statement_has_its_claim() -> None:
    """In the order of the statements; a statement without one has none."""
    parts = _parts({2: _pairs(_SUPPORTED, 7), 0: _pairs(_IMPLIED, 1) + _pairs(_SUPPORTED, 2, 3)})
    claims = PlainClaims.of(parts, _START, _OWN)
    assert claims is not None
    first, none, last = claims.said()
    assert none is None
    assert first == (_claim(0), b"\n".join(_pairs(_IMPLIED, 1) + _pairs(_SUPPORTED, 2, 3)))
    assert last == (_claim(2), _pairs(_SUPPORTED, 7)[0])
    names = [f"https://e.example/document/a/1#{number}" for number in (1, 2, 3)]
    assert units_in(first[1]) == list(zip(names, (True, False, False), strict=True))


@pytest.mark.parametrize("more", [[b"%b <https://e.example/Other>" % _TYPE], []])
def test_what_a_claim_is_made_of_is_no_unit(more: list[bytes]) -> None:
    """Another class of a claim changes nothing of what it rests on."""
    claims = PlainClaims.of(_parts({1: [*_pairs(_SUPPORTED, 4), *more]}), _START, _OWN)
    assert claims is not None
    (_, found, _) = claims.said()
    assert found is not None
    assert units_in(found[1]) == [("https://e.example/document/a/1#4", False)]


@pytest.mark.parametrize("more", [[b'%b "because"@en' % _NOTE], []])
def test_more_than_units_or_nothing(more: list[bytes]) -> None:
    """Whoever reads units alone is not given those of a claim with a note, nor any of one that rests on nothing."""
    pairs = [*_pairs(_SUPPORTED, 4), *more] if more else []
    claims = PlainClaims.of(_parts({1: pairs}), _START, _OWN)
    assert claims is not None
    (_, found, _) = claims.said()
    assert found is not None
    assert units_in(found[1]) == []


def test_claims_in_another_form() -> None:
    """What lacks a part of its triple says the same beside it; what has too few lines to tell is left to others."""
    lacking = _parts({1: _pairs(_SUPPORTED, 4, 5)}, without=iri_token(RDF.predicate))
    claims = PlainClaims.of(lacking, _START, _OWN)
    assert claims is not None
    assert claims.said()[1] == (_claim(1), said(_pairs(_SUPPORTED, 4, 5)))
    assert PlainClaims.of(_parts({1: []}, without=iri_token(RDF.predicate)), _START, _OWN) is None


def test_claims_about_something_else() -> None:
    """A claim whose digest is that of no statement."""
    assert PlainClaims.of(_parts({1: _pairs(_SUPPORTED, 4)}), _START, _OWN[:1]) is None
    assert PlainClaims.of([b"%bx> <x:p> <x:o>" % _START] * 4, _START, _OWN) is None
