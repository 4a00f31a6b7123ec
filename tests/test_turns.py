"""Writers of one target take turns; a folder is as before or as after, wherever its making is stopped."""

import errno
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from isoc_kg import atomic
from isoc_kg.atomic import folders, turns
from isoc_kg.errors import IsocKgError, OutputError
from isoc_kg.publication.start import NewProject, start_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no locks there")

#: Makes a folder of two files, or with `alone` changes a project; says so in between, and waits.
WRITER = """
import sys, time
from pathlib import Path
from isoc_kg import atomic
target = Path(sys.argv[2])
with {"folder": atomic.building_folder, "project": atomic.alone_in}[sys.argv[1]](target) as building:
    if building:
        building.put("a", sys.argv[3].encode())
    print("writing", flush=True)
    sys.stdin.readline()
    if building:
        building.put("b", sys.argv[3].encode())
"""


def writer(kind: str, target: Path, text: str = "one") -> subprocess.Popen[str]:
    """A process that has the turn, until it is sent a line."""
    command = [sys.executable, "-c", WRITER, kind, str(target), text]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


TEXT = Path(__file__).parent / "projects" / "harbour" / "documents" / "guide.txt"
#: What a project is begun with on the command line.
NEW = ("--title", "Piers", "--base", "https://example.org/piers/", "--document", str(TEXT))


def begin(target: Path) -> None:
    """Begin a project."""
    start_project(target, NewProject("Piers", "https://example.org/piers/", documents=(TEXT,)))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ["folder", "project"])
