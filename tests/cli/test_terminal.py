"""What reaches a terminal: nothing in it moves the cursor, colours, rings, turns around or forges a message."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from isoc_kg.errors import Finding, IsocKgError, visible

HOSTILE = "\x1b]0;title\x07\x1b[31mred\u202eder\u2066\x9b2J\x00\ud800"


def test_visible() -> None:
    """Escapes are those of JSON; letters, line feeds and tabs stay."""
    assert visible("Grüße\t水\n") == "Grüße\t水\n"
    assert visible("Grüße\t水\n", line=True) == "Grüße\\t水\\n"
    assert visible("\x1b[1m\u202e\ud800") == "\\u001b[1m\\u202e\\ud800"
    assert visible("a\ufdd0b\ufdd1") == "a\\ufdd0b\\ufdd1"
    assert visible(HOSTILE).isprintable()


def test_messages_stay_messages() -> None:
    """Neither a file's name nor a text in a message begins a line of its own."""
    finding = Finding("“a\nerror: fake” is wrong", file="x\nerror: fake\x1b.ttl", line=3, advice="b\nerror: fake")
    error = IsocKgError("a\nerror: fake", file=Path("x\nerror: fake.ttl"), advice="b\r\nerror: fake")
    for text in (finding.render(), f"error: {error}"):
        assert sum(line.startswith("error:") for line in text.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["describe", "cranes"],
        ["query", "SELECT ?n WHERE { ?x schema:name ?n }"],
        ["evidence", "show", "guide:2.2"],
        ["build"],
        ["query", HOSTILE.replace("\x00", "").encode("utf-8", "ignore").decode()],
    ],
    ids=["describe", "table", "show", "build", "usage"],
)
def test_commands(harbour: Path, cli, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Literals, names of files and arguments are shown and not obeyed."""
    facts = harbour / "facts" / "harbour.ttl"
    text = facts.read_text(encoding="utf-8")
    (harbour / "facts" / "a\x1b[31mred\nerror: fake.ttl").write_text(
        text[: text.index("id:old-harbour")]
        + 'id:cranes schema:alternateName "x\\u009B2J\\u202Ey\\u007F"@en {| ev:supportedBy g:2.2 |} .\n',
        encoding="utf-8",
    )
    done = cli(*arguments, "--project", harbour, code=None)
    for text in (done.stdout, done.stderr):
        assert visible(text) == text
        assert not any(line.startswith("error: fake") for line in text.splitlines())
    if arguments[0] == "describe":
        assert "x\\u009b2J\\u202ey\\u007f" in done.stdout


def test_data_are_data(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """In a file or a pipe data stay as they are; on a terminal they are shown."""
    query = 'SELECT ("x\\u202Ey" AS ?n) {}'
    assert cli("query", query, "--format", "csv", "--project", harbour).stdout == "n\nx\u202ey\n"
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "isoc_kg", "query", query, "--format", "csv", "--project", str(harbour)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=follower, timeout=60, check=False)
    os.close(follower)
    shown = os.read(leader, 1000).decode()
    os.close(leader)
    assert done.returncode == 0
    assert "x\\u202ey" in shown
    assert "\u202e" not in shown


def test_serve_reports_what_it_does_before_it_listens(tmp_path: Path) -> None:
    """On a terminal alone, as validating may take long."""
    (tmp_path / "broken.ttl").write_text("<", encoding="utf-8")
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", str(tmp_path / "broken.ttl")]
    leader, follower = pty.openpty()
    subprocess.run(command, stdin=subprocess.DEVNULL, stderr=follower, timeout=60, check=False)
    os.close(follower)
    shown = os.read(leader, 4000).decode()
    os.close(leader)
    assert shown.startswith("reading and validating the data …")
    assert "broken.ttl" in shown
    piped = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert b"reading" not in piped.stderr
