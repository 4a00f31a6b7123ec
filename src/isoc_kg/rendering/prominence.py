"""Which things a reader looks for first: what there is in the world, then ideas, then what carries data of these."""

from collections.abc import Sequence
from functools import cache
from heapq import nlargest

from ..namespaces import DCAT, EV, ONTOLEX, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SH, SKOS, Namespace
from ..rdf.lines import split
from ..rdf.tokens import iri_token, is_blank
from .renderer import Renderer

__all__ = ["class_tier", "prominent"]

_WORLD, _IDEAS, _PARTS = range(3)
_CUBE, _TIME = Namespace("http://purl.org/linked-data/cube#"), Namespace("http://www.w3.org/2006/time#")
#: Classes of what holds other things together, or is a part of what is said of one: lists, roles, amounts, addresses,
#: words, statements about statements.
_CARRYING = frozenset(
    iri_token(space[name])
    for space, names in (
        (RDF, ("Statement", "List", "Seq", "Bag", "Alt", "Property")),
        (RDFS, ("Class", "Datatype")),
        (OWL, ("Ontology", "Axiom", "Class", "Restriction")),
        (OWL, ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
        (SKOS, ("ConceptScheme", "Collection", "OrderedCollection")),
        (ORG, ("Membership", "Role", "Site")),
        (DCAT, ("Distribution", "CatalogRecord")),
        (EV, ("Edition", "Unit")),
        (SH, ("NodeShape", "PropertyShape")),
        (PROV, ("Association", "Attribution", "Usage", "Generation", "Derivation", "Role", "Bundle")),
        (ONTOLEX, ("LexicalEntry", "Word", "MultiWordExpression", "MultiwordExpression", "Affix", "Form")),
        (ONTOLEX, ("LexicalSense", "LexicalConcept")),
        (SCHEMA, ("ItemList", "ListItem", "BreadcrumbList", "HowToStep", "Question", "Answer", "Comment", "Statement")),
        (SCHEMA, ("Role", "OrganizationRole", "Audience", "DefinedTerm", "DefinedTermSet", "Action", "Offer")),
        (SCHEMA, ("StructuredValue", "QuantitativeValue", "MonetaryAmount", "PropertyValue", "PriceSpecification")),
        (SCHEMA, ("PostalAddress", "ContactPoint", "GeoCoordinates", "GeoShape", "OpeningHoursSpecification")),
        (SCHEMA, ("Rating", "AggregateRating", "Observation", "ImageObject", "MediaObject", "DataDownload")),
        (_CUBE, ("Observation", "DataSet")),
        (_TIME, ("Instant", "Interval")),
    )
    for name in names
)
_CONCEPT = iri_token(SKOS.Concept)
_CANDIDATES = 1_000  #: things that are looked at closely
_MOST_LINKS = 20  #: that count, so that what everything belongs to is not what is described best


def class_tier(renderer: Renderer, classes: tuple[bytes, ...]) -> int:
    """Where things of these classes come: 0 what there is in the world, 1 ideas, 2 what carries data of others."""
    own = set(classes)
    above = own | {upper for _, _, upper, _ in map(split, renderer.index.above(classes))}
    if above & _CARRYING:
        return _PARTS
    return _IDEAS if _CONCEPT in above else _WORLD


def prominent(renderer: Renderer, things: Sequence[bytes], main: bytes, most: int) -> list[bytes]:
    """The things that a reader looks for first: `main`, then those of the first tier that has any, the best described.

    Described best is what many properties are stated of, and many other things lead to; what has no name is left out.
    """
    index = renderer.index
    tier = cache(lambda classes: class_tier(renderer, classes))
    named = [thing for thing in things if thing in index.label and thing not in index.withdrawn]
    tiers: dict[int, list[bytes]] = {}
    for thing in named:
        classes = index.types.get(thing, ())
        # a blank node without a class is a note on something, such as a change of it
        tiers.setdefault(tier(classes) if classes or not is_blank(thing) else _PARTS, []).append(thing)

    def weight(thing: bytes) -> tuple[int, int]:
        lines = [line for line in index.lines_of(thing) if not index.is_entailed(line)]
        stated = {split(line)[1] for line in lines} - renderer.not_covering
        links = {
            subject
            for number in index.incoming.of(thing)[: 10 * _MOST_LINKS]
            for subject, predicate, _, _ in (split(index.lines[number]),)
            if predicate not in renderer.not_covering and not index.is_entailed(index.lines[number])
        }
        return len(stated) * (1 + min(len(links), _MOST_LINKS)), len(lines)

    found = [main] if main in index.paged else []
    for _, members in sorted(tiers.items()):
        close = nlargest(_CANDIDATES, members, key=lambda one: index.said[one] + len(index.incoming.of(one)))
        ranked = sorted(close, key=lambda one: (*(-number for number in weight(one)), renderer.sort_key(one)))
        found += [thing for thing in ranked if thing != main]
        if len(found) >= min(most, 2):  # ideas fill no page that has things, and lists none that has ideas
            break
    return found[:most]
