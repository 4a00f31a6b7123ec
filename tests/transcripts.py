"""Commands that a page shows, with what they print: run in a scratch folder, in order, and compared.

A block of a page is a transcript where its fence is `console`: lines that begin with `$ ` are commands (a backslash at
the end continues one), the others are what is printed. In these `…` stands for any text, alone on a line for any lines.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Step", "matches", "run", "transcripts"]


@dataclass(frozen=True)
class Step:
    """A command, and what the page says that it prints."""

    command: str
    printed: str


def transcripts(page: str) -> list[list[Step]]:
    """The transcripts of a page in Markdown, each with its steps."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        steps = []
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command = re.match(r"(?:.*\\\n)*.*\n", part)
            assert command
            steps.append(Step(command[0].strip(), part[command.end() :].strip()))
        found.append(steps)
    return found


def matches(shown: str, printed: str) -> bool:
    """Whether a text is what a page shows of it."""
    pattern = "\n".join(
        r".*(?:\n.*)*" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…")))
        for line in shown.splitlines()
    )
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    return re.fullmatch(pattern, "\n".join(lines)) is not None


def run(command: str, folder: Path, **environment: str) -> str:
    """What a command of a page prints, data and messages in their order; this package's program is `isoc-kg`."""
    program = folder / ".programs"
    if not program.is_dir():
        program.mkdir()
        (program / "isoc-kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m isoc_kg "$@"\n', encoding="utf-8")
        (program / "isoc-kg").chmod(0o755)
    variables = os.environ | environment | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout
