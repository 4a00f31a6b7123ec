"""Labels of blank nodes by content: the same for the same data, however they were labelled or ordered before.

1. What is said of a node, and of the nodes below it, makes its *digest* (a Merkle tree, from the leaves up).
2. Where digests are equal, the nodes above tell them apart, from the roots down.
3. Nodes on cycles, and what is equal still, are refined together (`refinement`), each connected part for itself.

So a label depends on as little as possible, and a change shows in the labels near it. Parts that are equal as a whole
can be exchanged, and are numbered as they come. Digests that meet by accident or by design make nodes look alike, no
more: two nodes never get one label. All steps are linear but for refinement and sorting.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from .lines import sort_lines
from .refinement import Edge, Order, canonical_order

__all__ = [
    "BLANK_OR_OTHER",
    "Labelled",
    "blank_nodes_of",
    "has_blank_node",
    "labelled",
    "labels_by_content",
    "may_have_blank_nodes",
    "substituted",
]

_BLANK = re.compile(b"_:")  # a search takes a third of the time that `in` does
#: A blank node, or a literal or an IRI, in which what looks like one is none.
BLANK_OR_OTHER = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>]*>|_:[^\s<>")]+')
_SUBJECT, _SPACED, _ANYWHERE = range(
    3
)  #: where a line's one blank node stands: the first term, between spaces, or not known
_NAME_BYTES = 16
_SMALL_PART = 50  #: nodes of a part that is looked up among those that were refined
_MOST_STEPS = 2_000_000  #: what trying other choices than the first may take, all parts together
_OPEN = bytes(_NAME_BYTES)  #: stands for the name of a node that has none yet
_SHORT = 8  #: bytes of a name that make a label, as long as no two names begin with the same


class Labelled(NamedTuple):
    """The middle form, and how often nothing but the order of the input decided between nodes that may differ."""

    lines: list[bytes]
    ties: int


def labelled(lines: list[bytes]) -> Labelled:
    """The lines, in any order and some perhaps twice, as middle form with labels by content; the list is used up."""
    nodes = _BlankNodes(lines)
    ties = nodes.name()
    nodes.relabel(nodes.labels())
    return Labelled(sort_lines(lines), ties)


def labels_by_content(lines: Sequence[bytes]) -> dict[bytes, bytes]:
    """The token of each blank node → the one that `labelled` would put in its place."""
    nodes = _BlankNodes(list(lines))
    nodes.name()
    return dict(zip(nodes.tokens, nodes.labels(), strict=True))


def may_have_blank_nodes(lines: Sequence[bytes]) -> bool:
    """Whether a line has a blank node, as far as can be told cheaply: a false yes costs time, nothing else."""
    return any(_BLANK.search(b"".join(lines[start : start + 2000])) for start in range(0, len(lines), 2000))


def has_blank_node(line: bytes) -> bool:
    """Whether a quad has a blank node, as a term or within a triple term."""
    return bool(blank_nodes_of(line))


class _BlankNodes:
    """The blank nodes of lines, by number in the order in which they appear first."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.number: dict[bytes, int] = {}
        self.tokens: list[bytes] = []
        self.names: list[bytes] = []
        # Lines with one blank node, linked from the last to the first; numbers, since there may be millions.
        self._last = array("q")
        self._before = array("q")
        self._line = array("q")
        self._where = bytearray()
        #: Lines with several: the line with numbers in place of them, and which ones these are. None twice.
        self._edges: dict[Edge, None] = {}
        self._edge_lines = array("q")
        templates: dict[bytes, bytes] = {}
        for at, line in enumerate(lines):
            if b"_:" not in line:
                continue
            where, tokens = _blank_nodes(line)
            if len(tokens) == 1:
                node = self._numbered(tokens[0])
                self._before.append(self._last[node])
                self._last[node] = len(self._line)
                self._line.append(at)
                self._where.append(where)
            elif tokens:
                places = {token: b"_:%d" % place for place, token in enumerate(tokens)}
                template = substituted(line, places)
                self._edges[Edge(templates.setdefault(template, template), tuple(map(self._numbered, tokens)))] = None
                self._edge_lines.append(at)

    def _numbered(self, token: bytes) -> int:
        node = self.number.setdefault(token, len(self.tokens))
        if node == len(self.tokens):
            self.tokens.append(token)
            self._last.append(-1)
        return node

    def _lines_of(self, node: int) -> Iterator[tuple[int, int]]:
        """Position, and where the node stands, of each line that holds this blank node and no other."""
        at = self._last[node]
        while at >= 0:
            yield self._line[at], self._where[at]
            at = self._before[at]

    def _own(self, node: int) -> bytes:
        """What is said of a node without any other, whatever its label is."""
        token = self.tokens[node]
        parts = []
        for at, where in self._lines_of(node):
            line = self.lines[at]
            if where == _SUBJECT:
                parts.append(line[len(token) :])
            elif where == _SPACED:
                parts.append(line.replace(b" " + token + b" ", b" _: "))
            else:
                parts.append(substituted(line, {token: b"_:"}))
        if len(parts) > 1:
            parts = sorted(set(parts))
        return b"".join(parts)

    def name(self) -> int:
        """Name each node by what is said about it, no two alike; how many ties the order of the input decided."""
        self.names = [b""] * len(self.tokens)
        above: dict[int, list[Edge]] = {}
        below: dict[int, list[Edge]] = {}
        for edge in self._edges:
            below.setdefault(edge.vertices[0], []).append(edge)
            for node in edge.vertices[1:]:
                above.setdefault(node, []).append(edge)
        self._name_from_below(above, below)
        if len(set(self.names)) == len(self.names):
            return 0
        return self._name_the_rest()

    def _name_from_below(self, above: dict[int, list[Edge]], below: dict[int, list[Edge]]) -> None:
        names = self.names
        open_ends = {node: sum(len(edge.vertices) - 1 for edge in edges) for node, edges in below.items()}
        order = []
        for node in range(len(names)):
            if node not in below:
                names[node] = _digest(self._own(node))
                if node in above:
                    order.append(node)
        for node in order:  # grows as it is gone through
            for edge in above.get(node, ()):
                parent = edge.vertices[0]
                open_ends[parent] -= 1
                if not open_ends[parent]:
                    names[parent] = _digest(self._own(parent), *sorted(map(self._seen_from_above, below[parent])))
                    order.append(parent)
        on_cycles = {}  # or above one
        for node, count in open_ends.items():
            if count:
                done = (edge for edge in below[node] if all(names[child] for child in edge.vertices[1:]))
                on_cycles[node] = _digest(b"cycle", self._own(node), *sorted(map(self._seen_from_above, done)))
        for node, name in on_cycles.items():
            names[node] = name
        digests = Counter(names)
        for node in reversed(order):  # its parents are named before
            if digests[names[node]] > 1 and node in above:
                context = (
                    b"%s%d" % (edge.label, edge.vertices.index(node)) + names[edge.vertices[0]] for edge in above[node]
                )
                names[node] = _digest(b"nested", names[node], *sorted(context))

    def _seen_from_above(self, edge: Edge) -> bytes:
        return edge.label + b"".join(self.names[child] for child in edge.vertices[1:])

    def _name_the_rest(self) -> int:
        """Refine what has the name of another node; nodes with a name of their own are constants in this."""
        names = self.names
        counts = Counter(names)
        rest = [node for node, name in enumerate(names) if counts[name] > 1]
        is_rest = bytearray(len(names))
        for node in rest:
            is_rest[node] = 1
        said: dict[int, list[bytes]] = {}
        beside: dict[int, list[Edge]] = {}
        for label, vertices in self._edges:
            inner = tuple(node for node in vertices if is_rest[node])
            if not inner:
                continue
            text = label + b"".join(_OPEN if is_rest[node] else names[node] for node in vertices)
            if len(inner) == 1:
                said.setdefault(inner[0], []).append(text)
            else:
                edge = Edge(text, inner)
                for node in inner:
                    beside.setdefault(node, []).append(edge)
        ties, steps = 0, _MOST_STEPS
        #: form → how many parts had it already: these can be exchanged, and are numbered as they come
        forms: Counter[bytes] = Counter()
        alike: dict[tuple[tuple[bytes, ...], tuple[Edge, ...]], Order] = {}
        for part in _parts(rest, beside):
            place = {node: number for number, node in enumerate(part)}
            colours = [_digest(names[node], *sorted(said.get(node, ()))) for node in part]
            if len(part) == 1:
                order = Order([0], colours[0], 0, 0)
            else:
                edges = [
                    Edge(label, tuple(place[other] for other in vertices))
                    for node in part
                    for label, vertices in beside[node]
                    if vertices[0] == node
                ]
                key = tuple(colours), tuple(sorted(edges))
                small = len(part) < _SMALL_PART
                order = alike[key] if small and key in alike else canonical_order(colours, edges, steps)
                if small and key not in alike:
                    alike[key] = order
                    steps -= order.steps
            ties += order.ties
            form = _digest(order.form)
            copy = forms[form]
            forms[form] += 1
            for at, number in enumerate(order.vertices):
                names[part[number]] = _digest(b"part", form, b"%d,%d" % (at, copy))
        return ties

    def labels(self) -> list[bytes]:
        """A token for each node, made of its name."""
        for length in (_SHORT, _NAME_BYTES):
            if len({name[:length] for name in self.names}) == len(self.names):
                return [b"_:b" + name[:length].hex().encode() for name in self.names]
        return [b"_:b%b-%d" % (name.hex().encode(), node) for node, name in enumerate(self.names)]

    def relabel(self, labels: list[bytes]) -> None:
        """Write the labels into the lines; nothing else can be asked afterwards."""
        lines = self.lines
        self.names = []  # their room is needed
        if not self._edge_lines:
            self.number = {}
        for node, label in enumerate(labels):
            token = self.tokens[node]
            for at, where in self._lines_of(node):
                line = lines[at]
                if where == _SUBJECT:
                    lines[at] = label + line[len(token) :]
                elif where == _SPACED:
                    lines[at] = line.replace(b" " + token + b" ", b" " + label + b" ")
                else:
                    lines[at] = substituted(line, {token: label})
        for at in self._edge_lines:
            line = lines[at]
            tokens = _blank_nodes(line)[1]
            lines[at] = substituted(line, {token: labels[self.number[token]] for token in tokens})


