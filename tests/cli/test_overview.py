"""`isoc-kg` alone, `--help` and `--version`: the way in."""

import platform
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from isoc_kg import __version__
from isoc_kg.cli import COMMANDS, GROUPS
from isoc_kg.cli import cli as group
from isoc_kg.cli.installation import OPTIONAL, version_of

from material import ROOT


@pytest.mark.parametrize("command", COMMANDS)
def test_the_overview_has_the_first_line_of_each_command(command: str) -> None:
    """No command's line differs from what its own help begins with."""
    found = group.get_command(click.Context(group), command)
    assert found is not None
    assert (found.help or "").splitlines()[0] == COMMANDS[command][1]


def test_the_overview_is_grouped(cli) -> None:  # type: ignore[no-untyped-def]
    """By what one wants to do; each command once, on one line that fits a terminal of 80 columns."""
    lines = cli("--help").stdout.splitlines()
    assert [line[:-1] for line in lines if line.endswith(":") and line[0] != " "] == ["Options", *GROUPS]
    for command, (_, text) in COMMANDS.items():
        assert [line for line in lines if line.split() == [command, *text.split()]], command
    assert max(map(len, lines)) <= 79


def test_the_first_run(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Without a command, in a folder without a project: five lines, each command in them is one, exit code 0."""
    lines = cli().stdout.splitlines()
    assert len(lines) == 5
    assert "no project in this folder" in lines[0]
    assert max(map(len, lines)) <= 79
    commands = [line.split()[1] for line in lines[1:]]
    assert commands == ["init", "init", "describe", "--help"]
    cli(*lines[2].partition("  write")[0].split()[1:])
    assert (tmp_path / "demo" / "kg.toml").is_file()


def test_the_first_run_in_a_project(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What the project is, and the next step: build it, then look at it; proposals that wait come first."""
    cli("init", "demo", "--example", "bakery")
    demo = tmp_path / "demo"

    def steps() -> tuple[str, str]:
        head, *rest = cli(cwd=demo).stdout.splitlines()
        assert len(rest) == 4
        return head, " ".join(rest[0].split()[:2])

    assert steps() == ("The bakery on Mill Lane: a project with 1 document, not built yet. Next:", "isoc-kg build")
    cli("build", cwd=demo)
    assert steps() == ("The bakery on Mill Lane: a project with 1 document, built. Next:", "isoc-kg serve")
    proposed = "id:water-mill schema:location id:mill-lane-bakery {| ev:impliedBy s:3.2 |} .\n"
    (demo / "new.ttl").write_text(proposed, encoding="utf-8")
    cli("propose", "new.ttl", cwd=demo)
    assert steps()[1] == "isoc-kg review"
    assert "decide on 1 proposed claim" in cli(cwd=demo).stdout


def test_the_first_run_in_a_broken_project(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What is wrong with its settings, and what to do; exit code 0, since nothing was asked for."""
    (tmp_path / "kg.toml").write_text("title = 3\n", encoding="utf-8")
    done = cli()
    assert "kg.toml: the setting “name” is missing." in done.stdout
    assert "isoc-kg build" in done.stdout
    assert done.stderr == ""


def test_the_version(cli) -> None:  # type: ignore[no-untyped-def]
    """Alone it is the version and no more; verbose it names what a report of a fault needs."""
    assert cli("--version").stdout == f"isoc-kg {__version__}\n"
    for arguments in (("--version", "-v"), ("--verbose", "--version")):
        head, *lines = cli(*arguments).stdout.splitlines()
        assert head == f"isoc-kg {__version__}"
        rows = {line[:13].strip(): line[13:] for line in lines}
        assert list(rows) == ["Python", "platform", "engines", "libraries", "extras", "Java", "page scripts"]
        assert rows["Python"].startswith(platform.python_version())
        assert f"rdflib {version_of('rdflib')}, pyoxigraph {version_of('pyoxigraph')}" in rows["libraries"]
        assert f"pyshacl {version_of('pyshacl')}" in rows["engines"]
    assert "needs --version" in cli("-v", "build", code=2).stderr


def test_every_extra_is_named_by_the_version() -> None:
    """The extras of the package, that for its tests aside, and the package that each adds."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    added = {name: requirements[0] for name, requirements in extras.items() if name != "test"}
    assert list(added) == list(OPTIONAL)
    for name, requirement in added.items():
        assert requirement.startswith(OPTIONAL[name])


def test_what_is_not_installed() -> None:
    """Has no version, and is no failure."""
    assert version_of("no-such-package-here") is None


def test_an_option_of_a_command_before_it(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The message names its place; what no command has is said to be none."""
    found = cli("--project", tmp_path, "publish", code=2)
    assert "error: --project goes after the command: isoc-kg COMMAND --project DIR." in found.stderr
    assert "goes after" not in cli("--projcet", "x", code=2).stderr


@pytest.mark.parametrize(("arguments", "frozen"), [("", True), ("['--version']", False)])
def test_a_process_ends_without_a_search_for_garbage(arguments: str, frozen: bool) -> None:
    """That of a command; a program that runs one in its own process goes on, and its end is its own."""
    code = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count() > 0)); "
        f"sys.argv = ['isoc-kg', '--version']; from isoc_kg.cli import main; main({arguments})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"isoc-kg {__version__}", str(frozen)]
