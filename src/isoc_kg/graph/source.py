"""Where the data of a knowledge graph is."""

from collections.abc import Collection
from typing import Protocol

import pyoxigraph as ox

from ..authoring.dataset import Dataset
from ..evidence.statement import Support
from ..query import Evaluator
from .citing import Citations
from .entity import Entity

__all__ = ["GraphSource"]


class GraphSource(Protocol):
    """Data in memory, or in a store behind an endpoint. What has to be read or made for it is when first asked for."""

    @property
    def title(self) -> str:
        """What the data is called where nothing in it says so."""

    @property
    def extent(self) -> str:
        """How much there is and where, to read, as far as it is known without reading or asking anything."""

    @property
    def dataset(self) -> Dataset | None:
        """The project's dataset, if these are its data as its files have them."""

    @property
    def lines(self) -> list[bytes]:
        """All quads as sorted canonical lines."""

    @property
    def store(self) -> ox.Store:
        """All quads in an embedded store."""

    @property
    def evaluator(self) -> Evaluator:
        """What answers queries over the union of all graphs."""

    @property
    def support(self) -> Support:
        """Where evidence is known from: the project's files, or the claims among the data themselves."""

    @property
    def citations(self) -> Citations:
        """What cites the data and what is in them."""

    @property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it."""

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""

    def find(self, name: str) -> str:
        """The IRI of what is called so: label, acronym, local name, prefixed name or IRI. Raises `UnknownName`."""

    def entity(self, iri: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""

    @property
    def engine(self) -> str | None:
        """The SHACL engine that validates where the data is; None for the default one."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of a report that was made where the data is."""

    def close(self) -> None:
        """Let go of what is open."""