def _blank_nodes(line: bytes) -> tuple[int, list[bytes]]:
    """The blank nodes of a line, each once, and where it stands if there is one."""
    if line.startswith(b"_:") and line.find(b"_:", 2) < 0:
        return _SUBJECT, [line[: line.index(b" ")]]
    if b'"' not in line:
        tokens = [token for token in line.split(b" ") if token.startswith(b"_:")]
        if len(tokens) == 1 and not line.startswith(b"_:"):
            return _SPACED, tokens
    else:
        tokens = [token for token in BLANK_OR_OTHER.findall(line) if token.startswith(b"_:")]
    return _ANYWHERE, list(dict.fromkeys(tokens)) if len(tokens) > 1 else tokens


def blank_nodes_of(line: bytes) -> list[bytes]:
    """The tokens of a line's blank nodes, each once."""
    return _blank_nodes(line)[1] if b"_:" in line else []


def substituted(line: bytes, tokens: dict[bytes, bytes]) -> bytes:
    """The line with other tokens in place of its blank nodes."""
    if b'"' not in line:
        return b" ".join([tokens.get(token, token) for token in line.split(b" ")])
    return BLANK_OR_OTHER.sub(lambda match: tokens.get(match[0], match[0]), line)


def _digest(first: bytes, *more: bytes) -> bytes:
    if more:
        first = b"".join([b"%d:%b" % (len(part), part) for part in (first, *more)])
    return blake2b(first, digest_size=_NAME_BYTES).digest()


def _parts(nodes: Iterable[int], beside: dict[int, list[Edge]]) -> Iterator[list[int]]:
    """The nodes by what is connected, in the order of the first of each part."""
    seen = set()
    for first in nodes:
        if first in seen:
            continue
        seen.add(first)
        part = [first]
        for node in part:  # grows as it is gone through
            for edge in beside.get(node, ()):
                for other in edge.vertices:
                    if other not in seen:
                        seen.add(other)
                        part.append(other)
        yield sorted(part)
