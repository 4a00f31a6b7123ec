"""Files of a project that cannot be written, and what a killed run leaves."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from isoc_kg import atomic
from isoc_kg.errors import OutputError


def killed(code: str) -> None:
    """Run code that is killed."""
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_the_next_run_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    """The same file written again removes its parts; those of other files, and of runs that go on, stay."""
    file = tmp_path / "areas.ttl"
    killed(
        f"import os\nfrom isoc_kg.atomic import writing_file\n"
        f"with writing_file({str(file)!r}):\n os.kill(os.getpid(), 9)"
    )
    assert [path.name.startswith(".areas.ttl.") for path in tmp_path.iterdir()] == [True]
    other = tmp_path / ".areas.ttl.more.part"
    other.write_text("somebody's", encoding="utf-8")
    with atomic.writing_file(file) as going_on:
        going_on.write(b"one")
        atomic.write_file(file, b"two")
        assert len(list(tmp_path.glob(".areas.ttl.????????.part"))) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"areas.ttl", ".areas.ttl.more.part"}
    assert file.read_bytes() == b"one"


def test_an_index_killed_leaves_nothing(tmp_path: Path) -> None:
    """Killed while its units come, then made again: only the index stays."""
    text, target = tmp_path / "text.txt", tmp_path / "units" / "1.jsonl"
    text.write_text("One.\n\nTwo.", encoding="utf-8")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom isoc_kg.documents.index import index_document\n"
        f"index_document(Path({str(text)!r}), Path({str(target)!r}), slug='a', edition='1', language='en'"
    )
    killed(code + ", progress=lambda _: os.kill(os.getpid(), 9))")
    subprocess.run([sys.executable, "-c", code + ")"], check=True, timeout=60)
    assert [path.name for path in target.parent.iterdir()] == ["1.jsonl"]


@pytest.mark.parametrize("number", range(1, 8))
def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Wherever it is full, nothing stays but what was there, and no `-o` is advised that the command has not."""
    calls = 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    files = {tmp_path / "facts" / f"{name}.ttl": b"new" for name in "abcde"}
    try:
        atomic.write_together(tmp_path, files)
    except OutputError as error:
        assert error.advice == "Make room."
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    else:
        pytest.fail("nothing was noticed")


def test_where_there_is_another_place_it_is_named(tmp_path: Path) -> None:
    """An output can be written elsewhere, a project's own file cannot."""
    (tmp_path / "out").mkdir()
    for fixed, advice in ((False, "Move it away, or write elsewhere with -o."), (True, "Move it away.")):
        with pytest.raises(OutputError) as caught:
            atomic.write_file(tmp_path / "out", b"", fixed=fixed)
        assert caught.value.advice == advice


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
@pytest.mark.parametrize("way", ["writing_file", "building_folder"])
def test_a_signal_to_stop_leaves_nothing_behind(tmp_path: Path, way: str, number: signal.Signals) -> None:
    """Neither the file or folder nor a part of it; the exit code names the signal."""
    code = f"""
import sys, time
from isoc_kg.atomic import {way}
with {way}(sys.argv[1]) as made:
    print("writing", flush=True)
    for _ in range(600):  # a signal just before a sleep does not end that one
        time.sleep(0.1)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert list(tmp_path.iterdir())
        process.send_signal(number)
        assert process.wait(30) == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_what_other_runs_left(tmp_path: Path) -> None:
    """A folder that a dead process was building is cleared; one in work, or of another target, stays."""
    target = tmp_path / "site[1]"
    left, other = tmp_path / ".site[1].abcdefgh.building", tmp_path / ".site[1].old.abcdefgh.building"
    for folder in (left, other):
        (folder / "inside").mkdir(parents=True)
    with atomic.building_folder(target) as first:
        assert not left.exists()
        assert other.exists()
        with atomic.building_folder(target) as second:
            assert Path(first.path).is_dir()
            second.put("b", b"b")
        first.put("b", b"b")
    assert other.exists()
    assert [path.name for path in tmp_path.iterdir() if "building" in path.name] == [other.name]
