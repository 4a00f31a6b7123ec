"""What a load needs before it sends anything: triples, graphs with names, blank nodes and literals that fit."""

from collections.abc import Mapping, Sequence

from ..errors import UsageError
from ..rdf import split, string_body
from ..rdf.labelling import has_blank_node, may_have_blank_nodes
from .batches import graph_label
from .store import RemoteStore

__all__ = ["check_preconditions", "has_blank_nodes"]


def check_preconditions(store: RemoteStore, graphs: Mapping[str | None, Sequence[bytes]]) -> None:
    """Raises `UsageError` for what the store could not take, or could not take whole."""
    if not any(graphs.values()):
        raise UsageError("there are no triples to load.", advice="To empty a graph, use the store's own tools.")
    if None in graphs and not store.profile.default_graph:
        raise UsageError(
            f"{store.profile.label} has no default graph that could be verified.", advice="Name a graph: --graph IRI."
        )
    shared = _shared_blank_node(graphs)
    if shared:
        raise UsageError(
            f"the blank node {shared} stands in two graphs, which are loaded one after the other.",
            advice="Load with --skolemize, which gives it an IRI.",
        )
    if store.endpoint.graph_store_url is None and any(map(has_blank_nodes, graphs.values())):
        raise UsageError(
            "blank nodes cannot be loaded by updates: a store would take them for others in each request.",
            advice="Load with --skolemize, which gives them IRIs.",
        )
    for graph, lines in graphs.items():
        _check_lengths(store, graph, lines)


def has_blank_nodes(lines: Sequence[bytes]) -> bool:
    """Whether any triple of a graph has one."""
    return may_have_blank_nodes(lines) and any(has_blank_node(line) for line in lines if b"_:" in line)


def _check_lengths(store: RemoteStore, graph: str | None, lines: Sequence[bytes]) -> None:
    limit = store.profile.longest_literal
    if limit is None or max(map(len, lines)) <= limit:
        return
    for line in lines:
        object_ = split(line)[2] if len(line) > limit else b""
        if object_.startswith(b'"') and len(string_body(object_)) > limit:
            raise UsageError(
                f"{store.profile.label} does not take literals of over {limit:,} bytes, such as one of "
                f"{len(string_body(object_)):,} bytes in {graph_label(graph)}.",
                advice=f"It begins: {line[:160].decode(errors='replace')}…",
            )


def _shared_blank_node(graphs: Mapping[str | None, Sequence[bytes]]) -> str | None:
    if len(graphs) < 2:
        return None
    seen: dict[bytes, str | None] = {}
    for graph, lines in graphs.items():
        for line in lines if may_have_blank_nodes(lines) else ():
            if has_blank_node(line):
                for word in line.split(b" "):
                    if word.startswith(b"_:") and seen.setdefault(word, graph) != graph:
                        return word.decode()
    return None
