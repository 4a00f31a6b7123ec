"""The command line: commands are found by name and loaded only when they are called."""

import atexit
import gc
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from typing import Any

import click

from ..errors import DataWarning, IsocKgError
from ..limits.children import keep_ends_of_children
from ..limits.descriptors import open_standard_streams
from ..limits.starting import starting
from ..version import __version__
from .terminal import lose_output, visible_output

__all__ = ["COMMANDS", "GROUPS", "main"]

#: What somebody wants to do → its commands: name → (module, one line of help). The lines stand here so that `--help`
#: need not load the modules; tests compare them with the commands' own, and with the width of a terminal.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Start a project": {
        "init": ("init", "Start a project, with or without documents."),
        "upgrade": ("upgrade", "Rewrite a version 1 project for version 2."),
    },
    "Bring documents in": {
        "document": ("document", "Add documents in any format, list them, correct their units."),
        "suggest": ("suggest", "Have a program propose claims on units, for review."),
        "propose": ("propose", "Put proposed claims into the queue, for review."),
        "review": ("review", "Decide on proposed claims, one by one, at the keyboard."),
    },
    "Check and build": {
        "format": ("format", "Write Turtle files in canonical layout."),
        "evidence": ("evidence", "Check statements against their sentences; index documents."),
        "validate": ("validate", "Validate RDF files, the publication or a store against shapes."),
        "build": ("build", "Check the project and write its publication."),
        "diff": ("diff", "Compare two publications, or two RDF files."),
    },
    "Ask": {
        "query": ("query", "Run a SPARQL query or a named query."),
        "describe": ("describe", "Describe a thing, each statement with its sentences."),
        "search": ("search", "Search the publication, as the search on its pages does."),
        "why": ("why", "Show the sentences behind a statement, and its citation."),
        "find": ("find", "Find names for a new statement, as Turtle to complete."),
        "cite": ("cite", "Cite a statement, a thing, a document or the publication."),
    },
    "Publish and serve": {
        "export": ("export", "Write RDF files, or the publication, in any format."),
        "publish": ("publish", "Write the publication as a static site for any web host."),
        "serve": ("serve", "Serve the publication: linked data, SPARQL, pages."),
    },
    "Stores": {
        "load": ("load", "Load RDF files, or the publication, into a triple store."),
    },
    "Assistants and editors": {
        "mcp": ("mcp", "Run a Model Context Protocol server."),
        "lsp": ("lsp", "Run a Language Server Protocol server."),
    },
}
#: Commands that are over when nobody reads their output any more; others go on, for their effects and exit codes.
_READ_OUT = frozenset(("query", "describe", "search", "why", "find", "cite", "export", "review", "mcp", "lsp"))
#: Command → (module, one line of help), in the order of the overview.
COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}


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
            ctx.fail(f"there is no command “{args[0]}”." + (f" Did you mean {near[0]}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))  # one column for all groups
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(width), text) for name, (_, text) in commands.items()])


@click.group(
    cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="COMMAND …",
)  # fmt: skip
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.option("-v", "--verbose", is_flag=True, help="With --version: also Python, engines and optional packages.")
@click.pass_context
def cli(context: click.Context, version: bool, verbose: bool) -> None:
    """Publish what documents say as linked data, every statement traced to its sentence.

    Without --project, commands work on the current folder if it has a kg.toml, else on the publication
    about the Internet Society that ships with isoc-kg.

    Exit codes: 0 success, 1 data do not conform or a check failed, 2 usage error, 3 other failure.
    """
    if version:
        click.echo(f"isoc-kg {__version__}")
        if verbose:
            from .installation import installation_rows

            for name, text in installation_rows():
                click.echo(f"{name:<13}{text}")
        context.exit()
    if verbose:
        raise click.UsageError("-v needs --version.")
    if context.invoked_subcommand is None:
        from .first_run import next_steps

        for line in next_steps():
            click.echo(line)


def _show_data_warnings() -> None:
    """Have what is to be known of data shown as notes."""
    others = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, DataWarning):
            click.echo(f"note: {message}", err=True)
        else:
            others(message, category, *where, **more)

    warnings.showwarning = show
    # whatever PYTHONWARNINGS says of warnings of programs: these are part of the answer
    warnings.simplefilter("default", DataWarning)


