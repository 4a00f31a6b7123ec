"""RDF files, read together as one dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ..formats import Format, format_from_path
from ..limits import Limits
from .blank_nodes import labelled_lines
from .lines import lines_in_order
from .reading import read_quads

__all__ = ["RdfFile", "read_files"]


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
