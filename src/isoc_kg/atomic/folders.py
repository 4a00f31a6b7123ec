"""Folders that are there whole or not at all."""

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import OutputError
from ..limits.processes import ending_in_order
from .contents import MANIFEST, Stamps, current_stamps, listed_names, manifest_text, our_files, parents
from .files import output_error, short_name
from .spares import WORTH, leave_spare, take_spare
from .turns import turn_for

__all__ = ["MANIFEST", "Building", "building_folder", "new_folder", "replace_folder"]

#: The end of the name of a folder beside a target in which the new one is made, and what it holds: the new one, which
#: becomes the old one, or (where two folders cannot change places in one step) both.
_ROOM, _NEW, _OLD = ".building", "new", "old"
_IN_WORK: set[str] = set()  #: those that this process has not finished
_RENAME_EXCHANGE = 2  # linux/fs.h


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

    def __init__(self, path: Path, target: Path, old: set[str], differing: frozenset[str] | None = None) -> None:
        self.path = str(path)
        self.target = str(target)
        self.old = old
        #: None: it begins empty; else it has all files of the old one but these, which are not there, or not the same
        self.differing = differing
        self.names: list[str] = []
        self.changed: list[str] = []
        self._folders: set[str] = set()

    def put(self, name: str, data: bytes) -> bool:
        """Put a file; whether its bytes differ from those it had. The same bytes are the same file as before."""
        self.names.append(name)
        if name in self.old and self._same(name, data) and self._take_over(name):
            return False
        handle = _opened(self._place(name))
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
        with open(_opened(str(new)), "wb") as file:
            content(file)
        if _reuse(new, Path(self.target, name)):
            return False
        self.changed.append(name)
        return True

    def keep(self, name: str) -> bool:
        """Take a file over from the folder as it was, unread; False when it is not there."""
        if name in self.old and self._take_over(name):
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
            try:
                Path(folder).mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):  # there was a file of that name
                for outer in Path(name).parents:
                    if Path(self.path, outer).is_file():
                        _remove(f"{self.path}/{outer}")
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

    def _take_over(self, name: str) -> bool:
        """Let a file be the one that the old folder has, unless it is already; whether that has it."""
        if self.differing is not None and name not in self.differing:
            return True
        old, new = f"{self.target}/{name}", self._place(name)
        try:
            _remove(new)
            os.link(old, new, follow_symlinks=False)
        except OSError:  # a file system without hard links, or too many of them: the same bytes, copied
            try:
                shutil.copy2(old, new)
            except OSError:
                return False
        return True

    def finish(self, about: Mapping[str, str]) -> list[str]:
        """Remove what is not to be there and write the manifest; the files of the old folder that are gone."""
        gone = self.old.difference(self.names)
        if self.differing is not None:
            for name in (gone | self.differing).difference(self.names):
                with contextlib.suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
                    os.unlink(f"{self.path}/{name}")  # noqa: PTH108 – a path as text
            left = parents((*self.old, *self.differing)) - parents(self.names)
            for folder in sorted(left, key=len, reverse=True):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    os.rmdir(f"{self.path}/{folder}")  # noqa: PTH106 – a path as text
        manifest = Path(self.path, MANIFEST)
        manifest.unlink(missing_ok=True)
        manifest.write_text(manifest_text(self.names, about), encoding="utf-8")
        _reuse(manifest, Path(self.target, MANIFEST))
        return sorted(gone)