def main(args: Sequence[str] | None = None) -> Any:
    """Run the command line; every failure that has a reason is one message and its exit code."""
    if args is None:  # the process ends with the command
        open_standard_streams()
        keep_ends_of_children()
        atexit.register(gc.freeze)  # so that nothing is searched for garbage then, which takes 10 ms
    # before all else, since whoever starts a server may tell it at once to read again, or to end
    given = sys.argv[1:] if args is None else list(args)
    serves = given[:1] == ["serve"]
    if args is None and serves and any(one.startswith("--store") for one in given):
        from ..limits.allocation import start_again_with_more

        start_again_with_more(given)
    command = next((word for word in given if not word.startswith("-")), "")
    try:
        with starting() if serves else nullcontext():
            _show_data_warnings()
            with visible_output(to_the_end=command not in _READ_OUT):
                return _run(args)
    finally:
        if args is None:
            _end_messages()


def _end_messages() -> None:
    """Let messages that cannot be written be lost: the interpreter would end with an exit code of its own."""
    try:
        sys.stderr.flush()
    except OSError:
        lose_output(sys.stderr.fileno())
    except ValueError:  # it is closed
        pass


def _advised(error: click.ClickException) -> click.ClickException:
    """The error, with how the command takes RDF files for somebody who named them otherwise."""
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error
    takes = {name for parameter in error.ctx.command.params for name in parameter.opts}
    if isinstance(error, click.NoSuchOption) and isinstance(error.ctx.command, click.Group):
        return _misplaced(error, error.ctx, error.ctx.command)
    if isinstance(error, click.NoSuchOption) and error.option_name == "--data" and "files" in takes:
        advice = f"there is no option --data. Files need no option: {error.ctx.command_path} FILE."
    elif "extra argument" in error.message and "--data" in takes:
        advice = f"{error.message.rstrip('.')}. Name RDF files by --data FILE."
    else:
        return error
    return click.UsageError(advice, error.ctx)


def _misplaced(error: click.NoSuchOption, context: click.Context, group: click.Group) -> click.UsageError:
    """The error, with the place of an option that commands of a group take and the group does not."""
    name = error.option_name
    for command in map(partial(group.get_command, context), group.list_commands(context)):
        for option in command.params if command is not None else ():
            if name.startswith("--") and name in option.opts:
                value = (
                    "" if isinstance(option, click.Option) and option.is_flag else f" {option.make_metavar(context)}"
                )
                place = f"{context.command_path} COMMAND {name}{value}"
                return click.UsageError(f"{name} goes after the command: {place}", context)
    return error


#: How click words what is wrong with a number → how we do.
_NUMBERS = (
    (r"is not a valid integer( range)?\.", "is not a whole number."),
    (r"is not a valid float( range)?\.", "is not a number."),
    (r"is not in the range ([\d.]+)<=x<=([\d.]+)\.", r"is not between \1 and \2."),
    (r"is not in the range x>=([\d.]+)\.", r"is less than \1."),
    (r"is not in the range x>([\d.]+)\.", r"is not greater than \1."),
)


def _usage_error(error: click.ClickException) -> list[str]:
    """The error in the form of all others: what is wrong, then how the command is called."""
    message = error.format_message()
    for theirs, ours in _NUMBERS:
        message = re.sub(f"{theirs}$", ours, message)
    if message[1:2].islower():
        message = message[0].lower() + message[1:]
    lines = [f"error: {message}" if message.endswith((".", "?", ")")) else f"error: {message}."]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        usage = " ".join(error.ctx.get_usage().split())
        lines.append(f"  {usage}\n  Help: {error.ctx.command_path} --help")
    return lines


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
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        for text in _usage_error(_advised(error)):
            click.echo(text, err=True)
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
    except Exception:  # noqa: BLE001 – a fault of ours; the interpreter's exit code for it says that data do not conform
        import traceback

        click.echo(traceback.format_exc(), err=True, nl=False)
        sys.exit(3)
