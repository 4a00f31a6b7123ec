"""Regular expressions that are compiled when they are first used: many a process that loads a module needs few."""

import re
from typing import AnyStr, Generic, cast

__all__ = ["lazy_pattern"]


def lazy_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, as far as its methods and attributes are asked for: it is no argument for `re`.

    For those that take long to compile; one that is always used is better compiled at once.

    >>> lazy_pattern("[a-z]+").findall("one, two")
    ['one', 'two']
    """
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


class _Lazy(Generic[AnyStr]):
    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._of: tuple[AnyStr, int] = pattern, flags

    def __getattr__(self, name: str) -> object:
        value = getattr(re.compile(*self._of), name)  # which `re` keeps
        setattr(self, name, value)  # from now on it is there at once
        return value