def _opened(path: str) -> int:
    """A new file, open to be written. What had its name may be a file of other folders, too, and is not touched."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        _remove(path)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _remove(path: str) -> None:
    """Remove what stands where a file is to stand, if anything does."""
    try:
        os.unlink(path)  # noqa: PTH108 – a path as text
    except FileNotFoundError:
        return
    except OSError:
        if not os.path.isdir(path):  # noqa: PTH112 – a path as text
            raise
        shutil.rmtree(path)


@contextmanager
def building_folder(
    target: Path | str, about: Mapping[str, str] | None = None, *, again: bool = False
) -> Iterator[Building]:
    """A folder built beside its target and exchanged with it when the block ends well.

    The exchange is one step where the system can (Linux `renameat2`), else two renames of which a marker tells
    the next run. Files whose bytes did not change are the same file as before, modification time included.
    Files that an earlier run put there and this one does not are gone afterwards. `about` is kept in the
    manifest. A folder that holds anything that is not ours is never replaced: `OutputError` names what stands
    in the way.

    With `again`, a folder of very many files is expected to be made again: what it was before stays beside it, the
    files that did not change being the same ones, and is brought forward by the next run.
    """
    with ending_in_order():
        yield from _building(Path(target), about, again)


def _building(target: Path, about: Mapping[str, str] | None, again: bool) -> Iterator[Building]:
    with _room_beside(target) as (target, path):
        spare = take_spare(target, path) if again else None
        old, stamps = (listed_names(target), spare.stamps) if spare else our_files(target)
        building = Building(path, target, set(old), spare.differing if spare else None)
        yield building
        gone = building.finish(about or {})
        beside: Path | None = path  # what there is besides the target when all is done
        if building.changed or gone or not target.is_dir():
            path.chmod(_folder_mode(target if target.is_dir() else path))
            beside = _exchange(path, target, stamps)
        if again and beside and len(old) >= WORTH and stamps.keys() == parents(old):
            leave_spare(beside, target, old, building.names, {*building.changed, *gone})
        building.changed += gone


@contextmanager
def new_folder(target: Path | str) -> Iterator[Path]:
    """A folder that takes its name when the block ends well; `OutputError` where there is more than an empty one."""
    with ending_in_order(), _room_beside(Path(target)) as (target, path):
        if target.is_dir() and any(target.iterdir()):
            raise OutputError("is not an empty folder; it is left as it is.", file=target, advice="Name a new folder.")
        yield path
        path.chmod(_folder_mode(target if target.is_dir() else path))
        path.replace(target)  # also onto an empty one, in one step; refused if somebody has put a file there by now


def _refuse(place: Path, target: Path) -> None:
    """Raise `OutputError` for what cannot, or should not, change places with a new folder."""
    problem, advice = "", "Name a new folder."
    if place.is_symlink():
        problem, advice = f"is a link to {place.readlink()}.", "Name the folder itself."
    elif place.exists() and not place.is_dir():
        problem = "something that is not a folder stands here."
    elif place == place.parent or os.path.ismount(place):
        problem, advice = "is a file system's own root, which cannot be replaced.", "Name a folder inside it."
    elif place == Path("~").expanduser().resolve():
        problem = "is your home folder."
    elif (place / "kg.toml").exists():
        problem = "is a project's folder."
    if problem:
        raise OutputError(f"{problem} It is left as it is.", file=target, advice=advice)


@contextmanager
def _room_beside(target: Path) -> Iterator[tuple[Path, Path]]:
    """The target's place and a new empty folder beside it, while nobody else makes the same; cleared in the end."""
    place = target.resolve() if target.name in ("", "..") else target.parent.resolve() / target.name
    if place == place.parent:
        _refuse(place, target)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(error, target) from None
    with turn_for(place):
        room: Path | None = None
        try:
            _clear(place)
            _refuse(place, target)
            room = Path(tempfile.mkdtemp(prefix=f".{short_name(place)}.", suffix=_ROOM, dir=place.parent))
            _IN_WORK.add(str(room))
            (room / _NEW).mkdir()
            yield place, room / _NEW
        except OSError as error:
            raise output_error(error, target) from None
        finally:
            if room is not None:
                shutil.rmtree(room, ignore_errors=True)


def _folder_mode(folder: Path) -> int:
    """The permissions of a folder that is there, or those that a new one gets."""
    return folder.stat().st_mode & 0o7777


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


def _exchange(new: Path, target: Path, stamps: Stamps) -> Path | None:
    """Let the two folders change places, in one step where the system can; where the old one is then, if it is there.

    What somebody has put into the old one since its stamps were taken is not ours to remove: then all stays as it was.
    """
    if not target.is_dir():
        new.replace(target)
        return None
    if _swapped(new, target):
        try:
            _refuse_more(new, stamps)
        except OutputError as error:
            _swapped(new, target)
            error.file = target
            raise
        return new
    old = new.with_name(_OLD)
    target.replace(old)
    try:
        _refuse_more(old, stamps)
        new.replace(target)
    except (OSError, OutputError) as error:
        old.replace(target)
        if isinstance(error, OutputError):
            error.file = target
        raise
    return None


def _refuse_more(folder: Path, stamps: Stamps) -> None:
    """Raise `OutputError` where somebody has put something into a folder since its stamps were taken."""
    if current_stamps(folder, stamps) != stamps:
        our_files(folder)


def _swapped(one: Path, other: Path) -> bool:
    """Whether two folders changed places in one step; False where the system cannot do it."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(libc, "renameat2"):
        return False
    here = -100  # AT_FDCWD
    assert libc is not None
    if libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    if ctypes.get_errno() in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _clear(target: Path) -> None:
    """Finish, or undo, an exchange by two renames that was stopped between them; clear what was left behind."""
    start = f".{short_name(target)}."
    with os.scandir(target.parent) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(start) and entry.name.endswith(_ROOM)]
    for name in names:
        room = target.with_name(name)
        # the folders of other targets have longer names; this process may be making another one
        if not re.fullmatch(r"[a-z0-9_]{8}", name[len(start) : -len(_ROOM)]) or str(room) in _IN_WORK:
            continue
        if room.is_symlink() or not room.is_dir():
            continue
        if (room / _OLD).is_dir() and not target.exists():
            (room / (_NEW if (room / _NEW / MANIFEST).is_file() else _OLD)).replace(target)
        shutil.rmtree(room, ignore_errors=True)
