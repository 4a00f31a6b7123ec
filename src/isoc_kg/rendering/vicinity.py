"""The vicinity of a thing: the lines about it and those that lead to it, and what others tell of it.

Where neither has changed since a run before, nor anything that it is linked with has in what it is called, its page is
what it was, and nobody need make out what the page is made of. That is told for data without claims, documents, parts,
blank nodes and derived statements, whose pages show what stands further away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256

from ..namespaces import OWL, RDFS, SCHEMA
from ..rdf.lines import Lines, split
from ..rdf.tokens import iri_token
from .fingerprints import PARTS, Fingerprints
from .index import Index

__all__ = ["Vicinity"]

_SIZE = 8  #: bytes of each of the two digests of a mark
_FEW = 4  #: what part of the things may have changed for this to be worth it
_NOT_FOLLOWED = (*PARTS, iri_token(OWL.versionIRI))  #: properties whose objects are shown, or not among links
#: What is said of a class or property, and tells what things and values are that stand further away.
_ORDERING = tuple(map(iri_token, (RDFS.subClassOf, RDFS.range, SCHEMA.rangeIncludes)))


@dataclass(frozen=True)
class Vicinity:
    """Those of the things of an index, given the paths of their pages."""

    fingerprints: Fingerprints
    tokens: Mapping[str, bytes]  #: path → thing

    @property
    def _index(self) -> Index:
        return self.fingerprints.index

    @cached_property
    def known(self) -> bool:
        """Whether vicinities tell everything that pages show."""
        index = self._index
        further = index.has_claims or index.units or index.disputed or index.dated or index.has_blank_nodes
        derived = iri_token(index.project.ids.graph("derived"))
        further = further or derived in index.sizes or not index.uses.keys().isdisjoint(_NOT_FOLLOWED)
        return index.whole and not further and not any(map(index.has_parts, self.tokens.values()))

    @cached_property
    def surroundings(self) -> bytes:
        """A digest over what is no line about a thing: terms, settings, which links lead to properties."""
        index, things = self._index, frozenset(self.tokens.values())
        apart = sorted(self.fingerprints.alike.told_apart.items())
        # that something is a property tells what it is called, wherever it is mentioned
        uses = sorted(one for one in index.uses if one in index.incoming or one in index.members or one in index.said)
        digest = sha256(repr((index.project, uses, apart)).encode())
        ordering = tuple([b" %b " % name for name in _ORDERING if name in index.uses])
        for line in index.lines if ordering else ():  # which say of a class or property what its things and values are
            if any(part in line for part in ordering):
                digest.update(line)
        for subject in index.said:
            if subject not in things or subject in index.terms:
                for line in index.lines_of(subject):
                    digest.update(line)
        return digest.digest()

    @cached_property
    def marks(self) -> dict[str, bytes]:
        """Path → a digest over the lines, and one over what others tell of the thing."""
        mention = self.fingerprints.mention
        return {
            path: self._lines(token) + blake2b(mention(token), digest_size=_SIZE).digest()
            for path, token in self.tokens.items()
        }

    def _lines(self, token: bytes) -> bytes:
        lines = b"".join([self._index.text_of(token), *self._leading(token)])
        return blake2b(lines, digest_size=_SIZE).digest()

    def _leading(self, token: bytes) -> list[bytes]:
        assert isinstance(self._index.lines, Lines)
        return self._index.lines.at(self._index.incoming.of(token))

    def untouched(self, before: Mapping[str, bytes]) -> frozenset[str]:
        """The paths of the things of which nothing can have changed, given the marks of a run with these surroundings.

        None where that cannot be told, or so many have changed that it is of no use.
        """
        index, marks = self._index, self.marks
        if not before.keys() <= marks.keys():  # what leads to something that is gone is not told from here
            return frozenset()
        changed = [path for path, mark in marks.items() if before.get(path, b"")[:_SIZE] != mark[:_SIZE]]
        if len(changed) * _FEW > len(marks):
            return frozenset()
        renamed = {self.tokens[path] for path in changed if before.get(path, b"")[_SIZE:] != marks[path][_SIZE:]}
        touched = {self.tokens[path] for path in changed}
        if not touched.isdisjoint(index.uses) or not touched.isdisjoint(index.members):  # which may be everywhere
            return frozenset()
        for token in tuple(touched):
            touched |= self._sources(token)  # which may tell in a line what is said of it
        for token in renamed:
            touched.update(split(line)[2] for line in index.lines_of(token))
            for source in self._sources(token):
                touched |= self._sources(source)
        return frozenset(path for path, token in self.tokens.items() if token not in touched)

    def _sources(self, token: bytes) -> set[bytes]:
        """What leads to a thing."""
        return {line[: line.index(b" ")] for line in self._leading(token)}
