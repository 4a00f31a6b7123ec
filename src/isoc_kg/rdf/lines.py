"""The middle form: canonical N-Quads lines, and the terms in them."""

import heapq
import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import groupby, islice, pairwise
from operator import eq
from typing import overload

import pyoxigraph as ox

from .tokens import iri_token

__all__ = [
    "Lines", "Triple", "blocks", "digest", "graph_token", "iri", "lines_from_quads", "lines_in_order", "literal",
    "merge", "sort_lines", "split", "split_block", "string_body", "term", "triples", "with_graph", "without_graph",
]  # fmt: skip

_BLOCK = 1 << 20  # bytes of text gathered into one
_NEAR = 16  # lines up to an end that are looked at one after the other
_QUOTE = ord('"')
_ESCAPE = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
#: Subject, predicate and object; sorted, triples are in the order of their lines.
Triple = tuple[bytes, bytes, bytes]
_STRING_TYPE = "http://www.w3.org/2001/XMLSchema#string"


def lines_from_quads(quads: Iterable[ox.Quad]) -> list[bytes]:
    """The middle form of quads without blank nodes, or whose labels are to stay as they are."""
    return sort_lines(lines_in_order(quads))


def lines_in_order(quads: Iterable[ox.Quad]) -> list[bytes]:
    """The canonical lines of quads as they come, some perhaps twice."""
    collected = _Collected()
    ox.serialize(quads, collected, format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return collected.lines


class _Collected:
    """A file that keeps the lines written to it: the text is never there as a whole."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._rest = b""

    def write(self, data: bytes) -> int:
        lines = (self._rest + data).splitlines(keepends=True)
        self._rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        self.lines += lines
        return len(data)

    def flush(self) -> None:
        """Nothing is held back but a line that is not whole."""


def sort_lines(lines: list[bytes]) -> list[bytes]:
    """The lines sorted by their bytes, none twice; the list itself is sorted in place."""
    lines.sort()
    if any(map(eq, lines, islice(lines, 1, None))):
        return [line for line, _ in groupby(lines)]
    return lines


class Lines(Sequence[bytes]):
    """Sorted lines as one block of bytes: half the memory of a list, and all of it shared when a process forks."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        starts = array("Q", [0])

        def counted() -> Iterator[bytes]:
            position = 0
            for line in lines:
                position += len(line)
                starts.append(position)
                yield line

        text = BytesIO()  # joining would take 80 bytes more for each line
        text.writelines(counted())
        self._block = text.getvalue()
        self._starts = starts

    @classmethod
    def taken_from(cls, lines: list[bytes]) -> "Lines":
        """The lines of a list, which is empty afterwards: the two are never there as a whole."""
        lines.reverse()
        return cls(lines.pop() for _ in range(len(lines)))

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> "Lines":
        """These lines as a block, as they are when they are one."""
        return lines if isinstance(lines, cls) else cls(lines)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def text(self) -> bytes:
        """The lines as one text, of which there is no copy."""
        return self._block

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            first, end, step = number.indices(len(self))
            if step == 1:
                return [self._block[at:to] for at, to in pairwise(self._starts[first : max(first, end) + 1])]
            return [self[one] for one in range(first, end, step)]
        if number < 0:
            number += len(self)
        return self._block[self._starts[number] : self._starts[number + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return (self._block[start:end] for start, end in pairwise(self._starts))

    def has_more(self, prefix: bytes, number: int, most: int) -> bool:
        """Whether more lines than `most` start with a prefix, of which the first is known."""
        return number + most < len(self) and self._block.startswith(prefix, self._starts[number + most])

    def end(self, prefix: bytes, number: int) -> int:
        """The number behind the last of the lines that start with a prefix, of which the first is known."""
        block, starts, near = self._block, self._starts, number + _NEAR
        while block.startswith(prefix, starts[number]):
            number += 1
            if number == near:
                return self._far_end(prefix, number)
        return number

    def _far_end(self, prefix: bytes, number: int) -> int:
        """The same where the line before a number starts with the prefix, without a look at each line."""
        block, starts, last = self._block, self._starts, len(self)
        step = _NEAR
        while number < last and block.startswith(prefix, starts[min(number + step, last)]):
            number += step
            step += step
        end = min(number + step, last)
        while number < end:
            middle = (number + end) // 2
            if block.startswith(prefix, starts[middle]):
                number = middle + 1
            else:
                end = middle
        return end

    def between(self, first: int, end: int) -> bytes:
        """The text of the lines from a number on up to another."""
        return self._block[self._starts[first] : self._starts[end]]

    def block(self, prefix: bytes, number: int) -> bytes:
        """The text of the lines that start with a prefix, of which the first is known."""
        return self.between(number, self.end(prefix, number))

    def at(self, numbers: Iterable[int]) -> list[bytes]:
        """The lines that have these numbers."""
        block, starts = self._block, self._starts
        return [block[starts[number] : starts[number + 1]] for number in numbers]

    def starting(self, prefix: bytes, number: int | None = None) -> Iterator[bytes]:
        """The lines that start with a prefix: from a line on that is known to be the first, else found by bisection."""
        block, starts = self._block, self._starts
        if number is None:
            number = bisect_left(self, prefix)
        start = starts[number]
        while block.startswith(prefix, start):
            number += 1
            start, line = starts[number], block[start : starts[number]]
            yield line


def merge(*parts: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines of several parts as one, none twice."""
    return (line for line, _ in groupby(heapq.merge(*parts)))


def split(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    r"""Subject, predicate, object and graph of a line as N-Quads tokens; the graph is empty for a triple.

    >>> split(b'<http://e/s> <http://e/p> "a <b> ." <http://e/g> .\n')
    (b'<http://e/s>', b'<http://e/p>', b'"a <b> ."', b'<http://e/g>')
    """
    subject, predicate, rest = line.split(b" ", 2)
    rest = rest[:-3]
    if rest[0] == _QUOTE:
        # tags, datatypes and graph names hold no quote, so the last one ends the literal
        end = rest.find(b" ", rest.rindex(b'"'))
    elif rest.startswith(b"<<("):
        end = rest.find(b" ", rest.rindex(b")>>"))
    else:
        end = rest.find(b" ")
    return (subject, predicate, rest, b"") if end < 0 else (subject, predicate, rest[:end], rest[end + 1 :])


def split_block(text: bytes, subject: bytes) -> list[Triple]:
    r"""Predicate, object and graph of lines that have one subject, without triple terms; `split` would take longer.

    >>> split_block(b'<http://e/s> <http://e/p> "a <b> ." <http://e/g> .\n', b"<http://e/s>")
    [(b'<http://e/p>', b'"a <b> ."', b'<http://e/g>')]
    """
    found: list[Triple] = []
    graph = end = b""
    start = len(subject) + 1
    for line in text[:-1].split(b"\n"):
        predicate, rest = line[start:].split(b" ", 1)
        # what ends as the line before is in its graph, since a literal ends with a quote, or has no space behind it
        if end and rest.endswith(end):
            found.append((predicate, rest[: -len(end)], graph))
        else:
            _, _, object_, graph = split(b"s p %b\n" % rest)
            end = b" %b ." % graph if graph else b""
            found.append((predicate, object_, graph))
    return found


def graph_token(name: str | None) -> bytes:
    """The token of a graph's name, an IRI or a blank node's label; empty for the default graph, None or `""`."""
    if not name:
        return b""
    return name.encode() if name.startswith("_:") else iri_token(name)


def with_graph(triple: bytes, graph: bytes) -> bytes:
    r"""The line of a triple in the graph whose token is given; in the default graph, whose token is empty, its own.

    >>> with_graph(b'<http://e/s> <http://e/p> "o" .\n', b"<http://e/g>")
    b'<http://e/s> <http://e/p> "o" <http://e/g> .\n'
    """
    return triple[:-2] + graph + b" .\n" if graph else triple


def without_graph(line: bytes, graph: bytes) -> bytes:
    """The line of a quad's triple; `graph` is what `split` finds at its end."""
    return line[: -len(graph) - 4] + b" .\n" if graph else line


def iri(token: bytes) -> str:
    """The IRI of a token `<…>`."""
    return token[1:-1].decode()


def string_body(token: bytes) -> bytes:
    """What stands between the quotes of a literal's token, escapes as they are."""
    return token[1 : token.rindex(b'"')]


def literal(token: bytes) -> tuple[str, str | None, str | None]:
    """Lexical form, language tag and datatype IRI of a literal's token; one of the last two is None.

    >>> literal(b'"1992"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    ('1992', None, 'http://www.w3.org/2001/XMLSchema#gYear')
    """
    end = token.rindex(b'"')
    value = _ESCAPE.sub(_unescaped, token[1:end].decode()) if b"\\" in token else token[1:end].decode()
    tail = token[end + 1 :].decode()
    if tail.startswith("@"):
        return value, tail[1:], None
    return value, None, tail[3:-1] if tail else _STRING_TYPE


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPES[match[1]] if match[1] else chr(int(match[2] or match[3], 16))


def term(token: bytes) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    """The pyoxigraph term of a token."""
    if token.startswith(b"<<("):
        inner = token[4:-4] + b" .\n"
        subject, predicate, object_, _ = split(inner)
        return ox.Triple(term(subject), term(predicate), term(object_))  # type: ignore[arg-type]
    if token.startswith(b"<"):
        return ox.NamedNode(iri(token))
    if token.startswith(b"_:"):
        return ox.BlankNode(token[2:].decode())
    value, language, datatype = literal(token)
    if language is not None:
        tag, _, direction = language.partition("--")
        if direction:
            return ox.Literal(
                value,
                language=tag,
                direction=ox.BaseDirection.LTR if direction == "ltr" else ox.BaseDirection.RTL,
            )
        return ox.Literal(value, language=tag)
    return ox.Literal(value, datatype=ox.NamedNode(datatype or _STRING_TYPE))


def triples(lines: Iterable[bytes], graphs: Collection[str] | None = None) -> Iterator[bytes]:
    """The triples of the graphs named, of all when None: lines without graph names, still sorted, none twice.

    `""` names the default graph. Leaving the graph name out keeps the order: a term that goes on past another
    one's end never does so with a character below the space.
    """
    wanted = None if graphs is None else set(map(graph_token, graphs))
    last = b""
    for line in lines:
        graph = split(line)[3]
        if wanted is not None and graph not in wanted:
            continue
        triple = without_graph(line, graph)
        if triple != last:
            yield triple
            last = triple


def digest(lines: Iterable[bytes]) -> str:
    """SHA-256, in hex, of the canonical N-Quads document that the lines are."""
    from hashlib import sha256  # it loads OpenSSL

    sha = sha256()
    for line in lines:
        sha.update(line)
    return sha.hexdigest()


def blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts in blocks: a list of millions of small ones would take several times their size."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size > _BLOCK:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    yield b"".join(gathered)
