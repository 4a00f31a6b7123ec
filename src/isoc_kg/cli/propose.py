"""`isoc-kg propose`."""

import json
import sys
from pathlib import Path

import click

from .options import one_at_a_time, project_option


@click.command()
@project_option
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--by", "proposer", metavar="NAME", help="Name of the proposer; recorded, published only if a setting allows it."
)
@click.option("--source", metavar="TOOL", default="propose", show_default=True, help="Name of the tool that made it.")
@click.option("--json", "as_json", is_flag=True, help="Write a line of JSON for each claim.")
@click.option("--dry-run", is_flag=True, help="Check the claims; write nothing.")
@one_at_a_time
def propose(project: Path | None, file: Path, proposer: str | None, source: str, as_json: bool, dry_run: bool) -> None:
    """Put proposed claims into the queue, for review.

    FILE (or - for standard input) is Turtle with evidence in annotation blocks, as facts have it, or JSON Lines
    (docs/proposals.md). Each claim is checked at once: refused with the reason, or queued with questions to the
    reviewer. Claims become facts when a reviewer accepts them: isoc-kg review.

    The exit code is 1 if a claim was refused.
    """
    from ..errors import UsageError
    from ..limits.regular_files import read_regular
    from ..project import FILE_NAME, load_project
    from ..proposals.judge import Judge
    from ..proposals.proposal import agent_name, tool_name
    from ..proposals.submission import MOST_BYTES, NotAClaim, Submission, claims_of_text
    from ..proposals.words import readable

    if project is None and not Path(FILE_NAME).is_file():
        raise UsageError(f"there is no {FILE_NAME} in this folder.", advice="Name the project: --project DIR.")
    judge = Judge(load_project(project))
    if str(file) == "-":
        name, data = "standard input", sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        try:
            name, data = str(file), read_regular(file, MOST_BYTES)
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    by = agent_name(proposer) if proposer is not None else None
    submission = Submission(judge, tool_name(source), by)
    for place, claim in claims_of_text(judge, data, name):
        arrival = submission.refuse(claim, place) if isinstance(claim, NotAClaim) else submission.submit(claim, place)
        if as_json:
            click.echo(json.dumps(arrival.to_json(judge), ensure_ascii=False))
            continue
        statement = f" {readable(judge, arrival.claim)}" if arrival.claim else ""
        refusal = arrival.assessment.refusal
        if refusal:
            click.echo(f"{name}, {place}: refused ({refusal.name}):{statement}\n  {refusal.message}", err=True)
            if refusal.advice:
                click.echo(f"  {refusal.advice}", err=True)
        else:
            click.echo(f"{arrival.id}:{statement}")
            for flag in arrival.assessment.flags:
                click.echo(f"  {flag.name}: {flag.message}")
            for names, why in arrival.assessment.not_asked:
                click.echo(f"  not asked: {names}: {why}")
    path = None if dry_run else submission.write()
    refused = sum(not arrival.assessment.accepted for arrival in submission.arrivals)
    if path and not as_json:
        click.echo(f"{len(submission.arrivals) - refused} proposed in {path}, {refused} refused")
    if refused:
        sys.exit(1)
