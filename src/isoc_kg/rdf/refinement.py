"""Colour refinement: the vertices of a graph told apart by what stands around them, in O(m log n) steps.

A *cell* holds vertices that nothing has told apart yet: a range of one array, in an order that depends on the graph
alone, never on how its vertices are numbered. A cell that was split splits its neighbours by how often they stand
beside it; of its parts the largest need not be looked at (J. Hopcroft's rule, for counts as for sets).
https://en.wikipedia.org/wiki/Colour_refinement_algorithm
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Edge", "Order", "canonical_order"]

_SMALL = 64  #: vertices of a graph in which other choices are tried


class Edge(NamedTuple):
    """An edge between two or more vertices, whose places in it count."""

    label: bytes
    vertices: tuple[int, ...]


class Order(NamedTuple):
    """The vertices in canonical order."""

    vertices: list[int]
    form: bytes  #: the graph written down in this order
    ties: int  #: how often the lowest number decided between vertices, where another may have led to another form
    steps: int  #: what trying the others took


def canonical_order(colours: Sequence[bytes], edges: Sequence[Edge], most_steps: int = 0) -> Order:
    """The vertices 0, 1, … of a connected graph in an order that depends on colours and edges, not on the numbers.

    Where refinement leaves vertices in one cell, the lowest number goes first, and what follows from that is refined
    in turn. In a tree this is harmless, since there such vertices can be exchanged. Elsewhere the others are tried as
    well, one choice after the other, as long as `most_steps` last: as a rule all lead to the same form, and then the
    numbers decided nothing. If not, the least form is taken and the tie is counted.
    """
    graph = _Graph(colours, edges)
    order, choices = graph.refined(())
    form = graph.form(order)
    steps = (graph.size + len(edges)) * sum(map(len, choices))
    if graph.is_tree or not choices:
        return Order(order, form, 0, 0)
    if graph.size > _SMALL or steps > most_steps:
        return Order(order, form, len(choices), 0)
    ties = 0
    chosen: list[int] = []
    while len(chosen) < len(choices):
        forms = {form}
        first, *others = choices[len(chosen)]
        for vertex in others:
            other_order, other_choices = graph.refined((*chosen, vertex))
            other_form = graph.form(other_order)
            forms.add(other_form)
            if other_form < form:
                first, order, form, choices = vertex, other_order, other_form, other_choices
        chosen.append(first)
        ties += len(forms) > 1
    return Order(order, form, ties, steps)


class _Graph:
    """Vertices in cells. An edge between more than two is a vertex of its own, beside all of them."""

    def __init__(self, colours: Sequence[bytes], edges: Sequence[Edge]) -> None:
        self.real = len(colours)
        hubs = [edge for edge in edges if len(edge.vertices) > 2]
        self.size = len(colours) + len(hubs)
        kinds: dict[tuple[bytes, int, int], int] = {}
        steps: list[tuple[int, tuple[bytes, int, int], int]] = []
        pairs = set()
        hub = len(colours)
        for label, vertices in edges:
            if len(vertices) == 2:
                one, other = vertices
                steps += (one, (label, 0, 1), other), (other, (label, 1, 0), one)
                pairs.add((min(vertices), max(vertices)))
                continue
            for place, vertex in enumerate(vertices):
                steps += (vertex, (label, place, -1), hub), (hub, (label, -1, place), vertex)
                pairs.add((vertex, hub))
            hub += 1
        self.is_tree = len(pairs) < self.size
        for number, kind in enumerate(sorted({kind for _, kind, _ in steps})):
            kinds[kind] = number
        #: vertex → kind of edge and vertex at its end, as one number
        self.beside: list[list[int]] = [[] for _ in range(self.size)]
        for start, kind, end in steps:
            self.beside[start].append(kinds[kind] * self.size + end)
        self.colours = colours
        self.edges = edges
        self.names = [(0, colour) for colour in colours] + [(1, edge.label) for edge in hubs]
        self.first = sorted(range(self.size), key=self.names.__getitem__)

    def refined(self, chosen: Sequence[int]) -> tuple[list[int], list[list[int]]]:
        """An order of the vertices, and each cell between whose vertices the first was `chosen`, or is the lowest."""
        cells = _Cells(self)
        choices = cells.run(chosen)
        return [vertex for vertex in cells.elements if vertex < len(self.colours)], choices

    def form(self, order: list[int]) -> bytes:
        """The graph as text, with the vertices' places in an order in place of their numbers."""
        place = {vertex: at for at, vertex in enumerate(order)}
        lines = sorted(b"%b%a" % (label, [place[vertex] for vertex in vertices]) for label, vertices in self.edges)
        return b"\n".join([*(self.colours[vertex] for vertex in order), b"", *lines])


