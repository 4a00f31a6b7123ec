"""The triples that describe a document, its edition and its units: the graph `/document`."""

import re
from collections.abc import Iterator

from ..namespaces import DCTERMS, EV, OA, PROV, RDF, RDFS, SCHEMA, SKOS, XSD
from ..project import Project
from ..rdf.tokens import statement_line, text_token, typed_token
from .editions import Edition
from .intake.passages import Place
from .units import KINDS, Unit

__all__ = ["describe_edition"]

#: What an edition is called, by the language of its document; in others the number alone, in brackets.
_EDITIONS = {"en": "{title}, edition {edition}", "de": "{title}, Ausgabe {edition}"}
_DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}  #: by how many characters they have


def describe_edition(project: Project, edition: Edition) -> Iterator[bytes]:
    """The lines of a document, its edition and its units with Web Annotation selectors, in no order."""
    ids, document, name = project.ids, edition.document, edition.iri
    whole = ids.document(document.slug)
    title = text_token(document.title, document.language)
    called = _EDITIONS.get(document.language.partition("-")[0].lower(), "{title} ({edition})")
    label = text_token(called.format(title=document.title, edition=document.edition), document.language)
    yield statement_line(whole, RDF.type, SCHEMA.DigitalDocument)
    yield statement_line(whole, DCTERMS.title, title)
    yield statement_line(whole, RDFS.label, title)
    yield statement_line(name, RDF.type, EV.Edition)
    yield statement_line(name, DCTERMS.isVersionOf, whole)
    yield statement_line(name, DCTERMS.title, title)
    yield statement_line(name, RDFS.label, label)
    yield statement_line(name, DCTERMS.language, text_token(document.language))
    yield statement_line(name, SCHEMA.version, text_token(document.edition))
    yield statement_line(name, SCHEMA.sha256, text_token(edition.index.sha256))
    if document.rights:
        yield statement_line(name, DCTERMS.rights, text_token(document.rights, project.language))
    if document.source:
        yield statement_line(name, DCTERMS.source, document.source)
    # schema.org's own terms take the name of a person or an organisation as a text; Dublin Core's range is an agent
    for property_, agent in ((SCHEMA.author, document.author), (SCHEMA.publisher, document.publisher)):
        if agent:
            is_iri = agent.startswith(("https://", "http://"))
            yield statement_line(name, property_, agent if is_iri else text_token(agent))
    if document.date:
        yield statement_line(name, SCHEMA.datePublished, typed_token(document.date, _DATES[len(document.date)]))
    if document.about:
        yield statement_line(whole, SCHEMA.about, ids.thing(document.about))
    if document.revision_of:
        yield statement_line(name, PROV.wasRevisionOf, ids.edition(document.slug, document.revision_of))
    for other in project.documents:
        if (other.slug, other.revision_of) == (document.slug, document.edition):
            yield statement_line(name, DCTERMS.isReplacedBy, ids.edition(other.slug, other.edition))
    for position, unit in enumerate(edition.index.units.values(), 1):
        yield from _unit_lines(edition, edition.recorded.get(unit.number, unit), position)


def _unit_lines(edition: Edition, unit: Unit, position: int) -> Iterator[bytes]:
    name = edition.unit_iri(unit.number)
    yield statement_line(name, RDF.type, EV.Unit)
    yield statement_line(name, RDFS.label, text_token(f"{unit.kind} {unit.number}", "en"))
    yield statement_line(name, DCTERMS.identifier, text_token(unit.number))
    yield statement_line(name, SCHEMA.position, typed_token(position, XSD.integer))
    yield statement_line(name, EV.unitKind, KINDS[unit.kind])
    yield statement_line(name, SCHEMA.sha256, text_token(unit.sha256))
    yield statement_line(name, OA.hasSource, edition.iri)
    if unit.number in edition.exempt:
        yield statement_line(name, EV.exemptAs, edition.exempt[unit.number])
    if unit.number in edition.gists:
        yield statement_line(name, EV.gist, edition.gists[unit.number])
    if unit.number in edition.stale:
        yield statement_line(name, SKOS.changeNote, edition.stale[unit.number])
    place = f"{name}.position"
    yield statement_line(name, OA.hasSelector, place)
    yield statement_line(place, RDF.type, OA.TextPositionSelector)
    yield statement_line(place, OA.start, typed_token(unit.start, XSD.nonNegativeInteger))
    yield statement_line(place, OA.end, typed_token(unit.end, XSD.nonNegativeInteger))
    fragment = f"{name}.fragment"
    yield statement_line(name, OA.hasSelector, fragment)
    yield statement_line(fragment, RDF.type, OA.FragmentSelector)
    yield statement_line(fragment, RDF.value, text_token(f"char={unit.start},{unit.end}"))
    yield statement_line(fragment, DCTERMS.conformsTo, "http://tools.ietf.org/rfc/rfc5147")
    if unit.place is not None:
        yield from _original_lines(edition, name, unit.place)
    words = edition.quote(unit.number) if edition.document.publish_text else None
    if words is not None:
        quote = f"{name}.quote"
        yield statement_line(name, OA.hasSelector, quote)
        yield statement_line(quote, RDF.type, OA.TextQuoteSelector)
        yield statement_line(quote, OA.exact, text_token(words))


def _original_lines(edition: Edition, name: str, place: Place) -> Iterator[bytes]:
    """Where a unit stands in the file that its text was taken out of: the page of a PDF, the element of a web page.

    A page is a fragment by RFC 8118, and an address where the document's source is a PDF. The boxes of its lines stay
    in the index: that RFC's `viewrect` is one rectangle, and what a viewer is to zoom to, not what was said there.
    """
    if place.page is not None:
        page = f"{name}.page"
        yield statement_line(name, OA.hasSelector, page)
        yield statement_line(page, RDF.type, OA.FragmentSelector)
        yield statement_line(page, RDF.value, text_token(f"page={place.page}"))
        yield statement_line(page, DCTERMS.conformsTo, "http://tools.ietf.org/rfc/rfc8118")
        source = edition.document.source
        if source and (address := page_address(source, place.page)):
            yield statement_line(name, DCTERMS.source, address)
    if place.selector is not None:
        element = f"{name}.element"
        yield statement_line(name, OA.hasSelector, element)
        yield statement_line(element, RDF.type, OA.CssSelector)
        yield statement_line(element, RDF.value, text_token(place.selector))
        if place.part is not None:  # the file in an EPUB that has the element
            yield statement_line(element, DCTERMS.identifier, text_token(place.part))


def page_address(source: str, page: int) -> str | None:
    """The address of a page of a PDF on the web (RFC 8118, 3); None for a source that is none.

    >>> page_address("https://example.org/Report.PDF?v=2", 3)
    'https://example.org/Report.PDF?v=2#page=3'
    """
    if re.match(r"https?://[^?#]+\.pdf(?:\?[^#]*)?$", source, re.IGNORECASE):
        return f"{source}#page={page}"
    return None
