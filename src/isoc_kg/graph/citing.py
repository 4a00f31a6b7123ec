"""Citations out of a knowledge graph, wherever its data are: by queries, in the words of the project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from ..authoring.facts import Claim
from ..authoring.vocabulary import NameOrder
from ..errors import ProjectError, UnknownName, UsageError
from ..evidence.published import Published
from ..evidence.statement import Evidence, Support
from ..namespaces import DCTERMS, EV, RDF, SCHEMA
from ..project import Project
from ..publication.citation import CITATION_FORMATS, Citation
from ..publication.cited import (
    CitationSources,
    CitedStatement,
    cite_dataset,
    cite_document,
    cite_statement,
    cite_thing,
    looked_at,
)
from ..publication.self_description import lines_of_the_whole, seen_as
from ..query import Evaluator
from ..rdf.lines import iri, literal
from ..rdf.tokens import iri_token, is_iri, is_literal, term_token
from ..wording.strings import plain_strings
from ..wording.term_names import name_of_unnamed

__all__ = ["Citations", "cited_as"]

_PROVENANCE = {
    SCHEMA.author: "author",
    SCHEMA.publisher: "publisher",
    SCHEMA.datePublished: "date",
    DCTERMS.source: "source",
}


def cited_as(project: Project, evaluator: Evaluator, *, own: bool, name: str) -> Project:
    """The project that data are cited as parts of: itself where they are its `own`, else what they say of themselves.

    `name` is what they are called where they have no title.
    """
    if own:
        return project
    # of a project that lies around, nothing is said of others' data, not even its title
    return seen_as(replace(project, foreign=True), lines_of_the_whole(evaluator), name)


@dataclass(frozen=True)
class Citations:
    """Cites what an evaluator answers about."""

    project: Project  #: what is cited as the whole
    evaluator: Evaluator
    _unit_names: dict[str, str] = field(default_factory=dict)  #: of units that were asked for, as commands name them

    def written(self, citation: Citation, form: str, accessed: date | None) -> str:
        """The citation in a form of `CITATION_FORMATS`, without a line end after it."""
        if form not in CITATION_FORMATS:
            raise UsageError(f"there is no form “{form}”.", advice=f"Forms: {', '.join(CITATION_FORMATS)}.")
        if accessed is not None and not isinstance(accessed, date):
            raise UsageError(f"“{accessed}” is not a date.", advice="Give datetime.date(2026, 1, 31).")
        if accessed is not None:
            citation = looked_at(self.sources, citation, accessed)
        return CITATION_FORMATS[form][1](citation).rstrip("\n")

    def evidence(self, evidence: Evidence, form: str, accessed: date | None) -> str:
        """The citation of a claim, whose evidence is known."""
        return self.written(self.of_evidence(evidence), form, accessed)

    def of_evidence(self, evidence: Evidence) -> Citation:
        """The same as what is known of it."""
        subject, predicate, object_ = (token.encode() for token in evidence.triple)
        triple = f"{' '.join(evidence.triple)}"
        told = (*evidence.sentences, *evidence.contradicting)
        self._unit_names.update((one.iri, one.name or one.unit.number) for one in told)
        cited = CitedStatement(
            evidence.claim,
            (subject, predicate, object_),
            [(sentence.iri, sentence.implied) for sentence in evidence.sentences],
            [sentence.iri for sentence in evidence.contradicting],
            evidence.sources,
            evidence.retracted,
            not self.evaluator.ask(f"ASK {{ {triple} }}"),
            [value.encode() for _, value in evidence.rivals],
        )
        return cite_statement(self.sources, cited)

    def whole(self) -> Citation:
        """The publication. Raises `ProjectError` where nobody is known to have made it."""
        whole = cite_dataset(self.sources)
        if whole is None:
            raise ProjectError(
                "nobody is named who made the whole: no creator in kg.toml, and no dcterms:creator in the data.",
                advice='Set it in kg.toml: creator = "…"; data of others are cited by where you have them from.',
            )
        return whole

    def is_claim(self, name: str) -> bool:
        """Whether an IRI is that of a claim, whoever made it."""
        node = ox.NamedNode(name)
        return self.evaluator.ask(f"ASK {{ {node} <{RDF.subject}> ?s ; <{RDF.predicate}> ?p ; <{RDF.object}> ?o }}")

    def claim(self, claim: str, support: Support) -> Citation:
        """The citation of the statement that a claim's IRI names. Raises `UnknownName`."""
        node = ox.NamedNode(claim)
        parts = f"<{RDF.subject}> ?s ; <{RDF.predicate}> ?p ; <{RDF.object}> ?o"
        _, rows = self.evaluator.select(f"SELECT ?s ?p ?o {{ {node} {parts} }} LIMIT 1")
        if not rows:
            raise UnknownName(
                f"there is no claim <{claim}>.",
                advice="It may have been changed since: isoc-kg describe THING shows what is said, and what was "
                "retracted.",
            )
        tokens = [term_token(term) for term in rows[0]]
        known = (one for one in support.about({tokens[0]}) if one.iri == claim)
        if (found := next(known, None)) is not None:
            return self.of_evidence(support.evidence(found))
        # of another base than the project's, as in files of somebody else
        found = Claim(b"%s %s %s .\n" % tuple(tokens), claim)
        return self.of_evidence(Published(self.evaluator, claim).evidence(found))

    def resource(self, name: str) -> Citation:
        """The citation of an edition or a document by its IRI, else of a thing. Raises `UnknownName`."""
        node = ox.NamedNode(name)
        if self.evaluator.ask(f"ASK {{ {node} a <{EV.Edition}> }}"):
            return cite_document(self.sources, name)
        _, rows = self.evaluator.select(
            f"SELECT ?e {{ ?e <{DCTERMS.isVersionOf}> {node} ; a <{EV.Edition}> "
            f"FILTER NOT EXISTS {{ ?e <{DCTERMS.isReplacedBy}> ?later }} }} ORDER BY DESC(?e) LIMIT 1"
        )
        if rows:
            return cite_document(self.sources, rows[0][0].value)
        thing = cite_thing(self.sources, iri_token(name))
        if thing is None:
            raise UnknownName(
                f"<{name}> cannot be cited: the data name nobody who made them.",
                advice="Cite a statement of it, which names its sources.",
            )
        return thing

    @cached_property
    def sources(self) -> CitationSources:
        """What is known of names, units and documents, asked for one by one."""
        return CitationSources(
            self.project,
            plain_strings(self.project),
            self._name_of,
            self._provenance,
            self._kind_of,
            self._unit_names.__getitem__,
        )

    @cached_property
    def _order(self) -> NameOrder:
        return NameOrder(self.project)

    def _objects(self, subject: str, predicates: Sequence[str]) -> list[tuple[bytes, bytes]]:
        """Predicate and object tokens of what is said of a resource with these properties, each once."""
        wanted = ", ".join(f"<{name}>" for name in predicates)
        _, rows = self.evaluator.select(
            f"SELECT DISTINCT ?p ?o {{ {ox.NamedNode(subject)} ?p ?o FILTER(?p IN ({wanted})) }}"
        )
        return sorted((term_token(predicate), term_token(object_)) for predicate, object_ in rows)

    def _name_of(self, token: bytes) -> tuple[str, str]:
        if not is_iri(token):
            return token.decode(), ""
        name = iri(token)
        for term, words in self.project.words.items():
            if term == name:
                return words[0], ""
        ranked = [
            (rank, label)
            for predicate, label in self._objects(name, self.project.names.labels)
            if is_literal(label) and (rank := self._order.label_preference(predicate, label)) is not None
        ]
        if not ranked:
            return name_of_unnamed(name)
        text, language, _ = literal(min(ranked)[1])
        return text, language or ""

    def _provenance(self, edition: str) -> Mapping[str, Sequence[str]]:
        known: dict[str, list[str]] = {}
        for predicate, value in self._objects(edition, list(_PROVENANCE)):
            key = _PROVENANCE[iri(predicate)]
            known.setdefault(key, []).append(self._read(value, by_name=key != "source"))
        return known

    def _read(self, value: bytes, *, by_name: bool) -> str:
        """A value to read: an agent by its name; one without a name by its IRI, of which no part need be its name."""
        if is_literal(value):
            return literal(value)[0]
        name = iri(value) if is_iri(value) else value.decode()
        labels = self._objects(name, self.project.names.labels) if by_name and is_iri(value) else []
        return self._name_of(value)[0] if labels else name

    def _kind_of(self, unit: str) -> str:
        kinds = self._objects(unit, [EV.unitKind])
        return iri(kinds[0][1]) if kinds else ""
