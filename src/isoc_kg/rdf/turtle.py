"""Turtle and TriG (https://www.w3.org/TR/rdf12-turtle/), written straight from sorted lines.

The lines are grouped by subject already and a canonical literal is a Turtle literal, so that the writing is
mostly leaving out.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import BinaryIO

from ..namespaces import RDF
from .lines import split
from .prefixed_names import TURTLE_LOCAL, ShortNames
from .tokens import iri_token

__all__ = ["statements", "write_trig", "write_turtle"]

_TYPE = iri_token(RDF.type)
_QUOTE = ord('"')
_MOST_PARTS = 20_000  # pieces of text kept apart; millions of them would take several times their size


def write_turtle(lines: Iterable[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the union of all graphs, with the prefixes that are used at the top."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    body = list(statements(lines, names))
    out.write(_head(names, prefixes))
    out.writelines(body)


def write_trig(lines: list[bytes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the default graph, then each named graph in a block of its own."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    body: list[bytes] = []
    for graph, members in groupby(sorted(lines, key=_graph), key=_graph):
        block = statements(members, names)
        body += [b"\n", names[graph], b" {", *block, b"}\n"] if graph else block
    out.write(_head(names, prefixes))
    out.writelines(body)


def _graph(line: bytes) -> bytes:
    return split(line)[3]


def _head(names: ShortNames, prefixes: Mapping[str, str]) -> bytes:
    return "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(names.used)).encode()


def statements(lines: Iterable[bytes], names: ShortNames) -> Iterator[bytes]:
    """The text of the triples in the order of the lines, in large pieces."""
    parts: list[bytes] = []
    last_subject = last_predicate = last_object = verb = b""
    for line in lines:
        if line.count(b" ") == 3:  # an IRI or a blank node as object, or a text of one word
            subject, predicate, object_, _ = line.split(b" ")
        else:
            subject, predicate, object_, _ = split(line)
        if subject != last_subject:
            before = (b" .\n\n" if last_subject else b"\n") + names[subject]
            last_subject, last_predicate = subject, b""
            if len(parts) > _MOST_PARTS:
                yield b"".join(parts)
                parts.clear()
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
            parts.append(b", " + text)
        else:
            last_predicate = predicate
            verb = b" a " if predicate == _TYPE else b" " + names[predicate] + b" "
            parts.append(before + verb + text)
    if last_subject:
        parts.append(b" .\n")
    yield b"".join(parts)


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
