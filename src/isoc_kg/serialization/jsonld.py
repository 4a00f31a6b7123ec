"""Compact JSON-LD (https://www.w3.org/TR/json-ld11/), written straight from sorted lines.

A dataset in its middle form is already grouped by subject, and the body of a canonical literal is the body of
a JSON string, so neither a graph nor the compaction algorithm is needed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, BinaryIO

from ..errors import CannotCarry
from ..namespaces import RDF, XSD
from .lines import split, string_body

__all__ = ["write_jsonld"]

_TYPE = f"<{RDF.type}>".encode()
#: `schema:name` is read as a compact IRI only when what follows the colon does not begin with `//`.
_SCHEME = re.compile(rb"<([A-Za-z][A-Za-z0-9+.\-]*):(?!//)")
_SAFE_LOCAL = re.compile(r"(?!//)[^\s\"\\<>]*")


class _Terms:
    """How a context names things, and what it coerces values to."""

    def __init__(self, prefixes: Mapping[str, str], context: Mapping[str, Any] | None) -> None:
        self.prefixes = dict(prefixes)
        self.definitions: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        self.classes: dict[str, str] = {}
        self.reverse: dict[str, str] = {}
        self.names: set[str] = set()
        for name, value in (context or {}).items():
            if not name.startswith("@"):
                self.define(name, value if isinstance(value, dict) else {"@id": value})
        self.cache: dict[bytes, str] = {}

    def define(self, name: str, value: Mapping[str, Any]) -> None:
        self.names.add(name)
        if "@reverse" in value:
            self.reverse[self.expand(value["@reverse"])] = name
            return
        iri = self.expand(value.get("@id", name))
        if iri.endswith(("/", "#")):
            self.prefixes[name] = iri
        else:
            self.definitions.setdefault(iri, []).append((name, value))
            self.classes.setdefault(iri, name)

    def expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes and not local.startswith("//") else name

    def compact(self, iri: str) -> str:
        """A compact IRI that expands to this one, or the IRI itself."""
        best = ""
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(namespace) > len(self.prefixes.get(best, "")):
                best = prefix
        if best:
            name = f"{best}:{iri[len(self.prefixes[best]) :]}"
            if _SAFE_LOCAL.fullmatch(name[len(best) + 1 :]) and name not in self.names:
                return name
        return iri

    def node(self, token: bytes) -> str:
        """The JSON string that names a node in `@id`."""
        found = self.cache.get(token)
        if found is None:
            text = self.compact(token[1:-1].decode()) if token.startswith(b"<") else token.decode()
            found = self.cache[token] = json.dumps(text, ensure_ascii=False)
            if len(self.cache) > 200_000:
                self.cache.clear()
        return found

    def type(self, token: bytes) -> str:
        """The JSON string that names a class or datatype, where terms may be used."""
        if token.startswith(b"<") and (name := self.classes.get(token[1:-1].decode())):
            return json.dumps(name)
        return self.node(token)


def write_jsonld(
    lines: list[bytes], out: BinaryIO, prefixes: Mapping[str, str], context: Mapping[str, Any] | None
) -> None:
    """Write the middle form as one JSON-LD document with its context inline."""
    schemes = {match.decode() for line in lines for match in _SCHEME.findall(line)}
    if context is None:
        prefixes = {name: iri for name, iri in prefixes.items() if name not in schemes}
        used = _used(lines, prefixes)
        terms = _Terms(used, None)
        shown: Mapping[str, Any] = {"@version": 1.1} | used
    else:
        terms, shown = _Terms({}, context), context
        clash = schemes & (terms.names | set(terms.prefixes))
        if clash:
            raise CannotCarry(
                f"an IRI of the scheme “{sorted(clash)[0]}:” would be read as a term of the JSON-LD context.",
                advice="Export without the project's context, or choose another format.",
            )
    out.write(b'{"@context": ' + json.dumps(shown, ensure_ascii=False).encode() + b',\n"@graph": [')
    # default graph first, then each named graph as a node that holds its own
    by_graph: dict[bytes, list[bytes]] = {}
    for line in lines:
        by_graph.setdefault(split(line)[3], []).append(line)
    separator = b"\n"
    for graph in sorted(by_graph):
        if graph:
            out.write(separator + f'{{"@id": {terms.node(graph)}, "@graph": ['.encode())
            separator = b"\n"
        for text in _nodes(by_graph[graph], terms):
            out.write(separator + text.encode())
            separator = b",\n"
        if graph:
            out.write(b"\n]}")
            separator = b",\n"
    out.write(b"\n]}\n")


def _used(lines: list[bytes], prefixes: Mapping[str, str]) -> dict[str, str]:
    left = {name: b"<" + iri.encode() for name, iri in prefixes.items()}
    used: list[str] = []
    for start in range(0, len(lines), 10_000):
        text = b"".join(lines[start : start + 10_000])
        found = [name for name, mark in left.items() if mark in text]
        used += found
        for name in found:
            del left[name]
    return {name: prefixes[name] for name in sorted(used)}


def _nodes(lines: list[bytes], terms: _Terms) -> Iterator[str]:
    """The node objects of one graph; with a reverse term, a node stands inside the one that it points to."""
    inside: dict[bytes, list[str]] = {}
    reverse = {f"<{iri}>".encode(): name for iri, name in terms.reverse.items()}
    groups = groupby(lines, key=lambda line: line[: line.index(b" ")])
    if not reverse:
        for subject, group in groups:
            yield "{" + ", ".join(_members(subject, [split(line) for line in group], terms)) + "}"
        return
    (pointer, name), *_ = reverse.items()
    subjects = {line[: line.index(b" ")] for line in lines}
    outer: list[tuple[bytes, list[tuple[bytes, bytes, bytes, bytes]]]] = []
    for subject, group in groups:
        parts = [split(line) for line in group]
        targets = [part[2] for part in parts if part[1] == pointer]
        # only a node with one target, which is itself described and not the node, can stand inside it
        if (
            len(targets) == 1
            and targets[0] in subjects
            and targets[0] != subject
            and not targets[0].startswith((b'"', b"<<"))
        ):
            rest = [part for part in parts if part[1] != pointer]
            inside.setdefault(targets[0], []).append("{" + ", ".join(_members(subject, rest, terms)) + "}")
        else:
            outer.append((subject, parts))
    for subject, parts in outer:
        members = list(_members(subject, parts, terms))
        if claims := inside.pop(subject, None):
            members.append(f"{json.dumps(name)}: [\n  " + ",\n  ".join(claims) + "]")
        yield "{" + ", ".join(members) + "}"
    for subject, claims in inside.items():  # targets that themselves stand inside another node
        yield f'{{"@id": {terms.node(subject)}, {json.dumps(name)}: [\n  ' + ",\n  ".join(claims) + "]}"


def _members(subject: bytes, parts: list[tuple[bytes, bytes, bytes, bytes]], terms: _Terms) -> Iterator[str]:
    yield f'"@id": {terms.node(subject)}'
    for predicate, group in groupby(parts, key=lambda part: part[1]):
        objects = [part[2] for part in group]
        if predicate == _TYPE and all(token[:1] in (b"<", b"_") and token[:2] != b"<<" for token in objects):
            yield f'"@type": {_one_or_many([terms.type(token) for token in objects])}'
        else:
            yield from _property(predicate[1:-1].decode(), objects, terms)


def _one_or_many(values: list[str], always: bool = False) -> str:
    return values[0] if len(values) == 1 and not always else "[" + ", ".join(values) + "]"


def _property(iri: str, tokens: list[bytes], terms: _Terms) -> Iterator[str]:
    """The members that hold a property's values: one for each term whose coercion fits some of them."""
    values: dict[str, list[str]] = {}
    maps: dict[str, dict[str, list[str]]] = {}
    always: set[str] = set()
    for token in tokens:
        if token.startswith(b"<<"):
            raise CannotCarry("JSON-LD has no syntax for triple terms.", excerpt=token.decode()[:300])
        kind, tag = _kind(token)
        for name, definition in terms.definitions.get(iri, ()):
            containers = definition.get("@container", [])
            containers = [containers] if isinstance(containers, str) else containers
            coerced = definition.get("@type")
            if "@language" in containers:
                if kind == "language":
                    maps.setdefault(name, {}).setdefault(tag, []).append(_text(token))
                    break
                continue
            value = None
            if coerced in ("@id", "@vocab"):
                value = (terms.node(token) if coerced == "@id" else terms.type(token)) if kind == "node" else None
            elif coerced is not None:
                value = _text(token) if kind == "typed" and terms.expand(coerced) == tag else None
            elif "@language" in definition and definition["@language"]:
                value = _text(token) if kind == "language" and definition["@language"] == tag else None
            else:
                value = _value(token, kind, tag, terms)
            if value is not None:
                values.setdefault(name, []).append(value)
                if "@set" in containers:
                    always.add(name)
                break
        else:
            values.setdefault(terms.compact(iri), []).append(_value(token, kind, tag, terms))
    for name, by_language in maps.items():
        inner = ", ".join(f"{json.dumps(tag)}: {_one_or_many(texts)}" for tag, texts in by_language.items())
        yield f"{json.dumps(name, ensure_ascii=False)}: {{{inner}}}"
    for name, items in values.items():
        yield f"{json.dumps(name, ensure_ascii=False)}: {_one_or_many(items, name in always)}"


def _kind(token: bytes) -> tuple[str, str]:
    """What an object is: a node, a plain text, a text in a language, or a typed value; with its tag or type."""
    if not token.startswith(b'"'):
        return "node", ""
    tail = token[token.rindex(b'"') + 1 :].decode()
    if not tail:
        return "plain", ""
    if tail.startswith("@"):
        if "--" in tail:
            raise CannotCarry("JSON-LD carries no base direction faithfully.", excerpt=token.decode()[:300])
        return "language", tail[1:]
    return "typed", tail[3:-1]


def _text(token: bytes) -> str:
    return '"' + string_body(token).decode() + '"'


def _value(token: bytes, kind: str, tag: str, terms: _Terms) -> str:
    """A value with nothing left to a term's coercion."""
    if kind == "node":
        return f'{{"@id": {terms.node(token)}}}'
    if kind == "plain":
        return _text(token)
    if kind == "language":
        return f'{{"@language": {json.dumps(tag)}, "@value": {_text(token)}}}'
    if tag == XSD.string:
        return _text(token)
    return f'{{"@type": {terms.type(b"<" + tag.encode() + b">")}, "@value": {_text(token)}}}'
