"""What is to be loaded: each graph's triples, and how they are cut into requests that are safe to send."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..publication.publication import Publication
from ..rdf import Graphs
from ..rdf.files import RdfFile, read_files
from ..rdf.labelling import blank_nodes_of, has_blank_node, may_have_blank_nodes
from ..rdf.lines import Lines

if TYPE_CHECKING:
    from ..project import Project

__all__ = [
    "batches",
    "dataset_of_files",
    "dataset_of_project",
    "graph_label",
    "insert_data",
    "short_digest",
]


def dataset_of_project(project: "Project") -> tuple[Graphs, list[str]]:
    """The named graphs of a project, as `build` publishes them, and the gate's warnings as texts.

    Raises `NotConforming` for whatever would stop `build`: nothing is loaded that it would not publish.
    """
    publication = Publication.of_project(project)
    assert publication.dataset is not None
    assert publication.gate is not None
    graphs = publication.dataset.graphs
    ordered = sorted(graphs, key=lambda name: graphs[name][:1])
    return Graphs({name: graphs[name] for name in ordered if graphs[name]}), publication.gate.warnings()


def dataset_of_files(
    files: Sequence[RdfFile], project: "Project", graph: str | None, base: str | None = None
) -> dict[str | None, Lines]:
    """The graphs of RDF files together: triples without a graph go to `graph`, or to the default graph (None).

    Raises what reading raises, and `UsageError` for a graph without an IRI.
    """
    lines, _ = read_files(files, base=base, limits=project.limits)
    if not any(file.syntax.datasets for file in files):
        return {graph: Lines.taken_from(lines)}
    graphs = Graphs.of_quads(lines, graph)
    lines.clear()
    for name in graphs:
        if name is not None and name.startswith("_:"):
            raise UsageError(
                f"the graph {name} has no IRI, by which a store could keep it.",
                advice="Give it one in the file, or load with --skolemize.",
            )
    return {name: Lines.taken_from(triples) for name, triples in graphs.items()}


def batches(lines: Sequence[bytes], size: int) -> Iterator[tuple[bytes, int, bool]]:
    """Bodies of at most `size` bytes (or one line) with their number of triples, and whether a second sending is safe.

    Triples with blank nodes come first, those of nodes that are linked by triples all in one: a store would take the
    same label in two requests for two nodes. Raises `UsageError` before the first body when they do not fit into one.
    """
    with_nodes = may_have_blank_nodes(lines) and any(map(has_blank_node, lines))
    whole = Lines.of(lines).text
    if lines and len(whole) <= size:
        yield whole, len(lines), not with_nodes
        return
    if with_nodes:
        about = [line for line in lines if has_blank_node(line)]
        lines = [line for line in lines if not has_blank_node(line)]
        for part in _whole_nodes(about, size):
            yield Lines(part).text, len(part), False
    start = 0
    while start < len(lines):
        end, taken = start, 0
        while end < len(lines) and (end == start or taken + len(lines[end]) <= size):
            taken += len(lines[end])
            end += 1
        yield Lines(lines[start:end]).text, end - start, True
        start = end


def _whole_nodes(lines: list[bytes], size: int) -> list[list[bytes]]:
    """Triples with blank nodes in as many requests as they need, no blank node in two of them."""
    if sum(map(len, lines)) <= size:
        return [lines]
    root: dict[bytes, bytes] = {}

    def found(node: bytes) -> bytes:
        while (above := root.setdefault(node, node)) != node:
            root[node] = root[above]
            node = above
        return node

    for line in lines:
        first, *others = blank_nodes_of(line)
        first = found(first)
        for other in others:
            root[found(other)] = first
    linked: dict[bytes, list[bytes]] = {}
    for line in lines:
        linked.setdefault(found(blank_nodes_of(line)[0]), []).append(line)
    parts: list[list[bytes]] = []
    room = 0
    for group in linked.values():
        length = sum(map(len, group))
        if length > size:
            raise UsageError(
                f"{len(group):,} triples hold blank nodes that are linked with each other, "
                f"more than this store takes in one request of {size:,} bytes.",
                advice="Load with --skolemize, which gives them IRIs.",
            )
        if length > room:
            parts.append([])
            room = size
        parts[-1] += group
        room -= length
    return parts


def insert_data(lines: Sequence[bytes], graph: str | None, triples: int, size: int) -> Iterator[tuple[str, int]]:
    """INSERT DATA operations for ground triples, each with their number."""
    start = 0
    while start < len(lines):
        end, taken = start, 0
        while end < len(lines) and end - start < triples and (end == start or taken + len(lines[end]) <= size):
            taken += len(lines[end])
            end += 1
        body = b"".join(lines[start:end]).decode()
        yield (
            f"INSERT DATA {{ {body} }}" if graph is None else f"INSERT DATA {{ GRAPH <{graph}> {{ {body} }} }}",
            end - start,
        )
        start = end


def graph_label(graph: str | None) -> str:
    """A graph's name in messages."""
    return "the default graph" if graph is None else f"<{graph}>"


def short_digest(text: str) -> str:
    """Sixteen hex digits that stand for a name."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
