"""RDF files, read together as one dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..formats import NQUADS, NTRIPLES, Format, format_from_path
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
    files: Sequence[RdfFile],
    *,
    base: str | None = None,
    limits: Limits | None = None,
    prefixes: dict[str, str] | None = None,
) -> Iterator[ox.Quad]:
    """The quads of the files as they are parsed, blank nodes numbered as they appear: what a store is filled with.

    Cheaper than labels by content, and the same each time for the same files. `prefixes` fills with those that the
    files declare. Raises what reading raises.
    """
    count = 0
    for file in files:
        quads = file.quads(base, limits, rename_blank_nodes=False, prefixes=prefixes)
        if len(files) == 1 and file.syntax in (NTRIPLES, NQUADS):
            yield from quads  # their labels are those of the file; elsewhere the parser invents some, others each time
            return
        numbers = _Numbers(count)
        for quad in quads:
            subject, object_, graph = quad.subject, quad.object, quad.graph_name
            if type(subject) is _NODE or type(object_) in _NUMBERED or type(graph) is _NODE:
                yield ox.Quad(
                    numbers[subject] if type(subject) is _NODE else subject,
                    quad.predicate,
                    numbers[object_] if type(object_) in _NUMBERED else object_,
                    numbers[graph] if type(graph) is _NODE else graph,
                )
            else:
                yield quad
        count = numbers.count


class _Numbers(dict[Any, Any]):
    """Blank node → the one with the next number; triple term → the same with such nodes."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __missing__(self, term: Any) -> Any:
        if isinstance(term, ox.Triple):
            parts: Any = (self[part] if type(part) in _NUMBERED else part for part in (term.subject, term.object))
            subject, object_ = parts
            return ox.Triple(subject, term.predicate, object_)
        self[term] = node = ox.BlankNode(f"b{self.count}")
        self.count += 1
        return node


_NODE = ox.BlankNode
_NUMBERED = (ox.BlankNode, ox.Triple)
