"""docs/cli.md is what --help says.

Write it anew with: python tests/cli/test_reference.py
"""

from pathlib import Path

import click
from click.testing import CliRunner

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def reference() -> str:
    """The page: the help of every command, in the order of the overview."""
    from isoc_kg.cli import COMMANDS, cli

    runner = CliRunner()
    text = "# Command line\n\nMade from `--help`; a test holds it current.\n"

    def add(command: click.Command, words: list[str]) -> None:
        nonlocal text
        command._help_option = None  # click keeps the one of whoever asked first, perhaps without the group's names
        done = runner.invoke(cli, [*words[1:], "--help"], prog_name="isoc-kg", terminal_width=100, color=False)
        text += f"\n## {' '.join(words)}\n\n```\n{done.output.rstrip()}\n```\n"
        if isinstance(command, click.Group) and command is not cli:
            for name in sorted(command.commands):
                add(command.commands[name], [*words, name])

    add(cli, ["isoc-kg"])
    context = click.Context(cli)
    for name in COMMANDS:
        found = cli.get_command(context, name)
        assert found is not None
        add(found, ["isoc-kg", name])
    return text


def test_the_reference_is_current() -> None:
    """Every command is documented as it is."""
    assert PAGE.read_text(encoding="utf-8") == reference()


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