def test_the_second_says_who_has_the_turn(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time of waiting, with nothing changed; and when the first is killed, the next goes on at once."""
    target = tmp_path / "out"
    target.mkdir()
    monkeypatch.setenv("ISOC_KG_WAIT", "0")
    first = writer(kind, target)

    def second() -> None:
        if kind == "folder":
            atomic.replace_folder(target, [("a", b"two"), ("b", b"two")])
        else:
            with atomic.alone_in(target):
                pass

    with pytest.raises(OutputError) as caught:
        second()
    assert str(target) in caught.value.message
    if sys.platform == "linux":
        assert f"process {first.pid}" in caught.value.message
    unfinished = set(tmp_path.iterdir())
    assert content(target) == {}
    first.kill()
    first.communicate()
    second()
    assert list(tmp_path.iterdir()) == [target]
    assert not unfinished & set(tmp_path.iterdir()) - {target}


def test_two_take_turns(tmp_path: Path) -> None:
    """The second waits, and what stands in the end is whole and its own."""
    target = tmp_path / "out"
    first = writer("folder", target)
    second = subprocess.Popen(
        [sys.executable, "-c", WRITER, "folder", str(target), "two"], stdin=subprocess.PIPE, text=True
    )
    first.communicate("\n", timeout=60)
    second.communicate("\n", timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert (target / "a").read_bytes() == (target / "b").read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [target]


def test_folders_of_other_targets_and_people_stay(tmp_path: Path) -> None:
    """What begins like the target's own leftovers, and the lock's own name."""
    others = [tmp_path / ".a.bc.12345678.building", tmp_path / ".a.my-work.building", tmp_path / ".a.isoc-kg.lock"]
    for path in others[:2]:
        path.mkdir()
        (path / "work").touch()
    others[2].write_text("mine", encoding="utf-8")
    running = writer("folder", tmp_path / "a.b")
    atomic.replace_folder(tmp_path / "a", [("x", b"1")])
    running.communicate("\n", timeout=60)
    assert running.returncode == 0
    assert all(path.exists() for path in others)
    assert set(content(tmp_path / "a.b")) == {"a", "b", atomic.MANIFEST}


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder for temporary files has one for this machine; where it has none either, work goes on."""
    flock, none = turns.fcntl.flock, set[str]()

    def without(handle: int, mode: int) -> None:
        if any(str(Path(f"/proc/self/fd/{handle}").readlink()).startswith(folder) for folder in none):
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        flock(handle, mode)

    if sys.platform != "linux":
        pytest.skip("looks into /proc")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(turns.tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(turns.fcntl, "flock", without)
    none.add(str(tmp_path / "here"))
    with atomic.building_folder(tmp_path / "here" / "out") as building:
        building.put("a", b"")
        assert len(list(temporary.iterdir())) == 1
    none.add(str(temporary))
    atomic.replace_folder(tmp_path / "here" / "out", [("b", b"")])
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["out"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("swaps", [True, False], ids=["exchange", "two renames"])
def test_what_somebody_puts_in_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool) -> None:
    """The old folder stays, with the file."""
    if not swaps:
        monkeypatch.setattr(folders, "_swapped", lambda *_: False)
    target = tmp_path / "out"
    atomic.replace_folder(target, [("a", b"1")])
    with pytest.raises(OutputError, match="notes"), atomic.building_folder(target) as building:  # noqa: PT012
        building.put("a", b"2")
        (target / "notes").write_text("mine", encoding="utf-8")
    assert (target / "a").read_bytes() == b"1"
    assert (target / "notes").read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_targets_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link, a file, a project, home, a file system's root; each as it was, and told why."""
    home, project, file, link = (tmp_path / name for name in ("home", "project", "file", "link"))
    home.mkdir()
    project.mkdir()
    (project / "kg.toml").touch()
    file.touch()
    link.symlink_to(home)
    monkeypatch.setenv("HOME", str(home))
    before = sorted(tmp_path.rglob("*"))
    cases = [(home, "home folder"), (project, "project"), (file, "not a folder"), (link, "a link"), (Path("/"), "root")]
    for target, reason in cases:
        for make in (lambda target: atomic.replace_folder(target, [("a", b"")]), begin):
            with pytest.raises(OutputError, match=reason):
                make(target)
    assert sorted(tmp_path.rglob("*")) == before


# -- stopped anywhere ---------------------------------------------------------------------------

#: The calls of the system by which files come, go and get their names.
CALLS = ("open", "mkdir", "replace", "rename", "link", "unlink", "rmdir", "chmod", "fsync", "write", "close")


def build(target: Path) -> None:
    atomic.replace_folder(target, [("a", b"2"), ("folder/b", b"2"), ("same", b"same")])


def renamed_twice(target: Path) -> None:
    with patch.object(folders, "_swapped", lambda *_: False):
        build(target)


def change(target: Path) -> None:
    names = [name for name in ("a", "folder/b") if target.is_dir()]
    target.mkdir(exist_ok=True)
    atomic.write_together(target, {target / name: b"2" for name in names or ("a", "folder/b")})


def failing(act: Callable[[Path], None], target: Path, number: int, how: str) -> bool:
    """Whether a child that does it got to its call of this number, at which it was killed or saw an error."""
    child = os.fork()
    if not child:
        count = 0

        def counting(call: Callable[..., Any]) -> Callable[..., Any]:
            def counted(*arguments: Any, **named: Any) -> Any:
                nonlocal count
                count += 1
                if count == number and how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                if count == number or (count > number and how == "ENOSPC" and call.__name__ in ("write", "fsync")):
                    raise OSError(getattr(errno, how), os.strerror(getattr(errno, how)))
                return call(*arguments, **named)

            return counted

        try:
            for name in CALLS:
                setattr(os, name, counting(getattr(os, name)))
            act(target)
            os._exit(0 if count >= number else 9)
        except IsocKgError:  # also of a file that is read, whose opening fails here, too
            os._exit(3)
        except BaseException:  # noqa: BLE001 – its trace helps to see what it was
            traceback.print_exc()
        finally:
            os._exit(4)
    status = os.waitpid(child, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 3, 9, -signal.SIGKILL), (number, code)
    return code != 9


@pytest.mark.parametrize("how", ["kill", "ENOSPC", "EIO", "EROFS"])
@pytest.mark.parametrize("act", [build, renamed_twice, change, begin], ids=lambda act: act.__name__)
def test_stopped_at_each_call(act: Callable[[Path], None], how: str, tmp_path: Path) -> None:
    """The folder is as before or as after, when the next command has looked; nothing else stays beside it."""
    if act is begin and how in ("EIO", "EROFS"):
        pytest.skip("as where the disk is full")
    number = 0
    while True:
        number += 1
        place = tmp_path / str(number)
        target = place / "out"
        place.mkdir()
        if act in (build, renamed_twice):
            atomic.replace_folder(target, [("a", b"1"), ("old", b"1"), ("same", b"same")])
        elif act is change:
            (target / "folder").mkdir(parents=True)
            for name in ("a", "folder/b"):
                (target / name).write_bytes(b"1")
        before = content(place)
        reached = failing(act, target, number, how)
        if act is build or act is begin:  # also before anybody has looked
            there = {name: data for name, data in content(place).items() if name.startswith("out/")}
            assert there == before or "out/a" in there or "out/kg.toml" in there
        if act is change:
            atomic.finish_writing(target)
        after = content(place)
        if act is not change:
            again = place / "out"
            try:
                act(again)
            except OutputError:  # it was there, whole
                assert act is begin
            assert [path.name for path in place.iterdir()] == ["out"], number
            assert content(place).keys() >= {name for name in after if name.startswith("out/")} - {"out/old"}
        else:
            assert set(after) == {"out/a", "out/folder/b"}, number
            assert len(set(after.values())) == 1, number
        if not reached:
            assert number > 5
            return


def test_killed_at_any_time(tmp_path: Path) -> None:
    """`init` killed after a random time, again and again: no folder, or a whole project."""
    for number in range(8):
        target = tmp_path / str(number)
        command = [sys.executable, "-m", "isoc_kg", "init", str(target), *NEW]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.1 * number)
        process.kill()
        process.wait()
        if target.exists():
            assert (target / "kg.toml").is_file()
            assert list((target / "facts" / "units").rglob("*.jsonl"))
