"""RDF files, read together as one dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..formats import Format, format_from_path
from ..limits import Limits
from .blank_nodes import labelled_lines
from .lines import lines_in_order
from .reading import read_quads

__all__ = ["RdfFile", "quads_in_order", "read_files"]


@dataclass(frozen=True, slots=True)
class RdfFile:
    """An RDF document: a path, or bytes with a name for messages; without a format the file name tells it."""

    source: Path | bytes
    format: Format | None = None
    name: str | None = None

    @property
    def syntax(self) -> Format:
        """The format; `UnknownName` when nothing tells it."""
        return self.format or format_from_path(self.source if isinstance(self.source, Path) else self.name or "")

    def quads(
        self,
        base: str | None,
        limits: Limits | None,
        *,
        rename_blank_nodes: bool,
        prefixes: dict[str, str] | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads as they are parsed, as `read_quads` gives them."""
        return read_quads(
            self.source,
            self.syntax,
            base=base,
            limits=limits,
            name=self.name,
            rename_blank_nodes=rename_blank_nodes,
            prefixes=prefixes,
        )


def read_files(
    files: Sequence[RdfFile], *, base: str | None = None, limits: Limits | None = None
) -> tuple[list[bytes], dict[str, str]]:
    """The middle form of the files together, and the prefixes that they declare.

    One label in two files means two blank nodes; they get labels by content, the same in whatever order the files come.
    Raises what reading raises.
    """
    prefixes: dict[str, str] = {}
    several = len(files) > 1
    lines: list[bytes] = []
    for file in files:
        lines += lines_in_order(file.quads(base, limits, rename_blank_nodes=several, prefixes=prefixes))
    return labelled_lines(lines), prefixes


def quads_in_order(
    files: Sequence[RdfFile], *, base: str | None = None, limits: Limits | None = None
) -> Iterator[ox.Quad]:
    """The quads of the files as they are parsed, blank nodes numbered as they appear: what a store is filled with.

    Cheaper than labels by content, and the same each time for the same files. Raises what reading raises.
    """
    count = iter(range(1 << 62)).__next__
    for file in files:
        numbers: dict[ox.BlankNode, ox.BlankNode] = {}

        def numbered(term: Any, numbers: dict[ox.BlankNode, ox.BlankNode] = numbers) -> Any:
            if isinstance(term, ox.BlankNode):
                if term not in numbers:
                    numbers[term] = ox.BlankNode(f"b{count()}")
                return numbers[term]
            if isinstance(term, ox.Triple):
                return ox.Triple(numbered(term.subject), term.predicate, numbered(term.object))
            return term

        for quad in file.quads(base, limits, rename_blank_nodes=False):
            subject, object_, graph = quad.subject, quad.object, quad.graph_name
            if _NUMBERED.isdisjoint((type(subject), type(object_), type(graph))):
                yield quad
            else:
                yield ox.Quad(numbered(subject), quad.predicate, numbered(object_), numbered(graph))


_NUMBERED = {ox.BlankNode, ox.Triple}
