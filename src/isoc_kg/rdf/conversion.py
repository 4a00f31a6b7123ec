"""Conversion of RDF files from any format to any other, and the choice of one of their graphs."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from .. import rdf
from ..errors import UnknownName, UsageError
from ..formats import JSONLD, RDFXML, Format
from ..limits import Limits
from .files import RdfFile, read_files
from .lines import graph_token

__all__ = ["DEFAULT_GRAPH", "convert", "convert_unordered", "select_graph"]

DEFAULT_GRAPH = "default"  #: what the graph without a name is called where one is chosen


def convert(
    files: Sequence[RdfFile],
    format: Format,  # noqa: A002 – the word that everybody uses
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    graph: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
    context: Any = None,
    contexts: Mapping[str, Path] | None = None,
) -> None:
    """Write the files, merged, in a format: the same bytes for the same data in whatever order they come.

    Prefixes that the files declare are used beside `prefixes`. `graph` is the IRI of the only graph wanted,
    or `DEFAULT_GRAPH`. A format without named graphs gets the union of those there are. `context` and `contexts` are
    those of `write`.
    """
    lines, declared = read_files(files, base=base, limits=limits)
    if graph is not None:
        lines = select_graph(lines, graph)
    rdf.write(lines, format, out, prefixes={**prefixes, **declared}, context=context, contexts=contexts)


def select_graph(lines: list[bytes], graph: str) -> list[bytes]:
    """The lines of one graph, its name kept; `UnknownName` when there is none, with the nearest names."""
    wanted = graph_token(None if graph == DEFAULT_GRAPH else graph)
    selected = [line for line in lines if rdf.split(line)[3] == wanted]
    if not selected and graph != DEFAULT_GRAPH:
        names = sorted({name.decode().strip("<>") for line in lines if (name := rdf.split(line)[3])})
        advice = None if names else "The data have no named graphs."
        near = get_close_matches(graph, names, 3, 0.3) or names[:3]
        raise UnknownName(f"there is no graph “{graph}”.", suggestions=near, advice=advice)
    return selected


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
            for quad in file.quads(base, limits, rename_blank_nodes=True):
                name = quad.graph_name
                here = DEFAULT_GRAPH if isinstance(name, ox.DefaultGraph) else name.value
                if graph is None or here == graph:
                    yield quad if format.datasets else quad.triple

    ox.serialize(wanted(), out, format=format.engine, prefixes=dict(prefixes))
