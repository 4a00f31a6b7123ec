"""Whose turn it is to write: locks that end with the process that has them, however it ends."""

import errno
import hashlib
import os
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from ..errors import DataWarning, OutputError, visible
from .files import output_error, short_name

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["alone_in", "locked", "turn_at", "turn_for", "unchanging"]

_VARIABLE = "ISOC_KG_WAIT"  #: seconds to wait for a turn, in the environment
_WAIT_SECONDS = 60.0
_LOOKS_EVERY = 0.05  #: seconds
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})  #: of a file system without locks
_HELD = threading.local()


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Others that change a project wait until the block ends: what is read in it is what its changes are made of.

    Raises `OutputError`, which names the process that has the turn, after a minute (or `ISOC_KG_WAIT` seconds).
    """
    with locked(root.resolve()):
        yield


@contextmanager
def unchanging(root: Path) -> Iterator[None]:
    """Nobody changes a project while the block reads it; others may read it, too. Raises as `alone_in`."""
    with locked(root.resolve(), shared=True):
        yield


@contextmanager
def turn_for(target: Path) -> Iterator[None]:
    """Others that write the same target wait until the block ends. The folder that it lies in must be there.

    A lock file beside the target is there for as long; one that a killed run has left is nobody's. Raises as
    `alone_in`, and `OutputError` where nothing can be written beside the target.
    """
    target = Path(os.path.normpath(target.parent.resolve() / target.name))
    with _turn(target.with_name(f".{short_name(target)}.isoc-kg.lock"), str(target)):
        yield


@contextmanager
def turn_at(name: str) -> Iterator[None]:
    """Others on this machine that work on the same thing, which is no file, wait until the block ends.

    Raises as `alone_in`.
    """
    with _turn(_elsewhere(name), name):
        yield


def _elsewhere(name: str) -> Path:
    return Path(tempfile.gettempdir(), f"isoc-kg.{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock")


@contextmanager
def _turn(path: Path, what: str) -> Iterator[None]:
    key = str(path)
    if fcntl is None or key in _held():
        yield
        return
    try:
        handle = _opened(path, what)
    except OSError as error:
        raise output_error(error, path) from None
    if handle is None:  # no locks here: the folder for temporary files has some, for those of this machine
        with nullcontext() if path == _elsewhere(what) else _turn(_elsewhere(what), what):
            yield
        return
    _held().add(key)
    try:
        yield
    finally:
        _held().discard(key)
        with suppress(OSError):
            if not os.fstat(handle).st_size:  # else it was somebody's file before
                path.unlink()  # before the lock is released: whoever waits sees that this is no longer the lock
        with suppress(OSError):
            os.close(handle)


def _opened(path: Path, what: str) -> int | None:
    """The lock file at the path, locked; None where the file system has no locks."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:  # to read is enough for a lock, and somebody else's may not be written
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                continue
        try:
            has_locks = _wait(handle, what)
            status = os.fstat(handle)
            if not has_locks and not status.st_size:
                path.unlink()
            with suppress(FileNotFoundError):
                if has_locks and os.path.samestat(status, path.lstat()):
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if not has_locks:
            return None


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[bool]:
    """Others that write into the folder wait, a thread that has the lock goes on; whether the system has locks."""
    key = str(folder.resolve())
    if fcntl is None or key in _held():
        yield fcntl is not None
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if not shared:
            raise output_error(error, folder, fixed=True) from None
        yield False  # a folder that cannot be listed can still be read
        return
    try:
        has_locks = _wait(handle, key, shared=shared)
        _held().add(key)
        yield has_locks
    finally:
        _held().discard(key)
        with suppress(OSError):
            os.close(handle)


def _wait(handle: int, what: str, *, shared: bool = False) -> bool:
    """Wait for the lock on an open file; False where the file system has none."""
    started, most, told = time.monotonic(), _most_seconds(), False
    while True:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
        else:
            return True
        waited = time.monotonic() - started
        if waited >= most:
            raise OutputError(
                f"{what} is being written by {_holder(handle)}, for which {most:g} seconds were not enough; "
                "nothing was changed.",
                advice=f"Wait until it is done, or end it. {_VARIABLE}=SECONDS waits longer.",
            )
        if waited >= 1 and not told:
            told = True
            warnings.warn(f"waiting for {_holder(handle)}, which writes {what}.", DataWarning, stacklevel=2)
        time.sleep(_LOOKS_EVERY)


def _most_seconds() -> float:
    text = os.environ.get(_VARIABLE, "")
    with suppress(ValueError):
        if (seconds := float(text)) >= 0:
            return seconds
    return _WAIT_SECONDS


def _holder(handle: int) -> str:
    """The process that has the lock on an open file, as far as the system says (Linux: proc_locks(5))."""
    if sys.platform == "linux":
        inode = str(os.fstat(handle).st_ino)
        with suppress(OSError, ValueError, IndexError):
            for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
                fields = line.split()
                if fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == inode and int(fields[4]) > 0:
                    return f"process {fields[4]}{_command(fields[4])}"
    return "another process"


def _command(process: str) -> str:
    with suppress(OSError):
        words = Path("/proc", process, "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        text = visible(" ".join(words).strip(), line=True)
        return f" ({text if len(text) <= 120 else text[:120] + '…'})" if text else ""
    return ""


def _held() -> set[str]:
    """The locks that this thread has."""
    if not hasattr(_HELD, "keys"):
        _HELD.keys = set()
    keys: set[str] = _HELD.keys
    return keys
