"""A thing's description as text, in any RDF: its statements, those of its blank nodes within them, what leads to it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..namespaces import RDF
from ..rdf.labelling import blank_nodes_of
from ..rdf.lines import split
from ..rdf.prefixed_names import TURTLE_LOCAL, ShortNames
from ..rdf.tokens import iri_token, is_blank, is_iri
from ..rdf.ways import places_above, way_to
from .entity import describe_lines_of

__all__ = ["closure", "description", "leading_here"]

_TYPE = iri_token(RDF.type)
_FIRST, _REST = iri_token(RDF.first), iri_token(RDF.rest)
_NIL = iri_token(RDF.nil)
_DEEPEST = 20  #: brackets within brackets; what lies deeper is named by its label
_INDENT = "  "


def closure(lines: Sequence[bytes], own: Sequence[bytes]) -> list[bytes]:
    """Statements of a thing with those of the blank nodes that they lead to; `lines` are all, sorted."""
    made = list(own)
    seen: set[bytes] = set()
    at = 0
    while at < len(made):
        for node in blank_nodes_of(made[at]) if b"_:" in made[at] else ():
            if node not in seen:
                seen.add(node)
                made += describe_lines_of(lines, node)
        at += 1
    return sorted(set(made))


def description(
    token: bytes, statements: Sequence[bytes], prefixes: Mapping[str, str], names: Mapping[str, Sequence[str]]
) -> Iterator[tuple[bytes, list[str]]]:
    """Each statement of a thing, types first, with the lines of text that show it.

    `statements` are those of the thing and of the blank nodes that it leads to, `names` are of IRIs.
    """
    shown = _Shown(statements, prefixes, names)
    for line in sorted(describe_lines_of(statements, token), key=lambda line: split(line)[1] != _TYPE):
        _, predicate, object_, _ = split(line)
        yield line, shown.statement(predicate, object_, 1)


def leading_here(
    incoming: Collection[bytes], lines: Sequence[bytes], prefixes: Mapping[str, str], names: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """A line of text for each statement that leads to a thing; of a blank node the way to it from one with an IRI."""
    shown = _Shown((), prefixes, names)
    above = places_above(lines) if any(is_blank(split(line)[0]) for line in incoming) else {}
    for line in incoming:
        subject, predicate, _, _ = split(line)
        if not is_blank(subject):
            yield f"{shown.named(subject)} – {shown.term(predicate)}"
            continue
        way = way_to(subject.decode(), above).encode().split()
        from_blank = way[1:2] in ([], [b"/"])
        parts = [*(part for part in way if part != b"/"), predicate]
        yield " / ".join([*(["[]"] if from_blank else []), *map(shown.term, parts)])


class _Shown:
    """Statements as text, those of blank nodes within brackets; a node that is used twice has its label."""

    def __init__(
        self, statements: Sequence[bytes], prefixes: Mapping[str, str], names: Mapping[str, Sequence[str]]
    ) -> None:
        self._short = ShortNames(prefixes, TURTLE_LOCAL)
        self._names = names
        self._about: dict[bytes, list[tuple[bytes, bytes]]] = {}
        uses: Counter[bytes] = Counter()
        for line in statements:
            subject, predicate, object_, _ = split(line)
            if is_blank(subject):
                self._about.setdefault(subject, []).append((predicate, object_))
            if is_blank(object_):
                uses[object_] += 1
        self._often = {node for node, number in uses.items() if number > 1}
        self._done: set[bytes] = set()

    def term(self, token: bytes) -> str:
        """An IRI by a prefix if there is one, a literal as in Turtle."""
        if is_iri(token):
            return "a" if token == _TYPE else self._short[token].decode()
        text, mark, datatype = token.rpartition(b"^^")
        if mark and is_iri(datatype):
            return f"{text.decode()}^^{self._short[datatype].decode()}"
        return token.decode()

    def named(self, token: bytes) -> str:
        """The same, with what is called by the IRI."""
        text = self.term(token)
        own = self._names.get(token[1:-1].decode()) if is_iri(token) else None
        return f"{text} “{own[0]}”" if own else text

    def statement(self, predicate: bytes, object_: bytes, depth: int) -> list[str]:
        """A property and its value, indented."""
        return self._value(f"{_INDENT * depth}{self.term(predicate)} ", object_, depth)

    def _value(self, start: str, node: bytes, depth: int) -> list[str]:
        if not is_blank(node):
            return [start + self.named(node)]
        about = self._about.get(node, [])
        if (members := self._members(node)) is not None:
            if not any(map(is_blank, members)):
                return [f"{start}( {' '.join(map(self.term, members))} )"]
            inner = [line for member in members for line in self._value(_INDENT * (depth + 1), member, depth + 1)]
            return [start + "(", *inner, _INDENT * depth + ")"]
        if node in self._done or (about and depth > _DEEPEST):
            return [start + node.decode()]
        self._done.add(node)
        label = f"{node.decode()} " if node in self._often else ""
        if not about:
            return [start + (label.rstrip() or "[]")]
        parts = sorted(about, key=lambda part: part[0] != _TYPE)
        inner = [line for part in parts for line in self.statement(*part, depth + 1)]
        return [f"{start}{label}[", *inner, _INDENT * depth + "]"]

    def _members(self, node: bytes) -> list[bytes] | None:
        """The members of a list whose cells are nothing else and are used once; None for what is no such list."""
        members = []
        seen: set[bytes] = set()
        while node != _NIL:
            cell = dict(self._about.get(node, []))
            plain = len(self._about.get(node, [])) == len(cell) == 2 and cell.keys() == {_FIRST, _REST}
            if not plain or node in self._often or node in seen:
                return None
            seen.add(node)
            members.append(cell[_FIRST])
            node = cell[_REST]
        return members
