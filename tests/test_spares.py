"""Folders that are made again from what they were before: the same as made anew, and whole wherever a run ends."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.atomic import MANIFEST, building_folder
from isoc_kg.errors import OutputError

Files = dict[str, bytes]
SPARE = ".site.isoc-kg.spare"
_STEPS = frozenset(("open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "shutil.rmtree"))


@pytest.fixture(autouse=True)
def of_any_size() -> Iterator[None]:
    """Folders of few files have spares, too."""
    with patch("isoc_kg.atomic.folders.WORTH", 0):
        yield


def put(target: Path, files: Files, kept: Files | None = None) -> list[str]:
    """Make the folder again; what `kept` has is taken over unread, as pages are that need not be rendered."""
    with building_folder(target, again=True) as building:
        for name, data in files.items():
            if not (kept and kept.get(name) == data and building.keep(name)):
                building.put(name, data)
    return building.changed


def content(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


_NAMES = st.sampled_from(["a.html", "a/b.html", "a/b", "a/b/c.ttl", "id/x.html", "id/y.html", "id", "z"])


def _has_places(files: Files) -> bool:
    """Whether no file would stand where a folder must."""
    return not any(other.startswith(f"{name}/") for name in files for other in files)


_FILES = st.dictionaries(_NAMES, st.sampled_from([b"", b"1", b"2", b"x" * 70_000]), max_size=6).filter(_has_places)


@settings(max_examples=60, deadline=None)
@given(st.lists(_FILES, min_size=3, max_size=6), st.booleans())
def test_what_is_brought_forward_is_what_is_made_anew(runs: list[Files], keeps: bool) -> None:
    """After each of several runs, file by file; what did not change is the same file, and no folder is empty."""
    with tempfile.TemporaryDirectory() as folder:
        target, before, numbers = Path(folder, "site"), Files(), dict[str, int]()
        for files in runs:
            changed = put(target, files, before if keeps else None)
            assert content(target) == files
            assert set(changed) == {name for name in files | before if files.get(name) != before.get(name)}
            assert all(any(inside.iterdir()) for inside in target.rglob("*") if inside.is_dir())
            found = {name: (target / name).stat().st_ino for name in files}
            assert all(found[name] == numbers[name] for name in files if before.get(name) == files[name])
            before, numbers = files, found
        assert {path.name for path in Path(folder).iterdir()} <= {"site", SPARE}


def test_that_the_third_run_links_nothing(tmp_path: Path) -> None:
    """The second run leaves a spare, the third one takes it: only what changed in either is touched."""
    target = tmp_path / "site"
    files = {f"id/{number}.html": b"%d" % number for number in range(50)}
    put(target, files)
    put(target, files | {"id/7.html": b"seven"}, files)
    assert (tmp_path / SPARE).is_dir()
    time.sleep(0.05)
    with patch("isoc_kg.atomic.folders.os.link", wraps=os.link) as link:
        put(target, files | {"id/7.html": b"seven", "id/8.html": b"eight"}, files | {"id/7.html": b"seven"})
    names = {Path(call.args[0]).name for call in link.call_args_list}
    assert names <= {"7.html", MANIFEST}
    assert content(target) == files | {"id/7.html": b"seven", "id/8.html": b"eight"}


def test_small_folders_have_none(tmp_path: Path) -> None:
    """What is soon linked leaves nothing beside it, and neither do folders that are not said to come again."""
    with patch("isoc_kg.atomic.folders.WORTH", 3):
        put(tmp_path / "site", {"a": b"1"})
        put(tmp_path / "site", {"a": b"2"})
    with building_folder(tmp_path / "site") as building:
        building.put("a", b"3")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("where", ["site", f"{SPARE}/new"])
def test_what_somebody_changed_since(tmp_path: Path, where: str) -> None:
    """A file put into the folder, or removed from it or from the spare: the spare is not trusted any more."""
    target, files = tmp_path / "site", {"id/a": b"1", "id/b": b"1"}
    put(target, files)
    put(target, files | {"id/b": b"2"})
    time.sleep(0.05)
    (tmp_path / where / "id/a").unlink()
    put(target, files | {"id/b": b"3"}, files)
    assert content(target) == files | {"id/b": b"3"}
    time.sleep(0.05)
    (target / "id/mine").write_bytes(b"mine")
    with pytest.raises(OutputError, match="id/mine"):
        put(target, files)
    assert (target / "id/mine").read_bytes() == b"mine"


def test_somebodys_files_in_a_spare_stay(tmp_path: Path) -> None:
    """It is left as it is, and not used."""
    target = tmp_path / "site"
    for number in range(2):
        put(target, {"a": b"%d" % number})
    mine = tmp_path / SPARE / "new/mine"
    mine.write_bytes(b"mine")
    for number in range(3):
        put(target, {"a": b"%d more" % number})
    assert mine.read_bytes() == b"mine"
    assert content(target) == {"a": b"2 more"}


def test_a_folder_from_elsewhere(tmp_path: Path) -> None:
    """What was put in the place of a folder, of the same names, is what is brought up to date, not what was there."""
    target, files = tmp_path / "site", {"id/a": b"1", "id/b": b"1"}
    put(target, files)
    put(target, files | {"id/b": b"2"})
    other = tmp_path / "other"
    put(other, {"id/a": b"other", "id/b": b"2"})
    target.rename(tmp_path / "away")
    other.rename(target)
    put(target, {"id/a": b"other", "id/b": b"3"}, {"id/a": b"other"})
    assert content(target) == {"id/a": b"other", "id/b": b"3"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such processes")
def test_killed_at_any_step(tmp_path: Path) -> None:
    """The folder is as before or as after, whatever the step, and the next run makes what is wanted."""
    target = tmp_path / "site"
    old = {"id/a": b"1", "id/b": b"1", "old/c": b"1"}
    middle, new = old | {"id/b": b"2", "id/d": b"2"}, {"id/a": b"1", "id/b": b"3", "new/c": b"3"}
    steps, ended, seen = 0, False, set()
    while not ended:
        put(target, old)
        put(target, middle)
        time.sleep(0.025)
        if not (child := os.fork()):
            _run_killed(target, new, middle, steps)
        status = os.waitpid(child, 0)[1]
        ended = os.WIFEXITED(status)
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
        found = content(target)
        assert found in (middle, new), steps
        seen.add(found == new)
        wanted = new | {"id/e": b"%d" % steps}
        put(target, wanted, new if found == new else middle)
        assert content(target) == wanted
        assert {path.name for path in tmp_path.iterdir()} <= {"site", SPARE}
        steps += 1
    assert seen == {False, True}
    assert steps > 20


def _run_killed(target: Path, files: Files, kept: Files, steps: int) -> None:
    """In a child: a run that is killed after so many steps on the disk; it ends well where there are not as many."""
    left = steps

    def watch(event: str, _: object) -> None:
        nonlocal left
        if event in _STEPS:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(watch)
        put(target, files, kept)
    except BaseException:  # noqa: BLE001 – the parent's tests are not to be run again here
        os._exit(1)
    os._exit(0)
