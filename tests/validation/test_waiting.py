"""Processes of engines that are there before the data: the same reports, none left behind."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.cli import main
from isoc_kg.limits import Limits
from isoc_kg.limits.forked_script import ForkedScript
from isoc_kg.limits.forking import forked
from isoc_kg.limits.processes import Finished, run_script
from isoc_kg.limits.scratch import ScratchFiles
from isoc_kg.validation import engines, validate, waiting
from isoc_kg.validation.waiting import engines_waiting, waiting_engine

MEMORY = Limits().validation_memory_bytes
DATA = b'<http://e/a> <http://e/p> "1" .\n'
QUERY = "SELECT $this WHERE { $this <http://e/p> ?v }"
SHAPES = {
    "shacl": b"<http://e/s> <http://www.w3.org/ns/shacl#targetNode> <http://e/a> .\n"
    b"<http://e/s> <http://www.w3.org/ns/shacl#closed> true .\n".replace(
        b"true", b'"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    ),
    "compiled": b"<http://e/s> <http://www.w3.org/ns/shacl#targetNode> <http://e/a> .\n"
    b"<http://e/s> <http://www.w3.org/ns/shacl#sparql> <http://e/q> .\n"
    b'<http://e/q> <http://www.w3.org/ns/shacl#select> "%b" .\n' % QUERY.encode(),
}


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The scripts that are started for a task."""
    started: list[Path] = []

    def run(script: Path, *rest: object, **more: object) -> object:
        started.append(script)
        return run_script(script, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(engines, "run_script", run)
    return started


@pytest.fixture(params=["forked", "started"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How processes come to be; where nothing can be forked, only the one."""
    if request.param == "forked" and sys.platform != "linux":
        pytest.skip("processes are forked on Linux")
    monkeypatch.setattr(waiting, "may_fork", lambda: request.param == "forked")
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("engine", SHAPES)
@pytest.mark.parametrize("as_file", [True, False])
def test_it_validates(engine: str, as_file: bool, starts: list[Path], tmp_path: Path) -> None:
    """One that waits validates once, with data in memory or in a file; a further validation starts its own."""
    path = tmp_path / "data.nt"
    path.write_bytes(DATA)
    data = path if as_file else DATA
    expected = validate([data], SHAPES[engine], engine=engine)
    assert len(expected.results) == len(starts) == 1
    with engines_waiting(engine, memory=MEMORY):
        assert validate([data], SHAPES[engine], engine=engine) == expected
        assert len(starts) == 1
        assert validate([data], SHAPES[engine], engine=engine) == expected
    assert len(starts) == 2


def test_it_does_not_wait_for_others() -> None:
    """A process that is forked meanwhile, and has what it was to be given by, keeps it from nothing."""
    expected = validate([DATA], SHAPES["shacl"], engine="shacl")
    with engines_waiting("shacl", memory=MEMORY), forked(lambda: time.sleep(60)):
        assert validate([DATA], SHAPES["shacl"], engine="shacl") == expected


def test_those_left_end(way: str) -> None:
    """What nobody needs ends with the block."""
    with engines_waiting("shacl", "compiled", memory=MEMORY):
        scripts = [one._script for one in waiting._waiting]
        assert [isinstance(script, ForkedScript) for script in scripts] == [way == "forked"] * 2
        numbers = [script._child if isinstance(script, ForkedScript) else script._child.pid for script in scripts]
        for number in numbers:
            os.kill(number, 0)
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert not waiting._waiting


def test_who_gets_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A validation by the same engine with the same limit, whose files are small or have names."""
    monkeypatch.setattr(waiting, "_MOST_BYTES", 10)
    named = tmp_path / "named.nt"
    named.write_bytes(DATA)
    with ScratchFiles() as scratch, engines_waiting("shacl", memory=MEMORY):
        large, small = scratch.add(DATA), scratch.add(b"# small\n")
        assert waiting_engine("compiled", MEMORY, ()) is None
        assert waiting_engine("shacl", MEMORY - 1, ()) is None
        assert waiting_engine("shacl", MEMORY, (small, large)) is None
        found = waiting_engine("shacl", MEMORY, (named, small))
        assert found
        assert found.path(named) == named
        assert found.path(small).read_bytes() == small.read_bytes()
        assert found.path(small) != small
        found.end()
        assert waiting_engine("shacl", MEMORY, ()) is None


@pytest.mark.parametrize(
    ("options", "started"),
    [((), 0), (("--engine", "shacl"), 0), (("--engine", "compiled"), 1), (("--lenient",), 0)],
)
def test_a_command_starts_what_it_needs(
    options: tuple[str, ...], started: int, tmp_path: Path, starts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One engine for the shapes and one for the data, before the command is loaded; others when they are asked."""
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.nt"
    data.write_bytes(DATA)
    shapes.write_bytes(SHAPES["shacl"])
    own: list[waiting.WaitingEngine] = []
    finish = waiting.WaitingEngine.finish

    def spied(self: waiting.WaitingEngine, *rest: Any) -> Finished:
        own.append(self)
        return finish(self, *rest)

    monkeypatch.setattr(waiting.WaitingEngine, "finish", spied)
    with pytest.raises(SystemExit) as ended:
        main(["validate", str(data), "--shapes", str(shapes), *options])
    assert ended.value.code == 1
    assert (len(own), len(starts)) == (2 - started, started)
    assert not waiting._waiting


CLOSES = pytest.mark.skipif(sys.platform == "win32", reason="a shell closes them")


@CLOSES
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("way", ["command", "library"])
def test_without_standard_streams(way: str, closed: str, tmp_path: Path) -> None:
    """Their numbers are those of the next files that are opened, which a process would have in place of its own."""
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.nt"
    data.write_bytes(DATA)
    shapes.write_bytes(SHAPES["shacl"])
    report = f"validate([{DATA!r}], {SHAPES['shacl']!r}, engine='shacl')"
    program = f"import sys; from isoc_kg.validation import validate; sys.exit(len({report}.results))"
    called = {
        "command": [sys.executable, "-m", "isoc_kg", "validate", str(data), "--shapes", str(shapes)],
        "library": [sys.executable, "-c", program],
    }[way]
    shell = ["/bin/sh", "-c", f"{shlex.join(called)} {closed}"]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert ">&-" in closed.split() or way == "library" or done.stdout.startswith("does not conform: 1 violation")
