"""The union of all graphs as one graph: a set of triples, each there once."""

import pyoxigraph as ox

from ..rdf.lines import split, without_graph

__all__ = ["merge_graphs"]


def merge_graphs(store: ox.Store, data: bytes) -> bool:
    """Have a store's default graph be the union of all its graphs where a triple is in more than one; whether one is.

    `data` are the store's quads as lines. Without such a triple the engine's own union is right, and takes no memory.
    """
    if next(store.named_graphs(), None) is None:
        return False
    lines = data.splitlines(keepends=True)
    triples = {without_graph(line, split(line)[3]) for line in lines}
    if len(triples) == len(lines):
        return False
    store.bulk_extend(ox.parse(b"".join(sorted(triples)), format=ox.RdfFormat.N_QUADS))
    return True
