"""Data that stay where they are: in a triple store behind the SPARQL protocol."""

from collections.abc import Collection
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from ..authoring.dataset import GRAPHS
from ..endpoint import Endpoint
from ..evidence.published import Published
from ..evidence.statement import Evidence
from ..project import Project
from ..query.evaluator import store_of
from ..rdf.lines import sort_lines
from .citing import Citations, cited_as
from .entity import Entity, entity_by_queries, find_by_queries, labels_by_query, names_by_queries

__all__ = ["EndpointSource"]

_OTHERWISE = (
    "Virtuoso gives some literals other datatypes, and compares numbers with texts: of W3C's tests of SHACL about a "
    "quarter comes out otherwise there. --engine shacl reads the data and validates them here."
)


class EndpointSource:
    """The union of an endpoint's graphs, asked for descriptions and evidence; `lines` and `store` read everything.

    Terms are those that the store has: where it rewrites literals, 1.10 is 1.1.
    """

    dataset = None
    engine = "compiled"

    def __init__(self, project: Project, endpoint: Endpoint) -> None:
        self.project = project
        self.evaluator = endpoint
        endpoint.unite()

    @property
    def title(self) -> str:
        """The address of the endpoint."""
        return self.evaluator.query_url

    @property
    def extent(self) -> str:
        """That it is behind an endpoint."""
        return "behind an endpoint"

    @property
    def notes(self) -> tuple[str, ...]:
        """What the store makes of SHACL, once it has answered."""
        return (_OTHERWISE,) if "virtuoso" in self.evaluator.server else ()

    @cached_property
    def lines(self) -> list[bytes]:
        """All quads as canonical lines, read graph by graph and compared with the store's counts."""
        return sort_lines(list(self.evaluator.quads()))

    def size(self) -> int:
        """How many triples there are, those of several graphs counted in each."""
        names = self.evaluator.named_graphs()
        return sum(self.evaluator.count(name) for name in names) or self.evaluator.count(None)

    @cached_property
    def store(self) -> ox.Store:
        """All quads in an embedded store."""
        return store_of(self.lines)

    @cached_property
    def support(self) -> Published:
        """The claims that the store has."""
        return Published(self.evaluator, self.project.ids.claims, self.project.prefixes, self._cite)

    def _cite(self, evidence: Evidence, form: str, accessed: date | None) -> str:
        return self.citations.evidence(evidence, form, accessed)

    @cached_property
    def citations(self) -> Citations:
        """As a part of the project where the store has a graph of it, else of what the data say that they are."""
        own = set(map(self.project.ids.graph, GRAPHS))
        is_own = any(name in own for name in self.evaluator.named_graphs())
        if not is_own and self.project.shipped:  # the one that is taken where none is named
            return Citations(cited_as(Project.of_files(), self.evaluator, own=False, name=self.title), self.evaluator)
        return Citations(cited_as(self.project, self.evaluator, own=is_own, name=self.title), self.evaluator)

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it, its label first."""
        return labels_by_query(self.evaluator, self.project)

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        return names_by_queries(self.evaluator, self.project, iris)

    def find(self, name: str) -> str:
        """The IRI of what is called so. Raises `UnknownName`."""
        return find_by_queries(self.evaluator, self.project, name)

    def entity(self, iri: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        return entity_by_queries(self.evaluator, self.project, iri)

    def close(self) -> None:
        """End the connections to the store."""
        self.evaluator.close()
