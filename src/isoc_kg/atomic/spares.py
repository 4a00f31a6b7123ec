"""A folder as it was before, kept beside it: brought forward where files changed, it becomes the new one.

Most files of a large folder that is made again are the same as before, and to link and remove hundreds of thousands of
them takes longer than to write those that changed.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import OutputError
from .contents import MANIFEST, Stamps, current_stamps, lasting_stamps, our_files, parents
from .files import short_name

__all__ = ["WORTH", "Spare", "leave_spare", "take_spare"]

WORTH = 10_000  #: below this many files, linking them is soon done
_TREE, _RECORD, _TAKEN = "new", "spare.json", "taken"


@dataclass(frozen=True, slots=True)
class Spare:
    """What was known of a spare when it was left."""

    differing: frozenset[str]  #: the files that it has not as the folder has them, or that only one of them has
    stamps: Stamps  #: of the folder


def _room(target: Path) -> Path:
    return target.with_name(f".{short_name(target)}.isoc-kg.spare")


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def take_spare(target: Path, place: Path) -> Spare | None:
    """Put the spare of a folder in the place of an empty folder, where there is one that is known to fit; else None.

    A spare that does not fit is moved beside the place, to be removed with it, unless somebody put files into it.
    """
    room = _room(target)
    try:
        record = json.loads((room / _RECORD).read_bytes())
        spare = Spare(frozenset(record["differing"]), record["stamps"])
        tree = room / _TREE
        untouched = current_stamps(tree, record["own_stamps"]) == record["own_stamps"]
        if not untouched:
            our_files(tree)
        fits = untouched and current_stamps(target, spare.stamps) == spare.stamps
        fits = fits and record["manifest"] == _digest(target)
    except (OSError, ValueError, KeyError, TypeError, OutputError):
        return None
    taken = place.with_name(_TAKEN)
    room.replace(taken)  # from here on, whoever finds it removes it
    if not fits:
        return None
    place.rmdir()
    (taken / _TREE).replace(place)
    return spare


def leave_spare(tree: Path, target: Path, names: Collection[str], others: Iterable[str], differ: Iterable[str]) -> None:
    """Let a folder beside its target be the spare of that, for the next run.

    `names` are the files that it has, `others` those of the target, `differ` those in which the two differ. Nothing is
    left where files cannot be linked.
    """
    room = tree.parent
    own_stamps, stamps = lasting_stamps(tree, parents(names)), current_stamps(target, parents(others))
    with contextlib.suppress(OSError):
        os.link(target / MANIFEST, room / MANIFEST)  # where this fails, the files of the two are copies
        (room / MANIFEST).unlink()
        shutil.rmtree(room / _TAKEN, ignore_errors=True)
        record = {
            "by": "isoc-kg",
            "about": "The folder as it was before, of which the next run makes the new one. It may be removed.",
            "manifest": _digest(target),
            "differing": sorted(differ),
            "stamps": stamps,
            "own_stamps": own_stamps,
        }
        (room / _RECORD).write_text(json.dumps(record), encoding="utf-8")
        room.rename(_room(target))
