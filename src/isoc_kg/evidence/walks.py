"""The walks that a property path accepts between two nodes, and the statements that they go over.

A path is an automaton whose states are its links (Glushkov's): a link may be the first, may follow another, may be
the last. A walk goes through nodes and states at once; a statement is on an accepted walk where its step can be reached
from one end, and the other end from it. Which steps there are is asked of the data, nodes of a level together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..query.forms import token_iri
from ..query.patterns import GroupPattern
from ..query.property_path import Node, PathExpression, PathLink, PropertyPath
from ..query.tokens import Token
from ..rdf.tokens import term_token

__all__ = ["Incomplete", "Route", "Walks", "dataset_clauses", "routes"]

_MOST_LINKS = 200  #: of a path
_MOST_STATEMENTS = 50_000  #: that are read for a query
_MOST_REQUESTS = 200  #: that are asked for a query
_MOST_STEPS = 1_000_000  #: of all walks of a query
_BATCH = 100  #: nodes that one request names

_Triple = tuple[bytes, bytes, bytes]
_Pair = tuple[bytes, bytes]
#: A node and the state in which a walk comes to it; 0 before the first link.
_Place = tuple[bytes, int]
#: Variables and rows of a SELECT query.
_Select = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]


class Incomplete(Exception):
    """Not all walks were followed; the text says why."""


class Route(NamedTuple):
    """A pattern of a query whose path is more than a property, with the graph that it is asked of."""

    subject: Node
    path: PropertyPath
    object: Node
    graph: Node | None = None


def routes(group: GroupPattern, graph: Node | None = None) -> Iterator[Route]:
    """Those of a query, but for what MINUS and NOT EXISTS leave out."""
    graph = group.graph or graph
    for subject, path, object_ in group.patterns:
        if not path.is_property:
            yield Route(subject, path, object_, graph)
    for inner in (*(side for sides in group.unions for side in sides), *group.others):
        if not inner.denied:
            yield from routes(inner, graph)


def dataset_clauses(query: Sequence[Token], prefixes: Mapping[str, str], base: str) -> str:
    """The clauses that name a query's dataset, whole: https://www.w3.org/TR/sparql11-query/#specifyingDataset."""
    clauses = []
    for number, token in enumerate(query):
        if token.word == "FROM":
            named = number + 1 < len(query) and query[number + 1].word == "NAMED"
            name = query[number + 1 + named : number + 2 + named]
            if name and name[0].kind in ("iri", "name"):
                clauses.append(f"FROM {'NAMED ' if named else ''}<{token_iri(name[0], prefixes, base)}> ")
    return "".join(clauses)


class Walks:
    """Follows paths over the data that `select` asks, within bounds that hold for all of them together."""

    def __init__(self, select: _Select, dataset: str = "") -> None:
        self._select = select
        self._dataset = dataset
        self._statements = self._requests = self._steps = 0

    def between(self, path: PathExpression, pairs: Collection[_Pair], graph: str = "") -> dict[_Pair, set[_Triple]]:
        """For pairs of subject and object (tokens) the statements on walks between them.

        Raises `Incomplete` where a bound is met, and what `select` raises.
        """
        if len({end for _, end in pairs}) < len({start for start, _ in pairs}):
            turned = self.between(path.turned(), {(end, start) for start, end in pairs}, graph)
            return {(start, end): triples for (end, start), triples in turned.items()}
        automaton = _Automaton(path)
        steps = _Steps(self, automaton, graph)
        ends: dict[bytes, list[bytes]] = {}
        for start, end in sorted(pairs):
            ends.setdefault(start, []).append(end)
        steps.load(ends)
        found: dict[_Pair, set[_Triple]] = {}
        for start, of_start in ends.items():
            before = self._reached(steps, automaton, start)
            for end in of_start:
                found[start, end] = self._accepted(before, [(end, state) for state in automaton.last])
        return found

    def _reached(
        self, steps: "_Steps", automaton: "_Automaton", start: bytes
    ) -> dict[_Place, list[tuple[_Place, _Triple]]]:
        """Each place that a walk can come to, with the places and statements that lead there."""
        before: dict[_Place, list[tuple[_Place, _Triple]]] = {}
        seen = {(start, 0)}
        queue = [(start, 0)]
        while queue:
            place = queue.pop()
            for triple, after in steps.of(*place):
                self._count()
                before.setdefault(after, []).append((place, triple))
                if after not in seen:
                    seen.add(after)
                    queue.append(after)
        return before

    def _accepted(
        self, before: Mapping[_Place, Sequence[tuple[_Place, _Triple]]], ends: Iterable[_Place]
    ) -> set[_Triple]:
        found: set[_Triple] = set()
        queue = list(ends)
        seen = set(queue)
        while queue:
            for place, triple in before.get(queue.pop(), ()):
                self._count()
                found.add(triple)
                if place not in seen:
                    seen.add(place)
                    queue.append(place)
        return found

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise Incomplete(f"the walks along the paths have more than {_MOST_STEPS:,} steps.")

    def ask(self, pattern: str) -> Sequence[Sequence[Any]]:
        """Subjects, properties and objects that match a pattern of `?s ?p ?o`."""
        self._requests += 1
        if self._requests > _MOST_REQUESTS:
            raise Incomplete(f"following the paths takes more than {_MOST_REQUESTS:,} requests.")
        left = _MOST_STATEMENTS - self._statements
        _, rows = self._select(f"SELECT ?s ?p ?o {self._dataset}WHERE {{ {pattern} }} LIMIT {left + 1}")
        if len(rows) > left:
            raise Incomplete(f"the paths lead over more than {_MOST_STATEMENTS:,} statements.")
        self._statements += len(rows)
        return rows


