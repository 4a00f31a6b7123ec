"""The knowledge graph as Python users hold it: load, query, ask for evidence, validate, export."""

import io
import os
import re
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pyoxigraph as ox

from .. import rdf
from ..atomic import MANIFEST
from ..authoring.dataset import Dataset, build_dataset
from ..authoring.facts import Claim
from ..authoring.reading import project_order
from ..errors import IsocKgError, QueryError, UnknownName, UsageError, visible
from ..evidence.behind import Explanation, claims_entailing, explain
from ..evidence.retrieval.entries import SearchIndex, entries_of, languages_of, search_index
from ..evidence.search import KINDS, Searcher, SearchResult, search_names, search_published
from ..evidence.statement import Evidence, Sentence, Support, only_form_and_accessed
from ..formats import TRIG, TURTLE, format_from_name, format_from_path
from ..iris import compact, expand
from ..limits import Limits
from ..namespaces import EV
from ..project import Project, load_project, project_of_files
from ..publication.citation import Citation
from ..publication.self_description import fitted
from ..query import (
    IRI,
    Answer,
    NamedQuery,
    Parameter,
    Solution,
    Solutions,
    StoreEvaluator,
    bind,
    defaults_taken,
    find_query,
    load_queries,
    run_query,
    term_from_value,
    term_of_type,
    terms_in_data,
)
from ..query.forms import form, named_terms
from ..query.notebook import caption, cut, listed
from ..query.tokens import tokens
from ..rdf.files import RdfFile, Reading, quads_in_order
from ..rdf.lines import iri, lines_in_order, literal, split
from ..rdf.schema_org import mixed_up, spellings
from ..rdf.tokens import iri_token, is_valid_iri
from ..validation import DataGraph, Report, ShapesGraph, StoredGraph
from ..validation.report import told_of
from ..validation.result_words import ResultWords
from ..wording.lead_patterns import lead_patterns, page_ranks
from ..wording.strings import is_translated, load_strings, plain_strings
from ..wording.term_names import term_names
from .dataset_source import DatasetSource
from .entity import Entity, EntityStatement
from .source import GraphSource

if TYPE_CHECKING:
    from ..endpoint import Credentials

__all__ = ["Entity", "Evidence", "KnowledgeGraph", "Sentence"]


