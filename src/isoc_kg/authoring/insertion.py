"""Statements put into, and taken out of, a file of facts: each on a line of its own, all else as it was."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..iris import compact
from ..namespaces import RDF
from ..query.tokens import PROLOGUE, tokens
from ..rdf.lines import iri, split

__all__ = ["AnnotatedStatement", "inserted", "removed"]

#: The tokens of Turtle (https://www.w3.org/TR/rdf12-turtle/#sec-grammar-grammar), as coarse as finding a statement's
#: end needs them: a dot within a name or a number is a part of it, one behind it ends the statement.
_TERM = (
    r"<[^<>\"{}|^`\x00-\x20]*>"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'"
    r"|@[A-Za-z]+(?:-[A-Za-z0-9]+)*"
    r"|(?<=[\s,;])\.(?=\d)[\d.eE+-]*\d"
    r"|(?:\\.|[^\s#<\"'\[\](){};,.\\])(?:\\.|[^\s#<\"'\[\](){};,.\\]|\.+(?=[^\s#<\"'\[\](){};,.]))*+"
)
_BLANK = r"[\s\ufeff]|#[^\n\r]*"
_FIRST_TERM = re.compile(f"(?:{_BLANK})*+({_TERM}|.)", re.DOTALL)
#: What stands between the marks that open, close and end.
_SCANNED = re.compile(rf"(?:{_TERM}|{_BLANK}|[;,<])++|(?P<open>[\[({{])|(?P<close>[\])}}])|(?P<dot>\.)|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AnnotatedStatement:
    """A statement (canonical line) with its annotations: properties (IRIs) and their values (tokens)."""

    triple: bytes
    annotations: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A statement or a directive of a Turtle text: where it begins and ends, and its first tokens."""

    start: int
    end: int
    first: tuple[str, ...]
    whole: bool  #: whether it has an end

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix, a base or a version."""
        return self.first[0].removeprefix("@").upper() in PROLOGUE

    @property
    def declaration(self) -> tuple[str, str] | None:
        """The prefix and the namespace that a directive declares."""
        if self.first[0].lower() in ("@prefix", "prefix") and len(self.first) == _FIRST:
            return self.first[1].removesuffix(":"), self.first[2][1:-1]
        return None


#: So many tokens has the longest directive, its dot aside.
_FIRST = 3


def _blocks(turtle: str) -> list[_Block]:
    """The statements and directives of a Turtle text."""
    blocks: list[_Block] = []
    place, last = 0, len(turtle.rstrip())
    while place < last:
        first: list[str] = []
        start, at = place, place
        while len(first) < _FIRST and (found := _FIRST_TERM.match(turtle, at)):
            start = start if first else found.start(1)
            first.append(found[1])
            at = found.end()
            if first[0].upper() in PROLOGUE and len(first) == (_FIRST if first[0].upper() == "PREFIX" else 2):
                break
        else:
            at = _statement_end(turtle, start) if first else last
        if not first:
            break
        blocks.append(_Block(start, at, tuple(first), whole=at < last or turtle[at - 1] == "."))
        place = at
    return blocks


def _statement_end(turtle: str, start: int) -> int:
    """Behind the dot that ends what begins at a place; the end of the text where none does."""
    depth = 0
    for match in _SCANNED.finditer(turtle, start):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "dot" and depth == 0:
            return match.end()
    return len(turtle)


def inserted(
    turtle: str, statements: Sequence[AnnotatedStatement], prefixes: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """A file of facts with further statements, and the lines that were put in.

    A statement stands below the last block of its subject, or at the end where there is none. Prefixes that it needs
    are taken from `prefixes` and declared at the head, unless the file has given the prefix to something else, or has
    one of its own for the same.
    """
    newline = "\r\n" if "\r\n" in turtle else "\n"
    blocks = _blocks(turtle)
    declared: dict[str, set[str]] = {}
    for block in blocks:
        if found := block.declaration:
            declared.setdefault(found[0], set()).add(found[1])
    own = {name: next(iter(spaces)) for name, spaces in declared.items() if len(spaces) == 1}
    spaces = set(own.values())
    further = {name: space for name, space in prefixes.items() if name not in declared and space not in spaces}
    usable = further | own
    head = _head_end(turtle, blocks)
    declared_at_head = {found[0] for block in blocks if block.end <= head and (found := block.declaration)}
    known = {name: space for name, space in usable.items() if name in declared_at_head or name not in declared}
    written = [_line(statement, known) for statement in statements]
    used = {name for line in written for name in _used(line, known)}
    places: dict[int, list[str]] = {}
    for statement, line in zip(statements, written, strict=True):
        places.setdefault(_place(turtle, blocks, iri(split(statement.triple)[0]), head), []).append(line)
    missing = [f"@prefix {name}: <{known[name]}> ." for name in sorted(used - declared_at_head)]
    parts = {place: _at(turtle, place, lines, newline) for place, lines in places.items()}
    if missing:
        parts[head] = _at(turtle, head, missing, newline) + parts.get(head, "")
    text, last = "", 0
    for place in sorted(parts):
        text += turtle[last:place] + parts[place]
        last = place
    return text + turtle[last:], tuple(written)


def removed(turtle: str, line: str) -> str | None:
    """The text without a line, as often as it has it; None where it has no such line."""
    after, found = re.subn(rf"(?:^|(?<=\n)){re.escape(line)}\r?(?:\n|\Z)", "", turtle)
    return after if found else None


def _at(turtle: str, place: int, lines: Iterable[str], newline: str) -> str:
    """Lines as they stand at a place of a text: behind a line's end, each with one of its own."""
    before = "" if place == 0 or turtle[:place].endswith("\n") or turtle[:place] == "\ufeff" else newline
    return before + "".join(line + newline for line in lines)


