"""RDF/XML of small documents: what blocks with the same properties and kinds of values have in common is kept.

The engine writes a block once with marks for its names and texts, and every other one like it is made by filling these
in. What has blank nodes, escapes or characters that need thought goes to the engine as a whole.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from ..namespaces import RDF
from .descriptions import Description
from .rdfxml import rdfxml_may_refuse, rdfxml_namespaces, rdfxml_text
from .templates import Templates
from .tokens import iri_token

__all__ = ["RdfxmlDescriptions"]

_TYPE = iri_token(RDF.type)
_QUOTE, _UNDERSCORE = ord('"'), ord("_")
_MOST = 20_000  #: heads
_MARK = f"mark:{uuid4().hex}n".encode()
_MARKS = re.compile(b"%b([0-9]+);" % _MARK)
_SPECIAL = re.compile(rb"[&'<>]").search
_REFERENCES = (b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b"'", b"&apos;")
_BLOCK, _END = b"\n\t<", b"</rdf:RDF>\n"
_OWN_DATATYPE = f'"^^<{RDF.iri}'.encode()  #: such as literals of XML
_ANY = b"<urn:x:1> <urn:x:2> <urn:x:3> .\n"
_Pairs = Sequence[tuple[bytes, bytes]]


class _Template(NamedTuple):
    """The text of a block between its values, and the prefixes that it needs."""

    start: bytes  #: up to the name of its subject
    after: bytes  #: that
    values: tuple[tuple[int, bytes], ...]  #: the number of each, with the text after it
    namespaces: frozenset[str]


class RdfxmlDescriptions:
    """Writes the triples of descriptions, in the bytes of `write_rdfxml`."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = tuple(prefixes.items())
        self._templates = Templates(self._template)
        self._heads: dict[frozenset[str], bytes] = {}

    def write(self, description: Description) -> bytes | None:
        """A description as RDF/XML; None where that is not certain to be what `write_rdfxml` writes, or refuses."""
        if b"\\" not in description.text and (
            description.is_carried or not rdfxml_may_refuse(description.marks, description.predicates)
        ):
            found = self._of_templates(description)
            if found is not None:
                return found
        return description.rdfxml(self._prefixes)

    def _of_templates(self, description: Description) -> bytes | None:
        parts: list[bytes] = []
        namespaces: frozenset[str] = frozenset()
        for subject, pairs in description.groups:
            if subject[0] == _UNDERSCORE:
                return None
            key: list[bytes] = []
            values: list[bytes] = []
            for predicate, token in pairs:
                if token[0] == _QUOTE:
                    end = token.rindex(_QUOTE)
                    key += predicate, token[end:]
                    values.append(token[1:end])
                elif token[0] == _UNDERSCORE:
                    return None
                else:
                    key += predicate, b""
                    values.append(token[1:-1])
            if key[0] == _TYPE:  # the class names the element
                key.append(pairs[0][1])
            template = self._templates[tuple(key)]
            if template is None:
                return None
            if not template.namespaces <= namespaces:
                namespaces |= template.namespaces
            name = subject[1:-1]
            parts += template.start, _escaped(name) if _SPECIAL(name) else name, template.after
            for number, after in template.values:
                value = values[number]
                parts += _escaped(value) if _SPECIAL(value) else value, after
        return b"".join([self._heads.get(namespaces) or self._head(namespaces), *parts, _END])

    def _template(self, key: tuple[bytes, ...]) -> _Template | None:
        """The template for predicates and kinds of values, in turn, at the end the class that names the element."""
        kinds = list(zip(key[::2], key[1::2], strict=False))  # without the class at the end
        class_ = key[-1] if len(key) % 2 else None
        if any(kind.startswith(_OWN_DATATYPE) or (kind[:2] == b'"@' and kind != kind.lower()) for _, kind in kinds):
            return None  # the engine makes all letters of a language small
        namespaces = rdfxml_namespaces([predicate for predicate, _ in kinds] + ([class_] if class_ else []))
        if namespaces is None:
            return None
        subject = b"<%b%d;>" % (_MARK, len(kinds))
        lines = [
            b"%b %b %b .\n" % (subject, predicate, b'"%b%d;%b' % (_MARK, number, kind) if kind else
                               class_ if class_ and not number else b"<%b%d;>" % (_MARK, number))
            for number, (predicate, kind) in enumerate(kinds)
        ]  # fmt: skip
        text = rdfxml_text(b"".join(lines), self._prefixes, namespaces)
        start, end = text.find(_BLOCK), text.rfind(_END)
        if start < 0 or end < 0:
            return None
        before, number, *rest = _MARKS.split(text[start + 1 : end])
        texts = list(zip(map(int, rest[1::2]), rest[2::2], strict=True))
        wanted = list(range(1 if class_ else 0, len(kinds)))
        if int(number) != len(kinds) or [one for one, _ in texts] != wanted:
            return None
        return _Template(before, rest[0], tuple(texts), namespaces)

    def _head(self, namespaces: frozenset[str]) -> bytes:
        """What stands before the first block where these namespaces are used."""
        text = rdfxml_text(_ANY, self._prefixes, namespaces)
        if len(self._heads) > _MOST:
            self._heads.clear()
        head = self._heads[namespaces] = text[: text.index(_BLOCK) + 1]
        return head


def _escaped(text: bytes) -> bytes:
    """A text without escapes as XML has it."""
    for character, reference in _REFERENCES:
        text = text.replace(character, reference)
    return text
