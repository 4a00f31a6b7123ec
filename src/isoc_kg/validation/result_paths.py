"""Paths of validation results as RDF (https://www.w3.org/TR/shacl/#property-paths)."""

import re
from collections.abc import Callable, Iterator

from ..namespaces import RDF, SH

__all__ = ["path_lines"]

_TOKEN = re.compile(r"<[^>]*>|[\^/|()*+?]")
_REPEATED = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}


def path_lines(path: str, label: str) -> tuple[str, list[str]]:
    """The node for a SPARQL property path, as a token, and the triples that say it, as N-Triples without line ends.

    Blank nodes are named `label` with a number. Raises `ValueError` for what is no such path.
    """
    reader = _Reader(path, label)
    node = reader.alternatives()
    if reader.next is not None:
        raise ValueError(f"not a property path: {path}")
    return node, reader.lines


class _Reader:
    """Reads a path by the rules `PathAlternative` to `PathPrimary` of SPARQL 1.1, without negated sets."""

    def __init__(self, path: str, label: str) -> None:
        self.lines: list[str] = []
        self._label, self._number = label, 0
        self._tokens: Iterator[str] = iter(_tokens(path))
        self.next = next(self._tokens, None)

    def alternatives(self) -> str:
        """Alternatives, or what stands alone."""
        return self._joined("|", self._sequence, lambda nodes: self._node(SH.alternativePath, self._list(nodes)))

    def _sequence(self) -> str:
        return self._joined("/", self._step, self._list)

    def _step(self) -> str:
        if self._take("^"):
            return self._node(SH.inversePath, self._repeated())
        return self._repeated()

    def _repeated(self) -> str:
        if self._take("("):
            node = self.alternatives()
            if not self._take(")"):
                raise ValueError("a bracket does not end")
        elif self.next is not None and self.next.startswith("<"):
            node = self._advance()
        else:
            raise ValueError(f"{self.next} where a property is expected")
        while self.next in _REPEATED:
            node = self._node(_REPEATED[self._advance()], node)
        return node

    def _joined(self, mark: str, part: Callable[[], str], whole: Callable[[list[str]], str]) -> str:
        nodes = [part()]
        while self._take(mark):
            nodes.append(part())
        return nodes[0] if len(nodes) == 1 else whole(nodes)

    def _list(self, nodes: list[str]) -> str:
        rest = f"<{RDF.nil}>"
        for node in reversed(nodes):
            item = self._blank()
            self.lines += [f"{item} <{RDF.first}> {node} .", f"{item} <{RDF.rest}> {rest} ."]
            rest = item
        return rest

    def _node(self, predicate: str, value: str) -> str:
        node = self._blank()
        self.lines.append(f"{node} <{predicate}> {value} .")
        return node

    def _blank(self) -> str:
        self._number += 1
        return f"{self._label}p{self._number}"

    def _take(self, mark: str) -> bool:
        if self.next != mark:
            return False
        self._advance()
        return True

    def _advance(self) -> str:
        token, self.next = self.next, next(self._tokens, None)
        assert token is not None
        return token


def _tokens(path: str) -> Iterator[str]:
    """The tokens of a path. Raises `ValueError` for anything else."""
    position = 0
    while position < len(path):
        match = _TOKEN.match(path, position)
        if match is None:
            raise ValueError(f"not a property path: {path}")
        yield match[0]
        position = match.end()
