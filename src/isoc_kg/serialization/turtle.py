"""Turtle and TriG (https://www.w3.org/TR/rdf12-turtle/), written straight from sorted lines.

The lines are grouped by subject already and a canonical literal is a Turtle literal, so that the writing is
mostly leaving out.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import BinaryIO

from ..namespaces import RDF
from .lines import blocks, split
from .names import TURTLE_LOCAL, ShortNames

__all__ = ["write_trig", "write_turtle"]

_TYPE = f"<{RDF.type}>".encode()
_QUOTE = ord('"')


def write_turtle(lines: Iterable[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the union of all graphs, with the prefixes that are used at the top."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    body = list(blocks(_statements(lines, names)))
    out.write(_head(names, prefixes))
    out.writelines(body)


def write_trig(lines: list[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the default graph, then each named graph in a block of its own."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    body: list[bytes] = []
    for graph, members in groupby(sorted(lines, key=_graph), key=_graph):
        statements = blocks(_statements(members, names))
        body += [b"\n", names[graph], b" {", *statements, b"}\n"] if graph else statements
    out.write(_head(names, prefixes))
    out.writelines(body)


def _graph(line: bytes) -> bytes:
    return split(line)[3]


def _head(names: ShortNames, prefixes: Mapping[str, str]) -> bytes:
    return "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(names.used)).encode()


def _statements(lines: Iterable[bytes], names: ShortNames) -> Iterator[bytes]:
    """One piece of text a triple, in the order of the lines."""
    last_subject = last_predicate = last_object = verb = b""
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if subject != last_subject:
            before = (b" .\n\n" if last_subject else b"\n") + names[subject]
            last_subject, last_predicate = subject, b""
        elif predicate != last_predicate:
            before = b" ;\n   "
        elif object_ != last_object:
            before = b""
        else:
            continue  # the same triple in another graph
        if object_[0] != _QUOTE:
            text = _triple_term(object_, names) if object_[:2] == b"<<" else names[object_]
        elif object_[-1] == _QUOTE:
            text = object_
        else:
            text = _literal(object_, names)
        last_object = object_
        if predicate == last_predicate:
            yield b", " + text
        else:
            last_predicate = predicate
            verb = b" a " if predicate == _TYPE else b" " + names[predicate] + b" "
            yield before + verb + text
    if last_subject:
        yield b" .\n"


def _literal(token: bytes, names: ShortNames) -> bytes:
    end = token.rindex(b'"') + 1
    return token[: end + 2] + names[token[end + 2 :]] if token[end : end + 2] == b"^^" else token


def _triple_term(token: bytes, names: ShortNames) -> bytes:
    subject, predicate, object_, _ = split(token[4:-3] + b".\n")
    if object_[0] == _QUOTE:
        text = _literal(object_, names)
    else:
        text = _triple_term(object_, names) if object_[:2] == b"<<" else names[object_]
    return b" ".join((b"<<(", names[subject], names[predicate], text, b")>>"))
