"""A dataset by graph: each graph's triples as sorted lines; its name is added only where N-Quads are wanted."""

from collections.abc import Iterable

from .lines import graph_token, merge, sort_lines, split, with_graph, without_graph

__all__ = ["Graphs"]


class Graphs(dict[str | None, list[bytes]]):
    r"""Graph name, None for the default graph → its triples as sorted canonical N-Triples lines, none twice.

    >>> graphs = Graphs.of_quads([b'<x:s> <x:p> "1" .\n', b'<x:s> <x:p> "2" <x:g> .\n'])
    >>> graphs["x:g"]
    [b'<x:s> <x:p> "2" .\n']
    >>> graphs.quads()
    [b'<x:s> <x:p> "1" .\n', b'<x:s> <x:p> "2" <x:g> .\n']
    """

    @classmethod
    def of_quads(cls, lines: Iterable[bytes], default: str | None = None) -> "Graphs":
        """The graphs of N-Quads lines in the order of their first lines; `default` names the default graph."""
        graphs: dict[bytes, list[bytes]] = {}
        unnamed = graph_token(default)
        for line in lines:
            token = split(line)[3]
            graphs.setdefault(token or unnamed, []).append(without_graph(line, token))
        return cls({_name(token): sort_lines(triples) for token, triples in graphs.items()})

    def union(self, *names: str | None) -> list[bytes]:
        """The triples of the graphs named, as one graph; of those that are not there, none."""
        graphs = [self.get(name, []) for name in names]
        return list(merge(*graphs)) if len(graphs) > 1 else list(*graphs)

    def quads(self) -> list[bytes]:
        """The dataset as sorted canonical N-Quads lines."""
        lines: list[bytes] = []
        for name, triples in self.items():
            token = graph_token(name)
            lines += [with_graph(triple, token) for triple in triples] if token else triples
        return sort_lines(lines)


def _name(token: bytes) -> str | None:
    return token.decode().strip("<>") or None
