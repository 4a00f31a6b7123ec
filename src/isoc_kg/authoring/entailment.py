"""What statements entail by axioms between named terms: superclasses, superproperties, inverses, symmetric properties.

Nothing is concluded from a domain or a range, and what is published is what a project lists (`[entailment]`), so that
those who know only a standard term get an answer, without a reasoner and without thousands of empty statements.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from ..namespaces import OWL, RDF, RDFS, SKOS
from ..rdf.lines import split
from ..rdf.tokens import iri_token, is_iri, triple_line

__all__ = ["AXIOMS", "IN_SCHEME", "TWO_WAY", "Axioms", "entailed_lines", "top_concept_lines"]

_TYPE = iri_token(RDF.type)
_SYMMETRIC = iri_token(OWL.SymmetricProperty)
_INVERSE = iri_token(OWL.inverseOf)
_ABOVE = frozenset(map(iri_token, (RDFS.subClassOf, RDFS.subPropertyOf)))
_SAME = frozenset(map(iri_token, (OWL.equivalentClass, OWL.equivalentProperty)))
#: The properties of the axioms that are read, besides `rdf:type owl:SymmetricProperty`, and those that lead both ways.
AXIOMS = (*sorted(_ABOVE), *sorted(_SAME), _INVERSE)
TWO_WAY = (*sorted(_SAME), _INVERSE)
#: Properties between a concept and its scheme → whether the scheme is the subject.
IN_SCHEME: Mapping[bytes, bool] = MappingProxyType(
    {iri_token(SKOS.inScheme): False, iri_token(SKOS.topConceptOf): False, iri_token(SKOS.hasTopConcept): True}
)
_TOP = iri_token(SKOS.hasTopConcept)
_BROADER = iri_token(SKOS.broader)
#: What SKOS says of its own properties (https://www.w3.org/TR/skos-reference/, S7, S8, S23, S25, S41 to S44).
_SKOS = tuple(
    triple_line(iri_token(SKOS[subject]), iri_token(predicate), iri_token(object_))
    for subject, predicate, object_ in (
        ("topConceptOf", RDFS.subPropertyOf, SKOS.inScheme),
        ("topConceptOf", OWL.inverseOf, SKOS.hasTopConcept),
        ("related", RDF.type, OWL.SymmetricProperty),
        ("narrower", OWL.inverseOf, SKOS.broader),
        ("broadMatch", RDFS.subPropertyOf, SKOS.broader),
        ("narrowMatch", RDFS.subPropertyOf, SKOS.narrower),
        ("relatedMatch", RDFS.subPropertyOf, SKOS.related),
        ("exactMatch", RDFS.subPropertyOf, SKOS.closeMatch),
        ("narrowMatch", OWL.inverseOf, SKOS.broadMatch),
        ("exactMatch", RDF.type, OWL.SymmetricProperty),
        ("closeMatch", RDF.type, OWL.SymmetricProperty),
        ("relatedMatch", RDF.type, OWL.SymmetricProperty),
    )
)
#: A class or property above another, and whether subject and object change places.
_Over = tuple[bytes, bool]
_Triple = tuple[bytes, bytes, bytes]


class Axioms:
    """The axioms of an ontology (canonical lines), with SKOS's own. Loops among them are no harm."""

    def __init__(self, ontology: Iterable[bytes]) -> None:
        self._next: dict[bytes, set[_Over]] = {}
        self._over: dict[bytes, tuple[_Over, ...]] = {}
        for line in (*_SKOS, *ontology):
            subject, predicate, object_, _ = split(line)
            if predicate in _ABOVE:
                self._next.setdefault(subject, set()).add((object_, False))
            elif predicate in _SAME or predicate == _INVERSE:
                flipped = predicate == _INVERSE
                self._next.setdefault(subject, set()).add((object_, flipped))
                self._next.setdefault(object_, set()).add((subject, flipped))
            elif predicate == _TYPE and object_ == _SYMMETRIC:
                self._next.setdefault(subject, set()).add((subject, True))

    def over(self, term: bytes) -> tuple[_Over, ...]:
        """All that a class or property leads to, the term itself left out where nothing changes places."""
        found = self._over.get(term)
        if found is None:
            seen: set[_Over] = {(term, False)}
            queue = [(term, False)]
            while queue:
                name, flipped = queue.pop()
                for above, turn in self._next.get(name, ()):
                    if (above, flipped ^ turn) not in seen:
                        seen.add((above, flipped ^ turn))
                        queue.append((above, flipped ^ turn))
            found = self._over[term] = tuple(sorted(seen - {(term, False)}))
        return found

    def leading_to(self) -> frozenset[bytes]:
        """The terms that some other term, or the term itself the other way round, leads to."""
        return frozenset(above for term in self._next for above, _ in self.over(term))

    def entailed(self, subject: bytes, predicate: bytes, object_: bytes) -> Iterator[_Triple]:
        """The triples that follow from one, whatever is listed."""
        if predicate == _TYPE:
            yield from ((subject, predicate, above) for above, flipped in self.over(object_) if not flipped)
            return
        for above, flipped in self.over(predicate):
            if not flipped:
                yield subject, above, object_
            elif is_iri(object_):
                yield object_, above, subject


