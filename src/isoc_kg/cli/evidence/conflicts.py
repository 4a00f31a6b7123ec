"""`isoc-kg evidence conflicts`: where sources disagree."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from ...errors import counted
from ..options import project_option


@click.command()
@project_option
@click.option("--strict", is_flag=True, help="Exit with 1 if a conflict is not settled.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def conflicts(project: Path | None, strict: bool, format_name: str) -> None:
    """List where sources disagree: several values instead of one, and sentences that deny a claim.

    ev:preferred or ev:retracted on a claim, with the reason, settles a conflict. Every claim stays.
    """
    import json

    from ...authoring.dataset import build_dataset
    from ...evidence.authored import Authored
    from ...evidence.conflicts import find_conflicts
    from ...project import load_project
    from ...publication.decisions import outlived_decisions

    dataset = build_dataset(load_project(project))
    found = find_conflicts(dataset, Authored(dataset))
    outlived = list(outlived_decisions(dataset))
    for finding in outlived:
        click.echo(finding.render(), err=True)
    undecided = {finding.iri for finding in outlived}
    found = [
        replace(conflict, settled=False)
        if undecided.intersection(side.evidence.claim for side in conflict.sides)
        else conflict
        for conflict in found
    ]
    unsettled = sum(not conflict.settled for conflict in found)
    if format_name == "json":
        click.echo(json.dumps([conflict.to_json() for conflict in found], ensure_ascii=False, indent=1))
    else:
        for conflict in found:
            click.echo(conflict.to_text(dataset.project.prefixes) + "\n")
        click.echo(f"{counted(len(found), 'conflict')}, {unsettled} not settled")
    sys.exit(1 if strict and unsettled else 0)
