"""The things of a publication as a graph: who links to whom, in which words, and how each link is supported."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from markupsafe import Markup

from ..namespaces import SKOS
from ..rdf.lines import Lines, iri, without_graph
from ..rdf.tokens import iri_token
from ..wording.strings import plain
from .addresses import encode
from .listings import Listings
from .renderer import Renderer
from .resource import Statement
from .statements import Backing, support

__all__ = ["LinkGraph", "ThingLink"]

_IN_SCHEME = iri_token(SKOS.inScheme)
_UNRANKED = 1 << 30  #: between the properties that the reading order names and those that come last
_LONGEST = 50  #: links of one property that are listed where no script runs
_ABOUT = 160  #: characters of a description
_ALTERNATIVES = 8  #: other names of one thing


class ThingLink(NamedTuple):
    """A link between two things, by their numbers and that of its property."""

    source: int
    target: int
    property: int
    support: Backing


@dataclass(frozen=True)
class LinkGraph:
    """Things in the order of their names, classes and properties by rank, and the links between things."""

    renderer: Renderer
    listings: Listings

    @property
    def things(self) -> list[bytes]:
        """The nodes."""
        return self.listings.things

    def release(self) -> None:
        """Let go of the links and of what is made of them, which are made again when they are asked for."""
        for name in ("_links", "properties", "edges", "degrees", "start", "classes"):
            self.__dict__.pop(name, None)

    @cached_property
    def _links(self) -> dict[tuple[int, int, bytes], "Statement | str"]:
        """Source, target and property of each link → its statement, or the graph of one without a claim.

        What only repeats others in wider terms is none.
        """
        index, things = self.renderer.index, self.things
        numbers = {token: number for number, token in enumerate(things)}
        graphs = self.renderer.project.ids.graph("")
        lines, has_claims = index.lines, index.has_claims
        assert isinstance(lines, Lines)
        names = {graph: iri(graph).removeprefix(graphs) if graph else "" for graph in index.sizes}
        may_repeat = iri_token(f"{graphs}derived") in index.sizes
        properties: dict[bytes, bytes] = {}  # each once, not with each line
        links: dict[tuple[int, int, bytes], Statement | str] = {}
        for target, token in enumerate(things):
            for line in lines.at(index.incoming.of(token)):
                end = line.index(b" ")
                source = numbers.get(line[:end])
                if source is None or source == target:
                    continue
                start = line.index(b" ", end + 1)
                predicate, graph = line[end + 1 : start], line[start + len(token) + 2 : -3]
                predicate = properties.setdefault(predicate, predicate)
                if may_repeat and index.repeats(predicate, graph):
                    continue
                key = (source, target, predicate)
                claim = index.claim_of(without_graph(line, graph))[0] if has_claims else None
                if claim:
                    links[key] = Statement(things[source], predicate, token, names[graph], claim)
                else:
                    links.setdefault(key, names[graph])
        return links

    @cached_property
    def properties(self) -> list[bytes]:
        """The properties that link things, in the order in which they are read; membership of schemes comes last."""
        ranks = self.renderer.order.ranks
        found = {property_ for _, _, property_ in self._links}
        return sorted(found, key=lambda name: (name == _IN_SCHEME, ranks.get(name, _UNRANKED), name))

    @cached_property
    def edges(self) -> list[ThingLink]:
        """The links, in the order of sources, properties and targets."""
        numbers = {name: number for number, name in enumerate(self.properties)}
        plain: dict[str, Backing] = {}  # by the graph of what has no claim

        def backing(statement: Statement | str) -> Backing:
            if isinstance(statement, Statement):
                return support(self.renderer, statement)
            if statement not in plain:
                plain[statement] = support(self.renderer, Statement(b"", b"", b"", statement, None))
            return plain[statement]

        edges = [
            ThingLink(source, target, numbers[property_], backing(statement))
            for (source, target, property_), statement in self._links.items()
        ]
        self.__dict__.pop("_links")  # the properties are known, and these take several times as much
        edges.sort(key=itemgetter(0, 2, 1))
        return edges

    @cached_property
    def degrees(self) -> list[int]:
        """How many links each thing has."""
        degrees = [0] * len(self.things)
        for edge in self.edges:
            degrees[edge.source] += 1
            degrees[edge.target] += 1
        return degrees

    @cached_property
    def start(self) -> int | None:
        """The thing that `kg.toml` names as the subject, else the one most described of those with links."""
        renderer = self.renderer
        subject = iri_token(renderer.project.ids.thing(renderer.project.subject)) if renderer.project.subject else b""
        if subject in self.things:
            return self.things.index(subject)
        said, degrees = renderer.index.said, self.degrees
        linked = [number for number, degree in enumerate(degrees) if degree] or range(len(self.things))
        # what everything hangs on, such as a scheme, is linked but hardly described
        return max(linked, key=lambda number: (said[self.things[number]], degrees[number], -number), default=None)

    @cached_property
    def classes(self) -> list[tuple[bytes, int]]:
        """Each class with the number of its things: the one of the start first, then those that are linked best."""
        counts: dict[bytes, list[int]] = {}
        weights = Counter(
            end for source, target, property_, _ in self.edges if self.properties[property_] != _IN_SCHEME
            for end in (source, target)
        )  # fmt: skip
        for number, token in enumerate(self.things):
            count = counts.setdefault(self._class(token), [0, 0])
            count[0] += 1
            count[1] += weights[number]
        first = self._class(self.things[self.start]) if self.start is not None else b""
        order = sorted(counts, key=lambda name: (name != first, not name, -counts[name][1], name))
        return [(name, counts[name][0]) for name in order]

    def _class(self, token: bytes) -> bytes:
        return next(iter(self.renderer.index.types.get(token, ())), b"")

    def _class_page(self, class_: bytes) -> str:
        return f"browse/{encode('class')}/{self.listings.slug(class_)}.html" if class_ else ""

    def _class_name(self, class_: bytes) -> str:
        return self.renderer.worded(class_) if class_ else "–"

    def data(self) -> dict[str, Any]:
        """The graph as the script of its page reads it.

        A link is source, target, property, state, support and anchor: numbers of a node, a node, a property, a word and
        a text in these lists, and where the statement stands on its source's page; from the state on only where known.
        """
        renderer, index = self.renderer, self.renderer.index
        states: dict[tuple[str, str], int] = {("", ""): 0}
        supports: dict[str, int] = {"": 0}
        classes = {name: number for number, (name, _) in enumerate(self.classes)}
        edges: list[list[int | str]] = []
        for source, target, property_, (state, words, units, anchor) in self.edges:
            edge: list[int | str] = [source, target, property_]
            if state or anchor:
                edge += (
                    states.setdefault((state, plain(words)), len(states)),
                    supports.setdefault(plain(units), len(supports)),
                    anchor,
                )
            edges.append(edge)
        nodes = []
        for token in self.things:
            node: dict[str, Any] = {
                "u": renderer.href("", token.decode().strip("<>")),
                "l": renderer.text_of(token),
                "c": classes[self._class(token)],
            }
            if language := renderer.foreign(index.name_of(token)[1]):
                node["g"] = language
            if names := index.names.get(token):
                node["n"] = names[:_ALTERNATIVES]
            if about := index.about.get(token, ("",))[0]:
                node["a"] = _cut(about)
            nodes.append(node)
        return {
            "start": self.start,
            "classes": [
                {"l": self._class_name(name), "u": self._class_page(name), "n": count} for name, count in self.classes
            ],
            "properties": [renderer.text_of(name) for name in self.properties],
            "aside": [number for number, name in enumerate(self.properties) if name == _IN_SCHEME],
            "states": [list(state) for state in states],
            "supports": list(supports),
            "nodes": nodes,
            "edges": edges,
        }

    # -- the same as links, where no script runs ---------------------------------

    def listed(self) -> dict[str, Any]:
        """The start with its links by property and direction, and the classes, for a page without scripts."""
        number = self.start
        return {
            "start": self.renderer.link("", self.things[number]) if number is not None else "",
            "groups": list(self._groups(number)) if number is not None else [],
            "kinds": [
                (self._class_name(name), self._class_page(name), f"{count:,}") for name, count in self.classes if name
            ],
        }

    def _groups(self, number: int) -> Iterator[dict[str, Any]]:
        """The links of a thing: from it, then to it, each by property, the best linked things first."""
        for outward in (True, False):
            groups: dict[int, list[ThingLink]] = {}
            for edge in self.edges:
                if number == (edge.source if outward else edge.target):
                    groups.setdefault(edge.property, []).append(edge)
            for property_ in sorted(groups, key=lambda name: self._by_weight(name, groups[name], outward=outward)):
                members = sorted(groups[property_], key=lambda edge: self._by_degree(edge, outward=outward))
                left = len(members) - _LONGEST
                yield {
                    "name": self.renderer.worded(self.properties[property_]),
                    "outward": outward,
                    "links": [self._item(edge, outward=outward) for edge in members[:_LONGEST]],
                    "more": self.renderer.theme.strings["and_more"].format(count=f"{left:,}") if left > 0 else "",
                }

    def _by_weight(self, property_: int, edges: list[ThingLink], *, outward: bool) -> tuple[bool, int, int]:
        """Where a property stands among those of a thing: the one whose things are linked best first."""
        aside = self.properties[property_] == _IN_SCHEME
        return aside, sum(self._by_degree(edge, outward=outward)[0] for edge in edges), property_

    def _by_degree(self, edge: ThingLink, *, outward: bool) -> tuple[int, int]:
        other = edge.target if outward else edge.source
        return -self.degrees[other], other

    def _item(self, edge: ThingLink, *, outward: bool) -> tuple[Markup, str, str, str, str]:
        """The other thing, the state and its word, what supports the link, and where that stands."""
        other, source = self.things[edge.target if outward else edge.source], self.things[edge.source]
        state, words, units, anchor = edge.support
        page = self.renderer.href("", source.decode().strip("<>"))
        return self.renderer.link("", other), state, words, units, f"{page}#{anchor}" if anchor and page else ""


def _cut(text: str) -> str:
    return text if len(text) <= _ABOUT else f"{text[: _ABOUT - 1].rsplit(' ', 1)[0]} …"
