"""The knowledge graph as Python users hold it: load, query, ask for evidence, validate, export."""

import io
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from .. import rdf
from ..atomic import MANIFEST
from ..authoring.dataset import Dataset, build_dataset
from ..authoring.facts import Claim
from ..errors import QueryError, UsageError
from ..evidence.behind import Explanation, explain
from ..evidence.statement import Evidence, Sentence, Support
from ..formats import TURTLE, format_from_name, format_from_path
from ..iris import expand
from ..limits import Limits
from ..namespaces import EV
from ..project import Project, load_project, project_of_files
from ..publication.self_description import fitted
from ..query import (
    IRI,
    Answer,
    NamedQuery,
    Parameter,
    Solutions,
    StoreEvaluator,
    bind,
    find_query,
    load_queries,
    run_query,
    term_from_text,
    term_from_value,
)
from ..query.forms import named_terms
from ..query.tokens import tokens
from ..rdf.files import RdfFile, Reading, quads_in_order
from ..rdf.lines import lines_in_order, literal, split
from ..rdf.schema_org import mixed_up, spellings
from ..rdf.tokens import iri_token
from ..validation import DataGraph, Report, ShapesGraph, StoredGraph
from .dataset_source import DatasetSource
from .entity import Entity
from .source import GraphSource

if TYPE_CHECKING:
    from ..endpoint import Credentials

