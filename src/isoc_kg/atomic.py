"""Files and folders that are there whole or not at all."""

import contextlib
import ctypes
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import OutputError

__all__ = ["MANIFEST", "replace_folder", "write_file", "writing_file"]

#: The file by which a folder is known as ours. It lists every file that we put there, so that nothing
#: else is ever removed with it.
MANIFEST = ".isoc-kg.json"
_RENAME_EXCHANGE = 2  # linux/fs.h


def _output_error(error: OSError, path: Path) -> OutputError:
    reasons = {
        errno.ENOSPC: ("the disk is full", "Make room, or write elsewhere with -o."),
        errno.EFBIG: ("the file would be larger than allowed here", "Raise the limit (ulimit -f), or write elsewhere."),
        errno.EDQUOT: ("the quota is used up", "Make room, or write elsewhere with -o."),
        errno.EACCES: ("no permission to write", "Write elsewhere with -o, or change the permissions."),
        errno.EPERM: ("no permission to write", "Write elsewhere with -o, or change the permissions."),
        errno.EROFS: ("the file system is read-only", "Write elsewhere with -o."),
        errno.ENOTDIR: ("a file stands where a folder should be", "Move it away, or write elsewhere with -o."),
        errno.EEXIST: ("a file stands where a folder should be", "Move it away, or write elsewhere with -o."),
        errno.EISDIR: ("a folder stands where a file should be", "Move it away, or write elsewhere with -o."),
    }
    reason, advice = reasons.get(error.errno or 0, (error.strerror or str(error), None))
    return OutputError(f"cannot be written: {reason}.", file=path, advice=advice)


@contextmanager
def writing_file(path: Path | str) -> Iterator[BinaryIO]:
    """A binary file that takes its name when the block ends well, and leaves no trace when it does not.

    Devices such as `/dev/full` are written directly. Raises `OutputError`.
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
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _output_error(error, path) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # mkstemp makes files that only their owner can read; what is published is for everybody
            os.fchmod(file.fileno(), _mode(path)) if hasattr(os, "fchmod") else None
        Path(temporary).replace(path)
    except OSError as error:
        raise _output_error(error, path) from None
    finally:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()


def _mode(path: Path) -> int:
    """The permissions that the file has, or that a new one would get."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_file(path: Path | str, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all."""
    with writing_file(path) as file:
        if isinstance(data, bytes):
            file.write(data)
        else:
            file.writelines(data)


def replace_folder(
    target: Path | str,
    files: Iterable[tuple[str, bytes | Callable[[BinaryIO], None]]],
    about: Mapping[str, str] | None = None,
) -> list[str]:
    """Put files into a folder, all of them or none; the relative paths of those whose bytes changed.

    The folder is built beside its target and exchanged with it in one step where the system can
    (Linux `renameat2`), else by two renames of which a marker tells the next run. Files whose bytes did not
    change are the same file as before, modification time included. Files that an earlier run put there and
    this one does not are gone afterwards. `about` is kept in the manifest. A folder
    that holds anything that is not ours is never replaced: `OutputError` names what stands in the way.
    """
    target = Path(target)
    target = target.parent.resolve() / target.name if target.name else target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _complete(target)
        old = _ours(target)
        building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".building", dir=target.parent))
    except OSError as error:
        raise _output_error(error, target) from None
    try:
        changed, names = [], []
        for name, content in files:
            path = building / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                if callable(content):
                    content(file)
                else:
                    file.write(content)
            if not _reuse(path, target / name):
                changed.append(name)
            names.append(name)
        gone = [name for name in old if name not in set(names)]
        manifest = json.dumps({"by": "isoc-kg", "about": dict(about or {}), "files": sorted(names)}, indent=1) + "\n"
        (building / MANIFEST).write_text(manifest, encoding="utf-8")
        _reuse(building / MANIFEST, target / MANIFEST)
        if changed or gone or not target.is_dir():
            building.chmod(_mode(target) if target.is_dir() else 0o777 & ~_mask())
            _exchange(building, target)
        return changed + gone
    except OSError as error:
        raise _output_error(error, target) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)


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
    there = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_symlink() or not path.is_dir()}
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
    for left in target.parent.glob(f".{target.name}.*.building"):
        shutil.rmtree(left, ignore_errors=True)
