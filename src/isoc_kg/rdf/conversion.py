"""Any RDF to any format, whatever project it belongs to, if any."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from .. import rdf
from ..errors import UnknownName, UsageError
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, Format, format_from_path
from ..limits import Limits

__all__ = ["DEFAULT_GRAPH", "RdfFile", "convert", "convert_unordered", "read_files", "select_graph"]

DEFAULT_GRAPH = "default"  #: what the graph without a name is called where one is chosen


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


def convert(
    files: Sequence[RdfFile],
    format: Format,  # noqa: A002 – the word that everybody uses
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    graph: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
) -> None:
    """Write the files, merged, in a format: the same bytes for the same data in whatever order they come.

    Prefixes that the files declare are used beside `prefixes`. `graph` is the IRI of the only graph wanted,
    or `DEFAULT_GRAPH`. A format without named graphs gets the union of those there are.
    """
    lines, declared = read_files(files, base=base, limits=limits)
    if graph is not None:
        lines = select_graph(lines, graph)
    rdf.write(lines, format, out, prefixes={**prefixes, **declared})


def read_files(
    files: Sequence[RdfFile], *, base: str | None = None, limits: Limits | None = None
) -> tuple[list[bytes], dict[str, str]]:
    """The middle form of the files together, and the prefixes that they declare.

    Blank nodes of different files stay apart; RDFC-1.0 labels them, the same each time.
    """
    declared: dict[str, str] = {}
    parts = []
    for file in files:
        if file.syntax in (NTRIPLES, NQUADS) and len(files) == 1:
            parts.append(rdf.read_lines(file.source, file.syntax, base=base, limits=limits, name=file.name))
        else:
            parts.append(rdf.lines_from_quads(_quads(file, base, limits, len(files) > 1, declared)))
    lines = parts[0] if len(parts) == 1 else list(rdf.merge(*parts))
    return rdf.canonical_lines(lines, limits), declared


def _quads(
    file: RdfFile, base: str | None, limits: Limits | None, rename: bool, prefixes: dict[str, str] | None = None
) -> Iterator[ox.Quad]:
    return rdf.read_quads(
        file.source,
        file.syntax,
        base=base,
        limits=limits,
        name=file.name,
        rename_blank_nodes=rename,
        prefixes=prefixes,
    )


def select_graph(lines: list[bytes], graph: str) -> list[bytes]:
    """The lines of one graph, its name kept; `UnknownName` when there is none, with the nearest names."""
    wanted = b"" if graph == DEFAULT_GRAPH else graph.encode() if graph.startswith("_:") else f"<{graph}>".encode()
    found = [line for line in lines if rdf.split(line)[3] == wanted]
    if not found and graph != DEFAULT_GRAPH:
        names = sorted({name.decode().strip("<>") for line in lines if (name := rdf.split(line)[3])})
        advice = None if names else "The data have no named graphs."
        near = get_close_matches(graph, names, 3, 0.3) or names[:3]
        raise UnknownName(f"There is no graph “{graph}”.", suggestions=near, advice=advice)
    return found


def convert_unordered(
    files: Sequence[RdfFile],
    format: Format,  # noqa: A002
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    graph: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
) -> None:
    """Write the files one after the other as they are read, without sorting: little memory, and no fixed order.

    Blank nodes get labels that differ from run to run, and what stands twice is written twice.
    """
    if format in (JSONLD, RDFXML):
        raise UsageError(
            f"{format.label} is not written as a stream.",
            advice="Leave --unordered out, or choose ttl, nt, nq or trig.",
        )

    def wanted() -> Iterator[Any]:
        for file in files:
            for quad in _quads(file, base, limits, True):
                name = quad.graph_name
                here = DEFAULT_GRAPH if isinstance(name, ox.DefaultGraph) else name.value
                if graph is None or here == graph:
                    yield quad if format.datasets else quad.triple

    ox.serialize(wanted(), out, format=format.engine, prefixes=dict(prefixes))
