"""Files that are there whole or not at all."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import OutputError
from ..limits.processes import ending_in_order

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["mode", "output_error", "short_name", "write_file", "writing_file"]

_PART = ".part"


def output_error(error: OSError, path: Path, *, fixed: bool = False) -> OutputError:
    """What to say of a file that cannot be written; `fixed` when it has one place only, so that no `-o` helps."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "Make room"),
        errno.EFBIG: ("the file would be larger than allowed here", "Raise the limit (ulimit -f)"),
        errno.EDQUOT: ("the quota is used up", "Make room"),
        errno.EACCES: ("no permission to write", "Change the permissions"),
        errno.EPERM: ("no permission to write", "Change the permissions"),
        errno.EROFS: ("the file system is read-only", "Make it writable"),
        errno.ENOTDIR: ("a file stands where a folder should be", "Move it away"),
        errno.EEXIST: ("a file stands where a folder should be", "Move it away"),
        errno.EISDIR: ("a folder stands where a file should be", "Move it away"),
    }
    reason, advice = reasons.get(error.errno or 0, (error.strerror or str(error), None))
    if advice:
        advice += "." if fixed else ", or write elsewhere with -o."
    return OutputError(f"cannot be written: {reason}.", file=path, advice=advice)


@contextmanager
def writing_file(path: Path | str, *, fixed: bool = False) -> Iterator[BinaryIO]:
    """A binary file that takes its name when the block ends well, and leaves no trace when it does not.

    What a killed run has left of the same file is removed. Devices such as `/dev/full` are written directly. `fixed`
    tells that the file has one place only. Raises `OutputError`.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as device:
                yield device
            return
        if path.is_dir():
            raise OSError(errno.EISDIR, "is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_parts(path)
    except OSError as error:
        raise output_error(error, path, fixed=fixed) from None
    with ending_in_order():
        yield from _writing_part(path, fixed=fixed)


def _writing_part(path: Path, *, fixed: bool) -> Iterator[BinaryIO]:
    try:
        handle, temporary = _part(path)
    except OSError as error:
        raise output_error(error, path, fixed=fixed) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # mkstemp makes files that only their owner can read; what is published is for everybody
            os.fchmod(file.fileno(), mode(path)) if hasattr(os, "fchmod") else None
            if fcntl is not None:
                Path(temporary).replace(path)  # while the lock shows that somebody is writing it
        if fcntl is None:
            Path(temporary).replace(path)
    except OSError as error:
        raise output_error(error, path, fixed=fixed) from None
    finally:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()


def short_name(path: Path) -> str:
    """A name that leaves room for an ending: the path's own, or a digest of one that is long."""
    name = os.fsencode(path.name)
    return path.name if len(name) <= 100 else hashlib.sha256(name).hexdigest()[:32]


def _part(path: Path) -> tuple[int, str]:
    """A new file beside the one to be written, locked for as long as it is open, where the system has locks."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{short_name(path)}.", suffix=_PART, dir=path.parent)
        if fcntl is None:
            return handle, name
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # else another run took it for one that was left, before it was locked
            return handle, name
        os.close(handle)


def _clear_parts(path: Path) -> None:
    """Remove the parts of this file that no process is writing any more."""
    if fcntl is None:
        return
    with os.scandir(path.parent) as entries:
        names = [entry.path for entry in entries if _is_part(entry.name, path)]
    for name in names:
        with contextlib.suppress(OSError):  # it is being written, or is gone
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Path(name).unlink()
            finally:
                os.close(handle)


def _is_part(name: str, of: Path) -> bool:
    start = f".{short_name(of)}."
    middle = name[len(start) : -len(_PART)]
    return name.startswith(start) and name.endswith(_PART) and len(middle) == 8 and "." not in middle


def mode(path: Path) -> int:
    """The permissions that the file has, or that a new one would get."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_file(path: Path | str, data: bytes | Iterable[bytes], *, fixed: bool = False) -> None:
    """Write a file whole or not at all; `fixed` as for `writing_file`."""
    with writing_file(path, fixed=fixed) as file:
        if isinstance(data, bytes):
            file.write(data)
        else:
            file.writelines(data)
