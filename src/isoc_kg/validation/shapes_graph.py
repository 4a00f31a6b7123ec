"""The shapes graph of a project or of files, each file read once for all who need it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ..limits import Limits
from ..namespaces import RDF, RDFS, SH
from ..project import Project, bundled_shapes
from ..rdf.files import RdfFile
from ..rdf.lines import lines_from_quads, merge, triples
from .component_faults import component_faults
from .imports import Catalogue
from .shapes import Fault, Located, shape_faults, without
from .terms import AnyTerm

__all__ = ["ShapesGraph"]


class ShapesGraph:
    """Shapes (https://www.w3.org/TR/shacl/#shapes-graph) with the places at which they are written.

    `for_ontology` are the shapes that a project has for its ontology, apart from those for its data.
    """

    def __init__(
        self,
        files: Sequence[Path | RdfFile],
        limits: Limits,
        for_ontology: "ShapesGraph | None" = None,
        imports: Mapping[str, Path | RdfFile] | None = None,
    ) -> None:
        self.for_ontology = for_ontology
        self._files = tuple(RdfFile.of(file).path for file in files)
        self._catalogue = Catalogue(imports or {}, limits)
        self._located: Sequence[Located] = self._catalogue.read(files)

    @classmethod
    def of_project(cls, project: Project) -> "ShapesGraph":
        """A project's shapes, the evidence shapes that every project shares included."""
        style = project.ontology_shapes_file
        for_ontology = cls([style], project.limits) if style else None
        return cls(project.shapes_files, project.limits, for_ontology, project.imports)

    @cached_property
    def lines(self) -> list[bytes]:
        """The shapes as sorted canonical triples, without those for the ontology."""
        return list(triples(lines_from_quads(quad for quad, _, _ in self._located)))

    @cached_property
    def all_lines(self) -> list[bytes]:
        """The shapes with those for the ontology, as sorted canonical triples."""
        return list(merge(self.lines, self.for_ontology.lines)) if self.for_ontology else self.lines

    @cached_property
    def shared(self) -> frozenset[str]:
        """The subjects (IRIs) of the evidence shapes that every project shares."""
        name = bundled_shapes().name
        return frozenset(str(quad.subject)[1:-1] for quad, path, _ in self._located if path and path.name == name)

    def faults(self, *, advanced: bool = False) -> list[Fault]:
        """What would make the shapes check less than their author thinks, as `check_shapes` has it."""
        imports = [Fault(None, finding) for finding in self._catalogue.not_followed(self._located)]
        return [
            *shape_faults(self._located, advanced=advanced, files=self._files),
            *component_faults(self._located),
            *imports,
        ]

    def placed(self, fault: Fault) -> Fault:
        """A fault with the place of the last statement that it is about, or else of the first about its shape."""
        about = [(str(quad.predicate), file, line) for quad, file, line in self._located if quad.subject == fault.node]
        if fault.finding.line is not None or not about:
            return fault
        _, file, line = next((one for one in reversed(about) if one[0] == fault.path), about[0])
        return replace(fault, finding=replace(fault.finding, file=file, line=line))

    @property
    def has_kinds(self) -> bool:
        """Whether a shape is an instance of what the data may say to be a class of classes."""
        return any(
            quad.predicate.value == RDF.type
            and isinstance(quad.object, ox.NamedNode)
            and quad.object.value != RDFS.Class
            and not quad.object.value.startswith(SH.iri)
            for quad, _, _ in self._located
        )

    def with_classes(self, names: Iterable[str]) -> "ShapesGraph":
        """The same where these (IRIs) are classes below `rdfs:Class`, so that shapes of them have implicit targets."""
        lower, upper = ox.NamedNode(RDFS.subClassOf), ox.NamedNode(RDFS.Class)
        more = [(ox.Quad(ox.NamedNode(name), lower, upper), None, None) for name in names]
        if not more:
            return self
        other = ShapesGraph((), Limits(), self.for_ontology)
        other._files = self._files
        other._catalogue, other._located = self._catalogue, [*self._located, *more]
        return other

    def without(self, nodes: Iterable[AnyTerm]) -> "ShapesGraph":
        """The shapes without some, and without those that cannot be said without them."""
        other = ShapesGraph((), Limits(), self.for_ontology)
        other._located = without(self._located, nodes)
        return other
