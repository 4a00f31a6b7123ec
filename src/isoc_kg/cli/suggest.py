"""`isoc-kg suggest`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import project_option

if TYPE_CHECKING:
    from ..proposals.judge import Judge
    from ..proposals.submission import Arrival


@click.command()
@project_option
@click.option("--with", "command", metavar="COMMAND", help="The program that proposes; baseline is built in.")
@click.option("--unit", "units", metavar="UNIT", multiple=True, help="A unit, 4.1 or slug:4.1; may be given again.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="The most units in one run, unless --unit names them.",
)
@click.option(
    "--seconds",
    metavar="S",
    type=click.FloatRange(0.1),
    default=600.0,
    show_default=True,
    help="How long the program may take for ten units.",
)
@click.option("--source", metavar="NAME", help="The program's name, which is published; default: its file's name.")
@click.option("--by", "proposer", metavar="NAME", help="Who proposes; published by setting alone.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON: menus, or what became of each claim.")
@click.option("--evaluate", is_flag=True, help="Score the program on facts that it does not see; nothing is queued.")
@click.option("--hold-out", "paragraphs", metavar="PARAGRAPH", multiple=True, help="With --evaluate: 4 or slug:4.")
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

    COMMAND reads one JSON object a line for each unit (its text, its neighbours, the things it names, the properties
    that fit, what rests on it, the words left over) and writes one a line for each claim (docs/proposals.md). Each is
    judged at once; nothing is a fact, or published, before somebody accepts it: isoc-kg review.

    Without --with it writes each unit's menu as Turtle to choose from: uncomment, correct, isoc-kg propose FILE.
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
        raise UsageError("--source needs --with, and nothing is recorded with --evaluate.")
    if evaluate and not command:
        raise UsageError("--evaluate needs --with.", advice="The proposer that is built in: --with baseline.")
    if command and not evaluate and project is None and not Path(FILE_NAME).is_file():
        raise UsageError(f"there is no {FILE_NAME} here.", advice="Name the project to propose to: --project DIR.")
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
        click.echo("no unit is left that nothing is stated, or proposed, of.", err=True)
        return
    if command:
        _run(judge, command, seconds, chosen, (source, proposer), as_json)
    elif as_json:
        for unit in chosen:
            click.echo(json.dumps(make_menu(judge, unit).to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(make_menu(judge, unit).to_turtle(judge) for unit in chosen), nl=False)
    if rest > 0:
        click.echo(f"{rest:,} more units; --limit N takes more of them.", err=True)


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
            f"{len(run.arrivals) - refused} proposed, {refused} refused, {len(units)} units; "
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
