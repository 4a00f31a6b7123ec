"""`isoc-kg init` at a terminal, and the hooks that projects use."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from isoc_kg.cli import COMMANDS, cli

from material import ROOT


def asked(folder: Path, *arguments: str, answers: str) -> str:
    """What a terminal shows of a dialogue."""
    controller, terminal = os.openpty()
    command = [sys.executable, "-m", "isoc_kg", "init", "new", *arguments]
    process = subprocess.Popen(command, cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    os.write(controller, answers.encode())
    shown = b""
    while True:
        try:
            piece = os.read(controller, 4096)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(controller)
    assert process.wait(60) == 0, shown
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    """Title and base, no more; nothing where nothing is missing."""
    shown = asked(tmp_path, answers="Piers\nhttps://example.org/piers/\n")
    assert "Title of the publication:" in shown
    assert "Base IRI" in shown
    assert 'title = "Piers"' in (tmp_path / "new" / "kg.toml").read_text(encoding="utf-8")
    given = asked(tmp_path, "--title", "Piers", "--base", "https://example.org/piers/", answers="")
    assert "Title of" not in given
    assert "nothing changed" in given


def test_hooks() -> None:
    """Each hook names a command and options that there are, and files that projects have."""
    lines = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").splitlines()
    entries = [line.partition("entry:")[2].split() for line in lines if "entry:" in line]
    assert [entry[1] for entry in entries] == ["format", "build", "evidence"]
    for program, *words in entries:
        assert program == "isoc-kg"
        command: click.Command | None = cli
        for word in words:
            if word.startswith("-"):
                assert command is not None
                assert word in {name for parameter in command.params for name in parameter.opts}
            elif isinstance(command, click.Group):
                command = command.get_command(click.Context(command), word)
                assert command is not None, word
        assert words[0] in COMMANDS
