"""How many bytes of HTML the units of a document take in the reading view, by which long documents are cut.

What this counts is what `unit_rows` and its template write: a little more rather than less, as pages are bounded by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import escape

from ..namespaces import XSD
from ..rdf.lines import iri, literal
from ..rdf.tokens import is_literal
from .index import Index
from .unit_view import UnitView

__all__ = ["LONGEST_VALUE", "UnitWeights"]

LONGEST_VALUE = 600  #: characters of a literal that are shown beside a unit; the rest stands on its subject's page
_UNIT = 440  #: a unit with its place and digest, without its words
_STATEMENT = 112  #: a statement, without its predicate, its value and its subject's address
_SUBJECT = 52  #: a subject, without its address and its name
_LINK = 34  #: without address and text
_LITERAL = 46
_TAG = 40  #: around a text in another language, and what tells a datatype
_DISPUTED = 600  #: who contradicts a statement


@dataclass
class UnitWeights:
    """The weights of units, by what an index has on them."""

    index: Index
    _addresses: dict[bytes, int] = field(default_factory=dict)
    _texts: dict[bytes, int] = field(default_factory=dict)

    def unit(self, unit: UnitView) -> int:
        """The bytes that a unit takes with everything that rests on it, about."""
        words = sum(_bytes(text) + _TAG for text in (unit.quote, unit.gist) if text)
        resting = dict.fromkeys(claim for _, claim in self.index.claims.get(unit.iri, ()))
        denied = self.index.contradicted.get(unit.iri, ())
        return _UNIT + len(unit.source or "") + words + self.claims(resting) + self.claims(denied)

    def claims(self, names: Iterable[str]) -> int:
        """The bytes that claims take, about."""
        subjects: set[bytes] = set()
        weight = 0
        for name in names:
            triple = self.index.triple_of(name)
            if triple:
                subject = triple.split(b" ", 1)[0]
                weight += self.claim(triple[:-3], name)
                if subject not in subjects:
                    subjects.add(subject)
                    weight += _SUBJECT + self._address(subject) + self._text(subject)
        return weight

    def claim(self, triple: bytes, name: str) -> int:
        """The bytes that a claim takes below its subject, about; `triple` is a line without ` .` and line end."""
        subject, predicate, object_ = triple.split(b" ", 2)
        weight = _STATEMENT + self._address(subject) + self._text(predicate)
        if is_literal(object_):
            text, language, datatype = literal(object_)
            weight += _LITERAL + _bytes(text[:LONGEST_VALUE])
            if language not in (None, self.index.project.language):
                weight += _TAG + 2 * len(language)
            elif datatype not in (None, str(XSD.string)):
                weight += _TAG + len(datatype)
        else:
            weight += _LINK + self._address(object_) + self._text(object_)
        if name in self.index.disputed:
            view = self.index.claim(name)[0]
            weight += _DISPUTED + sum(_bytes(reason) + _TAG for reason in (view.retracted if view else ()))
        return weight

    def _address(self, token: bytes) -> int:
        """The bytes of a link's address; those of names in other scripts are escaped."""
        length = self._addresses.get(token)
        if length is None:
            name = iri(token) if token.startswith(b"<") else ""
            own = name.removeprefix(self.index.project.ids.base)  # what is elsewhere is marked as such instead
            length = self._addresses[token] = len(own) if own.isascii() else len(quote(own))
        return length

    def _text(self, token: bytes) -> int:
        """The bytes of what a resource is called."""
        length = self._texts.get(token)
        if length is None:
            name, language = self.index.name_of(token)
            length = self._texts[token] = _bytes(name) + (
                _TAG if language not in ("", self.index.project.language) else 0
            )
        return length


def _bytes(text: str) -> int:
    return len(escape(str(text)).encode())
