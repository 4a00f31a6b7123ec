"""What is to be loaded: each graph's triples, and how they are cut into requests that are safe to send."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..authoring.dataset import build_dataset
from ..errors import UsageError
from ..rdf import blank_nodes, canonical_lines, digest, lines_from_quads, merge, read_lines, read_quads, split
from ..rdf.lines import sort_lines

if TYPE_CHECKING:
    from ..formats import Format
    from ..project import Project

__all__ = [
    "Graphs",
    "batches",
    "dataset_of_files",
    "dataset_of_project",
    "graph_label",
    "has_blank_node",
    "has_blank_nodes",
    "insert_data",
    "short_digest",
    "skolemized",
]

#: Graph name, None for the default graph → its triples as sorted canonical N-Triples lines, none twice.
Graphs = Mapping[str | None, list[bytes]]

#: A literal, which may hold what looks like a blank node, or a blank node.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|_:[^\s<>")]+')


def dataset_of_project(project: "Project") -> Graphs:
    """The named graphs of a project, as `build` would publish them."""
    return _by_graph(build_dataset(project).lines, None)


def dataset_of_files(
    files: Sequence[tuple[Path | bytes, "Format"]], project: "Project", graph: str | None, base: str | None = None
) -> Graphs:
    """The graphs of RDF files together: triples without a graph go to `graph`, or to the default graph (None).

    Blank nodes of different files stay apart. Raises what reading raises.
    """
    parts = []
    for source, format_ in files:
        if len(files) == 1:
            parts.append(read_lines(source, format_, base=base, limits=project.limits))
        else:
            quads = read_quads(source, format_, base=base, limits=project.limits, rename_blank_nodes=True)
            parts.append(lines_from_quads(quads))
    lines = parts[0] if len(parts) == 1 else list(merge(*parts))
    lines = canonical_lines(lines, project.limits)
    return _by_graph(lines, graph) if any(format_.datasets for _, format_ in files) else {graph: lines}


def _by_graph(lines: list[bytes], graph: str | None) -> Graphs:
    found: dict[str | None, list[bytes]] = {}
    for line in lines:
        name = split(line)[3]
        if not name:
            found.setdefault(graph, []).append(line)
        elif name.startswith(b"_:"):
            raise UsageError(
                f"the graph {name.decode()} has no IRI, by which a store could keep it.",
                advice="Give it one in the file, or load with --skolemize.",
            )
        else:
            found.setdefault(name[1:-1].decode(), []).append(line[: -len(name) - 4] + b" .\n")
    return {name: sort_lines(triples) for name, triples in found.items()}


def has_blank_node(line: bytes) -> bool:
    """Whether a triple has a blank node, as a term or within a triple term."""
    return b"_:" in line and any(match[0].startswith(b"_:") for match in _TOKENS.finditer(line))


def has_blank_nodes(lines: list[bytes]) -> bool:
    """Whether any triple of a graph has one."""
    return blank_nodes(lines) and any(has_blank_node(line) for line in lines if b"_:" in line)


def skolemized(graphs: Graphs, base: str) -> Graphs:
    """The same with IRIs in place of blank nodes (RDF 1.1 Concepts, section 3.5), the same for the same data each time.

    The IRI is made of a digest over all statements about blank nodes and the node's canonical label, so that nodes of
    different data do not meet in one store.
    """
    if not any(blank_nodes(lines) for lines in graphs.values()):
        return graphs
    about = [line for lines in graphs.values() for line in lines if has_blank_node(line)]
    prefix = f"{base}.well-known/genid/{digest(sorted(about))[:16]}-".encode()

    def replace(match: re.Match[bytes]) -> bytes:
        return b"<" + prefix + match[0][2:] + b">" if match[0].startswith(b"_:") else match[0]

    return {
        name: sort_lines([_TOKENS.sub(replace, line) if b"_:" in line else line for line in lines])
        for name, lines in graphs.items()
    }


def batches(lines: Sequence[bytes], size: int) -> Iterator[tuple[bytes, int, bool]]:
    """Bodies of at most `size` bytes (or one line) with their number of triples, and whether a second sending is safe.

    Triples with blank nodes are the first batch, all of them together: a store would take the same label in two
    requests for two nodes. Raises `UsageError` when they do not fit into one.
    """
    about: list[bytes] = []
    if blank_nodes(list(lines)):
        about = [line for line in lines if has_blank_node(line)]
        if about:
            lines = [line for line in lines if not has_blank_node(line)]
            if sum(map(len, about)) > size:
                raise UsageError(
                    f"{len(about):,} triples hold blank nodes, "
                    f"more than this store takes in one request of {size:,} bytes.",
                    advice="Load with --skolemize, which gives them IRIs.",
                )
            yield b"".join(about), len(about), False
    if lines and sum(map(len, lines)) <= size:
        yield b"".join(lines), len(lines), True
        return
    start = 0
    while start < len(lines):
        end, taken = start, 0
        while end < len(lines) and (end == start or taken + len(lines[end]) <= size):
            taken += len(lines[end])
            end += 1
        yield b"".join(lines[start:end]), end - start, True
        start = end


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
