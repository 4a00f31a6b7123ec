"""Units and documents on the command line: `guide:2.1` is a unit, --slug names a document, --document is a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., "object"]


def test_a_unit_by_its_name_in_all_that_shows_it(cli: Cli, lighthouse: Path) -> None:
    project = ("--project", lighthouse)
    assert cli("evidence", "show", "chronicle:1.1", *project).stdout.startswith("chronicle:1.1  ")
    assert cli("evidence", "show", "1.1", *project).stdout.count("  sentence, characters") > 1
    assert "sentence chronicle:1.1: " in cli("describe", "id:ravens-point-light", *project).stdout
    cli("build", *project)
    assert "sentence chronicle:1.1: " in cli("describe", "id:ravens-point-light", "--data", lighthouse / "out").stdout


def test_a_documents_former_option(cli: Cli, harbour: Path) -> None:
    """--document SLUG is understood with a note; what is a file is not taken for a document's name."""
    text = next((harbour / "documents").glob("*.txt"))
    new = harbour / "new.txt"
    new.write_text(text.read_text(encoding="utf-8") + "\n\nA last word.\n", encoding="utf-8")
    end = ("--project", harbour)
    done = cli("evidence", "drift", text, new, "--document", "guide", *end)
    assert "--document guide is now --slug guide" in done.stderr
    assert done.stdout == cli("evidence", "drift", text, new, "--slug", "guide", *end).stdout
    refused = cli("evidence", "index", text, "--document", text, *end, code=2)
    assert "--slug names the document" in refused.stderr


@pytest.mark.parametrize("command", [("evidence", "coverage"), ("evidence", "check"), ("build",)])
def test_a_documents_name_where_a_file_belongs(cli: Cli, harbour: Path, command: tuple[str, ...]) -> None:
    done = cli(*command, "--document", "guide", "--project", harbour, code=2)
    assert "guide is not a file. --document takes the file of a text; --slug names a document." in done.stderr
