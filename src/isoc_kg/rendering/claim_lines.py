"""The lines of the claims about one thing, which stand together: as one text, and what each says of its triple."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256

from ..namespaces import EV, RDF
from ..rdf.tokens import PART_TOKENS, iri_token

__all__ = ["OF_CLAIM", "ClaimLines", "PlainClaims", "Units", "said", "units_in"]

_SUPPORTED, _IMPLIED = (b"%b " % iri_token(name) for name in (EV.supportedBy, EV.impliedBy))
#: What a claim is made of, apart from what is said of it.
OF_CLAIM = frozenset((iri_token(RDF.type), *PART_TOKENS, iri_token(RDF.reifies)))
#: How the first lines of most claims go on behind the claim, in the order of lines; the last one as a whole.
_OBJECT, _PREDICATE, _SUBJECT = sorted(b" %b " % token for token in PART_TOKENS)
_IS_STATEMENT = b" %b %b" % (iri_token(RDF.type), iri_token(RDF.Statement))
_OF_TRIPLE = 4  #: lines of a claim that tell what it is about

#: Units with whether each only implies the claim.
Units = tuple[tuple[str, bool], ...]


class ClaimLines:
    """Lines of claims that follow each other: the number of the first, how many there are, and all as one text."""

    def __init__(self, number: int, count: int, text: bytes) -> None:
        self.number, self.count, self.text = number, count, text

    @cached_property
    def by_claim(self) -> Mapping[bytes, bytes]:
        """Those of each claim."""
        return dict(_by_subject(self.text))


class PlainClaims:
    """The claims of the statements about a thing, where all that they say is in one graph."""

    def __init__(
        self, parts: Sequence[bytes], tokens: Sequence[bytes], places: Mapping[bytes, tuple[int, int]]
    ) -> None:
        self.parts = parts  #: the lines, without graph and end
        self._tokens = tokens  # the claim that each statement would have, in the order of their lines
        self._places = places  # of each claim the number of its first part, and that behind its last

    @classmethod
    def of(cls, parts: Sequence[bytes], start: bytes, statements: Iterable[bytes]) -> "PlainClaims | None":
        """The claims that lines, without graph and end, are about statements, whose claims' tokens begin so.

        None where a claim is of none of these statements, or is not whole.
        """
        tokens = [b"%b%b>" % (start, sha256(b"%b .\n" % one).hexdigest()[:16].encode()) for one in statements]
        places: dict[bytes, tuple[int, int]] = {}
        expected, size = set(tokens), len(start) + 17
        number, end = 0, len(parts)
        while number < end:
            token = parts[number][:size]
            behind = number + _OF_TRIPLE
            if token not in expected or behind > end or not parts[behind - 1].startswith(token):
                return None
            while behind < end and parts[behind].startswith(token):
                behind += 1
            places[token] = number, behind
            number = behind
        return cls(parts, tokens, places)

    def said(self) -> list[tuple[bytes, bytes] | None]:
        """The claim of each statement and what `said` gives for it; None where it has none."""
        places = self._places
        return [(token, self._said(token, places[token])) if token in places else None for token in self._tokens]

    def _said(self, token: bytes, place: tuple[int, int]) -> bytes:
        number, end = place
        parts, size = self.parts, len(token)
        if (
            parts[number].startswith(_OBJECT, size)
            and parts[number + 1].startswith(_PREDICATE, size)
            and parts[number + 2].startswith(_SUBJECT, size)
            and parts[number + 3][size:] == _IS_STATEMENT
        ):
            if end == number + _OF_TRIPLE + 1:
                return parts[end - 1][size + 1 :]
            return b"\n".join([part[size + 1 :] for part in parts[number + _OF_TRIPLE : end]])
        return said([part[size + 1 :] for part in parts[number:end]])


def said(pairs: Iterable[bytes]) -> bytes:
    """What a claim says beside its triple, of its pairs of predicate and object: the same where units are the same."""
    return b"\n".join([pair for pair in pairs if pair.split(b" ", 1)[0] not in OF_CLAIM])


def units_in(text: bytes) -> list[tuple[str, bool]]:
    """The units in what `said` gives, none where it has anything else."""
    units: list[tuple[str, bool]] = []
    for line in text.split(b"\n"):
        if line.startswith(_SUPPORTED):
            units.append((line[len(_SUPPORTED) + 1 : -1].decode(), False))
        elif line.startswith(_IMPLIED):
            units.append((line[len(_IMPLIED) + 1 : -1].decode(), True))
        elif line.split(b" ", 1)[0] not in OF_CLAIM:
            return []
    return units


def _by_subject(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each subject of sorted lines with its lines as one text."""
    start, size = 0, len(text)
    while start < size:
        subject = text[start : text.index(b" ", start) + 1]
        end = start
        while text.startswith(subject, end):
            end = text.index(b"\n", end) + 1
        yield subject[:-1], text[start:end]
        start = end
