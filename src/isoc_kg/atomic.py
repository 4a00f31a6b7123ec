"""Files and folders that are there whole or not at all."""

import contextlib
import ctypes
import errno
import glob
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import OutputError
from .limits.processes import ending_in_order

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "MANIFEST",
    "Building",
    "alone_in",
    "building_folder",
    "finish_writing",
    "replace_folder",
    "write_file",
    "write_together",
    "writing_file",
]

#: The file by which a folder is known as ours. It lists every file that we put there, so that nothing
#: else is ever removed with it.
MANIFEST = ".isoc-kg.json"
#: What a run that writes several files of a project has come to, and the ends of their names until all are written.
_JOURNAL = ".isoc-kg.writing.json"
_JOURNAL_PARTS = f".{_JOURNAL}.*.part"
_TOGETHER = ".together.part"
_BUILDING = ".building"
_PART = ".part"
_RENAME_EXCHANGE = 2  # linux/fs.h
_LOCKS = threading.local()


def _output_error(error: OSError, path: Path, *, fixed: bool = False) -> OutputError:
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
        raise _output_error(error, path, fixed=fixed) from None
    with ending_in_order():
        yield from _writing_part(path, fixed=fixed)


def _writing_part(path: Path, *, fixed: bool) -> Iterator[BinaryIO]:
    try:
        handle, temporary = _part(path)
    except OSError as error:
        raise _output_error(error, path, fixed=fixed) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # mkstemp makes files that only their owner can read; what is published is for everybody
            os.fchmod(file.fileno(), _mode(path)) if hasattr(os, "fchmod") else None
            if fcntl is not None:
                Path(temporary).replace(path)  # while the lock shows that somebody is writing it
        if fcntl is None:
            Path(temporary).replace(path)
    except OSError as error:
        raise _output_error(error, path, fixed=fixed) from None
    finally:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()


