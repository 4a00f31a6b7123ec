"""Compact JSON-LD (https://www.w3.org/TR/json-ld11/), written straight from sorted lines.

A dataset in its middle form is already grouped by subject, and the body of a canonical literal is the body of
a JSON string, so neither a graph nor the compaction algorithm is needed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..errors import CannotCarry
from ..namespaces import RDF
from .jsonld_compaction import DELIMITERS, compacted, is_ordinary
from .lines import blocks, split
from .prefixed_names import JSONLD_LOCAL, ShortNames
from .tokens import iri_token

__all__ = ["Compaction", "jsonld_refusals", "write_jsonld"]

_TYPE = iri_token(RDF.type)
_QUOTE = ord('"')
_TERM = re.compile(r"[A-Za-z][\w.-]*")

#: What could be a name of the context: the start of a string up to its end or its first colon.
_MENTIONED = re.compile(rb'"([^"\\:]+)(?=[":])')

_TRIPLE_TERM = "JSON-LD has no syntax for triple terms"
_DIRECTION = "base directions are lost on the way back from JSON-LD"
_NOWHERE = b"nowhere"
_Parts = tuple[bytes, bytes, bytes, bytes]


class _Place(NamedTuple):
    """Where a value of some kind goes, and what it is enclosed in there."""

    name: bytes  #: the member, as a JSON string
    before: bytes
    after: bytes
    tag: bytes  #: the key in a language map, when the member is one
    array: bool  #: written as an array even when there is one value
    terms: bool  #: a node that is written as a term of the vocabulary


class _Names(ShortNames):
    """IRIs as JSON strings; says so when one would be read as a compact IRI that it is not."""

    def __init__(self, prefixes: Mapping[str, str], reserved: Iterable[str]) -> None:
        super().__init__(prefixes, JSONLD_LOCAL, quote=b'"', whole=(b'"', b'"'))
        self.reserved = {f'"{name}"'.encode() for name in reserved}
        taken = {re.escape(name.encode()) for name in {*prefixes, *reserved} if ":" not in name}
        self.mistakable = re.compile(rb'"(' + b"|".join(sorted(taken)) + rb"):(?!//)").match if taken else None

    def __missing__(self, token: bytes) -> bytes:
        result = super().__missing__(token)
        if not token.startswith(b"<"):
            return result
        plain = b'"' + token[1:-1] + b'"'
        if result != plain and result in self.reserved:
            result = self[token] = plain
        if result == plain:
            if self.mistakable and (found := self.mistakable(plain)):
                raise _Mistakable(found[1].decode())
            if plain in self.reserved:
                raise _Mistakable(token[1:-1].decode())
        return result


class _Mistakable(Exception):
    """An IRI whose scheme is a name of the context."""


class _Terms:
    """How a context names things, and what it coerces values to."""

    def __init__(self, prefixes: Mapping[str, str], context: Mapping[str, Any] | None) -> None:
        self.prefixes = dict(prefixes)
        self.definitions: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        self.classes: dict[bytes, bytes] = {}
        self.reverse: dict[bytes, bytes] = {}
        defined = {key: value for key, value in (context or {}).items() if not key.startswith("@")}
        for name, value in defined.items():  # prefixes first: terms are defined by them
            if isinstance(value, str) and value.endswith(DELIMITERS):
                self.prefixes[name] = value
        for name, value in defined.items():
            if name not in self.prefixes:
                self._define(name, value if isinstance(value, dict) else {"@id": value})
        self.names = _Names(self.prefixes, set(defined) - set(self.prefixes))
        self.places = _Places(self)

    def _define(self, name: str, value: Mapping[str, Any]) -> None:
        if "@reverse" in value:
            self.reverse[iri_token(self._expand(value["@reverse"]))] = json.dumps(name).encode()
            return
        iri = self._expand(value.get("@id") or name)
        self.definitions.setdefault(iri, []).append((name, value))
        self.classes.setdefault(iri_token(iri), json.dumps(name, ensure_ascii=False).encode())

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes and not local.startswith("//") else name

    def type(self, token: bytes) -> bytes:
        """The JSON string that names a class or datatype, where terms may be used."""
        return self.classes.get(token) or self.names[token]

    def place(self, predicate: bytes, kind: bytes) -> _Place:
        """The place of a property's values of a kind: a literal's tail (`"@en`), or nothing for nodes."""
        iri = predicate[1:-1].decode()
        language = kind[2:] if kind.startswith(b'"@') else b""
        if b"--" in language:
            return _Place(b"", _NOWHERE, b"", b"", False, False)
        datatype = kind[3:] if kind.startswith(b'"^^') else b""
        for name, value in self.definitions.get(iri, ()):
            member = json.dumps(name, ensure_ascii=False).encode()
            containers = value.get("@container", [])
            containers = {containers} if isinstance(containers, str) else set(containers)
            array = "@set" in containers
            coerced = value.get("@type")
            if "@language" in containers:
                if language:
                    return _Place(member, b"", b'"', b'"' + language + b'"', array, False)
            elif containers - {"@set"}:
                continue  # lists, indexes and the like are never written
            elif coerced in ("@id", "@vocab"):
                if not kind:
                    return _Place(member, b"", b"", b"", array, coerced == "@vocab")
            elif coerced is not None:
                if datatype and iri_token(self._expand(coerced)) == datatype:
                    return _Place(member, b"", b'"', b"", array, False)
            elif value.get("@language"):
                if language == value["@language"].encode():
                    return _Place(member, b"", b'"', b"", array, False)
            else:
                return self._plain(member, kind, language, datatype, array)
        return self._plain(self.names[predicate], kind, language, datatype, False)

    def _plain(self, member: bytes, kind: bytes, language: bytes, datatype: bytes, array: bool) -> _Place:
        """A place that leaves nothing to a term's coercion."""
        if not kind:
            return _Place(member, b'{"@id": ', b"}", b"", array, False)
        if language:
            return _Place(member, b'{"@language": "' + language + b'", "@value": ', b'"}', b"", array, False)
        if datatype:
            return _Place(member, b'{"@type": ' + self.type(datatype) + b', "@value": ', b'"}', b"", array, False)
        return _Place(member, b"", b'"', b"", array, False)


