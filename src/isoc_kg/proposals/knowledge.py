"""What a project knows, in memory: its facts by thing, name and unit, its terms, its texts."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Literal

from .. import rdf
from ..authoring.annotations import SUPPORTING
from ..authoring.dataset import Dataset, build_dataset
from ..authoring.derivation import derive_lines
from ..authoring.facts import Claim
from ..authoring.terms import DeclaredTerms
from ..authoring.vocabulary import NameOrder, best_named
from ..evidence.abbreviation import prefixes_of_facts
from ..evidence.corpus import Corpus
from ..evidence.held import replaced_editions
from ..evidence.skeletons import Skeletons
from ..namespaces import EV, RDF, RDFS, XSD
from ..project import Project
from ..rdf.lines import iri, literal, sort_lines, split
from ..rdf.text_preference import Preference
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation import ShapesGraph

__all__ = ["Knowledge", "introductions"]

_TYPE = iri_token(RDF.type)


class Knowledge:
    """A project in memory, with what was accepted since it was read.

    `without` hides the evidence of some units (IRIs): claims that rest on nothing else are not known.
    """

    def __init__(self, project: Project, *, without: Collection[str] = ()) -> None:
        self.project = project
        self.shapes = ShapesGraph.of_project(project)
        dataset = build_dataset(project, self.shapes)
        self.dataset = _hiding(dataset, without) if without else dataset
        self.claims: dict[bytes, Claim] = dict(self.dataset.claims)
        self.ontology = self.dataset.graph("ontology")
        self.texts = {one.iri: text for one in self.dataset.editions if (text := one.text()) is not None}
        self.corpus = Corpus(self.dataset, self.texts, self.shapes.lines)
        self.declared = DeclaredTerms(self.ontology)
        self._replaced = {edition.iri for edition in replaced_editions(self.dataset)}
        self.described = {split(line)[0] for line in self.ontology}
        self._by_subject: dict[bytes, list[Claim]] = {}
        self._by_object: dict[bytes, list[Claim]] = {}
        self._by_name: dict[str, list[Claim]] = {}
        self._by_unit: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            self._enter(claim)

    @cached_property
    def naming(self) -> frozenset[bytes]:
        """The properties (tokens) whose values name things."""
        names = self.project.names
        return frozenset(map(iri_token, (*names.labels, *names.alternatives)))

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes as the files of facts have them, and the project's for what none of them declares."""
        return Skeletons(self.dataset).prefixes

    @cached_property
    def readable_prefixes(self) -> dict[str, str]:
        """`prefixes`, and the project's further names for what these name: what a proposal may be written with."""
        declared = {name for file in prefixes_of_facts(self.project) for name in file}
        own = {name: space for name, space in self.project.prefixes.items() if name not in declared}
        return own | self.prefixes

    def _enter(self, claim: Claim) -> None:
        for _, unit, _ in claim.units(*SUPPORTING):
            self._by_unit.setdefault(unit, []).append(claim)
        subject, predicate, object_, _ = split(claim.triple)
        self._by_subject.setdefault(subject, []).append(claim)
        if is_iri(object_):
            self._by_object.setdefault(object_, []).append(claim)
        elif predicate in self.naming:
            self._by_name.setdefault(literal(object_)[0].casefold(), []).append(claim)

    def is_own(self, token: bytes) -> bool:
        """Whether a token is the IRI of one of the project's things."""
        return token.startswith(iri_token(self.project.ids.things)[:-1])

    def named_as(self, name: str) -> list[Claim]:
        """The facts that give a thing this name, whatever its case."""
        return self._by_name.get(name.casefold(), [])

    def own_names(self) -> set[str]:
        """The local names of the project's things of which something is said."""
        return {iri(token)[len(self.project.ids.things) :] for token in self._by_subject if self.is_own(token)}

    def is_known(self, thing: bytes) -> bool:
        """Whether any fact, or the ontology, describes an IRI (token)."""
        return thing in self._by_subject or thing in self.described

    def about(self, thing: bytes) -> list[Claim]:
        """The facts whose subject is a thing (token)."""
        return self._by_subject.get(thing, [])

    def mentions(self, thing: bytes) -> list[Claim]:
        """The facts that have a thing (token) as subject or object."""
        return [*self._by_subject.get(thing, ()), *self._by_object.get(thing, ())]

    def resting_on(self, unit: str) -> list[Claim]:
        """The facts that a unit supports or implies."""
        return self._by_unit.get(unit, [])

    def unit_text(self, unit: str) -> str | None:
        """The words of a unit, where the text of its document is at hand."""
        edition, found = self.dataset.units[unit]
        text = self.texts.get(edition.iri)
        return None if text is None else found.text(text)

    def named(self, name: str) -> str | None:
        """The IRI of the thing that has a name, whatever its case."""
        found = self.named_as(" ".join(name.split()))
        if found:
            subjects = sorted({iri(split(claim.triple)[0]) for claim in found})
            labels = {thing: self.corpus.labels.get(thing, []) for thing in subjects}
            return best_named(name, labels, self.project.ids.things) or subjects[0]
        return None

    @cached_property
    def properties(self) -> list[str]:
        """The properties that the ontology declares, and those that facts use, sorted."""
        declared = {name for name, roles in self.declared.roles.items() if "property" in roles}
        return sorted(declared | {iri(split(line)[1]) for line in self.claims})

    def definition(self, term: str) -> str:
        """What the ontology says a term means, in the project's language if it does; empty where it says nothing."""
        texts = self._definitions.get(term)
        return min(texts)[-1] if texts else ""

    @cached_property
    def _definitions(self) -> dict[str, list[Preference]]:
        order = NameOrder(self.project)
        found: dict[str, list[Preference]] = {}
        for line in self.ontology:
            subject, predicate, object_, _ = split(line)
            if is_literal(object_) and (text := order.description_preference(predicate, object_)):
                found.setdefault(iri(subject), []).append(text)
        return found

    def is_own_property(self, name: str) -> bool:
        """Whether a property is one that the facts use, or that is declared in a namespace of the project's own."""
        own = (self.project.ids.ontology, *self.project.own_prefixes.values())
        return iri_token(name) in self._used or (name.startswith(own) and not name.startswith(EV.iri))

    def declares(self, role: Literal["class", "property"]) -> bool:
        """Whether the ontology declares a class, or a property, in a namespace of the project's own."""
        own = (self.project.ids.ontology, *self.project.own_prefixes.values())
        return any(
            role in roles and name.startswith(own) and not name.startswith(EV.iri)
            for name, roles in self.declared.roles.items()
        )

    @cached_property
    def _used(self) -> frozenset[bytes]:
        return frozenset(split(line)[1] for line in self.claims)

    def is_naming(self, property_: str) -> bool:
        """Whether the values of a property name things."""
        return iri_token(property_) in self.naming

    def is_replaced(self, edition: str) -> bool:
        """Whether an edition (IRI) has a later one."""
        return edition in self._replaced

    def datatype(self, property_: str) -> str | None:
        """The datatype of a property's values: the one declared, else the one that all facts have."""
        declared = self._ranges.get(iri_token(property_), set())
        return next(iter(declared)) if len(declared) == 1 else None

    @cached_property
    def _ranges(self) -> dict[bytes, set[str]]:
        found: dict[bytes, set[str]] = {}
        for line in self.ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == iri_token(RDFS.range) and iri(object_).startswith((XSD.iri, RDF.langString)):
                found.setdefault(subject, set()).add(iri(object_))
        used: dict[bytes, set[str]] = {}
        for line in self.claims:
            _, predicate, object_, _ = split(line)
            if predicate not in found and is_literal(object_):
                _, language, datatype = literal(object_)
                used.setdefault(predicate, set()).add(RDF.langString if language else datatype or XSD.string)
        return used | found

    def label_property(self, class_: str) -> str:
        """The property that names a new thing of a class: the one that things of the class have, else most things."""
        labels = tuple(map(iri_token, self.project.names.labels))
        own: Counter[bytes] = Counter()
        all_: Counter[bytes] = Counter()
        for line in self.claims:
            subject, predicate, object_, _ = split(line)
            if predicate in labels and is_literal(object_):
                all_[predicate] += 1
                own[predicate] += class_ in self.corpus.types.get(iri(subject), ())
        best = [name for name, count in (*own.most_common(1), *all_.most_common(1)) if count]
        return iri(best[0]) if best else self.project.names.labels[0]

    def add(self, claims: Iterable[Claim]) -> list[Claim]:
        """Know claims from now on as facts: what was accepted since the project was read. Those that are new."""
        new = []
        for claim in claims:
            known = self.claims.get(claim.triple)
            if known is not None:
                for _, unit, _ in claim.units(*SUPPORTING):
                    self._by_unit.setdefault(unit, []).append(known)
                for name, values in claim.evidence.items():
                    known.evidence.setdefault(name, {}).update(values)
                continue
            self.claims[claim.triple] = claim
            self._enter(claim)
            new.append(claim)
        self.corpus.introduce(introductions([claim.triple for claim in new], self.naming))
        for claim in new:
            subject, predicate, object_, _ = split(claim.triple)
            if is_iri(object_) and predicate != _TYPE:
                self.corpus.stated.setdefault((iri(predicate), object_), set()).add(iri(subject))
        return new

    def remove(self, evidence: Iterable[tuple[bytes, str, bytes]]) -> list[Claim]:
        """Know what was taken back no more: statement, annotation, value. The claims that nothing else supports."""
        gone = []
        for line, name, token in evidence:
            claim = self.claims.get(line)
            if claim is None:
                continue
            claim.evidence.get(name, {}).pop(token.decode(), None)
            if not claim.evidence.get(name, True):
                del claim.evidence[name]
            if name in SUPPORTING and (unit := iri(token)) not in {own for _, own, _ in claim.units(*SUPPORTING)}:
                self._by_unit[unit] = [one for one in self._by_unit.get(unit, ()) if one is not claim]
            if not claim.supported:
                gone.append(claim)
                self._leave(claim)
        for thing in {split(claim.triple)[0] for claim in gone}:
            kept = introductions([one.triple for one in self.about(thing)], self.naming)
            types, names = kept.get(iri(thing), ([], []))
            known = self.corpus.labels.get(iri(thing), [])
            self.corpus.know_only(iri(thing), types, [label for label in known if label in names])
        return gone

    def _leave(self, claim: Claim) -> None:
        """Take a claim out of all that finds it."""
        del self.claims[claim.triple]
        subject, predicate, object_, _ = split(claim.triple)
        tables: list[tuple[dict[bytes, list[Claim]], bytes]] = [(self._by_subject, subject), (self._by_object, object_)]
        for table, key in tables:
            table[key] = [one for one in table.get(key, ()) if one is not claim]
            if not table[key]:
                del table[key]
        if is_literal(object_):
            name = literal(object_)[0].casefold()
            self._by_name[name] = [one for one in self._by_name.get(name, ()) if one is not claim]
        elif predicate != _TYPE:
            self.corpus.stated.get((iri(predicate), object_), set()).discard(iri(subject))


