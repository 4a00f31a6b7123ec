"""The engine's answers end in the thread that began them.

An iterator of pyoxigraph (solutions, triples, quads, names of graphs) that another thread drops is never freed, nor
what it has read. An exception on its way to another thread keeps the frames that it came through, and with them what
their variables hold.
"""

from collections.abc import Callable
from functools import wraps
from traceback import clear_frames
from typing import ParamSpec, TypeVar

__all__ = ["releasing"]

_Parameters = ParamSpec("_Parameters")
_Value = TypeVar("_Value")


def releasing(function: Callable[_Parameters, _Value]) -> Callable[_Parameters, _Value]:
    """A function that has let go of all that it and those it called held, when an exception leaves it."""

    @wraps(function)
    def released(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> _Value:
        try:
            return function(*arguments, **named)
        except BaseException as error:
            cause: BaseException | None = error
            while cause is not None:
                clear_frames(cause.__traceback__)
                cause = cause.__cause__ or cause.__context__
            del arguments, named  # this frame goes with the exception, too
            raise

    return released
