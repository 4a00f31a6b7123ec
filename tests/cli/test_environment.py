"""Commands under odd conditions of the machine: the same answers and exit codes, or a message."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="conditions of POSIX systems")

DATA = '<http://e.example/a> <http://e.example/age> "x" . <http://e.example/a> a <http://e.example/Person> .\n'
OTHER = "<http://e.example/a> a <http://e.example/Person> .\n"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e.example/S> a sh:NodeShape ; sh:targetClass <http://e.example/Person> ;
  sh:property [ sh:path <http://e.example/age> ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ] .
"""
VALIDATE = ("validate", "data.ttl", "--shapes", "shapes.ttl")
DIFF = ("diff", "data.ttl", "other.ttl")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command on some files; options are those of `subprocess.run`."""
    for name, text in (("data.ttl", DATA), ("other.ttl", OTHER), ("shapes.ttl", SHAPES), ("empty.ttl", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
        program = "import sys; from isoc_kg.cli import main; sys.exit(main())"
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path, **options}
        return subprocess.run([sys.executable, "-c", program, *arguments], check=False, **given)  # type: ignore[call-overload, no-any-return]

    return run


def broken_pipe() -> int:
    read, write = os.pipe()
    os.close(read)
    return write


@pytest.mark.parametrize("format_name", ["text", "json", "ttl"])
def test_a_verdict_that_nobody_reads(run: Run, format_name: str) -> None:
    """The exit code is that of the data, whether the report is read or not."""
    assert run(*VALIDATE, "--format", format_name, stdout=broken_pipe()).returncode == 1
    assert run(*DIFF, stdout=broken_pipe()).returncode == 1


def test_work_that_nobody_reads_of(run: Run, tmp_path: Path) -> None:
    """The work is done."""
    done = run("publish", "data.ttl", "-o", "site", stdout=broken_pipe(), stderr=broken_pipe())
    assert (done.returncode, (tmp_path / "site" / "index.html").is_file()) == (0, True)


@pytest.mark.parametrize("where", ["pipe", "disk"])
def test_messages_that_nobody_reads(run: Run, where: str) -> None:
    """A note stops no command; an error has its exit code."""
    if where == "disk" and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    for arguments, code, text in (
        (("query", "--data", "empty.ttl", "ASK { ?s ?p ?o }"), 0, "no\n"),
        (("query", "--project", "nowhere", "ASK { ?s ?p ?o }"), 3, ""),
        (("query", "--no-such-option"), 2, ""),
    ):
        stderr = broken_pipe() if where == "pipe" else os.open("/dev/full", os.O_WRONLY)
        done = run(*arguments, stderr=stderr)
        os.close(stderr)
        assert (done.returncode, done.stdout) == (code, text)


@pytest.mark.parametrize("setting", ["error", "ignore"])
def test_settings_of_warnings(run: Run, setting: str) -> None:
    """What is to be known of data is shown, whatever Python does with warnings of programs."""
    done = run("query", "--data", "empty.ttl", "ASK { ?s ?p ?o }", env={**os.environ, "PYTHONWARNINGS": setting})
    assert (done.returncode, done.stdout, done.stderr) == (0, "no\n", "note: empty.ttl: no statements in it.\n")


@pytest.mark.parametrize("engine", ["auto", "shacl", "compiled", "pyshacl"])
def test_ends_of_children_are_kept(run: Run, engine: str) -> None:
    """A parent may have had SIGCHLD ignored, which a command inherits."""
    expected = run(*VALIDATE, "--engine", engine)
    done = run(*VALIDATE, "--engine", engine, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, expected.stderr)


def test_a_name_that_is_no_text(run: Run, tmp_path: Path) -> None:
    """Names of files are bytes."""
    name = os.fsdecode(b"d\xff.ttl")
    try:
        (tmp_path / name).write_text(DATA + "<x> a <http://e.example/Other> .\n", encoding="utf-8")
    except OSError:
        pytest.skip("names are texts here")
    assert run("validate", name, "--shapes", "shapes.ttl").returncode == 1
    done = run("query", "--data", name, "SELECT ?s { ?s a <http://e.example/Other> }", "--format", "csv")
    assert (done.returncode, done.stdout.endswith("/d%FF.ttl") or "/x" in done.stdout) == (0, True), done.stderr


def test_a_fault_is_no_verdict(tmp_path: Path) -> None:
    """Exit code 1 says that data do not conform: a fault of the program has another."""
    program = (
        "import sys; from isoc_kg import cli; cli.cli.main = lambda **_: 1 / 0; sys.exit(cli.main(['validate', 'x']))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "ZeroDivisionError" in done.stderr) == (3, True)