def introductions(lines: Iterable[bytes], naming: Collection[bytes]) -> dict[str, tuple[list[str], list[str]]]:
    """Thing → the classes and the names that statements give it."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if predicate == _TYPE and is_iri(object_):
            found.setdefault(iri(subject), ([], []))[0].append(iri(object_))
        elif predicate in naming and is_literal(object_):
            found.setdefault(iri(subject), ([], []))[1].append(literal(object_)[0])
    return found


def _hiding(dataset: Dataset, units: Collection[str]) -> Dataset:
    """The dataset without what rests on some units alone."""
    claims = {}
    for triple, claim in dataset.claims.items():
        evidence = {
            name: {token: place for token, place in values.items() if token[1:-1] not in units}
            for name, values in claim.evidence.items()
        }
        kept = replace(claim, evidence={name: values for name, values in evidence.items() if values})
        rested = any(unit in units for _, unit, _ in claim.units(*SUPPORTING))
        if not rested or any(True for _ in kept.units(*SUPPORTING)):
            claims[triple] = kept
    return _rebuilt(dataset, claims)


def _rebuilt(dataset: Dataset, claims: dict[bytes, Claim]) -> Dataset:
    """The dataset with these claims in place of its own."""
    ids, project = dataset.project.ids, dataset.project
    ontology = dataset.graph("ontology")
    stated = [triple for triple in claims if triple not in dataset.withdrawn]
    evidence = [line for claim in claims.values() for line in claim.statement()]
    documents = dataset.graph("document")
    graphs = {
        "facts": stated,
        "evidence": evidence,
        "document": documents,
        "derived": derive_lines(project, stated, ontology, others=[*evidence, *documents]),
        "ontology": ontology,
    }
    return replace(
        dataset,
        claims=claims,
        graphs=rdf.Graphs({ids.graph(name): sort_lines(list(lines)) for name, lines in graphs.items()}),
    )
