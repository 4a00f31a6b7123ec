"""`isoc-kg review`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import project_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..proposals.assessment import Assessment
    from ..proposals.judge import Judge
    from ..proposals.proposal import Proposal
    from ..review.desk import Desk


@click.command()
@project_option
@click.option(
    "--reviewer",
    metavar="NAME",
    help="Your name, which is recorded (default: the user name of git, else of the system).",
)
@click.option("--slug", metavar="SLUG", help="Only proposals on this document.")
@click.option("--unit", metavar="UNIT", help="Only proposals on this unit: 4.1, or slug:4.1.")
@click.option("--from", "source", metavar="TOOL", help="Only proposals of this tool or person.")
@click.option("--list", "listed", is_flag=True, help="List the open proposals; decide on none.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Format of --list; json writes an object per line.",
)  # fmt: skip
@click.option(
    "--policy", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Accept the proposals that match the rules in FILE, signed by the reviewer; with --list, only show them.",
)  # fmt: skip
@click.option(
    "--take-back", "taken_back", metavar="PROPOSAL",
    help="Take back your own decision on PROPOSAL; facts that it wrote are removed.",
)  # fmt: skip
def review(
    project: Path | None,
    reviewer: str | None,
    slug: str | None,
    unit: str | None,
    source: str | None,
    listed: bool,
    format_: str,
    policy: Path | None,
    taken_back: str | None,
) -> None:
    """Decide on proposed claims, one by one, at the keyboard.

    Each is shown with its sentence. Keys: a accept, i accept as implied, e edit, r refuse with a reason, s skip,
    u undo your last decision, ? show all keys. Accepted claims are written into the facts at once. In the browser:
    isoc-kg serve --review.
    """
    from ..errors import UsageError
    from ..project import load_project
    from ..proposals.proposal import agent_name
    from ..review.desk import Desk
    from ..review.reviewer import default_reviewer

    listed = listed or format_ == "json"
    if taken_back is not None and (listed or policy is not None):
        raise click.UsageError("--take-back excludes --list and --policy.")
    if not listed and policy is None and taken_back is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "review needs a terminal.",
            advice="--list lists the open proposals, --format json for scripts. A browser: isoc-kg serve --review.",
        )
    found = load_project(project)
    name = agent_name(reviewer) if reviewer is not None else default_reviewer(found.root)
    desk = Desk(found, name, wanted=_filter(slug, unit, source))
    if slug is not None and slug not in {one.document.slug for one in desk.judge.dataset.editions}:
        slugs = sorted({one.document.slug for one in desk.judge.dataset.editions})
        raise UsageError(f"there is no document “{slug}”.", advice=f"Documents: {', '.join(slugs) or 'none'}.")
    for finding in desk.findings():
        click.echo(finding.render(), err=True)
    if taken_back is not None:
        undone = desk.undo(taken_back)
        click.echo(f"the decision of {desk.reviewer} on proposal {undone.proposal} is taken back")
    elif policy is not None:
        if (slug, unit, source) != (None, None, None):
            raise click.UsageError("--policy excludes --slug, --unit and --from: its rules select the proposals.")
        _apply(desk, policy, dry_run=listed)
    elif listed:
        _list(desk, format_)
    else:
        _interactive(desk)


def _filter(slug: str | None, unit: str | None, source: str | None) -> "Callable[[Judge, Proposal], bool]":
    """Whether a proposal is asked for."""

    def wanted(judge: "Judge", proposal: "Proposal") -> bool:
        from ..proposals.submission import resolve_unit

        own = judge.dataset.units.get(proposal.claim.unit)
        return (
            (slug is None or (own is not None and own[0].document.slug == slug))
            and (unit is None or proposal.claim.unit == resolve_unit(judge, unit))
            and (source is None or source in (proposal.source, proposal.proposer))
        )

    return wanted


def _list(desk: "Desk", format_: str) -> None:
    from ..errors import counted
    from ..review.listing import description

    waiting = desk.waiting()
    for one in waiting:
        value = description(desk, one)
        if format_ == "json":
            click.echo(json.dumps(value, ensure_ascii=False))
            continue
        implied = " (implied)" if value["support"] == "implied" else ""
        click.echo(f"{value['proposal']}  {value['unit']}  {value['statement']}{implied}")
        if "refused" in value:
            click.echo(f"  cannot be accepted: {value['refused']['message']}")
        for flag in value.get("flags", ()):
            click.echo(f"  {flag['flag']}: {flag['message']}")
        for unasked in value.get("not_asked", ()):
            click.echo(f"  not asked: {unasked['questions']}: {unasked['why']}")
    if format_ == "text":
        click.echo(f"{counted(len(waiting), 'proposal')} left")


def _interactive(desk: "Desk") -> None:
    from ..errors import UsageError, counted

    try:
        from ..review.terminal import review_in_terminal
    except ModuleNotFoundError:  # termios
        raise UsageError(
            "this system has no terminal support.", advice="Review in the browser: isoc-kg serve --review"
        ) from None
    click.echo(f"reviewer: {desk.reviewer}")
    if not desk.waiting():
        click.echo("no open proposals")
        return
    session = review_in_terminal(desk)
    click.echo(
        f"{session.accepted:,} accepted, {session.refused:,} refused, {counted(len(session.waiting), 'proposal')} left"
    )
    if session.message.startswith("Not written"):
        click.echo(session.message, err=True)
        click.get_current_context().exit(1)


def _apply(desk: "Desk", file: Path, *, dry_run: bool) -> None:
    """Accept what a policy admits; print each, and how many are left."""
    from ..errors import counted
    from ..proposals.policy import apply_policy, read_policy
    from ..proposals.words import readable

    accepted = []
    unasked = []

    def told(proposal: "Proposal", _: "Assessment") -> None:
        accepted.append(proposal)
        click.echo(f"{proposal.id}: {readable(desk.judge, proposal.claim)}")

    policy = read_policy(desk.judge.project, file)
    with desk.alone():
        apply_policy(
            desk.review, policy, dry_run=dry_run, told=told,
            left=lambda proposal, assessment: unasked.append((proposal, assessment)),
        )  # fmt: skip
    if unasked:
        questions = sorted({names for _, assessment in unasked for names, _ in assessment.not_asked})
        click.echo(
            f"{counted(len(unasked), 'proposal')} left to a reviewer, not asked: {', '.join(questions)} "
            "(not_asked = true in a rule includes them)"
        )
    verb = "would be accepted" if dry_run else "accepted"
    left = len(desk.waiting()) - (len(accepted) if dry_run else 0)
    click.echo(
        f"{counted(len(accepted), 'proposal')} {verb} by {policy.name}, signed by {desk.reviewer}; {left:,} left"
    )
