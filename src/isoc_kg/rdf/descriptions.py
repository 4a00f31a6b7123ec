"""Descriptions: small documents of one publication by the thousand, in the bytes that `write` gives each.

What `write` finds out anew for every document, names, blocks and heads, is remembered here from one to the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from ..formats import Format
from ..namespaces import RDF
from .lines import Triple
from .prefixed_names import TURTLE_LOCAL, PrefixedNames
from .rdfxml import rdfxml_description
from .reading_order import SECTIONS, ReadingOrder, SortKey
from .tokens import iri_token
from .turtle import BlockTemplate, block_template, turtle_head
from .writing import carries, refusals

__all__ = ["Description", "TurtleDescriptions"]

_QUOTE, _END = b'">'  # a literal that ends so has a datatype
_SECTION_AND_PLACE = itemgetter(0, 1)
_MOST = 20_000  #: blocks and heads of one kind that are remembered
_MOST_SUBJECTS = 100_000  #: whose sections are
_PREDICATES = 100  #: of a block that may be like others
_MAIN = SECTIONS[0]
_TYPE = iri_token(RDF.type)

#: A subject with its predicates and objects.
Described = tuple[bytes, Sequence[tuple[bytes, bytes]]]
#: What blocks with the same predicates have in common, and the bits of its prefixes.
_Block = tuple[BlockTemplate, int]


class Description:
    """The triples of a small document: each subject with its predicates and objects, sorted, none twice."""

    def __init__(
        self,
        text: bytes,
        groups: Sequence[Described] | None = None,
        *,
        parts: Sequence[bytes] = (),
        carried: bool = False,
    ) -> None:
        #: their lines as one text, which is N-Triples
        self.text = text
        self._parts = parts  # the same, without the ends of lines, where they are known
        self._carried = carried  # whether nothing but a character of a text may keep it from any format
        if groups is not None:
            self.groups = groups

    @classmethod
    def of_groups(cls, groups: Sequence[Described]) -> "Description":
        """The description that subjects in order are, each with its predicates and objects in order."""
        return cls(
            b"".join([b"%b %b %b .\n" % (subject, *pair) for subject, pairs in groups for pair in pairs]), groups
        )

    @classmethod
    def of_triples(cls, triples: Iterable[Triple]) -> "Description":
        """The description that triples are, in any order."""
        grouped = groupby(sorted(set(triples)), key=itemgetter(0))
        return cls.of_groups([(subject, [triple[1:] for triple in group]) for subject, group in grouped])

    @cached_property
    def groups(self) -> Sequence[Described]:
        """Each subject with its predicates and objects."""
        groups: list[tuple[bytes, list[tuple[bytes, bytes]]]] = []
        pairs: list[tuple[bytes, bytes]] = []
        last = b""
        parts = self._parts or (self.text[:-3].split(b" .\n") if self.text else ())
        for subject, predicate, object_ in [part.split(b" ", 2) for part in parts]:
            if subject == last:
                pairs.append((predicate, object_))
            else:
                pairs = [(predicate, object_)]
                groups.append((subject, pairs))
                last = subject
        return groups

    @cached_property
    def predicates(self) -> set[bytes]:
        """All predicates."""
        return {predicate for _, pairs in self.groups for predicate, _ in pairs}

    @cached_property
    def marks(self) -> bytes:
        """What tells whether a format may have no way to write it: literals and triple terms."""
        return b"\n".join(
            [token for _, pairs in self.groups for _, token in pairs if token[0] == _QUOTE or token[:2] == b"<<"]
        )

    @property
    def plain(self) -> bool:
        """Whether there is certainly no triple term in it."""
        return self._carried or b"<<(" not in self.marks

    @property
    def lines(self) -> list[bytes]:
        """The lines of the triples."""
        return [line + b"\n" for line in self.text[:-1].split(b"\n")] if self.text else []

    def rdfxml(self, prefixes: tuple[tuple[str, str], ...]) -> bytes | None:
        """It as RDF/XML; None where that is not certain to be what the engine writes."""
        first = [pairs[0] for _, pairs in self.groups]
        objects = None if self.is_carried else self.marks
        return rdfxml_description(self.text, objects, self.predicates, first, prefixes)

    @property
    def is_carried(self) -> bool:
        """Whether it has nothing that any format lacks, and no escape."""
        return self._carried and b"\\" not in self.text and b"\xef" not in self.text

    def refused(self, formats: Iterable[Format]) -> list[Format]:
        """Those formats that have no way to write it."""
        if self.is_carried:
            return []
        marks, predicates = self.marks, self.predicates
        return [
            format_
            for format_ in formats
            if not carries(marks, predicates, format_) and next(refusals(self.lines, format_), None) is not None
        ]


class TurtleDescriptions:
    """Writes triples as Turtle in the reading order of a publication."""

    def __init__(self, prefixes: Mapping[str, str], order: ReadingOrder) -> None:
        self._prefixes, self._order = prefixes, order.about(b"")
        self._names = PrefixedNames(prefixes, TURTLE_LOCAL)
        self._blocks: dict[tuple[bytes, ...], _Block] = {}
        self._links: dict[bytes, tuple[bytes, int]] = {}  # property → what stands before its only value, its prefix
        self._sections: dict[bytes, int] = {}  # subject → its section, where it has no class
        self._heads: dict[int, bytes] = {}

    def write(self, groups: Iterable[Described], about: bytes = b"") -> bytes:
        """Triples without triple terms, as descriptions have them, what they are `about` first."""
        order, names, links, sections = self._order, self._names, self._links, self._sections
        used = 0
        blocks: list[tuple[int, SortKey, bytes]] = []
        for subject, pairs in groups:
            name, prefix = names[subject]
            used |= prefix
            predicate, object_ = pairs[0]
            if len(pairs) == 1 and object_[0] != _QUOTE and predicate != _TYPE:  # as what leads to a thing is
                before, prefix = links.get(predicate) or self._link(predicate)
                written, of_object = names[object_]
                used |= prefix | of_object
                text = b"\n%b%b%b .\n" % (name, before, written)
                section = sections.get(subject)
                if section is None:
                    section = self._section(subject)
            else:
                text, kinds, prefixes = self._text(name, pairs)
                used |= prefixes
                section = order.section(subject, kinds)
            if about == subject:
                section = _MAIN
            key = order.place(section, subject) if section in order.sorted_sections else ()
            blocks.append((section, key, text))
        if len(blocks) > 1:
            blocks.sort(key=_SECTION_AND_PLACE)
        return b"".join([self._heads.get(used) or self._head(used), *[text for _, _, text in blocks]])

    def prepare(self, token: bytes) -> None:
        """Find out beforehand how an IRI is written."""
        self._names[token]

    def _text(self, name: bytes, pairs: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, list[bytes], int]:
        """The block of a subject of a name, its classes, and the bits of the prefixes of the rest."""
        names = self._names
        predicates = tuple([predicate for predicate, _ in pairs])
        (places, types), used = self._blocks.get(predicates) or self._block(predicates)
        parts = [b"\n", name]
        for number, before in places:
            object_ = pairs[number][1]
            if object_[0] != _QUOTE:
                object_, prefix = names[object_]
                used |= prefix
            elif object_[-1] == _END:
                end = object_.rindex(b'"') + 3
                datatype, prefix = names[object_[end:]]
                object_ = object_[:end] + datatype
                used |= prefix
            parts += before, object_
        parts.append(b" .\n")
        return b"".join(parts), [pairs[number][1] for number in types], used

    def _block(self, predicates: tuple[bytes, ...]) -> _Block:
        """What blocks with these predicates have in common."""
        template = block_template(predicates, self._order, lambda token: self._names[token][0])
        used = 0
        for number, predicate in enumerate(predicates):
            if number not in template.types:
                used |= self._names[predicate][1]
        block = template, used
        if len(predicates) < _PREDICATES:
            if len(self._blocks) > _MOST:
                self._blocks.clear()
            self._blocks[predicates] = block
        return block

    def _link(self, predicate: bytes) -> tuple[bytes, int]:
        """What stands before the only value of a property, and the bit of its prefix."""
        ((((_, before),), _), used) = self._block((predicate,))
        if len(self._links) > _MOST:
            self._links.clear()
        link = self._links[predicate] = before, used
        return link

    def _section(self, subject: bytes) -> int:
        if len(self._sections) > _MOST_SUBJECTS:
            self._sections.clear()
        section = self._sections[subject] = self._order.section(subject, ())
        return section

    def _head(self, used: int) -> bytes:
        if len(self._heads) > _MOST:
            self._heads.clear()
        head = self._heads[used] = turtle_head(self._names.prefixes_of(used), self._prefixes)
        return head
