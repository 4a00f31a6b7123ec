"""The canonical layout of a Turtle text: white space is changed, and nothing else.

A subject stands at the start of its line, each further predicate on a line of its own, four blanks in, each further
object that has evidence eight. Evidence stays beside its object. What does not fit in a line is broken at its brackets.
Comments keep their places; one empty line stays where there were any between statements or before a comment.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..atomic import alone_in, write_file
from ..errors import LimitExceeded, ParseError
from ..formats import TURTLE
from ..limits import Limits
from ..limits.regular_files import read_regular
from ..project import FILE_NAME, NOWHERE
from ..rdf.reading import read_quads
from ..rdf.turtle_tokens import Lexeme, lexemes

__all__ = ["laid_out", "lay_out_file", "turtle_laid_out"]

_WIDTH = 120
_STEP = 4
_CLOSING = {"[": "]", "(": ")", "<<(": ")>>", "<<": ">>", "{|": "|}", "{": "}"}
#: Marks that begin what is said of a triple, behind its object.
_ANNOTATING = ("{|", "~")
#: Keywords of directives that no full stop ends, and how many tokens follow.
_UNSTOPPED = {"PREFIX": 2, "BASE": 1, "VERSION": 1}


@dataclass(slots=True)
class _Node:
    """A token, or what stands between brackets; comments behind it on its line, or before it, are its own."""

    token: Lexeme
    text: str  #: of a literal, with its datatype or language
    before: list[Lexeme] = field(default_factory=list)
    after: Lexeme | None = None
    inner: "list[_Node] | None" = None  #: between brackets
    closing: "_Node | None" = None

    def is_mark(self, text: str) -> bool:
        return self.token.kind == "mark" and self.text == text

    @property
    def commented(self) -> bool:
        """Whether a comment stands anywhere in it, but behind its end."""
        inner = self.inner or ()
        last = self.closing
        return bool(
            self.before
            or (self.inner is not None and self.after)
            or any(node.commented or (node.closing or node).after for node in inner)
            or (last and last.before)
        )


def laid_out(text: str, name: str | None = None) -> str:
    """A Turtle text in canonical layout, which laid out again is itself.

    The tokens, comments among them, are the same in the same order. Raises `ParseError` for a text that is not Turtle.
    """
    given = list(lexemes(text, name))
    result = _Layout(_tree(given, name)).text
    if [(found.kind, found.text) for found in lexemes(result, name)] != [(found.kind, found.text) for found in given]:
        raise ParseError("the layout would change more than white space; it is left as it is.", file=name)
    return result


def turtle_laid_out(data: bytes, name: str, limits: Limits | None = None) -> bytes:
    """The bytes of a Turtle file in canonical layout, without a byte order mark, its lines ended by line feeds.

    Raises what reading it raises.
    """
    deque(read_quads(data, TURTLE, base=NOWHERE, limits=limits, name=name), 0)  # what is no Turtle is said as ever
    try:
        return laid_out(data.decode("utf-8-sig"), name).encode()
    except RecursionError:
        raise LimitExceeded("brackets within brackets: nested too deeply for a layout.", file=name) from None


def lay_out_file(file: Path, limits: Limits | None = None, *, write: bool = True) -> bool:
    """Write a Turtle file in canonical layout, whole or not at all; whether that differs from what it had."""
    folder = file.resolve().parent
    project = next((parent for parent in (folder, *folder.parents) if (parent / FILE_NAME).is_file()), folder)
    with alone_in(project):
        data = read_regular(file, (limits or Limits()).max_file_bytes)
        new = turtle_laid_out(data, str(file), limits)
        if write and new != data:
            write_file(file, new)
    return new != data


def _tree(given: Sequence[Lexeme], name: str | None) -> list[_Node]:
    """The tokens with what stands between brackets below these; the last node, an empty one, has the last comments."""
    waiting: list[Lexeme] = []
    levels: list[tuple[str, _Node | None, list[_Node]]] = [("", None, [])]
    last: _Node | None = None
    for lexeme in given:
        nodes = levels[-1][2]
        if lexeme.kind == "comment":
            if last is not None and not lexeme.line_start and not waiting:
                last.after = lexeme
            else:
                waiting.append(lexeme)
            continue
        node = _Node(lexeme, lexeme.text, waiting)
        if lexeme.kind == "mark" and lexeme.text == levels[-1][0]:
            opening = levels.pop()[1]
            assert opening is not None
            opening.closing, last, waiting = node, node, []
            continue
        if last is not None and nodes and last is nodes[-1] and not waiting and not last.after and _joins(last, lexeme):
            last.text += lexeme.text
            continue
        waiting = []
        nodes.append(node)
        last = node
        if lexeme.kind == "mark" and lexeme.text in _CLOSING:
            node.inner = []
            levels.append((_CLOSING[lexeme.text], node, node.inner))
    if len(levels) > 1:
        raise ParseError(f"a bracket {levels[-1][1].text if levels[-1][1] else ''} is not closed.", file=name)
    return [*levels[0][2], _Node(Lexeme("word", "", True, bool(waiting)), "", waiting)]


def _joins(last: _Node, lexeme: Lexeme) -> bool:
    """Whether a token belongs to the literal before it."""
    if last.token.kind != "string":
        return False
    if last.text.endswith("^^") and last.text != last.token.text:
        return lexeme.kind in ("iri", "name")
    return last.text == last.token.text and (lexeme.text == "^^" or lexeme.kind == "tag")


class _Layout:
    """A text as it comes to be."""

    def __init__(self, nodes: Sequence[_Node]) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.ended = False  #: a comment ends the line
        for statement in _statements(nodes):
            self.statement(statement)
        self.newline()

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def newline(self) -> None:
        if self.line.strip():
            self.lines.append(self.line)
        self.line, self.ended = "", False

    def put(self, text: str, gap: str, indent: int) -> None:
        """Write a token behind a gap, or at the start of a line."""
        if self.ended:
            self.newline()
        self.line += (gap if self.line else " " * indent) + text

    def comments(self, node: _Node, indent: int) -> None:
        """The comments before a token, each on a line of its own."""
        for comment in node.before:
            self.newline()
            if comment.after_blank and self.lines:
                self.lines.append("")
            self.line = " " * indent + comment.text
            self.ended = True

    def comment(self, node: _Node) -> None:
        """The comment behind a token, on its line."""
        if node.after:
            self.line += f"  {node.after.text}"
            self.ended = True

    def statement(self, nodes: Sequence[_Node]) -> None:
        """A directive, or a subject with its predicates and objects."""
        first = nodes[0]
        self.newline()
        self.comments(first, 0)
        if self.ended:
            self.newline()
        if first.token.after_blank and self.lines and first.text:
            self.lines.append("")
        tall = _tall(nodes)
        gap, indent = "", 0
        for position, node in enumerate(nodes):
            mark = node.text if node.token.kind == "mark" else ""
            if position:
                self.comments(node, indent or _STEP)
            if mark == ";":
                self.put(mark, " ", _STEP)
            elif mark == ",":
                self.put(mark, " " if position in tall else "", 2 * _STEP)
            else:
                self.node(node, gap, indent or _STEP if position else 0)
            self.comment(node.closing or node)
            following = nodes[position + 1] if position + 1 < len(nodes) else None
            gap, indent = " ", 2 * _STEP if indent == 2 * _STEP and mark != ";" else _STEP
            if mark == ";" and following is not None and not (following.is_mark(";") or following.is_mark(".")):
                self.newline()
                indent = _STEP
            elif mark == "," and position in tall:
                self.newline()
                indent = 2 * _STEP

    def node(self, node: _Node, gap: str, indent: int) -> None:
        """A token, or what stands between brackets, in this line if it fits."""
        if node.inner is None or node.closing is None:
            self.put(node.text, gap, indent)
            return
        flat = _flat(node)
        start = len(self.line) + len(gap) if self.line and not self.ended else indent
        breaks = node.text in "[(" and node.inner and (node.commented or start + len(flat) > _WIDTH)
        if not breaks and not node.commented:
            self.put(flat, gap, indent)
            return
        self.put(node.text, gap, indent)
        self.comment(node)
        inside = indent + _STEP
        if breaks:
            self.newline()
        previous: _Node | None = None
        for inner in node.inner:
            self.comments(inner, inside)
            wide = breaks and previous is not None and (node.text == "(" or previous.is_mark(";"))
            if wide and not inner.is_mark(";"):
                self.newline()
            self.node(inner, "" if inner.is_mark(",") else " ", inside)
            self.comment(inner.closing or inner)
            previous = inner
        self.comments(node.closing, inside)
        if breaks:
            self.newline()
        self.put(node.closing.text, " ", indent)


def _statements(nodes: Sequence[_Node]) -> Iterator[list[_Node]]:
    """The nodes of each directive, of each block about a subject, and of what stands at the end."""
    statement: list[_Node] = []
    for node in nodes:
        statement.append(node)
        left = _UNSTOPPED.get(statement[0].text.upper(), 0) if statement[0].token.kind == "word" else 0
        if node.is_mark(".") or (left and len(statement) == left + 1):
            yield statement
            statement = []
    if statement:
        yield statement


def _tall(nodes: Sequence[_Node]) -> set[int]:
    """The positions of commas behind which a line ends: of lists whose objects have evidence, or that are too long."""
    tall: set[int] = set()
    start = 0
    for position, node in enumerate(nodes):
        if node.is_mark(";") or node.is_mark(".") or position == len(nodes) - 1:
            part = nodes[start : position + 1]
            commas = [start + number for number, inner in enumerate(part) if inner.is_mark(",")]
            annotated = any(inner.token.kind == "mark" and inner.text in _ANNOTATING for inner in part)
            commented = any(
                (inner.commented and at > start) or (inner.closing or inner).after
                for at, inner in enumerate(part[:-1], start)
            )
            width = _STEP + sum(len(_flat(inner)) + 1 for inner in part)
            if annotated or commented or width > _WIDTH:
                tall.update(commas)
            start = position + 1
    return tall


def _flat(node: _Node) -> str:
    """What stands in a node, in one line."""
    if node.inner is None or node.closing is None:
        return node.text
    if not node.inner:
        return node.text + node.closing.text
    return "".join([node.text, *_spaced(node.inner), " ", node.closing.text])


def _spaced(nodes: Iterable[_Node]) -> Iterator[str]:
    for node in nodes:
        yield ("" if node.is_mark(",") else " ") + _flat(node)
