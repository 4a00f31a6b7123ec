"""What is searched, in the file that has the state of a publication: behind it, where each process that makes reads it.

It is written once, with the data files; a search reads the few shards it needs, whoever forked its process and when.
"""

import json
import os
from collections.abc import Callable, Iterable

from ..queries.nursery import write_whole

__all__ = ["Searched"]

_Place = tuple[int, int]


class Searched:
    """Files in another file, from a position in it on, which is the end of what else it has."""

    def __init__(self, file: int, at: int) -> None:
        self._file, self._at = file, at

    def write(self, files: Iterable[tuple[str, bytes]]) -> _Place:
        """Write files; where the list of them stands. Raises `OSError`."""
        at = self._at
        places: dict[str, _Place] = {}
        for name, content in files:
            write_whole(self._file, content, at)
            places[name] = at, at + len(content)
            at += len(content)
        listed = json.dumps(places).encode()
        write_whole(self._file, listed, at)
        return at, at + len(listed)

    def reading(self, place: _Place) -> Callable[[str], bytes]:
        """What gives the content of a file by its name, for the place of their list."""
        places = json.loads(self._part(*place))
        return lambda name: self._part(*places[name])

    def _part(self, start: int, end: int) -> bytes:
        return os.pread(self._file, end - start, start)
