"""What statements say together: names, classes, order, places in lists and times that cannot all be right."""

from collections.abc import Iterable, Iterator, Mapping

from ..errors import Finding
from ..iris import compact
from ..namespaces import ONTOLEX, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SKOS
from ..project import Project
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri, is_literal, triple_line
from .dates import BEGINNINGS, DATATYPES, TIMES, past_properties, precedes, typed_date
from .facts import Claim
from .vocabulary import DESCRIPTIONS, NameOrder

__all__ = ["check_consistency"]

#: Who must have been there when something took place.
_PARTICIPANTS = (
    *(ORG.originalOrganization, ORG.resultingOrganization, PROV.wasAssociatedWith),
    *(SCHEMA.participant, SCHEMA.organizer, SCHEMA.attendee, SCHEMA.performer, SCHEMA.agent),
)
#: What begins and what ends one thing.
_SPANS = (
    *((SCHEMA.startDate, SCHEMA.endDate), (PROV.startedAtTime, PROV.endedAtTime), (SCHEMA.birthDate, SCHEMA.deathDate)),
    (SCHEMA.foundingDate, SCHEMA.dissolutionDate),
)
#: From a concept to one that is broader.
_UP = (SKOS.broader, SKOS.broaderTransitive)


def check_consistency(project: Project, claims: Mapping[bytes, Claim], ontology: Iterable[bytes]) -> Iterator[Finding]:
    """What claims contradict in one another, each at the statement that is written last."""
    checks = _Checks(project, claims)
    yield from checks.names()
    yield from checks.namesakes()
    yield from checks.languages()
    yield from checks.unnamed()
    yield from checks.classes(ontology)
    yield from checks.loops()
    yield from checks.positions()
    yield from checks.times(ontology)
    yield from checks.spans()


