"""Records: what the files of each bundle were rendered from, in a file of the site that the next run reads.

There may be a million of them, so they stay the text that they are in the file, and one becomes an object when it is
asked for.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["DIGEST", "Record", "Records", "Rendered"]

DIGEST = 32  #: bytes of a digest


class Record(NamedTuple):
    """A digest over all that the files of a bundle show, and their names."""

    digest: bytes
    names: list[str]
    mark: bytes = b""  #: of the vicinity of a thing, where that was looked at


class Records:
    """The records of a run before, by the keys of their bundles.

    The first line of their text is a digest of the surroundings; each other one has a digest, with that a mark, and the
    names.
    """

    def __init__(self, text: bytes = b"", keys: Iterable[str] = ()) -> None:
        """Those of the text of a file; keys that are known elsewhere are not kept twice."""
        own = {key: key for key in keys}
        self._text = text
        self._places: dict[str, int] = {}
        end = text.find(b"\n") + 1
        self.surroundings = text[: max(0, end - 1)].decode()
        while end < len(text):
            start, end = end, text.find(b"\n", end) + 1 or len(text) + 1
            name = text.find(b" ", start, end) + 1
            if name:
                behind = text.find(b" ", name, end)
                key = text[name : behind if behind >= 0 else end - 1].rpartition(b".")[0].decode()
                self._places[own.get(key, key)] = start

    def get(self, key: str) -> Record | None:
        """The record of a bundle; None where there is none."""
        place = self._places.get(key)
        return None if place is None else self._record(place)

    def _record(self, place: int) -> Record:
        end = self._text.find(b"\n", place)
        digest, *names = self._text[place : end if end >= 0 else None].decode().split(" ")
        both = bytes.fromhex(digest)
        return Record(both[:DIGEST], names, both[DIGEST:])

    def marks(self) -> dict[str, bytes]:
        """Key → mark, of the bundles that have one."""
        text, marks = self._text, {}
        for key, place in self._places.items():
            start, end = place + 2 * DIGEST, text.find(b" ", place)
            if start < end:
                marks[key] = bytes.fromhex(text[start:end].decode())
        return marks


class Rendered:
    """The records of this run while it goes on; the names of a bundle follow each other in a list of all names."""

    def __init__(self) -> None:
        self.digests = bytearray()
        self.places = array("Q")  #: of each record, where its names begin and how many there are

    def __len__(self) -> int:
        return len(self.digests) // DIGEST

    def add(self, digest: bytes, first: int, count: int) -> None:
        """Add a record, whose names are so many from a place on."""
        self.digests += digest
        self.places.extend((first, count))

    def take(self, other: "Rendered", names_before: int) -> None:
        """Add those of another process, whose names come behind so many others."""
        self.digests += other.digests
        for at in range(0, len(other.places), 2):
            self.places.extend((names_before + other.places[at], other.places[at + 1]))

    def text(self, names: Sequence[str], surroundings: bytes, marks: Mapping[str, bytes]) -> Iterator[bytes]:
        """The text that `Records` reads, in parts, sorted by the keys of bundles."""
        yield f"{surroundings.hex()}\n".encode()
        firsts = self.places[::2]
        keys = [names[first].rpartition(".")[0] for first in firsts]
        for number in sorted(range(len(keys)), key=keys.__getitem__):
            first, key = firsts[number], keys[number]
            digest = self.digests[number * DIGEST : (number + 1) * DIGEST] + marks.get(key, b"")
            yield f"{digest.hex()} {' '.join(names[first : first + self.places[2 * number + 1]])}\n".encode()
