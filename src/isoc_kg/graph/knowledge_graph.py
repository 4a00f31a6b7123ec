"""The knowledge graph as Python users hold it: load, query, ask for evidence, validate, export."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from .. import rdf
from ..atomic import MANIFEST
from ..authoring.dataset import PUBLISHED, Dataset, build_dataset
from ..authoring.facts import Claim
from ..errors import QueryError, UsageError
from ..evidence.authored import Authored
from ..evidence.published import Published
from ..evidence.statement import Evidence, Sentence, Support
from ..formats import TURTLE, format_from_name, format_from_path
from ..iris import expand
from ..project import Limits, Project, load_project
from ..query import (
    IRI,
    Answer,
    NamedQuery,
    Solutions,
    find_query,
    load_queries,
    run_query,
    term_from_text,
    term_from_value,
)
from ..query.text import select_all, tokens
from ..rdf.files import RdfFile, read_files
from ..rdf.lines import iri, literal, split
from ..validation import DataGraph, Report, ShapesGraph, StoredGraph, validate_graphs
from .entity import describe_lines, find_entity, incoming_lines

if TYPE_CHECKING:
    from ..endpoint import Credentials
    from ..validation.compiled import Queryable

__all__ = ["Entity", "Evidence", "KnowledgeGraph", "Sentence"]


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing: its label, the triples about it and those that lead to it, as canonical lines."""

    iri: str
    label: str
    lines: tuple[bytes, ...]
    incoming: tuple[bytes, ...]


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

    def __init__(self, project: Project, lines: list[bytes], dataset: Dataset | None = None) -> None:
        self.project = project
        self.lines = lines
        self.dataset = dataset

    @classmethod
    def load(
        cls,
        source: Path | str | Sequence[Path | str] | None = None,
        *,
        project: Path | None = None,
        graphs: Sequence[str] | None = None,
        credentials: "Credentials | None" = None,
        timeout: float = 60.0,
    ) -> "KnowledgeGraph":
        """The graph of a project folder, a built folder, RDF files, or (None) of the current or the shipped project.

        The address of a SPARQL endpoint (`http://…`, `https://…`) gives the graph that is there, seen through
        `project`'s prefixes, queries and shapes; `graphs` chooses named graphs, by default the union of all. Without
        `credentials` those of the environment are used (`ISOC_KG_USER`, `ISOC_KG_PASSWORD`, `ISOC_KG_TOKEN`).
        """
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            from ..endpoint import Endpoint, credentials_from_environment
            from .remote_graph import RemoteGraph

            known = credentials or credentials_from_environment(None)
            endpoint = Endpoint(source, credentials=known, graphs=graphs, timeout=timeout)
            return RemoteGraph(load_project(project), endpoint)
        if isinstance(source, (str, Path)) and (Path(source) / MANIFEST).is_file():
            source = sorted(Path(source).glob("*.nq"))  # a built folder: all its graphs
        if source is None or (
            isinstance(source, (str, Path)) and (Path(source).is_dir() or Path(source).name == "kg.toml")
        ):
            dataset = build_dataset(load_project(source))
            return cls(dataset.project, dataset.lines, dataset)
        files = [source] if isinstance(source, (str, Path)) else list(source)
        settings = load_project(project)
        lines, _ = read_files([RdfFile(Path(file)) for file in files], limits=settings.limits)
        return cls(settings, lines)

    def __enter__(self) -> "KnowledgeGraph":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open: nothing here, the connections of a graph behind an endpoint."""

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that queries need not declare."""
        return self.project.prefixes

    @cached_property
    def store(self) -> ox.Store:
        """The graph in pyoxigraph, made on first use. It keeps numbers in canonical form only: 1.10 becomes 1.1."""
        store = ox.Store()
        store.bulk_load(b"".join(self.lines), format=ox.RdfFormat.N_QUADS)
        return store

    @cached_property
    def rdflib(self) -> Any:
        """The graph as an rdflib `Dataset` whose default graph is the union; nothing is normalised."""
        import rdflib

        before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        try:
            result = rdflib.Dataset(default_union=True)
            for prefix, namespace in self.prefixes.items():
                result.bind(prefix, namespace)
            for line in self.lines:
                subject, predicate, object_, graph = (_rdflib_term(token) for token in split(line))
                result.add((subject, predicate, object_, graph))
        finally:
            rdflib.NORMALIZE_LITERALS = before
        return result

    @cached_property
    def queries(self) -> dict[str, NamedQuery]:
        """The project's named queries by name."""
        return load_queries(self.project.folder("queries"))

    def run(self, query: str, parameters: dict[str, Any] | None = None, *, text_parameters: bool = False) -> Answer:
        """Run a query or a named one; `text_parameters` reads values by the types that the named query declares."""
        if not any(mark in query for mark in " {\n"):
            return self._run_named(find_query(self.queries, query), dict(parameters or {}), text_parameters)
        return self._run(query, {name: term_from_value(value) for name, value in (parameters or {}).items()})

    def _run(
        self, text: str, terms: Mapping[str, ox.NamedNode | ox.Literal], named: NamedQuery | None = None
    ) -> Answer:
        return run_query(
            self.store,
            text,
            prefixes=self.prefixes,
            parameters=terms,
            limits=self.project.limits,
            file=str(named.file) if named else None,
        )

    def _run_named(self, named: NamedQuery, given: dict[str, Any], as_text: bool) -> Answer:
        terms = {}
        for parameter in named.parameters:
            value = given.pop(parameter.name, parameter.default)
            if value is None:
                raise QueryError(
                    f"the query {named.name} needs a value for “{parameter.name}”.",
                    advice=f"Give --param {parameter.name}=…: {parameter.text or parameter.type}.",
                )
            declared = as_text or type(value) is str
            terms[parameter.name] = (
                term_from_text(value, parameter.type, self.prefixes) if declared else term_from_value(value)
            )
        if given:
            known = ", ".join(parameter.name for parameter in named.parameters) or "none"
            raise QueryError(
                f"the query {named.name} has no parameter “{next(iter(given))}”.", advice=f"It has {known}."
            )
        return self._run(named.text, terms, named)

    def select(self, query: str, **parameters: Any) -> Solutions:
        """The solutions of a SELECT query, or of a named one; keywords set its variables."""
        answer = self.run(query, parameters)
        if answer.solutions is None:
            raise QueryError("this is not a SELECT query.", advice="Use ask, construct or describe.")
        return answer.solutions

    def ask(self, query: str, **parameters: Any) -> bool:
        """The answer of an ASK query."""
        answer = self.run(query, parameters)
        if answer.boolean is None:
            raise QueryError("this is not an ASK query.", advice="Use select, construct or describe.")
        return answer.boolean

    def construct(self, query: str, **parameters: Any) -> "KnowledgeGraph":
        """The graph that a CONSTRUCT or DESCRIBE query makes."""
        answer = self.run(query, parameters)
        if answer.triples is None:
            raise QueryError("this is not a CONSTRUCT query.", advice="Use select or ask.")
        return KnowledgeGraph(self.project, answer.triples)

    describe = construct

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it."""
        dataset = self.dataset or Dataset(self.project, rdf.Graphs.of_quads(self.lines), {}, (), [])
        return dataset.labels

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        return {iri: self.labels[iri] for iri in iris if iri in self.labels}

    def find(self, name: str) -> IRI:
        """The IRI of what is called so: label, acronym, local name, prefixed name or IRI."""
        return IRI(find_entity(name, self.labels, self.prefixes, self.project.ids.things))

    def entity(self, name: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        found = self.find(name)
        graphs = (
            None
            if self.dataset is None
            else [self.project.ids.graph(g) for g in (*PUBLISHED, "ontology", "alignments")]
        )
        triples = list(rdf.triples(self.lines, graphs))
        claims = f"<{self.project.ids.claims}".encode()
        incoming = [line for line in incoming_lines(triples, found) if not line.startswith(claims)]
        label = next(iter(self.labels.get(found, [])), found)
        return Entity(found, label, tuple(describe_lines(triples, found)), tuple(incoming))

    def evidence(self, subject: str, predicate: str, object_: Any = None) -> Evidence:
        """What stands behind a statement; without an object there must be only one such statement."""
        about, property_ = f"<{self._iri(subject)}>".encode(), f"<{self._iri(predicate)}>".encode()
        found = [claim for claim in self.support.about({about}) if split(claim.triple)[1] == property_]
        if object_ is not None:
            if isinstance(object_, str) and not hasattr(object_, "language") and expand(object_, self.prefixes):
                token = f"<{self._iri(object_)}>"
            else:
                token = str(term_from_value(object_))
            found = [c for c in found if split(c.triple)[2].decode() == token or literal_is(c.triple, object_)]
        if len(found) != 1:
            problem = "there is no such statement." if not found else f"there are {len(found)} such statements."
            raise UsageError(problem, advice="Give subject, predicate and object as IRIs or prefixed names.")
        return self.evidence_of(found[0])

    def evidence_of(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        return self.support.evidence(claim)

    @cached_property
    def support(self) -> Support:
        """Where evidence is known from: the project's files, or the claims among the data themselves."""
        return Authored(self.dataset) if self.dataset else Published(self._rows, self.project.ids.claims)

    def _rows(self, text: str) -> Sequence[Sequence[Any]]:
        solutions = self.store.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        names = solutions.variables
        return [[solution[name] for name in names] for solution in solutions]

    def why(
        self, query: str, parameters: dict[str, Any] | None = None, *, text_parameters: bool = False
    ) -> Iterator[tuple[tuple[Any, ...], list[Evidence]]]:
        """Each solution's terms with the evidence of the claims behind it.

        Behind a solution stand the claims whose subject and object are values of the query's variables in its
        matches, or IRIs that the query names, with a property that it names (any, if it names none). Where
        solutions are grouped or computed, only what is selected is known of their matches.
        """
        answer = self.run(query, parameters, text_parameters=text_parameters)
        if answer.solutions is None:
            raise QueryError("only the solutions of a SELECT query have sentences behind them.")
        wide = self._all_variables(query, parameters, text_parameters) or answer.solutions
        positions = [wide.variables.index(name) for name in answer.solutions.variables if name in wide.variables]
        matches: dict[tuple[Any, ...], set[bytes]] = {}
        for row in wide.terms:
            key = tuple(str(row[position]) for position in positions)
            matches.setdefault(key, set()).update(str(term).encode() for term in row if term is not None)
        constants = {name.encode() for name in answer.solutions.constants}
        properties = self.support.properties(constants)
        for row in answer.solutions.terms:
            known = matches.get(tuple(str(term) for term in row), set()) | constants
            found = []
            for claim in self.support.about(known):
                _, predicate, object_, _ = split(claim.triple)
                if object_ in known and (not properties or predicate in properties):
                    found.append(self.evidence_of(claim))
            yield row, found

    def _all_variables(self, query: str, parameters: dict[str, Any] | None, text_parameters: bool) -> Solutions | None:
        text = self.queries[query].text if query in self.queries else query
        wide = select_all(text, list(tokens(text)))
        if wide is None:
            return None
        if query not in self.queries:
            return self.run(wide, parameters).solutions
        named = replace(self.queries[query], text=wide)
        return self._run_named(named, dict(parameters or {}), text_parameters).solutions

    def _iri(self, name: str) -> str:
        expanded = expand(str(name), self.prefixes)
        if expanded is None:
            raise UsageError(f"“{name}” is no IRI and no prefixed name.", advice=f"Known: {', '.join(self.prefixes)}.")
        return expanded

    def validate(self, *, engine: str | None = None, limits: Limits | None = None) -> Report:
        """The SHACL report on the graph by the project's shapes.

        The engine `compiled` asks `store`, which is there already if the graph was queried before: nothing is parsed
        again. It works in this process, without a limit of time.
        """
        shapes = ShapesGraph.of_project(self.project)
        return validate_graphs([(self.data_graph, shapes)], engine=engine, limits=limits or self.project.limits).report

    @property
    def data_graph(self) -> DataGraph:
        """The graph as validation takes it; the project's ontology tells which classes are below which."""
        return StoredGraph(self._queryable, lambda: self.lines, project=self.project)

    def _queryable(self) -> "Queryable":
        from ..validation.compiled import StoreQueryable

        return StoreQueryable(self.store)

    def export(self, target: Path | str | None = None, format: str | None = None) -> str:  # noqa: A002
        """The graph in a format, also written to a file if one is named: the union of what is published."""
        from ..atomic import write_file

        known = format_from_name(format) if format else format_from_path(target) if target else TURTLE
        lines = self.dataset.published if self.dataset and not known.datasets else self.lines
        out = io.BytesIO()
        rdf.write(lines, known, out, prefixes=self.prefixes)
        if target is not None:
            write_file(target, out.getvalue())
        return out.getvalue().decode()


def literal_is(triple: bytes, value: Any) -> bool:
    """Whether the object of a triple is a literal with this text."""
    token = split(triple)[2]
    return token.startswith(b'"') and literal(token)[0] == str(value)


def _rdflib_term(token: bytes) -> Any:
    import rdflib

    if not token:
        return None
    if token.startswith(b"<"):
        return rdflib.URIRef(iri(token))
    if token.startswith(b"_:"):
        return rdflib.BNode(token[2:].decode())
    value, language, datatype = literal(token)
    if language:
        return rdflib.Literal(value, lang=language)
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(value, datatype=None if plain else rdflib.URIRef(datatype or ""))