def entailed_lines(axioms: Axioms, terms: Collection[bytes], *parts: Iterable[bytes]) -> set[bytes]:
    """The triples with one of these terms (tokens), as property or class, that follow from lines and are none of them.

    The lines are triples. Of most nothing follows: these cost one look-up each.
    """
    properties: dict[bytes, tuple[_Over, ...]] = {}
    classes: dict[bytes, tuple[bytes, ...]] = {}  # how a line of a type ends → the ends of what follows
    found: set[bytes] = set()
    given: set[bytes] = set()  # of the lines those alone that can be among what is found
    for line in chain.from_iterable(parts):
        subject, predicate, rest = line.split(b" ", 2)
        if predicate == _TYPE:
            ends = classes.get(rest)
            if ends is None:
                above = sorted(name for name, flipped in axioms.over(rest[:-3]) if not flipped and name in terms)
                ends = classes[rest] = tuple(b" %s %s .\n" % (_TYPE, name) for name in above)
            for end in ends:
                found.add(subject + end)
            if rest[:-3] in terms:
                given.add(line)
            continue
        over = properties.get(predicate)
        if over is None:
            over = properties[predicate] = tuple(pair for pair in axioms.over(predicate) if pair[0] in terms)
        for name, flipped in over:
            if not flipped:
                found.add(b"%s %s %s" % (subject, name, rest))
            elif is_iri(rest):
                found.add(b"%s %s %s .\n" % (rest[:-3], name, subject))
        if predicate in terms:
            given.add(line)
    return found - given


def top_concept_lines(axioms: Axioms, lines: Iterable[bytes]) -> Iterator[bytes]:
    """`skos:hasTopConcept` of each scheme that does not name any itself: its concepts with none of its own above them.

    `lines` have all that says which concepts are in a scheme, and which are broader.
    """
    schemes: dict[bytes, set[bytes]] = {}
    broader: dict[bytes, set[bytes]] = {}
    named: set[bytes] = set()
    asked = frozenset((_BROADER, *IN_SCHEME))
    leading: dict[bytes, tuple[_Over, ...]] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        over = leading.get(predicate)
        if over is None:
            pairs = ((predicate, False), *axioms.over(predicate))
            over = leading[predicate] = tuple(pair for pair in pairs if pair[0] in asked)
        for above, flipped in over:
            one, other = (rest[:-3], subject) if flipped else (subject, rest[:-3])
            if above == _BROADER:
                broader.setdefault(one, set()).add(other)
            elif above == _TOP:
                named.add(one)
            elif above in IN_SCHEME:
                schemes.setdefault(one, set()).add(other)
    for concept, own in schemes.items():
        for scheme in own - named:
            if not any(scheme in schemes.get(above, ()) for above in broader.get(concept, ()) if above != concept):
                yield triple_line(scheme, _TOP, concept)