def _head_end(turtle: str, blocks: Sequence[_Block]) -> int:
    """Behind the directives at the head: where further prefixes are declared."""
    end = 1 if turtle.startswith("\ufeff") else 0
    for number, block in enumerate(blocks):
        if not block.is_directive:
            break
        end = _line_end(turtle, blocks, number)
    return end


def _place(turtle: str, blocks: Sequence[_Block], subject: str, head: int) -> int:
    """Below the last block of a subject; at the end of the text where there is none."""
    scope: dict[str, str] = {}
    last = None
    for number, block in enumerate(blocks):
        if found := block.declaration:
            scope[found[0]] = found[1]
        elif block.whole and _named(block.first[0], scope) == subject:
            last = number
    return max(head, len(turtle) if last is None else _line_end(turtle, blocks, last))


def _named(token: str, scope: Mapping[str, str]) -> str | None:
    """The IRI that a token names, as far as it is written without escapes."""
    if token.startswith("<"):
        return token[1:-1]
    prefix, colon, local = token.partition(":")
    return scope[prefix] + local if colon and prefix in scope else None


def _line_end(turtle: str, blocks: Sequence[_Block], number: int) -> int:
    """Behind the line on which a block ends, or behind the block where another one begins on this line."""
    block = blocks[number]
    end = turtle.find("\n", block.end)
    end = len(turtle) if end < 0 else end + 1
    return block.end if number + 1 < len(blocks) and blocks[number + 1].start < end else end


def _line(statement: AnnotatedStatement, prefixes: Mapping[str, str]) -> str:
    """A statement with its annotation block, on one line."""
    subject, predicate, object_ = (_token(token, prefixes) for token in split(statement.triple)[:3])
    predicate = "a" if iri(split(statement.triple)[1]) == RDF.type else predicate
    notes = " ; ".join(f"{compact(name, prefixes)} {_token(value, prefixes)}" for name, value in statement.annotations)
    return f"{subject} {predicate} {object_} {{| {notes} |}} ." if notes else f"{subject} {predicate} {object_} ."


def _token(token: bytes, prefixes: Mapping[str, str]) -> str:
    if token.startswith(b"<"):
        return compact(iri(token), prefixes)
    text = token.decode()
    end = text.rindex('"') + 1
    return text[:end] + "^^" + compact(text[end + 3 : -1], prefixes) if text[end:].startswith("^^") else text


def _used(line: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """The prefixes that a line needs."""
    for token in tokens(line):
        if token.kind == "name":
            name = token.text.partition(":")[0]
            if name in prefixes:
                yield name
