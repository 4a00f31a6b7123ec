"""Numbers of open files: those of the standard streams are of nothing else, even where a stream is closed."""

import os
import sys

__all__ = ["beyond_standard", "open_standard_streams"]

_STREAMS = 3


def beyond_standard(descriptor: int) -> int:
    """The descriptor, or one in its place, which is then closed, that no standard stream has the number of.

    Where a standard stream is closed, the next file gets its number, and a child process has its own stream there.
    """
    if descriptor >= _STREAMS or sys.platform == "win32":
        return descriptor
    import fcntl

    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _STREAMS)
    finally:
        os.close(descriptor)


def open_standard_streams() -> None:
    """Open those that this process was started without: nothing is read from them, what is written is lost."""
    for number in range(_STREAMS):
        try:
            os.fstat(number)
        except OSError:  # the lowest free number, which is this one
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    # a number may be another file's by now
    sys.stdin, sys.stdout, sys.stderr = (
        open(os.devnull, mode, encoding="utf-8") if stream is None else stream  # noqa: PTH123, SIM115
        for mode, stream in (("r", sys.stdin), ("w", sys.stdout), ("w", sys.stderr))
    )
