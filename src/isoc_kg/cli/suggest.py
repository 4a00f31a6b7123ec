"""`isoc-kg suggest`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import counted
from .options import project_option

if TYPE_CHECKING:
    from ..proposals.judge import Judge
    from ..proposals.submission import Arrival


@click.command()
@project_option
@click.option("--with", "command", metavar="COMMAND", help="Program that proposes; baseline is built in.")
@click.option("--unit", "units", metavar="UNIT", multiple=True, help="Unit, such as 4.1 or slug:4.1; repeatable.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Most units per run, without --unit.",
)
@click.option(
    "--seconds",
    metavar="S",
    type=click.FloatRange(0.1),
    default=600.0,
    show_default=True,
    help="Time limit of the program for ten units.",
)
@click.option("--source", metavar="NAME", help="Name of the program, which is published (default: its file name).")
@click.option("--by", "proposer", metavar="NAME", help="Name of the proposer; published only if a setting allows it.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON: the menus, or a line for each claim.")
@click.option("--evaluate", is_flag=True, help="Score the program on held-out facts; nothing is queued.")
@click.option(
    "--hold-out",
    "paragraphs",
    metavar="PARAGRAPH",
    multiple=True,
    help="With --evaluate: paragraph, 4 or slug:4.",
)
def suggest(
    project: Path | None,
    command: str | None,
    units: tuple[str, ...],
    limit: int,
    seconds: float,
    source: str | None,
    proposer: str | None,
    as_json: bool,
    evaluate: bool,
    paragraphs: tuple[str, ...],
) -> None:
    """Have a program propose claims on units, for review.

    COMMAND reads a JSON object per line for each unit (its text, its neighbours, the things it names, fitting
    properties, its claims, uncovered words) and writes one per line for each claim (docs/proposals.md). Each claim is
    checked at once, and queued. Claims become facts when a reviewer accepts them: isoc-kg review.

    Without --with it writes a menu for each unit, in Turtle: uncomment and correct lines, then isoc-kg propose FILE.
    """
    from ..errors import UsageError
    from ..project import FILE_NAME, load_project
    from ..proposals.judge import Judge
    from ..proposals.menu import make_menu, units_to_do
    from ..proposals.queue import open_units
    from ..proposals.submission import resolve_unit

    if evaluate != bool(paragraphs):
        raise UsageError("--evaluate needs --hold-out PARAGRAPH, and --hold-out needs --evaluate.")
    if source is not None and (not command or evaluate):
        raise UsageError("--source needs --with, and excludes --evaluate.")
    if evaluate and not command:
        raise UsageError("--evaluate needs --with.", advice="For the built-in proposer: --with baseline.")
    if command and not evaluate and project is None and not Path(FILE_NAME).is_file():
        raise UsageError(f"there is no {FILE_NAME} in this folder.", advice="Name the project: --project DIR.")
    project_ = load_project(project)
    judge = Judge(project_)
    if evaluate and command:
        _evaluate(judge, command, seconds, paragraphs, as_json)
        return
    chosen = [resolve_unit(judge, unit) for unit in units]
    if not units:
        chosen = list(units_to_do(judge, open_units(project_)))
    rest = 0 if units else len(chosen) - limit
    chosen = chosen if units else chosen[:limit]
    if not chosen:
        click.echo("no units left: each has a statement or a proposal", err=True)
        return
    if command:
        _run(judge, command, seconds, chosen, (source, proposer), as_json)
    elif as_json:
        for unit in chosen:
            click.echo(json.dumps(make_menu(judge, unit).to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(make_menu(judge, unit).to_turtle(judge) for unit in chosen), nl=False)
    if rest > 0:
        click.echo(f"note: {counted(rest, 'more unit')}: --limit N", err=True)


def _run(
    judge: "Judge",
    command: str,
    seconds: float,
    units: list[str],
    names: tuple[str | None, str | None],
    as_json: bool,
) -> None:
    from ..errors import ChecksFailed
    from ..proposals.proposal import agent_name, tool_name
    from ..proposals.submission import Submission
    from ..proposals.suggestion import command_proposer, suggest
    from ..proposals.words import readable

    name, proposer = command_proposer(command, seconds=seconds)
    source, by = names
    source = tool_name(source) if source is not None else name
    submission = Submission(judge, source, agent_name(by) if by is not None else None)

    def told(arrival: "Arrival") -> None:
        if as_json:
            click.echo(json.dumps(arrival.to_json(judge), ensure_ascii=False))
            return
        statement = readable(judge, arrival.claim) if arrival.claim else ""
        refusal = arrival.assessment.refusal
        if refusal:
            click.echo(f"refused ({refusal.name}): {statement} {refusal.message}".replace("  ", " "))
        else:
            flags = ", ".join(flag.name for flag in arrival.assessment.flags)
            click.echo(f"{arrival.id}: {statement}" + (f" ({flags})" if flags else ""))

    run = suggest(submission, proposer, units, told=told)
    refused = sum(not one.assessment.accepted for one in run.arrivals)
    if not as_json:
        click.echo(
            f"{len(run.arrivals) - refused:,} proposed, {refused:,} refused, {counted(len(units), 'unit')}; "
            f"{run.proposing:.1f} s proposing, {run.judging:.1f} s judging"
        )
    if run.failure:
        raise ChecksFailed(run.failure)


def _evaluate(judge: "Judge", command: str, seconds: float, paragraphs: tuple[str, ...], as_json: bool) -> None:
    from ..errors import ChecksFailed
    from ..proposals.scoring import evaluate_proposer, held_out_units
    from ..proposals.suggestion import command_proposer

    _, proposer = command_proposer(command, seconds=seconds)
    result = evaluate_proposer(judge.project, judge, proposer, held_out_units(judge, paragraphs))
    click.echo(json.dumps(result.to_json(), indent=1) if as_json else result.to_text(), nl=as_json)
    if result.failure:
        raise ChecksFailed(result.failure)
