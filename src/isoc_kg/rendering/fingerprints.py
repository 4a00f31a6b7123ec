"""What the page of a resource is made of, as a digest: where it stays the same, so do the page and its data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b, sha256

from ..namespaces import SCHEMA
from ..rdf.lines import Lines, split
from ..rdf.tokens import iri_token, is_iri
from .alike import Alike
from .cited_sources import cited_sources
from .index import Index

__all__ = ["PARTS", "Fingerprints"]

_MOST = 100_000  #: mentions that are kept
_SIZE = 16  #: bytes of the digest of one
_NAMING = b"<_"  #: what tokens of IRIs and blank nodes begin with
#: What the page of a thing shows of others as a whole: the questions of a list, the answers of a question.
PARTS = (iri_token(SCHEMA.itemListElement), iri_token(SCHEMA.acceptedAnswer))


@dataclass(frozen=True)
class Fingerprints:
    """Those of the resources of an index; what many claims rest on is read once."""

    index: Index
    alike: Alike
    _digests: dict[str, bytes] = field(default_factory=dict)  #: what citations tell of others, by IRI
    _mentions: dict[bytes, bytes] = field(default_factory=dict)  #: digests over what pages tell of others
    _above: dict[bytes, bytes] = field(default_factory=dict)  #: class → the lines that lead to those above it

    def of(self, token: bytes) -> bytes:
        """A digest over all that a page of the resource shows: the lines it is made of and the names in them.

        It is asked for every page of every run, so it takes the lines as they are and a little more than is shown.
        """
        index = self.index
        assert isinstance(index.lines, Lines)
        parts = list(index.lines_of(token))
        mentioned = {name for line in parts for name in line.split(b" ", 3)[1:3]}
        if index.has_claims:
            withdrawn = [triple for triple, _ in index.no_longer_stated.get(token, ())]
            for line in parts + withdrawn:
                subject, predicate, object_, _ = split(line)
                claim, lines = index.claim_of(b"%s %s %s .\n" % (subject, predicate, object_))
                if claim is None:
                    continue
                parts += lines
                for source, lines_of in cited_sources(index, (subject, predicate, object_), claim):
                    if source not in self._digests:
                        self._digests[source] = sha256(b"\n".join(lines_of(index, source))).digest()
                    parts.append(self._digests[source])
                mentioned.update(iri_token(source) for source in claim.sources)
                mentioned.update(term for pair in claim.further for term in pair)
                names = (*(name for name, _ in claim.units), *claim.contradicting)
                for unit in filter(None, map(index.units.get, names)):
                    known = index.provenance(unit.edition)
                    parts.append(f"{unit!r}{index.unit_name(unit.iri)}{index.is_replaced(unit)}{known}".encode())
                    mentioned.update(term for terms in known.values() for term in terms)
                    mentioned |= {iri_token(unit.edition), iri_token(unit.kind)}
        leading = index.lines.at(index.incoming.of(token))
        mentioned.update([name for line in leading for name in line.split(b" ", 2)[:2]])
        if index.disputed or index.dated:
            leading = [part for line in leading for part in (line, b"" if index.is_sound(*split(line)[:3]) else b"-")]
        parts += leading
        mentioned.add(token)
        if index.has_parts(token) or (index.has_blank_nodes and any(b"_:" in line for line in parts)):
            parts.append(index.description(token).text)
        mentions = self._mentions
        parts += [mentions.get(name) or self.mention(name) for name in sorted(mentioned) if name[0] in _NAMING]
        if not index.uses.keys().isdisjoint(PARTS):
            parts += self._within(token)
        return sha256(b"\n".join(parts)).digest()

    def mention(self, name: bytes) -> bytes:
        """A digest over what a page tells of something that it mentions: name, kinds, and whether it has a page."""
        index = self.index
        kinds = index.types.get(name)
        if kinds is None and name not in index.label and name not in index.paged:
            if not index.disputed and not index.dated:
                return b"-"  # its name is in its IRI
        mention = b"".join(map(self._classes_above, kinds or ()))
        if is_iri(name):
            sound = index.has_sound_name(name)
            mention += f"{name in index.paged}\0{index.name_of(name)}{kinds}\0{sound}".encode()
            if (beside := self.alike.beside(name)) is not None:
                mention += repr(index.name_of(beside)).encode()
        mention = blake2b(mention, digest_size=_SIZE).digest()
        if len(self._mentions) >= _MOST:
            self._mentions.clear()
        self._mentions[name] = mention
        return mention

    def _classes_above(self, class_: bytes) -> bytes:
        """The lines that lead from a class to those above it.

        Those of each class say enough: from several together, never more lines are followed.
        """
        lines = self._above.get(class_)
        if lines is None:
            lines = self._above[class_] = b"".join(self.index.above([class_]))
        return lines

    def _within(self, token: bytes) -> Iterator[bytes]:
        """The lines about the questions of a list and the answers of questions, which its page gives as a whole."""
        links = [split(line)[2] for line in self.index.lines_of(token) if split(line)[1] in PARTS]
        for link in dict.fromkeys(links):
            for line in self.index.lines_of(link):
                yield line
                if split(line)[1] == PARTS[1]:
                    yield from self.index.lines_of(split(line)[2])
