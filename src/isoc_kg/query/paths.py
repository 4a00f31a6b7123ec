"""Triple patterns whose paths the embedded engine takes in another way than the specification.

Alternatives are a union: what two of them lead to is there twice. A path `*` or `?` between a term and a variable has
the solution that the variable is the term, whether the data hold it or not
(https://www.w3.org/TR/sparql11-query/#defn_PropertyPathExpr). Such a pattern becomes the union of its solutions.

Within EXISTS the engine follows a step `*` or `?` of a sequence from every node of the data, whenever it is asked.
There, where it does not matter how often there is a solution, `a/b*` is `a|a/b+`, and `b*/a` is `a|b+/a`.
"""

from collections.abc import Callable
from itertools import combinations, product, starmap
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..namespaces import RDF
from .cursor import Cursor
from .tokens import NAMES

__all__ = ["PathReader"]

_MOST_PATHS = 16  #: that a path is expanded to
_MOST_OPTIONAL = 4  #: steps `*` or `?` of a sequence that are written in another way: each may double its length


class _Node(NamedTuple):
    """Subject or object of a pattern."""

    start: int
    end: int
    term: Any = None  #: an IRI or a literal
    variable: bool = False


class _Path(NamedTuple):
    """A path: alternatives, a sequence of steps, an inverse, or one that is looked at as a whole."""

    start: int
    end: int
    zero: bool = False  #: whether it has a path of length zero
    kind: str = ""  #: the operator that joins the parts: |, / or ^
    parts: tuple["_Path", ...] = ()
    iri: str = ""  #: of a path that is a property
    text: str = ""  #: when it is not the text's own
    negated: bool = False  #: whether it has a negated property set whose solutions are counted
    longer: str = ""  #: of a path `*` or `?`: the same without the path of length zero


