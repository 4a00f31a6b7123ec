"""Files that are read: regular ones, opened without waiting for whoever might write."""

import errno
import io
import os
import stat
from pathlib import Path

__all__ = ["open_regular", "read_regular", "read_regular_text"]

_PIECE = 1 << 20
#: A pipe is opened at once, and no terminal becomes this process's own.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def open_regular(path: Path | str) -> io.BufferedReader:
    """A regular file, open for reading. Raises `OSError` for what is none, with what it is as its reason."""
    try:
        number = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket, or a device that is not there
            raise _no_file(path, Path(path).stat().st_mode) from None
        raise
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        raise _no_file(path, mode)
    return open(number, "rb")  # noqa: PTH123 – a number, no path


def _no_file(path: Path | str, mode: int) -> OSError:
    """The error about what is no regular file."""
    kind = _KINDS.get(stat.S_IFMT(mode), "something else")
    return OSError(errno.EINVAL, f"it is {kind}, not a regular file", str(path))


def read_regular(path: Path | str, most: int | None = None) -> bytes:
    """The bytes of a regular file, as many as there are when it is opened, or come meanwhile.

    Raises `OSError`: also for more than `most` bytes.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        parts = [file.read(min(size, size if most is None else most) + 1)]
        total = len(parts[0])
        while (most is None or total <= most) and (piece := file.read(_PIECE)):
            parts.append(piece)
            total += len(piece)
    if most is not None and total > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_regular_text(
    path: Path | str, encoding: str = "utf-8", errors: str = "strict", most: int | None = None
) -> str:
    """The text of a regular file, its lines ended by newlines.

    Raises `OSError`, also for more than `most` characters, and `UnicodeDecodeError`.
    """
    with open_regular(path) as file, io.TextIOWrapper(file, encoding, errors) as text:
        content = text.read(None if most is None else most + 1)
    if most is not None and len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} characters", str(path))
    return content