class _Places(dict[tuple[bytes, bytes], _Place]):
    """Property and kind of value → place, found out once."""

    def __init__(self, terms: _Terms) -> None:
        self.terms = terms

    def __missing__(self, key: tuple[bytes, bytes]) -> _Place:
        found = self[key] = self.terms.place(*key)
        return found


def write_jsonld(
    lines: list[bytes],
    out: BinaryIO,
    prefixes: Mapping[str, str],
    context: Any,
    contexts: Mapping[str, Path] | None = None,
) -> None:
    """Write the middle form as one JSON-LD document with its context, whose remote parts are named as they are.

    A context of any kind may be given (`@context` of https://www.w3.org/TR/json-ld11/#context-definitions): an array,
    an object, or the address of one, of which `contexts` has a copy. Raises `CannotCarry` for triple terms and base
    directions, for an IRI whose scheme is a term of the context, for a context that is not valid or refers to a
    document without a copy, and for a triple that the context would change on the way back, before anything is written.
    """
    if context is not None and not is_ordinary(context):
        out.write(json.dumps(compacted(lines, context, contexts), ensure_ascii=False).encode() + b"\n")
        return
    usable = _usable(prefixes)
    while True:
        terms = _Terms({} if context is not None else usable, context)
        try:
            body = list(blocks(_graphs(lines, terms)))
            break
        except _Mistakable as mistakable:
            if context is not None:  # the algorithm may find other names, or say what is wrong
                out.write(json.dumps(compacted(lines, context, contexts), ensure_ascii=False).encode() + b"\n")
                return
            del usable[str(mistakable)]
    if context is None:
        context = {"@version": 1.1} | {name: _prefix(prefixes[name]) for name in sorted(terms.names.used)}
    out.write(b'{"@context": ' + json.dumps(context, ensure_ascii=False).encode() + b',\n"@graph": [')
    out.writelines(body)
    out.write(b"\n]}\n")


