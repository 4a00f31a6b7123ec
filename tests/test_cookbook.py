"""docs/cookbook.md: each task runs in a copy of the example, and its output is what the page shows."""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isoc_kg.cli import main

from material import ROOT

PAGE = ROOT / "docs" / "cookbook.md"
#: Ports on the page; a free one takes the place of each.
PORTS = ("8000", "7878")
#: What only a shell does.
SHELL = re.compile(r"[>|&;]|^(?!isoc-kg )")


def tasks(page: str) -> dict[str, str]:
    """Heading → what stands below it."""
    parts = re.split(r"(?m)^### (.+)\n", page)
    return {title: body.partition("\n## ")[0] for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def steps(block: str) -> list[tuple[str, str]]:
    """Command and output, in order."""
    parts = re.split(r"(?m)^\$ (.+)\n", block)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def shown(output: str) -> re.Pattern[str]:
    """What an output on the page stands for: `…` alone is any lines, within a line any text."""
    lines = []
    for line in output.rstrip("\n").split("\n") if output.strip("\n") else []:
        lines.append(r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n")
    return re.compile("".join(lines))


TASKS = tasks(PAGE.read_text(encoding="utf-8"))
CONSOLE = re.compile(r"(?ms)^```console\n(.*?)^```")
RUN = {title: "".join(CONSOLE.findall(body)) for title, body in TASKS.items() if CONSOLE.search(body)}


def printed(command: str) -> str:
    """What a command prints, on both streams, run in this process."""
    text = io.BytesIO()
    stream = io.TextIOWrapper(text, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream), contextlib.suppress(SystemExit):
        main(shlex.split(command)[1:])
    stream.flush()
    return text.getvalue().decode()


def free_port() -> str:
    """One that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its publication, and the command as a program in a folder beside it."""
    folder = tmp_path_factory.mktemp("cookbook")
    project = folder / "harbour"
    shutil.copytree(ROOT / "examples" / "harbour-trust", project, ignore=shutil.ignore_patterns("out", "site"))
    (folder / "bin").mkdir()
    program = folder / "bin" / "isoc-kg"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m isoc_kg "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    assert "error" not in printed(f"isoc-kg build --project {shlex.quote(str(project))}")
    return folder


@pytest.fixture
def here(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, as the current folder."""
    copy = Path(shutil.copytree(built / "harbour", tmp_path / "harbour"))
    programs = f"{built / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", programs)
    monkeypatch.chdir(copy)
    return copy


@contextlib.contextmanager
def server(command: str, port: str) -> Iterator[None]:
    """A program that listens, ended by its process id."""
    with subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(1200):
                assert process.poll() is None, command
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1):
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.05)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def test_there_are_twenty_tasks() -> None:
    assert len(TASKS) == 20
    assert all(body.count("```") for body in TASKS.values())


@pytest.mark.parametrize("title", RUN)
def test_the_output_is_the_one_shown(title: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain commands run in this process, which is faster; all others in a shell."""
    block = RUN[title]
    ports = {port: free_port() for port in PORTS if port in block}
    for port, free in ports.items():
        block = block.replace(f":{port}", f":{free}").replace(f"--port {port}", f"--port {free}")
    folder = here
    with contextlib.ExitStack() as servers:
        for command, output in steps(block):
            if (program := shlex.split(command)[0]) != "isoc-kg" and shutil.which(program) is None:
                pytest.skip(f"there is no {program} here")
            if command.endswith(" &"):
                servers.enter_context(server(command.removesuffix(" &"), *ports.values()))
                continue
            if SHELL.search(re.sub(r"'[^']*'", "", command)):
                done = subprocess.run(
                    ["/bin/sh", "-c", f"{command}\npwd >&2"], cwd=folder, capture_output=True, text=True, check=False
                )
                *said, now = done.stderr.splitlines()
                folder = Path(now)
                monkeypatch.chdir(folder)
                text = done.stdout + "".join(f"{line}\n" for line in said)
            else:
                text = printed(command)
            assert shown(output).fullmatch(text), f"$ {command}\n{text}"


@pytest.mark.parametrize("title", [title for title, body in TASKS.items() if "\n>>> " in body])
def test_python_gives_what_is_shown(title: str, here: Path) -> None:
    pytest.importorskip("pandas")
    example = doctest.DocTestParser().get_doctest(TASKS[title].replace("```", ""), {}, title, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(example).failed == 0


@pytest.mark.parametrize("title", [title for title in TASKS if title not in RUN and "\n>>> " not in TASKS[title]])
def test_a_task_that_does_not_run_here_names_the_test_that_runs_it(title: str) -> None:
    named = re.search(r"`(tests/[\w/]+\.py)::(\w+)`", TASKS[title])
    assert named is not None
    assert f"def {named[2]}(" in (ROOT / named[1]).read_text(encoding="utf-8")
