"""Compact JSON-LD (https://www.w3.org/TR/json-ld11/), written straight from sorted lines.

A dataset in its middle form is already grouped by subject, and the body of a canonical literal is the body of
a JSON string, so neither a graph nor the compaction algorithm is needed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import CannotCarry
from ..namespaces import RDF
from .jsonld_compaction import DELIMITERS, compacted, is_ordinary
from .jsonld_descriptions import NodeTemplates
from .jsonld_escapes import script_safe
from .jsonld_terms import (
    NOWHERE,
    ContextTerms,
    MemberPlace,
    Mistakable,
    UniformContext,
    usable_prefixes,
    without_name,
)
from .lines import blocks, split
from .tokens import iri_token

__all__ = ["Compaction", "jsonld_may_refuse", "jsonld_refusals", "node_object", "write_jsonld"]

_TYPE = iri_token(RDF.type)
_QUOTE = ord('"')

#: What could be a name of the context: the start of a string up to its end or its first colon.
_MENTIONED = re.compile(rb'"([^"\\:]+)(?=[":])')

_TRIPLE_TERM = "JSON-LD has no syntax for triple terms"
_DIRECTION = "base directions are lost on the way back from JSON-LD"
_MOST_HEADS = 10_000  #: of documents, that are remembered
_Parts = tuple[bytes, bytes, bytes, bytes]


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
        out.write(_document_of(compacted(lines, context, contexts)))
        return
    usable = usable_prefixes(prefixes)
    while True:
        terms = ContextTerms({} if context is not None else usable, context)
        try:
            body = list(blocks(_graphs(lines, terms)))
            break
        except Mistakable as caught:
            mistakable = str(caught)
        if isinstance(context, UniformContext) and mistakable in context:
            context = without_name(context, mistakable)
        elif context is not None:  # the algorithm may find other names, or say what is wrong
            out.write(_document_of(compacted(lines, context, contexts)))
            return
        else:
            del usable[mistakable]
    if context is None:
        context = {"@version": 1.1} | {name: _prefix(prefixes[name]) for name in sorted(terms.names.used)}
    out.write(b'{"@context": ' + script_safe(json.dumps(context, ensure_ascii=False).encode()) + b',\n"@graph": [')
    out.writelines(map(script_safe, body))
    out.write(b"\n]}\n")


def _document_of(value: Any) -> bytes:
    return script_safe(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def jsonld_may_refuse(data: bytes) -> bool:
    """Whether `jsonld_refusals` may have something for the lines that a text is made of."""
    return b"<<(" in data or b"--" in data


def jsonld_refusals(lines: Sequence[bytes]) -> Iterator[CannotCarry]:
    """What is wrong with each of the triples that JSON-LD has no way to write, whatever the context."""
    for line in lines:
        if b"<<(" in line or b"--" in line:
            subject, predicate, token, _ = split(line)
            if token[:2] == b"<<":
                yield _cannot(subject, predicate, token, _TRIPLE_TERM)
            elif token[0] == _QUOTE and re.search(rb'"@[^"]*--[^"]*\Z', token):
                yield _cannot(subject, predicate, token, _DIRECTION)


def node_object(subject: bytes, lines: Iterable[bytes], terms: ContextTerms) -> dict[str, Any]:
    """What sorted lines of triples say of a subject, as a node object by the terms of a context; nothing is nested."""
    node: dict[str, Any] = json.loads(_node(subject, map(split, lines), terms))
    return node


class Compaction:
    """A context that many small documents are written with: what it means is found out once.

    Each document gets the part of the context that it uses.
    """

    def __init__(self, prefixes: Mapping[str, str], context: Any) -> None:
        self._prefixes, self._context = prefixes, context
        self._ordinary = context is None or is_ordinary(context)
        if not self._ordinary:
            return
        usable = usable_prefixes(prefixes)
        if context is None:
            context = {"@version": 1.1} | {name: _prefix(namespace) for name, namespace in sorted(usable.items())}
        self._terms = ContextTerms(usable if self._context is None else {}, self._context)
        written = {name.encode(): json.dumps(value, ensure_ascii=False).encode() for name, value in context.items()}
        self._members = {name: json.dumps(name.decode()).encode() + b": " + text for name, text in written.items()}
        self._always = frozenset(name for name in written if name.startswith(b"@"))
        self._needs = {name: self._closure(name, written) for name in written}
        # a search for the names that there are takes a third of one for all that could be names
        names = b"|".join(re.escape(name) for name in sorted(written) if not re.search(rb'["\\:]', name))
        self._mentioned = re.compile(rb'"(' + names + rb')(?=[":])').findall if names else _MENTIONED.findall
        self._heads: dict[int, bytes] = {}
        self._bits = {name: 1 << place for place, name in enumerate(self._needs)}
        self._nodes = NodeTemplates(
            self._terms,
            lambda subject, pairs: _node(subject, [(subject, *pair, b"") for pair in pairs], self._terms),
            self._mentioned,
            self._bits,
        )

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
                out.write(_document_of(compacted(lines, self._context)))
            except CannotCarry:
                write_jsonld(lines, out, self._prefixes, None)
            return
        try:
            body = b"".join(_graphs(lines, self._terms))
        except Mistakable:
            write_jsonld(lines, out, self._prefixes, None)
            return
        out.write(self._document(body))

    def description(self, groups: Iterable[tuple[bytes, Sequence[tuple[bytes, bytes]]]]) -> bytes | None:
        """What `write` gives for subjects in order, each with its predicates and objects.

        None where that takes more than the terms of the context.
        """
        if not self._ordinary:
            return None
        terms = self._terms
        try:
            if terms.uniform or terms.reverse:
                parts = ((subject, *pair, b"") for subject, pairs in groups for pair in pairs)
                body = b",\n".join(_nodes(parts, terms))
                return self._document(body and b"\n" + body)
            nodes = [self._nodes.text(subject, pairs) for subject, pairs in groups]
        except Mistakable:
            return None
        mentioned = 0
        for _, bits in nodes:
            mentioned |= bits
        body = b",\n".join([text for text, _ in nodes])
        return script_safe(self._head(mentioned) + (body and b"\n" + body) + b"\n]}\n")

    def prepare(self, token: bytes) -> None:
        """Find out beforehand how an IRI is written, for `description`."""
        if self._ordinary:
            with suppress(Mistakable):  # whoever asks for a document that has it is told
                self._nodes.prepare(token)

    def _document(self, body: bytes) -> bytes:
        """A document with what it uses of the context."""
        mentioned = 0
        for name in set(self._mentioned(body)):
            mentioned |= self._bits.get(name, 0)
        return script_safe(self._head(mentioned) + body + b"\n]}\n")

    def _head(self, mentioned: int) -> bytes:
        """The beginning of a document that mentions names of the context, each told by a bit."""
        head = self._heads.get(mentioned)
        if head is None:
            used = self._always.union(*[self._needs[name] for name, bit in self._bits.items() if mentioned & bit])
            members = b", ".join(text for name, text in self._members.items() if name in used)
            if len(self._heads) > _MOST_HEADS:
                self._heads.clear()
            head = self._heads[mentioned] = b'{"@context": {' + members + b'},\n"@graph": ['
        return head


def _prefix(namespace: str) -> Any:
    return namespace if namespace.endswith(DELIMITERS) else {"@id": namespace, "@prefix": True}


def _graphs(lines: list[bytes], terms: ContextTerms) -> Iterator[bytes]:
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


def _nodes(parts: Iterable[_Parts], terms: ContextTerms) -> Iterator[bytes]:
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


def _node(subject: bytes, parts: Iterable[_Parts], terms: ContextTerms) -> bytes:
    """A node object; its members in the order of the lines."""
    if terms.uniform:
        return _uniform_node(subject, parts, terms)
    members: dict[bytes, tuple[bool, list[bytes]]] = {}
    maps: dict[bytes, dict[bytes, list[bytes]]] = {}
    names, places = terms.names, terms.places
    types: list[bytes] = []
    for _, predicate, token, _ in parts:
        if token[0] == _QUOTE:
            end = token.rindex(_QUOTE)
            kind = token[end:]
            name, before, after, tag, array, _ = places[predicate, kind]
            if before is NOWHERE:
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
        text += [b', "@type": ', _one_or_many(types, terms.arrays)]
    for name, (array, values) in members.items():
        text += (b", ", name, b": ", values[0] if len(values) == 1 and not array else _one_or_many(values, array))
    for name, by_tag in maps.items():
        tags = (tag + b": " + _one_or_many(values) for tag, values in by_tag.items())
        text += [b", ", name, b": {", b", ".join(tags), b"}"]
    text.append(b"}")
    return b"".join(text)


def _uniform_node(subject: bytes, parts: Iterable[_Parts], terms: ContextTerms) -> bytes:
    """A node object whose members have the shapes that a `UniformContext` gives them."""
    types: list[bytes] = []
    singles: dict[tuple[bytes, bytes], list[tuple[bytes, bytes, bytes]]] = {}
    members = _UniformMembers(terms)
    for _, predicate, token, _ in parts:
        kind = b""
        if token[0] == _QUOTE:
            kind = token[token.rindex(_QUOTE) :]
        elif token[:2] == b"<<":
            raise _cannot(subject, predicate, token, _TRIPLE_TERM)
        elif predicate == _TYPE:
            types.append(terms.type(token))
            continue
        place = terms.places[predicate, kind]
        if place.before is NOWHERE:
            raise _cannot(subject, predicate, token, _DIRECTION)
        if place.array:
            members.put(place, token, kind)
        else:
            singles.setdefault((place.name, place.tag), []).append((predicate, token, kind))
    for values in singles.values():
        for predicate, token, kind in values:
            members.put(
                terms.places[predicate, kind] if len(values) == 1 else terms.plain(predicate, kind), token, kind
            )
    head = [b'{"@id": ', terms.names[subject]]
    if types:
        head += [b', "@type": ', _one_or_many(types, array=True)]
    return b"".join([*head, *members.text(), b"}"])


class _UniformMembers:
    """The members of a node object, by the places that their values have."""

    def __init__(self, terms: ContextTerms) -> None:
        self._terms = terms
        self._values: dict[bytes, tuple[bool, list[bytes]]] = {}
        self._maps: dict[bytes, dict[bytes, tuple[bool, list[bytes]]]] = {}

    def put(self, place: MemberPlace, token: bytes, kind: bytes) -> None:
        """Add a value, a literal of a kind or a node."""
        if kind:
            value = place.before + token[: token.rindex(_QUOTE)] + place.after
        else:
            value = place.before + (self._terms.type(token) if place.terms else self._terms.names[token]) + place.after
        values = self._maps.setdefault(place.name, {}) if place.tag else self._values
        values.setdefault(place.tag or place.name, (place.array, []))[1].append(value)

    def text(self) -> list[bytes]:
        """Each member behind a comma, in the order of the terms."""
        texts = {name: _one_or_many(values, array) for name, (array, values) in self._values.items()}
        for name, by_tag in self._maps.items():
            tags = (tag + b": " + _one_or_many(values, array) for tag, (array, values) in by_tag.items())
            texts[name] = b"{" + b", ".join(tags) + b"}"
        ranks = self._terms.ranks
        return [
            b", " + name + b": " + texts[name] for name in sorted(texts, key=lambda one: ranks.get(one, len(ranks)))
        ]


def _one_or_many(values: list[bytes], array: bool = False) -> bytes:
    return values[0] if len(values) == 1 and not array else b"[" + b", ".join(values) + b"]"


def _cannot(subject: bytes, predicate: bytes, token: bytes, why: str) -> CannotCarry:
    text = b" ".join((subject, predicate, token)).decode()
    return CannotCarry(
        f"JSON-LD cannot carry this triple: {why}.",
        excerpt=text if len(text) <= 300 else text[:300] + "…",
        advice="Choose another format: ttl, nt, nq or trig.",
    )