def jsonld_refusals(lines: Sequence[bytes]) -> Iterator[CannotCarry]:
    """What is wrong with each of the triples that JSON-LD has no way to write, whatever the context."""
    for line in lines:
        if b"<<(" in line or b"--" in line:
            subject, predicate, token, _ = split(line)
            if token[:2] == b"<<":
                yield _cannot(subject, predicate, token, _TRIPLE_TERM)
            elif token[0] == _QUOTE and re.search(rb'"@[^"]*--[^"]*\Z', token):
                yield _cannot(subject, predicate, token, _DIRECTION)


class Compaction:
    """A context that many small documents are written with: what it means is found out once.

    Each document gets the part of the context that it uses.
    """

    def __init__(self, prefixes: Mapping[str, str], context: Any) -> None:
        self._prefixes, self._context = prefixes, context
        self._ordinary = context is None or is_ordinary(context)
        if not self._ordinary:
            return
        usable = _usable(prefixes)
        if context is None:
            context = {"@version": 1.1} | {name: _prefix(namespace) for name, namespace in sorted(usable.items())}
        self._terms = _Terms(usable if self._context is None else {}, self._context)
        written = {name.encode(): json.dumps(value, ensure_ascii=False).encode() for name, value in context.items()}
        self._members = {name: json.dumps(name.decode()).encode() + b": " + text for name, text in written.items()}
        self._always = {name for name in written if name.startswith(b"@")}
        self._needs = {name: self._closure(name, written) for name in written}

    @staticmethod
    def _closure(name: bytes, written: Mapping[bytes, bytes]) -> frozenset[bytes]:
        """The name and everything that its definition is made with."""
        found, waiting = {name}, [name]
        while waiting:
            for other in _MENTIONED.findall(written[waiting.pop()]):
                if other in written and other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    def write(self, lines: list[bytes], out: BinaryIO) -> None:
        """Write the middle form as `write_jsonld` does, with no more of the context than is used.

        Where the context cannot be used as it stands, or an IRI would be read as one of its terms, prefixes alone are.
        """
        if not self._ordinary:
            try:
                out.write(json.dumps(compacted(lines, self._context), ensure_ascii=False).encode() + b"\n")
            except CannotCarry:
                write_jsonld(lines, out, self._prefixes, None)
            return
        try:
            body = b"".join(_graphs(lines, self._terms))
        except _Mistakable:
            write_jsonld(lines, out, self._prefixes, None)
            return
        used = set(self._always)
        for name in set(_MENTIONED.findall(body)) & self._needs.keys():
            used |= self._needs[name]
        members = b", ".join(text for name, text in self._members.items() if name in used)
        out.write(b'{"@context": {' + members + b'},\n"@graph": [' + body + b"\n]}\n")


