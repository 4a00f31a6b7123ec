"""Files for child processes: nothing of them is left."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from isoc_kg.limits import scratch
from isoc_kg.limits.scratch import ScratchFiles


@pytest.mark.parametrize("open_files", ["/proc/self/fd", "/no/such/folder"])
def test_children_read_them(open_files: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same path, each from its start, as often as they like; with names where the system needs them."""
    monkeypatch.setattr(scratch, "_OPEN_FILES", open_files)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    (tmp_path / "part").write_bytes(b"b" * 3)
    with ScratchFiles() as files:
        path = files.add(b"a", tmp_path / "part", b"c")
        other = files.add(b"")
        code = f"print([open({str(path)!r}).read() for _ in range(2)], open({str(other)!r}).read())"
        done = subprocess.run([sys.executable, "-c", code], pass_fds=files.descriptors, capture_output=True, check=True)
        assert done.stdout == b"['abbbc', 'abbbc'] \n"
    assert not list((tmp_path / "t").iterdir())