class PathReader:
    """Reads triple patterns."""

    def __init__(self, reader: Cursor) -> None:
        self.reader = reader
        self.pending: list[str] = []  #: groups that stand for patterns taken out of the block of triples
        self.counted = True  #: whether it matters how often there is a solution
        self.inside = False  #: whether the pattern is one of EXISTS
        self.once = False  #: whether one solution says as much as many do

    def flush(self, position: int) -> None:
        """Write down, where a block of triples ends, what stands for the patterns taken out of it."""
        if self.pending:
            self.reader.edits.insert(position, " ".join(("", *self.pending, "")))
            self.pending = []

    def nested(self, group: Callable[[], None]) -> None:
        """Read a group within an expression, while a block of triples may go on."""
        pending, self.pending = self.pending, []
        before, self.inside, self.once = (self.inside, self.once), True, True
        group()
        self.pending, (self.inside, self.once) = pending, before

    def selected(self, select: Callable[[], None]) -> None:
        """Read an inner SELECT, which may count its solutions."""
        once, self.once = self.once, False
        select()
        self.once = once

    def triples(self, template: bool = False) -> None:
        """A subject with its properties and objects."""
        reader = self.reader
        start = reader.token.start
        bare = reader.at("[", "(")
        subject = self.node()
        if bare and not self._is_verb():
            return
        moved = self.properties(subject, start, template)
        if moved is not None:  # nothing of the pattern is left
            end = reader.end
            if reader.at("."):
                end = reader.take().end
            reader.edits.replace(moved, end, " ")

    def properties(self, subject: _Node, start: int, template: bool = False) -> int | None:
        """Properties and objects of a subject; where the pattern begins, when all of it is taken out."""
        reader = self.reader
        left = taken = False
        while True:
            begin = reader.token.start
            path = self.path()
            objects = [self.node()]
            while reader.at(","):
                reader.take()
                objects.append(self.node())
            groups = None if template else self._groups(subject, path, objects)
            end = reader.end
            more = False
            while reader.at(";"):
                end, more = reader.take().end, True
            if groups is None:
                left = True
                if path.text:
                    reader.edits.replace(path.start, path.end, f"({path.text})")
            else:
                taken = True
                self.pending += groups
                reader.edits.replace(begin, end, " ")
            if not more or not self._is_verb():
                return start if taken and not left else None

    def _is_verb(self) -> bool:
        token = self.reader.token
        return token.kind in NAMES or token.text == "a" or self.reader.at("^", "!", "(")

    def _groups(self, subject: _Node, path: _Path, objects: list[_Node]) -> list[str] | None:
        """What stands for a pattern; None where it may stay."""
        expanded = self._expanded(path) if self._overlaps(path) else None
        paths = expanded or self._expanded(path) or [(self._text(path), path.zero)]
        if path.negated and self.counted and not self.inside and self.reader.data.parallel():
            self.reader.notes.append(
                "a negated property set (!) between two nodes that are found before it counts once here, and not once "
                "for each of the properties that join them: use DISTINCT, or ?a ?property ?b with a FILTER."
            )
        ends = [(subject, object_) for object_ in objects]
        if not expanded and not any(self._is_open(zero, *pair) for pair in ends for _, zero in paths):
            return None
        if any(not (node.variable or node.term is not None) for node in (subject, *objects)):
            self.reader.notes.append(
                "a path with alternatives, or of length zero, from or to a blank node may have fewer solutions here "
                "than it should: put a variable in place of the blank node."
            )
            return None
        return [
            "{ " + " } UNION { ".join(branch for path in paths for branch in self._branches(*path, *pair)) + " }"
            for pair in ends
        ]

    def _is_open(self, zero: bool, subject: _Node, object_: _Node) -> bool:
        """Whether a solution is that both ends are a term that the data do not have."""
        term = object_.term if subject.term is None else subject.term
        if not zero or term is None or self.reader.data.holds(term):
            return False
        return subject.term is None or object_.term is None or subject.term == object_.term

    def _branches(self, path: str, zero: bool, subject: _Node, object_: _Node) -> list[str]:
        first, last = self._written(subject), self._written(object_)
        pattern = f"{first} ({path}) {last}"
        if not self._is_open(zero, subject, object_):
            return [pattern]
        if subject.term is not None and object_.term is not None:
            return [""]
        term, variable = (first, last) if subject.term is not None else (last, first)
        # the engine lets BIND alone overwrite what EXISTS is asked about, and VALUES alone belong to no graph
        itself = f"{{ BIND({term} AS {variable}) }} VALUES {variable} {{ {term} }}"
        return [f"{pattern} FILTER(!SAMETERM({variable}, {term}))", itself]

    def _text(self, path: _Path) -> str:
        return path.text or self.reader.text[path.start : path.end]

    def _expanded(self, path: _Path) -> list[tuple[str, bool]]:
        """Paths without alternatives whose union a path is, and whether each has a path of length zero."""
        if path.text:
            return [(path.text, path.zero)]
        if path.kind == "|":
            found = [inner for part in path.parts for inner in self._expanded(part)]
        elif path.kind == "^":
            found = [(f"^({text})", zero) for text, zero in self._expanded(path.parts[0])]
        elif path.kind == "/":
            steps = product(*(self._expanded(part) for part in path.parts))
            found = [("/".join(f"({text})" for text, _ in step), False) for step in steps]
        else:
            found = [(self._text(path), path.zero)]
        return found if len(found) <= _MOST_PATHS else [(self._text(path), path.zero)]

    def _overlaps(self, path: _Path) -> bool:
        """Whether two alternatives may lead from one node to the same other one."""
        if path.kind != "|":
            return any(map(self._overlaps, path.parts))
        iris = [part.iri for part in path.parts]
        return not all(iris) or any(starmap(self.reader.data.overlap, combinations(iris, 2)))

    def _written(self, node: _Node) -> str:
        reader = self.reader
        return reader.edits.part(reader.text, node.start, node.end)

    # -- nodes ----------------------------------------------------------------

    def node(self) -> _Node:
        """A variable, a term, a list, or a blank node with properties."""
        reader = self.reader
        token = reader.token
        if token.kind == "variable":
            reader.take()
            return _Node(token.start, token.end, variable=True)
        if token.kind in ("iri", "name"):
            reader.take()
            return _Node(token.start, token.end, ox.NamedNode(reader.iri(token)))
        if token.kind == "blank":
            reader.take()
            return _Node(token.start, token.end)
        if reader.at("["):
            reader.take()
            if not reader.at("]"):
                self.properties(_Node(token.start, token.start), token.start)
            reader.take("]")
            return _Node(token.start, reader.end)
        if reader.at("("):
            reader.take()
            while not reader.at(")"):
                self.node()
            reader.take()
            return _Node(token.start, reader.end)
        found = reader.literal()
        reader.mark(found)
        literal, start, end = found
        return _Node(start, end, literal)

    # -- paths ----------------------------------------------------------------

    def path(self) -> _Path:
        """A property, a variable, or a path."""
        reader = self.reader
        if reader.token.kind == "variable":
            token = reader.take()
            return _Path(token.start, token.end)
        return self._joined("|", lambda: self._joined("/", self._element))

    def _joined(self, operator: str, part: Callable[[], _Path]) -> _Path:
        reader = self.reader
        parts = [part()]
        while reader.at(operator):
            reader.take()
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        zero = operator == "|" and any(one.zero for one in parts)
        negated = any(one.negated for one in parts)
        text = self._sequence(parts) if operator == "/" else self._alternatives(parts)
        return _Path(parts[0].start, reader.end, zero, operator, tuple(parts), text=text, negated=negated)

    def _alternatives(self, parts: list[_Path]) -> str:
        """Alternatives where one of them is written in another way; empty where they may stay."""
        return "|".join(f"({self._text(part)})" for part in parts) if any(part.text for part in parts) else ""

    def _sequence(self, parts: list[_Path]) -> str:
        """A sequence whose steps are none of length zero; empty where it may stay."""
        optional = sum(bool(part.longer) for part in parts)
        if not self.once or not (optional or any(part.text for part in parts)):
            return ""
        before: list[str] = []
        text = ""
        for number, part in enumerate(parts):
            if not part.longer or optional > _MOST_OPTIONAL or (not text and number == len(parts) - 1):
                text += f"{'/' if text else ''}({self._text(part)})"
                while before:
                    text = f"({text}|({before.pop()})/{text})"
            elif text:
                text = f"({text}|{text}/({part.longer}))"
            else:
                before.append(part.longer)
        return text

    def _element(self) -> _Path:
        reader = self.reader
        start = reader.token.start
        if reader.at("^"):
            reader.take()
            inner = self._element()
            longer = f"^({inner.longer})" if inner.longer else ""
            text = f"^({inner.text})" if inner.text else ""
            return _Path(start, reader.end, inner.zero, "^", (inner,), text=text, negated=inner.negated, longer=longer)
        inner = self._primary()
        if reader.at("*", "?", "+"):
            mark = reader.take().text
            step = f"({self._text(inner)})" if mark != "+" and not inner.zero else ""
            longer = f"{step}+" if step and mark == "*" else step
            return _Path(start, reader.end, mark != "+" or inner.zero, longer=longer)
        return inner

    def _primary(self) -> _Path:
        reader = self.reader
        token = reader.token
        if reader.at("("):
            reader.take()
            inner = self.path()
            reader.take(")")
            return inner._replace(start=token.start, end=reader.end)
        if reader.at("!"):
            reader.take()
            return self._negated(token.start)
        return _Path(token.start, token.end, iri=self._step())

    def _negated(self, start: int) -> _Path:
        """A negated property set; one of properties and inverse ones is two paths."""
        reader = self.reader
        if not reader.at("("):
            self._step()
            return _Path(start, reader.end, negated=True)
        sides: dict[bool, list[str]] = {False: [], True: []}
        reader.take("(")
        while not reader.at(")"):
            inverse = reader.at("^")
            sides[inverse].append(f"<{self._step()}>")
            if reader.at("|"):
                reader.take()
        reader.take()
        if not all(sides.values()):
            return _Path(start, reader.end, negated=True)
        forward, backward = (f"!({'|'.join(iris)})" for iris in sides.values())
        parts = (_Path(start, reader.end, text=forward), _Path(start, reader.end, text=f"^({backward})"))
        return _Path(start, reader.end, False, "|", parts, negated=True)

    def _step(self) -> str:
        reader = self.reader
        if reader.at("^"):
            reader.take()
        if reader.token.text == "a" and reader.token.kind == "word":
            reader.take()
            return RDF.type
        return reader.iri(reader.kinds("iri", "name"))