class _Checks:
    """Claims by property, subject and object; all tokens."""

    def __init__(self, project: Project, claims: Mapping[bytes, Claim]) -> None:
        self.project, self.claims, self.prefixes = project, claims, project.prefixes
        self.things = iri_token(project.ids.things)[:-1]
        self.values: dict[bytes, dict[bytes, list[bytes]]] = {}
        for triple in claims:
            subject, predicate, object_, _ = split(triple)
            self.values.setdefault(predicate, {}).setdefault(subject, []).append(object_)

    def of(self, property_: str) -> dict[bytes, list[bytes]]:
        """Subject → the objects of a property."""
        return self.values.get(iri_token(property_), {})

    def finding(self, message: str, advice: str, *triples: tuple[bytes, str, bytes], warning: bool = False,
                about: tuple[bytes, str, bytes] | None = None) -> Finding:  # fmt: skip
        """A finding at the last of the statements that it is about; `about` is one that may be reported elsewhere."""
        claims = [self.claims[triple_line(subject, iri_token(name), value)] for subject, name, value in triples]
        claim = max(claims, key=lambda one: one.places[0])
        file, line = claim.places[0]
        statement = (about[0].decode(), f"<{about[1]}>", about[2].decode()) if about else None
        return Finding(message, "warning" if warning else "error", file, line, claim.iri, advice, statement)

    def shown(self, token: bytes) -> str:
        """The IRI as one writes it."""
        return compact(iri(token), self.prefixes)

    def names(self) -> Iterator[Finding]:
        """Two things of one class with one name."""
        types, different = self.of(RDF.type), self.of(OWL.differentFrom)
        for name in self.project.names.labels:
            bearers: dict[tuple[bytes, str], dict[bytes, bytes]] = {}
            for subject, labels in self.of(name).items():
                for label in filter(is_literal, labels):
                    for class_ in types.get(subject, []):
                        key = (class_, label[label.rindex(b'"') + 1 :].decode() + " " + literal(label)[0].casefold())
                        bearers.setdefault(key, {}).setdefault(subject, label)
            told = set()
            for (class_, _), things in bearers.items():
                (first, label), *others = things.items()
                for other, other_label in others:
                    apart = other in different.get(first, []) or first in different.get(other, [])
                    if apart or (first, other) in told:
                        continue
                    told.add((first, other))
                    yield self.finding(
                        f"{self.shown(first)} and {self.shown(other)}, both {self.shown(class_)}, are named "
                        f"{label.decode()}",
                        "Make them one thing, or name them apart; two things of one name say owl:differentFrom.",
                        (first, name, label),
                        (other, name, other_label),
                    )

    def namesakes(self) -> Iterator[Finding]:
        """Two things of different classes, or by another name than the main one, that are called the same."""
        names, types, different = self.project.names, self.of(RDF.type), self.of(OWL.differentFrom)
        main = set(names.labels)
        bearers: dict[str, dict[bytes, tuple[str, bytes]]] = {}
        for name in (*names.labels, *names.alternatives):
            if name == ONTOLEX.writtenRep:  # a word's form is called as what the word names
                continue
            for subject, labels in self.of(name).items():
                for label in filter(is_literal, labels):
                    key = label[label.rindex(b'"') + 1 :].decode() + " " + literal(label)[0].casefold()
                    bearers.setdefault(key, {}).setdefault(subject, (name, label))
        for things in bearers.values():
            (first, (name, label)), *others = things.items()
            for other, (other_name, other_label) in others:
                alike = set(types.get(first, ())) & set(types.get(other, ()))
                told = bool(alike) and name == other_name and name in main  # by `names`
                if told or other in different.get(first, []) or first in different.get(other, []):
                    continue
                yield self.finding(
                    f"{self.shown(first)} and {self.shown(other)} are both called {label.decode()}",
                    "Are they one thing? Then make them one; else say so: owl:differentFrom.",
                    (first, name, label),
                    (other, other_name, other_label),
                    warning=True,
                )

    def languages(self) -> Iterator[Finding]:
        """Things that have names, and none in the project's language."""
        order, language = NameOrder(self.project), self.project.language
        for name in self.project.names.labels:
            for subject, labels in self.of(name).items():
                texts = [label for label in labels if is_literal(label)]
                if texts and all(map(order.is_foreign, texts)):
                    yield self.finding(
                        f"{self.shown(subject)} has no {compact(name, self.prefixes)} in the project's language",
                        f"Add one with the tag @{language}.",
                        (subject, name, texts[0]),
                        warning=True,
                    )

    def unnamed(self) -> Iterator[Finding]:
        """Things without name, text, value or place in a list, in one warning; two main names in one language."""
        names = self.project.names
        naming = (*names.labels, *DESCRIPTIONS, RDF.value, SCHEMA.position)
        named = {subject for name in naming for subject in self.of(name)}
        nameless = [
            subject for subject in self.of(RDF.type) if subject not in named and subject.startswith(self.things)
        ]
        if nameless:
            first, *others = nameless
            more = f" and {len(others):,} more have" if others else " has"
            yield self.finding(
                f"{self.shown(first)}{more} a class and neither a name nor a text",
                f"Give each a {compact(names.labels[0], self.prefixes)}: pages and searches show it.",
                (first, RDF.type, self.of(RDF.type)[first][0]),
                warning=True,
            )
        for name in names.labels:
            for subject, labels in self.of(name).items():
                tags: dict[bytes, bytes] = {}
                for label in filter(is_literal, labels):
                    other = tags.setdefault(label[label.rindex(b'"') + 1 :], label)
                    if other != label and subject.startswith(self.things):
                        yield self.finding(
                            f"{self.shown(subject)} has two main names in one language: "
                            f"{other.decode()}, {label.decode()}",
                            "Keep one; the other is a schema:alternateName or skos:altLabel.",
                            (subject, name, other),
                            (subject, name, label),
                            about=(subject, name, b""),
                            warning=True,
                        )

    def classes(self, ontology: Iterable[bytes]) -> Iterator[Finding]:
        """Things in two classes that the ontology has apart (`owl:disjointWith`)."""
        above: dict[bytes, set[bytes]] = {}
        apart: list[tuple[bytes, bytes]] = []
        below, disjoint = iri_token(RDFS.subClassOf), iri_token(OWL.disjointWith)
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == below:
                above.setdefault(subject, set()).add(object_)
            elif predicate == disjoint:
                apart.append((subject, object_))
        for thing, types in self.of(RDF.type).items():
            yield from self._schemes(thing, types)
            if not apart:
                continue
            over = {type_: _reached(type_, above) for type_ in types}
            for one, other in apart:
                first = next((type_ for type_, classes in over.items() if one in classes), None)
                second = next((type_ for type_, classes in over.items() if other in classes), None)
                if first and second:
                    yield self.finding(
                        f"{self.shown(thing)} is {self.shown(first)} and {self.shown(second)}, and nothing is both",
                        "Keep the class that the text gives it.",
                        (thing, RDF.type, first),
                        (thing, RDF.type, second),
                    )

    def _schemes(self, thing: bytes, types: list[bytes]) -> Iterator[Finding]:
        """A thing in two classes whose concepts belong to different schemes."""
        first, *others = [type_ for type_ in types if iri(type_) in self.project.schemes] or [b""]
        for other in others:
            if self.project.schemes[iri(other)] != self.project.schemes[iri(first)]:
                yield self.finding(
                    f"{self.shown(thing)} is {self.shown(first)} and {self.shown(other)}, "
                    "which have schemes of their own",
                    "Keep the class that the text gives it.",
                    (thing, RDF.type, first),
                    (thing, RDF.type, other),
                    about=(thing, SKOS.inScheme, b""),
                )
                return

    def loops(self) -> Iterator[Finding]:
        """Concepts that are broader than themselves."""
        up: dict[bytes, dict[bytes, tuple[bytes, str, bytes]]] = {}
        for name in (*_UP, SKOS.narrower, SKOS.narrowerTransitive):
            for subject, objects in self.of(name).items():
                for object_ in filter(is_iri, objects):
                    low, high = (subject, object_) if name in _UP else (object_, subject)
                    up.setdefault(low, {})[high] = (subject, name, object_)
        done: set[bytes] = set()
        for start in up:
            path: dict[bytes, None] = {}
            stack = [(start, iter(up[start]))] if start not in done else []
            path[start] = None
            while stack:
                node, following = stack[-1]
                higher = next(following, None)
                if higher is None:
                    stack.pop()
                    path.pop(node, None)
                    done.add(node)
                elif higher in path:
                    loop = list(path)[list(path).index(higher) :]
                    if len(loop) == 1:
                        continue  # what leads to itself is told by the property's ends
                    yield self.finding(
                        f"skos:broader leads round: {' → '.join(map(self.shown, (*loop, higher)))}",
                        "Take one of these statements out: nothing is broader than itself.",
                        *(up[low][above] for low, above in zip(loop, (*loop[1:], higher), strict=True)),
                    )
                elif higher not in done and higher in up:
                    path[higher] = None
                    stack.append((higher, iter(up[higher])))

    def positions(self) -> Iterator[Finding]:
        """Two things at one place of a list: linked from one thing by one property."""
        positions = self.of(SCHEMA.position)
        if not positions:
            return
        for property_, subjects in self.values.items():
            for subject, objects in subjects.items():
                taken: dict[bytes, bytes] = {}
                for object_ in objects:
                    for position in positions.get(object_, []):
                        other = taken.setdefault(position, object_)
                        if other != object_:
                            yield self.finding(
                                f"{self.shown(other)} and {self.shown(object_)} are both number "
                                f"{literal(position)[0]} of what {self.shown(subject)} {self.shown(property_)}",
                                "Give each a place of its own.",
                                (other, SCHEMA.position, position),
                                (object_, SCHEMA.position, position),
                            )

    def times(self, ontology: Iterable[bytes]) -> Iterator[Finding]:
        """Dates after the publication's own, and what took place before those who took part had begun."""
        today = self.project.modified.isoformat() if self.project.modified else "9999"
        for name in sorted(past_properties(ontology)):
            for subject, dates in self.of(name).items():
                for date in dates:
                    if not is_literal(date) or literal(date)[2] not in DATATYPES:
                        claim = self.claims[triple_line(subject, iri_token(name), date)]
                        typed = typed_date(literal(date)[0]) if is_literal(date) else None
                        yield Finding(
                            f"{compact(name, self.prefixes)} of {self.shown(subject)} is no date: {date.decode()}",
                            *("error", *claim.places[0], claim.iri),
                            f"Write {typed}."
                            if typed
                            else 'Write "1992"^^xsd:gYear, or an xsd:gYearMonth, xsd:date or xsd:dateTime.',
                            (subject.decode(), f"<{name}>", date.decode()),
                        )
                    elif precedes(today, literal(date)[0]):
                        yield self.finding(
                            f"{compact(name, self.prefixes)} of {self.shown(subject)} is {literal(date)[0]}, "
                            f"and the publication is of {today}",
                            "Correct the date, or “modified” in kg.toml.",
                            (subject, name, date),
                        )
        beginnings: dict[bytes, list[bytes]] = {}
        for name in BEGINNINGS:
            for subject, dates in self.of(name).items():
                beginnings.setdefault(subject, []).extend(dates)
        meetings = [(link, name) for link in _PARTICIPANTS for name in TIMES]
        for link, name in (*meetings, (SCHEMA.founder, SCHEMA.foundingDate)):
            for event, participants in self.of(link).items():
                for date in self.of(name).get(event, []):
                    for who in participants:
                        yield from self._early((event, name, date), who, link, beginnings.get(who, []))

    def spans(self) -> Iterator[Finding]:
        """What ends before it begins."""
        for begins, ends in _SPANS:
            for subject, dates in self.of(ends).items():
                for end in filter(is_literal, dates):
                    for start in filter(is_literal, self.of(begins).get(subject, ())):
                        if precedes(literal(end)[0], literal(start)[0]):
                            yield self.finding(
                                f"{self.shown(subject)} ends in {literal(end)[0]} and begins in {literal(start)[0]}",
                                "Correct one of the dates.",
                                (subject, begins, start),
                                (subject, ends, end),
                            )

    def _early(
        self, dated: tuple[bytes, str, bytes], who: bytes, link: str, beginnings: list[bytes]
    ) -> Iterator[Finding]:
        event, _, date = dated
        for start in beginnings:
            if precedes(literal(date)[0], literal(start)[0]):
                yield self.finding(
                    f"{self.shown(event)} is of {literal(date)[0]}, and {self.shown(who)}, its "
                    f"{compact(link, self.prefixes)}, began in {literal(start)[0]}",
                    "Correct a date, or who took part.",
                    dated,
                    (event, link, who),
                    about=(event, link, who),
                )


def _reached(start: bytes, links: Mapping[bytes, Iterable[bytes]]) -> set[bytes]:
    seen, queue = {start}, [start]
    while queue:
        for node in links.get(queue.pop(), ()):
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return seen