class _Cells:
    """The cells of a graph while they are split."""

    def __init__(self, graph: _Graph) -> None:
        self.size = graph.size
        self.beside = graph.beside
        self.elements = list(graph.first)
        self.position = [0] * self.size
        self.cell = [0] * self.size  #: vertex → where its cell starts
        self.length = [0] * self.size  #: where a cell starts → its length
        self.waiting: deque[int] = deque()
        self.is_waiting = [False] * self.size
        start = 0
        for position, vertex in enumerate(self.elements):
            if graph.names[vertex] != graph.names[self.elements[start]]:
                start = position
            self.position[vertex] = position
            self.cell[vertex] = start
            self.length[start] += 1
        for start, length in enumerate(self.length):
            if length:
                self._wait(start)

    def run(self, chosen: Sequence[int]) -> list[list[int]]:
        """Refine until each cell holds one vertex; the cells in which `chosen`, then the lowest number, went first.

        Of a large graph the cells are counted only, as empty ones.
        """
        self._refine()
        choices: list[list[int]] = []
        for start in range(self.size):
            if self.length[start] < 2:
                continue
            # what stays at `start` is part of what stands there now, so it is put into order once
            members = iter(sorted(self.elements[start : start + self.length[start]]))
            while self.length[start] > 1:
                if self.size > _SMALL:
                    choices.append([])
                    vertex = next(vertex for vertex in members if self.cell[vertex] == start)
                else:
                    cell = sorted(self.elements[start : start + self.length[start]])
                    vertex = chosen[len(choices)] if len(choices) < len(chosen) else cell[0]
                    choices.append(cell)
                self._part(start, [[vertex]])
                self._refine()
        return choices

    def _wait(self, start: int) -> None:
        if not self.is_waiting[start]:
            self.is_waiting[start] = True
            self.waiting.append(start)

    def _refine(self) -> None:
        size, cell, length = self.size, self.cell, self.length
        while self.waiting:
            start = self.waiting.popleft()
            self.is_waiting[start] = False
            met: dict[int, list[int]] = {}
            for vertex in self.elements[start : start + length[start]]:
                for step in self.beside[vertex]:
                    other = step % size
                    if length[cell[other]] > 1:
                        met.setdefault(other, []).append(step // size)
            cells: dict[int, dict[tuple[int, ...], list[int]]] = {}
            for other, kinds in met.items():
                kinds.sort()
                cells.setdefault(cell[other], {}).setdefault(tuple(kinds), []).append(other)
            for at in sorted(cells):
                groups = cells[at]
                self._part(at, [groups[kinds] for kinds in sorted(groups)])

    def _part(self, start: int, groups: list[list[int]]) -> None:
        """Take groups of vertices out of a cell and put them, as cells of their own, at its end, in this order."""
        elements, position = self.elements, self.position
        end = start + self.length[start]
        rest = self.length[start] - sum(map(len, groups))
        if not rest and len(groups) == 1:
            return
        parts = []
        for group in reversed(groups):
            for vertex in group:
                end -= 1
                other, place = elements[end], position[vertex]
                elements[place], elements[end] = other, vertex
                position[other], position[vertex] = place, end
            for vertex in group:
                self.cell[vertex] = end
            self.length[end] = len(group)
            parts.append(end)
        if rest:
            self.length[start] = rest
            parts.append(start)
        parts.reverse()
        spared = None if self.is_waiting[start] else max(parts, key=self.length.__getitem__)
        for part in parts:
            if part != spared:
                self._wait(part)
