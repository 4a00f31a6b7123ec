"""RDF files to RDF in another format."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from . import serialization
from .errors import UsageError
from .formats import NQUADS, NTRIPLES, Format, format_from_path
from .project import Limits

__all__ = ["convert", "convert_unordered", "read_files"]


def read_files(files: Sequence[Path], limits: Limits | None = None, format: Format | None = None) -> list[bytes]:  # noqa: A002
    """The middle form of several files together; blank nodes of two files stay apart, labelled canonically."""
    if len(files) == 1:
        return serialization.canonical_lines(serialization.read_lines(files[0], format, limits=limits), limits)
    parts = []
    for file in files:
        lines = serialization.read_lines(file, format, limits=limits)
        if serialization.blank_nodes(lines):
            quads = serialization.read_quads(file, format, limits=limits, rename_blank_nodes=True)
            lines = serialization.lines_from_quads(quads)
        parts.append(lines)
    return serialization.canonical_lines(list(serialization.merge(*parts)), limits)


def convert(
    files: Sequence[Path],
    target: Format,
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    graph: str | None = None,
    limits: Limits | None = None,
) -> None:
    """Write files in another format, the same bytes each time; `graph` takes the triples of one named graph."""
    lines = read_files(files, limits)
    if graph is not None:
        lines = list(serialization.triples(lines, [graph]))
        if not lines:
            raise UsageError(f"there is no graph <{graph}> in the input.")
    serialization.write(lines, target, out, prefixes=prefixes)


def convert_unordered(files: Sequence[Path], target: Format, out: BinaryIO, *, limits: Limits | None = None) -> None:
    """Write files as N-Triples or N-Quads in the order in which they are read, in bounded memory."""
    import pyoxigraph as ox

    if target not in (NTRIPLES, NQUADS):
        raise UsageError("only N-Triples and N-Quads are written without order.", advice="Leave --unordered out.")
    for file in files:
        quads: Iterator[ox.Quad] = serialization.read_quads(file, format_from_path(file), limits=limits)
        ox.serialize(
            quads if target is NQUADS else (ox.Triple(q.subject, q.predicate, q.object) for q in quads),
            out,
            format=target.engine,
        )
