"""A unit of a document as pages have it, out of the lines that describe it and its selectors."""

from dataclasses import dataclass

from ..namespaces import DCTERMS, EV, OA, RDF, SCHEMA
from ..rdf.lines import iri, literal
from ..wording.strings import without_signs
from .tagged_text import TaggedText

__all__ = ["UnitView", "read_unit_line"]

_SELECTORS = (".position", ".fragment", ".quote", ".page", ".element")


@dataclass(slots=True)
class UnitView:
    """A unit of a document as the published data tell it; positions are code points."""

    iri: str
    number: str = ""
    position: int = 0
    kind: str = ""
    sha256: str = ""
    start: int = 0
    end: int = 0
    gist: str | None = None
    quote: str | None = None
    exempt: str | None = None
    edition: str = ""
    page: int | None = None  #: of the document's original, a PDF
    element: str | None = None  #: the path of CSS to where it stands in a web page
    source: str | None = None  #: the address of that page on the web


def read_unit_line(units: dict[str, UnitView], subject: str, property_: str, object_: bytes, language: str) -> None:
    """Keep what a line says of a unit, or of one of its selectors; `language` is that of the page."""
    for selector in _SELECTORS:
        if subject.endswith(selector):
            name = subject.removesuffix(selector)
            _read_selector(units.setdefault(name, UnitView(name)), selector, property_, object_)
            return
    unit = units.setdefault(subject, UnitView(subject))
    unit.edition, _, unit.number = subject.partition("#")
    if property_ == SCHEMA.position:
        unit.position = int(literal(object_)[0])
    elif property_ == EV.unitKind:
        unit.kind = iri(object_)
    elif property_ == SCHEMA.sha256:
        unit.sha256 = literal(object_)[0]
    elif property_ == EV.gist:
        text, tag, _ = literal(object_)
        unit.gist = TaggedText(without_signs(text), tag or "", language)
    elif property_ == EV.exemptAs:
        unit.exempt = iri(object_)
    elif property_ == DCTERMS.source:
        unit.source = iri(object_)


def _read_selector(unit: UnitView, selector: str, property_: str, object_: bytes) -> None:
    """Keep where a unit stands, or what it quotes."""
    if property_ == OA.start:
        unit.start = int(literal(object_)[0])
    elif property_ == OA.end:
        unit.end = int(literal(object_)[0])
    elif property_ == OA.exact:
        unit.quote = without_signs(literal(object_)[0])
    elif property_ == RDF.value and selector == ".page":
        number = literal(object_)[0].removeprefix("page=")
        unit.page = int(number) if number.isdecimal() else None
    elif property_ == RDF.value and selector == ".element":
        unit.element = literal(object_)[0]
