"""Templates: what documents, or parts of them, have in common that have the same predicates and kinds of values."""

from collections.abc import Callable
from typing import TypeVar

__all__ = ["Templates"]

_Template = TypeVar("_Template")
_MOST = 20_000
_LONGEST = 200  #: predicates and kinds of one that may be like others


class Templates(dict[tuple[bytes, ...], _Template | None]):
    """Predicates and kinds of values, in turn → what has them in common; None where there is no template.

    `find` makes one that is not known yet.
    """

    def __init__(self, find: Callable[[tuple[bytes, ...]], _Template | None]) -> None:
        self._find = find

    def __missing__(self, key: tuple[bytes, ...]) -> _Template | None:
        found = self._find(key)
        if len(key) < _LONGEST:
            if len(self) > _MOST:
                self.clear()
            self[key] = found
        return found