def _usable(prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that JSON-LD can have; one that is also another's scheme (`urn` for `urn:x:`) would be expanded."""
    schemes = {scheme for scheme, _, rest in (iri.partition(":") for iri in prefixes.values()) if rest[:2] != "//"}
    return {name: iri for name, iri in prefixes.items() if _TERM.fullmatch(name) and name not in schemes}


def _prefix(namespace: str) -> Any:
    return namespace if namespace.endswith(DELIMITERS) else {"@id": namespace, "@prefix": True}


def _graphs(lines: list[bytes], terms: _Terms) -> Iterator[bytes]:
    """The default graph's nodes, then each named graph as a node that holds its own."""
    named: dict[bytes, list[_Parts]] = {}
    separator = b"\n"
    for text in _nodes(_default_graph(lines, named), terms):
        yield separator
        yield text
        separator = b",\n"
    for graph in sorted(named):
        yield separator + b'{"@id": ' + terms.names[graph] + b', "@graph": ['
        separator = b"\n"
        for text in _nodes(named[graph], terms):
            yield separator
            yield text
            separator = b",\n"
        yield b"\n]}"


def _default_graph(lines: list[bytes], named: dict[bytes, list[_Parts]]) -> Iterator[_Parts]:
    """The parts of the default graph's lines; those of the others are put aside into `named`."""
    for line in lines:
        if line.count(b" ") == 3:  # an IRI or a blank node as object, or a text of one word
            subject, predicate, token, _ = line.split(b" ")
            yield subject, predicate, token, b""
            continue
        parts = split(line)
        if parts[3]:
            named.setdefault(parts[3], []).append(parts)
        else:
            yield parts


def _nodes(parts: Iterable[_Parts], terms: _Terms) -> Iterator[bytes]:
    """The node objects of one graph; with a reverse term, a node stands inside the one that it points to."""
    if not terms.reverse:
        for subject, group in groupby(parts, key=itemgetter(0)):
            yield _node(subject, group, terms)
        return
    (pointer, name), *_ = terms.reverse.items()
    groups = {subject: list(group) for subject, group in groupby(parts, key=itemgetter(0))}
    inside: dict[bytes, list[bytes]] = {}
    for subject, members in groups.items():
        targets = [part[2] for part in members if part[1] == pointer]
        # only a node with one target, which is itself described and not the node, can stand inside it
        if len(targets) == 1 and targets[0] in groups and targets[0] != subject:
            inside.setdefault(targets[0], []).append(subject)
    within = {subject for subjects in inside.values() for subject in subjects}

    def reverse_member(target: bytes) -> bytes:
        claims = (_node(subject, [p for p in groups[subject] if p[1] != pointer], terms) for subject in inside[target])
        return b", " + name + b": [\n  " + b",\n  ".join(claims) + b"]}"

    for subject, members in groups.items():
        if subject not in within:
            node = _node(subject, members, terms)
            yield node[:-1] + reverse_member(subject) if subject in inside else node
        elif subject in inside:  # a target that itself stands inside another node
            yield b'{"@id": ' + terms.names[subject] + reverse_member(subject)


def _node(subject: bytes, parts: Iterable[_Parts], terms: _Terms) -> bytes:
    """A node object; its members in the order of the lines."""
    members: dict[bytes, tuple[bool, list[bytes]]] = {}
    maps: dict[bytes, dict[bytes, list[bytes]]] = {}
    names, places = terms.names, terms.places
    types: list[bytes] = []
    for _, predicate, token, _ in parts:
        if token[0] == _QUOTE:
            end = token.rindex(_QUOTE)
            kind = token[end:]
            name, before, after, tag, array, _ = places[predicate, kind]
            if before is _NOWHERE:
                raise _cannot(subject, predicate, token, _DIRECTION)
            value = before + token[:end] + after
        elif token[:2] == b"<<":
            raise _cannot(subject, predicate, token, _TRIPLE_TERM)
        elif predicate == _TYPE:
            types.append(terms.type(token))
            continue
        else:
            name, before, after, tag, array, as_term = places[predicate, b""]
            value = before + (terms.type(token) if as_term else names[token]) + after
        if tag:
            maps.setdefault(name, {}).setdefault(tag, []).append(value)
        elif name in members:
            members[name][1].append(value)
        else:
            members[name] = (array, [value])
    text = [b'{"@id": ', names[subject]]
    if types:
        text += [b', "@type": ', _one_or_many(types)]
    for name, (array, values) in members.items():
        text += (b", ", name, b": ", values[0] if len(values) == 1 and not array else _one_or_many(values, array))
    for name, by_tag in maps.items():
        tags = (tag + b": " + _one_or_many(values) for tag, values in by_tag.items())
        text += [b", ", name, b": {", b", ".join(tags), b"}"]
    text.append(b"}")
    return b"".join(text)


def _one_or_many(values: list[bytes], array: bool = False) -> bytes:
    return values[0] if len(values) == 1 and not array else b"[" + b", ".join(values) + b"]"


def _cannot(subject: bytes, predicate: bytes, token: bytes, why: str) -> CannotCarry:
    text = b" ".join((subject, predicate, token)).decode()
    return CannotCarry(
        f"JSON-LD cannot carry this triple: {why}.",
        excerpt=text if len(text) <= 300 else text[:300] + "…",
        advice="Choose another format: ttl, nt, nq or trig.",
    )
