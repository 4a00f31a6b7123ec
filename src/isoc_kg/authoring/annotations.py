"""What a claim may carry besides its triple: evidence, and what else is said of it.

docs/evidence.md lists and explains these; `[annotations]` in `kg.toml` allows further ones.
"""

import re
from collections.abc import Callable

from ..namespaces import DCTERMS, EV, PROV, SCHEMA, SKOS, XSD
from ..rdf.lines import literal
from .dates import is_date

__all__ = ["ANNOTATIONS", "CONTRADICTING", "SUPPORTING", "Annotations", "ValueKind"]

#: What is said of one statement: properties (IRIs), each with the token of a value.
Annotations = tuple[tuple[str, bytes], ...]


class ValueKind:
    """What the values of an annotation are: words for a message, and a test of a value's canonical token."""

    def __init__(self, words: str, fits: Callable[[str], bool]) -> None:
        self.words, self.fits = words, fits


def _is_date(token: str) -> bool:
    text, _, datatype = literal(token.encode()) if token.startswith('"') else ("", None, None)
    return is_date(text, datatype)


def _is_share(token: str) -> bool:
    text, _, datatype = literal(token.encode()) if token.startswith('"') else ("", None, None)
    return datatype == XSD.decimal and bool(re.fullmatch(r"\+?0*(0(\.\d*)?|\.\d+|1(\.0*)?)", text))


_IRI = ValueKind("an IRI", lambda token: token.startswith("<"))
_TEXT = ValueKind(
    "a text that says something", lambda token: token.startswith('"') and bool(literal(token.encode())[0].strip())
)
_SHARE = ValueKind("an xsd:decimal from 0 to 1", _is_share)
_DATE = ValueKind("an xsd:gYear, xsd:gYearMonth, xsd:date or xsd:dateTime", _is_date)

#: The units that a claim rests on, and those that say otherwise.
SUPPORTING = (EV.supportedBy, EV.impliedBy)
CONTRADICTING = (EV.contradictedBy,)
#: What may stand in an annotation block, and what its values are.
ANNOTATIONS = {
    EV.supportedBy: _IRI,
    EV.impliedBy: _IRI,
    EV.contradictedBy: _IRI,
    SKOS.editorialNote: _TEXT,
    DCTERMS.source: _IRI,
    EV.answer: _TEXT,
    EV.preferred: _TEXT,
    EV.retracted: _TEXT,
    EV.confidence: _SHARE,
    SCHEMA.validFrom: _DATE,
    SCHEMA.validThrough: _DATE,
    PROV.wasAttributedTo: _IRI,
}
