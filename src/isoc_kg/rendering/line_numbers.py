"""Line numbers: those of the lines that lead to each of many things, in one array.

There may be a million tokens, most of which few lines lead to: an array for each would be larger than what is in it,
and each process that looks at one would copy the page of memory that it is on.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["LineNumbers"]


class LineNumbers:
    """Token → numbers of lines in ascending order."""

    def __init__(self) -> None:
        #: The only number; or -1 less a place: until `pack` of an array, then of how many there are, which follow.
        self._places: dict[bytes, int] = {}
        self._several: list[array[int]] = []
        self._numbers = array("I")

    def add(self, token: bytes, number: int) -> None:
        """Add the number of a line, which is above those of the token before; nothing may be asked until `pack`."""
        place = self._places.get(token)
        if place is None:
            self._places[token] = number
        elif place < 0:
            self._several[-1 - place].append(number)
        else:
            self._places[token] = -1 - len(self._several)
            self._several.append(array("I", (place, number)))

    def pack(self, tokens: Iterable[bytes] = ()) -> None:
        """Put all numbers into one array, after the last was added; tokens that are given are not kept twice."""
        numbers, several, places = self._numbers, self._several, {}
        own = {token: token for token in tokens}.get
        for token, place in self._places.items():
            if place < 0:
                known = several[-1 - place]
                place = -1 - len(numbers)
                numbers.append(len(known))
                numbers += known
            places[own(token, token)] = place
        self._places = places
        several.clear()

    def of(self, token: bytes) -> Sequence[int]:
        """The numbers of a token; none where it has none."""
        place = self._places.get(token)
        if place is None:
            return ()
        if place >= 0:
            return (place,)
        return self._numbers[-place : self._numbers[-1 - place] - place]

    def __contains__(self, token: bytes) -> bool:
        return token in self._places

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._places)

    def items(self) -> Iterator[tuple[bytes, Sequence[int]]]:
        """Each token with its numbers."""
        return ((token, self.of(token)) for token in self._places)
