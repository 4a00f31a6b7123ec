"""Commands that are ended: nothing that they had started goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

#: A shape on which every engine takes its time, for many people who all know each other in turn.
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e.example/> .
:S a sh:NodeShape ; sh:targetSubjectsOf :knows ;
  sh:property [ sh:path ( [ sh:zeroOrMorePath :knows ] [ sh:zeroOrMorePath :knows ] ) ; sh:maxCount 100000 ] .
"""
#: One that refers to itself, so that triples are fetched for another engine.
RECURSIVE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e.example/> .
:S a sh:NodeShape ; sh:targetSubjectsOf :knows ; sh:property [ sh:path :knows ; sh:node :S ] .
"""
PEOPLE = "".join(
    f"<http://e.example/p{n}> <http://e.example/knows> <http://e.example/p{n + 1}> .\n" for n in range(4_000)
)


def processes() -> dict[int, tuple[int, str]]:
    """Process number → parent's number and command, of those that are alive."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if state not in "ZX":
            found[int(folder.name)] = int(parent), command
    return found


def below(process: int) -> set[int]:
    """The children of a process, and theirs."""
    parents = {number: parent for number, (parent, _) in processes().items()}
    found = {process}
    while more := {number for number, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def wait_until(condition: Callable[[], object]) -> object:
    end = time.monotonic() + 60
    while not (result := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return result


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda by: by.name)
@pytest.mark.parametrize("kind", ["validate", "fetched", "serve", "verifier"])
def test_nothing_goes_on(kind: str, by: signal.Signals, tmp_path: Path, lamp: Path) -> None:
    """An engine that validates, the server's store with its workers, a reader of the project's own.

    No process, and no temporary file or folder.
    """
    if kind == "serve" and by == signal.SIGHUP:
        pytest.skip("SIGHUP has the server read its data anew")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "recursive.ttl").write_text(RECURSIVE)
    (tmp_path / "people.nt").write_text(PEOPLE)
    (lamp / "reader.py").write_text("import time; time.sleep(300)\n")
    toml = lamp / "kg.toml"
    section = f"\n[evidence]\nverifier = '''\"{sys.executable}\" reader.py'''\nverifier_seconds = 300\n"
    toml.write_text(toml.read_text(encoding="utf-8") + section, encoding="utf-8")
    arguments = {
        "validate": ["validate", tmp_path / "people.nt", "--shapes", tmp_path / "shapes.ttl", "--engine", "pyshacl"],
        "fetched": ["validate", tmp_path / "people.nt", "--shapes", tmp_path / "recursive.ttl", "--engine", "compiled"],
        "serve": ["serve", tmp_path / "people.nt", "--port", "0", "--no-log"],
        "verifier": ["build", "--project", lamp, "--verifier", "-o", tmp_path / "out"],
    }[kind]
    expected = {"validate": 1, "fetched": 1, "serve": 2, "verifier": 2}[kind]
    command = subprocess.Popen(
        [sys.executable, "-m", "isoc_kg", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    children: set[int] = set()

    def are_there() -> bool:
        children.update(below(command.pid))
        named = {"verifier": "reader.py", "validate": "worker.py", "fetched": "worker.py"}.get(kind, "")
        there = [text for number, (_, text) in processes().items() if number in children and named in text]
        return len(there) >= expected

    try:
        wait_until(are_there)
        command.send_signal(by)
        command.wait(30)
        wait_until(lambda: not children & processes().keys())
        assert not list(temporary.iterdir())
    finally:
        command.kill()
        command.wait()
        for child in children & processes().keys():
            os.kill(child, signal.SIGKILL)