def _part(path: Path) -> tuple[int, str]:
    """A new file beside the one to be written, locked for as long as it is open, where the system has locks."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=_PART, dir=path.parent)
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
        names = [entry.path for entry in entries if _is_part(entry.name, path.name)]
    for name in names:
        with contextlib.suppress(OSError):  # it is being written, or is gone
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Path(name).unlink()
            finally:
                os.close(handle)


def _is_part(name: str, of: str) -> bool:
    start = f".{of[:100]}."
    middle = name[len(start) : -len(_PART)]
    return name.startswith(start) and name.endswith(_PART) and len(middle) == 8 and "." not in middle


def _mode(path: Path) -> int:
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


def write_together(root: Path, files: Mapping[Path, bytes]) -> None:
    """Write several files below a folder, all of them or none, wherever it is stopped. Raises `OutputError`.

    They are written beside their targets, and take their names when all are whole; a journal in the folder says how
    far it is. `finish_writing` completes a run that was stopped after that, and clears one that was stopped before.
    """
    root = root.resolve()
    journal = root / _JOURNAL
    files = {path.parent.resolve() / path.name: data for path, data in files.items()}
    if beyond := next((path for path in files if _outside(path, root)), None):
        raise OutputError(f"lies outside {root}, whose files are written together.", file=beyond)
    parts = {path: path.with_name(f".{path.name[:100]}{_TOGETHER}") for path in files}
    names = {str(part.relative_to(root)): str(path.relative_to(root)) for path, part in parts.items()}
    try:
        with ending_in_order(), _locked(root):
            _settle(root)
            write_file(journal, json.dumps({"whole": False, "files": names}).encode(), fixed=True)
            for path, data in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                with parts[path].open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                parts[path].chmod(_mode(path))
            write_file(journal, json.dumps({"whole": True, "files": names}).encode(), fixed=True)
            _settle(root)
    except SystemExit:  # a signal to stop
        with contextlib.suppress(OSError, OutputError):
            _settle(root)
        raise
    except (OSError, OutputError) as error:
        with contextlib.suppress(OSError, OutputError):
            _settle(root)
        raise (error if isinstance(error, OutputError) else _output_error(error, root, fixed=True)) from None


def finish_writing(root: Path) -> None:
    """Let the files of a `write_together` that was stopped take their names, if all of them are whole; else clear them.

    A run that is still writing is waited for, where the system has locks; elsewhere nothing is cleared.
    """
    if (root / _JOURNAL).is_file() or any(root.glob(_JOURNAL_PARTS)):
        try:
            with _locked(root) as locked:
                _settle(root.resolve(), clear=locked)
        except OSError as error:
            raise _output_error(error, root, fixed=True) from None


def _settle(root: Path, *, clear: bool = True) -> None:
    """Finish what the journal says is whole; else clear what a stopped run has left, if asked to."""
    journal = root / _JOURNAL
    if clear:
        for left in root.glob(_JOURNAL_PARTS):
            left.unlink(missing_ok=True)
    try:
        content = json.loads(journal.read_text(encoding="utf-8"))
        whole, names = content["whole"] is True, dict(content["files"])
        pairs = [((root / part), (root / name)) for part, name in names.items()]
        if any(
            not part.name.endswith(_TOGETHER) or _outside(part, root) or _outside(name, root) for part, name in pairs
        ):
            raise ValueError
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        raise OutputError("is not a journal of isoc-kg.", file=journal, advice="Remove it.") from None
    if not whole and not clear:
        return
    for part, name in pairs:
        with contextlib.suppress(FileNotFoundError):  # it has its name already
            part.replace(name) if whole else part.unlink()
    journal.unlink()


def _outside(path: Path, root: Path) -> bool:
    return not path.resolve().is_relative_to(root)


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Others that change a project wait until the block ends: what is read in it is what its changes are made of."""
    with _locked(root.resolve()):
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Others that write into the folder wait, a thread that has the lock goes on; whether the system has locks."""
    key = str(folder.resolve())
    if fcntl is None or key in _held():
        yield fcntl is not None
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _held().add(key)
        yield True
    finally:
        _held().discard(key)
        os.close(handle)


def _held() -> set[str]:
    """The folders that this thread has locked."""
    if not hasattr(_LOCKS, "folders"):
        _LOCKS.folders = set()
    folders: set[str] = _LOCKS.folders
    return folders


def replace_folder(
    target: Path | str,
    files: Iterable[tuple[str, bytes | Callable[[BinaryIO], None]]],
    about: Mapping[str, str] | None = None,
) -> list[str]:
    """Put files into a folder, all of them or none; the relative paths of those whose bytes changed.

    See `building_folder` for what is promised. `about` is kept in the manifest.
    """
    with building_folder(target, about) as building:
        for name, content in files:
            if callable(content):
                building.write(name, content)
            else:
                building.put(name, content)
    return building.changed


class Building:
    """A folder while it is being built beside its target.

    `put` may be called in several processes at once; what each of them has put is then told to the first by `took`.
    """

    def __init__(self, path: Path, target: Path, old: set[str]) -> None:
        self.path = str(path)
        self.target = str(target)
        self.old = old
        self.names: list[str] = []
        self.changed: list[str] = []
        self._folders: set[str] = set()

    def put(self, name: str, data: bytes) -> bool:
        """Put a file; whether its bytes differ from those it had. The same bytes are the same file as before."""
        new = self._place(name)
        self.names.append(name)
        if name in self.old and self._same(name, data) and self._link(name, new):
            return False
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
        self.changed.append(name)
        return True

    def write(self, name: str, content: Callable[[BinaryIO], None]) -> bool:
        """Put a file that is written piece by piece."""
        new = Path(self._place(name))
        self.names.append(name)
        with new.open("wb") as file:
            content(file)
        if _reuse(new, Path(self.target, name)):
            return False
        self.changed.append(name)
        return True

    def keep(self, name: str) -> bool:
        """Take a file over from the folder as it was, unread; False when it is not there."""
        if name in self.old and self._link(name, self._place(name)):
            self.names.append(name)
            return True
        return False

    def took(self, names: Iterable[str], changed: Iterable[str]) -> None:
        """What another process has put."""
        self.names += names
        self.changed += changed

    def _place(self, name: str) -> str:
        path = f"{self.path}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return path

    def _same(self, name: str, data: bytes) -> bool:
        try:
            handle = os.open(f"{self.target}/{name}", os.O_RDONLY)
        except OSError:
            return False
        try:
            if os.fstat(handle).st_size != len(data):
                return False
            at = 0
            while at < len(data):
                block = os.read(handle, 1 << 20)
                if not block or block != data[at : at + len(block)]:
                    return False
                at += len(block)
            return True
        finally:
            os.close(handle)

    def _link(self, name: str, new: str) -> bool:
        old = f"{self.target}/{name}"
        try:
            os.link(old, new, follow_symlinks=False)
        except OSError:  # a file system without hard links, or too many of them: the same bytes, copied
            try:
                shutil.copy2(old, new)
            except OSError:
                return False
        return True


@contextmanager
def building_folder(target: Path | str, about: Mapping[str, str] | None = None) -> Iterator[Building]:
    """A folder built beside its target and exchanged with it when the block ends well.

    The exchange is one step where the system can (Linux `renameat2`), else two renames of which a marker tells
    the next run. Files whose bytes did not change are the same file as before, modification time included.
    Files that an earlier run put there and this one does not are gone afterwards. `about` is kept in the
    manifest. A folder that holds anything that is not ours is never replaced: `OutputError` names what stands
    in the way.
    """
    with ending_in_order():
        yield from _building(Path(target), about)


def _building(target: Path, about: Mapping[str, str] | None) -> Iterator[Building]:
    target = target.parent.resolve() / target.name if target.name else target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _complete(target)
        old = set(_ours(target))
        path = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=_BUILDING, dir=target.parent))
    except OSError as error:
        raise _output_error(error, target) from None
    building = Building(path, target, old)
    held = _hold(path)
    try:
        yield building
        gone = sorted(old.difference(building.names))
        names = ",\n  ".join(json.dumps(name) for name in sorted(building.names))
        head = json.dumps({"by": "isoc-kg", "about": dict(about or {})}, indent=1).removesuffix("\n}")
        manifest = f'{head},\n "files": [\n  {names}\n ]\n}}\n'
        (path / MANIFEST).write_text(manifest, encoding="utf-8")
        _reuse(path / MANIFEST, target / MANIFEST)
        if building.changed or gone or not target.is_dir():
            path.chmod(_mode(target) if target.is_dir() else 0o777 & ~_mask())
            _exchange(path, target)
        building.changed += gone
    except OSError as error:
        raise _output_error(error, target) from None
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if held is not None:
            os.close(held)


def _hold(folder: Path) -> int | None:
    """A lock on a folder that this process builds in; None where the system has no locks, or another has it.

    A copy of the handle in a process forked meanwhile keeps the lock, too: it may still write there.
    """
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _ours(target: Path) -> list[str]:
    """The files that an earlier run put into the folder; refuses a folder with anything else in it."""
    if not target.exists() and not target.is_symlink():
        return []
    if target.is_symlink() or not target.is_dir():
        raise OutputError(
            "something that is not a folder stands here.", file=target, advice="Name a new folder with -o."
        )
    there = set(_files_in(str(target)))
    if not there:
        return []
    try:
        listed = set(json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise OutputError(
            "the folder is not empty and was not made by isoc-kg; it is left as it is.",
            file=target,
            advice="Name a new or an empty folder with -o.",
        ) from None
    foreign = sorted(there - listed - {MANIFEST})
    if foreign:
        raise OutputError(
            f"the folder holds {foreign[0]}{f' and {len(foreign) - 1} more' if len(foreign) > 1 else ''}, "
            "which isoc-kg did not put there; it is left as it is.",
            file=target,
            advice="Move that elsewhere, or name another folder with -o.",
        )
    return sorted(listed)


def _files_in(folder: str) -> Iterator[str]:
    """The relative paths of everything in a folder but folders."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{inside}{entry.name}/")
                else:
                    yield inside + entry.name


