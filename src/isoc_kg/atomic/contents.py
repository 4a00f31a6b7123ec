"""What a folder holds: the files that its manifest lists as ours, and whether anything was put into it since."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring_ascii
from pathlib import Path

from ..errors import OutputError

__all__ = [
    "MANIFEST",
    "Stamps",
    "current_stamps",
    "lasting_stamps",
    "listed_names",
    "manifest_text",
    "our_files",
    "parents",
]

#: The file by which a folder is known as ours. It lists every file that we put there, so that nothing
#: else is ever removed with it.
MANIFEST = ".isoc-kg.json"
#: Path of each folder in a folder, itself (empty) among them → number, and when entries came or went (ns): as long as
#: they are equal, no name in it has changed.
Stamps = dict[str, list[int]]
_SECOND = 1_000_000_000
_TICK = 20_000_000  #: ns in which two changes may have one time


def manifest_text(names: Iterable[str], about: Mapping[str, str]) -> str:
    """The content of the manifest of a folder with these files."""
    listed = ",\n  ".join(map(encode_basestring_ascii, sorted(names)))
    head = json.dumps({"by": "isoc-kg", "about": dict(about)}, indent=1).removesuffix("\n}")
    return f'{head},\n "files": [\n  {listed}\n ]\n}}\n'


def listed_names(folder: Path) -> list[str]:
    """The files that the manifest of a folder lists. Raises `OutputError` where there is none of ours."""
    try:
        names: list[str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return sorted(names)
    except (OSError, ValueError, KeyError, TypeError):
        raise OutputError(
            "the folder is not empty and was not made by isoc-kg; it is left as it is.",
            file=folder,
            advice="Name a new or an empty folder with -o.",
        ) from None


def our_files(folder: Path) -> tuple[list[str], Stamps]:
    """The files that an earlier run put into a folder, and its stamps; refuses a folder with anything else in it."""
    stamps: Stamps = {}
    there = set(_files_in(str(folder), stamps)) if folder.exists() else set()
    if not there:
        return [], stamps
    listed = listed_names(folder)
    foreign = sorted(there.difference(listed) - {MANIFEST})
    if foreign:
        raise OutputError(
            f"the folder holds {foreign[0]}{f' and {len(foreign) - 1} more' if len(foreign) > 1 else ''}, "
            "which isoc-kg did not put there; it is left as it is.",
            file=folder,
            advice="Move that elsewhere, or name another folder with -o.",
        )
    return listed, stamps


def _files_in(folder: str, stamps: Stamps) -> Iterator[str]:
    """The relative paths of everything in a folder but folders, whose stamps are added."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        stamps[inside] = _stamp(f"{folder}/{inside}")  # first: what comes while it is read shows later
        with os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{inside}{entry.name}/")
                else:
                    yield inside + entry.name


def parents(names: Iterable[str]) -> set[str]:
    """The folders in which files of these paths are, as `Stamps` have them."""
    folders = {""}
    waiting = {name.rpartition("/")[0] for name in names}
    while waiting := {name for name in waiting if name and f"{name}/" not in folders}:
        folders.update(f"{name}/" for name in waiting)
        waiting = {name.rpartition("/")[0] for name in waiting}
    return folders


def current_stamps(folder: Path, inside: Iterable[str]) -> Stamps:
    """The stamps of folders in a folder, as they are now; without those that are not there."""
    stamps = {}
    for name in inside:
        try:
            stamps[name] = _stamp(f"{folder}/{name}")
        except OSError:
            continue
    return stamps


def lasting_stamps(folder: Path, inside: Iterable[str]) -> Stamps:
    """The stamps of folders that nobody changes now: after a moment in which none of them could change unseen."""
    time.sleep(2 * _TICK / _SECOND)
    return current_stamps(folder, inside)


def _stamp(folder: str) -> list[int]:
    """A folder's stamp; of one that was changed just now, so that a further change may not show, it never comes again.

    Renaming the outermost folder changes its `ctime` alone, which therefore does not count.
    """
    status = os.stat(folder, follow_symlinks=False)  # noqa: PTH116 – a path as text
    changed, now = status.st_mtime_ns, time.time_ns()
    tick = _TICK if changed % _SECOND else 2 * _SECOND  # some file systems know whole seconds only
    return [status.st_ino, changed, now if now - changed < tick else 0]