_SHOWN = 20  #: queries and prefixes that a notebook shows
_EXPLAINED = 100  #: results of a validation that are told in words
_REASONS = 3  #: that are told of each
_IRI_ALONE = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What solutions answer: a query bound to its parameters, and the data that it was asked of."""

    source: GraphSource
    text: str
    terms: Mapping[str, ox.NamedNode | ox.Literal]
    named: NamedQuery | None


class KnowledgeGraph:
    """A publication, or any RDF, to be queried.

    >>> kg = KnowledgeGraph.load()
    >>> kg.ask("ASK { id:internet-society isoc:manages id:ietf }")
    True
    >>> kg.select("SELECT ?year { id:manrs schema:foundingDate ?year }")[0]
    {'year': 2014}
    >>> [sentence.unit.number for sentence in kg.evidence("id:manrs", "schema:foundingDate").sentences]
    ['15.2']
    """

    def __init__(self, project: Project | None = None, source: GraphSource | None = None) -> None:
        if not isinstance(project, Project) or source is None:
            raise UsageError(
                "a graph is loaded, not made.",
                advice='Write KnowledgeGraph.load() for the current project, KnowledgeGraph.load("FILE") for RDF.',
            )
        self.project = project
        self.source = source

    def __reduce__(self) -> Any:
        raise TypeError("a KnowledgeGraph cannot be pickled or copied: load it where it is needed")

    @classmethod
    def load(
        cls,
        source: "str | os.PathLike[str] | RdfFile | Iterable[str | os.PathLike[str] | RdfFile] | None" = None,
        *,
        project: "str | os.PathLike[str] | None" = None,
        format: str | None = None,  # noqa: A002 – as in `export`
        base: str | None = None,
        contexts: Mapping[str, Path | str] | None = None,
        graphs: Sequence[str] | None = None,
        credentials: "Credentials | None" = None,
        timeout: float = 60.0,
    ) -> "KnowledgeGraph":
        """The graph of a project folder, a built folder, RDF files, or (None) of the current or the shipped project.

        Files may be compressed; an archive, or a folder without a `kg.toml`, is all RDF files in it. Their `format` is
        told by name or content unless it is named ("ttl"), relative IRIs in them are relative to `base`, and `contexts`
        are copies of JSON-LD contexts by their addresses, of which none is fetched.

        The address of a SPARQL endpoint (`http://…`, `https://…`) gives the graph that is there, seen through
        `project`'s prefixes, queries and shapes; `graphs` chooses named graphs, by default the union of all. Without
        `credentials` those of the environment are used (`ISOC_KG_USER`, `ISOC_KG_PASSWORD`, `ISOC_KG_TOKEN`).

        Raises `UsageError` for what names nothing that could be loaded.
        """
        project = None if project is None else Path(project)
        if isinstance(source, str) and source.lower().startswith(("http://", "https://")):
            from ..endpoint import Endpoint, credentials_from_environment
            from .endpoint_source import EndpointSource

            credentials = credentials or credentials_from_environment(None)
            endpoint = Endpoint(source, credentials=credentials, graphs=graphs, timeout=timeout)
            settings = load_project(project)
            return cls(settings, EndpointSource(settings, endpoint))
        files: Sequence[Path | RdfFile] = [] if source is None else _files(source)
        alone = Path(source) if isinstance(source, (str, os.PathLike)) else None
        named = project if source is None else alone
        if named is not None and (named / MANIFEST).is_file():
            # a built folder: all its graphs
            files, project = sorted(named.glob("*.nq")), project if source is not None else None
        elif source is None or (alone is not None and _is_project(alone)):
            if format or base or contexts:
                raise UsageError("format, base and contexts are about RDF files, and this is a project.")
            dataset = build_dataset(load_project(alone or project))
            return cls(dataset.project, DatasetSource(dataset.project, dataset.lines, dataset))
        settings = project_of_files(project)
        copies = {url: Path(file) for url, file in (contexts or {}).items()}
        reading = Reading(format_from_name(format) if format else None, base, copies)
        rdf_files: list[RdfFile] = []
        for file in files:
            rdf_files += [file] if isinstance(file, RdfFile) else reading.files([file])
        prefixes: dict[str, str] = {}
        tags: dict[str, str] = {}
        quads = quads_in_order(rdf_files, limits=settings.limits, prefixes=prefixes, tags=tags)
        evaluator = StoreEvaluator.of_lines(lines_in_order(quads))
        evidence = evaluator.store.quads_for_pattern(None, ox.NamedNode(EV.supportedBy), None, None)
        settings = fitted(settings, lines_in_order(evidence), prefixes)
        names = [file.path.name for file in rdf_files]
        return cls(settings, DatasetSource(settings, names=names, evaluator=evaluator, tags=tags))

    def __enter__(self) -> "KnowledgeGraph":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open: nothing for data in memory, the connections of a graph behind an endpoint."""
        self.source.close()

    #: Names are looked up; there is no order in which to go through all things.
    __iter__ = None

    def __contains__(self, name: object) -> bool:
        """Whether there is a thing of this name."""
        try:
            return isinstance(name, (str, Entity, ox.NamedNode)) and bool(self._known(name))
        except UnknownName:
            return False

    def __getitem__(self, name: str) -> Entity:
        """The thing of this name, as `entity` gives it."""
        return self.entity(name)

    def _ipython_key_completions_(self) -> list[str]:
        """The labels of the project's things."""
        things = self.project.ids.things
        return (
            [names[0] for iri, names in self.labels.items() if names and iri.startswith(things)] if self.dataset else []
        )

    def _head(self) -> str:
        return f"“{cut(self.source.title)}”: {self.source.extent}"

    def __repr__(self) -> str:
        return visible(f"<KnowledgeGraph {self._head()}>", line=True)

    def _repr_html_(self) -> str:
        # what is shown has to be at hand: nothing is asked of an endpoint for it
        try:
            queries = [f"{query.name}: {query.title}" for query in list(self.queries.values())[:_SHOWN]]
        except IsocKgError as error:
            queries = [error.message]
        more = [f"… and {len(self.queries) - _SHOWN} more"] if len(queries) == _SHOWN < len(self.queries) else []
        prefixes = [f"prefixes: {', '.join(list(self.prefixes)[: 2 * _SHOWN])}"] if self.prefixes else []
        return caption(f"Knowledge graph {self._head()}") + listed(prefixes + queries + more)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that queries need not declare."""
        return self.project.prefixes

    @property
    def dataset(self) -> Dataset | None:
        """The project's dataset, if this graph was made of a project's files."""
        return self.source.dataset

    @property
    def lines(self) -> list[bytes]:
        """All quads as sorted canonical lines, in a list of the caller's; those of an endpoint are read as a whole."""
        return list(self.source.lines)

    @property
    def store(self) -> ox.Store:
        """The graph in pyoxigraph, made on first use. It keeps numbers in canonical form only: 1.10 becomes 1.1."""
        return self.source.store

    @cached_property
    def rdflib(self) -> Any:
        """The graph as an rdflib `Dataset` whose default graph is the union; nothing is normalised."""
        from .rdflib_dataset import rdflib_dataset

        return rdflib_dataset(self.lines, self.prefixes)

    @property
    def queries(self) -> dict[str, NamedQuery]:
        """The project's named queries by name; the caller's to change."""
        return dict(self._queries)

    @cached_property
    def _queries(self) -> dict[str, NamedQuery]:
        return load_queries(self.project.folder("queries"))

    def run(self, query: str, parameters: dict[str, Any] | None = None) -> Answer:
        """Run a query or a named one, which declares the types of its parameters: values are converted to them."""
        return self._run(*self._bound(query, parameters or {}))

    def _bound(
        self, query: str, given: Mapping[str, Any]
    ) -> tuple[str, dict[str, ox.NamedNode | ox.Literal], NamedQuery | None]:
        """The text of a query or of a named one, the terms of its parameters, and the named query."""
        if not isinstance(query, str):
            raise UsageError(
                f"a query is a text, not a value of type {type(query).__name__}.", advice="Give SPARQL, or a name."
            )
        if any(mark in query for mark in " {<\t\n"):
            values = {name: _named(value) for name, value in given.items()}
            terms = {name: term_from_value(value) for name, value in values.items()}
            return query, terms_in_data(query, values, terms, self.prefixes, self.source.evaluator.select), None
        named = find_query(self.queries, query)

        def term(parameter: Parameter, value: Any) -> ox.NamedNode | ox.Literal:
            return self.term_of(parameter, value)

        return named.text, bind(named, given, term), named

    def term_of(self, parameter: Parameter, value: Any) -> ox.NamedNode | ox.Literal:
        """The term of a value for a parameter of a named query; a thing is given as in `find`.

        Raises `QueryError` for a value of another type, `UnknownName` for a text that names nothing.
        """
        given = _named(value.strip() if type(value) is str else value)
        if parameter.type == "iri" and given and type(given) is str and expand(given, self.prefixes) is None:
            local = self.project.ids.things + given
            try:
                return ox.NamedNode(self.find(given))
            except UnknownName:
                # what could be the name of a thing is asked for, and the answer says that there is none
                if ":" not in given and not is_valid_iri(local):
                    raise
        return term_of_type(parameter.name, given, parameter.type, self.prefixes)

    def _run(
        self, text: str, terms: Mapping[str, ox.NamedNode | ox.Literal], named: NamedQuery | None = None
    ) -> Answer:
        answer = run_query(
            self.source.evaluator,
            text,
            prefixes=self.prefixes,
            parameters=terms,
            limits=self.project.limits,
            file=str(named.file) if named else None,
        )
        if answer.solutions is not None and isinstance(self.source, DatasetSource):
            answer.solutions.names_of = self.names_of  # nothing is asked of an endpoint to show an answer
        if answer.empty and isinstance(self.source, DatasetSource):
            asked = (term.encode() for term in named_terms(list(tokens(text)), self.prefixes))
            if (spelt := spellings(asked)) and (hint := mixed_up(spelt, spellings(self.lines), "the query")):
                answer = replace(answer, notes=(*answer.notes, hint))
                if answer.solutions is not None:
                    answer.solutions.notes = (*answer.notes, *answer.hints)
        return answer

    def select(self, query: str, given: Mapping[str, Any] | None = None, /, **parameters: Any) -> Solutions:
        """The solutions of a SELECT query, or of a named one; keywords, or a mapping, set its variables."""
        values = _parameters(given, parameters)
        text, terms, named = self._bound(query, values)
        answer = _noted(self._run(text, terms, named))
        if answer.solutions is None:
            raise QueryError("this is not a SELECT query.", advice="Use ask, construct or describe.")
        defaults = defaults_taken(named, values) if named else ()
        answer.solutions.notes += tuple(f"{name} is {value}, the default of the query." for name, value in defaults)
        answer.solutions.origin = _Asked(self.source, text, terms, named)
        return answer.solutions

    def ask(self, query: str, given: Mapping[str, Any] | None = None, /, **parameters: Any) -> bool:
        """The answer of an ASK query; keywords, or a mapping, set its variables.

        A warning tells of names and values that none has.
        """
        answer = _noted(self.run(query, _parameters(given, parameters)), hints=True)
        if answer.boolean is None:
            raise QueryError("this is not an ASK query.", advice="Use select, construct or describe.")
        return answer.boolean

    def construct(self, query: str, given: Mapping[str, Any] | None = None, /, **parameters: Any) -> "KnowledgeGraph":
        """The graph that a CONSTRUCT or DESCRIBE query makes; parameters and warnings are as in `ask`."""
        answer = _noted(self.run(query, _parameters(given, parameters)), hints=True)
        if answer.triples is None:
            raise QueryError("this is not a CONSTRUCT query.", advice="Use select or ask.")
        return KnowledgeGraph(self.project, DatasetSource(self.project, answer.triples))

    def describe(
        self, query: "str | Entity | ox.NamedNode", given: Mapping[str, Any] | None = None, /, **parameters: Any
    ) -> "KnowledgeGraph":
        """The graph that a DESCRIBE or CONSTRUCT query makes, or what is said of a thing, given as in `find`."""
        parameters = _parameters(given, parameters)
        if isinstance(query, str) and _iri_of(query) is None and not _IRI_ALONE.fullmatch(query):
            if query in self.queries or any(mark in query for mark in "{<?\n") or form(list(tokens(query))):
                return self.construct(query, parameters)
        if parameters:
            raise UsageError("a thing has no parameters.", advice="Leave them out, or give a query.")
        return self.construct(f"DESCRIBE {iri_token(self.find(query)).decode()}")

    @property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it; the caller's to change."""
        return {iri: list(names) for iri, names in self.source.labels.items()}

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        return {iri: list(names) for iri, names in self.source.names_of(iris).items()}

    def find(self, name: "str | Entity | ox.NamedNode") -> IRI:
        """The IRI of what is called so: label, acronym, local name, prefixed name or IRI; a thing's own."""
        if (own := _iri_of(name)) is not None:
            return IRI(own)
        if not isinstance(name, str):
            advice = "Give a label, an acronym, a prefixed name or an IRI."
            raise UsageError(f"a thing is named by a text, not by a {type(name).__name__}.", advice=advice)
        if not name.strip(" \t\r\n<>"):
            raise UnknownName(
                "an empty name finds nothing.", suggestions=[], advice="Give a label, an acronym or an IRI."
            )
        try:
            name.encode()
        except UnicodeEncodeError:  # half a character, which no text of RDF has
            raise UnknownName(f"there is nothing called “{visible(name, line=True)}”.") from None
        return IRI(self.source.find(name))

    def _known(self, name: "str | Entity | ox.NamedNode") -> str:
        """The IRI of what is called so and is in the graph. Raises `UnknownName`."""
        own = _iri_of(name)
        return self.find(name) if own is None else self.source.find(f"<{own}>")

    def entity(self, name: "str | Entity | ox.NamedNode") -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        iri = self._known(name)
        entity = self.source.entity(iri)
        return replace(
            entity,
            support=self.support,
            prefixes=self.prefixes,
            citations=self.source.citations,
            ranks=self._ranks,
            derived=self._derived(iri),
            property_of=self._property,
        )

    @cached_property
    def _ranks(self) -> Mapping[bytes, int]:
        """Property → its place, as pages have it."""
        if self.project.foreign:
            return {}
        texts = {key: text for key, text in load_strings(self.project).items() if is_translated(text)}
        patterns = lead_patterns(texts, self.prefixes)
        return page_ranks(self.project, ShapesGraph.of_project(self.project).all_lines, patterns)

    def _derived(self, thing: str) -> frozenset[bytes]:
        """The triples about a thing that the build derived."""
        if self.dataset:
            return self._all_derived
        if self.project.foreign:
            return frozenset()
        triples = f"{ox.NamedNode(thing)} ?p ?o"
        graph = ox.NamedNode(self.project.ids.graph("derived"))
        return frozenset(
            self.source.evaluator.construct(f"CONSTRUCT {{ {triples} }} WHERE {{ GRAPH {graph} {{ {triples} }} }}")
        )

    @cached_property
    def _all_derived(self) -> frozenset[bytes]:
        return frozenset(self.dataset.graph("derived") if self.dataset else ())

    def _property(self, name: str, used: Collection[str]) -> str:
        """The IRI of a property, given by IRI, prefixed name or label; `used` are those that a thing has.

        Raises `UnknownName` for one that nothing in the graph is known of.
        """
        own = expand(name, self.prefixes)
        if own in used:
            return str(own)
        names = self.names_of(used)
        if own is None:
            worded = term_names(self.project.language)

            def called(one: str) -> list[str]:
                words = [*names.get(one, ()), *self.project.words.get(one, ()), worded.get(iri_token(one), "")]
                return [text.casefold() for text in words]

            named = [one for one in used if name.casefold() in called(one)]
            if len(named) == 1:
                return named[0]
            with suppress(UnknownName):
                return self.find(name)
        elif is_valid_iri(own) and (
            self.names_of([own]) or self.source.evaluator.ask(f"ASK {{ ?s {iri_token(own).decode()} ?o }}")
        ):
            return own
        written = {compact(one, self.prefixes): [one, *names.get(one, ())] for one in sorted(used)}
        texts = {text.casefold(): short for short, texts in written.items() for text in (short, *texts[1:])}
        near = list(dict.fromkeys(texts[one] for one in get_close_matches(name.casefold(), texts, 3, 0.7)))
        raise UnknownName(
            f"there is no property “{name}”.",
            suggestions=near[:2],
            advice=None if near else f"It has {', '.join(list(written)[:_SHOWN])}.",
        )

    def cite(
        self,
        what: "str | Entity | EntityStatement | Evidence | None" = None,
        form: str = "text",
        *,
        accessed: date | None = None,
        **unknown: Any,
    ) -> str:
        """The citation of a statement, a thing, a document, or (None) of the whole: "text", "bibtex", "csl" or "ris".

        A statement is named by its claim, a document by its slug, its title or an IRI, a thing as in `find`. With
        `accessed`, the day on which it was looked at is named, too. Raises `UnknownName`; `ProjectError` where nobody
        is known to have made the whole.
        """
        if isinstance(what, (Entity, EntityStatement, Evidence)):
            return what.cite(form, accessed=accessed, **unknown)
        only_form_and_accessed(unknown)
        return self.source.citations.written(self._citation(what), form, accessed)

    def objection(self, what: "str | Entity | EntityStatement | Evidence") -> str:
        """The address that reports a statement or a thing, given as to `cite`, to its publisher as wrong.

        It opens a mail or a form in which all but the reason is filled in; nothing is sent before the reader sends it.
        Raises `UsageError` where the publisher has given no address.
        """
        from ..publication.contact import objection

        if isinstance(what, EntityStatement):
            if not what.evidence:
                raise UsageError("no claim is behind this statement.", advice="Give the thing that it is about.")
            what = what.evidence[0]
        if isinstance(what, Evidence):
            what = what.claim
        citation = self._citation(what.iri if isinstance(what, Entity) else what)
        if address := objection(self.project, plain_strings(self.project), citation, ""):
            return address
        publisher = self.project.publisher
        raise UsageError(
            f"the publisher{f' ({publisher.name})' if publisher else ''} has given no address for objections.",
            advice=f"Name the statement where you reach them: {citation.url}. Publishers set [contact] in kg.toml.",
        )

    def _citation(self, what: str | None) -> Citation:
        """What cites what is named as `cite` has it."""
        citations, ids = self.source.citations, self.project.ids
        if what is None or what.strip("<>") == ids.dataset:
            return citations.whole()
        name = what.strip("<>")
        claim = expand(name, self.prefixes) or ""
        if is_valid_iri(claim) and (claim.startswith(ids.claims) or citations.is_claim(claim)):
            return citations.claim(claim, self.support)
        if any(document.slug == name for document in self.project.documents):
            name = ids.document(name)
        else:
            name = self.find(what)
        return citations.resource(name)

    def search(self, words: str, *, kinds: Sequence[str] | None = None, limit: int = 5) -> SearchResult:
        """What has these words, or words like them, the best first, at most `limit` of each kind.

        Kinds are things, terms, documents, questions and sentences; `why` of a match is the name or the statement that
        has the words. Sentences are searched in the texts at hand, else by their gists. Behind an endpoint things alone
        are found, by their names.
        """
        if not isinstance(words, str):
            raise UsageError(f"words are a text, not “{type(words).__name__}”.", advice='Write search("routing").')
        kinds = [kinds] if isinstance(kinds, str) else kinds
        unknown = [kind for kind in kinds or () if kind not in KINDS]
        if unknown:
            raise UsageError(f"there is no kind {unknown[0]}.", advice=f"Kinds: {', '.join(KINDS)}.")
        if limit < 1:
            raise UsageError("limit is not a positive number.", advice="Give 1 or more.")
        if self.dataset is None:
            return self.search_published(words, kinds=kinds, limit=limit)
        return self._searcher.search(words, kinds=kinds or KINDS, limit=limit)

    def search_published(self, words: str, *, kinds: Sequence[str] | None = None, limit: int = 5) -> SearchResult:
        """What `search` finds in the data alone, whatever texts are at hand: what the site finds, in its order."""
        if isinstance(self.source, DatasetSource):
            return search_published(self._published_index, words, self.prefixes, kinds=kinds or KINDS, limit=limit)
        if kinds and "thing" not in kinds:
            raise UsageError("only things can be searched here.", advice="Load the project's folder.")
        return search_names(self.labels, words, self.prefixes, self.project.language, limit)

    @cached_property
    def _searcher(self) -> Searcher:
        from ..evidence.texts import texts_at_hand

        assert self.dataset is not None
        texts = {edition: text for edition, (_, text) in texts_at_hand(self.dataset)[0].items()}
        return Searcher(self.dataset, texts, self.queries)

    @cached_property
    def _published_index(self) -> SearchIndex:
        entries = entries_of(self.project, self.lines, self.queries)
        return search_index(entries, languages_of(self.project, entries))

    def evidence(
        self, subject: "str | Entity | ox.NamedNode", predicate: "str | Entity | ox.NamedNode", object_: Any = None
    ) -> Evidence:
        """What stands behind a statement, or the one that it follows from; without an object there must be only one.

        Subject, property and an object that is a thing are given as in `find`.
        """
        about = iri_token(self._iri(subject))
        own = list(self.support.about({about}))
        if type(predicate) is str and expand(predicate, self.prefixes) is None and not is_valid_iri(predicate):
            predicate = ox.NamedNode(self._property(predicate, {iri(split(claim.triple)[1]) for claim in own}))
        property_ = iri_token(self._iri(predicate))
        claims = [claim for claim in own if split(claim.triple)[1] == property_]
        token: str | None = None
        if object_ is not None:
            token = self._object(object_, [split(claim.triple)[2] for claim in claims])
            claims = [
                claim
                for claim in claims
                if split(claim.triple)[2].decode() == token or literal_is(claim.triple, object_)
            ]
        if not claims:
            claims = claims_entailing(self.support, about, property_, token.encode() if token else None)
            if len(claims) > 1:
                stated = (self.evidence_of(claim).statement(self.prefixes) for claim in claims)
                raise UsageError(
                    f"it follows from several statements: {'; '.join(stated)}.", advice="Ask for one of them."
                )
        if len(claims) > 1:
            values = ", ".join(self.evidence_of(claim).value(self.prefixes) for claim in claims[:_SHOWN])
            raise UsageError(f"there are {len(claims)} such statements.", advice=f"Give the value: {values}.")
        if not claims:
            raise self._no_statement(about, property_, own)
        return self.evidence_of(claims[0])

    def _object(self, value: Any, values: Sequence[bytes]) -> str:
        """The token of an object: a thing in any way that `find` takes, unless it is the text of one of the values."""
        if (own := _iri_of(value)) is not None:
            return iri_token(own).decode()
        if type(value) is str:
            if (expanded := expand(value, self.prefixes)) and is_valid_iri(expanded):
                return iri_token(expanded).decode()
            if not any(token.startswith(b'"') and literal(token)[0] == value for token in values):
                with suppress(UnknownName):
                    return iri_token(self.find(value)).decode()
        return str(term_from_value(value))

    def _no_statement(self, about: bytes, property_: bytes, own: Sequence[Claim]) -> UsageError:
        """That no claim is behind a statement, and what there is."""
        shown = [compact(iri(token), self.prefixes) for token in (about, property_)]
        parts = [split(claim.triple) for claim in own]
        if values := [object_ for _, predicate, object_, _ in parts if predicate == property_]:
            texts = [compact(iri(o), self.prefixes) if o.startswith(b"<") else f"“{literal(o)[0]}”" for o in values]
            return UsageError(
                f"there is no such statement: {shown[1]} of {shown[0]} has another value.",
                advice=f"Values: {', '.join(map(cut, texts[:_SHOWN]))}.",
            )
        if not own and not self.names_of([iri(about)]):
            self.find(shown[0])  # raises `UnknownName` with names like it
        names = sorted({compact(iri(predicate), self.prefixes) for _, predicate, _, _ in parts})
        near = get_close_matches(shown[1].lower(), {name.lower(): name for name in names}, 2, 0.7)
        meant = " or ".join(name for name in names if name.lower() in near)
        return UsageError(
            f"there is no such statement: {shown[0]} has no claim with {shown[1]}.",
            advice=f"Did you mean {meant}?"
            if meant
            else f"It has {', '.join(names[:_SHOWN])}."
            if names
            else "Give a thing that something is said about, and its property.",
        )

    def evidence_of(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        return self.support.evidence(claim)

    @property
    def support(self) -> Support:
        """Where evidence is known from: the project's files, or the claims among the data themselves."""
        return self.source.support

    def why(
        self,
        query: str
        | Solutions
        | Mapping[str, Any]
        | Sequence[Mapping[str, Any]]
        | Entity
        | EntityStatement
        | Sequence[EntityStatement],
        given: Mapping[str, Any] | None = None,
        /,
        **values: Any,
    ) -> Explanation:
        """The solutions of a SELECT query with what stands behind them; iterating gives terms and evidence of each.

        The query may be given by its solutions as `select` gave them, all or some (a slice, one of them, a list of
        them): it is asked again for the evidence. Parameters are given as a mapping or, as to `select`, by keywords. Of
        a thing, given as itself or by a name that no query has, each statement is explained, key facts first; or some
        of its `statements`. Raises `UsageError` where the query has other solutions then, for solutions of other data,
        and for what is none of these.

        Behind a solution stand the claims whose subject and object are values of the query's variables in its
        matches, or terms that the query names, with a property that it names (any, if it names none); behind a match
        of a property path those on its walks from one end to the other. Behind one of groups stand the first
        statements of the group's matches. Where solutions are computed otherwise, only what is selected is known of
        their matches, and the explanation says that it is incomplete.
        """
        parameters = _parameters(given, values)
        if isinstance(query, str) and (thing := self._thing_named(query)):
            query = thing
        if isinstance(query, Entity):
            return self._why_of(query, parameters)
        if statements := _statements_of(query):
            return _explained(statements, self.prefixes)
        known = None if isinstance(query, str) else _solutions_of(query)
        if known is not None:
            asked = known.origin
            if not isinstance(asked, _Asked) or asked.source is not self.source:
                raise UsageError("these solutions are not of a query of this graph.", advice="Give the query itself.")
            if parameters:
                raise UsageError("solutions have their parameters already.", advice="Leave parameters out.")
            text, terms, named = asked.text, asked.terms, asked.named
        else:
            assert isinstance(query, str)
            text, terms, named = self._bound(query, parameters)

        notes: dict[str, None] = {}

        def select(query: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
            solutions = self._run(query, terms, named).solutions
            assert solutions is not None
            notes.update(dict.fromkeys(solutions.notes))
            return solutions.variables, solutions.terms

        constants = [str(term) for term in terms.values()]
        data = self.source.evaluator.select
        explanation = explain(text, select, self.support, self.prefixes, data=data, parameters=constants)
        explanation.solutions.notes = tuple(notes)
        if known is None:
            return explanation
        part = explanation.of(known)
        if part is None or (not known.is_part and len(known) < len(explanation)):
            raise UsageError(
                "the query has other solutions now than those given.",
                advice="Ask it again; one with RAND, NOW or UUID has others each time: give the query itself.",
            )
        return part if known.is_part else explanation

    def _why_of(self, thing: Entity, parameters: Mapping[str, Any] | None) -> Explanation:
        """The statements of a thing in the order of its page, each with the evidence behind it."""
        if parameters:
            raise UsageError("a thing has no parameters.", advice="Leave them out, or give a query.")
        explanation = self.why(f"SELECT ?property ?value {{ {iri_token(thing.iri).decode()} ?property ?value }}")
        if thing.lines and not explanation:
            raise UsageError("this graph says nothing of the thing.", advice="Ask the graph that it is of.")
        own = [
            [one for one in evidence if one.triple[1] == str(row[0])] or evidence for row, evidence in explanation
        ]  # two properties may have one value
        places = {line: place for place, line in enumerate(thing.ordered)}
        lines = [f"{iri_token(thing.iri).decode()} {row[0]} {row[1]} .\n".encode() for row, _ in explanation]
        order = sorted(range(len(own)), key=lambda number: places.get(lines[number], len(places)))
        solutions = Solutions(
            explanation.solutions.variables, [explanation.solutions.terms[n] for n in order], self.prefixes
        )
        evidence = tuple(own[number] for number in order)
        return replace(explanation, solutions=solutions, evidence=evidence, each="statement")

    def _thing_named(self, name: str) -> Entity | None:
        """The thing of a name, an IRI among them, that is neither a query nor the name of one."""
        is_iri = _iri_of(name) is not None
        if not is_iri and (name in self.queries or any(mark in name for mark in "{\n") or form(list(tokens(name)))):
            return None
        with suppress(UnknownName):
            return self.entity(name)
        return None

    def _iri(self, name: "str | Entity | ox.NamedNode") -> str:
        """The IRI of a thing or a property; a name with a known prefix need not be one of something that is there."""
        if (own := _iri_of(name)) is not None:
            return own
        expanded = expand(name, self.prefixes) if isinstance(name, str) else None
        return expanded if expanded and is_valid_iri(expanded) else self.find(name)

    def validate(
        self,
        shapes: "str | os.PathLike[str] | RdfFile | Iterable[str | os.PathLike[str] | RdfFile] | None" = None,
        *,
        engine: str | None = None,
        limits: Limits | None = None,
    ) -> Report:
        """The SHACL report on the graph by files with shapes, or by the project's; notes name where sources disagree.

        The default, `auto`, takes for each shape an engine that is right on it. Behind an endpoint it is `compiled`,
        which asks the data where they are, in this process and without a limit of time. The others get the data as a
        whole. Raises `ShapesError` for shapes that have errors, and `UsageError` where there are none.
        """
        from ..publication.gate import check_data

        limits = limits or self.project.limits
        if shapes is None:
            if self.project.foreign:
                raise UsageError(
                    "shapes are required: these data belong to no project.", advice='Name them: validate("FILE")'
                )
            by = ShapesGraph.of_project(self.project)
        else:
            by = ShapesGraph(list(map(RdfFile.of, _files(shapes))), limits, imports=self.project.imports)
        report = check_data(self.data_graph, by, engine, limits).validation.report
        return replace(report, words=self._words_of(report)) if isinstance(self.source, DatasetSource) else report

    def _words_of(self, report: Report) -> ResultWords:
        """What the first results are about, in words: names, and the sentences behind the statements at fault."""
        shown = report.results[:_EXPLAINED]
        tokens = {token for one in shown for token in (one.focus_node, one.value) if token and token.startswith("<")}
        names = {iri: names[0] for iri, names in self.names_of({token[1:-1] for token in tokens}).items() if names}
        claims: dict[tuple[bytes, bytes], list[Claim]] = {}
        for claim in self.support.about({one.focus_node.encode() for one in shown}) if shown else ():
            subject, predicate, _, _ = split(claim.triple)
            claims.setdefault((subject, predicate), []).append(claim)
        reasons: dict[tuple[str | None, ...], list[str]] = {}
        for result in shown:
            about = claims.get((result.focus_node.encode(), (result.path or "").encode()), [])
            at_fault = [claim for claim in about if result.value in (None, split(claim.triple)[2].decode())]
            behind = map(self.evidence_of, at_fault)
            texts = [text for one in behind for text in one.reasons[: len(one.sentences) + len(one.contradicting)]]
            reasons[told_of(result)] = list(dict.fromkeys(texts))[:_REASONS]
        return ResultWords(self.prefixes, names, reasons)

    @property
    def data_graph(self) -> DataGraph:
        """The graph as validation takes it; the project's ontology tells which classes are below which."""
        source = self.source
        return StoredGraph(
            lambda: source.evaluator,
            lambda: source.lines,
            project=self.project,
            default=source.engine,
            notes=lambda: source.notes,
        )

    @overload
    def export(self, target: None = None, format: str | None = None) -> str: ...
    @overload
    def export(self, target: "str | os.PathLike[str]", format: str | None = None) -> None: ...
    def export(self, target: "str | os.PathLike[str] | None" = None, format: str | None = None) -> str | None:  # noqa: A002
        """The graph in a format as a text, or written to a file if one is named: the union of what is published."""
        from ..atomic import write_file

        if target is not None:
            if not isinstance(target, (str, os.PathLike)) or not os.fspath(target):
                raise UsageError(
                    f"a value of type {type(target).__name__} names no file."
                    if target != ""
                    else "an empty text names no file.",
                    advice="Give a path; without one, export returns the text.",
                )
            target = Path(target)
        format_ = format_from_name(format) if format else format_from_path(target) if target else TURTLE
        lines = self.dataset.published if self.dataset and not format_.datasets else self.lines
        out = io.BytesIO()
        order = None
        if self.dataset and format_ in (TURTLE, TRIG):
            order = project_order(self.project, ShapesGraph.of_project(self.project).all_lines)
        rdf.write(lines, format_, out, prefixes=self.prefixes, order=order)
        if target is not None:
            write_file(target, out.getvalue())
            return None
        return out.getvalue().decode()


def _files(given: Any) -> list[Path | RdfFile]:
    """Files given as one or as several. Raises `UsageError` for what names no file, and where there are none."""
    one = isinstance(given, (str, os.PathLike, RdfFile))
    many = isinstance(given, Iterable) and not isinstance(given, (bytes, bytearray, Mapping)) and not _has_data(given)
    files = [given] if one else list(given) if many else []
    if not files and many:
        raise UsageError("there are no files to read.", advice="Give a path, or some.")
    if not files or not all(isinstance(file, (str, os.PathLike, RdfFile)) for file in files):
        kind = type(next((one for one in files if not isinstance(one, (str, os.PathLike, RdfFile))), given)).__name__
        raise UsageError(
            f"a value of type {kind} names no file.",
            advice="Give a path or several, or the address of a SPARQL endpoint; write data in memory to a file first.",
        )
    if not all(isinstance(file, RdfFile) or os.fspath(file).strip() for file in files):
        raise UsageError("an empty text names no file.", advice='Give a path; the current folder is ".".')
    return [file if isinstance(file, RdfFile) else Path(file) for file in files]


def _has_data(value: Any) -> bool:
    """Whether something to go through is data, or a file that is open, and no list of paths."""
    return hasattr(value, "read") or type(value).__module__.partition(".")[0] in ("rdflib", "pyoxigraph")


def _is_project(path: Path) -> bool:
    """Whether a path is a project's folder or settings, rather than RDF; an empty folder is a project's at fault."""
    return path.name == "kg.toml" or (path / "kg.toml").is_file() or (path.is_dir() and not any(path.iterdir()))


def _named(value: Any) -> Any:
    """A value for a parameter; a thing stands for its IRI."""
    return IRI(value.iri) if isinstance(value, Entity) else value


def _iri_of(value: Any) -> str | None:
    """The IRI of what is no text that must be looked up."""
    if isinstance(value, Entity):
        return value.iri
    if isinstance(value, ox.NamedNode):
        return value.value
    # rdflib's are known by their name, since rdflib need not be installed
    return str(value) if isinstance(value, IRI) or type(value).__name__ == "URIRef" else None


def _solutions_of(value: Any) -> Solutions:
    """Solutions, given as themselves or as some of them. Raises `UsageError` for what is none."""
    if isinstance(value, Solutions):
        return value
    kind = type(value).__name__
    if isinstance(value, (Evidence, Explanation)):
        raise UsageError(f"this {kind} is itself the answer of why or evidence.", advice="Print it.")
    if type(value).__module__.partition(".")[0] in ("pandas", "polars") or kind == "Pandas":
        raise UsageError(
            f"a data frame ({kind}) has values without the query that they answer.",
            advice="Give the solutions that it was made of, or some by their places: why(solutions[2:5]); "
            "for the rows of a pandas frame: why([solutions[row] for row in frame.index]).",
        )
    given = [value] if isinstance(value, Mapping) else value
    rows = [row for row in given if isinstance(row, Solution)] if isinstance(given, Sequence) else []
    if rows and len(rows) == len(given):
        first = rows[0].solutions
        if all(row.solutions.origin is first.origin for row in rows):
            return first.part([row.terms for row in rows])
        raise UsageError("these solutions are of several queries.", advice="Give those of one at a time.")
    if isinstance(value, Sequence) and not value:
        raise UsageError("an empty list says nothing of its query.", advice="Give the query, or solutions of it.")
    if isinstance(value, (dict, tuple)) or (isinstance(value, Sequence) and isinstance(value[0], (dict, tuple))):
        raise UsageError(
            f"a {kind} of values does not tell which query they answer.",
            advice="Give solutions as `select` gave them: all, a slice, one (solutions[0]), a list of them.",
        )
    raise UsageError(
        f"there is nothing to explain in “{kind}”.",
        advice="Give a query, its name, solutions as `select` gave them (all, a slice, one, a list of them), or a "
        "thing as `entity` gives it; `evidence` is for one statement.",
    )


def _parameters(given: Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a query, given as a mapping and by keywords."""
    if given is not None and not isinstance(given, Mapping):
        raise UsageError(
            f"parameters have names, which “{type(given).__name__}” has not.",
            advice='Write select("NAME", year=2014); for one statement: evidence("THING", "PROPERTY", VALUE).',
        )
    return {**(given or {}), **values}


def _statements_of(value: Any) -> list[EntityStatement]:
    """Statements about things, given as one or as some; empty for what is none."""
    given = list(value) if isinstance(value, (tuple, list)) else [value]
    return given if all(isinstance(one, EntityStatement) for one in given) else []


def _explained(statements: Sequence[EntityStatement], prefixes: Mapping[str, str]) -> Explanation:
    """Statements about things with the evidence behind each."""
    triples = ox.parse(b"".join(one.line for one in statements), format=ox.RdfFormat.N_TRIPLES)
    rows = [(triple.predicate, triple.object) for triple in triples]
    solutions = Solutions(("property", "value"), rows, prefixes)
    return Explanation(solutions, tuple(list(one.evidence) for one in statements), each="statement")


def _noted(answer: Answer, *, hints: bool = False) -> Answer:
    """An answer, with a warning for what may be wrong in it, and for hints where the answer has no place for them."""
    for note in (*answer.notes, *(answer.hints if hints else ())):
        warnings.warn(note, stacklevel=3)
    return answer


def literal_is(triple: bytes, value: Any) -> bool:
    """Whether the object of a triple is a literal with this text."""
    token = split(triple)[2]
    return token.startswith(b'"') and literal(token)[0] == str(value)
