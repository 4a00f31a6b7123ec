"""Property paths: what leads from the subject of a pattern to its object.

https://www.w3.org/TR/sparql11-query/#propertypaths
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Node", "PathExpression", "PathLink", "PropertyPath"]


class Node(NamedTuple):
    """A variable, an IRI, a literal, or (neither) something without a name."""

    variable: str = ""
    term: str = ""  #: as an N-Triples token
    start: int = -1  #: where it stands in the query


class PathLink(NamedTuple):
    """One step over a statement: by one of these properties (tokens) or, `negated`, by any other."""

    terms: frozenset[str]
    forward: bool = True  #: from subject to object
    negated: bool = False


class PathExpression(NamedTuple):
    """A link, or parts with what joins them: `|` and `/`, or `?`, `*` and `+` behind a single part."""

    link: PathLink | None = None
    operator: str = ""
    parts: tuple["PathExpression", ...] = ()

    def turned(self) -> "PathExpression":
        """The same from the other end."""
        if self.link:
            return PathExpression(self.link._replace(forward=not self.link.forward))
        parts = tuple(part.turned() for part in self.parts)
        return PathExpression(None, self.operator, parts[::-1] if self.operator == "/" else parts)


_NONE = PathExpression()


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """What leads from subject to object."""

    needed: tuple[tuple[Node, ...], ...] = ()  #: of each of these sets of properties one must be used
    first: tuple[
        tuple[str, bool], ...
    ] = ()  #: properties (tokens) at the subject's end, and whether it is their subject
    last: tuple[tuple[str, bool], ...] = ()  #: the same at the object's end
    variable: str = ""
    expression: PathExpression = _NONE
    start: int = -1  #: where it stands in the query
    end: int = -1

    @classmethod
    def of(cls, node: Node) -> "PropertyPath":
        """The path that is one property."""
        ends = ((node.term, True),)
        return cls(((node,),), ends, ends, expression=PathExpression(PathLink(frozenset((node.term,)))))

    @classmethod
    def other_than(cls, links: Sequence[tuple[str, bool]]) -> "PropertyPath":
        """A negated property set, given as its properties and whether each leads from subject to object."""
        sides = [
            PathExpression(PathLink(frozenset(term for term, forward in links if forward is side), side, negated=True))
            for side in (True, False)
            if any(forward is side for _, forward in links) or (side and not links)
        ]
        return cls(expression=sides[0] if len(sides) == 1 else PathExpression(None, "|", tuple(sides)))

    @classmethod
    def alternatives(cls, paths: Sequence["PropertyPath"]) -> "PropertyPath":
        """Paths of which one is taken."""
        if len(paths) == 1:
            return paths[0]
        every = tuple(node for path in paths for nodes in path.needed for node in nodes)
        return cls(
            (every,) if all(path.needed for path in paths) else (),
            tuple(end for path in paths for end in path.first),
            tuple(end for path in paths for end in path.last),
            expression=PathExpression(None, "|", tuple(path.expression for path in paths)),
        )

    @classmethod
    def sequence(cls, paths: Sequence["PropertyPath"]) -> "PropertyPath":
        """Paths that are taken one behind the other."""
        if len(paths) == 1:
            return paths[0]
        needed = tuple(nodes for path in paths for nodes in path.needed)
        expression = PathExpression(None, "/", tuple(path.expression for path in paths))
        return cls(needed, paths[0].first, paths[-1].last, expression=expression)

    def inverse(self) -> "PropertyPath":
        """The same from object to subject."""
        return PropertyPath(self.needed, _turned(self.last), _turned(self.first), expression=self.expression.turned())

    def repeated(self, mark: str) -> "PropertyPath":
        """The same taken as `?`, `*` or `+` says."""
        expression = PathExpression(None, mark, (self.expression,))
        return PropertyPath(self.needed if mark == "+" else (), self.first, self.last, expression=expression)

    @property
    def is_property(self) -> bool:
        """Whether this is a single property or a variable, from subject to object."""
        link = self.expression.link
        return bool(self.variable) or (link is not None and link.forward and not link.negated)


def _turned(ends: Sequence[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    return tuple((term, not subject) for term, subject in ends)
