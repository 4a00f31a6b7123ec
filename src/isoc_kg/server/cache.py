"""A cache with a bound in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["CACHED_PART", "BoundedCache"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
CACHED_PART = 8  #: an entry that takes more than this part of the whole is not kept: it would drive out too many others


class BoundedCache(Generic[_Key, _Value]):
    """The entries used last, as many as fit into so many bytes; `size_of` says how many an entry takes.

    Entries are best tuples of texts, bytes and numbers: the search for garbage passes over those, while it would stop
    the server to go through thousands of others.
    """

    def __init__(self, capacity: int, size_of: Callable[[_Key, _Value], int]) -> None:
        self.capacity = capacity
        self.size = 0  #: bytes that the entries take
        self._size_of = size_of
        self._entries: OrderedDict[_Key, _Value] = OrderedDict()

    def get(self, key: _Key) -> _Value | None:
        """The entry, if it is here."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: _Key, value: _Value) -> None:
        """Keep an entry, unless there is one already, and let go of those that were not used for longest."""
        size = self._size_of(key, value)
        if size * CACHED_PART > self.capacity or key in self._entries:
            return
        self._entries[key] = value
        self.size += size
        while self.size > self.capacity:
            self.size -= self._size_of(*self._entries.popitem(last=False))
