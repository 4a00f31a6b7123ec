"""Statements put into, and taken out of, a file of facts: each on a line of its own, all else as it was."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..iris import compact
from ..namespaces import RDF
from ..query.tokens import PROLOGUE, Token, tokens
from ..rdf.lines import iri, split

__all__ = ["AnnotatedStatement", "inserted", "removed"]

_OPENING, _CLOSING = frozenset("[({"), frozenset("])}")


@dataclass(frozen=True, slots=True)
class AnnotatedStatement:
    """A statement (canonical line) with its annotations: properties (IRIs) and their values (tokens)."""

    triple: bytes
    annotations: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A statement or a directive of a Turtle text, with where it begins and ends."""

    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def declaration(self) -> tuple[str, str] | None:
        """The prefix, with its colon, and the namespace that a directive declares."""
        if self.tokens[0].text.lower() in ("@prefix", "prefix") and len(self.tokens) >= 3:
            return self.tokens[1].text, self.tokens[2].text[1:-1]
        return None


def _blocks(turtle: str) -> Iterator[_Block]:
    """The statements and directives of a Turtle text."""
    current: list[Token] = []
    depth = 0
    for token in tokens(turtle):
        current.append(token)
        first = current[0].word
        if first in PROLOGUE and len(current) == (3 if first == "PREFIX" else 2):
            yield _Block(tuple(current))
            current = []
            continue
        if token.kind == "operator":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        # to the tokeniser, the dot behind a whole number is a part of it
        if depth == 0 and (token.text == "." or (token.kind == "number" and token.text.endswith("."))):
            yield _Block(tuple(current))
            current = []
    if current:
        yield _Block(tuple(current))


def inserted(
    turtle: str, statements: Sequence[AnnotatedStatement], prefixes: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """A file of facts with further statements, and the lines that were put in.

    A statement stands below the last block of its subject, or at the end where there is none. Prefixes that it needs
    are taken from `prefixes` and declared at the head, unless the file has given the prefix to something else.
    """
    newline = "\r\n" if "\r\n" in turtle else "\n"
    blocks = list(_blocks(turtle))
    declared: dict[str, set[str]] = {}
    for block in blocks:
        if found := block.declaration:
            declared.setdefault(found[0].removesuffix(":"), set()).add(found[1])
    own = {name: next(iter(spaces)) for name, spaces in declared.items() if len(spaces) == 1}
    usable = {**{name: space for name, space in prefixes.items() if name not in declared}, **own}
    head = _head_end(turtle, blocks)
    declared_at_head = {
        found[0].removesuffix(":") for block in blocks if block.end <= head and (found := block.declaration)
    }
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
    """The text without a line; None where it has no such line, or has it twice."""
    pattern = re.compile(rf"(?:^|(?<=\n)){re.escape(line)}\r?(?:\n|\Z)")
    found = list(pattern.finditer(turtle))
    return turtle[: found[0].start()] + turtle[found[0].end() :] if len(found) == 1 else None


def _at(turtle: str, place: int, lines: Iterable[str], newline: str) -> str:
    """Lines as they stand at a place of a text: behind a line's end, each with one of its own."""
    before = "" if place == 0 or turtle[:place].endswith("\n") or turtle[:place] == "\ufeff" else newline
    return before + "".join(line + newline for line in lines)


def _head_end(turtle: str, blocks: Sequence[_Block]) -> int:
    """Behind the directives at the head: where further prefixes are declared."""
    end = 1 if turtle.startswith("\ufeff") else 0
    for block in blocks:
        if block.declaration is None and block.tokens[0].text.lower() not in ("@base", "base", "@version", "version"):
            break
        end = _line_end(turtle, blocks, block)
    return end


def _place(turtle: str, blocks: Sequence[_Block], subject: str, head: int) -> int:
    """Below the last block of a subject; at the end of the text where there is none."""
    scope: dict[str, str] = {}
    place = max(head, len(turtle))
    for block in blocks:
        if found := block.declaration:
            scope[found[0]] = found[1]
        elif _named(block.tokens[0], scope) == subject and block.tokens[-1].text.endswith("."):
            place = _line_end(turtle, blocks, block)
    return max(head, place)


def _named(token: Token, scope: Mapping[str, str]) -> str | None:
    """The IRI that a token names, as far as it is written without escapes."""
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return scope[f"{prefix}:"] + local if token.kind == "name" and f"{prefix}:" in scope else None


def _line_end(turtle: str, blocks: Sequence[_Block], block: _Block) -> int:
    """Behind the line on which a block ends, or behind the block where another one begins on this line."""
    end = turtle.find("\n", block.end)
    end = len(turtle) if end < 0 else end + 1
    return block.end if any(block.end <= other.start < end for other in blocks) else end


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