__all__ = ["Entity", "Evidence", "KnowledgeGraph", "Sentence"]


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

    def __init__(self, project: Project, source: GraphSource) -> None:
        self.project = project
        self.source = source

    @classmethod
    def load(
        cls,
        source: Path | str | Sequence[Path | str | RdfFile] | None = None,
        *,
        project: Path | None = None,
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
        """
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            from ..endpoint import Endpoint, credentials_from_environment
            from .endpoint_source import EndpointSource

            credentials = credentials or credentials_from_environment(None)
            endpoint = Endpoint(source, credentials=credentials, graphs=graphs, timeout=timeout)
            settings = load_project(project)
            return cls(settings, EndpointSource(settings, endpoint))
        named = project if source is None else source
        if isinstance(named, (str, Path)) and (Path(named) / MANIFEST).is_file():
            # a built folder: all its graphs
            source, project = sorted(Path(named).glob("*.nq")), project if source is not None else None
        elif source is None or (isinstance(source, (str, Path)) and _is_project(Path(source))):
            if format or base or contexts:
                raise UsageError("format, base and contexts are about RDF files, and this is a project.")
            dataset = build_dataset(load_project(source if isinstance(source, (str, Path)) else project))
            return cls(dataset.project, DatasetSource(dataset.project, dataset.lines, dataset))
        files = [source] if isinstance(source, (str, Path)) else list(source)
        settings = project_of_files(project)
        copies = {url: Path(file) for url, file in (contexts or {}).items()}
        reading = Reading(format_from_name(format) if format else None, base, copies)
        rdf_files: list[RdfFile] = []
        for file in files:
            rdf_files += [file] if isinstance(file, RdfFile) else reading.files([Path(file)])
        prefixes: dict[str, str] = {}
        quads = quads_in_order(rdf_files, limits=settings.limits, prefixes=prefixes)
        evaluator = StoreEvaluator.of_lines(lines_in_order(quads))
        evidence = evaluator.store.quads_for_pattern(None, ox.NamedNode(EV.supportedBy), None, None)
        settings = fitted(settings, lines_in_order(evidence), prefixes)
        return cls(settings, DatasetSource(settings, files=rdf_files, evaluator=evaluator))

    def __enter__(self) -> "KnowledgeGraph":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open: nothing for data in memory, the connections of a graph behind an endpoint."""
        self.source.close()

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
        """All quads as sorted canonical lines; those behind an endpoint are read as a whole."""
        return self.source.lines

    @property
    def store(self) -> ox.Store:
        """The graph in pyoxigraph, made on first use. It keeps numbers in canonical form only: 1.10 becomes 1.1."""
        return self.source.store

    @cached_property
    def rdflib(self) -> Any:
        """The graph as an rdflib `Dataset` whose default graph is the union; nothing is normalised."""
        from .rdflib_dataset import rdflib_dataset

        return rdflib_dataset(self.lines, self.prefixes)

    @cached_property
    def queries(self) -> dict[str, NamedQuery]:
        """The project's named queries by name."""
        return load_queries(self.project.folder("queries"))

    def run(self, query: str, parameters: dict[str, Any] | None = None, *, text_parameters: bool = False) -> Answer:
        """Run a query or a named one; `text_parameters` reads values by the types that the named query declares."""
        return self._run(*self._bound(query, parameters or {}, text_parameters))

    def _bound(
        self, query: str, given: Mapping[str, Any], as_text: bool
    ) -> tuple[str, dict[str, ox.NamedNode | ox.Literal], NamedQuery | None]:
        """The text of a query or of a named one, the terms of its parameters, and the named query."""
        if any(mark in query for mark in " {\n"):
            return query, {name: term_from_value(value) for name, value in given.items()}, None
        named = find_query(self.queries, query)

        def term(parameter: Parameter, value: Any) -> ox.NamedNode | ox.Literal:
            declared = as_text or type(value) is str
            return term_from_text(value, parameter.type, self.prefixes) if declared else term_from_value(value)

        return named.text, bind(named, given, term), named

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
        if answer.empty and isinstance(self.source, DatasetSource):
            asked = (term.encode() for term in named_terms(list(tokens(text)), self.prefixes))
            if (spelt := spellings(asked)) and (hint := mixed_up(spelt, spellings(self.lines), "the query")):
                return replace(answer, notes=(*answer.notes, hint))
        return answer

    def select(self, query: str, **parameters: Any) -> Solutions:
        """The solutions of a SELECT query, or of a named one; keywords set its variables."""
        answer = _noted(self.run(query, parameters))
        if answer.solutions is None:
            raise QueryError("this is not a SELECT query.", advice="Use ask, construct or describe.")
        return answer.solutions

    def ask(self, query: str, **parameters: Any) -> bool:
        """The answer of an ASK query."""
        answer = _noted(self.run(query, parameters))
        if answer.boolean is None:
            raise QueryError("this is not an ASK query.", advice="Use select, construct or describe.")
        return answer.boolean

    def construct(self, query: str, **parameters: Any) -> "KnowledgeGraph":
        """The graph that a CONSTRUCT or DESCRIBE query makes."""
        answer = _noted(self.run(query, parameters))
        if answer.triples is None:
            raise QueryError("this is not a CONSTRUCT query.", advice="Use select or ask.")
        return KnowledgeGraph(self.project, DatasetSource(self.project, answer.triples))

    describe = construct

    @property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it."""
        return self.source.labels

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        return self.source.names_of(iris)

    def find(self, name: str) -> IRI:
        """The IRI of what is called so: label, acronym, local name, prefixed name or IRI."""
        return IRI(self.source.find(name))

    def entity(self, name: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        return self.source.entity(self.find(name))

    def evidence(self, subject: str, predicate: str, object_: Any = None) -> Evidence:
        """What stands behind a statement; without an object there must be only one such statement."""
        about, property_ = iri_token(self._iri(subject)), iri_token(self._iri(predicate))
        claims = [claim for claim in self.support.about({about}) if split(claim.triple)[1] == property_]
        if object_ is not None:
            if isinstance(object_, str) and not hasattr(object_, "language") and expand(object_, self.prefixes):
                token = f"<{self._iri(object_)}>"
            else:
                token = str(term_from_value(object_))
            claims = [
                claim
                for claim in claims
                if split(claim.triple)[2].decode() == token or literal_is(claim.triple, object_)
            ]
        if len(claims) != 1:
            problem = "there is no such statement." if not claims else f"there are {len(claims)} such statements."
            raise UsageError(problem, advice="Give subject, predicate and object as IRIs or prefixed names.")
        return self.evidence_of(claims[0])

    def evidence_of(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
        return self.support.evidence(claim)

    @property
    def support(self) -> Support:
        """Where evidence is known from: the project's files, or the claims among the data themselves."""
        return self.source.support

    def why(
        self, query: str, parameters: dict[str, Any] | None = None, *, text_parameters: bool = False
    ) -> Explanation:
        """The solutions of a SELECT query with what stands behind them; iterating gives terms and evidence of each.

        Behind a solution stand the claims whose subject and object are values of the query's variables in its
        matches, or terms that the query names, with a property that it names (any, if it names none). Where
        solutions are grouped or computed, only what is selected is known of their matches.
        """
        text, terms, named = self._bound(query, parameters or {}, text_parameters)

        def select(query: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
            solutions = self._run(query, terms, named).solutions
            assert solutions is not None
            return solutions.variables, solutions.terms

        constants = [str(term) for term in terms.values()]
        return explain(text, select, self.support, self.prefixes, parameters=constants)

    def _iri(self, name: str) -> str:
        expanded = expand(str(name), self.prefixes)
        if expanded is None:
            raise UsageError(f"“{name}” is no IRI and no prefixed name.", advice=f"Known: {', '.join(self.prefixes)}.")
        return expanded

    def validate(
        self,
        shapes: Path | str | RdfFile | Sequence[Path | str | RdfFile] | None = None,
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
                raise UsageError("which shapes? These data belong to no project.", advice='Name them: validate("FILE")')
            by = ShapesGraph.of_project(self.project)
        else:
            files = [shapes] if isinstance(shapes, (Path, str, RdfFile)) else shapes
            by = ShapesGraph(list(map(RdfFile.of, files)), limits, imports=self.project.imports)
        return check_data(self.data_graph, by, engine, limits).validation.report

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

    def export(self, target: Path | str | None = None, format: str | None = None) -> str:  # noqa: A002
        """The graph in a format, also written to a file if one is named: the union of what is published."""
        from ..atomic import write_file

        format_ = format_from_name(format) if format else format_from_path(target) if target else TURTLE
        lines = self.dataset.published if self.dataset and not format_.datasets else self.lines
        out = io.BytesIO()
        rdf.write(lines, format_, out, prefixes=self.prefixes)
        if target is not None:
            write_file(target, out.getvalue())
        return out.getvalue().decode()


def _is_project(path: Path) -> bool:
    """Whether a path is a project's folder or settings, rather than RDF; an empty folder is a project's at fault."""
    return path.name == "kg.toml" or (path / "kg.toml").is_file() or (path.is_dir() and not any(path.iterdir()))


def _noted(answer: Answer) -> Answer:
    """An answer, with a warning for what may be wrong in it."""
    for note in answer.notes:
        warnings.warn(note, stacklevel=3)
    return answer


def literal_is(triple: bytes, value: Any) -> bool:
    """Whether the object of a triple is a literal with this text."""
    token = split(triple)[2]
    return token.startswith(b'"') and literal(token)[0] == str(value)
