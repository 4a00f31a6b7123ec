"""Data in memory: a project's dataset, or the quads of any files."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from .. import rdf
from ..authoring.dataset import PUBLISHED, Dataset
from ..errors import counted
from ..evidence.authored import Authored
from ..evidence.published import Published
from ..evidence.statement import Evidence, Support
from ..project import Project
from ..query import StoreEvaluator
from ..query.evaluator import store_of
from ..rdf.files import middle_form
from .citing import Citations, cited_as
from .entity import Entity, entity_of_lines, find_entity, mentioned

__all__ = ["DatasetSource"]


class DatasetSource:
    """Canonical lines, those of a project's dataset if there is one, or a store filled from files.

    Files are read once: what becomes of them later, or of the current folder, changes nothing here.
    """

    engine = None
    notes = ()

    def __init__(
        self,
        project: Project,
        lines: list[bytes] | None = None,
        dataset: Dataset | None = None,
        *,
        names: Collection[str] = (),
        evaluator: StoreEvaluator | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.project = project
        self.dataset = dataset
        self._lines = lines
        self._names = names
        self._evaluator = evaluator
        self._tags = tags or {}

    @property
    def title(self) -> str:
        """The project's title."""
        return self.project.title

    @property
    def extent(self) -> str:
        """The number of statements, and of claims among them where a project says which."""
        known = self.__dict__.get("lines", self._lines)
        number = len(known) if known is not None else len(self.evaluator.store)
        return counted(number, "statement") + (
            f", {counted(len(self.dataset.claims), 'claim')}" if self.dataset else ""
        )

    @cached_property
    def lines(self) -> list[bytes]:
        """All quads as sorted canonical lines."""
        if self._lines is None:
            return middle_form(self.evaluator.lines(), self._tags)
        return self._lines

    @cached_property
    def store(self) -> ox.Store:
        """All quads in an embedded store."""
        found = self._evaluator
        return found.store if found and not found.written and not found.merged else store_of(self.lines)

    @cached_property
    def evaluator(self) -> StoreEvaluator:
        """The lines in an embedded store that keeps literals as they are written."""
        return self._evaluator or StoreEvaluator.of_lines(self.lines)

    @cached_property
    def support(self) -> Support:
        """The project's files, or the claims among the data themselves."""
        return (
            Authored(self.dataset, self._cite)
            if self.dataset
            else Published(self.evaluator, self.project.ids.claims, self.project.prefixes, self._cite)
        )

    def _cite(self, evidence: Evidence, form: str, accessed: date | None) -> str:
        return self.citations.evidence(evidence, form, accessed)

    @cached_property
    def citations(self) -> Citations:
        """As a part of the project, or of what the files say that they are."""
        names = ", ".join(self._names) or self.project.title
        own = self.dataset is not None
        return Citations(cited_as(self.project, self.evaluator, own=own, name=names), self.evaluator)

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it."""
        dataset = self.dataset or Dataset(self.project, rdf.Graphs.of_quads(self.lines), {}, (), [])
        return dataset.labels

    def names_of(self, iris: Collection[str]) -> dict[str, list[str]]:
        """IRI → its names, for these alone."""
        return {iri: self.labels[iri] for iri in iris if iri in self.labels}

    def find(self, name: str) -> str:
        """The IRI of what is called so. Raises `UnknownName` with the nearest names."""
        if self.dataset is None and (iri := mentioned(name, self.lines, self.labels, self.project.prefixes)):
            return iri
        return find_entity(name, self.labels, self.project.prefixes, self.project.ids.things)

    def entity(self, iri: str) -> Entity:
        """A thing with all that is said about it and all that leads to it, evidence apart."""
        graphs = (
            None
            if self.dataset is None
            else [self.project.ids.graph(name) for name in (*PUBLISHED, "ontology", "alignments")]
        )
        triples = list(rdf.triples(self.lines, graphs))
        return entity_of_lines(triples, iri, self.labels.get(iri, ()), self.project.ids.claims)

    def close(self) -> None:
        """Nothing is open."""
