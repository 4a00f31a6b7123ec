"""The terms of a JSON-LD context: how it names things, and where each value goes that it coerces."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .jsonld_compaction import DELIMITERS
from .prefixed_names import JSONLD_LOCAL, ShortNames
from .tokens import iri_token

__all__ = ["NOWHERE", "ContextTerms", "MemberPlace", "Mistakable", "UniformContext", "usable_prefixes", "without_name"]

_TERM = re.compile(r"[A-Za-z][\w.-]*")
_NO_LANGUAGE = b'"@none"'
NOWHERE = b"nowhere"  #: in place of what a value is enclosed in: it has none


class UniformContext(dict[str, Any]):
    """A context whose members have one shape each, whatever the data.

    What is written with it has an array for each term that is a set, and one value for each that is none. Where there
    are several, or one of a kind that its term does not expect, they are an array under the property's IRI. Texts with
    and without a language share a language map. Members are in the order of the terms.
    """


class MemberPlace(NamedTuple):
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

    def written(self, token: bytes) -> bytes:
        """How a token is written. Raises `Mistakable`."""
        result = super().written(token)
        if not token.startswith(b"<"):
            return result
        plain = b'"' + token[1:-1] + b'"'
        if result != plain and result in self.reserved:
            result = plain
        if result == plain:
            if self.mistakable and (found := self.mistakable(plain)):
                raise Mistakable(found[1].decode())
            if plain in self.reserved:
                raise Mistakable(token[1:-1].decode())
        return result


class Mistakable(Exception):
    """An IRI whose scheme is a name of the context."""


class ContextTerms:
    """How a context names things, and what it coerces values to."""

    def __init__(self, prefixes: Mapping[str, str], context: Mapping[str, Any] | None) -> None:
        self.uniform = isinstance(context, UniformContext)
        #: whether members that no term defines are arrays even of one value, so that their shape is the same everywhere
        self.arrays = self.uniform or context is None
        #: member, as a JSON string → its place among those of a node object
        self.ranks = {json.dumps(name, ensure_ascii=False).encode(): rank for rank, name in enumerate(context or ())}
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

    def place(self, predicate: bytes, kind: bytes) -> MemberPlace:
        """The place of a property's values of a kind: a literal's tail (`"@en`), or nothing for nodes."""
        iri = predicate[1:-1].decode()
        language = kind[2:] if kind.startswith(b'"@') else b""
        if b"--" in language:
            return MemberPlace(b"", NOWHERE, b"", b"", False, False)
        datatype = kind[3:] if kind.startswith(b'"^^') else b""
        for name, value in self.definitions.get(iri, ()):
            member = json.dumps(name, ensure_ascii=False).encode()
            containers = value.get("@container", [])
            containers = {containers} if isinstance(containers, str) else set(containers)
            array = "@set" in containers
            coerced = value.get("@type")
            if "@language" in containers:
                if language or (self.uniform and not datatype and kind):
                    tag = b'"' + language + b'"' if language else _NO_LANGUAGE
                    return MemberPlace(member, b"", b'"', tag, array, False)
            elif containers - {"@set"}:
                continue  # lists, indexes and the like are never written
            elif coerced in ("@id", "@vocab"):
                if not kind:
                    return MemberPlace(member, b"", b"", b"", array, coerced == "@vocab")
            elif coerced is not None:
                if datatype and iri_token(self._expand(coerced)) == datatype:
                    return MemberPlace(member, b"", b'"', b"", array, False)
            elif value.get("@language"):
                if language == value["@language"].encode():
                    return MemberPlace(member, b"", b'"', b"", array, False)
            else:
                return self._plain(member, kind, language, datatype, array)
        return self._plain(self.names[predicate], kind, language, datatype, self.arrays)

    def plain(self, predicate: bytes, kind: bytes) -> MemberPlace:
        """The place, under a property's IRI, of values that its term has none for."""
        language = kind[2:] if kind.startswith(b'"@') else b""
        datatype = kind[3:] if kind.startswith(b'"^^') else b""
        return self._plain(self.names[predicate], kind, language, datatype, True)

    def _plain(self, member: bytes, kind: bytes, language: bytes, datatype: bytes, array: bool) -> MemberPlace:
        """A place that leaves nothing to a term's coercion."""
        if not kind:
            return MemberPlace(member, b'{"@id": ', b"}", b"", array, False)
        if language:
            return MemberPlace(member, b'{"@language": "' + language + b'", "@value": ', b'"}', b"", array, False)
        if datatype:
            return MemberPlace(member, b'{"@type": ' + self.type(datatype) + b', "@value": ', b'"}', b"", array, False)
        return MemberPlace(member, b"", b'"', b"", array, False)


class _Places(dict[tuple[bytes, bytes], MemberPlace]):
    """Property and kind of value → place, found out once."""

    def __init__(self, terms: ContextTerms) -> None:
        self.terms = terms

    def __missing__(self, key: tuple[bytes, bytes]) -> MemberPlace:
        found = self[key] = self.terms.place(*key)
        return found


def usable_prefixes(prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that JSON-LD can have; one that is also another's scheme (`urn` for `urn:x:`) would be expanded."""
    schemes = {scheme for scheme, _, rest in (iri.partition(":") for iri in prefixes.values()) if rest[:2] != "//"}
    return {name: iri for name, iri in prefixes.items() if _TERM.fullmatch(name) and name not in schemes}


def without_name(context: Mapping[str, Any], name: str) -> UniformContext:
    """A uniform context without a term or a prefix; what is defined with it has its IRI in full."""
    namespace = context[name]

    def whole(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: whole(one) for key, one in value.items()}
        shortened = isinstance(value, str) and value.startswith(name + ":")
        return namespace + value[len(name) + 1 :] if shortened and isinstance(namespace, str) else value

    return UniformContext({key: whole(value) for key, value in context.items() if key != name})
