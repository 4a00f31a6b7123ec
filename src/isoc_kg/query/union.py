"""The union of graphs as one graph: a set of triples, each there once."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import pyoxigraph as ox

from ..rdf.lines import split, without_graph

__all__ = ["merge_graphs", "merged_dataset"]


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


def merged_dataset(
    store: ox.Store, default: Sequence[ox.NamedNode], named: Sequence[ox.NamedNode], most: int
) -> ox.Store | None:
    """The dataset of some graphs, the default one merged, in a store of its own; the same store where that is as good.

    That is where no triple is in two of the default graphs. None where there are more than `most` triples to look at.
    """

    def quads(graphs: Sequence[ox.NamedNode]) -> Iterator[ox.Quad]:
        return chain.from_iterable(store.quads_for_pattern(None, None, None, graph) for graph in set(graphs))

    triples = [quad.triple for quad in islice(quads(default), most + 1)]
    once = set(triples)
    if len(triples) > most:
        return None
    if len(once) == len(triples):
        return store
    merged = ox.Store()
    merged.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in once)
    merged.extend(islice(quads(named), most + 1))
    return merged if len(merged) - len(once) <= most else None
