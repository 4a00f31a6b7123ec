"""The command line: commands are found by name and loaded only when they are called."""

import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Any

import click

from ..errors import DataWarning, IsocKgError
from ..limits.starting import starting
from ..version import __version__
from .terminal import visible_output

__all__ = ["COMMANDS", "main"]

#: Command → (module, one line of help). The line stands here so that `--help` need not load the module;
#: a test compares it with the command's own.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("build", "Check the project and write its publication."),
    "validate": ("validate", "Validate RDF files, the publication, or what a store holds, against shapes."),
    "export": ("export", "Write RDF files, or the publication, in any format."),
    "query": ("query", "Run SPARQL, or a named query."),
    "describe": ("describe", "Tell what is said about a thing, and by which sentences."),
    "search": ("search", "Search what is published: the answers of the search on its pages, in their order."),
    "why": ("why", "Show the sentences behind a statement, its citation, and where to object to it."),
    "cite": ("cite", "Cite a statement, a thing, a document, or, without a name, the publication."),
    "find": ("find", "Find sentences, things and terms, with statements to complete."),
    "document": ("document", "Documents: add one in any format, look at its units, list those that are there."),
    "evidence": ("evidence", "Documents, their units, and what rests on them."),
    "format": ("format", "Write Turtle files in canonical layout; without FILES the facts of the project."),
    "propose": ("propose", "Propose claims: put them into the queue for a reviewer."),
    "suggest": ("suggest", "Have a program propose what units say, and queue it for a reviewer."),
    "review": ("review", "Decide on proposed claims, one after the other, at the keyboard."),
    "diff": ("diff", "Compare two publications, or two RDF files."),
    "publish": ("publish", "Write the publication as a static site for any web host."),
    "serve": ("serve", "Serve the publication: linked data, SPARQL, pages."),
    "mcp": ("mcp", "Answer assistants over the Model Context Protocol."),
    "lsp": ("lsp", "Answer an editor over the Language Server Protocol."),
    "load": (
        "load",
        "Put RDF files, or the publication with its named graphs, into a triple store, and verify them there.",
    ),
    "init": ("init", "Begin a project of your own."),
    "upgrade": ("upgrade", "Rewrite a version 1 project for version 2."),
}


class _ReaderGone(Exception):
    """The reader of the output closed it; click would take a `BrokenPipeError` for a failure of the command."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderGone from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{COMMANDS[cmd_name][0]}", __name__), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            ctx.fail(f"There is no command “{args[0]}”." + (f" Did you mean {near[0]}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="isoc-kg")
def cli() -> None:
    """Publish what documents say as linked data, every statement traced to its sentence.

    Without --project, commands work on the current folder if it has a kg.toml, else on the publication
    about the Internet Society that ships with isoc-kg.

    Exit codes: 0 fine, 1 does not conform or a check failed, 2 usage, 3 could not run.
    """


def _show_data_warnings() -> None:
    """Have what is to be known of data shown as notes."""
    others = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, DataWarning):
            click.echo(f"note: {message}", err=True)
        else:
            others(message, category, *where, **more)

    warnings.showwarning = show


def main(args: Sequence[str] | None = None) -> Any:
    """Run the command line; every failure that has a reason is one message and its exit code."""
    # before all else, since whoever starts a server may tell it at once to read again, or to end
    serves = (sys.argv[1:] if args is None else list(args))[:1] == ["serve"]
    with starting() if serves else nullcontext():
        _show_data_warnings()
        with visible_output():
            return _run(args)


def _advised(error: click.ClickException) -> click.ClickException:
    """The error, with how the command takes RDF files for somebody who named them otherwise."""
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error
    takes = {name for parameter in error.ctx.command.params for name in parameter.opts}
    if isinstance(error, click.NoSuchOption) and error.option_name == "--data" and "files" in takes:
        advice = f"There is no option --data. Files need none: {error.ctx.command_path} FILE."
    elif "extra argument" in error.message and "--data" in takes:
        advice = f"{error.message}. RDF files are named by --data FILE."
    else:
        return error
    return click.UsageError(advice, error.ctx)


def _run(args: Sequence[str] | None) -> Any:
    try:
        cli.main(args=args, prog_name="isoc-kg", standalone_mode=False)
    except IsocKgError as error:
        for text in error.details:
            click.echo(text, err=True)
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        _advised(error).show()
        sys.exit(2)
    except (BrokenPipeError, _ReaderGone):
        # The reader of our output went away (`| head`); nothing is left to say to it.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}.", err=True)
        sys.exit(3)
    except RecursionError:
        click.echo("error: the input is nested too deeply.", err=True)
        sys.exit(3)
    except MemoryError:
        click.echo("error: out of memory.", err=True)
        sys.exit(3)
