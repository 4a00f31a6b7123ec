"""Which things are called alike, and what then stands beside their names: their class."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .index import Index

__all__ = ["Alike"]


@dataclass(frozen=True)
class Alike:
    """The things of an index that others are called like, whatever the case; terms of the ontology are none.

    Empty where the index has not read everything: then nobody knows what else there is.
    """

    index: Index

    def class_of(self, token: bytes) -> bytes | None:
        """The class of one of several things that are called alike; None for all others."""
        found = self.told_apart.get(token)
        return found[0] if found else None

    def beside(self, token: bytes) -> bytes | None:
        """The same, but None for the one of them that most is said of: it is what readers mean by the name."""
        class_, is_first = self.told_apart.get(token, (None, True))
        return None if is_first else class_

    @cached_property
    def told_apart(self) -> Mapping[bytes, tuple[bytes, bool]]:
        """Thing → its class, and whether most is said of it; of those that their classes tell apart."""
        index = self.index
        if not index.whole:
            return {}
        called: dict[str, list[bytes]] = {}
        for thing in index.subjects:
            if thing in index.types and thing not in index.terms:
                called.setdefault(index.name_of(thing)[0].casefold(), []).append(thing)
        classes: dict[bytes, tuple[bytes, bool]] = {}
        for things in called.values():
            if len(things) > 1 and len({index.types[thing][0] for thing in things}) > 1:
                first = max(things, key=self._weight)
                classes.update((thing, (index.types[thing][0], thing == first)) for thing in things)
        return classes

    def _weight(self, thing: bytes) -> tuple[int, bytes]:
        return len(self.index.incoming.of(thing)) + self.index.said.get(thing, 0), thing
