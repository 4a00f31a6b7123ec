"""Numbers of open files: those of the standard streams stay theirs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors have other numbers there")

FILES = """
import os
os.close({closed})
from isoc_kg.limits.scratch import ScratchFiles
from isoc_kg.limits.descriptors import beyond_standard
with ScratchFiles() as scratch:
    assert scratch.add(b"text").read_bytes() == b"text"
    assert min(scratch.descriptors, default=3) >= 3
    number = beyond_standard(os.open(os.devnull, os.O_RDONLY))
    assert number >= 3 and beyond_standard(number) == number
    assert os.open(os.devnull, os.O_RDONLY) == {closed}
"""


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_files_have_other_numbers(closed: int, tmp_path: Path) -> None:
    """The number of a closed stream stays free for it."""
    done = subprocess.run([sys.executable, "-c", FILES.format(closed=closed)], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_streams_are_opened(tmp_path: Path) -> None:
    """All three are there afterwards; those that were there stay what they were."""
    read, write = os.pipe()
    program = (
        "from isoc_kg.limits.descriptors import open_standard_streams; open_standard_streams(); import os, sys;"
        "same = os.fstat(0).st_rdev == os.fstat(1).st_rdev;"
        "sys.stderr.write(repr([sys.stdin.read(), sys.stdout.write('lost'), same]))"
    )
    script = tmp_path / "run.sh"
    script.write_text(f'exec {sys.executable} -c "{program}" <&- >&-\n')
    done = subprocess.run(["/bin/sh", str(script)], stderr=write, check=False)
    os.close(write)
    with os.fdopen(read) as said:
        assert (done.returncode, said.read()) == (0, "['', 4, True]")
