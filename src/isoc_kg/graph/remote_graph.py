"""A knowledge graph that stays where it is: in a triple store behind the SPARQL protocol."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from ..authoring.vocabulary import NameOrder, best_named
from ..endpoint import Endpoint
from ..errors import EndpointError, QueryError, UnknownName
from ..iris import expand
from ..project import Project
from ..query import IRI, Answer, NamedQuery, run_remote
from ..rdf.lines import sort_lines
from ..rdf.tokens import term_token
from ..validation import DataGraph, StoredGraph
from .knowledge_graph import Entity, KnowledgeGraph

__all__ = ["RemoteGraph"]

_OTHERWISE = (
    "Virtuoso gives some literals other datatypes, and compares numbers with texts: of W3C's tests of SHACL about a "
    "quarter comes out otherwise there. --engine shacl reads the data and validates them here."
)
#: What stores answer to a query that they cannot compile, or will not run.
_REFUSED = frozenset({400, 413, 414, 422, 500, 501})


class RemoteGraph(KnowledgeGraph):
    """The graph behind an endpoint. Queries, descriptions and evidence are asked for; `lines` reads everything.

    Terms are those that the store has: where it rewrites literals, 1.10 is 1.1.
    """

    def __init__(self, project: Project, endpoint: Endpoint) -> None:
        self.project = project
        self.endpoint = endpoint
        self.dataset = None
        endpoint.unite()

    def close(self) -> None:
        """End the connections to the store."""
        self.endpoint.close()

    @cached_property
    def lines(self) -> list[bytes]:  # type: ignore[override]
        """All quads as canonical lines, read graph by graph and held against the store's counts."""
        return sort_lines(list(self.endpoint.quads()))

    def size(self) -> int:
        """How many triples there are, those of several graphs counted in each."""
        names = self.endpoint.named_graphs()
        return sum(self.endpoint.count(name) for name in names) or self.endpoint.count(None)

    def _run(
        self, text: str, terms: Mapping[str, ox.NamedNode | ox.Literal], named: NamedQuery | None = None
    ) -> Answer:
        return run_remote(
            self.endpoint,
            text,
            prefixes=self.prefixes,
            parameters=terms,
            limits=self.project.limits,
            file=str(named.file) if named else None,
        )

    def _rows(self, text: str) -> Sequence[Sequence[Any]]:
        return self.endpoint.select(text)[1]

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it, its label first."""
        return self._labels("")

    def _labels(self, pattern: str) -> dict[str, list[str]]:
        order = NameOrder(self.project)
        predicates = " ".join(f"<{name}>" for name in order.properties)
        rows = self._rows(
            f"SELECT DISTINCT ?s ?p ?name WHERE {{ VALUES ?p {{ {predicates} }} {pattern} ?s ?p ?name "
            "FILTER(isIRI(?s) && isLiteral(?name)) }"
        )
        return order.names((term_token(s), term_token(p), term_token(name)) for s, p, name in rows)

    def find(self, name: str) -> IRI:
        """The IRI of what is called so: label, acronym, local name, prefixed name or IRI."""
        for candidate in filter(None, (expand(name, self.prefixes), self.project.ids.things + name)):
            try:
                node = ox.NamedNode(candidate)
            except ValueError:
                continue
            if self.endpoint.ask(f"ASK {{ {node} ?p ?o }}"):
                return IRI(candidate)
        wanted = str(ox.Literal(name.casefold()))
        properties = " ".join(f"<{p}>" for p in NameOrder(self.project).properties)
        rows = self._rows(
            f"SELECT DISTINCT ?s WHERE {{ VALUES ?p {{ {properties} }} ?s ?p ?name "
            f"FILTER(isIRI(?s) && LCASE(STR(?name)) = {wanted}) }}"
        )
        named = best_named(name, self.names_of([s.value for (s,) in rows]), self.project.ids.things)
        if named is None:
            raise UnknownName(
                f"There is nothing called “{name}” in the store.", advice="Give a label, an acronym or an IRI."
            )
        return IRI(named)

    def entity(self, name: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        found = self.find(name)
        node = ox.NamedNode(found)
        about = self._rows(f"SELECT DISTINCT ?p ?o WHERE {{ {node} ?p ?o }}")
        leading = self._rows(f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {node} }}")
        claims = self.project.ids.claims
        lines = sorted(f"{node} {p} {o} .\n".encode() for p, o in about)
        incoming = sorted(f"{s} {p} {node} .\n".encode() for s, p in leading if not str(s).startswith(f"<{claims}"))
        named = self._labels(f"VALUES ?s {{ {node} }}")
        return Entity(found, next(iter(named.get(found, [])), found), tuple(lines), tuple(incoming))

    @property
    def data_graph(self) -> DataGraph:
        """The graph as validation takes it: by default it is validated where it is."""
        return StoredGraph(
            lambda: _Stored(self.endpoint),
            lambda: self.lines,
            project=self.project,
            default="compiled",
            notes=lambda: (_OTHERWISE,) if "virtuoso" in self.endpoint.server else (),
        )

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        result: dict[str, list[str]] = {}
        for some in _batches(sorted(set(iris))):
            result |= self._labels(f"VALUES ?s {{ {some} }}")
        return result


class _Stored:
    """An endpoint as validation asks it: what the store refuses to run is a query that it cannot answer."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def select(self, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """All solutions of a SELECT query."""
        with _refusals():
            return self._endpoint.select(text)

    def ask(self, text: str) -> bool:
        """Whether the pattern matches."""
        with _refusals():
            return self._endpoint.ask(text)

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT query."""
        with _refusals():
            return self._endpoint.construct(text)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except EndpointError as error:
        if error.status in _REFUSED:
            raise QueryError(f"the store refuses a query: {error.excerpt or error.message}") from None
        raise


def _batches(iris: Sequence[str], size: int = 100) -> Iterator[str]:
    for start in range(0, len(iris), size):
        yield " ".join(str(ox.NamedNode(iri)) for iri in iris[start : start + size])
