"""Node objects of small documents: what those with the same properties and kinds of values have in common is kept.

A node is written once with marks for its names and texts, and every other one like it by filling these in.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from ..errors import CannotCarry
from ..namespaces import RDF
from .jsonld_terms import ContextTerms
from .templates import Templates
from .tokens import iri_token

__all__ = ["NodeTemplates"]

_TYPE = iri_token(RDF.type)
_QUOTE = ord('"')
_MOST_NAMES = 100_000
_MARK = f"mark{uuid4().hex}".encode()
_MARKS = re.compile(rb'"%b:n([0-9]+)"|"%b:t([0-9]+);' % (_MARK, _MARK))

#: Predicates and objects of a subject.
_Pairs = Sequence[tuple[bytes, bytes]]


class _Template(NamedTuple):
    """The text of a node object between its values, and the bits of what that mentions.

    A value is told by its number, whether it is a text, and whether it is named as a term of the vocabulary.
    """

    start: bytes
    values: tuple[tuple[int, bool, bool, bytes], ...]  #: each with the text after it
    mentioned: int


class _Mentions(dict[bytes, tuple[bytes, int]]):
    """Token of an IRI or a blank node → its JSON string, and the bits of what that mentions."""

    def __init__(self, written: Callable[[bytes], bytes], bits: Callable[[bytes], int]) -> None:
        self._written, self._bits = written, bits

    def __missing__(self, token: bytes) -> tuple[bytes, int]:
        text = self._written(token)
        if len(self) > _MOST_NAMES:
            self.clear()
        found = self[token] = text, self._bits(text)
        return found


class NodeTemplates:
    """Writes node objects; each is what `node` gives for a subject and its pairs.

    `mentioned` finds in a text the names of a context that are used there, of which those in `bits` count.
    """

    def __init__(
        self,
        terms: ContextTerms,
        node: Callable[[bytes, _Pairs], bytes],
        mentioned: Callable[[bytes], list[bytes]],
        bits: Mapping[bytes, int],
    ) -> None:
        self._terms, self._node, self._mentioned, self._known = terms, node, mentioned, bits
        self._names = _Mentions(terms.names.written, self._bits)
        self._types = _Mentions(terms.type, self._bits)
        self._templates = Templates(self._template)

    def prepare(self, token: bytes) -> None:
        """Find out beforehand how an IRI is written."""
        self._names[token]

    def text(self, subject: bytes, pairs: _Pairs) -> tuple[bytes, int]:
        """The node object, and the bits of what it mentions. Raises what `node` raises."""
        kinds: list[bytes] = []
        values: list[bytes] = []
        for predicate, token in pairs:
            if token[0] == _QUOTE:
                end = token.rindex(_QUOTE)
                kinds += predicate, token[end:]
                values.append(token[:end])
            elif token[:2] == b"<<":
                return self._at_length(subject, pairs)
            else:
                kinds += predicate, b""
                values.append(token)
        template = self._templates[tuple(kinds)]
        if template is None:
            return self._at_length(subject, pairs)
        names, types = self._names, self._types
        name, mentioned = names[subject]
        mentioned |= template.mentioned
        parts = [b'{"@id": ', name, template.start]
        texts = []
        for number, is_text, as_term, after in template.values:
            value = values[number]
            if is_text:
                texts.append(value)
            else:
                value, bits = types[value] if as_term else names[value]
                mentioned |= bits
            parts += value, after
        if texts:  # a text that looks like the name of a term counts as one, wherever a quotation mark is before it
            texts.append(b"")
            if found := self._mentioned(b'" '.join(texts)):
                mentioned |= self._bits_of(found)
        return b"".join(parts), mentioned

    def _at_length(self, subject: bytes, pairs: _Pairs) -> tuple[bytes, int]:
        text = self._node(subject, pairs)
        return text, self._bits(text)

    def _bits(self, text: bytes) -> int:
        """What a text mentions."""
        return self._bits_of(self._mentioned(text))

    def _bits_of(self, names: list[bytes]) -> int:
        bits = 0
        for name in names:
            bits |= self._known.get(name, 0)
        return bits

    def _template(self, key: tuple[bytes, ...]) -> _Template | None:
        """The template for predicates and kinds of values, in turn; None where `node` is to be asked each time."""
        kinds = list(zip(key[::2], key[1::2], strict=True))
        name, text = b"<%b:n%%d>" % _MARK, b'"%b:t%%d;' % _MARK
        pairs = [
            (predicate, text % number + kind if kind else name % number)
            for number, (predicate, kind) in enumerate(kinds)
        ]
        try:
            whole = self._node(name % len(kinds), pairs)
        except CannotCarry:  # who writes it with its values says which
            return None
        marks = list(_MARKS.finditer(whole))
        start = b'{"@id": "%b:n%d"' % (_MARK, len(kinds))
        if len(marks) != len(kinds) + 1 or not whole.startswith(start):
            return None
        ends = [*(mark.start() for mark in marks[1:]), len(whole)]
        texts = [whole[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
        values = []
        for mark, after in zip(marks[1:], texts[1:], strict=True):
            number = int(mark[1] or mark[2])
            predicate, kind = kinds[number]
            if bool(kind) != bool(mark[2]):
                return None
            as_term = not kind and (predicate == _TYPE or self._terms.places[predicate, b""].terms)
            values.append((number, bool(kind), as_term, after))
        if {number for number, *_ in values} != set(range(len(kinds))):
            return None
        return _Template(texts[0], tuple(values), self._bits(_MARKS.sub(b'"', whole)))
