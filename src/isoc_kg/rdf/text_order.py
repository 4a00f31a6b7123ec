"""In which order names stand: letters as people sort, numbers within them by their size."""

import re

__all__ = ["name_key"]

_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 20  #: digits of the longest number that is compared by its size


def name_key(name: str) -> str:
    """A text by which names are sorted.

    >>> sorted(["Number 10", "number 9", "Number 101"], key=name_key)
    ['number 9', 'Number 10', 'Number 101']
    """
    return _DIGITS.sub(lambda match: match[0].zfill(_LONGEST), name.casefold())