class _Steps:
    """The steps from nodes, each node's asked once for a direction."""

    def __init__(self, walks: Walks, automaton: "_Automaton", graph: str) -> None:
        self._walks, self._automaton, self._graph = walks, automaton, graph
        self._triples: dict[tuple[bytes, bool], list[_Triple]] = {}

    def load(self, starts: Iterable[bytes]) -> None:
        """Ask for what can be reached, level by level."""
        frontier = {(start, 0) for start in starts}
        seen = set(frontier)
        while frontier:
            for forward in (True, False):
                wanted = {
                    node
                    for node, state in frontier
                    if (node, forward) not in self._triples
                    and any(self._automaton.links[after].forward is forward for after in self._automaton.follow[state])
                }
                self._load(sorted(wanted), forward)
            frontier = {after for place in frontier for _, after in self.of(*place)} - seen
            seen |= frontier

    def _load(self, nodes: Sequence[bytes], forward: bool) -> None:
        self._triples.update(((node, forward), []) for node in nodes)
        if any(node.startswith((b"_:", b"<<")) for node in nodes):
            raise Incomplete("a path leads through a node without a name.")
        named = [node.decode() for node in nodes if not forward or node.startswith(b"<")]
        properties = self._automaton.properties(forward)
        verbs = "" if properties is None else f"VALUES ?p {{ {' '.join(sorted(properties))} }} "
        for start in range(0, len(named), _BATCH):
            end = "?s" if forward else "?o"
            pattern = f"VALUES {end} {{ {' '.join(named[start : start + _BATCH])} }} {verbs}?s ?p ?o"
            rows = self._walks.ask(f"GRAPH {self._graph} {{ {pattern} }}" if self._graph else pattern)
            for subject, predicate, object_ in {tuple(map(term_token, row)) for row in rows}:
                node = subject if forward else object_
                self._triples.setdefault((node, forward), []).append((subject, predicate, object_))

    def of(self, node: bytes, state: int) -> Iterator[tuple[_Triple, _Place]]:
        """The statements that a walk may take from there, and where they lead."""
        for after in self._automaton.follow[state]:
            link = self._automaton.links[after]
            for triple in self._triples.get((node, link.forward), ()):
                if (triple[1].decode() in link.terms) is not link.negated:
                    yield triple, (triple[2] if link.forward else triple[0], after)


class _Automaton:
    """The links of a path, numbered from 1: which may follow each, which may be the last; 0 stands before all."""

    def __init__(self, path: PathExpression) -> None:
        self.links = [PathLink(frozenset())]
        self.follow: list[set[int]] = [set()]
        first, self.last, _ = self._read(path)
        self.follow[0] = first

    def properties(self, forward: bool) -> set[str] | None:
        """Those of the links in a direction; None for any."""
        links = [link for link in self.links[1:] if link.forward is forward]
        return None if any(link.negated for link in links) else {term for link in links for term in link.terms}

    def _read(self, path: PathExpression) -> tuple[set[int], set[int], bool]:
        """The links that may be first and last in a part, and whether it may have none."""
        if path.link:
            if len(self.links) > _MOST_LINKS:
                raise Incomplete(f"a path has more than {_MOST_LINKS} links.")
            self.links.append(path.link)
            self.follow.append(set())
            return {len(self.links) - 1}, {len(self.links) - 1}, False
        first: set[int] = set()
        last: set[int] = set()
        none = path.operator == "/"
        for part in path.parts:
            own_first, own_last, own_none = self._read(part)
            if path.operator == "/":
                for link in last:
                    self.follow[link] |= own_first
                first |= own_first if none else set()
                last = own_last | (last if own_none else set())
                none = none and own_none
            else:
                first |= own_first
                last |= own_last
                none = none or own_none
        if path.operator in ("*", "+"):
            for link in last:
                self.follow[link] |= first
        return first, last, none or path.operator in ("?", "*")
