"""The shapes graph of a project or of files, each file read once for all who need it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ..errors import Finding
from ..limits import Limits
from ..namespaces import RDF, RDFS, SH
from ..project import Project, bundled_shapes
from ..rdf.files import RdfFile
from ..rdf.lines import lines_from_quads, merge, triples
from .component_faults import component_faults
from .imports import Catalogue
from .shape_index import ShapeIndex
from .shapes import Fault, Located, shape_faults, with_dependent, without
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
        self.left_out: frozenset[AnyTerm] = frozenset()  #: the shapes that `without` took away
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
        """The shapes with those for the ontology, as sorted canonical triples, the same each time."""
        from ..rdf.blank_nodes import labelled_lines

        further = self.for_ontology.lines if self.for_ontology else []
        return labelled_lines(list(merge(self.lines, further)))

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
        node = fault.at or fault.node
        about = [(str(quad.predicate), file, line) for quad, file, line in self._located if quad.subject == node]
        if fault.finding.line is not None or not about:
            return fault
        _, file, line = next((one for one in reversed(about) if one[0] == fault.path), about[0])
        return replace(fault, finding=replace(fault.finding, file=file, line=line))

    @property
    def has_queries(self) -> bool:
        """Whether a shape has a query of its author's."""
        return any(quad.predicate.value in (SH.select, SH.ask) for quad, _, _ in self._located)

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
        other._files, other.left_out = self._files, self.left_out
        other._catalogue, other._located = self._catalogue, [*self._located, *more]
        return other

    def omissions(self, nodes: Iterable[AnyTerm], reasons: Mapping[AnyTerm, str]) -> list[Finding]:
        """What is left out with some shapes: each with its place, the IRI that results call it by, and why."""
        wanted = set(nodes)
        places: dict[AnyTerm, tuple[Path | None, int | None]] = {}
        for quad, file, line in self._located:
            if quad.subject in wanted:
                places.setdefault(quad.subject, (file, line))
        index = ShapeIndex(b"".join(self.lines)) if places else None
        found = []
        for node, (file, line) in places.items():
            name = index.name(node) if index and not isinstance(node, ox.Triple) else None
            what = name or "a shape without a name"
            what = what if isinstance(node, ox.NamedNode) or not name else f"a shape inside {name}"
            message = f"{what} is left out: {reasons.get(node, 'it needs a shape that is left out.')}"
            found.append(Finding(message, "warning", file, line, name))
        return found

    def without(self, nodes: Iterable[AnyTerm]) -> "ShapesGraph":
        """The shapes without some, and without those that cannot be said without them."""
        other = ShapesGraph((), Limits(), self.for_ontology)
        left_out = with_dependent(self._located, nodes)
        other._located, other.left_out = without(self._located, left_out), self.left_out | left_out
        return other
