"""The shapes graph of a project or of files, each file read once for all who need it."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from ..errors import Finding
from ..limits import Limits
from ..project import Project, bundled_shapes
from ..rdf.lines import lines_from_quads, merge, triples
from ..rdf.reading import read_located
from .shapes import check_shapes

__all__ = ["ShapesGraph"]


class ShapesGraph:
    """Shapes (https://www.w3.org/TR/shacl/#shapes-graph) with the places at which they are written.

    `for_ontology` are the shapes that a project has for its ontology, apart from those for its data.
    """

    def __init__(self, files: Sequence[Path], limits: Limits, for_ontology: "ShapesGraph | None" = None) -> None:
        self.for_ontology = for_ontology
        self._located = [(quad, path, line) for path in files for quad, line in read_located(path, limits=limits)]

    @classmethod
    def of_project(cls, project: Project) -> "ShapesGraph":
        """A project's shapes, the evidence shapes that every project shares included."""
        style = project.ontology_shapes_file
        return cls(project.shapes_files, project.limits, cls([style], project.limits) if style else None)

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
        return frozenset(str(quad.subject)[1:-1] for quad, path, _ in self._located if path.name == name)

    def findings(self, *, fast: bool) -> list[Finding]:
        """What would make the shapes check less than their author thinks, as `check_shapes` has it."""
        return check_shapes(self._located, fast=fast)
