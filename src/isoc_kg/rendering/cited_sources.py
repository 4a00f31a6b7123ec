"""What the Turtle of a citation has besides its claim, so that it says all by itself."""

from collections.abc import Callable, Iterator, Sequence

from ..namespaces import DCTERMS, OA, RDF, SCHEMA, SKOS
from ..rdf.lines import iri, split, without_graph
from ..rdf.tokens import iri_token, is_iri
from .index import Index
from .resource import ClaimView

__all__ = ["CitedSource", "cited_sources"]

_TYPE, _IN_SCHEME = iri_token(RDF.type), iri_token(SKOS.inScheme)
_WHAT = frozenset((_TYPE, _IN_SCHEME, iri_token(SKOS.definition), iri_token(SCHEMA.position)))
_SELECTOR, _VERSION_OF = iri_token(OA.hasSelector), iri_token(DCTERMS.isVersionOf)

#: An IRI, and what gives the triples that a citation tells of it.
CitedSource = tuple[str, Callable[[Index, str], Iterator[bytes]]]


def cited_sources(index: Index, triple: Sequence[bytes], claim: ClaimView) -> Iterator[CitedSource]:
    """What a claim about a triple (tokens) is told with, each once: things, rival claims, units, and their editions."""
    subject, predicate, object_ = triple
    rivals = [(name, view) for name in claim.rivals if (view := index.claim(name)[0])]
    things = [object_, *(split(rival)[2] for name, _ in rivals if (rival := index.triple_of(name)))]
    if predicate == _TYPE:  # shapes of the class ask what the thing is called
        things.append(subject)
    own = index.project.ids.things
    named = dict.fromkeys(iri(thing) for thing in things if is_iri(thing) and iri(thing).startswith(own))
    for name in dict.fromkeys((*named, *(scheme for thing in named for scheme in _schemes(index, thing)))):
        yield name, _kinds_and_names
    for name, _ in rivals:
        yield name, _claim
    views = (claim, *(view for _, view in rivals))
    units = dict.fromkeys(name for view in views for name in (*dict(view.units), *view.contradicting))
    for name in units:
        yield name, _unit
    for name in dict.fromkeys(name.partition("#")[0] for name in units):
        yield name, _edition


def _schemes(index: Index, thing: str) -> Iterator[str]:
    """The schemes of a concept."""
    for _, predicate, object_, _ in map(split, index.lines_of(iri_token(thing))):
        if predicate == _IN_SCHEME and is_iri(object_):
            yield iri(object_)


def _kinds_and_names(index: Index, thing: str) -> Iterator[bytes]:
    """The triples that tell what a thing is, what it is called, and of which scheme."""
    labels = index.name_order.labels
    for line in index.lines_of(iri_token(thing)):
        _, predicate, _, graph = split(line)
        if predicate in _WHAT or predicate in labels:
            yield without_graph(line, graph)


def _claim(index: Index, name: str) -> Iterator[bytes]:
    """The triples of a claim."""
    yield from index.claim(name)[1]


def _unit(index: Index, name: str) -> Iterator[bytes]:
    """The triples of a unit, and of where it stands in its document."""
    return _with(index, name, _SELECTOR)


def _edition(index: Index, name: str) -> Iterator[bytes]:
    """The triples of an edition, and of the document that it is one of."""
    return _with(index, name, _VERSION_OF)


def _with(index: Index, name: str, property_: bytes) -> Iterator[bytes]:
    """The triples of a resource, and of those that a property leads to."""
    for line in index.lines_of(iri_token(name)):
        _, predicate, object_, graph = split(line)
        yield without_graph(line, graph)
        if predicate == property_:
            yield from (without_graph(other, split(other)[3]) for other in index.lines_of(object_))