def _reuse(new: Path, old: Path) -> bool:
    """Make the new file the old one when their bytes are the same; whether they are."""
    try:
        if old.is_symlink() or not old.is_file() or old.stat().st_size != new.stat().st_size:
            return False
        with old.open("rb") as first, new.open("rb") as second:
            while block := first.read(1 << 20):
                if block != second.read(1 << 20):
                    return False
    except OSError:
        return False
    link = new.with_name(f".{new.name[:100]}.link")
    try:
        os.link(old, link)
    except OSError:  # a file system without hard links: the same bytes, copied
        shutil.copystat(old, new)
        return True
    link.replace(new)
    return True


def _exchange(building: Path, target: Path) -> None:
    """Let the two folders change places, in one step where the system can."""
    if not target.is_dir():
        building.replace(target)
        return
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if hasattr(libc, "renameat2"):
            here = -100  # AT_FDCWD
            done = libc.renameat2(here, os.fsencode(building), here, os.fsencode(target), _RENAME_EXCHANGE)
            if done == 0:
                return
            if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    marker, retired = _marker(target), target.with_name(f".{target.name}.retired")
    shutil.rmtree(retired, ignore_errors=True)
    write_file(marker, json.dumps({"new": building.name, "old": retired.name}).encode())
    target.replace(retired)
    building.replace(target)
    marker.unlink()
    shutil.rmtree(retired, ignore_errors=True)


def _marker(target: Path) -> Path:
    return target.with_name(f".{target.name}.exchange.json")


def _complete(target: Path) -> None:
    """Finish, or undo, an exchange by two renames that was stopped between them; clear what was left behind."""
    marker = _marker(target)
    if marker.is_file():
        names = json.loads(marker.read_text(encoding="utf-8"))
        new, old = (target.with_name(Path(names[key]).name) for key in ("new", "old"))
        if not target.exists():
            (new if (new / MANIFEST).is_file() else old).replace(target)
        shutil.rmtree(old, ignore_errors=True)
        marker.unlink()
    for left in target.parent.glob(f".{glob.escape(target.name)}.*{_BUILDING}"):
        own = "." not in left.name.removeprefix(f".{target.name}.").removesuffix(_BUILDING)  # not of “name.other”
        if own and left.is_dir() and not left.is_symlink():
            handle = _hold(left)
            if handle is not None or fcntl is None:
                shutil.rmtree(left, ignore_errors=True)
            if handle is not None:
                os.close(handle)
